//! What a viewer may not know shows at no exit of a node: not in a status, a header, a body, its
//! length, nor in the number of statements that the database is asked.
//!
//! Two ways of looking. What is hidden is asked for by name, and answered as what is not there. And
//! all lists, counts and searches are asked before and after hidden things are added, and stay as
//! they were to the byte.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod asks;
mod house;
mod people;
mod secret;
mod seen;
mod steady;
mod world;

use std::collections::BTreeSet;

use asks::{by_name, everything};
use db::Db;
use house::{Asker, Exit, House};
use kernel::{SeededRng, random_array};
use world::World;

db::contract! {
    what_is_hidden_is_answered_as_what_is_absent,
    what_is_added_unseen_changes_no_answer,
}

/// One number below another.
fn below(rng: &SeededRng, many: u32) -> u32 {
    u32::from_le_bytes(random_array(rng)) % many
}

/// What differs between two answers, in words; nothing if they are alike.
fn differs(hidden: &Exit, absent: &Exit) -> Option<String> {
    let mut found = Vec::new();
    if hidden.status != absent.status {
        found.push(format!("status {} and {}", hidden.status, absent.status));
    }
    let names: BTreeSet<_> = hidden.headers.keys().chain(absent.headers.keys()).collect();
    for name in names {
        let (one, other) = (hidden.headers.get(name), absent.headers.get(name));
        if one != other {
            found.push(format!("{name}: {one:?} and {other:?}"));
        }
    }
    if hidden.body != absent.body {
        let same = hidden.body.chars().zip(absent.body.chars());
        let at = same.take_while(|(one, other)| one == other).count();
        let from = at.saturating_sub(80);
        let cut = |text: &str| text.chars().skip(from).take(240).collect::<String>();
        found.push(format!(
            "bodies of {} and {} bytes:\n    {}\n    {}",
            hidden.body.len(),
            absent.body.len(),
            cut(&hidden.body),
            cut(&absent.body)
        ));
    }
    if hidden.statements != absent.statements {
        found.push(format!(
            "{} and {} statements",
            hidden.statements, absent.statements
        ));
    }
    (!found.is_empty()).then(|| found.join("; "))
}

/// Who asks, and in which worlds.
const WORLDS: [(Asker, &[u64]); 3] = [
    (Asker::Guest, &[4, 5]),
    (Asker::Colleague, &[6]),
    (Asker::Program, &[7]),
];

async fn what_is_hidden_is_answered_as_what_is_absent(db: Db) {
    let mut leaks = BTreeSet::new();
    for (asker, seeds) in WORLDS {
        let house = House::open(db.engine(), asker).await;
        for &seed in seeds {
            let world = World::new(seed, asker);
            let pairs = world.build(&house).await;
            house.settled().await;
            // The questions are good ones: what may be seen is found by them.
            for (ask, word) in world.visible() {
                if ask.is_for(asker) {
                    let found = house.ask(&ask).await;
                    assert_eq!(found.status, 200, "{}: {}", ask.path, found.body);
                    assert!(found.body.contains(&word), "{}: {}", ask.path, found.body);
                }
            }
            for (hidden, absent) in pairs {
                let names = [hidden.names(), absent.names()].concat();
                let asks = by_name(&hidden).into_iter().zip(by_name(&absent));
                for (one, other) in asks.filter(|(one, _)| one.is_for(asker)) {
                    let what = format!("{} {} {}", one.method, one.path, one.body);
                    let (one, other) = (house.ask(&one).await, house.ask(&other).await);
                    let (one, other) = (one.without(&names), other.without(&names));
                    if let Some(how) = differs(&one, &other) {
                        leaks.insert(format!("{asker:?}, seed {seed}, {what}: {how}"));
                    }
                }
            }
        }
        house.end().await;
    }
    none(leaks);
}

async fn what_is_added_unseen_changes_no_answer(db: Db) {
    let mut leaks = BTreeSet::new();
    for (asker, seeds) in WORLDS {
        let house = House::open(db.engine(), asker).await;
        for &seed in seeds {
            let world = World::new(seed, asker);
            world.show(&house).await;
            house.settled().await;
            let mut asks = everything();
            asks.extend(world.about_visible());
            asks.retain(|ask| ask.is_for(asker));
            let mut before = Vec::new();
            for ask in &asks {
                before.push(house.ask(ask).await);
            }
            world.hide(&house).await;
            house.settled().await;
            for (ask, before) in asks.iter().zip(before) {
                let after = house.ask(ask).await;
                if let Some(how) = differs(&after, &before) {
                    let what = format!("{} {} {}", ask.method, ask.path, ask.body);
                    leaks.insert(format!("{asker:?}, seed {seed}, {what}: {how}"));
                }
            }
        }
        house.end().await;
    }
    none(leaks);
}

fn none(leaks: BTreeSet<String>) {
    let all: Vec<_> = leaks.into_iter().collect();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
}
