//! A line of a file with entries of another register: nothing of what was read is lost when it is
//! written and read again.
#![no_main]

use incidents::wire::{read_line, write_line};
use kernel::IncidentId;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some(line) = serde_json::from_slice(bytes).ok().and_then(through) else {
        return;
    };
    assert_eq!(
        through(line.clone()).expect("what was written can be read"),
        line
    );
});

/// The line as this register would write it, had it taken it.
fn through(line: Value) -> Option<Value> {
    let (body, kept) = read_line(line).ok()?;
    let case = body
        .into_case(IncidentId::from_uuid(uuid::Uuid::nil()))
        .ok()?;
    Some(write_line(&case, &kept))
}
