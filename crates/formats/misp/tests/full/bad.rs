//! What is refused, and what is said then.

use std::ops::ControlFlow;

use formats_misp::full::{EventLimits, read_events};

use crate::read;

fn refusal(text: &str) -> String {
    let error = read(text.as_bytes()).unwrap_err();
    format!("{}: {error}", error.code())
}

#[test]
fn what_is_no_event_is_refused_with_its_place() {
    insta::assert_snapshot!(refusal("{}"), @"misp.unexpected: no event: expected Event, response or Attribute at line 1 column 2");
    insta::assert_snapshot!(refusal("3"), @"misp.unexpected: invalid type: integer `3`, expected an event, a list of events or the answer of a search at line 1 column 1");
    insta::assert_snapshot!(refusal(r#"{"Event": []}"#), @"misp.unexpected: invalid type: sequence, expected an event, which is an object in /Event at line 1 column 11");
    insta::assert_snapshot!(refusal(r#"{"Event": {"info": "a""#), @"misp.incomplete: EOF while parsing an object in /Event at line 1 column 22");
    insta::assert_snapshot!(refusal(r#"{"Event": {"info": "a"}} x"#), @"misp.syntax: trailing characters at line 1 column 26");
    insta::assert_snapshot!(refusal(r#"{"response": [{"Event": {}}, {"Event": {"Tag": ["tlp:red"]}}]}"#), @r#"misp.unexpected: invalid type: string "tlp:red", expected a tag, which is an object in /response/1/Event/Tag/0 at line 1 column 57"#);
    insta::assert_snapshot!(refusal(r#"{"Event": {"Attribute": [{}, {"Tag": [{}, 5]}]}}"#), @"misp.unexpected: invalid type: integer `5`, expected a tag, which is an object in /Event/Attribute/1/Tag/1 at line 1 column 44");
    insta::assert_snapshot!(refusal(r#"{"response": {"Attribute": [[]]}}"#), @"misp.unexpected: invalid type: sequence, expected an attribute, which is an object in /response/Attribute/0 at line 1 column 29");
}

#[test]
fn what_is_too_deep_is_refused() {
    let deep = format!(r#"{{"info": {}1{}}}"#, "[".repeat(65), "]".repeat(65));
    insta::assert_snapshot!(refusal(&deep), @"misp.unexpected: the value is nested too deep at line 1 column 141");
    // Brackets in a text are text.
    let text = format!(r#"{{"info": "{}\""}}"#, "[".repeat(65));
    assert!(read(text.as_bytes()).is_ok());
    let notes = format!(
        r#"{{"info": "a", {}"x": 1{}}}"#,
        r#""Note": [{"#.repeat(200),
        "}]".repeat(200)
    );
    assert!(refusal(&notes).contains("recursion limit"));
}

#[test]
fn limits_hold() {
    let refused = |text: &str, event_bytes_max, parts_max| {
        let limits = EventLimits {
            event_bytes_max,
            parts_max,
        };
        let error = read_events(text.as_bytes(), &limits, |_| ControlFlow::Continue(()));
        let error = error.unwrap_err();
        format!("{}: {error}", error.code())
    };
    let tags = r#"{"Event": {"Tag": [{}, {}, {}]}}"#;
    insta::assert_snapshot!(refused(tags, 1000, 3), @"misp.too_many: more than 3 parts in /Event/Tag/2 at line 1 column 29");
    insta::assert_snapshot!(refused(tags, 20, 4), @"misp.too_large: a part of more than 20 bytes in /Event/Tag/2 at line 1 column 28");
    // Each event has its own.
    let limits = EventLimits {
        event_bytes_max: 40,
        parts_max: 4,
    };
    let many = format!("[{tags},{tags},{tags}]");
    let seen = read_events(many.as_bytes(), &limits, |_| ControlFlow::Continue(()));
    assert_eq!(seen.unwrap().events, 3);
}

#[test]
fn reading_ends_when_it_is_told_to() {
    let text = r#"[{"Event": {"info": "a"}, "more": 1}, {"Event": {"info": "b"}}, broken"#;
    let mut infos = Vec::new();
    let seen = read_events(text.as_bytes(), &EventLimits::default(), |event| {
        infos.extend(event.info);
        if infos.len() == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(infos, ["a", "b"]);
    assert_eq!(seen.unwrap().passed_over, 1);
}

#[test]
fn what_is_attached_must_be_base64() {
    let event = crate::one(r#"{"Attribute": [{"data": "a note"}, {}]}"#);
    let error = event.attributes[0].attached().unwrap().unwrap_err();
    insta::assert_snapshot!(format!("{}: {error}", error.code()), @"misp.data: the attached file is not in base64");
    assert!(event.attributes[1].attached().is_none());
}
