//! The index against a naive look at all objects, on both engines.
use std::collections::{BTreeMap, BTreeSet};

use db::{Db, Engine, scratch::Scratch};
use intel::{
    intake::Reader,
    model::{Filter, Settings, Versions},
    ops,
};
use kernel::Tlp;
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use crate::{
    house::{House, PLACE, ROOT, settings},
    values::{address, ask, number_of, numbered},
};

db::contract! { what_was_there_before_is_found_after_the_job }

/// What happens to a collection.
#[derive(Clone, Debug)]
enum Step {
    /// An object in a version has these values.
    Add {
        other: bool,
        object: u8,
        version: u8,
        values: Vec<u8>,
    },
    /// All versions, or the newest, go.
    Delete {
        other: bool,
        object: u8,
        all: bool,
    },
    Restore {
        other: bool,
        object: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let values = prop::collection::vec(0_u8..6, 1..4);
    prop_oneof![
        4 => (any::<bool>(), 0_u8..4, 0_u8..4, values)
            .prop_map(|(other, object, version, values)| Step::Add { other, object, version, values }),
        2 => (any::<bool>(), 0_u8..4, any::<bool>())
            .prop_map(|(other, object, all)| Step::Delete { other, object, all }),
        1 => (any::<bool>(), 0_u8..4).prop_map(|(other, object)| Step::Restore { other, object }),
    ]
}

fn value(number: u8) -> String {
    [
        "198.51.100.1",
        "198.51.100.2",
        "a.example",
        "b.a.example",
        "198.51.100.0/24",
        "2001:db8::1",
    ][usize::from(number)]
    .to_owned()
}

fn object(number: u8, version: u8, values: &[u8]) -> Value {
    let compared = values.iter().map(|number| {
        let value = value(*number);
        let kind = match (value.contains(':'), value.contains("example")) {
            (true, _) => "ipv6-addr",
            (_, true) => "domain-name",
            _ => "ipv4-addr",
        };
        format!("{kind}:value = '{value}'")
    });
    let pattern: Vec<_> = compared.collect();
    let object = json!({
        "type": "indicator",
        "created": "2026-11-20T00:00:00.000Z",
        "modified": format!("2026-11-20T00:00:0{version}.000Z"),
        "pattern": format!("[{}]", pattern.join(" OR ")),
        "pattern_type": "stix",
        "valid_from": "2026-11-20T00:00:00Z",
    });
    numbered(u32::from(number), object, None)
}

fn name(other: bool) -> &'static str {
    if other { "other" } else { PLACE.1 }
}

/// All that is there: collection, object, version, values.
#[derive(Debug, Default)]
struct Naive {
    versions: BTreeMap<(bool, u8), BTreeMap<u8, BTreeSet<u8>>>,
    buried: BTreeSet<(bool, u8)>,
}

impl Naive {
    /// The objects whose newest version has a value.
    fn having(&self, number: u8) -> Vec<(bool, u8)> {
        let newest = self.versions.iter().filter_map(|(key, versions)| {
            let (_, values) = versions.last_key_value()?;
            values.contains(&number).then_some(*key)
        });
        newest.collect()
    }

