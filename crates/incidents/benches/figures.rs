//! Figures of the register: case list, search and statistics over 100,000 incidents, one large case, and
//! the import of VCDB, on both engines.
//!
//! A thousand entries are made by the operation itself, and each is copied 99 times in SQL with
//! another id and another time. Each figure is the 99th percentile of a hundred calls of the whole
//! operation, policy and transaction included.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints its figures, and ends at a surprise"
)]

mod case;
mod import;

use std::{sync::Arc, time::Instant};

use audit::Ground;
use db::{Engine, dialect::Sql, query, scratch::Scratch};
use incidents::{
    model::{Dated, Determination, Facts, Fidelity, Filter, Kind, Period, Rsit, Sector},
    ops,
    state::Stage,
    tally::Question,
    taxonomy::{self, read::Given},
};
use kernel::{
    Country, Cursor, IncidentRef, Mode, OsRng, PageRequest, Role, SeededRng, SystemClock,
    Timestamp, Tlp, UserId, Viewer, Who,
};

const MADE: u64 = 1_000;
const CALLS: usize = 100;
const BAR_MS: f64 = 50.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    // `cargo bench -p incidents --bench figures -- import` measures the import alone.
    let import_alone = std::env::args().any(|argument| argument == "import");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !import_alone {
            runtime.block_on(measure(engine));
            runtime.block_on(case::measure(engine));
        }
        runtime.block_on(import::measure(engine));
    }
}

/// An empty node, and somebody who uses it.
async fn open(engine: Engine) -> (Scratch, Ground, Viewer) {
    let scratch = Scratch::open(engine).await;
    let db = scratch.db.clone();
    let ground = Ground::open(db, Arc::new(SystemClock), Arc::new(OsRng))
        .await
        .expect("a ground");
    let viewer = Viewer {
        who: Who::User {
            id: UserId::new(&SystemClock, &OsRng),
            name: "bench".to_owned(),
        },
        roles: [Role::Analyst].into_iter().collect(),
        party: "XA".parse().expect("a party"),
        circles: Vec::new(),
        mode: Mode::Real,
    };
    (scratch, ground, viewer)
}

const fn name_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

async fn measure(engine: Engine) {
    let (scratch, ground, viewer) = open(engine).await;
    fill(&ground, &viewer).await;
    scratch.settle().await;
    let on = name_of(engine);
    for (name, filter, after) in questions().into_iter().chain(searches()) {
        let value = p99(&ground, &viewer, &filter, after).await;
        figure(&format!("{name}, 100,000 incidents, {on}"), value, BAR_MS);
    }
    let name = format!("statistics: all tables, 100,000 incidents, {on}");
    figure(&name, tally_p99(&ground, &viewer).await, BAR_MS);
    scratch.remove().await;
}

