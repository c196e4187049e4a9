//! Moments in UTC.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z. Stored as `i64`; outside it is
/// RFC 3339 with `Z`, milliseconds where they are enough (STIX 2.1 §3.2), else microseconds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

/// A text that is no RFC 3339 moment, or one outside the years 0001 to 9999.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text:?} is not a date and time such as 2026-11-20T13:02:11Z")]
pub struct TimestampError {
    /// The text as it came, cut to 64 characters.
    pub text: String,
}

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z: what RFC 3339 can write.
const EARLIEST: i64 = -62_135_596_800_000_000;
const LATEST: i64 = 253_402_300_799_999_999;

impl Timestamp {
    /// The moment `micros` microseconds after the epoch, held within the years 0001 to 9999.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < EARLIEST {
            Self(EARLIEST)
        } else if micros > LATEST {
            Self(LATEST)
        } else {
            Self(micros)
        }
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The moment `by` later.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// The moment `by` earlier.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// How long ago `earlier` was; zero if it lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }

    /// The same moment for formatting and calendars.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.0 % 1_000 == 0 { 3 } else { 6 };
        write!(f, "{:.digits$}", self.to_jiff())
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let refuse = || TimestampError {
            text: text.chars().take(64).collect(),
        };
        if text.len() > 64 {
            return Err(refuse());
        }
        let moment: jiff::Timestamp = text.parse().map_err(|_unreadable| refuse())?;
        let micros = moment.as_microsecond();
        if (EARLIEST..=LATEST).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(refuse())
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn milliseconds_are_enough_where_they_are_exact() {
        assert_eq!(
            Timestamp::from_micros(1_700_000_000_000_000).to_string(),
            "2023-11-14T22:13:20.000Z"
        );
        assert_eq!(
            Timestamp::from_micros(1_700_000_000_000_001).to_string(),
            "2023-11-14T22:13:20.000001Z"
        );
    }

    #[test]
    fn an_offset_is_turned_into_utc() {
        let parsed: Timestamp = "2023-11-15T00:13:20+02:00".parse().unwrap();
        assert_eq!(parsed, Timestamp::from_micros(1_700_000_000_000_000));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "yesterday", "2023-11-14", "2023-13-14T22:13:20Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(micros in EARLIEST..=LATEST) {
            let moment = Timestamp::from_micros(micros);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        }
    }
}
