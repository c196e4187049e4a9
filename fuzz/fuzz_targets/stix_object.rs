//! Objects: whatever is JSON can be checked, compared, lifted and written, and comes back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stix::{
    Timestamp,
    check::{Finding, Report, Severity, check_object},
    equal::{difference, equal},
    json::{Document, JsonErrorKind, Spare, Value, canonical},
    lift::{is_stix_2_0, lift_bundle, lift_object},
    marking::{TlpDefinitions, markings_of},
    objects::{Object, observable_id},
    pattern::Observed,
    pretty, version,
};

type Other = Result<serde_json::Value, serde_json::Error>;

fuzz_target!(|bytes: &[u8]| {
    let other: Other = serde_json::from_slice(bytes);
    let document = match Document::parse(bytes) {
        Ok(document) => document,
        Err(error) => {
            // What another parser takes we refuse for these reasons alone.
            let stricter = matches!(
                error.kind,
                JsonErrorKind::DuplicateMember(_) | JsonErrorKind::TooDeep(_)
            );
            assert!(other.is_err() || stricter, "{error}");
            return;
        }
    };
    let value = document.root();
    printed(value, other);
    first_of_two(bytes, value);
    checked(value);
    typed(value);
    lifted(value);
    asked(value);
});

fn parse(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes()).expect("what was written can be read")
}

/// The printers print what they were given, and what another parser read.
fn printed(value: Value<'_>, other: Other) {
    let indented = pretty(value);
    let again = parse(&indented);
    assert_eq!(pretty(again.root()), indented);
    assert!(equal(value, value));
    assert_eq!(difference(value, again.root()), None);
    let form = canonical(value);
    assert_eq!(canonical(again.root()), form);
    // Without a form there is a number that no double is near, and the other refuses that.
    let Ok(form) = form else { return };
    assert_eq!(canonical(parse(&form).root()).as_ref(), Ok(&form));
    let other = other.expect("the other parser takes it too");
    let ours: serde_json::Value = serde_json::from_str(&indented).expect("and what was printed");
    assert_eq!(ours, other);
}

/// With something behind it, the value is the same.
fn first_of_two(bytes: &[u8], value: Value<'_>) {
    let two = [bytes, b" \xff"].concat();
    let parsed = Document::parse_prefix(&two, &stix::json::Limits::default(), Spare::default());
    let (document, taken) = parsed.expect("the value is whole");
    assert_eq!(document.root().raw(), value.raw());
    let rest = two.get(taken..).unwrap_or_default();
    assert_eq!(rest.trim_ascii(), b"\xff");
}

/// Without warnings a check finds the same errors.
fn checked(value: Value<'_>) {
    let mut all = Report::default();
    check_object(value, &mut all);
    let mut errors = Report::of_errors();
    check_object(value, &mut errors);
    if all.left_out() == 0 {
        let grave = |finding: &&Finding| finding.severity == Severity::Error;
        let of_all: Vec<_> = all.findings().iter().filter(grave).collect();
        assert_eq!(of_all, errors.findings().iter().collect::<Vec<_>>());
        assert_eq!(all.is_valid(), errors.is_valid());
    }
    assert!(all.findings().iter().all(|f| f.to_string().len() < 1 << 16));
}

/// What can be read as an object is written as it came.
fn typed(value: Value<'_>) {
    let Ok(object) = Object::read(value) else {
        return;
    };
    let mut text = String::new();
    object.write(&mut text);
    let again = parse(&text);
    assert_eq!(difference(value, again.root()), None, "{text}");
    assert_eq!(canonical(again.root()), canonical(value));
    assert_eq!(Object::read(again.root()).as_ref(), Ok(&object));
    assert_eq!(Some(object.object_type()), text_of(value, "type"));
}

/// What was lifted is JSON of STIX 2.1, and is lifted no further.
fn lifted(value: Value<'_>) {
    let mut counter = 0_u8;
    let mut random = || {
        counter = counter.wrapping_add(1);
        [counter; 16]
    };
    let lifted = lift_object(value, &mut random);
    for text in &lifted.objects {
        let object = parse(text);
        assert!(!is_stix_2_0(object.root()), "{text}");
        assert_eq!(equal(value, object.root()), equal(object.root(), value));
        assert_eq!(
            &lift_object(object.root(), &mut random).objects,
            std::slice::from_ref(text)
        );
    }
    assert_eq!(is_stix_2_0(value), !lifted.changes.is_empty());
    let bundle = lift_bundle(value, &mut random);
    let again = parse(&bundle.json);
    assert_eq!(lift_bundle(again.root(), &mut random).changes, []);
    for change in lifted.changes.iter().chain(&bundle.changes) {
        assert!(!change.to_string().is_empty());
    }
}

/// The questions that are asked of objects have answers.
fn asked(value: Value<'_>) {
    let mut definitions = TlpDefinitions::default();
    definitions.believe(value);
    let strictest = definitions.strictest(value);
    for granular in value
        .get("granular_markings")
        .into_iter()
        .flat_map(Value::items)
    {
        let selectors = granular.get("selectors").into_iter().flat_map(Value::items);
        for selector in selectors.filter_map(Value::as_str) {
            if let Ok(markings) = markings_of(value, selector) {
                assert!(markings.strictest(&definitions) <= strictest);
            }
        }
    }
    let id = observable_id(value);
    assert_eq!(observable_id(parse(&pretty(value)).root()), id);
    let _any = Observed::from_bundle(value).is_ok();
    let later = Timestamp::from_parts(4_000_000_000, 0);
    if let Ok(text) = version::revoke(value, text_of(value, "created_by_ref"), later) {
        let revoked = parse(&text);
        let order = version::compare(value, revoked.root());
        assert!(order.is_none_or(std::cmp::Ordering::is_lt));
        let again = version::revoke(revoked.root(), text_of(value, "created_by_ref"), later);
        assert_eq!(again, Err(version::VersionError::Revoked));
    }
}

fn text_of<'d>(value: Value<'d>, name: &str) -> Option<&'d str> {
    value.get(name).and_then(Value::as_str)
}
