//! Days, as numbers since 1970-01-01.

use std::{fmt, str::FromStr};

use jiff::{Span, ToSpan as _, civil::Date};
use kernel::Timestamp;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// A day between 1970 and 2199.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Day(i64);

/// A text that is no day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a day between 1970-01-01 and 2199-12-31")]
pub struct NoDay;

impl Day {
    /// The day in UTC.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.as_micros().div_euclid(DAY_MICROS))
    }

    /// The day of a number that was stored.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// How it is stored.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// When it begins.
    pub const fn begins(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_mul(DAY_MICROS))
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The same day so many months later, or the last of a month that is shorter.
    #[must_use]
    pub fn months_later(self, months: i32) -> Self {
        let moved = self.date().checked_add(Span::new().months(months));
        moved.map_or(self, Self::from_date)
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.checked_add(self.0.days()).unwrap_or(epoch)
    }

    fn from_date(date: Date) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        Self(
            epoch
                .until(date)
                .map_or(0, |span| i64::from(span.get_days())),
        )
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let plain = text.len() == 10 && text.starts_with(|one: char| one.is_ascii_digit());
        let date: Date = text.parse().map_err(|_no_date| NoDay)?;
        if plain && (1970..2200).contains(&date.year()) {
            Ok(Self::from_date(date))
        } else {
            Err(NoDay)
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for text in ["1970-01-01", "2024-02-29", "2199-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in [
            "",
            "-2024-01-01",
            "-001-01-01",
            "2024-02-30",
            "24-1-1",
            "2200-01-01",
            "1969-12-31",
            "2024-01-01T00:00",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
    }

    #[test]
    fn half_a_year_ends_with_the_month() {
        assert_eq!(day("2024-08-31").months_later(6), day("2025-02-28"));
        assert_eq!(day("2023-08-31").months_later(6), day("2024-02-29"));
        assert_eq!(day("2026-03-15").months_later(6), day("2026-09-15"));
        assert_eq!(Day::of(day("2026-03-15").begins()), day("2026-03-15"));
    }
}
