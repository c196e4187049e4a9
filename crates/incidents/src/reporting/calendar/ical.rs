//! Days off from iCalendar (RFC 5545): events that take whole days, once, or each year by a simple rule.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::days::{NoDayOff, Read};
use crate::clocks::CalendarFault;

/// How many days one event takes at most.
const LENGTH_MAX: i64 = 31;
/// What comes again is taken from so many years before this one.
const YEARS_BEFORE: i16 = 1;
/// And up to so many after it.
const YEARS_AFTER: i16 = 5;

/// An event as far as it was read.
#[derive(Default)]
struct Event<'t> {
    line: usize,
    start: Option<Moment>,
    end: Option<Moment>,
    duration: Option<&'t str>,
    name: String,
    rule: Option<&'t str>,
    but: Vec<Date>,
    odd: bool,
    cancelled: bool,
}

/// What stands where a date should.
#[derive(Clone, Copy)]
enum Moment {
    Day(Date),
    Time,
    Unreadable,
}

/// How an event comes again each year.
struct Yearly {
    interval: i16,
    count: Option<u32>,
    until: Option<Date>,
    month: Option<i8>,
    on: On,
}

#[derive(Clone, Copy)]
enum On {
    Start,
    Day(i8),
    Weekday(i8, Weekday),
}

/// Reads the events of a calendar in that year.
pub(super) fn read(text: &str, year: i16, read: &mut Read) -> Result<(), CalendarFault> {
    let unfolded = text.replace("\r\n", "\n");
    let lines = unfold(&unfolded);
    let mut event: Option<Event<'_>> = None;
    // What stands within an event, an alarm for example, is not about it.
    let mut inner = 0_usize;
    for (number, line) in &lines {
        let Some((name, value)) = parted(line) else {
            continue;
        };
        match (name.to_ascii_uppercase().as_str(), &mut event) {
            ("BEGIN", None) if value.eq_ignore_ascii_case("VEVENT") => {
                event = Some(Event {
                    line: *number,
                    ..Event::default()
                });
            }
            ("BEGIN", Some(_)) => inner += 1,
            ("END", Some(_)) if inner > 0 => inner -= 1,
            ("END", Some(_)) => {
                if let Some(event) = event.take() {
                    event.ended(year, read)?;
                }
            }
            (name, Some(event)) if inner == 0 => event.take(name, value),
            _ => {}
        }
    }
    if event.is_some() {
        return Err(CalendarFault::Unended);
    }
    Ok(())
}

/// The lines, with what was folded put together, each with the number of its first.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (line, number) in text.split('\n').zip(1..) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// The name of a line and its value. Parameters stand between; a colon may stand in a quoted one.
fn parted(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = line.split_at_checked(colon)?;
    let name = head.split(';').next()?;
    Some((name, value.strip_prefix(':')?.trim()))
}

impl<'t> Event<'t> {
    fn take(&mut self, name: &str, value: &'t str) {
        match name {
            "DTSTART" => self.start = Some(moment(value)),
            "DTEND" => self.end = Some(moment(value)),
            "DURATION" => self.duration = Some(value),
            "SUMMARY" => self.name = plain(value),
            "RRULE" if self.rule.is_some() => self.odd = true,
            "RRULE" => self.rule = Some(value),
            "RDATE" | "RECURRENCE-ID" => self.odd = true,
            "EXDATE" => {
                let days = value.split(',').filter_map(|one| one.get(..8));
                self.but.extend(days.filter_map(date));
            }
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }

    fn ended(self, year: i16, read: &mut Read) -> Result<(), CalendarFault> {
        read.seen = true;
        let (starts, length) = match self.days(year) {
            Ok(days) => days,
            Err(why) => {
                read.leave_out(self.line, why);
                return Ok(());
            }
        };
        for start in starts {
            for more in 0..length {
                if let Ok(day) = start.checked_add(more.days()) {
                    read.take(self.line, day, &self.name)?;
                }
            }
        }
        Ok(())
    }

    /// The days on which it begins, and how many it takes.
    fn days(&self, year: i16) -> Result<(Vec<Date>, i64), NoDayOff> {
        if self.cancelled {
            return Err(NoDayOff::Cancelled);
        }
        let start = match self.start {
            Some(Moment::Day(start)) => start,
            Some(Moment::Time) => return Err(NoDayOff::Time),
            Some(Moment::Unreadable) | None => return Err(NoDayOff::Date),
        };
        let length = self.length(start)?;
        if self.name.is_empty() {
            return Err(NoDayOff::Name);
        }
        if self.odd {
            return Err(NoDayOff::Rule);
        }
        let mut starts = match self.rule {
            None => vec![start],
            Some(rule) => Yearly::read(rule)
                .ok_or(NoDayOff::Rule)?
                .starts(start, year),
        };
        starts.retain(|start| !self.but.contains(start));
        Ok((starts, length))
    }

    fn length(&self, start: Date) -> Result<i64, NoDayOff> {
        let length = match (self.end, self.duration) {
            (None, None) => 1,
            (Some(Moment::Day(end)), _) => {
                let span = start.until(end).map_err(|_far| NoDayOff::Long)?;
                // An end that is no later than the start takes that day.
                i64::from(span.get_days()).max(1)
            }
            (Some(Moment::Time), _) => return Err(NoDayOff::Time),
            (Some(Moment::Unreadable), _) => return Err(NoDayOff::Date),
            (None, Some(duration)) => whole_days(duration)?,
        };
        if length > LENGTH_MAX {
            return Err(NoDayOff::Long);
        }
        Ok(length)
    }
}

/// `P2D` or `P1W`; anything else is not of whole days.
fn whole_days(duration: &str) -> Result<i64, NoDayOff> {
    let text = duration.strip_prefix('+').unwrap_or(duration);
    let number = text.strip_prefix('P').ok_or(NoDayOff::Time)?;
    let (number, each) = match (number.strip_suffix('D'), number.strip_suffix('W')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return Err(NoDayOff::Time),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoDayOff::Time);
    }
    let number: i64 = number.parse().map_err(|_large| NoDayOff::Long)?;
    Ok(number.saturating_mul(each).max(1))
}

