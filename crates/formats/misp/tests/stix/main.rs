//! MISP to STIX and back.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod from_stix;
mod generated;
mod published;
mod to_stix;

use std::ops::ControlFlow;

use formats_misp::{
    full::{Event, EventLimits, read_events},
    stix::Loss,
};
use serde_json::Value;
use stix::{
    check::{Report, check_object},
    json::Document,
};

fn read(text: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let seen = read_events(text, &EventLimits::default(), |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    seen.unwrap();
    events
}

/// The faults of objects that break a rule.
fn faults(objects: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for object in objects {
        let text = object.to_string();
        let document = Document::parse(text.as_bytes()).unwrap();
        let mut report = Report::of_errors();
        check_object(document.root(), &mut report);
        faults.extend(
            report
                .findings()
                .iter()
                .map(|finding| format!("{finding} {text}")),
        );
    }
    faults
}

fn lines(losses: &[Loss]) -> String {
    losses
        .iter()
        .map(Loss::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
