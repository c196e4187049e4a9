//! Times in text.

use jiff::civil;
use kernel::Timestamp;

use super::{TimeOptions, Written};

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Where times without a year are kept until it is known: a year that has every day.
const LEAP_YEAR: u32 = 2000;

/// What a time since the epoch stands behind, but for the first field.
const EPOCH_PREFIXES: &[&[u8]] = &[
    b"audit(",
    b"time=",
    b"ts=",
    b"timestamp=",
    b"rt=",
    b"time=\"",
    b"ts=\"",
    b"timestamp=\"",
];

/// The first time in a record.
pub(super) fn find(record: &[u8], options: &TimeOptions) -> Option<Timestamp> {
    let mut before = b' ';
    let mut rest = record;
    while let Some((first, behind)) = rest.split_first() {
        if !before.is_ascii_alphanumeric() && first.is_ascii_alphanumeric() {
            let (passed, _) = record.split_at_checked(record.len() - rest.len())?;
            let is_first = matches!(passed, b"" | b"\"" | b"[");
            let may_be_epoch = is_first || EPOCH_PREFIXES.iter().any(|&at| passed.ends_with(at));
            let written = date_and_time(rest).or_else(|| epoch(rest).filter(|_| may_be_epoch));
            let time = written.and_then(|written| written.resolve(&options.zone, options));
            if time.is_some() {
                return time;
            }
        }
        (before, rest) = (*first, behind);
    }
    None
}

/// The time that a value of JSON begins with.
pub(super) fn value(value: &[u8]) -> Option<Written> {
    let value = value.trim_ascii_start();
    let dates: [&[u8]; 2] = [b"/Date(", b"\\/Date("];
    let date = dates.iter().find_map(|date| value.strip_prefix(*date));
    match date {
        Some(inside) => epoch(inside),
        None => date_and_time(value).or_else(|| epoch(value)),
    }
}

fn date_and_time(text: &[u8]) -> Option<Written> {
    iso(text)
        .or_else(|| common_log(text))
        .or_else(|| month_first(text))
        .or_else(|| slashes(text))
}

/// `2023-11-14T22:13:20.5+01:00` and what is near it: `/` between the numbers of the date, a space
/// for the `T`, no zone, `20231114T221320Z`.
fn iso(text: &[u8]) -> Option<Written> {
    let mut cursor = Cursor(text);
    let year = cursor.digits(4)?;
    let dash = cursor.one_of(b"-/");
    let month = cursor.digits(2)?;
    if dash.is_some() && cursor.one_of(b"-/") != dash {
        return None;
    }
    let day = cursor.digits(2)?;
    let between = cursor.one_of(b"Tt _")?;
    let is_basic = dash.is_none();
    if is_basic && !between.eq_ignore_ascii_case(&b'T') {
        return None;
    }
    let hour = cursor.digits(2)?;
    if !is_basic {
        cursor.one_of(b":")?;
    }
    let minute = cursor.digits(2)?;
    let has_seconds = is_basic || cursor.one_of(b":").is_some();
    let second = if has_seconds { cursor.digits(2)? } else { 0 };
    let nanos = cursor.fraction();
    let time = civil_time((year, month, day), (hour, minute, second), nanos)?;
    cursor.zoned(time)
}

/// `10/Oct/2000:13:55:36 -0700`.
fn common_log(text: &[u8]) -> Option<Written> {
    let mut cursor = Cursor(text);
    let day = cursor.digits(2)?;
    let slash = cursor.one_of(b"/-")?;
    let month = cursor.month()?;
    if cursor.one_of(b"/-")? != slash {
        return None;
    }
    let year = cursor.digits(4)?;
    cursor.one_of(b": ")?;
    let (clock, nanos) = cursor.clock()?;
    cursor.zoned(civil_time((year, month, day), clock, nanos)?)
}

/// `Oct  1 22:14:15` of RFC 3164, with a year before or behind the time as others write it.
fn month_first(text: &[u8]) -> Option<Written> {
    let mut cursor = Cursor(text);
    let month = cursor.month()?;
    cursor.one_of(b" ")?;
    cursor.spaces();
    let day = cursor.digits(2).or_else(|| cursor.digits(1))?;
    cursor.one_of(b",");
    cursor.one_of(b" ")?;
    let mut year = cursor.digits(4);
    if year.is_some() {
        cursor.one_of(b" ")?;
    }
    let (clock, nanos) = cursor.clock()?;
    if year.is_none() {
        let mut behind = Cursor(cursor.0);
        if behind.one_of(b" ").is_some()
            && let Some(number) = behind.digits(4)
            && !behind.is_in_word()
            && (1990..=9999).contains(&number)
        {
            year = Some(number);
            cursor = behind;
        }
    }
    match year {
        Some(year) => cursor.zoned(civil_time((year, month, day), clock, nanos)?),
        None if cursor.is_in_word() => None,
        None => civil_time((LEAP_YEAR, month, day), clock, nanos).map(Written::Yearless),
    }
}

