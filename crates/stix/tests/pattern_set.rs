//! A set answers as each of its patterns does alone.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod pattern_set_given;

use std::collections::BTreeSet;

use pattern_set_given::{observations, pattern};
use proptest::{collection::vec, prelude::*};
use stix::{
    json::Document,
    pattern::{Limits, Matcher, Observation, Observed, Pattern, Qualifier},
    pattern_set::{Losses, PatternSet, PatternSetBuilder, SetLimits},
};

fn set(patterns: &[String]) -> PatternSet {
    let mut builder = PatternSetBuilder::new(SetLimits::default());
    for pattern in patterns {
        builder.add(pattern).unwrap();
    }
    builder.build()
}

fn with_observed<T>(observations: &[String], ask: impl FnOnce(&[Observed<'_>]) -> T) -> T {
    let bundle = format!("[{}]", observations.join(","));
    let document = Document::parse(bundle.as_bytes()).unwrap();
    ask(&Observed::from_bundle(document.root()).unwrap())
}

fn alone(pattern: &str, observed: &[Observed<'_>]) -> bool {
    let pattern = Pattern::parse(pattern).unwrap();
    Matcher::new(&pattern, &Limits::default())
        .unwrap()
        .matches(observed)
        .unwrap()
}

proptest! {
    #[test]
    fn a_set_finds_what_each_pattern_finds_alone(
        patterns in vec(pattern(), 1..30),
        observations in observations(0..8),
    ) {
        let set = set(&patterns);
        with_observed(&observations, |observed| {
            let fulfilled: Vec<_> = set.find_all(observed).unwrap().fulfilled.iter().map(|p| p.number()).collect();
            let each = (0..).zip(&patterns).filter(|(_, pattern)| alone(pattern, observed));
            let each: Vec<u32> = each.map(|(number, _)| number).collect();
            prop_assert_eq!(fulfilled, each, "{:#?}", patterns);
            Ok(())
        })?;
    }

    #[test]
    fn a_stream_reports_what_each_observation_completes(
        patterns in vec(pattern(), 1..10),
        observations in observations(0..6),
    ) {
        let set = set(&patterns);
        with_observed(&observations, |observed| {
            let mut stream = set.stream();
            for (at, new) in observed.iter().enumerate() {
                let mut found = Vec::new();
                stream.observe(new, |pattern| found.push(pattern.number())).unwrap();
                let each = (0..).zip(&patterns).filter(|(_, pattern)| completes(pattern, &observed[..=at]));
                let each: Vec<u32> = each.map(|(number, _)| number).collect();
                prop_assert_eq!(found, each, "observation {} of {:#?}", at, patterns);
                prop_assert_eq!(stream.failed(), []);
            }
            prop_assert_eq!(stream.losses(), Losses::default());
            Ok(())
        })?;
    }
}

/// Whether a match has the last of these observations.
fn completes(pattern: &str, observed: &[Observed<'_>]) -> bool {
    let pattern = Pattern::parse(pattern).unwrap();
    let matches = matches(&pattern.expression, observed);
    matches
        .iter()
        .any(|counts| counts.last().is_some_and(|count| *count > 0))
}

/// How often each observation serves, for every match there is, found by trying all.
fn matches(expression: &Observation, observed: &[Observed<'_>]) -> BTreeSet<Vec<u64>> {
    match expression {
        Observation::Test(comparison) => {
            let bracket = Pattern {
                expression: Observation::Test(comparison.clone()),
            };
            let matcher = Matcher::new(&bracket, &Limits::default()).unwrap();
            let fulfils = |one: &Observed<'_>| matcher.matches(std::slice::from_ref(one)).unwrap();
            let fulfilling = observed.iter().enumerate().filter(|(_, one)| fulfils(one));
            let only = |at| {
                (0..observed.len())
                    .map(|other| u64::from(other == at))
                    .collect()
            };
            fulfilling.map(|(at, _)| only(at)).collect()
        }
        Observation::Or(operands) => operands
            .iter()
            .flat_map(|operand| matches(operand, observed))
            .collect(),
        Observation::And(operands) | Observation::FollowedBy(operands) => {
            let in_order = matches!(expression, Observation::FollowedBy(_));
            let each = operands.iter().map(|operand| matches(operand, observed));
            each.reduce(|a, b| together(&a, &b, in_order, observed))
                .unwrap()
        }
        Observation::Qualified(inner, Qualifier::Repeats(times)) => {
            let once = matches(inner, observed);
            let nothing = BTreeSet::from([vec![0; observed.len()]]);
            (0..*times).fold(nothing, |all, _| together(&all, &once, false, observed))
        }
        Observation::Qualified(inner, Qualifier::Within(within)) => {
            let mut all = matches(inner, observed);
            all.retain(|counts| {
                let begun = used(counts, observed)
                    .map(Observed::first_observed)
                    .max()
                    .unwrap();
                let ended = used(counts, observed)
                    .map(Observed::last_observed)
                    .min()
                    .unwrap();
                begun.since(ended) <= *within
            });
            all
        }
        Observation::Qualified(inner, Qualifier::StartStop { start, stop }) => {
            let mut all = matches(inner, observed);
            all.retain(|counts| {
                used(counts, observed)
                    .all(|one| one.last_observed() >= *start && one.first_observed() < *stop)
            });
            all
        }
    }
}

/// A match of each, with no observation serving more often than it was made.
fn together(
    a: &BTreeSet<Vec<u64>>,
    b: &BTreeSet<Vec<u64>>,
    in_order: bool,
    observed: &[Observed<'_>],
) -> BTreeSet<Vec<u64>> {
    let mut all = BTreeSet::new();
    for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (a, b))) {
        let sum: Vec<u64> = a.iter().zip(b).map(|(a, b)| a + b).collect();
        let begun = used(a, observed).map(Observed::first_observed).max();
        let ended = used(b, observed).map(Observed::last_observed).min();
        let enough = sum
            .iter()
            .zip(observed)
            .all(|(sum, one)| *sum <= one.number_observed());
        if enough && (!in_order || begun <= ended) {
            all.insert(sum);
        }
    }
    all
}

fn used<'o, 'd>(
    counts: &[u64],
    observed: &'o [Observed<'d>],
) -> impl Iterator<Item = &'o Observed<'d>> {
    observed
        .iter()
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(one, _)| one)
}
