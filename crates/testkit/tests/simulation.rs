//! The promises of the exchange between nodes, over many seeded runs.
//!
//! `COMITY_SIM_RUNS` sets how many, `COMITY_SIM_SEED` plays one seed again.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and a test is set by its environment"
)]

use testkit::sim::{Report, run};

/// A number from the environment; one that cannot be read ends the test.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn no_promise_is_broken_in_any_run() {
    let seeds = match number("COMITY_SIM_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=number("COMITY_SIM_RUNS").unwrap_or(600),
    };
    let alone = seeds.clone().count() == 1;
    let mut sum = Report::default();
    for seed in seeds {
        match run(seed) {
            Ok(report) => sum.add(report),
            Err(broken) => panic!("{broken}"),
        }
    }
    println!("{sum:?}");
    // Every fault has happened, or the runs say nothing about it.
    let faults = [
        sum.lost,
        sum.doubled,
        sum.altered,
        sum.crashes,
        sum.restores,
        sum.strangers,
        sum.frozen,
        sum.carried,
    ];
    assert!(alone || faults.iter().all(|times| *times > 0), "{sum:?}");
    assert!(sum.receipted * 10 > sum.messages * 7, "{sum:?}");
}

#[test]
fn a_seed_repeats_itself() {
    assert_eq!(run(77), run(77));
}
