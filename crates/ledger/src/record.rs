//! What a leaf stands for: a few lines of text with one form only.

use std::fmt;

use crate::{Error, sha256, text};

/// The longest record.
pub const RECORD_BYTES_MAX: usize = 512;

const HEADER: &str = "comity/leaf/v1";
const CODE_BYTES_MAX: usize = 64;
const SUBJECT_BYTES_MAX: usize = 128;
const MICROS_A_SECOND: i64 = 1_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// Bytes of a time as it is written.
const TIME_BYTES: usize = 27;

/// The last microsecond of the year 9999, the last that RFC 3339 can write.
const AT_MAX: i64 = 253_402_300_799_999_999;

/// What happened to the subject.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Act {
    /// Given to another log's holder.
    Sent,
    /// Taken in whole; the only act that a receipt is given for.
    Received,
    /// Looked at and not taken in.
    Refused,
    /// Something of the log's holder alone, named by a code.
    Local(String),
}

impl Act {
    /// A local act: a code of up to 64 lower-case letters, digits, `_`, `-` and
    /// `.`, beginning with a letter.
    pub fn local(code: &str) -> Result<Self, Error> {
        let well_formed = code.len() <= CODE_BYTES_MAX
            && code.starts_with(|c: char| c.is_ascii_lowercase())
            && code
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.'));
        if well_formed {
            Ok(Self::Local(code.to_owned()))
        } else {
            Err(Error::Malformed { what: "act" })
        }
    }

    /// The word, of a local act without its code.
    const fn word(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Local(_) => "local:",
        }
    }

    fn parse(act: &str) -> Result<Self, Error> {
        match act {
            "sent" => Ok(Self::Sent),
            "received" => Ok(Self::Received),
            "refused" => Ok(Self::Refused),
            other => Self::local(
                other
                    .strip_prefix("local:")
                    .ok_or(Error::Malformed { what: "act" })?,
            ),
        }
    }
}

/// The word as the record writes it.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Local(code) => f.write_str(code),
            Self::Sent | Self::Received | Self::Refused => Ok(()),
        }
    }
}

/// The meaning of a leaf. The leaf's entry is the SHA-256 of the record's text;
/// who erases the salt makes the entry meaningless and leaves the tree whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    act: Act,
    at: i64,
    subject: String,
    sha256: [u8; 32],
    salt: [u8; 32],
}

impl Record {
    /// A record. `at` is in microseconds since 1970, up to the year 9999;
    /// `subject` has 1 to 128 visible ASCII characters.
    pub fn new(
        act: Act,
        at: i64,
        subject: &str,
        sha256: [u8; 32],
        salt: [u8; 32],
    ) -> Result<Self, Error> {
        // The constructor of the variant is public, so its text is looked at again.
        if let Act::Local(code) = &act {
            Act::local(code)?;
        }
        if !(0..=AT_MAX).contains(&at) {
            return Err(Error::Malformed { what: "time" });
        }
        let well_formed = !subject.is_empty()
            && subject.len() <= SUBJECT_BYTES_MAX
            && subject.bytes().all(|byte| byte.is_ascii_graphic());
        if !well_formed {
            return Err(Error::Malformed { what: "subject" });
        }
        Ok(Self {
            act,
            at,
            subject: subject.to_owned(),
            sha256,
            salt,
        })
    }