    async fn follow(&mut self, house: &House, step: &Step) {
        let (ground, analyst) = (&house.ground, &house.analyst);
        match step {
            Step::Add {
                other,
                object: number,
                version,
                values,
            } => {
                let text = object(*number, *version, values).to_string();
                let batch = Reader::new(text.as_bytes()).next(1).unwrap().unwrap();
                let done = ops::add(ground, analyst, (ROOT, name(*other)), batch)
                    .await
                    .unwrap();
                if done.added == 1 {
                    let key = (*other, *number);
                    assert!(!self.buried.contains(&key));
                    let versions = self.versions.entry(key).or_default();
                    versions.insert(*version, values.iter().copied().collect());
                }
            }
            Step::Delete { other, object, all } => {
                let id = format!("indicator--00000000-0000-4000-8000-{object:012}");
                let filter = Filter {
                    versions: if *all { Versions::All } else { Versions::Last },
                    ..Filter::default()
                };
                let gone = ops::delete(ground, analyst, (ROOT, name(*other)), &id, &filter).await;
                let versions = self.versions.entry((*other, *object)).or_default();
                assert_eq!(gone.is_ok(), !versions.is_empty());
                if *all {
                    versions.clear();
                } else {
                    versions.pop_last();
                }
                if gone.is_ok() && versions.is_empty() {
                    self.buried.insert((*other, *object));
                }
            }
            Step::Restore { other, object } => {
                let id = format!("indicator--00000000-0000-4000-8000-{object:012}");
                let done = ops::restore(ground, analyst, (ROOT, name(*other)), &id).await;
                assert_eq!(done.is_ok(), self.buried.remove(&(*other, *object)));
            }
        }
    }

    async fn compare(&self, house: &House, collection: &str) {
        for number in 0..6 {
            let value = value(number);
            let answer = ask(house, &house.analyst, &[&value], false).await;
            let known = &answer.values[0];
            let equal = known
                .hits
                .iter()
                .filter(|hit| hit.relation == intel::model::Relation::Equal);
            let found: BTreeSet<_> = equal
                .map(|hit| {
                    let number = u8::try_from(number_of(&hit.stix_id)).unwrap();
                    (hit.collection.to_string() != collection, number)
                })
                .collect();
            let expected: BTreeSet<_> = self.having(number).into_iter().collect();
            assert_eq!(found, expected, "{value}");
            assert_eq!(
                usize::try_from(known.entries).unwrap(),
                expected.len(),
                "{value}"
            );
        }
    }
}

async fn play(engine: Engine, steps: &[Step]) {
    let scratch = Scratch::open(engine).await;
    let house = House::open(scratch.db.clone()).await;
    let other = Settings {
        ceiling: Tlp::Amber,
        unmarked: Tlp::Green,
        ..settings("other")
    };
    let root = ROOT.parse().unwrap();
    ops::create(&house.ground, &house.analyst, &root, other)
        .await
        .unwrap();
    let first = house.collection.public.to_string();
    let mut naive = Naive::default();
    for step in steps {
        naive.follow(&house, step).await;
    }
    naive.compare(&house, &first).await;
    // The job finds all anew, and nothing twice.
    ops::index_all(&house.ground).await.unwrap();
    naive.compare(&house, &first).await;
    scratch.remove().await;
}

fn compared(engine: Engine, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        runtime.block_on(play(engine, &steps));
    });
}

#[test]
fn the_index_finds_what_a_naive_look_finds_on_sqlite() {
    compared(Engine::Sqlite, 16);
}

#[test]
fn the_index_finds_what_a_naive_look_finds_on_postgres() {
    compared(Engine::Postgres, 5);
}

async fn what_was_there_before_is_found_after_the_job(db: Db) {
    let house = House::open(db.clone()).await;
    let objects: Vec<_> = (0..1_200)
        .map(|number| address(number, &format!("198.51.{}.{}", number / 250, number % 250)))
        .collect();
    house.import(&objects).await;
    // As a database of the release before has it.
    let mut tx = db.begin().await.unwrap();
    for sql in [
        "DELETE FROM intel_value",
        "DELETE FROM intel_prefix",
        "UPDATE intel_index SET rules = 0, upto = 0",
    ] {
        db::query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let before = ask(&house, &house.analyst, &["198.51.4.7"], false).await;
    assert!(!before.complete && before.values[0].hits.is_empty());
    house.import(&[address(5_000, "198.51.4.7")]).await;
    for _ in 0..2 {
        ops::index_all(&house.ground).await.unwrap();
        let after = ask(&house, &house.analyst, &["198.51.4.7"], false).await;
        assert!(after.complete);
        assert_eq!(after.values[0].hits.len(), 2);
    }
}
