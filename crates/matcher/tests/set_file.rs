//! Compiled sets: what was written is what is opened, and nothing else is.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod sets;

use std::{fs, io, num::NonZero};

use matcher::{Breadth, Indicator, Kind, OpenError, Provenance, Set, SetBuilder, Value, reseal};
use sets::{VALUES, ask, bytes, provenance, record, set};

#[test]
fn a_set_from_a_file_says_what_the_set_in_memory_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.cset");
    let set = set(&[1 << 20]);
    set.write(&path, &provenance()).unwrap();
    let opened = Set::open(&path).unwrap();
    let record = record();
    let expected = ask(&set, &record);
    let silent = VALUES.iter().filter(|(kind, _)| kind.is_carried()).count();
    assert!(expected.matches.len() >= 2 * (VALUES.len() - silent));
    assert_eq!(ask(&opened, &record), expected);
    for (index, indicator) in set.indicators() {
        assert_eq!(opened.indicator(index).unwrap(), indicator);
    }
    assert_eq!(opened.len(), set.len());
    assert_eq!(opened.damage(), None);
    assert_eq!(opened.provenance(), Some(&provenance()));
    assert_eq!(set.provenance(), None);
    // It writes the same file again.
    assert_eq!(bytes(&opened), fs::read(&path).unwrap());
    assert_eq!(bytes(&opened), bytes(&set));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_match_is_of_an_indicator_that_is_listed() {
    let set = Set::from_bytes(bytes(&set(&[]))).unwrap();
    let answers = ask(&set, &record());
    let mut kinds: Vec<_> = answers.matches.iter().map(|found| found.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let looked_for = VALUES.iter().map(|(kind, _)| *kind);
    let looked_for: Vec<_> = looked_for.filter(|kind| !kind.is_carried()).collect();
    assert_eq!(kinds, looked_for);
    for found in answers.matches {
        assert_eq!(
            set.indicator(found.indicator).unwrap().value.kind(),
            found.kind
        );
    }
    let count = |kind| set.counts().find(|(at, _)| *at == kind).unwrap().1;
    assert_eq!((count(Kind::Ipv4), count(Kind::Sigma)), (2, 2));
}

#[test]
fn a_set_does_not_depend_on_the_cores_that_make_it() {
    // More than fit into one part of the table, some of them alike.
    let all = || {
        let mut builder = sets::builder(&[]);
        for number in 0..70_000_u32 {
            let text = format!("{:032x}", number % 60_000);
            let value = Value::parse(Kind::Md5, &text, Breadth::Narrow).unwrap();
            builder.add(&Indicator::new(value, "", "")).unwrap();
        }
        builder
    };
    let alone = all().build();
    let cores = NonZero::new(5).unwrap();
    assert_eq!(bytes(&alone), bytes(&all().build_on(cores)));
    let record = format!("{:032x} {:032x}", 7, 60_000 - 1);
    assert_eq!(ask(&alone, record.as_bytes()).matches.len(), 3);
}

#[test]
fn what_is_appended_is_as_if_it_had_been_added() {
    let (first, second) = (sets::builder(&[3]), sets::builder(&[7]));
    let mut packed = SetBuilder::new(3);
    for part in [&first, &second] {
        packed.append(part, 0..u32::MAX).unwrap();
    }
    packed.append(&first, 0..20).unwrap();
    packed.append(&first, 20..u32::MAX).unwrap();
    // Common parts that stand elsewhere.
    let mut other = SetBuilder::new(9);
    let value = Value::parse(Kind::Asn, "AS1", Breadth::Narrow).unwrap();
    let mut indicator = Indicator::new(value, "x--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd00", "else");
    indicator.confidence = Some(7);
    other.add(&indicator).unwrap();
    packed.append(&other, 0..1).unwrap();
    packed.append(&first, 0..u32::MAX).unwrap();
    let mut added = SetBuilder::new(3);
    for part in [&first, &second, &first, &other, &first] {
        for indicator in part.indicators(0..u32::MAX) {
            added.add(&indicator).unwrap();
        }
    }
    assert_eq!(packed.len(), added.len());
    let all = 0..u32::MAX;
    assert!(packed.indicators(all.clone()).eq(added.indicators(all)));
    assert_eq!(packed.indicators(3..3).count(), 0);
    assert_eq!(packed.indicators(u32::MAX..u32::MAX).count(), 0);
    assert_eq!(bytes(&packed.build()), bytes(&added.build()));
}

#[test]
fn an_empty_set_leads_back() {
    let set = Set::from_bytes(bytes(&SetBuilder::new(0).build())).unwrap();
    assert!(set.is_empty());
    assert_eq!(ask(&set, &record()).matches, []);
    assert_eq!(set.counts().count() + set.indicators().count(), 0);
}

#[test]
fn a_set_is_shared_among_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let opened = Set::from_bytes(bytes(&set(&[1 << 20]))).unwrap();
    shared(&opened);
    let record = record();
    let expected = ask(&set(&[1 << 20]), &record);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(ask(&opened, &record), expected));
        }
    });
}

