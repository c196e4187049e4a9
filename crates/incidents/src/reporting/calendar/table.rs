//! A table of days off: a date and a name on each line, with commas, semicolons or tabs between. A first
//! line without a date is a heading.

use jiff::civil::Date;

use super::days::{NoDayOff, Read};
use crate::clocks::CalendarFault;

pub(super) fn read(text: &str, read: &mut Read) -> Result<(), CalendarFault> {
    let mark = text.chars().find(|c| matches!(c, ',' | ';' | '\t'));
    let mark = mark.unwrap_or(',');
    let lines = text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim().is_empty());
    for (place, (line, number)) in lines.enumerate() {
        let mut fields = Fields { rest: line, mark };
        let date = fields.next().unwrap_or_default();
        match day(date.trim()) {
            Some(day) => read.take(number, day, &fields.next().unwrap_or_default())?,
            None if place == 0 => {}
            None => read.leave_out(number, NoDayOff::Date),
        }
    }
    Ok(())
}

/// A date in its one spelling.
pub(super) fn day(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

/// The fields of a line; quoted as in RFC 4180, though never over several lines.
struct Fields<'t> {
    rest: &'t str,
    mark: char,
}

impl Iterator for Fields<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut field, mut quoted) = (String::new(), false);
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    field.push('"');
                }
                '"' if quoted || field.trim().is_empty() => quoted = !quoted,
                c if c == self.mark && !quoted => {
                    self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or_default();
                    return Some(field);
                }
                c => field.push(c),
            }
        }
        self.rest = "";
        Some(field)
    }
}
