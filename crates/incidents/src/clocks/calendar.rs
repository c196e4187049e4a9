//! Which days count where business days are counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use jiff::{
    Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use kernel::{Country, Timestamp};

use super::{CalendarFault, Regime};
use crate::model::{Invalid, Line, words};

/// How many days off a calendar holds.
pub const DAYS_MAX: usize = 500;
/// How many calendars the party keeps.
pub const CALENDARS_MAX: usize = 60;
/// The years of days off.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

words! {
    /// A day of the week.
    WeekDay, "mon, tue, wed, thu, fri, sat or sun", {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

/// For the rules of which State a calendar counts. Text form: `all`, or the code of the State.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reach {
    /// For all rules.
    All,
    /// For those that hold in that State.
    State(Country),
}

/// The days of the week on which people rest; one day is left for work.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Weekend(BTreeSet<WeekDay>);

/// A calendar as the party keeps it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DaysOff {
    /// The days of the week on which people rest.
    pub weekend: Weekend,
    /// Other days on which they do, each with its name.
    pub days: BTreeMap<Date, Line<120>>,
}

/// The calendars that the party keeps.
pub type Calendars = BTreeMap<Reach, DaysOff>;

/// Where days are counted, and which of them count.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    for_all: Option<DaysOff>,
    states: Vec<DaysOff>,
}

impl WeekDay {
    fn of(day: Date) -> Self {
        match day.weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

impl Weekend {
    /// The weekend of those days; there may be none.
    pub fn new(days: impl IntoIterator<Item = WeekDay>) -> Result<Self, CalendarFault> {
        let days: BTreeSet<WeekDay> = days.into_iter().collect();
        if days.len() < WeekDay::ALL.len() {
            return Ok(Self(days));
        }
        Err(CalendarFault::NoWorkday)
    }

    /// Its days, Monday first.
    pub fn days(&self) -> impl Iterator<Item = WeekDay> {
        self.0.iter().copied()
    }

    fn has(&self, day: Date) -> bool {
        self.0.contains(&WeekDay::of(day))
    }
}

impl Default for Weekend {
    fn default() -> Self {
        Self([WeekDay::Saturday, WeekDay::Sunday].into())
    }
}

impl DaysOff {
    /// The calendar, if it is within its limits.
    pub fn checked(self) -> Result<Self, CalendarFault> {
        if self.days.len() > DAYS_MAX {
            return Err(CalendarFault::TooManyDays);
        }
        if self.days.keys().any(|day| !is_in_bounds(*day)) {
            return Err(CalendarFault::Year);
        }
        Ok(self)
    }

    fn rests(&self, day: Date) -> bool {
        self.weekend.has(day) || self.days.contains_key(&day)
    }
}

/// Whether a day can be a day off.
pub(crate) fn is_in_bounds(day: Date) -> bool {
    YEARS.contains(&day.year())
}

impl Calendar {
    /// The calendar of a zone of the IANA database, such as `Europe/Dublin`, without days off.
    pub fn new(zone: &str) -> Result<Self, Invalid> {
        let zone = TimeZone::get(zone).map_err(|_unknown| Invalid {
            field: "zone",
            rule: "a time zone such as Europe/Dublin",
        })?;
        Ok(Self {
            zone,
            ..Self::utc()
        })
    }

    /// UTC, without days off.
    pub fn utc() -> Self {
        Self {
            zone: TimeZone::UTC,
            for_all: None,
            states: Vec::new(),
        }
    }

    /// The same, with the days off of what is kept for the rules of that regime.
    ///
    /// Where a regime holds in several States whose calendars are kept, a day is off if it is so in
    /// all of them: no due time is later than one of the States would have it.
    #[must_use]
    pub fn with(self, kept: &Calendars, regime: &Regime) -> Self {
        let states = regime.places.iter();
        let states = states.filter_map(|place| kept.get(&Reach::State(*place)));
        Self {
            for_all: kept.get(&Reach::All).cloned(),
            states: states.cloned().collect(),
            ..self
        }
    }

    /// A moment by the clocks of the zone.
    pub fn local(&self, at: Timestamp) -> Zoned {
        at.to_jiff().to_zoned(self.zone.clone())
    }

    pub(super) const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn is_business(&self, day: Date) -> bool {
        let named = self.for_all.as_ref();
        let is_named = named.is_some_and(|kept| kept.days.contains_key(&day));
        let all_rest = self.states.iter().all(|state| state.rests(day));
        !is_named
            && if self.states.is_empty() {
                !self.is_weekend(day)
            } else {
                !all_rest
            }
    }

    fn is_weekend(&self, day: Date) -> bool {
        match (self.states.as_slice(), &self.for_all) {
            ([], Some(kept)) => kept.weekend.has(day),
            ([], None) => Weekend::default().has(day),
            (states, _) => states.iter().all(|state| state.weekend.has(day)),
        }
    }

    /// Whether the party keeps one for these rules.
    pub fn is_kept(&self) -> bool {
        self.for_all.is_some() || !self.states.is_empty()
    }

    /// The days of the week that are left out.
    pub fn weekend(&self) -> Vec<WeekDay> {
        // A week that begins with a Monday.
        let week = WeekDay::ALL.iter().copied().zip(1_i8..);
        let week = week.filter(|&(_, day)| self.is_weekend(jiff::civil::date(2024, 1, day)));
        week.map(|(day, _)| day).collect()
    }

    /// The days after one, up to another, that are left out by their names.
    pub(super) fn left_out(&self, (after, until): (Date, Date)) -> Vec<(Date, Line<120>)> {
        let mut found: BTreeMap<Date, &Line<120>> = BTreeMap::new();
        for kept in self.states.iter().chain(&self.for_all) {
            let days = kept.days.range(after..=until);
            let days = days.map(|(day, name)| (*day, name)).filter(|(day, _)| {
                *day > after && !self.is_weekend(*day) && !self.is_business(*day)
            });
            found.extend(days);
        }
        let found = found.into_iter();
        found.map(|(day, name)| (day, name.clone())).collect()
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::State(state) => f.write_str(state.as_str()),
        }
    }
}

impl FromStr for Reach {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::State).map_err(|_unknown| Invalid {
            field: "calendar",
            rule: "all, or the code of a State, such as US",
        })
    }
}

