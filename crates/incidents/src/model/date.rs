//! Dates as precise as their source: a month stays a month.

use std::{fmt, str::FromStr, time::Duration};

use kernel::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Invalid, Line, words};

words! {
    /// How precise a date is (STIX Incident extension, `start_time_fidelity`).
    Fidelity, "year, month, day, hour, minute or second", {
        /// Only the year is known.
        Year = "year",
        /// The month is known.
        Month = "month",
        /// The day is known.
        Day = "day",
        /// The hour is known.
        Hour = "hour",
        /// The minute is known.
        Minute = "minute",
        /// The second is known.
        Second = "second",
    }
}

/// A date with its precision. Text form, in UTC: `2024`, `2024-05`, `2024-05-08`,
/// `2024-05-08T10Z`, `2024-05-08T10:30Z`, or RFC 3339 to the second.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dated {
    first: Timestamp,
    fidelity: Fidelity,
}

const RULE: &str = "a date such as 2024, 2024-05, 2024-05-08 or 2024-05-08T10:30:00Z";

impl Dated {
    /// The date that begins at `first`, as read from a row; cut to its precision.
    pub fn new(first: Timestamp, fidelity: Fidelity) -> Self {
        let whole = Self { first, fidelity };
        whole.to_string().parse().unwrap_or(whole)
    }

    /// The first moment that it can mean.
    pub const fn first(self) -> Timestamp {
        self.first
    }

    /// How precise it is.
    pub const fn fidelity(self) -> Fidelity {
        self.fidelity
    }

    /// The last moment that it can mean.
    pub fn last(self) -> Timestamp {
        const MICROSECOND: Duration = Duration::from_micros(1);
        // A day past the longest year or month lies in the next one, whose first moment is cut off.
        let next = match self.fidelity {
            Fidelity::Year => {
                Self::new(
                    self.first.plus(Duration::from_hours(24 * 366)),
                    Fidelity::Year,
                )
                .first
            }
            Fidelity::Month => {
                Self::new(
                    self.first.plus(Duration::from_hours(24 * 31)),
                    Fidelity::Month,
                )
                .first
            }
            Fidelity::Day => self.first.plus(Duration::from_hours(24)),
            Fidelity::Hour => self.first.plus(Duration::from_hours(1)),
            Fidelity::Minute => self.first.plus(Duration::from_mins(1)),
            Fidelity::Second => self.first.plus(Duration::from_secs(1)),
        };
        next.minus(MICROSECOND)
    }
}

impl FromStr for Dated {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid {
            field: "date",
            rule: RULE,
        };
        let (whole, fidelity) = match text.len() {
            4 => (format!("{text}-01-01T00:00:00Z"), Fidelity::Year),
            7 => (format!("{text}-01T00:00:00Z"), Fidelity::Month),
            10 => (format!("{text}T00:00:00Z"), Fidelity::Day),
            14 => (text.replace('Z', ":00:00Z"), Fidelity::Hour),
            17 if text.ends_with('Z') => (text.replace('Z', ":00Z"), Fidelity::Minute),
            _ => (text.to_owned(), Fidelity::Second),
        };
        let parsed: Timestamp = whole.parse().map_err(|_unreadable| invalid.clone())?;
        let micros = parsed.as_micros();
        let second = Timestamp::from_micros(micros - micros.rem_euclid(1_000_000));
        Ok(Self {
            first: second,
            fidelity,
        })
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.first.to_string();
        let (digits, end) = match self.fidelity {
            Fidelity::Year => (4, ""),
            Fidelity::Month => (7, ""),
            Fidelity::Day => (10, ""),
            Fidelity::Hour => (13, "Z"),
            Fidelity::Minute => (16, "Z"),
            Fidelity::Second => (19, "Z"),
        };
        write!(f, "{}{end}", whole.get(..digits).unwrap_or(&whole))
    }
}

impl Serialize for Dated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// When something happened. `to` without `from` is "not later than"; `from` without `to` is
/// "still going on when it was told".
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Period {
    from: Option<Dated>,
    to: Option<Dated>,
    text: Option<Line<200>>,
}

impl Period {
    /// A period that does not end before it begins.
    pub fn new(
        from: Option<Dated>,
        to: Option<Dated>,
        text: Option<Line<200>>,
    ) -> Result<Self, Invalid> {
        if let (Some(from), Some(to)) = (from, to)
            && to.last() < from.first()
        {
            return Err(Invalid {
                field: "period.to",
                rule: "must not lie before period.from",
            });
        }
        Ok(Self { from, to, text })
    }

    /// When it began.
    pub const fn from(&self) -> Option<Dated> {
        self.from
    }

    /// When it ended.
    pub const fn to(&self) -> Option<Dated> {
        self.to
    }

    /// The first and the last moment that the period can touch, to find what overlaps with another.
    /// One that is not known to have ended touches all that comes after; one of which only the end
    /// is known touches the end.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.from.or(self.to)?.first();
        let last = self
            .to
            .map_or(Timestamp::from_micros(i64::MAX), Dated::last);
        Some((first, last))
    }

    /// The period in the words of the source.
    pub fn text(&self) -> Option<&str> {
        self.text.as_ref().map(Line::as_str)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dated(text: &str) -> Dated {
        text.parse().unwrap()
    }

    #[test]
    fn precision_survives_a_round_trip() {
        for text in [
            "2024",
            "2024-02",
            "2024-02-29",
            "2024-02-29T10Z",
            "2024-02-29T10:30Z",
            "2024-02-29T10:30:59Z",
        ] {
            assert_eq!(dated(text).to_string(), text);
        }
    }

    #[test]
    fn a_date_ends_where_its_unit_ends() {
        let last = |text| dated(text).last().to_string();
        assert_eq!(last("2023"), "2023-12-31T23:59:59.999999Z");
        assert_eq!(last("2024-02"), "2024-02-29T23:59:59.999999Z");
        assert_eq!(last("2024-12"), "2024-12-31T23:59:59.999999Z");
        assert_eq!(last("2024-02-28"), "2024-02-28T23:59:59.999999Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "24",
            "2024-13",
            "2023-02-29",
            "May 2024",
            "2024-5",
            "éé",
        ] {
            assert!(text.parse::<Dated>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        let period = |from, to| Period::new(Some(dated(from)), Some(dated(to)), None);
        assert!(period("2024-05-08", "2024").is_ok());
        assert_eq!(
            period("2024-05-08", "2024-04").unwrap_err().field,
            "period.to"
        );
    }

    proptest! {
        #[test]
        fn every_moment_lies_within_its_own_unit(micros in 0_i64..250_000_000_000_000_000) {
            let moment = Timestamp::from_micros(micros);
            for fidelity in Fidelity::ALL {
                let date = Dated::new(moment, *fidelity);
                prop_assert!(date.first() <= moment && moment <= date.last());
                prop_assert_eq!(date.to_string().parse::<Dated>().unwrap(), date);
            }
        }
    }
}
