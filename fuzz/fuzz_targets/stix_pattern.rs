//! Patterns: what is read prints to what reads the same, and can be held against an observation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stix::{
    json::Document,
    pattern::{Limits, Matcher, Observed, Pattern},
    pattern_set::{PatternSetBuilder, SetLimits},
};

const BUNDLE: &[u8] = br#"{"type":"bundle","objects":[
{"type":"observed-data","id":"observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
"first_observed":"2026-01-01T00:00:00Z","last_observed":"2026-01-01T00:00:01Z","number_observed":2,
"object_refs":["file--1","ipv4-addr--1"]},
{"type":"file","id":"file--1","name":"a.exe","size":12,"hashes":{"MD5":"d41d8cd98f00b204e9800998ecf8427e"},
"parent_directory_ref":"directory--1","extensions":{"pdf-ext":{"version":"1.7"}}},
{"type":"directory","id":"directory--1","path":"C:\\Windows"},
{"type":"ipv4-addr","id":"ipv4-addr--1","value":"198.51.100.3"}]}"#;

fuzz_target!(|text: &str| {
    let Ok(pattern) = Pattern::parse(text) else {
        return;
    };
    let printed = pattern.to_string();
    assert_eq!(Pattern::parse(&printed).as_ref(), Ok(&pattern), "{printed}");
    let document = Document::parse(BUNDLE).expect("the bundle is JSON");
    let observed = Observed::from_bundle(document.root()).expect("the bundle has observed data");
    let limits = Limits::default();
    let alone = Matcher::new(&pattern, &limits).and_then(|matcher| matcher.matches(&observed));
    let mut builder = PatternSetBuilder::new(SetLimits::default());
    if let (Ok(alone), Ok(_)) = (alone, builder.add(text)) {
        let set = builder.build();
        let found = set
            .stream()
            .find_all(&observed)
            .expect("two objects are not too many");
        if found.failed.is_empty() {
            assert_eq!(!found.fulfilled.is_empty(), alone);
        }
    }
});
