//! The month in which an entry began, as far as it is known.

use std::{fmt, str::FromStr};

use jiff::tz::TimeZone;
use kernel::Timestamp;

use crate::model::{Dated, Fidelity, Invalid};

/// A month, in UTC: `2026-02`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Month(u32);

impl Month {
    /// The month of a moment.
    fn of(at: Timestamp) -> Self {
        let date = at.to_jiff().to_zoned(TimeZone::UTC).date();
        let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        Self(u32::try_from(months).unwrap_or(0))
    }
}

impl FromStr for Month {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let read = || {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (number(year, 4)?, number(month, 2)?);
            (1..=12)
                .contains(&month)
                .then_some(Self(year * 12 + month - 1))
        };
        read().ok_or(Invalid {
            field: "month",
            rule: "a month such as 2026-02",
        })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

/// When an entry began: `2026-02`, or `2026` where the year alone is known. A year stands before its
/// months.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Began(u32);

/// Numbers of a year: one for the year alone, and one for each of its months.
const A_YEAR: u32 = 13;

impl Began {
    /// When an entry began, or else was entered.
    pub(super) fn of(dated: Option<Dated>, entered: Timestamp) -> Self {
        let at = dated.map_or(entered, Dated::first);
        let Month(months) = Month::of(at);
        let known = dated.is_none_or(|dated| dated.fidelity() != Fidelity::Year);
        let month = if known { months % 12 + 1 } else { 0 };
        Self(months / 12 * A_YEAR + month)
    }

    /// The number that [`Began::from_number`] reads.
    pub(super) const fn number(self) -> u32 {
        self.0
    }

    pub(super) const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Whether it began from one month to another for certain: of what is known to the year alone, the
    /// whole year has to lie within.
    pub(super) fn is_within(self, from: Option<Month>, to: Option<Month>) -> bool {
        let (first, last) = self.months();
        from.is_none_or(|from| first >= from) && to.is_none_or(|to| last <= to)
    }

    /// The first and the last month that it can mean.
    const fn months(self) -> (Month, Month) {
        let january = self.0 / A_YEAR * 12;
        match self.0 % A_YEAR {
            0 => (Month(january), Month(january + 11)),
            month => (Month(january + month - 1), Month(january + month - 1)),
        }
    }
}

impl FromStr for Began {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if let Some(year) = number(text, 4) {
            return Ok(Self(year * A_YEAR));
        }
        let Month(months) = text.parse().map_err(|_neither: Invalid| Invalid {
            field: "month",
            rule: "a month such as 2026-02, or a year of which the month is not known",
        })?;
        Ok(Self(months / 12 * A_YEAR + months % 12 + 1))
    }
}

impl fmt::Display for Began {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % A_YEAR {
            0 => write!(f, "{:04}", self.0 / A_YEAR),
            _ => self.months().0.fmt(f),
        }
    }
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let right = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began(text: &str) -> Began {
        let entered = "2026-07-09T10:00:00Z".parse().unwrap();
        Began::of(text.parse().ok(), entered)
    }

    #[test]
    fn a_month_is_written_as_it_is_read() {
        for text in ["2026-02", "0001-12"] {
            assert_eq!(text.parse::<Month>().unwrap().to_string(), text);
        }
        for text in [
            "2026",
            "2026-13",
            "2026-00",
            "26-02",
            "2026-2",
            "+026-02",
            "2026-02-01",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_known_to_the_year_alone_has_no_month() {
        for (date, word) in [
            ("2024", "2024"),
            ("2024-01", "2024-01"),
            ("2024-12-31T23:59Z", "2024-12"),
            ("", "2026-07"),
        ] {
            assert_eq!(began(date).to_string(), word, "{date:?}");
            assert_eq!(word.parse(), Ok(began(date)), "{date:?}");
        }
        assert!(began("2024") < began("2024-01") && began("2023-12") < began("2024"));
        for text in ["24", "2024-13", "+024", "soon", ""] {
            assert!(text.parse::<Began>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_year_counts_in_what_holds_all_of_it() {
        let within = |began: Began, from: &str, to: &str| {
            let month = |text: &str| text.parse::<Month>().ok();
            began.is_within(month(from), month(to))
        };
        let (year, may) = (began("2024"), began("2024-05"));
        assert!(within(year, "", "") && within(may, "", ""));
        assert!(within(year, "2024-01", "2024-12") && within(may, "2024-05", "2024-05"));
        assert!(!within(year, "2024-02", "") && within(may, "2024-02", ""));
        assert!(!within(year, "", "2024-11") && within(may, "", "2024-11"));
        assert!(!within(year, "2024-05", "2024-05") && !within(may, "2024-06", ""));
    }
}
