//! Compiled sets that are damaged: refused, or noticed when they are used; never a wrong word without
//! one, and never the end of the process.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod sets;

use std::fs;

use matcher::{Breadth, Damage, Indicator, Kind, Set, SetBuilder, Value, reseal};
use sets::{Answers, ask, bytes, provenance, record, set};

const MIB: usize = 1 << 20;

/// Whether the set says what it should or says that it is damaged.
fn holds(opened: &Set, record: &[u8], expected: &Answers) {
    let answers = ask(opened, record);
    assert!(opened.damage().is_some() || answers == *expected);
}

#[test]
fn each_changed_byte_is_noticed() {
    let set = set(&[]);
    let (record, right) = (record(), bytes(&set));
    assert!(right.len() < MIB, "all is of one block");
    for at in 0..right.len() {
        let mut bytes = right.clone();
        bytes[at] ^= 1 << (at % 8);
        let error = Set::from_bytes(bytes).unwrap_err();
        assert!(error.code().starts_with("set."), "byte {at}: {error}");
    }
    holds(
        &Set::from_bytes(right).unwrap(),
        &record,
        &ask(&set, &record),
    );
}

#[test]
fn changed_blocks_are_noticed_when_they_are_used() {
    let set = set(&[MIB, MIB, MIB]);
    let (record, right) = (record(), bytes(&set));
    let expected = ask(&set, &record);
    let mut later = 0;
    for at in (0..right.len()).step_by(60_013) {
        let mut bytes = right.clone();
        bytes[at] ^= 1;
        let Ok(opened) = Set::from_bytes(bytes) else {
            continue;
        };
        later += 1;
        assert_eq!(opened.damage(), None, "nothing was used so far");
        assert_ne!(ask(&opened, &record), expected);
        let Some(Damage::Block { offset_bytes, .. }) = opened.damage() else {
            panic!("byte {at}: {:?}", opened.damage());
        };
        assert!((offset_bytes..offset_bytes + MIB).contains(&at));
        // It stays so, and is handed on to no other file.
        assert_eq!(opened.indicators().count(), 0);
        opened.write_to(&mut Vec::new(), &provenance()).unwrap_err();
    }
    assert!(later > 20);
}

#[test]
fn a_file_that_was_cut_is_refused() {
    let right = bytes(&set(&[]));
    for length in 0..right.len() {
        Set::from_bytes(right[..length].to_vec()).unwrap_err();
    }
    let code = |bytes: Vec<u8>| Set::from_bytes(bytes).unwrap_err().code();
    assert_eq!(code(right[..right.len() - 1].to_vec()), "set.length");
    assert_eq!(code(right[..100].to_vec()), "set.length");
    assert_eq!(code([&right[..], b"\0"].concat()), "set.length");
}

/// Whoever writes right checksums gets wrong matches at worst.
#[test]
fn no_content_ends_the_process() {
    let (record, right) = (record(), bytes(&set(&[])));
    let mut opened = 0;
    for at in 0..right.len() {
        let mut bytes = right.clone();
        bytes[at] = if at % 2 == 0 { 0xff } else { right[at] ^ 1 };
        if reseal(&mut bytes).is_some()
            && let Ok(set) = Set::from_bytes(bytes)
        {
            ask(&set, &record);
            opened += 1;
        }
    }
    assert!(opened > right.len() / 2, "{opened}");
}

/// Where a section lies, from the header.
fn section(bytes: &[u8], number: usize) -> std::ops::Range<usize> {
    let at = 120 + 24 * (number - 1);
    let field = |at: usize| {
        let bytes = bytes.get(at..).unwrap().first_chunk();
        u64::from_le_bytes(*bytes.unwrap())
    };
    let begin = usize::try_from(field(at + 8)).unwrap();
    begin..begin + usize::try_from(field(at + 16)).unwrap()
}

#[test]
fn what_a_file_names_many_times_is_reported_once() {
    let mut builder = SetBuilder::new(3);
    let values = [
        (Kind::Domain, "evil.example"),
        (Kind::FileName, "a evil"),
        (Kind::FileName, "b evil"),
    ];
    for (kind, text) in values {
        let value = Value::parse(kind, text, Breadth::Narrow).unwrap();
        builder.add(&Indicator::new(value, "", "")).unwrap();
    }
    let mut bytes = bytes(&builder.build());
    let record = b"evil.example;a evil";
    let numbers = |bytes: &[u8]| {
        let opened = Set::from_bytes(bytes.to_vec()).unwrap();
        let matches = ask(&opened, record).matches;
        let numbers = matches.iter().map(|found| found.indicator.number());
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers(&bytes), [0, 1]);
    let slots = section(&bytes, 5);
    let mut all = bytes[slots.clone()].chunks(8);
    let slot = all.find(|slot| slot.ends_with(&[1, 0, 0, 0])).unwrap();
    let full = slot.repeat(slots.len() / 8);
    bytes[slots].copy_from_slice(&full);
    let places = section(&bytes, 10);
    bytes.copy_within(places.start..places.start + 8, places.start + 8);
    reseal(&mut bytes).unwrap();
    assert_eq!(numbers(&bytes), [0, 1]);
}

#[test]
fn a_file_that_shrinks_is_noticed_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.cset");
    let set = set(&[MIB, MIB, MIB]);
    let record = record();
    let expected = ask(&set, &record);
    for used in [false, true] {
        for part in [0, 1, 2, 3] {
            set.write(&path, &provenance()).unwrap();
            let opened = Set::open(&path).unwrap();
            if used {
                holds(&opened, &record, &expected);
            }
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_len(file.metadata().unwrap().len() * part / 4)
                .unwrap();
            assert_ne!(ask(&opened, &record), expected);
            assert_eq!(opened.damage(), Some(Damage::Shrunk));
            ask(&opened, &record);
            opened.write_to(&mut Vec::new(), &provenance()).unwrap_err();
            Set::open(&path).unwrap_err();
        }
    }
    // The next one has nothing of that.
    set.write(&path, &provenance()).unwrap();
    let opened = Set::open(&path).unwrap();
    assert_eq!(ask(&opened, &record), expected);
    assert_eq!(opened.damage(), None);
}
