//! Times in JSON, by the names of keys. What is read need not be whole.

use jiff::tz::TimeZone;
use kernel::Timestamp;

use super::{TimeOptions, Written, text};

/// Keys that name the time of a record, the best first.
const KEYS: &[&[u8]] = &[
    b"eventTime",
    b"EventTime",
    b"UtcTime",
    b"SystemTime",
    b"TimeCreated",
    b"ts",
    b"timestamp",
    b"@timestamp",
    b"Timestamp",
    b"TimeGenerated",
    b"CreationTime",
    b"requestReceivedTimestamp",
    b"time",
    b"Time",
    b"_time",
    b"event_time",
    b"datetime",
    b"date",
    b"@t",
    b"_ts",
];

/// A value without a zone that is in UTC whatever zone the others are in.
const UTC_KEY: &[u8] = b"UtcTime";

/// The time in a record that begins with an object.
pub(super) fn find(record: &[u8], options: &TimeOptions) -> Option<Timestamp> {
    let mut best = None;
    let mut scan = Scan {
        rest: record,
        depth: 0,
    };
    while let Some((depth, key, value)) = scan.next() {
        let Some(rank) = KEYS.iter().position(|known| *known == key) else {
            continue;
        };
        let Some(written) = text::value(value) else {
            continue;
        };
        let is_moment = key == UTC_KEY || matches!(written, Written::Moment(_));
        let zone = if key == UTC_KEY {
            &TimeZone::UTC
        } else {
            &options.zone
        };
        let order = (depth, !is_moment, rank);
        if best.is_none_or(|(before, _)| order < before)
            && let Some(time) = written.resolve(zone, options)
        {
            best = Some((order, time));
        }
    }
    best.map(|(_, time)| time)
}

/// Keys with plain values, each with how many brackets are open around it.
struct Scan<'r> {
    rest: &'r [u8],
    depth: usize,
}

impl<'r> Scan<'r> {
    fn next(&mut self) -> Option<(usize, &'r [u8], &'r [u8])> {
        loop {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            match byte {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                b'"' => {
                    let key = self.string()?;
                    if let Some(value) = self.value() {
                        return Some((self.depth, key, value));
                    }
                }
                _ => {}
            }
        }
    }

    /// The string whose quote was just read.
    fn string(&mut self) -> Option<&'r [u8]> {
        let text = self.rest;
        let mut is_escaped = false;
        let end = text.iter().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end
        })?;
        self.rest = text.get(end + 1..)?;
        text.get(..end)
    }

    /// The string or number behind a colon.
    fn value(&mut self) -> Option<&'r [u8]> {
        let rest = self.rest.trim_ascii_start().strip_prefix(b":")?;
        let rest = rest.trim_ascii_start();
        self.rest = rest;
        if let Some(inside) = rest.strip_prefix(b"\"") {
            self.rest = inside;
            return self.string();
        }
        let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.');
        let end = rest.iter().position(|byte| !is_number(byte));
        let number = rest.get(..end.unwrap_or(rest.len()))?;
        (!number.is_empty()).then_some(number)
    }
}
