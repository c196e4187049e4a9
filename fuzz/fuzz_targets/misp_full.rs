//! MISP events in full and as STIX: what is read is written and read as the same, as STIX it breaks
//! no rule, and STIX of any kind becomes an event.
#![no_main]

use std::ops::ControlFlow;

use formats_misp::{
    full::{Event, EventLimits, read_events, write_event},
    stix::{from_stix, to_stix},
    vocabulary::check_attribute,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use stix::{
    check::{Report, check_object},
    json::Document,
};

const LIMITS: EventLimits = EventLimits {
    event_bytes_max: 1 << 16,
    parts_max: 1_000,
};

fn read(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let seen = read_events(bytes, &LIMITS, |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    if let Ok(seen) = seen {
        assert_eq!(u64::try_from(events.len()), Ok(seen.events));
    }
    events
}

fn write(event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    write_event(&mut out, event).expect("memory takes all");
    out
}

fn as_stix(event: &Event) {
    let (objects, losses) = to_stix(event);
    assert!(losses.iter().all(|loss| loss.count > 0));
    for object in &objects {
        let text = object.to_string();
        let document = Document::parse(text.as_bytes()).expect("it is JSON");
        let mut report = Report::of_errors();
        check_object(document.root(), &mut report);
        assert!(report.is_valid(), "{text}");
    }
    assert_eq!(to_stix(event).0, objects);
    let (back, _) = from_stix(&objects);
    // What came back is an event like any other.
    assert!(read(&write(&back)).len() == 1 || back == Event::default());
}

fuzz_target!(|bytes: &[u8]| {
    for event in read(bytes) {
        let out = write(&event);
        // Escapes may be longer than what they stand for.
        if let [again] = &*read(&out) {
            assert_eq!(*again, event);
            assert_eq!(write(again), out);
        }
        event
            .attributes
            .iter()
            .for_each(|attribute| drop(check_attribute(attribute)));
        as_stix(&event);
    }
    if let Ok(Value::Array(objects)) = serde_json::from_slice(bytes) {
        let (event, _) = from_stix(&objects);
        as_stix(&event);
    }
});
