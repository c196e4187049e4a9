//! One indicator against one record.

use matcher::{Breadth, Indicator, Kind, Scratch, SetBuilder, Value};

/// What of a record is found by one indicator.
pub(crate) fn found<'a>(kind: Kind, text: &str, record: &'a [u8]) -> Vec<&'a [u8]> {
    let mut builder = SetBuilder::new(1);
    let value = Value::parse(kind, text, Breadth::Any).unwrap();
    builder.add(&Indicator::new(value, "id", "source")).unwrap();
    let mut spans = Vec::new();
    builder
        .build()
        .scan(record, &mut Scratch::default(), |hit| {
            assert_eq!(hit.kind, kind);
            spans.push(record.get(hit.start..hit.end).unwrap());
        });
    spans
}

#[track_caller]
pub(crate) fn is(kind: Kind, text: &str, record: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| text.as_bytes()).collect();
    assert_eq!(
        found(kind, text, record.as_bytes()),
        expected,
        "{text} in {record}"
    );
}

#[track_caller]
pub(crate) fn each(kind: Kind, text: &str, here: &[&str], not_here: &[&str]) {
    for record in here {
        assert_eq!(
            found(kind, text, record.as_bytes()).len(),
            1,
            "{text} in {record}"
        );
    }
    for record in not_here {
        is(kind, text, record, &[]);
    }
}
