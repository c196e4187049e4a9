//! Patterns: what is read prints to what reads the same, and one pattern alone finds what a set of
//! patterns finds. Behind a NUL the input can bring observations of its own.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stix::{
    check::{Report, check_object},
    json::Document,
    lift::lift_object,
    pattern::{Limits, Matcher, Observed, Pattern},
    pattern_set::{Losses, PatternSet, PatternSetBuilder, SetLimits},
};

/// A slow machine must come to an answer within the fuzzer's patience.
const LIMITS: Limits = Limits {
    regex_work_max: 1 << 20,
    search_steps_max: 100_000,
};

/// What a pattern is held against where the input brings nothing.
static OBSERVED: LazyLock<Vec<Observed<'_>>> = LazyLock::new(|| {
    let document = Document::parse(fuzz::OBSERVATIONS.as_bytes()).expect("it is JSON");
    observations(Box::leak(Box::new(document))).expect("they are observations")
});

fuzz_target!(|text: &str| {
    let (text, own) = match text.split_once('\0') {
        Some((text, own)) => (text, Some(own)),
        None => (text, None),
    };
    let parsed = Pattern::parse(text);
    let strict = Pattern::parse_strict(text);
    checked(text, parsed.is_ok(), strict.is_ok());
    lifted(text, parsed.is_ok());
    let Ok(pattern) = parsed else {
        strict.expect_err("what is strict can be read");
        return;
    };
    assert!(strict.is_err() || strict.as_ref() == Ok(&pattern));
    let printed = pattern.to_string();
    assert_eq!(Pattern::parse(&printed).as_ref(), Ok(&pattern), "{printed}");
    assert_eq!(Pattern::parse_strict(&printed).is_ok(), strict.is_ok());
    let Some(own) = own else {
        return found(&pattern, &OBSERVED);
    };
    if let Ok(document) = Document::parse(own.as_bytes())
        && let Some(observed) = observations(&document)
    {
        found(&pattern, &observed);
    }
});

/// In the order in which a stream must have them.
fn observations<'d>(document: &'d Document<'_>) -> Option<Vec<Observed<'d>>> {
    let mut observed = Observed::from_bundle(document.root()).ok()?;
    observed.sort_by_key(Observed::first_observed);
    Some(observed)
}

/// The check of an indicator says whether its pattern is one.
fn checked(text: &str, is_pattern: bool, is_strict: bool) {
    let json = indicator(text, r#""spec_version":"2.1","pattern_type":"stix""#);
    let document = Document::parse(json.as_bytes()).expect("it is JSON");
    let mut report = Report::default();
    check_object(document.root(), &mut report);
    let has = |code| report.findings().iter().any(|finding| finding.code == code);
    assert_eq!(has("indicator.pattern"), !is_pattern);
    assert_eq!(has("indicator.pattern_strict"), is_pattern && !is_strict);
}

/// A pattern that is lifted from STIX 2.0 is one still, and if it is none, it does not say so.
fn lifted(text: &str, is_pattern: bool) {
    let json = indicator(text, r#""labels":["malicious-activity"]"#);
    let old = Document::parse(json.as_bytes()).expect("it is JSON");
    let lifted = lift_object(old.root(), &mut || [0; 16]);
    let [json] = lifted.objects.as_slice() else {
        panic!("an indicator is one object");
    };
    let new = Document::parse(json.as_bytes()).expect("what was lifted is JSON");
    let mut report = Report::of_errors();
    check_object(new.root(), &mut report);
    assert!(report.is_valid(), "{:?}", report.findings());
    let lifted = new
        .root()
        .get("pattern")
        .and_then(stix::json::Value::as_str);
    let lifted = Pattern::parse(lifted.expect("the pattern stays"));
    assert!(!is_pattern || lifted.is_ok(), "{lifted:?}");
}

fn indicator(pattern: &str, more: &str) -> String {
    let quoted = serde_json::to_string(pattern).expect("a text is JSON");
    format!(
        r#"{{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        "created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z",
        "valid_from":"2016-01-01T00:00:00Z","pattern":{quoted},{more}}}"#
    )
}

/// The pattern alone, in a set, and in a stream finds the same.
fn found(pattern: &Pattern, observed: &[Observed<'_>]) {
    let alone = Matcher::new(pattern, &LIMITS).and_then(|matcher| matcher.find(observed));
    let mut builder = PatternSetBuilder::new(SetLimits {
        matching: LIMITS,
        ..SetLimits::default()
    });
    let added = builder.add_pattern(pattern);
    let Ok(places) = alone else { return };
    added.expect("what can be used alone can be used in a set");
    let set = builder.build();
    let Ok(all) = set.find_all(observed) else {
        return;
    };
    assert_eq!(all.failed, []);
    assert_eq!(!all.fulfilled.is_empty(), places.is_some());
    if let Some(streamed) = streamed(&set, observed) {
        assert_eq!(streamed, places.is_some());
    }
    if let Some(places) = places {
        // What fulfils the pattern does so without the rest.
        let few: Vec<_> = places
            .iter()
            .filter_map(|at| observed.get(*at).cloned())
            .collect();
        assert_eq!(set.find_all(&few).map(|found| found.fulfilled.len()), Ok(1));
    }
}

/// Whether some observation of the stream completes the pattern; nothing if that is not known.
fn streamed(set: &PatternSet, observed: &[Observed<'_>]) -> Option<bool> {
    let mut stream = set.stream();
    let mut completed = false;
    for observation in observed {
        stream.observe(observation, |_| completed = true).ok()?;
        if !stream.failed().is_empty() {
            return None;
        }
    }
    (stream.losses() == Losses::default()).then_some(completed)
}
