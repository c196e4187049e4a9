//! Compiled sets: how long writing, opening and the first match take, with its bar.
//! `cargo bench -p matcher --bench file`, with `-- 100000` for another number of indicators.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "bench code: it measures time, prints figures, and a surprise ends the run"
)]

mod mix;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use matcher::{Breadth, Indicator, Provenance, Scratch, Set, SetBuilder, Value};
use mix::{Dice, Style};

const RUNS: usize = 5;
const FIRST_MATCH_MAX: Duration = Duration::from_millis(50);
/// Records that are scanned so that every block is used.
const RECORDS: usize = 300_000;

fn main() -> ExitCode {
    let count = std::env::args().find_map(|text| text.parse().ok());
    let count: usize = count.unwrap_or(1_000_000);
    let mut dice = Dice::new(1);
    let mut builder = SetBuilder::new(7);
    let mut wanted = None;
    for _ in 0..count {
        let (kind, text) = mix::indicator(&mut dice);
        let value = Value::parse(kind, &text, Breadth::Narrow).unwrap();
        let id = mix::id(&mut dice);
        let indicator = Indicator::new(value, &id, "feed of the bench");
        builder.add(&indicator).unwrap();
        wanted = Some((kind, text));
    }
    let set = builder.build();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.cset");
    let start = Instant::now();
    set.write(&path, &Provenance::default()).unwrap();
    println!("write, with fsync: {:.1?}", start.elapsed());
    println!("file: {} bytes", path.metadata().unwrap().len());
    drop(set);

    let mut record = Vec::new();
    mix::record(&mut dice, Style::Zeek, 0, wanted.as_ref(), &mut record);
    let mut worst = Duration::ZERO;
    for _ in 0..RUNS {
        let start = Instant::now();
        let set = Set::open(&path).unwrap();
        let open = start.elapsed();
        let mut found = 0;
        set.scan(&record, &mut Scratch::default(), |_| found += 1);
        let first = start.elapsed();
        assert!(found > 0, "what was laid is found");
        println!("open: {open:.1?}, with the first match: {first:.1?}");
        worst = worst.max(first);
        all(&set, &mut dice.clone());
    }
    if worst <= FIRST_MATCH_MAX {
        ExitCode::SUCCESS
    } else {
        println!("first match: DOES NOT HOLD, {FIRST_MATCH_MAX:?} at most");
        ExitCode::FAILURE
    }
}

/// The same records twice: what checking the blocks costs.
fn all(set: &Set, dice: &mut Dice) {
    let mut scratch = Scratch::default();
    let mut records = Vec::new();
    for at in 0..RECORDS {
        let mut record = Vec::new();
        mix::record(dice, Style::Json, at, None, &mut record);
        records.push(record);
    }
    let times = [(); 2].map(|()| {
        let start = Instant::now();
        for record in &records {
            set.scan(record, &mut scratch, |_| {});
        }
        start.elapsed()
    });
    assert_eq!(set.damage(), None);
    println!(
        "{RECORDS} records: {:.1?}, once more {:.1?}",
        times[0], times[1]
    );
}
