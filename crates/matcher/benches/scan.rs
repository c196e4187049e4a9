//! The speed and the memory of sets: one line a figure, exit code 1 where a bar does not hold.
//! `cargo bench -p matcher --bench scan`, with `-- 10000 1000000` for these sizes alone.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "bench code: it measures time, prints figures, and a surprise ends the run"
)]

mod mix;

use std::{fs, hint::black_box, process::ExitCode, time::Instant};

use matcher::{Breadth, Indicator, Scratch, Set, SetBuilder, Value};
use mix::{Dice, Style};

/// Bytes of logs that are scanned, of each style.
const LOG_BYTES: usize = 64 << 20;
/// Bytes that a reader hands over in one go, about.
const CHUNK_BYTES: usize = 1 << 20;
const RUNS: usize = 8;
/// One record in so many has an indicator.
const HIT_EVERY: u64 = 10_000;

fn main() -> ExitCode {
    let sizes: Vec<usize> = std::env::args()
        .filter_map(|text| text.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![1_000_000, 100_000, 10_000]
    } else {
        sizes
    };
    let mut ok = true;
    let mut rates = Vec::new();
    for &count in &sizes {
        let (set, wanted) = build(count, &mut ok);
        let zeek = scan(&set, Style::Zeek, count, &wanted);
        let json = scan(&set, Style::Json, count, &wanted);
        ok &= figure(
            &format!("scan of Zeek records, one core, {count} indicators"),
            zeek,
            "GB/s",
            (">=", 1.0),
        );
        ok &= figure(
            &format!("scan of JSON records, one core, {count} indicators"),
            json,
            "GB/s",
            (">=", 0.6),
        );
        rates.push((count, zeek, json));
    }
    let of = |wanted| rates.iter().find(|(count, ..)| *count == wanted);
    if let (Some(few), Some(many)) = (of(10_000), of(1_000_000)) {
        ok &= figure(
            "scan of Zeek records, time of 1000000 to 10000",
            few.1 / many.1,
            "times",
            ("<=", 1.5),
        );
        ok &= figure(
            "scan of JSON records, time of 1000000 to 10000",
            few.2 / many.2,
            "times",
            ("<=", 1.5),
        );
    }
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A set of so many indicators, and some of the texts that are in it.
fn build(count: usize, ok: &mut bool) -> (Set, Vec<(matcher::Kind, String)>) {
    let mut dice = Dice::new(1);
    let mut builder = SetBuilder::new(7);
    let before = memory_bytes("VmRSS:");
    let mut wanted = Vec::new();
    let mut seconds = 0.0;
    for _ in 0..count {
        let (kind, text) = mix::indicator(&mut dice);
        let id = mix::id(&mut dice);
        let start = Instant::now();
        let value = Value::parse(kind, &text, Breadth::Narrow).unwrap();
        let mut indicator = Indicator::new(value, &id, "feed of the bench");
        indicator.valid_from_us =
            Some(1_700_000_000_000_000 + dice.below(1 << 24).cast_signed() * 1_000_000);
        builder.add(&indicator).unwrap();
        seconds += start.elapsed().as_secs_f64();
        if wanted.len() < 1000 {
            wanted.push((kind, text));
        }
    }
    let start = Instant::now();
    let set = builder.build();
    seconds += start.elapsed().as_secs_f64();
    let each = |bytes: f64| bytes / count as f64;
    let of = format!("{count} indicators");
    figure(&format!("build, {of}"), seconds, "s", ("<=", f64::INFINITY));
    let peak = each(memory_bytes("VmHWM:") - before);
    let resident = each(memory_bytes("VmRSS:") - before);
    let large = count >= 1_000_000;
    let bar = |bar: f64| ("<=", if large { bar } else { f64::INFINITY });
    *ok &= figure(
        &format!("sections, {of}"),
        each(set.memory_bytes() as f64),
        "B each",
        bar(100.0),
    );
    if large {
        *ok &= figure(&format!("resident, {of}"), resident, "B each", bar(100.0));
        *ok &= figure(&format!("peak, {of}"), peak, "B each", bar(300.0));
    }
    (set, wanted)
}

/// The rate in GB/s, from the best time of several for each chunk: what else the machine does in some
/// of the runs does not count.
fn scan(set: &Set, style: Style, count: usize, wanted: &[(matcher::Kind, String)]) -> f64 {
    let mut dice = Dice::new(2);
    let mut log = Vec::with_capacity(LOG_BYTES + 4096);
    let (mut records, mut hits) = (0, 0);
    while log.len() < LOG_BYTES {
        let hit = dice.below(HIT_EVERY) == 0;
        let chosen = hit.then(|| &wanted[dice.below(wanted.len() as u64) as usize]);
        hits += usize::from(hit);
        mix::record(&mut dice, style, records, chosen, &mut log);
        log.push(b'\n');
        records += 1;
    }
    let mut scratch = Scratch::default();
    let mut best = vec![f64::INFINITY; log.len() / CHUNK_BYTES + 2];
    let mut found = 0;
    for _ in 0..RUNS {
        found = 0;
        let mut lines = 0;
        for (chunk, best) in chunks(&log).zip(&mut best) {
            let start = Instant::now();
            lines += set.scan_lines(black_box(chunk), &mut scratch, |_, _| found += 1);
            *best = best.min(start.elapsed().as_secs_f64());
        }
        assert_eq!(lines, records, "each record is a line");
    }
    let best: f64 = best.iter().filter(|time| time.is_finite()).sum();
    let mean = log.len() as f64 / records as f64;
    println!(
        "{style:?}, {count}: {records} records of {mean:.0} bytes, {hits} hits laid, {found} matches"
    );
    assert!(found >= hits, "what was laid is found");
    log.len() as f64 / best / 1e9
}

/// Whole lines of about a megabyte, as a reader hands them over.
fn chunks(log: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = log;
    std::iter::from_fn(move || {
        let head = &rest[..rest.len().min(CHUNK_BYTES)];
        let end = head.iter().rposition(|&byte| byte == b'\n')? + 1;
        let (chunk, behind) = rest.split_at(end);
        rest = behind;
        Some(chunk)
    })
}

/// Prints a figure, and says whether its bar holds.
fn figure(name: &str, value: f64, unit: &str, (sign, bar): (&str, f64)) -> bool {
    let ok = if sign == "<=" {
        value <= bar
    } else {
        value >= bar
    };
    let bar = if bar.is_finite() {
        format!("\"{sign} {bar}\"")
    } else {
        "null".to_owned()
    };
    println!(
        r#"{{"area":"match","name":"{name}","value":{value:.3},"unit":"{unit}","peer":null,"ratio":null,"bar":{bar},"ok":{ok}}}"#
    );
    ok
}

/// What Linux says of the memory of this process: `VmRSS` what it has, `VmHWM` what it had at most.
fn memory_bytes(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024.0
}
