//! Compiled sets: whatever the bytes say, with right checksums too, nothing fails or hangs, and a set
//! that was written again says the same.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use matcher::{Match, Scratch, Set, reseal};

/// Has every value that the seeds look for.
static RECORD: LazyLock<String> = LazyLock::new(|| {
    let texts = fuzz::VALUES.iter().map(|(_, text)| format!("\"{text}\" "));
    texts.collect()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(set) = Set::from_bytes(bytes.to_vec()) {
        matches(&set);
    }
    let mut sealed = bytes.to_vec();
    if reseal(&mut sealed).is_none() {
        return;
    }
    let Ok(set) = Set::from_bytes(sealed) else {
        return;
    };
    let found = matches(&set);
    assert_eq!(set.damage(), None, "every block was sealed");
    let mut again = Vec::new();
    let provenance = set.provenance().expect("it is of a file");
    set.write_to(&mut again, provenance)
        .expect("what was read can be written");
    let again = Set::from_bytes(again).expect("what was written can be read");
    assert_eq!(matches(&again), found);
    assert!(again.indicators().eq(set.indicators()));
    assert!(again.counts().eq(set.counts()));
});

fn matches(set: &Set) -> Vec<Match> {
    let mut matches = Vec::new();
    set.scan(RECORD.as_bytes(), &mut Scratch::default(), |found| {
        matches.push(found);
    });
    for (index, indicator) in set.indicators() {
        assert!(usize::try_from(index.number()).is_ok_and(|at| at < set.len()));
        let _ = indicator.value.to_string();
    }
    matches
}
