//! What is said in the tests.

use exchange::model::{Kind, NewMessage, Statement, Urgency};
use kernel::{MessageId, ThreadId, Tlp};
use serde_json::{Value, json};

use crate::house::House;

/// A message to a party. `thread` with its id, where it belongs to one.
pub(crate) fn message(
    to: &House,
    thread: Option<ThreadId>,
    kind: Kind,
    details: Value,
) -> NewMessage {
    let content =
        json!({"title": "Ransomware at a hospital", "text": "Please act.", "details": details});
    NewMessage {
        id: None,
        thread,
        to: to.code(),
        to_desk: None,
        from_desk: None,
        parent: None,
        urgency: Urgency::Routine,
        ack_due: None,
        answer_due: None,
        tlp: Tlp::Amber,
        statement: Statement::read(kind, content).unwrap(),
        files: Vec::new(),
    }
}

pub(crate) fn notice() -> Value {
    json!({
        "indicators": [{"kind": "ipv4", "value": "192.0.2.7"}],
        "window": {"from": "2026-11-20T00:00:00.000Z"},
    })
}

pub(crate) fn mitigation() -> Value {
    json!({
        "assets": [{"kind": "ipv4", "value": "192.0.2.7"}],
        "measures": ["takedown"],
    })
}

pub(crate) fn about(request: MessageId) -> Value {
    json!({"refers_to": request, "received_at": "2026-11-21T00:00:00.000Z"})
}
