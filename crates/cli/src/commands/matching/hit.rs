//! A match, with all that is said of it.

use std::{borrow::Cow, ops::Range};

use kernel::Timestamp;
use matcher::Indicator;
use serde::Serialize;

/// A record with an indicator in it.
#[derive(Debug)]
pub(super) struct Hit<'a> {
    /// The file, and what of an archive.
    pub(super) file: &'a str,
    /// The number of the line, from 1.
    pub(super) line: u64,
    /// Where the record begins in the file as it is unpacked, in bytes.
    pub(super) offset: u64,
    pub(super) record: &'a [u8],
    /// What of the record was found; none for a pattern, which takes all of it.
    pub(super) place: Option<Range<usize>>,
    pub(super) indicator: &'a Indicator<'a>,
    /// When the record says it happened.
    pub(super) time: Option<Timestamp>,
}

/// Where the time of a record lies to the time in which its indicator holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Validity {
    Before,
    Within,
    After,
}

impl Hit<'_> {
    /// The text that was found; the bytes that are no UTF-8 are replaced.
    pub(super) fn found(&self) -> Cow<'_, str> {
        let place = self.place.clone();
        let found = place.and_then(|place| self.record.get(place));
        String::from_utf8_lossy(found.unwrap_or_default())
    }

    /// Nothing where the record has no time, or the indicator no bounds.
    pub(super) fn validity(&self) -> Option<Validity> {
        let time_us = self.time?.as_micros();
        let (from, until) = (self.indicator.valid_from_us, self.indicator.valid_until_us);
        Some(if from.is_some_and(|from| time_us < from) {
            Validity::Before
        } else if until.is_some_and(|until| time_us >= until) {
            Validity::After
        } else if from.is_none() && until.is_none() {
            return None;
        } else {
            Validity::Within
        })
    }

    /// Whether it counts: what a record says of a time after its indicator ceased to hold is no
    /// match, and what it says of a time before only where `then` is not asked for.
    pub(super) fn counts(&self, then: bool) -> bool {
        match self.validity() {
            Some(Validity::After) => false,
            Some(Validity::Before) => !then,
            Some(Validity::Within) | None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use matcher::{Breadth, Kind, Value};

    use super::*;

    #[test]
    fn only_the_end_of_an_indicator_is_always_kept_to() {
        let value = Value::parse(Kind::Domain, "evil.example", Breadth::Narrow).unwrap();
        let mut indicator = Indicator::new(value, "", "");
        indicator.valid_from_us = Some(100);
        indicator.valid_until_us = Some(200);
        let at = |time_us: Option<i64>| Hit {
            file: "",
            line: 1,
            offset: 0,
            record: b"",
            place: None,
            indicator: &indicator,
            time: time_us.map(Timestamp::from_micros),
        };
        assert_eq!(at(Some(99)).validity(), Some(Validity::Before));
        assert_eq!(at(Some(100)).validity(), Some(Validity::Within));
        assert_eq!(at(Some(200)).validity(), Some(Validity::After));
        assert_eq!(at(None).validity(), None);
        assert!(at(Some(99)).counts(false));
        assert!(!at(Some(99)).counts(true));
        assert!(!at(Some(200)).counts(false));
        assert!(at(None).counts(true));
    }
}
