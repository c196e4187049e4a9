//! Moments in UTC, as STIX writes them.

use std::{fmt, time::Duration};

/// A moment in UTC (STIX 2.1 §2.16), to the nanosecond. Digits beyond the ninth are read and
/// dropped; what came is passed on in its own text, never through this type.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    /// Since 1970-01-01T00:00:00Z; a leap second counts as the first of the next minute.
    seconds: i64,
    nanos: u32,
}

/// A text that is no STIX timestamp.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{problem}")]
pub struct TimestampError {
    problem: &'static str,
}

impl Timestamp {
    /// The moment that a text such as `2016-01-20T12:31:12.123Z` names: RFC 3339 with an upper-case
    /// `T` and `Z`, no other offset. `23:59:60` is read, as RFC 3339 §5.7 allows leap seconds.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        parse(text.as_bytes()).map_err(|problem| TimestampError { problem })
    }

    /// The moment so many seconds and nanoseconds (below 10⁹, else cut) after the epoch.
    pub fn from_parts(seconds: i64, nanos: u32) -> Self {
        Self {
            seconds,
            nanos: nanos.min(999_999_999),
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds past [`Timestamp::seconds`].
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// Microseconds since 1970-01-01T00:00:00Z, rounded down; nothing where that is no `i64`.
    pub fn micros(self) -> Option<i64> {
        let whole = self.seconds.checked_mul(1_000_000)?;
        whole.checked_add(i64::from(self.nanos / 1_000))
    }

    /// How much later this moment is than `earlier`, or zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        let nanos =
            |moment: Self| i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanos);
        let between = u128::try_from(nanos(self) - nanos(earlier)).unwrap_or_default();
        let seconds = u64::try_from(between / 1_000_000_000).unwrap_or(u64::MAX);
        let rest = u32::try_from(between % 1_000_000_000).unwrap_or_default();
        Duration::new(seconds, rest)
    }
}

/// With as many digits as it needs, three at least, as STIX recommends (§3.2).
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (
            self.seconds.div_euclid(86_400),
            self.seconds.rem_euclid(86_400),
        );
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}."
        )?;
        let digits = format!("{:09}", self.nanos);
        let kept = digits.trim_end_matches('0').len().max(3);
        f.write_str(digits.get(..kept).unwrap_or(&digits))?;
        f.write_str("Z")
    }
}

fn parse(text: &[u8]) -> Result<Timestamp, &'static str> {
    const SHAPE: &str = "expected a timestamp such as 2016-01-20T12:31:12.123Z";
    let (head, tail) = text.split_at_checked(19).ok_or(SHAPE)?;
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        mo1,
        mo2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        mi1,
        mi2,
        b':',
        s1,
        s2,
    ] = head
    else {
        return Err(SHAPE);
    };
    let two = |tens: u8, ones: u8| Some(digit(tens)? * 10 + digit(ones)?);
    let pair = |tens, ones| two(tens, ones).ok_or(SHAPE);
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let (month, day) = (pair(mo1, mo2)?, pair(d1, d2)?);
    let (hour, minute, second) = (pair(h1, h2)?, pair(mi1, mi2)?, pair(s1, s2)?);
    let nanos = fraction(tail).ok_or(SHAPE)?;
    if !(1..=12).contains(&month) {
        return Err("the month is not between 01 and 12");
    }
    if day < 1 || day > month_days(year, month) {
        return Err("the month has no such day");
    }
    if hour > 23 || minute > 59 {
        return Err("the time of day does not exist");
    }
    // RFC 3339 §5.7: only the last minute of a day can have a sixty-first second.
    if second > 60 || (second == 60 && (hour, minute) != (23, 59)) {
        return Err("the second does not exist");
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Ok(Timestamp { seconds, nanos })
}

/// What follows the seconds: `Z`, or a point, digits and `Z`.
fn fraction(tail: &[u8]) -> Option<u32> {
    let digits = match tail {
        [b'Z'] => return Some(0),
        [b'.', digits @ .., b'Z'] if !digits.is_empty() => digits,
        _ => return None,
    };
    let mut nanos = 0;
    let mut unit = 100_000_000;
    for byte in digits {
        nanos += u32::try_from(digit(*byte)?).ok()? * unit;
        unit /= 10;
    }
    Some(nanos)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted from March so that the leap
/// day is a year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(
                Timestamp::parse(text).map(Timestamp::seconds),
                Ok(seconds),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for text in [
            "",
            "2016",
            "2016-01-20T12:31:12",
            "2016-01-20 12:31:12Z",
            "2016-01-20t12:31:12z",
            "2016-01-20T12:31:12+00:00",
            "2016-01-20T12:31:12.Z",
            "2016-13-20T12:31:12Z",
            "2015-02-29T00:00:00Z",
            "2016-01-20T24:00:00Z",
            "2016-01-20T12:31:60Z",
            "2016-01-20T12:31:12.1x3Z",
            "２016-01-20T12:31:12Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_prints_as_it_reads() {
        for text in [
            "2016-01-20T12:31:12.123Z",
            "1969-12-31T23:59:59.000001Z",
            "1600-03-01T00:00:00.000Z",
        ] {
            assert_eq!(
                Timestamp::parse(text).map(|moment| moment.to_string()),
                Ok(text.into())
            );
        }
        let long = Timestamp::parse("2016-01-20T12:31:12.1234567899999Z").unwrap();
        assert_eq!(long.nanos(), 123_456_789);
    }
}
