//! Rules of retention as types that cannot be wrong.

use std::{fmt, str::FromStr};

use jiff::{Span, ToSpan, civil::Date, tz::TimeZone};
use kernel::{Timestamp, Tlp};

use crate::model::{Invalid, Line, words};

/// The largest number of a period.
const NUMBER_MAX: u16 = 1_000;
/// How far a period is looked for from both ends of a month.
const DAYS_TRIED: usize = 40;

words! {
    /// What a rule deletes.
    #[schema(as = incidents::RetentionKind)]
    Kind, "evidence, draft, waiting-report, refused-report, personal-data or incident", {
        /// The bytes of evidence; what was known of it and its custody stay.
        Evidence = "evidence",
        /// Reports that were begun and not sent.
        Draft = "draft",
        /// Reports that were sent and never decided, as a whole.
        WaitingReport = "waiting-report",
        /// What refused reports say; their numbers stay.
        RefusedReport = "refused-report",
        /// What names or describes somebody in closed incidents; what is counted stays.
        PersonalData = "personal-data",
        /// Closed incidents as a whole.
        Incident = "incident",
    }
}

words! {
    /// From when a period counts.
    Since, "closed, entered, changed, sent or put", {
        /// The incident was closed last.
        Closed = "closed",
        /// The incident was entered.
        Entered = "entered",
        /// The report last changed: for a refused one, it was refused.
        Changed = "changed",
        /// The report was sent.
        Sent = "sent",
        /// The evidence was put in.
        Put = "put",
    }
}

impl Kind {
    /// From when its periods can count; the first where nothing is said.
    pub const fn since(self) -> &'static [Since] {
        match self {
            Self::Evidence => &[Since::Closed, Since::Put],
            Self::Draft | Self::RefusedReport => &[Since::Changed],
            Self::WaitingReport => &[Since::Sent],
            Self::PersonalData => &[Since::Closed],
            Self::Incident => &[Since::Closed, Since::Entered],
        }
    }
}

/// A number of days, calendar months or years. Text form: `90d`, `6mo`, `10y`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Period {
    number: u16,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Unit {
    Days,
    Months,
    Years,
}

impl Period {
    /// The first day, in UTC, on which what happened on that day may be deleted: the whole period has
    /// passed. From a day that the month lacks, the period ends on its last day.
    pub fn due(self, day: Date) -> Option<Date> {
        day.checked_add(self.span()).ok()?.tomorrow().ok()
    }

    /// The last day of which what happened is due on `today`.
    pub fn last_due(self, today: Date) -> Option<Date> {
        let mut day = today.checked_sub(self.span()).ok()?;
        for _ in 0..4 {
            day = day.tomorrow().ok()?;
        }
        for _ in 0..DAYS_TRIED {
            if self.due(day).is_some_and(|due| due <= today) {
                return Some(day);
            }
            day = day.yesterday().ok()?;
        }
        None
    }

    fn span(self) -> Span {
        let number = i64::from(self.number);
        match self.unit {
            Unit::Days => number.days(),
            Unit::Months => number.months(),
            Unit::Years => number.years(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Days => "d",
            Unit::Months => "mo",
            Unit::Years => "y",
        };
        write!(f, "{}{unit}", self.number)
    }
}

impl FromStr for Period {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let read = || {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let (number, unit) = text.split_at_checked(digits)?;
            let number = number.parse().ok()?;
            let unit = match unit {
                "d" => Unit::Days,
                "mo" => Unit::Months,
                "y" => Unit::Years,
                _ => return None,
            };
            // A number has one spelling.
            let period = Self { number, unit };
            let is_fit = (1..=NUMBER_MAX).contains(&number) && period.to_string() == text;
            is_fit.then_some(period)
        };
        read().ok_or(Invalid {
            field: "period",
            rule: "1 to 1000 days, months or years, such as 90d, 6mo or 10y",
        })
    }
}

/// The day of a moment, in UTC.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_jiff().to_zoned(TimeZone::UTC).date()
}

/// The moment at which a day begins, in UTC.
pub(crate) fn beginning(day: Date) -> Option<Timestamp> {
    let begins = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_micros(begins.as_microsecond()))
}