/// The first call writes what the copied entries add to counts; it is not measured.
async fn tally_p99(ground: &Ground, viewer: &Viewer) -> f64 {
    let question = Question::default();
    let mut times = Vec::with_capacity(CALLS);
    for call in 0..=CALLS {
        let start = Instant::now();
        let tally = ops::tally(ground, viewer, &question, false).await;
        assert!(tally.expect("counts").total > Some(90_000));
        if call > 0 {
            times.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    times
        .get(CALLS - 2)
        .copied()
        .expect("as many times as calls")
}

fn figure(name: &str, value: f64, bar_ms: f64) {
    let figure = serde_json::json!({
        "area": "register",
        "name": name,
        "value": (value * 1_000.0).round() / 1_000.0,
        "unit": "ms",
        "peer": null,
        "ratio": null,
        "bar": format!("< {bar_ms} ms"),
        "ok": value < bar_ms,
    });
    println!("{figure}");
}

fn questions() -> Vec<(&'static str, Filter, Option<Cursor>)> {
    let none = Filter::default;
    let of = |tag: &str| Filter {
        class: tag.parse().ok(),
        ..none()
    };
    let middle = Cursor {
        key: 1_600_000_000_000_000,
        id: uuid::Uuid::max(),
    };
    let date = |text: &str| text.parse::<Dated>().ok();
    vec![
        ("first page", none(), None),
        ("page in the middle", none(), Some(middle)),
        (
            "page by country and sector",
            Filter {
                country: country(0),
                sector: Sector::all().next(),
                ..none()
            },
            None,
        ),
        (
            "page by a class that is rare",
            Filter {
                rsit: Rsit::all().last(),
                ..none()
            },
            None,
        ),
        ("page by a technique of 100 entries", of("ours:c77"), None),
        (
            "page by a class of another taxonomy of every second entry",
            of("iso-27035:malware"),
            None,
        ),
        (
            "page in the middle by what stands above a class, country and word",
            Filter {
                country: country(0),
                text: Some("ransomware".to_owned()),
                ..of("ours:all")
            },
            Some(middle),
        ),
        (
            "page by a status that no entry has",
            Filter {
                status: Some(Stage::Closed),
                ..none()
            },
            None,
        ),
        (
            "page by a period of two months",
            Filter {
                from: date("2016-02").map(Dated::first),
                to: date("2016-03").map(Dated::last),
                ..none()
            },
            None,
        ),
    ]
}

/// Questions with words.
fn searches() -> Vec<(&'static str, Filter, Option<Cursor>)> {
    let text = |text: &str| Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    };
    vec![
        (
            "search for a word of every second entry",
            text("ransomware"),
            None,
        ),
        ("search for two words", text("ransomware word7"), None),
        ("search for a word of 100 entries", text("number77"), None),
        (
            "search for two words of every second entry, which seldom meet",
            text("ransomware intrusion"),
            None,
        ),
        (
            "search for two words of every second entry, which never meet",
            text("ransomware odd"),
            None,
        ),
    ]
}

async fn p99(ground: &Ground, viewer: &Viewer, filter: &Filter, after: Option<Cursor>) -> f64 {
    let request = PageRequest {
        after,
        ..PageRequest::default()
    };
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let start = Instant::now();
        ops::list(ground, viewer, filter, request)
            .await
            .expect("a page");
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_unstable_by(f64::total_cmp);
    times
        .get(CALLS - 2)
        .copied()
        .expect("as many times as calls")
}

fn country(at: usize) -> Option<Country> {
    Country::all()
        .filter(|country| !country.is_exercise())
        .nth(at)
}

/// A number below `bound`; small ones come more often than large ones.
fn skewed(rng: &SeededRng, bound: usize) -> usize {
    let bound = u64::try_from(bound).expect("a small number");
    let (a, b) = (rng.next_u64() % bound, rng.next_u64() % bound);
    usize::try_from(a.min(b)).expect("a small number")
}

async fn fill(ground: &Ground, viewer: &Viewer) {
    let rng = SeededRng::new(1);
    let mut tx = ground.db.begin().await.expect("a transaction");
    let mut made = Vec::new();
    for number in 0..MADE {
        let entry = ops::create_in(&mut tx, ground, viewer, entry(&rng, number)).await;
        made.push(entry.expect("an entry").public);
    }
    tx.commit().await.expect("a commit");
    classify(ground, viewer, &made).await;
    let mut tx = ground.db.begin().await.expect("a transaction");
    for sql in multiply() {
        let sql = sql.on(&tx);
        query(sql).execute(&mut tx).await.expect("copies");
    }
    let (count,): (i64,) = query("SELECT count(*) FROM incident")
        .fetch_one(&mut tx)
        .await
        .expect("a count");
    assert_eq!(count, 100_000, "the register is full");
    tx.commit().await.expect("a commit");
}

/// Each has a class of its own of a taxonomy of ours, all of them below one; every second is of a
/// category of ISO/IEC 27035.
async fn classify(ground: &Ground, viewer: &Viewer, made: &[IncidentRef]) {
    let rows = (0..made.len()).map(|number| format!("c{number},all\n"));
    let file = format!("code,parent\nall,\n{}", rows.collect::<String>());
    let given = Given {
        name: "ours".parse().ok(),
        version: "1".parse().ok(),
    };
    taxonomy::ops::import(ground, viewer, file.as_bytes(), &given)
        .await
        .expect("a taxonomy");
    let name = |text: &str| text.parse::<taxonomy::Name>().expect("a name");
    let version = |text: &str| text.parse::<taxonomy::Version>().expect("a version");
    for (number, &id) in made.iter().enumerate() {
        let code = format!("c{number}");
        let class = (&name("ours"), &version("1"), code.as_str());
        let done = taxonomy::ops::classify(ground, viewer, id, class).await;
        done.expect("a class");
        if number.is_multiple_of(2) {
            let class = (&name("iso-27035"), &version("2016"), "malware");
            let done = taxonomy::ops::classify(ground, viewer, id, class).await;
            done.expect("a class");
        }
    }
}

fn entry(rng: &SeededRng, number: u64) -> Facts {
    let kind = if number.is_multiple_of(2) {
        "Ransomware"
    } else {
        "Intrusion"
    };
    let parity = if number.is_multiple_of(2) {
        "even"
    } else {
        "odd"
    };
    let words: Vec<String> = (0..40)
        .map(|_| format!("word{}", skewed(rng, 2_000)))
        .chain([parity.to_owned()])
        .collect();
    let sectors: Vec<Sector> = Sector::all().collect();
    let classes: Vec<Rsit> = Rsit::all().collect();
    let second = i64::try_from(rng.next_u64() % 60_000_000).expect("a small number");
    let micros = 1_400_000_000_000_000 + second * 1_000_000;
    let day = Dated::new(Timestamp::from_micros(micros), Fidelity::Day);
    Facts {
        kind: Kind::Incident,
        title: format!("{kind} number{number}").parse().expect("a title"),
        description: words.join(" ").parse().expect("a description"),
        victims: country(skewed(rng, 195)).into_iter().collect(),
        worldwide: false,
        organisation: "An organisation".parse().ok(),
        sectors: sectors
            .get(skewed(rng, sectors.len()))
            .copied()
            .into_iter()
            .collect(),
        sector_text: None,
        rsit: classes.get(skewed(rng, classes.len())).copied(),
        period: Period::new(Some(day), Some(day), None).expect("a period"),
        detected: None,
        reported: None,
        determination: Determination::Confirmed,
        tlp: Tlp::ALL.get(skewed(rng, 4)).copied().expect("a label"),
        pap: None,
        named: Vec::new(),
        cross_border: None,
    }
}

/// Copies all there is, each copy 37 days later than the one before.
fn multiply() -> [Sql; 7] {
    macro_rules! both {
        ($text:expr) => {
            Sql {
                sqlite: $text,
                postgres: $text,
            }
        };
    }
    [
        Sql {
            sqlite: "CREATE TEMPORARY TABLE copy AS \
                     WITH RECURSIVE series(n) AS \
                     (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 99) \
                     SELECT id AS old, randomblob(16) AS new, randomblob(16) AS public, \
                     n * 3196800000000 AS later FROM incident CROSS JOIN series",
            postgres: "CREATE TEMPORARY TABLE copy AS \
                       SELECT id AS old, gen_random_uuid() AS new, gen_random_uuid() AS public, \
                       n * 3196800000000 AS later \
                       FROM incident CROSS JOIN generate_series(1, 99) AS series(n)",
        },
        both!("CREATE INDEX copy_old ON copy (old)"),
        both!(
            "INSERT INTO incident (id, public_id, exercise, tlp, sort_at, status, status_at, kind, \
             title, description, organisation, victims, worldwide, sectors, rsit_class, rsit_type, \
             rsit_version, from_at, from_fidelity, to_at, to_fidelity, period_first, period_last, \
             determination, version, created_at, updated_at) \
             SELECT c.new, c.public, exercise, tlp, sort_at + later, status, status_at, kind, \
             title, description, organisation, victims, worldwide, sectors, rsit_class, rsit_type, \
             rsit_version, from_at + later, from_fidelity, to_at + later, to_fidelity, \
             period_first + later, period_last + later, determination, version, created_at, \
             updated_at FROM copy c JOIN incident i ON i.id = c.old"
        ),
        both!(
            "INSERT INTO incident_victim (country, sort_at, incident) \
             SELECT country, sort_at + later, c.new FROM copy c JOIN incident_victim v ON v.incident = c.old"
        ),
        both!(
            "INSERT INTO incident_sector (sector, sort_at, incident) \
             SELECT sector, sort_at + later, c.new FROM copy c JOIN incident_sector s ON s.incident = c.old"
        ),
        both!(
            "INSERT INTO incident_classed (class, sort_at, incident) \
             SELECT class, sort_at + later, c.new FROM copy c JOIN incident_classed d ON d.incident = c.old"
        ),
        both!(
            "INSERT INTO search_token (area, token, rank, id) \
             SELECT area, token, rank + later, c.new FROM copy c JOIN search_token t ON t.id = c.old"
        ),
    ]
}