impl fmt::Display for Weekend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<&str> = self.0.iter().map(|day| day.as_str()).collect();
        f.write_str(&days.join(","))
    }
}

impl FromStr for Weekend {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let days = text.split(',').filter(|day| !day.is_empty());
        let days: Result<Vec<WeekDay>, Invalid> = days.map(str::parse).collect();
        let broken = |fault: CalendarFault| Invalid {
            field: "weekend",
            rule: fault.code(),
        };
        Self::new(days.map_err(|broken| broken.at("weekend"))?).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::all;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn kept(weekend: &str, days: &[&str]) -> DaysOff {
        let days = days.iter().map(|text| (day(text), text.parse().unwrap()));
        DaysOff {
            weekend: weekend.parse().unwrap(),
            days: days.collect(),
        }
    }

    fn calendar(regime: &str, kept: &[(&str, DaysOff)]) -> Calendar {
        let kept = kept.iter();
        let kept = kept.map(|(reach, days)| (reach.parse().unwrap(), days.clone()));
        let regime = all().unwrap().iter().find(|one| one.key == regime).unwrap();
        Calendar::utc().with(&kept.collect(), regime)
    }

    #[test]
    fn a_calendar_counts_for_the_rules_of_its_state_and_one_for_all_for_every_rule() {
        let thanksgiving = "2026-11-26";
        let own = kept("sat,sun", &[thanksgiving]);
        for (reach, is_off) in [("US", true), ("all", true), ("IE", false)] {
            let calendar = calendar("sec-8k", &[(reach, own.clone())]);
            assert_eq!(!calendar.is_business(day(thanksgiving)), is_off, "{reach}");
            assert_eq!(calendar.is_kept(), is_off, "{reach}");
        }
        // The weekend of the State holds, and the days for all are off as well.
        let both = calendar(
            "sec-8k",
            &[
                ("US", kept("fri,sat", &[])),
                ("all", kept("", &["2026-11-24"])),
            ],
        );
        assert_eq!(both.weekend(), [WeekDay::Friday, WeekDay::Saturday]);
        assert!(!both.is_business(day("2026-11-24")) && !both.is_business(day("2026-11-27")));
        assert!(both.is_business(day("2026-11-29")), "a Sunday");
    }

    #[test]
    fn of_several_states_a_day_is_off_where_it_is_so_in_all() {
        let ireland = kept("sat,sun", &["2026-03-17", "2026-04-06"]);
        let france = kept("sun", &["2026-04-06", "2026-07-14"]);
        let nis2 = calendar("nis2", &[("IE", ireland), ("FR", france)]);
        assert!(
            !nis2.is_business(day("2026-04-06")),
            "Easter Monday in both"
        );
        assert!(nis2.is_business(day("2026-03-17")) && nis2.is_business(day("2026-07-14")));
        assert!(nis2.is_business(day("2026-03-21")), "Saturday in one");
        assert_eq!(nis2.weekend(), [WeekDay::Sunday]);
    }

    #[test]
    fn what_was_left_out_is_told_by_name_and_without_weekends() {
        let own = kept("sat,sun", &["2026-11-25", "2026-11-26", "2026-11-28"]);
        let calendar = calendar("sec-8k", &[("US", own)]);
        let told = calendar.left_out((day("2026-11-25"), day("2026-12-01")));
        let told: Vec<&str> = told.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(
            told,
            ["2026-11-26"],
            "the day of the start does not count anyway"
        );
    }

    #[test]
    fn a_weekend_leaves_a_day_and_has_one_spelling() {
        assert_eq!("sun,fri".parse::<Weekend>().unwrap().to_string(), "fri,sun");
        assert_eq!("".parse::<Weekend>().unwrap().to_string(), "");
        for text in ["mon,tue,wed,thu,fri,sat,sun", "Friday", "sat sun"] {
            assert_eq!(
                text.parse::<Weekend>().unwrap_err().field,
                "weekend",
                "{text}"
            );
        }
        for text in ["", "ALL", "USA", "Ireland"] {
            assert!(text.parse::<Reach>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_calendar_has_an_end() {
        let first = day("2000-01-01");
        let next = (0..=i64::try_from(DAYS_MAX).unwrap())
            .map(|n| first.checked_add(jiff::Span::new().days(n)).unwrap());
        let mut many = DaysOff {
            days: next.map(|day| (day, "x".parse().unwrap())).collect(),
            ..DaysOff::default()
        };
        assert!(many.clone().checked().is_err());
        many.days.pop_last();
        assert!(many.checked().is_ok());
        assert!(kept("sat", &["1969-12-31"]).checked().is_err());
    }
}