/// `11/14/2023 10:13:20 PM` or `14/11/2023 22:13:20`, where only one of them can be meant.
fn slashes(text: &[u8]) -> Option<Written> {
    let mut cursor = Cursor(text);
    let first = cursor.digits(2).or_else(|| cursor.digits(1))?;
    cursor.one_of(b"/")?;
    let second = cursor.digits(2).or_else(|| cursor.digits(1))?;
    cursor.one_of(b"/")?;
    let year = cursor.digits(4)?;
    cursor.one_of(b",");
    cursor.one_of(b" -T")?;
    let ((mut hour, minute, seconds), nanos) = cursor.clock()?;
    let mut half = Cursor(cursor.0);
    half.spaces();
    let letter = half
        .one_of(b"AaPp")
        .map(|letter| letter.to_ascii_uppercase());
    if let Some(letter) = letter
        && half.one_of(b"Mm").is_some()
        && (1..=12).contains(&hour)
    {
        hour = hour % 12 + if letter == b'P' { 12 } else { 0 };
        cursor = half;
    }
    let (month, day) = match (first, second) {
        (13.., _) => (second, first),
        (_, 13..) => (first, second),
        _ if first == second => (first, second),
        _ => return None,
    };
    cursor.zoned(civil_time(
        (year, month, day),
        (hour, minute, seconds),
        nanos,
    )?)
}

/// Seconds since the epoch, perhaps with a fraction, or milli-, micro- or nanoseconds.
fn epoch(text: &[u8]) -> Option<Written> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut cursor = Cursor(text);
    let number = i64::try_from(cursor.number(length)?).ok()?;
    let micros = match length {
        9 | 10 => {
            let micros = i64::from(cursor.fraction() / 1_000);
            number.checked_mul(1_000_000)?.checked_add(micros)?
        }
        13 => {
            let micros = i64::from(cursor.fraction() / 1_000_000);
            number.checked_mul(1_000)?.checked_add(micros)?
        }
        16 => number,
        19 => number / 1_000,
        _ => return None,
    };
    // A version or an address goes on with a dot or a letter.
    let is_end = !cursor.is_in_word() && cursor.0.first() != Some(&b'.');
    is_end.then_some(Written::Moment(micros))
}

fn civil_time(
    (year, month, day): (u32, u32, u32),
    (hour, minute, second): (u32, u32, u32),
    nanos: i32,
) -> Option<civil::DateTime> {
    // A leap second is the end of the one before it.
    let second = if second == 60 { 59 } else { second };
    let small = |number: u32| i8::try_from(number).ok();
    civil::DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanos,
    )
    .ok()
}

/// What is still to be read.
struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn spaces(&mut self) {
        while self.one_of(b" ").is_some() {}
    }

    fn number(&mut self, length: usize) -> Option<u64> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        let mut number = 0_u64;
        for digit in digits {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
        }
        self.0 = rest;
        Some(number)
    }

    /// As many digits; nothing is read if they are fewer.
    fn digits(&mut self, length: usize) -> Option<u32> {
        let number = self.number(length)?;
        u32::try_from(number).ok()
    }

    fn month(&mut self) -> Option<u32> {
        let (name, rest) = self.0.split_at_checked(3)?;
        let is_name = |known: &&[u8; 3]| known.eq_ignore_ascii_case(name);
        let index = MONTHS.iter().position(is_name)?;
        self.0 = rest;
        u32::try_from(index + 1).ok()
    }

    /// `22:13:20.5`, the hour with one digit or two.
    fn clock(&mut self) -> Option<((u32, u32, u32), i32)> {
        let hour = self.digits(2).or_else(|| self.digits(1))?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        self.one_of(b":")?;
        let second = self.digits(2)?;
        Some(((hour, minute, second), self.fraction()))
    }

    /// Nanoseconds behind a point or comma; zero where there are none.
    fn fraction(&mut self) -> i32 {
        let mut cursor = Cursor(self.0);
        if cursor.one_of(b".,").is_none() {
            return 0;
        }
        let (mut nanos, mut weight) = (0, 100_000_000);
        let mut is_number = false;
        while let Some(digit) = cursor.one_of(b"0123456789") {
            nanos += i32::from(digit - b'0') * weight;
            weight /= 10;
            is_number = true;
        }
        if is_number {
            self.0 = cursor.0;
        }
        nanos
    }

    /// The time with the zone that follows, if one does.
    fn zoned(&mut self, time: civil::DateTime) -> Option<Written> {
        if self.0.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let mut zone = Cursor(self.0);
        zone.spaces();
        if zone.one_of(b"Zz").is_some() && !zone.is_in_word() {
            return Written::with_offset(time, 0);
        }
        let utc: [&[u8]; 2] = [b"UTC", b"GMT"];
        if let Some(rest) = utc.iter().find_map(|name| zone.0.strip_prefix(*name))
            && !Cursor(rest).is_in_word()
        {
            return Written::with_offset(time, 0);
        }
        let offset = zone.offset_seconds();
        offset.map_or(Some(Written::Local(time)), |offset| {
            Written::with_offset(time, offset)
        })
    }

    /// `+01:00`, `+0100` or `+01`.
    fn offset_seconds(&mut self) -> Option<i32> {
        let sign = self.one_of(b"+-")?;
        let hours = self.digits(2)?;
        self.one_of(b":");
        let minutes = self.digits(2).unwrap_or(0);
        if self.is_in_word() || hours > 23 || minutes > 59 {
            return None;
        }
        let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
        Some(if sign == b'-' { -seconds } else { seconds })
    }

    fn is_in_word(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_alphanumeric)
    }
}
