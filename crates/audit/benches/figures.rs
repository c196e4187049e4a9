//! The ledger's figures, one line of JSON each, with the bars of the design. Exit code 1 where a
//! bar does not hold. `cargo bench -p audit --bench figures`
//!
//! PostgreSQL is the server that `COMITY_TEST_POSTGRES` names.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "bench code: it measures time, prints figures, and a surprise ends the run"
)]

mod house;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use audit::{Log, checkpoint, inclusion};
use db::{Engine, dialect::Sql, query};
use house::{House, leaves, signer};
use serde_json::json;

const LOG: Log = Log::Exchange;

fn main() -> ExitCode {
    let mut ok = true;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        ok &= append_against_inserts(engine, 1, 1_500, 0.95);
        ok &= append_against_inserts(engine, 1_000, 120, 0.8);
        ok &= tree_building(engine);
    }
    ok &= disk_a_leaf();
    ok &= proof(Engine::Sqlite, 10_000_000);
    ok &= proof(Engine::Postgres, 1_000_000);
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Leaves a second, the two kinds in turn so that both meet the same disk. The middle half of the
/// times counts: a stray flush of the disk says nothing about either.
fn append_against_inserts(engine: Engine, size: usize, rounds: usize, bar: f64) -> bool {
    let mut house = House::open(engine);
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for round in 0..rounds + rounds / 10 {
        let batch = leaves(size);
        let ours_first = round % 2 == 0;
        for turn in [ours_first, !ours_first] {
            let start = Instant::now();
            if turn {
                house.append(&batch);
            } else {
                house.insert(&batch);
            }
            let taken = start.elapsed();
            // The first tenth warms caches and connections.
            if round >= rounds / 10 {
                if turn { &mut ours } else { &mut plain }.push(taken);
            }
        }
    }
    house.close();
    let a_second = |times: Vec<Duration>| size as f64 / middle(times).as_secs_f64();
    let (ours, plain) = (a_second(ours), a_second(plain));
    let name = format!("{} append, {size} a transaction", name(engine));
    figure(
        &name,
        ours,
        "leaves/s",
        Some(("plain insert", plain)),
        Bar::RatioAtLeast(bar),
    )
}

/// What the tree costs when it is built: for each leaf, with a checkpoint every 10,000.
fn tree_building(engine: Engine) -> bool {
    let house = House::open(engine);
    let signer = signer();
    let mut times = Vec::new();
    for _round in 0..20 {
        for _batch in 0..10 {
            house.append(&leaves(1_000));
        }
        let start = Instant::now();
        house
            .runtime
            .block_on(checkpoint(&house.ground, LOG, &signer))
            .unwrap();
        times.push(start.elapsed());
    }
    house.close();
    let micros = middle(times).as_secs_f64() * 1e6 / 10_000.0;
    figure(
        &format!("{} tree, a leaf", name(engine)),
        micros,
        "us",
        None,
        Bar::None,
    )
}

fn disk_a_leaf() -> bool {
    const PAGES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    const LEAVES: usize = 300_000;
    let house = House::open(Engine::Sqlite);
    let bytes = || {
        house.runtime.block_on(async {
            let mut tx = house.ground.db.begin_read().await.unwrap();
            let row: (i64,) = query(PAGES).fetch_one(&mut tx).await.unwrap();
            row.0
        })
    };
    let before = bytes();
    for batch in 0..LEAVES / 100 {
        house.append(&leaves(100));
        if batch % 100 == 99 {
            house
                .runtime
                .block_on(checkpoint(&house.ground, LOG, &signer()))
                .unwrap();
        }
    }
    // The checkpoints themselves are kept in a fixed number, so they are not counted by the leaf.
    let checkpoints = LEAVES as f64 / 10_000.0 * 8_192.0;
    let value = ((bytes() - before) as f64 - checkpoints) / LEAVES as f64;
    house.close();
    figure(
        "sqlite disk a leaf",
        value,
        "bytes",
        None,
        Bar::AtMost(120.0),
    )
}

