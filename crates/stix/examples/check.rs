//! Checks the objects of files and says how long it took.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example prints, and measures"
)]

use std::{env, error::Error, fs, time::Instant};

use stix::{
    ReadLimits, Stream,
    check::{Report, check_object},
};

fn main() -> Result<(), Box<dyn Error>> {
    for path in env::args().skip(1) {
        let text = fs::read(&path)?;
        let start = Instant::now();
        let mut stream = Stream::new(text.as_slice(), ReadLimits::default());
        let (mut objects, mut faulty) = (0_u64, 0_u64);
        let mut findings = Vec::new();
        while stream
            .next(|object| {
                let mut report = Report::default();
                check_object(object, &mut report);
                objects += 1;
                faulty += u64::from(!report.is_valid());
                findings.extend(report.into_findings());
            })?
            .is_some()
        {}
        let taken = start.elapsed();
        println!("{path}: {objects} objects, {faulty} faulty, {taken:?}");
        for _ in 0..env::var("ROUNDS").map_or(0, |rounds| rounds.parse().unwrap_or(0)) {
            let start = Instant::now();
            let mut stream = Stream::new(text.as_slice(), ReadLimits::default());
            let mut report = Report::of_errors();
            while stream
                .next(|object| {
                    let mut report = Report::of_errors();
                    check_object(object, &mut report);
                    objects += u64::from(!report.is_valid());
                })?
                .is_some()
            {}
            report.clear();
            println!("errors alone: {:?}", start.elapsed());
        }
        let start = Instant::now();
        let value: serde_json::Value = serde_json::from_slice(&text)?;
        println!("serde_json::Value: {:?}", start.elapsed());
        drop(value);
        let mut counts = std::collections::BTreeMap::new();
        for finding in &findings {
            let (count, _) = counts
                .entry((finding.code, finding.clause))
                .or_insert((0, finding));
            *count += 1;
        }
        for ((code, _), (count, finding)) in counts {
            println!("{count:7} {code} e.g. {finding}");
        }
    }
    Ok(())
}
