//! Days off as files have them: a table of dates and names, or iCalendar.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Timestamp;

use super::{ical, table};
use crate::{
    clocks::{CalendarFault, DAYS_MAX, is_in_bounds},
    model::{Line, words},
};

/// The most bytes of a file.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// What was left out is told one by one up to here.
const LEFT_OUT_MAX: usize = 50;
/// The longest name; what is longer is cut.
const NAME_CHARS_MAX: usize = 120;

words! {
    /// Why something of a file is no day off.
    NoDayOff, "date, name, time, long, rule, year or cancelled", {
        /// It has no date such as 2026-11-26.
        Date = "date",
        /// It has no name in one line.
        Name = "name",
        /// It is not a whole day.
        Time = "time",
        /// It is longer than 31 days.
        Long = "long",
        /// It comes again by a rule that is not read.
        Rule = "rule",
        /// It lies before 1970 or after 2199.
        Year = "year",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

/// Something of a file that is no day off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Why.
    pub why: NoDayOff,
}

/// What a file says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Read {
    /// The days off, each with its first name.
    pub days: BTreeMap<Date, Line<120>>,
    /// What was left out, the first 50.
    pub left_out: Vec<LeftOut>,
    /// How many that are.
    pub left_out_count: usize,
    /// Whether it has anything that could be one.
    pub(super) seen: bool,
}

/// Reads a file of days off: iCalendar where it begins as such, else a table. What comes again each year
/// is taken from the year before this moment up to five years after it.
pub fn read(bytes: &[u8], now: Timestamp) -> Result<Read, CalendarFault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(CalendarFault::TooLarge);
    }
    let text = str::from_utf8(bytes).map_err(|_other| CalendarFault::Encoding)?;
    let text = text.trim_start_matches('\u{feff}');
    let mut read = Read::default();
    let first = text.trim_start().get(..15).unwrap_or_default();
    if first.eq_ignore_ascii_case("BEGIN:VCALENDAR") {
        let year = now.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).year();
        ical::read(text, year, &mut read)?;
    } else {
        table::read(text, &mut read)?;
    }
    if !read.seen {
        return Err(CalendarFault::Empty);
    }
    Ok(read)
}

/// Reads what people typed: on each line a date and a name.
pub fn typed(text: &str) -> Result<BTreeMap<Date, Line<120>>, CalendarFault> {
    let mut days = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let broken = CalendarFault::Line { line: number };
        let (day, name) = line
            .split_once(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
            .ok_or(broken)?;
        let day: Date = table::day(day).ok_or(broken)?;
        let name = name.parse().map_err(|_no_line| broken)?;
        if days.insert(day, name).is_some() {
            return Err(broken);
        }
    }
    Ok(days)
}

impl Read {
    pub(super) fn leave_out(&mut self, line: usize, why: NoDayOff) {
        self.seen = true;
        self.left_out_count += 1;
        if self.left_out.len() < LEFT_OUT_MAX {
            self.left_out.push(LeftOut { line, why });
        }
    }

