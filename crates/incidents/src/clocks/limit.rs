//! How long a clock runs.

use std::{fmt, str::FromStr};

use jiff::{Span, ToSpan, Zoned};
use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de};

use super::Calendar;
use crate::model::Invalid;

/// The largest number of a limit.
const NUMBER_MAX: u32 = 1_000;

/// How long a clock runs. Text form: `24h`, `60d`, `1mo`, `4bd`, `at-once`, `promptly`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// So many hours of absolute time, whatever local clocks do meanwhile.
    Hours(u32),
    /// So many calendar days, at the same local time.
    Days(u32),
    /// So many calendar months, at the same local time; from a day that the month lacks, on its
    /// last day.
    Months(u32),
    /// So many business days; due when the last of them ends.
    BusinessDays(u32),
    /// At once.
    AtOnce,
    /// Without undue delay: the rule names no number, so that none is made up.
    Promptly,
}

impl Limit {
    /// When a clock that runs from `start` ends; nothing where the rule names no number, or where
    /// the calendar ends before.
    pub fn end(self, start: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
        let local = calendar.local(start);
        let end = match self {
            Self::AtOnce => return Some(start),
            Self::Promptly => return None,
            Self::Hours(hours) => local.checked_add(i64::from(hours).hours()).ok()?,
            Self::Days(days) => later(&local, i64::from(days).days())?,
            Self::Months(months) => later(&local, i64::from(months).months())?,
            Self::BusinessDays(days) => business(&local, days, calendar)?,
        };
        Some(Timestamp::from_micros(end.timestamp().as_microsecond()))
    }
}

/// The same time of the clock on a later day. Where clocks go forward over that time, the moment after
/// the gap; where they go back, the first of the two.
fn later(local: &Zoned, by: Span) -> Option<Zoned> {
    local.checked_add(by).ok()
}

/// The end of the last of so many business days after the day of the start.
fn business(local: &Zoned, days: u32, calendar: &Calendar) -> Option<Zoned> {
    let mut day = local.date();
    let mut left = days;
    while left > 0 {
        day = day.tomorrow().ok()?;
        if calendar.is_business(day) {
            left -= 1;
        }
    }
    let next = day.tomorrow().ok()?;
    next.to_zoned(calendar.zone().clone()).ok()
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(number) => write!(f, "{number}h"),
            Self::Days(number) => write!(f, "{number}d"),
            Self::Months(number) => write!(f, "{number}mo"),
            Self::BusinessDays(number) => write!(f, "{number}bd"),
            Self::AtOnce => f.write_str("at-once"),
            Self::Promptly => f.write_str("promptly"),
        }
    }
}