/// Proofs of leaves all over a large tree.
fn proof(engine: Engine, size: u64) -> bool {
    const PROOFS: u64 = 2_000;
    let house = House::open(engine);
    house.runtime.block_on(fill(&house, size));
    let start = Instant::now();
    house
        .runtime
        .block_on(checkpoint(&house.ground, LOG, &signer()))
        .unwrap();
    let built = start.elapsed().as_secs_f64();
    let mut times = Vec::new();
    for n in 0..PROOFS {
        // A step without common divisor, so that no two proofs read the same tile soon.
        let index = n.wrapping_mul(6_700_417) % size;
        let start = Instant::now();
        house.runtime.block_on(async {
            let mut tx = house.ground.db.begin_read().await.unwrap();
            inclusion(&mut tx, &house.ground, LOG, index, size)
                .await
                .unwrap();
        });
        times.push(start.elapsed());
    }
    house.close();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).unwrap().as_secs_f64() * 1e3;
    let name = name(engine);
    figure(
        &format!("{name} tree of {size} built"),
        built,
        "s",
        None,
        Bar::None,
    );
    let p99 = format!("{name} inclusion proof p99 at {size}");
    figure(&p99, at(99), "ms", None, Bar::None);
    let p50 = format!("{name} inclusion proof p50 at {size}");
    figure(&p50, at(50), "ms", None, Bar::AtMost(2.0))
}

/// Rows of random leaves, made by the engine itself.
async fn fill(house: &House, size: u64) {
    const SQL: Sql = Sql {
        sqlite: "WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2) \
                 INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                 SELECT i, 1, 1795255200000000 + i, CAST(x'00' || randomblob(16) AS BLOB), randomblob(32), \
                 randomblob(32) FROM n",
        postgres: "INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                   SELECT i, 1, 1795255200000000 + i, \
                   '\\x00'::bytea || decode(md5(random()::text), 'hex'), \
                   sha256(random()::text::bytea), sha256(random()::text::bytea) \
                   FROM generate_series($1, $2 - 1) AS i",
    };
    const STEP: u64 = 500_000;
    for from in (0..size).step_by(usize::try_from(STEP).unwrap()) {
        let to = (from + STEP).min(size);
        let mut tx = house.ground.db.begin().await.unwrap();
        let sql = SQL.on(&tx);
        query(sql)
            .bind(from.cast_signed())
            .bind(to.cast_signed())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// The mean of the middle half.
fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let (from, to) = (times.len() / 4, (times.len() * 3).div_ceil(4));
    let half = times.get(from..to).unwrap();
    half.iter().sum::<Duration>() / u32::try_from(half.len()).unwrap()
}

fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

#[derive(Clone, Copy)]
enum Bar {
    None,
    AtMost(f64),
    RatioAtLeast(f64),
}

/// Prints a figure and says whether it holds its bar.
fn figure(name: &str, value: f64, unit: &str, peer: Option<(&str, f64)>, bar: Bar) -> bool {
    let round = |number: f64| (number * 1000.0).round() / 1000.0;
    let ratio = peer.map(|(_, plain)| value / plain);
    let (bar, ok) = match bar {
        Bar::None => (None, true),
        Bar::AtMost(bar) => (Some(format!("<= {bar}")), value <= bar),
        Bar::RatioAtLeast(bar) => (
            Some(format!("ratio >= {bar}")),
            ratio.is_some_and(|ratio| ratio >= bar),
        ),
    };
    let line = json!({
        "area": "ledger",
        "name": name,
        "value": round(value),
        "unit": unit,
        "peer": peer.map(|(peer, value)| format!("{peer}, {} {unit}", round(value))),
        "ratio": ratio.map(round),
        "bar": bar,
        "ok": ok,
    });
    println!("{line}");
    ok
}