    /// Takes a day.
    pub(super) fn take(&mut self, line: usize, day: Date, name: &str) -> Result<(), CalendarFault> {
        self.seen = true;
        if !is_in_bounds(day) {
            self.leave_out(line, NoDayOff::Year);
            return Ok(());
        }
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        let Ok(name) = name.parse() else {
            self.leave_out(line, NoDayOff::Name);
            return Ok(());
        };
        self.days.entry(day).or_insert(name);
        if self.days.len() > DAYS_MAX {
            return Err(CalendarFault::TooManyDays);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T00:00:00Z".parse().unwrap()
    }

    fn days(text: &str) -> Vec<(String, String)> {
        let read = read(text.as_bytes(), now()).unwrap();
        let days = read.days.iter();
        days.map(|(day, name)| (day.to_string(), name.to_string()))
            .collect()
    }

    fn left_out(text: &str) -> Vec<(usize, NoDayOff)> {
        let read = read(text.as_bytes(), now()).unwrap();
        let all = read.left_out.iter();
        all.map(|one| (one.line, one.why)).collect()
    }

    fn event(lines: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    }

    fn dates(lines: &str) -> Vec<String> {
        days(&event(lines))
            .into_iter()
            .map(|(day, _)| day)
            .collect()
    }

    #[test]
    fn a_table_has_dates_and_names() {
        let pair = |day: &str, name: &str| (day.to_owned(), name.to_owned());
        let thanksgiving = pair("2026-11-26", "Thanksgiving");
        for text in [
            "2026-11-26,Thanksgiving",
            "\u{feff}Date;Name\r\n2026-11-26;Thanksgiving\r\n\r\n",
            "date\tname\n2026-11-26\t Thanksgiving ",
            "\"2026-11-26\",\"Thanksgiving\",US",
        ] {
            assert_eq!(days(text), std::slice::from_ref(&thanksgiving), "{text}");
        }
        let quoted = days("2026-11-26,\"Thanks, \"\"giving\"\"\"\n2026-11-26,twice\n");
        assert_eq!(quoted, [pair("2026-11-26", "Thanks, \"giving\"")]);
        let wrong = "date,name\n26.11.2026,a\n2026-02-30,b\n2026-11-26,\n1969-01-01,c\n2026-11-27,\u{202e}d\n";
        let told = [
            (2, NoDayOff::Date),
            (3, NoDayOff::Date),
            (4, NoDayOff::Name),
            (5, NoDayOff::Year),
            (6, NoDayOff::Name),
        ];
        assert_eq!(left_out(wrong), told);
    }

    #[test]
    fn whole_days_of_icalendar_are_days_off() {
        let folded = "DTSTART;VALUE=DATE:20261126\r\nSUMMARY;LANGUAGE=en:Thanks\r\n giving\\, US";
        let pair = ("2026-11-26".to_owned(), "Thanksgiving, US".to_owned());
        assert_eq!(days(&event(folded)), [pair]);
        let three = "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:x";
        assert_eq!(dates(three), ["2026-12-24", "2026-12-25", "2026-12-26"]);
        let two = "DTSTART:20261224\r\nDURATION:P2D\r\nSUMMARY:x";
        assert_eq!(dates(two), ["2026-12-24", "2026-12-25"]);
        let alarm = "BEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM\r\nDTSTART;VALUE=DATE:20261126\r\nSUMMARY:yes";
        assert_eq!(days(&event(alarm))[0].1, "yes");
    }

    #[test]
    fn what_comes_again_each_year_is_taken_for_the_years_around() {
        let years = |rest: &str| {
            (2025..=2031)
                .map(|year| format!("{year}{rest}"))
                .collect::<Vec<_>>()
        };
        let yearly = |start: &str, rule: &str| {
            dates(&format!(
                "DTSTART;VALUE=DATE:{start}\r\nSUMMARY:x\r\nRRULE:{rule}"
            ))
        };
        assert_eq!(yearly("20000704", "FREQ=YEARLY"), years("-07-04"));
        assert_eq!(
            yearly("20000704", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"),
            years("-07-04")
        );
        let fourth = yearly("20001123", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH");
        assert_eq!(fourth[..2], ["2025-11-27", "2026-11-26"]);
        let last = yearly("20000529", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO");
        assert_eq!(last[1], "2026-05-25");
        assert_eq!(
            yearly("20240101", "FREQ=YEARLY;COUNT=3"),
            ["2025-01-01", "2026-01-01"]
        );
        assert_eq!(
            yearly("20240101", "FREQ=YEARLY;UNTIL=20260101T000000Z"),
            ["2025-01-01", "2026-01-01"]
        );
        assert_eq!(
            yearly("20240101", "FREQ=YEARLY;INTERVAL=2"),
            ["2026-01-01", "2028-01-01", "2030-01-01"]
        );
        assert_eq!(yearly("20240229", "FREQ=YEARLY"), ["2028-02-29"]);
        let but = "DTSTART;VALUE=DATE:20260101\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nEXDATE;VALUE=DATE:20260101";
        assert_eq!(dates(but), ["2027-01-01"]);
    }

    #[test]
    fn what_is_no_whole_day_or_comes_by_other_rules_is_left_out_with_its_line() {
        for (lines, why) in [
            ("SUMMARY:x", NoDayOff::Date),
            ("DTSTART;VALUE=DATE:2026112\r\nSUMMARY:x", NoDayOff::Date),
            ("DTSTART:20261126T090000Z\r\nSUMMARY:x", NoDayOff::Time),
            (
                "DTSTART;VALUE=DATE:20261126\r\nDTEND:20261126T100000\r\nSUMMARY:x",
                NoDayOff::Time,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nDTEND;VALUE=DATE:20270126\r\nSUMMARY:x",
                NoDayOff::Long,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nDURATION:P99D\r\nSUMMARY:x",
                NoDayOff::Long,
            ),
            ("DTSTART;VALUE=DATE:20261126\r\nSUMMARY:", NoDayOff::Name),
            ("DTSTART;VALUE=DATE:20261126", NoDayOff::Name),
            (
                "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:x\r\nSTATUS:CANCELLED",
                NoDayOff::Cancelled,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:x\r\nRRULE:FREQ=WEEKLY",
                NoDayOff::Rule,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;BYDAY=MO",
                NoDayOff::Rule,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;INTERVAL=0",
                NoDayOff::Rule,
            ),
            (
                "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:x\r\nRDATE:20261127",
                NoDayOff::Rule,
            ),
        ] {
            assert_eq!(left_out(&event(lines)), [(3, why)], "{lines}");
        }
    }

    #[test]
    fn a_file_that_is_none_or_too_large_is_refused_as_a_whole() {
        let fault = |bytes: &[u8]| read(bytes, now()).unwrap_err();
        assert_eq!(
            fault(&vec![b'x'; FILE_BYTES_MAX + 1]),
            CalendarFault::TooLarge
        );
        assert_eq!(fault(&[0xff, 0xfe]), CalendarFault::Encoding);
        for text in ["", "date,name\n", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"] {
            assert_eq!(fault(text.as_bytes()), CalendarFault::Empty);
        }
        let open = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261126\nSUMMARY:x\n";
        assert_eq!(fault(open.as_bytes()), CalendarFault::Unended);
        let many: Vec<String> = (0..501)
            .map(|n| format!("{}-01-{:02},x", 1980 + n / 28, n % 28 + 1))
            .collect();
        let many = many.join("\n");
        assert_eq!(fault(many.as_bytes()), CalendarFault::TooManyDays);
    }

    #[test]
    fn what_people_type_is_a_date_and_a_name_on_each_line() {
        let days = typed("2026-11-26 Thanksgiving\r\n\n2026-12-25, Christmas Day\n").unwrap();
        let names: Vec<&str> = days.values().map(Line::as_str).collect();
        assert_eq!(names, ["Thanksgiving", "Christmas Day"]);
        for wrong in ["26.11.2026 x", "2026-11-26", "2026-11-26  ", "Thanksgiving"] {
            let text = format!("2026-01-01 New Year\n{wrong}");
            assert_eq!(
                typed(&text),
                Err(CalendarFault::Line { line: 2 }),
                "{wrong}"
            );
        }
        let twice = "2026-01-01 a\n2026-01-01 b";
        assert_eq!(typed(twice), Err(CalendarFault::Line { line: 2 }));
    }

    #[test]
    fn what_is_left_out_is_counted_and_told_up_to_a_limit() {
        let read = read("x,y\n".repeat(1_000).as_bytes(), now()).unwrap();
        assert_eq!(
            (read.left_out.len(), read.left_out_count),
            (LEFT_OUT_MAX, 999)
        );
    }

    proptest! {
        #[test]
        fn no_file_is_read_without_an_end(lines in "(BEGIN:V(EVENT|ALARM)\n|END:VEVENT\n|DTSTART:[0-9T]{8,9}\n|RRULE:FREQ=YEARLY(;[A-Z]{1,10}=[-+0-9A-Z]{0,9}){0,3}\n|DURATION:P[0-9]{0,12}[DW]\n|SUMMARY:.{0,4}\n){0,20}") {
            let text = format!("BEGIN:VCALENDAR\n{lines}END:VEVENT\nEND:VCALENDAR\n");
            if let Ok(read) = read(text.as_bytes(), now()) {
                prop_assert!(read.days.len() <= DAYS_MAX && read.left_out.len() <= LEFT_OUT_MAX);
            }
        }
    }
}
