//! What can be said, and what is refused with its field.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use exchange::model::{
    ACKNOWLEDGING_IS_NOT_AGREEING, AttributionLevel, Details, FieldProblem, Kind, Norm, Statement,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const MESSAGE: &str = "message--6f9c1c44-0000-4000-8000-000000000001";
const INCIDENT: &str = "incident--6f9c1c44-0000-4000-8000-000000000002";

/// A sound example of what each kind asks for.
fn details(kind: Kind) -> Value {
    let observable = json!([{"kind": "ipv4", "value": "192.0.2.7", "port": 443}]);
    match kind {
        Kind::NotifyInc => json!({"incident": INCIDENT, "requested_action": "warn your hospitals"}),
        Kind::NotifyOrig => json!({
            "indicators": observable,
            "window": {"from": "2026-11-20T13:02:11.000Z"},
            "no_attribution_implied": true,
        }),
        Kind::Rfi => {
            json!({"questions": ["who rents it?"], "why": "to warn", "permitted_use": "defence"})
        }
        Kind::Rfm => json!({"assets": observable, "measures": ["filter", "notify_owner"]}),
        Kind::Ack => json!({
            "refers_to": MESSAGE,
            "received_at": "2026-11-20T13:02:11.000Z",
            "note": ACKNOWLEDGING_IS_NOT_AGREEING,
        }),
        Kind::Resp => json!({
            "refers_to": MESSAGE,
            "decision": "decline",
            "reason": "no_capacity",
            "actions": [{"what": "passed on", "status": "done"}],
        }),
        Kind::Clarify => {
            json!({"refers_to": MESSAGE, "part": "answer", "question": MESSAGE, "items": ["yes"]})
        }
        Kind::Update => json!({"refers_to": MESSAGE, "state": "acting"}),
        Kind::Withdraw => json!({"target": MESSAGE, "reason": "error"}),
        Kind::Close => json!({"outcome": "resolved", "covers": [MESSAGE], "publish": false}),
        Kind::Ping => json!({"test": true}),
        Kind::Pong => json!({"refers_to": MESSAGE, "task_result": "done"}),
    }
}

fn statement(kind: Kind) -> Value {
    json!({"title": "Hospital of Port Aldor", "norms": ["N-C", "N-H"], "details": details(kind)})
}

fn with(kind: Kind, pointer: &str, value: Value) -> Value {
    let mut statement = statement(kind);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    statement
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .insert(name.to_owned(), value);
    statement
}

fn refused(kind: Kind, value: Value) -> (String, &'static str) {
    let error = Statement::read(kind, value).unwrap_err();
    (error.field.clone(), error.code())
}

#[test]
fn every_kind_round_trips_with_what_it_does_not_know() {
    for kind in Kind::ALL.iter().copied() {
        let mut value = statement(kind);
        for place in ["", "/details"] {
            let object = value.pointer_mut(place).unwrap().as_object_mut().unwrap();
            object.insert(
                "of_a_newer_peer".to_owned(),
                json!({"deep": [1, null, "x"]}),
            );
        }
        let read = Statement::read(kind, value.clone()).unwrap();
        assert_eq!(read.kind(), kind);
        assert_eq!(read.to_value().unwrap(), value, "{kind}");
    }
}

#[test]
fn the_two_fixed_sentences_are_on_by_default() {
    let mut notice = statement(Kind::NotifyOrig);
    notice
        .pointer_mut("/details")
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove("no_attribution_implied");
    let Details::NotifyOrig(read) = Statement::read(Kind::NotifyOrig, notice).unwrap().details
    else {
        panic!("of another kind");
    };
    assert!(read.no_attribution_implied);

    let mut ack = statement(Kind::Ack);
    ack.pointer_mut("/details")
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove("note");
    let written = Statement::read(Kind::Ack, ack).unwrap().to_value().unwrap();
    assert_eq!(written["details"]["note"], ACKNOWLEDGING_IS_NOT_AGREEING);
    let agreed = with(Kind::Ack, "/details/note", json!("we agree"));
    assert_eq!(
        refused(Kind::Ack, agreed),
        ("details.note".to_owned(), "statement.field_invalid")
    );
}

/// Kind, field set, value set, field named in the error, its code.
const ERRORS: &str = r#"
    RFI | /details/questions | [] | details.questions | field_count
    RFI | /details/questions | ["ok", ""] | details.questions[1] | field_invalid
    RFI | /details/why | null | details.why | field_missing
    RFM | /details/measures | ["bomb"] | details.measures[0] | field_invalid
    RFM | /details/assets | [{"kind": "ipv4"}] | details.assets[0].value | field_missing
    RESP | /details/reason | null | details.reason | field_missing
    RESP | /details/decision | "refer" | details.refer_to | field_missing
    RESP | /details/decision | "accept" | details.reason | field_contradicts
    CLARIFY | /details/question | null | details.question | field_missing
    CLARIFY | /details/part | "both" | details.part | field_invalid
    PING | /details/test | false | details.test | field_invalid
    ACK | /details/refers_to | "thread--x" | details.refers_to | field_invalid
    ACK | /title | "two\nlines" | title | field_invalid
    ACK | /norms | ["N-Z"] | norms[0] | field_invalid
    ACK | /norms | "N-C" | norms | field_invalid
    ACK | /details | [] | details | field_invalid
    NOTIFY-ORIG | /details/window | {"from": "2026-11-20T13:00:00Z", "until": "2026-11-20T12:00:00Z"} | details.window.until | field_contradicts
