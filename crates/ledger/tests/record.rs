//! The record of a leaf has one form.

use ledger::{Act, Record};

#[test]
fn only_the_canonical_record_is_read() {
    let act = Act::local("incident.updated").unwrap();
    let record = Record::new(act, 1_700_000_000_123_456, "incident--x", [1; 32], [2; 32]).unwrap();
    let text = record.to_string();
    assert_eq!(
        text,
        format!(
            "comity/leaf/v1\nact local:incident.updated\nat 2023-11-14T22:13:20.123456Z\n\
             subject incident--x\nsha256 {}\nsalt {}\n",
            "01".repeat(32),
            "02".repeat(32)
        )
    );
    assert_eq!(Record::parse(text.as_bytes()), Ok(record));
    for (from, to) in [
        ("v1", "v2"),
        ("local:", "local: "),
        ("local:incident", "Local:incident"),
        ("incident.updated", "Incident.updated"),
        ("local:incident.updated", "unknown"),
        ("subject ", "subject  "),
        ("subject incident--x", "subject "),
        ("incident--x", "incident--ü"),
        ("\nsalt", "\n\nsalt"),
        ("\nsha256", "\nSHA256"),
        ("0101\n", "010A\n"),
        ("0202\n", "0202\nmore\n"),
        ("0202\n", "0202"),
        ("\nat 2", "\nat  2"),
    ] {
        let bad = text.replacen(from, to, 1);
        assert_ne!(bad, text);
        assert!(Record::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
    assert!(Record::new(Act::Sent, -1, "x", [0; 32], [0; 32]).is_err());
    assert!(Record::new(Act::Local("No".into()), 0, "x", [0; 32], [0; 32]).is_err());
    assert!(Record::new(Act::Sent, 0, &"x".repeat(129), [0; 32], [0; 32]).is_err());
}
