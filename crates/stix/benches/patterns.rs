//! Figures of the pattern set, one line of JSON each, with the bars of the design. Exit code 1 where
//! a bar does not hold. `cargo bench -p stix --bench patterns`
//!
//! The peer is the matcher of OASIS in Python. `COMITY_BENCH_PYTHON` names an interpreter that has
//! `stix2-matcher`; without it the run ends with an error, unless it is asked for the figures
//! without a peer: `cargo bench -p stix --bench patterns -- --alone`.
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

mod figures;
mod mix;

use std::{process::ExitCode, time::Instant};

use figures::{figure, memory_kib};
use mix::Dice;
use serde_json::json;
use stix::{
    json::{Document, Limits, Spare},
    pattern::{Objects, Observed},
    pattern_set::{PatternSet, PatternSetBuilder, SetLimits},
};

const OBSERVATIONS: usize = 100_000;
/// One observation in so many has what a pattern looks for.
const HIT_EVERY: u64 = 1_000;
/// The peer takes a second for some 28,000 pairs.
const PEER_PATTERNS: usize = 100;
const PEER_OBSERVATIONS: usize = 1_000;

fn main() -> ExitCode {
    let alone = std::env::args().any(|argument| argument == "--alone");
    let python = std::env::var("COMITY_BENCH_PYTHON").ok();
    if python.is_none() && !alone {
        println!("COMITY_BENCH_PYTHON must name a Python that has stix2-matcher");
        return ExitCode::FAILURE;
    }
    let mut ok = true;
    let mut pairs = 0.0;
    // The largest first: what it takes must not hide in what a smaller one has freed.
    for count in [1_000_000, 10_000, 100, 1] {
        let measured = Measured::of(count);
        ok &= measured.report();
        if count == 10_000 {
            pairs = measured.parsed * count as f64;
        }
    }
    unfound();
    if let Some(python) = python {
        ok &= against_peer(&python, pairs);
    }
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What a set of so many patterns does.
struct Measured {
    count: usize,
    load_s: f64,
    resident_mb: f64,
    unindexed: usize,
    /// Observations a second, parsed before.
    parsed: f64,
    /// Observations a second, from their bytes.
    bytes: f64,
    /// Patterns reported.
    found: usize,
}

impl Measured {
    fn of(count: usize) -> Self {
        let (set, load_s) = load(count);
        let resident_mb = memory_kib("VmRSS:") / 1000.0;
        let lines = observations(count, OBSERVATIONS);
        let (parsed, found) = parsed(&set, &lines);
        let (bytes, again) = from_bytes(&set, &lines);
        assert_eq!(
            found, again,
            "the same observations complete the same patterns"
        );
        let unindexed = set.unindexed().count();
        Self {
            count,
            load_s,
            resident_mb,
            unindexed,
            parsed,
            bytes,
            found,
        }
    }

    fn report(&self) -> bool {
        let Self {
            count,
            load_s,
            resident_mb,
            unindexed,
            parsed,
            bytes,
            found,
        } = self;
        let of = format!("{count} patterns");
        let million = *count == 1_000_000;
        let bar = |sign, number: f64| million.then_some((sign, number));
        let parsed_bar = match count {
            10_000 => Some((">=", 140_000.0)),
            1_000_000 => Some((">=", 200_000.0)),
            _ => None,
        };
        let mut ok = figure(&format!("load, {of}"), (*load_s, "s"), None, bar("<=", 5.0));
        ok &= figure(
            &format!("resident, {of}"),
            (*resident_mb, "MB"),
            None,
            bar("<=", 700.0),
        );
        ok &= figure(
            &format!("unindexed, {of}"),
            (*unindexed as f64, "patterns"),
            None,
            None,
        );
        ok &= figure(
            &format!("parsed observations, {of}"),
            (*parsed, "observations/s"),
            None,
            parsed_bar,
        );
        ok &= figure(
            &format!("observations from bytes, {of}"),
            (*bytes, "observations/s"),
            None,
            bar(">=", 80_000.0),
        );
        ok & figure(
            &format!("completions, {of}"),
            (*found as f64, ""),
            None,
            None,
        )
    }
}

/// The set, and the seconds that it took from texts to index.
fn load(count: usize) -> (PatternSet, f64) {
    let mut dice = Dice::new(1);
    let mut builder = PatternSetBuilder::new(SetLimits::default());
    let mut seconds = 0.0;
    let mut left = count;
    // In pieces, so that the texts take no room to speak of.
    while left > 0 {
        let piece = left.min(10_000);
        let texts: Vec<_> = (0..piece).map(|_| mix::pattern(&mut dice)).collect();
        let start = Instant::now();
        for text in &texts {
            builder.add(text).unwrap();
        }
        seconds += start.elapsed().as_secs_f64();
        left -= piece;
    }
    let start = Instant::now();
    let set = builder.build();
    (set, seconds + start.elapsed().as_secs_f64())
}

/// Observations of which one in a thousand has what one of the first patterns looks for.
fn observations(patterns: usize, count: usize) -> Vec<String> {
    let mut dice = Dice::new(1);
    let wanted: Vec<_> = (0..patterns.min(1000))
        .map(|_| mix::pattern(&mut dice))
        .collect();
    let mut dice = Dice::new(2);
    (0..count as u64)
        .map(|number| {
            let hit = dice.below(HIT_EVERY) == 0;
            let wanted = hit.then(|| wanted[dice.below(wanted.len() as u64) as usize].as_str());
            mix::observation(&mut dice, number, wanted)
        })
        .collect()
}

fn parsed(set: &PatternSet, lines: &[String]) -> (f64, usize) {
    let documents: Vec<_> = lines
        .iter()
        .map(|line| Document::parse(line.as_bytes()).unwrap())
        .collect();
    let none = Objects::default();
    let observed: Vec<_> = documents
        .iter()
        .map(|document| Observed::new(document.root(), &none).unwrap())
        .collect();
    let mut stream = set.stream();
    let mut found = 0;
    let start = Instant::now();
    for observed in &observed {
        stream.observe(observed, |_| found += 1).unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(stream.losses().dropped, 0);
    (lines.len() as f64 / seconds, found)
}

fn from_bytes(set: &PatternSet, lines: &[String]) -> (f64, usize) {
    let (limits, none) = (Limits::default(), Objects::default());
    let mut spare = Spare::default();
    let mut stream = set.stream();
    let mut found = 0;
    let start = Instant::now();
    for line in lines {
        let document = Document::parse_with(line.as_bytes(), &limits, spare).unwrap();
        let observed = Observed::new(document.root(), &none).unwrap();
        stream.observe(&observed, |_| found += 1).unwrap();
        drop(observed);
        spare = document.into_spare();
    }
    (lines.len() as f64 / start.elapsed().as_secs_f64(), found)
}

/// What a pattern costs that no constant finds, on observations of which some have an object of its
/// type.
fn unfound() {
    const PATTERNS: usize = 100;
    let mut builder = PatternSetBuilder::new(SetLimits::default());
    for number in 0..PATTERNS {
        let text = format!(
            "[domain-name:value != 'host{number}.example' AND domain-name:value MATCHES '^[0-9]+$']"
        );
        builder.add(&text).unwrap();
    }
    let set = builder.build();
    assert_eq!(set.statistics().unindexed, PATTERNS);
    let (rate, _) = parsed(&set, &observations(1, 10_000));
    let nanos = 1e9 / rate / PATTERNS as f64;
    let name = "a pattern that no constant finds, an observation";
    figure(name, (nanos, "ns"), None, None);
}

/// Pairs of pattern and observation a second, ours of 10,000 patterns against the peer's.
fn against_peer(python: &str, ours: f64) -> bool {
    let mut dice = Dice::new(1);
    let patterns: Vec<_> = (0..PEER_PATTERNS)
        .map(|_| mix::pattern(&mut dice))
        .collect();
    let observations = observations(PEER_PATTERNS, PEER_OBSERVATIONS);
    let input = json!({ "patterns": patterns, "observations": observations }).to_string();
    let seconds: f64 = figures::python(python, PEER, input.as_bytes()).iter().sum();
    let peer = (PEER_PATTERNS * PEER_OBSERVATIONS) as f64 / seconds;
    figure(
        "pairs, 10000 patterns",
        (ours, "pairs/s"),
        Some(("stix2-matcher", peer)),
        Some((">=", 50_000.0)),
    )
}

/// Compiles the patterns, then times each of them on each observation alone.
const PEER: &str = r#"
import json, sys, time
from stix2matcher.matcher import Pattern
given = json.load(sys.stdin)
patterns = [Pattern(text) for text in given["patterns"]]
observations = [json.loads(text) for text in given["observations"]]
start = time.perf_counter()
for pattern in patterns:
    for observation in observations:
        pattern.match([observation], False)
print(time.perf_counter() - start)
"#;
