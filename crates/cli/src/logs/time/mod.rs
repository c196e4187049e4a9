//! The time of a record, where it can be found.

mod json;
mod text;

use jiff::{
    civil,
    tz::{Offset, TimeZone},
};
use kernel::Timestamp;

/// Bytes at the start of a record of text in which its time is looked for.
const TEXT_BYTES: usize = 512;
/// Bytes of a record of JSON in which its time is looked for.
const JSON_BYTES: usize = 64 << 10;
/// 1990-01-01T00:00:00Z. What is older is no time of a log.
const EARLIEST_SECONDS: i64 = 631_152_000;
const DAY_SECONDS: i64 = 86_400;
/// Years back in which a 29 February is found.
const LEAP_YEARS: i16 = 8;

/// What a record does not say of its time.
#[derive(Clone, Debug)]
pub struct TimeOptions {
    /// The zone of times without one.
    pub zone: TimeZone,
    /// The moment of the search: no record is more than a day younger.
    pub now: Timestamp,
}

impl TimeOptions {
    /// Times without a zone are in UTC.
    pub fn utc(now: Timestamp) -> Self {
        Self {
            zone: TimeZone::UTC,
            now,
        }
    }
}

/// The time of a record, as far as it can be told.
///
/// In a record of JSON it is the value of a usual key (`ts`, `timestamp`, `@timestamp`, `time`,
/// `eventTime`, `UtcTime`, `SystemTime`, …) in the outermost object that has one; a value that names
/// its zone goes before one that does not. In text it is the first of these within 512 bytes:
/// ISO 8601, the forms of syslog (RFC 5424, RFC 3164), of the Common Log Format and of `ctime`,
/// `MM/DD/YYYY` or `DD/MM/YYYY` where one number is above 12 or both are equal, and seconds since
/// the epoch (also milli-, micro- and nanoseconds) as the first field, in `audit(…)` and behind
/// `time=`, `ts=`, `timestamp=` and `rt=`. A time without a year is the last such moment. What lies
/// before 1990 or more than a day after `options.now` is no time of a record.
pub fn record_time(record: &[u8], options: &TimeOptions) -> Option<Timestamp> {
    let record = record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record);
    let record = record.trim_ascii_start();
    // A list of objects may begin with the first of them.
    let inside = record.strip_prefix(b"[").unwrap_or(record);
    if inside.trim_ascii_start().first() == Some(&b'{') {
        json::find(head(record, JSON_BYTES), options)
    } else {
        text::find(head(record, TEXT_BYTES), options)
    }
}

/// A time as it is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Written {
    /// Microseconds since the epoch.
    Moment(i64),
    /// Without a zone.
    Local(civil::DateTime),
    /// Without a zone and a year.
    Yearless(civil::DateTime),
}

impl Written {
    fn with_offset(time: civil::DateTime, offset_seconds: i32) -> Option<Self> {
        let offset = Offset::from_seconds(offset_seconds).ok()?;
        let moment = offset.to_timestamp(time).ok()?;
        Some(Self::Moment(moment.as_microsecond()))
    }

    /// The moment, if a log can have been written then.
    fn resolve(self, zone: &TimeZone, options: &TimeOptions) -> Option<Timestamp> {
        match self {
            Self::Moment(micros) => plausible(micros, options),
            Self::Local(time) => plausible(in_zone(time, zone)?, options),
            Self::Yearless(time) => {
                let now = options.now.to_jiff().to_zoned(zone.clone());
                // Tomorrow may be in the next year.
                let years = (0..=LEAP_YEARS).map(|back| now.year() + 1 - back);
                let times = years.filter_map(|year| time.with().year(year).build().ok());
                let mut micros = times.filter_map(|time| in_zone(time, zone));
                micros.find_map(|micros| plausible(micros, options))
            }
        }
    }
}

fn in_zone(time: civil::DateTime, zone: &TimeZone) -> Option<i64> {
    let moment = zone.to_ambiguous_timestamp(time).compatible();
    moment.ok().map(jiff::Timestamp::as_microsecond)
}

fn plausible(micros: i64, options: &TimeOptions) -> Option<Timestamp> {
    let time = Timestamp::from_micros(micros);
    let latest = options.now.as_seconds().saturating_add(DAY_SECONDS);
    (EARLIEST_SECONDS..=latest)
        .contains(&time.as_seconds())
        .then_some(time)
}

fn head(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(..length).unwrap_or(bytes)
}
