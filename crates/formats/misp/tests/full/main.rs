//! Events in full: in, out, and in again.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod bad;
mod generated;
mod published;
mod written;

use std::ops::ControlFlow;

use formats_misp::{
    MispError,
    full::{Event, EventLimits, read_events, write_event},
};
use serde_json::Value;

/// All events of a text.
fn read(text: &[u8]) -> Result<Vec<Event>, MispError> {
    let mut events = Vec::new();
    read_events(text, &EventLimits::default(), |event| {
        events.push(event);
        ControlFlow::Continue(())
    })?;
    Ok(events)
}

/// The one event of a text.
fn one(text: &str) -> Event {
    let [event] = <[Event; 1]>::try_from(read(text.as_bytes()).unwrap()).unwrap();
    event
}

fn text(event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    write_event(&mut out, event).unwrap();
    out
}

fn written(event: &Event) -> Value {
    serde_json::from_slice(&text(event)).unwrap()
}