/// What is deleted after how long, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rule {
    /// What.
    pub kind: Kind,
    /// From when the period counts.
    pub since: Since,
    /// How long it is kept.
    pub period: Period,
    /// The law or the decision that it follows.
    pub basis: Line<500>,
    /// Who set it, and when.
    pub set: (String, Timestamp),
}

impl Rule {
    /// Before which moment what happened is due on that day.
    pub(crate) fn before(&self, today: Date) -> Option<Timestamp> {
        beginning(self.period.last_due(today)?.tomorrow().ok()?)
    }

    /// On which day what happened then is due.
    pub fn due(&self, at: Timestamp) -> Option<Date> {
        self.period.due(day_of(at))
    }
}

/// Something that a rule is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Candidate {
    /// Its row.
    pub(crate) id: uuid::Uuid,
    /// What others know it by.
    pub(crate) subject: String,
    /// What a list calls it.
    pub(crate) title: Option<String>,
    /// Its label.
    pub(crate) tlp: Tlp,
    /// When that happened from which the period counts.
    pub(crate) at: Timestamp,
}

words! {
    /// Why something that is due stays.
    Kept, "hold, sealed or handed-over", {
        /// A legal hold lasts.
        Hold = "hold",
        /// A piece of evidence is sealed.
        Sealed = "sealed",
        /// A hand-over of evidence waits for its answer.
        HandedOver = "handed-over",
    }
}

/// Why something stays, as a preview shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// Why.
    pub why: Kept,
    /// In the words of whoever placed the hold; nothing where the viewer may not read the incident.
    pub reason: Option<String>,
    /// Until when the hold lasts, if that is known.
    pub until: Option<Timestamp>,
}

/// Something that is due, or will be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// What others know it by.
    pub subject: String,
    /// What a list calls it; nothing where the viewer may not read it.
    pub title: Option<String>,
    /// When that happened from which the period counts.
    pub at: Timestamp,
    /// From which day on it is deleted.
    pub due: Date,
    /// What keeps it back.
    pub held: Vec<Held>,
}

/// What a rule would delete.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forecast {
    /// The rule.
    pub rule: Rule,
    /// What it would delete today, the oldest first.
    pub today: Vec<Item>,
    /// What becomes due within the next days.
    pub soon: Vec<Item>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// What one deletion took away.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Entries of the register.
    pub entries: u64,
    /// Reports.
    pub reports: u64,
    /// Sealed files.
    pub files: u64,
    /// Acts whose meaning was erased.
    pub acts: u64,
}

/// A deletion that was done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deletion {
    /// What kind of thing.
    pub kind: Kind,
    /// What others knew it by.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// By which rule, or for which reason.
    pub ground: String,
    /// What it took away.
    pub counts: Counts,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Done {
    /// What was deleted.
    pub deleted: u64,
    /// What was due and stayed.
    pub held: u64,
    /// The limit of a run was reached; the next one goes on.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_calendar_months_and_the_whole_of_them_passes() {
        for (text, day, due) in [
            ("1mo", date(2026, 1, 31), date(2026, 3, 1)),
            ("1mo", date(2024, 1, 31), date(2024, 3, 1)),
            ("1mo", date(2024, 1, 15), date(2024, 2, 16)),
            ("12mo", date(2024, 2, 29), date(2025, 3, 1)),
            ("1y", date(2024, 2, 29), date(2025, 3, 1)),
            ("30d", date(2026, 1, 1), date(2026, 2, 1)),
        ] {
            assert_eq!(period(text).due(day), Some(due), "{text} {day}");
        }
    }

    #[test]
    fn a_period_has_one_spelling() {
        for text in ["1d", "6mo", "10y", "1000d"] {
            assert_eq!(period(text).to_string(), text);
        }
        for bad in [
            "", "d", "0d", "1001d", "01d", "1", "1w", "-1d", "1 d", "99999y",
        ] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_last_day_that_is_due_parts_the_days(
            number in 1_u16..200,
            unit in 0_usize..3,
            year in 1990_i16..2060,
            days in 0_i32..366,
            ago in -40_i32..40,
        ) {
            let unit = ["d", "mo", "y"][unit];
            let period = period(&format!("{number}{unit}"));
            let today = date(year, 1, 1).checked_add(days.days()).unwrap();
            let last = period.last_due(today).unwrap();
            let day = last.checked_add(ago.days()).unwrap();
            prop_assert_eq!(period.due(day).unwrap() <= today, day <= last);
        }
    }
}
