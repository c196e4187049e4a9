//! The header and its one canonical form.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use federation::model::{
    Desk, Digest, HEADER_BYTES_MAX, Header, HeaderCopy, HeaderError, SEALED_BYTES_MAX, SealedFile,
    Urgency, UrgencyBasis,
};
use kernel::{ContactId, MessageId, SeededRng, ThreadId, Timestamp, Tlp};
use proptest::prelude::*;

fn header(seed: u64) -> Header {
    let rng = SeededRng::new(seed);
    let sent = Timestamp::from_micros(1_795_255_331_000_000);
    let desk = |party: &str| Desk {
        contact: ContactId::random(&rng),
        party: party.parse().unwrap(),
    };
    Header {
        ack_due: Some(sent),
        answer_due: None,
        exercise: true,
        format_version: 1,
        from: desk("XA"),
        id: MessageId::random(&rng),
        keyset: 1,
        kind: "NOTIFY-ORIG".parse().unwrap(),
        parent: None,
        sealed: vec![SealedFile {
            commitment: Digest::of(b"commitment"),
            sha256: Digest::of(b"file"),
            size: 4096,
        }],
        sent,
        thread: ThreadId::random(&rng),
        tlp: Tlp::Amber,
        to: desk("XB"),
        urgency: Urgency::Flash {
            basis: UrgencyBasis::LifeAtRisk,
        },
    }
}

#[test]
fn canonical_bytes_round_trip_and_their_keys_are_in_order() {
    let header = header(1);
    let bytes = header.to_bytes().unwrap();
    assert_eq!(Header::parse(&bytes), Ok(header));
    let keys: Vec<String> = String::from_utf8(bytes)
        .unwrap()
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    let top = [
        "ack_due",
        "exercise",
        "format_version",
        "from",
        "id",
        "keyset",
        "kind",
        "sealed",
        "sent",
        "thread",
        "tlp",
        "to",
        "urgency",
    ];
    let mut seen = keys.iter().filter(|key| top.contains(&key.as_str()));
    assert!(top.iter().all(|key| seen.any(|seen| seen == key)));
}

#[test]
fn another_spelling_is_refused() {
    let bytes = header(2).to_bytes().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    for other in [
        format!("{text} "),
        text.replace("\"exercise\":true", "\"exercise\": true"),
        text.replace(".000Z", "Z"),
        text.replace("XA\"", "\\u0058A\""),
    ] {
        assert_ne!(other, text);
        assert_eq!(
            Header::parse(other.as_bytes()),
            Err(HeaderError::NotCanonical),
            "{other}"
        );
    }
}

#[test]
fn unknown_fields_and_doubled_ones_are_refused() {
    let text = String::from_utf8(header(3).to_bytes().unwrap()).unwrap();
    for other in [
        text.replacen('{', "{\"aa\":1,", 1),
        text.replacen('{', "{\"exercise\":true,", 1),
    ] {
        assert!(matches!(
            Header::parse(other.as_bytes()),
            Err(HeaderError::Malformed { .. })
        ));
    }
}

#[test]
fn a_newer_version_is_named_as_such() {
    let text = String::from_utf8(header(4).to_bytes().unwrap()).unwrap();
    let newer = text.replace("\"format_version\":1", "\"format_version\":2");
    assert_eq!(
        Header::parse(newer.as_bytes()),
        Err(HeaderError::FormatVersion { version: 2 })
    );
}

#[test]
fn limits_hold() {
    let invalid = |change: fn(&mut Header)| {
        let mut header = header(5);
        change(&mut header);
        match header.to_bytes() {
            Err(HeaderError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(invalid(|h| h.sealed.clear()), "sealed");
    assert_eq!(invalid(|h| h.sealed[0].size = 0), "sealed");
    assert_eq!(
        invalid(|h| h.sealed[0].size = SEALED_BYTES_MAX + 1),
        "sealed"
    );
    assert_eq!(
        invalid(|h| h.sealed = vec![h.sealed[0].clone(); 102]),
        "sealed"
    );
    assert_eq!(invalid(|h| h.to.party = h.from.party.clone()), "to");
    assert_eq!(invalid(|h| h.keyset = 0), "keyset");
    assert_eq!(
        invalid(|h| h.answer_due = Some(Timestamp::from_micros(0))),
        "answer_due"
    );
    let too_large = vec![b' '; HEADER_BYTES_MAX + 1];
    assert_eq!(
        Header::parse(&too_large).unwrap_err().code(),
        "header.too_large"
    );
}

#[test]
fn a_body_whose_copy_differs_is_named_with_its_field() {
    type Change = fn(&mut HeaderCopy, &Header);
    let header = header(6);
    assert_eq!(header.check(&header.copy()), Ok(()));
    let other = self::header(7);
    let changes: [(&str, Change); 5] = [
        ("id", |c, o| c.id = o.id),
        ("thread", |c, o| c.thread = o.thread),
        ("kind", |c, _| c.kind = "RFI".parse().unwrap()),
        ("from", |c, o| c.from = o.from.clone()),
        ("to", |c, o| c.to = o.to.clone()),
    ];
    for (field, change) in changes {
        let mut copy = header.copy();
        change(&mut copy, &other);
        assert_eq!(header.check(&copy), Err(HeaderError::CopyDiffers { field }));
    }
}

proptest! {
    #[test]
    fn no_bytes_end_the_parser(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Header::parse(&bytes).is_err());
    }

    #[test]
    fn one_changed_byte_never_gives_the_same_header(at in 0usize..700, to in any::<u8>()) {
        let header = header(8);
        let mut bytes = header.to_bytes().unwrap();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert_ne!(Header::parse(&bytes), Ok(header));
    }
}