fn moment(text: &str) -> Moment {
    match (date(text), text.get(..8).and_then(date)) {
        (Some(day), _) => Moment::Day(day),
        (None, Some(_)) if text.get(8..9) == Some("T") => Moment::Time,
        (None, _) => Moment::Unreadable,
    }
}

/// A date of eight digits.
fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let (month, day) = (text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?);
    Date::new(year, month, day).ok()
}

/// A text without the marks that hide its commas and ends of lines.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

impl Yearly {
    /// A rule of a day each year; nothing where it says more than that.
    fn read(rule: &str) -> Option<Self> {
        let rule = rule.to_ascii_uppercase();
        let mut yearly = Self {
            interval: 1,
            count: None,
            until: None,
            month: None,
            on: On::Start,
        };
        let mut is_yearly = false;
        for part in rule.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match (name, yearly.on) {
                ("FREQ", _) => is_yearly = value == "YEARLY",
                ("INTERVAL", _) => {
                    yearly.interval = value.parse().ok().filter(|years| *years > 0)?;
                }
                ("COUNT", _) => yearly.count = Some(value.parse().ok()?),
                ("UNTIL", _) => yearly.until = Some(date(value.get(..8)?)?),
                ("BYMONTH", _) => yearly.month = Some(value.parse().ok()?),
                ("BYMONTHDAY", On::Start) => {
                    yearly.on = On::Day(value.parse().ok().filter(|day| *day > 0)?);
                }
                ("BYDAY", On::Start) => yearly.on = weekday(value)?,
                ("WKST", _) => {}
                _ => return None,
            }
        }
        let needs_month = !matches!(yearly.on, On::Start);
        (is_yearly && (yearly.month.is_some() || !needs_month)).then_some(yearly)
    }

    /// The days on which it begins, in the years around that one.
    fn starts(&self, start: Date, year: i16) -> Vec<Date> {
        let last = year.saturating_add(YEARS_AFTER);
        let step = usize::try_from(self.interval).unwrap_or(1);
        let years = (start.year()..=last).step_by(step);
        let days = years.filter_map(|year| self.of(start, year));
        let days = days.filter(|day| *day >= start && self.until.is_none_or(|until| *day <= until));
        let count = self.count.and_then(|count| usize::try_from(count).ok());
        let days = days.take(count.unwrap_or(usize::MAX));
        days.filter(|day| day.year() >= year.saturating_sub(YEARS_BEFORE))
            .collect()
    }

    /// The day in a year; nothing where the year lacks it.
    fn of(&self, start: Date, year: i16) -> Option<Date> {
        let month = self.month.unwrap_or(start.month());
        match self.on {
            On::Start => Date::new(year, month, start.day()).ok(),
            On::Day(day) => Date::new(year, month, day).ok(),
            On::Weekday(nth, weekday) => {
                let first = Date::new(year, month, 1).ok()?;
                first.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

/// `4TH` or `-1MO`.
fn weekday(text: &str) -> Option<On> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth: i8 = nth.parse().ok()?;
    (nth != 0).then_some(On::Weekday(nth, day))
}
