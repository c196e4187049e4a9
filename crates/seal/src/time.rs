//! Points in time as key sets write them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Error;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// 9999-12-31T23:59:59.999999Z.
const MICROS_MAX: i64 = 253_402_300_799_999_999;

/// A UTC time in microseconds since 1970, from there to the end of the year 9999.
///
/// It has exactly one text form, RFC 3339 with six digits after the second and `Z`, because it
/// stands in signed documents.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Time(i64);

impl Time {
    /// Takes microseconds since 1970-01-01T00:00:00Z.
    pub fn from_micros(micros: i64) -> Result<Self, Error> {
        (0..=MICROS_MAX)
            .contains(&micros)
            .then_some(Self(micros))
            .ok_or(Error::TimeOutOfRange)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.0 / MICROS_PER_SECOND, self.0 % MICROS_PER_SECOND);
        let (days, second) = (seconds / SECONDS_PER_DAY, seconds % SECONDS_PER_DAY);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z"
        )
    }
}

impl FromStr for Time {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused =
            || Error::malformed("time", "it is not of the form 2026-01-31T23:59:59.000000Z");
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| {
            bytes.get(from..to)?.iter().try_fold(0_i64, |sum, digit| {
                Some(sum * 10 + i64::from(char::from(*digit).to_digit(10)?))
            })
        };
        let read = || {
            let days = days_since_1970(number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let seconds = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
            Some((days * SECONDS_PER_DAY + seconds) * MICROS_PER_SECOND + number(20, 26)?)
        };
        let time = Self::from_micros(read().ok_or_else(refused)?)?;
        // Printing it again refuses 30 February, 24 o'clock and every wrong separator at once.
        (time.to_string() == text)
            .then_some(time)
            .ok_or_else(refused)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. A year is counted from March, so
/// that the leap day is its last; 719,468 days lie between 0000-03-01 and 1970-01-01.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month_from_march + 2) / 5 + day - 1 - 719_468
}

/// The year, month and day of a day since 1970; the inverse of [`days_since_1970`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_times_are_written_as_rfc_3339() {
        let times = [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_795_233_000_000_001, "2026-11-21T03:50:00.000001Z"),
            (MICROS_MAX, "9999-12-31T23:59:59.999999Z"),
        ];
        for (micros, text) in times {
            assert_eq!(Time::from_micros(micros).unwrap().to_string(), text);
            assert_eq!(text.parse::<Time>().unwrap().as_micros(), micros);
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "2026-11-21T03:50:00Z",
            "2026-11-21 03:50:00.000000Z",
            "2026-11-21T03:50:00.000000z",
            "2026-11-21T03:50:00.000000+00:00",
            "2026-02-29T00:00:00.000000Z",
            "2026-13-01T00:00:00.000000Z",
            "2026-00-01T00:00:00.000000Z",
            "2026-01-00T00:00:00.000000Z",
            "2026-11-21T24:00:00.000000Z",
            "2026-11-21T23:60:00.000000Z",
            "1969-12-31T23:59:59.999999Z",
            "2026-11-21T03:50:00.000000Z\n",
        ] {
            assert!(bad.parse::<Time>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_time_comes_back(micros in 0..=MICROS_MAX) {
            let time = Time::from_micros(micros).unwrap();
            prop_assert_eq!(time.to_string().parse::<Time>().unwrap(), time);
        }
    }
}