impl FromStr for Limit {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid {
            field: "limit",
            rule: "1 to 1000 with h, d, mo or bd; at-once; or promptly",
        };
        match text {
            "at-once" => return Ok(Self::AtOnce),
            "promptly" => return Ok(Self::Promptly),
            _ => {}
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text
            .split_at_checked(digits)
            .ok_or_else(|| invalid.clone())?;
        let number: u32 = number.parse().map_err(|_no_number| invalid.clone())?;
        if !(1..=NUMBER_MAX).contains(&number) {
            return Err(invalid);
        }
        match unit {
            "h" => Ok(Self::Hours(number)),
            "d" => Ok(Self::Days(number)),
            "mo" => Ok(Self::Months(number)),
            "bd" => Ok(Self::BusinessDays(number)),
            _ => Err(invalid),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clocks::{DaysOff, Reach, all};

    fn end(limit: &str, start: &str, zone: &str) -> String {
        let calendar = Calendar::new(zone).unwrap();
        let limit: Limit = limit.parse().unwrap();
        limit
            .end(start.parse().unwrap(), &calendar)
            .unwrap()
            .to_string()
    }

    #[test]
    fn hours_are_absolute_where_clocks_change() {
        // Clocks in Dublin went forward on 31 March 2024 and back on 27 October.
        assert_eq!(
            end("24h", "2024-03-30T12:00:00Z", "Europe/Dublin"),
            "2024-03-31T12:00:00.000Z"
        );
        assert_eq!(
            end("24h", "2024-10-26T12:00:00Z", "Europe/Dublin"),
            "2024-10-27T12:00:00.000Z"
        );
    }

    #[test]
    fn a_month_is_a_calendar_month_at_the_same_local_time() {
        let dublin = "Europe/Dublin";
        assert_eq!(
            end("1mo", "2024-03-15T12:00:00Z", dublin),
            "2024-04-15T11:00:00.000Z"
        );
        assert_eq!(
            end("1mo", "2024-01-31T09:00:00Z", dublin),
            "2024-02-29T09:00:00.000Z"
        );
        assert_eq!(
            end("1mo", "2023-01-31T09:00:00Z", dublin),
            "2023-02-28T09:00:00.000Z"
        );
        // 31 January here is the first of February there already.
        assert_eq!(
            end("1mo", "2024-01-31T15:30:00Z", "Asia/Tokyo"),
            "2024-02-29T15:30:00.000Z"
        );
        assert_eq!(
            end("1mo", "2024-01-31T15:30:00Z", "UTC"),
            "2024-02-29T15:30:00.000Z"
        );
        assert_eq!(
            end("1mo", "2024-02-29T15:30:00Z", "Asia/Tokyo"),
            "2024-03-31T15:30:00.000Z"
        );
        assert_eq!(
            end("1mo", "2024-02-29T15:30:00Z", "UTC"),
            "2024-03-29T15:30:00.000Z"
        );
    }

    #[test]
    fn a_time_that_clocks_skip_is_the_moment_after() {
        assert_eq!(
            end("1mo", "2024-02-29T01:30:00Z", "Europe/Dublin"),
            "2024-03-29T01:30:00.000Z"
        );
        // 01:30 on 31 March 2024 does not exist in Dublin.
        assert_eq!(
            end("30d", "2024-03-01T01:30:00Z", "Europe/Dublin"),
            "2024-03-31T01:30:00.000Z"
        );
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        let mut kept = DaysOff::default();
        let independence = "Independence Day".parse().unwrap();
        kept.days
            .insert("2024-07-04".parse().unwrap(), independence);
        let sec = all().unwrap().iter().find(|one| one.key == "sec-8k");
        let calendar = Calendar::new("America/New_York").unwrap();
        let calendar = calendar.with(&[(Reach::All, kept)].into(), sec.unwrap());
        let end = |start: &str| {
            let limit = Limit::BusinessDays(4);
            limit
                .end(start.parse().unwrap(), &calendar)
                .unwrap()
                .to_string()
        };
        // Tuesday 2 July: Wednesday, Friday, Monday, Tuesday 9 July, to its end in New York.
        assert_eq!(end("2024-07-02T15:00:00Z"), "2024-07-10T04:00:00.000Z");
        // Saturday: from Monday on.
        assert_eq!(end("2024-07-13T15:00:00Z"), "2024-07-19T04:00:00.000Z");
        // Saturday in UTC is still Friday there.
        assert_eq!(end("2024-07-13T02:00:00Z"), "2024-07-19T04:00:00.000Z");
    }

    #[test]
    fn where_the_rule_names_no_number_none_is_made_up() {
        let start = "2024-07-02T15:00:00Z".parse().unwrap();
        assert_eq!(Limit::Promptly.end(start, &Calendar::utc()), None);
        assert_eq!(Limit::AtOnce.end(start, &Calendar::utc()), Some(start));
    }

    #[test]
    fn a_limit_has_one_spelling() {
        for text in ["24h", "60d", "1mo", "4bd", "at-once", "promptly"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
        for text in ["", "h", "0h", "1001h", "1 h", "-1h", "1w", "soon", "１h"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_month_is_28_to_31_days_and_keeps_the_order_of_days(
            seconds in 0_i64..4_000_000_000,
            more in 0_i64..10_000_000,
        ) {
            let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
            for zone in ["UTC", "Europe/Dublin", "Asia/Tokyo", "America/New_York"] {
                let calendar = Calendar::new(zone).unwrap();
                let month = |start| Limit::Months(1).end(start, &calendar).unwrap();
                let (early, late) = (month(at(seconds)), month(at(seconds + more)));
                let hours = early.since(at(seconds)).as_secs() / 3_600;
                prop_assert!((28 * 24 - 2..=31 * 24 + 2).contains(&hours));
                // From 29 to 31 January all months end on the last of February, each at its own time.
                let day = |end: Timestamp| calendar.local(end).date();
                prop_assert!(day(early) <= day(late));
            }
        }
    }
}