    /// Reads a record in its one form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "record" };
        let record = text::bounded(bytes, RECORD_BYTES_MAX, "record")?;
        let mut lines = record.strip_suffix('\n').ok_or(MALFORMED)?.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(MALFORMED);
        }
        let mut field = |name: &str| {
            lines
                .next()
                .and_then(|line| line.strip_prefix(name)?.strip_prefix(' '))
                .ok_or(MALFORMED)
        };
        let parsed = Self::new(
            Act::parse(field("act")?)?,
            parse_time(field("at")?)?,
            field("subject")?,
            text::decode_hex(field("sha256")?, "sha256")?,
            text::decode_hex(field("salt")?, "salt")?,
        )?;
        if lines.next().is_none() {
            Ok(parsed)
        } else {
            Err(MALFORMED)
        }
    }

    /// What goes into the tree: the SHA-256 of the record's text.
    pub fn entry(&self) -> [u8; 32] {
        sha256(self.text().as_bytes())
    }

    /// The text, of which the entry is the SHA-256. Built by hand, since whole trees are built of
    /// such texts.
    fn text(&self) -> String {
        let mut text = String::with_capacity(RECORD_BYTES_MAX);
        for part in [HEADER, "\nact ", self.act.word()] {
            text.push_str(part);
        }
        if let Act::Local(code) = &self.act {
            text.push_str(code);
        }
        text.push_str("\nat ");
        push_time(&mut text, self.at);
        for part in ["\nsubject ", &self.subject, "\nsha256 "] {
            text.push_str(part);
        }
        text::push_hex(&mut text, &self.sha256);
        text.push_str("\nsalt ");
        text::push_hex(&mut text, &self.salt);
        text.push('\n');
        text
    }

    /// What happened.
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// When, by the clock of the log's holder, in microseconds since 1970.
    pub const fn at(&self) -> i64 {
        self.at
    }

    /// When, as RFC 3339 in UTC with microseconds.
    pub fn at_text(&self) -> String {
        print_time(self.at)
    }

    /// To what.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The digest of what the subject consisted of.
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// 32 random bytes, without which the entry says nothing.
    pub const fn salt(&self) -> &[u8; 32] {
        &self.salt
    }
}

/// The text, of which the entry is the SHA-256.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// `2026-11-21T10:00:00.000000Z`, always with six digits.
pub(crate) fn print_time(at: i64) -> String {
    let mut text = String::with_capacity(TIME_BYTES);
    push_time(&mut text, at);
    text
}

fn push_time(text: &mut String, at: i64) {
    let (seconds, micros) = (
        at.div_euclid(MICROS_A_SECOND),
        at.rem_euclid(MICROS_A_SECOND),
    );
    let (year, month, day) = date_of(seconds.div_euclid(SECONDS_A_DAY));
    let second = seconds.rem_euclid(SECONDS_A_DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    for (number, digits, after) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (hour, 2, ':'),
        (minute, 2, ':'),
        (second, 2, '.'),
        (micros, 6, 'Z'),
    ] {
        for place in (0..digits).rev() {
            let digit = number / 10_i64.pow(place) % 10;
            let digit = u32::try_from(digit).ok();
            text.extend(digit.and_then(|digit| char::from_digit(digit, 10)));
        }
        text.push(after);
    }
}

/// Reads what [`print_time`] writes, and nothing else.
fn parse_time(time: &str) -> Result<i64, Error> {
    const MALFORMED: Error = Error::Malformed { what: "time" };
    if time.len() != TIME_BYTES {
        return Err(MALFORMED);
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = time.get(range)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(())?;
        digits.parse::<i64>().ok()
    };
    let at = (|| {
        let days = days_before(number(0..4)?, number(5..7)?, number(8..10)?);
        let seconds = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
        Some((days * SECONDS_A_DAY + seconds) * MICROS_A_SECOND + number(20..26)?)
    })()
    .ok_or(MALFORMED)?;
    // Printing again refuses wrong separators, the 30th of February and the 61st minute.
    if print_time(at) == time {
        Ok(at)
    } else {
        Err(MALFORMED)
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. The year
/// is taken to begin in March, so that the leap day ends it.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + day_of_year - 719_468
}

/// The inverse of [`days_before`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_printed_and_read() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
            (1_700_000_000_123_456, "2023-11-14T22:13:20.123456Z"),
            (AT_MAX, "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(print_time(at), text);
            assert_eq!(parse_time(text), Ok(at));
        }
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        let mut before = (1969, 12, 31);
        for day in 0..800 * 365 {
            let date = date_of(day);
            assert!(date > before, "{date:?}");
            assert_eq!(days_before(date.0, date.1, date.2), day);
            before = date;
        }
    }

    #[test]
    fn no_other_spelling_of_a_moment_is_read() {
        for bad in [
            "2023-02-30T00:00:00.000000Z",
            "2023-13-01T00:00:00.000000Z",
            "2023-00-01T00:00:00.000000Z",
            "2023-11-14T24:00:00.000000Z",
            "2023-11-14T22:60:00.000000Z",
            "2023-11-14T22:13:60.000000Z",
            "2023-11-14t22:13:20.000000Z",
            "2023-11-14T22:13:20.000000z",
            "2023-11-14T22:13:20,000000Z",
            "+023-11-14T22:13:20.000000Z",
            "2023-11-14T22:13:20Z",
        ] {
            assert!(parse_time(bad).is_err(), "{bad}");
        }
    }
}