#[test]
fn a_file_that_was_replaced_goes_on_for_those_who_have_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.cset");
    let full = set(&[]);
    full.write(&path, &provenance()).unwrap();
    let old = Set::open(&path).unwrap();
    let empty = SetBuilder::new(0).build();
    empty.write(&path, &Provenance::default()).unwrap();
    assert_eq!(ask(&old, &record()), ask(&full, &record()));
    assert_eq!(old.damage(), None);
    assert!(Set::open(&path).unwrap().is_empty());
}

#[test]
fn more_sets_than_can_be_mapped_are_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.cset");
    set(&[]).write(&path, &provenance()).unwrap();
    let sets: Vec<_> = (0..300).map(|_| Set::open(&path).unwrap()).collect();
    let record = record();
    let expected = ask(&sets[0], &record);
    assert!(sets.iter().all(|set| ask(set, &record) == expected));
}

#[test]
fn foreign_files_are_refused() {
    let opened = |bytes: &[u8]| Set::from_bytes(bytes.to_vec()).unwrap_err().code();
    let magic = b"\x89CSET\r\n\x1a";
    assert_eq!(opened(b""), "set.foreign");
    assert_eq!(opened(b"198.51.100.3\n"), "set.foreign");
    assert_eq!(opened(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), "set.foreign");
    assert_eq!(opened(magic), "set.foreign");
    // What a transfer as text makes of it.
    let text = bytes(&set(&[]));
    assert_eq!(
        opened(&[b"\x89CSET\n\x1a", &text[8..]].concat()),
        "set.foreign"
    );
    assert_eq!(opened(&[&magic[..], &[0xff; 600]].concat()), "set.header");
    assert_eq!(opened(&[&magic[..], &[0; 600]].concat()), "set.header");
    let folder = tempfile::tempdir().unwrap();
    let error = Set::open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::Io(cause) if cause.kind() == io::ErrorKind::InvalidInput));
    let error = Set::open(&folder.path().join("none")).unwrap_err();
    assert!(matches!(error, OpenError::Io(cause) if cause.kind() == io::ErrorKind::NotFound));
}

#[test]
fn what_a_newer_program_made_is_named_so() {
    let changed = |at: usize, byte: u8| {
        let mut bytes = bytes(&set(&[]));
        bytes[at] = byte;
        reseal(&mut bytes).unwrap();
        Set::from_bytes(bytes).unwrap_err()
    };
    let newer = OpenError::Newer {
        version: 2,
        known: 1,
    };
    assert_eq!(changed(8, 2).to_string(), newer.to_string());
    let kinds = 120 + 24 * 12;
    assert_eq!(changed(kinds, 200).code(), "set.unknown_kind");
    assert_eq!(changed(8, 0).code(), "set.layout");
    // One indicator more than there are of kinds.
    assert_eq!(changed(32, 49).code(), "set.layout");
}

/// Whoever changes what a file says gives the format another version.
#[test]
fn the_bytes_of_version_1_stay() {
    let hash = blake3::hash(&bytes(&set(&[]))).to_hex();
    assert!(hash.starts_with("0c6485b41c1bb21d"), "{hash}");
}

#[test]
fn a_provenance_has_a_limit() {
    let mut provenance = provenance();
    provenance.notes = vec![("k".into(), "v".repeat(1 << 20))];
    let error = set(&[]).write_to(&mut Vec::new(), &provenance).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    provenance.notes = vec![
        ("k".into(), "v".repeat(1 << 19)),
        ("k".into(), String::new()),
    ];
    let mut bytes = Vec::new();
    set(&[]).write_to(&mut bytes, &provenance).unwrap();
    let set = Set::from_bytes(bytes).unwrap();
    assert_eq!(set.provenance(), Some(&provenance));
}