"#;

#[test]
fn an_error_names_its_field() {
    for line in ERRORS.trim().lines() {
        let cells: Vec<&str> = line.trim().split(" | ").collect();
        let [kind, pointer, value, field, code] = cells[..] else {
            panic!("{line}");
        };
        let kind = Kind::from_code(kind).unwrap();
        let value = serde_json::from_str(value).unwrap();
        let found = refused(kind, with(kind, pointer, value));
        assert_eq!(found.0, field, "{line}");
        assert_eq!(found.1, format!("statement.{code}"), "{line}");
    }
}

#[test]
fn lists_and_unknown_fields_are_bounded() {
    let many: Vec<_> = vec!["x"; 51];
    let found = refused(
        Kind::Rfi,
        with(Kind::Rfi, "/details/questions", json!(many)),
    );
    assert_eq!(found.1, "statement.field_count");
    let mut flood = statement(Kind::Ping);
    for n in 0..65 {
        flood
            .as_object_mut()
            .unwrap()
            .insert(format!("x{n}"), json!(n));
    }
    assert_eq!(
        refused(Kind::Ping, flood),
        ("*".to_owned(), "statement.field_count")
    );
}

fn evidence(id: &str, collector: &str, sha256: char) -> Value {
    json!({
        "id": id,
        "kind": "disk image",
        "sha256": sha256.to_string().repeat(64),
        "collected_at": "2026-11-20T13:02:11.000Z",
        "collector": collector,
    })
}

/// An attribution to a State that keeps every rule.
fn attributed() -> Value {
    let mut value = with(
        Kind::NotifyOrig,
        "/details/no_attribution_implied",
        json!(false),
    );
    let object = value.as_object_mut().unwrap();
    object.insert(
        "evidence".to_owned(),
        json!([
            evidence("E1", "CERT of Aldoria", 'a'),
            evidence("E2", "Hospital", 'b')
        ]),
    );
    object.insert(
        "attribution".to_owned(),
        json!({
            "level": "state",
            "subject": "XJ",
            "basis": ["orders found"],
            "evidence": ["E1", "E2"],
            "alternative_hypothesis": "a criminal group that buys access",
            "approved_by": "Council of Ministers",
            "publish": false,
        }),
    );
    value
}

fn change(pointer: &str, value: Value) -> Value {
    let mut statement = attributed();
    *statement.pointer_mut(pointer).unwrap() = value;
    statement
}

#[test]
fn an_attribution_has_to_be_substantiated() {
    let read = Statement::read(Kind::NotifyOrig, attributed()).unwrap();
    assert_eq!(read.attribution.unwrap().level, AttributionLevel::State);
    let same_collector = change("/evidence/1/collector", json!("CERT of Aldoria"));
    let same_bytes = change("/evidence/1/sha256", json!("a".repeat(64)));
    let one = change("/attribution/evidence", json!(["E1"]));
    for statement in [same_collector, same_bytes, one] {
        let error = Statement::read(Kind::NotifyOrig, statement).unwrap_err();
        assert_eq!(error.problem, FieldProblem::Unsubstantiated);
        assert_eq!(error.field, "attribution.evidence");
    }
    for name in ["alternative_hypothesis", "approved_by"] {
        for level in ["state", "named_actor"] {
            let mut statement = change(&format!("/attribution/{name}"), Value::Null);
            *statement.pointer_mut("/attribution/level").unwrap() = json!(level);
            let found = refused(Kind::NotifyOrig, statement);
            assert_eq!(
                found,
                (format!("attribution.{name}"), "statement.field_missing")
            );
        }
    }
    let unlisted = change("/attribution/evidence", json!(["E1", "E3"]));
    assert_eq!(
        refused(Kind::NotifyOrig, unlisted).1,
        "statement.unknown_evidence"
    );
}

#[test]
fn a_technical_cluster_needs_no_authority() {
    let mut statement = statement(Kind::NotifyInc);
    statement.as_object_mut().unwrap().insert(
        "attribution".to_owned(),
        json!({"level": "technical_cluster", "subject": "cluster 7", "basis": ["one loader"]}),
    );
    assert!(Statement::read(Kind::NotifyInc, statement).is_ok());
}

#[test]
fn nobody_names_a_state_and_says_that_none_is_implied() {
    let both = change("/details/no_attribution_implied", json!(true));
    let found = refused(Kind::NotifyOrig, both);
    assert_eq!(
        found,
        (
            "attribution.level".to_owned(),
            "statement.field_contradicts"
        )
    );
}

#[test]
fn norms_are_the_eleven() {
    assert_eq!(Norm::ALL.len(), 11);
    assert_eq!(Norm::from_code("N-K"), Some(Norm::K));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_read_is_written_the_same(
        kind in proptest::sample::select(Kind::ALL),
        field in proptest::sample::select(vec!["/text", "/evidence", "/details/items", "/details/refers_to", "/confidence", "/x"]),
        value in any_json(),
    ) {
        let value = with(kind, field, value);
        if let Ok(read) = Statement::read(kind, value) {
            let written = read.to_value().unwrap();
            prop_assert_eq!(Statement::read(kind, written).unwrap(), read);
        }
    }
}
