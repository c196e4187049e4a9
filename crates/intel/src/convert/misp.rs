//! Events of MISP; and attributes that an answer of a search lists without one, as objects.

use std::{io::Read, ops::ControlFlow};

use formats_misp::{
    full::{Event, EventLimits, read_events},
    stix::to_stix,
};
use kernel::chain;
use stix::json::Document;

use super::pump::Pump;
use crate::Error;

/// Reads events one by one.
pub(super) fn read(source: impl Read, pump: &mut Pump<'_>) -> Result<(), Error> {
    let seen = read_events(source, &EventLimits::default(), |event| one(event, pump));
    let seen = seen.map_err(|error| Error::Unreadable {
        detail: chain(&error),
    })?;
    let passed = i64::try_from(seen.passed_over).unwrap_or(i64::MAX);
    pump.losses.add("MISP", "beside_event", passed);
    Ok(())
}

fn one(event: Event, pump: &mut Pump<'_>) -> ControlFlow<()> {
    if is_event(&event) {
        pump.event(Box::new(event));
    } else {
        objects(&event, pump);
    }
    if pump.is_stopped() {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

/// What says neither which event it is nor what it is about only holds attributes.
fn is_event(event: &Event) -> bool {
    let says = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    says(event.uuid.as_deref()) || says(event.info.as_deref())
}

fn objects(event: &Event, pump: &mut Pump<'_>) {
    let (objects, losses) = to_stix(event);
    for loss in losses {
        let count = i64::try_from(loss.count).unwrap_or(i64::MAX);
        pump.losses.add(&anywhere(&loss.place), &loss.name, count);
    }
    for object in objects {
        let text = object.to_string();
        match Document::parse(text.as_bytes()) {
            Ok(document) => pump.object(document.root()),
            Err(error) => pump.refuse("intel.convert", chain(&error)),
        }
    }
}

/// The place with `*` for each number: the same thing is told once for a whole file.
fn anywhere(place: &str) -> String {
    let steps = place.split('/').map(|step| {
        let number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if number { "*" } else { step }
    });
    steps.collect::<Vec<_>>().join("/")
}
