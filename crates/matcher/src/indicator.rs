//! Indicators, and how a set packs them.

use std::borrow::Cow;

use crate::{Kind, Value};

/// What is looked for, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Indicator<'a> {
    /// What is looked for.
    pub value: Value,
    /// Its id where it comes from; may be empty.
    pub id: Cow<'a, str>,
    /// Where it comes from.
    pub source: Cow<'a, str>,
    /// Who may see it.
    pub marking: Option<Cow<'a, str>>,
    /// From when on it holds, in microseconds since 1970.
    pub valid_from_us: Option<i64>,
    /// Until when it holds, in microseconds since 1970.
    pub valid_until_us: Option<i64>,
    /// How sure its maker is, from 0 to 100.
    pub confidence: Option<u8>,
}

impl<'a> Indicator<'a> {
    /// An indicator of which nothing is known but its value, id and source.
    pub fn new(value: Value, id: &'a str, source: &'a str) -> Self {
        Self {
            value,
            id: id.into(),
            source: source.into(),
            marking: None,
            valid_from_us: None,
            valid_until_us: None,
            confidence: None,
        }
    }

    /// The same, with its own copy of all texts.
    pub fn into_owned(self) -> Indicator<'static> {
        Indicator {
            id: self.id.into_owned().into(),
            source: self.source.into_owned().into(),
            marking: self.marking.map(|marking| marking.into_owned().into()),
            value: self.value,
            valid_from_us: self.valid_from_us,
            valid_until_us: self.valid_until_us,
            confidence: self.confidence,
        }
    }
}

/// What many indicators of one source have in common.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Context<'a> {
    pub(crate) source: &'a str,
    pub(crate) marking: Option<&'a str>,
    pub(crate) confidence: Option<u8>,
}

impl<'a> Context<'a> {
    pub(crate) fn of(indicator: &'a Indicator<'_>) -> Self {
        Self {
            source: &indicator.source,
            marking: indicator.marking.as_deref(),
            confidence: indicator.confidence,
        }
    }

    /// Appends it: one more than the confidence, one more than the length of the marking, 0 where
    /// there is none, then the marking, and the source to the end.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        put_number(self.confidence.map_or(0, |it| u64::from(it) + 1), out);
        put_number(self.marking.map_or(0, |it| length(it.as_bytes()) + 1), out);
        out.extend(self.marking.unwrap_or_default().bytes());
        out.extend(self.source.bytes());
    }

    /// Reads what [`Context::put`] wrote.
    pub(crate) fn read(mut bytes: &'a [u8]) -> Option<Self> {
        let confidence = take_number(&mut bytes)?.checked_sub(1);
        let marking = match take_number(&mut bytes)?.checked_sub(1) {
            Some(length) => Some(bytes.split_off(..usize::try_from(length).ok()?)?),
            None => None,
        };
        Some(Self {
            source: str::from_utf8(bytes).ok()?,
            marking: marking.map(str::from_utf8).transpose().ok()?,
            confidence: confidence.map(u8::try_from).transpose().ok()?,
        })
    }
}

/// The length of bytes as a set writes it.
pub(crate) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Splits an id that ends with a UUID as it is written by default.
pub(crate) fn split_uuid(id: &str) -> Option<(&str, [u8; 16])> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let (head, uuid) = id.split_at_checked(id.len().checked_sub(36)?)?;
    let mut digits = [0_u8; 32];
    let mut left = digits.iter_mut();
    for (at, byte) in uuid.bytes().enumerate() {
        if HYPHENS.contains(&at) {
            if byte != b'-' {
                return None;
            }
        } else if matches!(byte, b'0'..=b'9' | b'a'..=b'f') {
            *left.next()? = byte;
        } else {
            return None;
        }
    }
    let value = |digit: u8| {
        if digit.is_ascii_digit() {
            digit - b'0'
        } else {
            digit - b'a' + 10
        }
    };
    let mut bytes = [0_u8; 16];
    for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = value(*high) << 4 | value(*low);
    }
    Some((head, bytes))
}

/// Appends an id that [`split_uuid`] split.
pub(crate) fn join_uuid(head: &str, uuid: [u8; 16]) -> String {
    let mut id = head.to_owned();
    for (at, byte) in uuid.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            id.push(char::from(
                digit + if digit < 10 { b'0' } else { b'a' - 10 },
            ));
        }
    }
    id
}

/// The kind and the packed value at the head of an indicator's bytes.
pub(crate) fn head(bytes: &[u8]) -> Option<(Kind, &[u8], &[u8])> {
    let (&code, rest) = bytes.split_first()?;
    let mut rest = rest;
    let length = usize::try_from(take_number(&mut rest)?).ok()?;
    let (packed, rest) = rest.split_at_checked(length)?;
    Some((Kind::of_code(code)?, packed, rest))
}

/// Appends a number, seven bits a byte, the low ones first.
pub(crate) fn put_number(mut number: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Takes a number from the front.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Appends the time of an indicator: one more than the zigzag code of seconds or microseconds.
pub(crate) fn put_time(time_us: Option<i64>, out: &mut Vec<u8>) {
    let Some(time_us) = time_us else {
        return out.push(0);
    };
    let (tag, number) = if time_us % 1_000_000 == 0 {
        (1, time_us / 1_000_000)
    } else {
        (2, time_us)
    };
    out.push(tag);
    put_number((number << 1 ^ number >> 63).cast_unsigned(), out);
}

/// Takes a time from the front; none where none is there.
pub(crate) fn take_time(bytes: &mut &[u8]) -> Option<i64> {
    let (&tag, rest) = bytes.split_first()?;
    *bytes = rest;
    if tag == 0 {
        return None;
    }
    let code = take_number(bytes)?;
    let number = (code >> 1).cast_signed() ^ -(code & 1).cast_signed();
    let scale = if tag == 1 { 1_000_000 } else { 1 };
    number.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_lead_back() {
        let times = [
            None,
            Some(0),
            Some(-1),
            Some(i64::MAX),
            Some(i64::MIN),
            Some(1_700_000_000_000_000),
        ];
        for time in times {
            let mut bytes = Vec::new();
            put_time(time, &mut bytes);
            assert_eq!(take_time(&mut &bytes[..]), time);
        }
        for number in [0, 127, 128, u64::MAX] {
            let mut bytes = Vec::new();
            put_number(number, &mut bytes);
            assert_eq!(take_number(&mut &bytes[..]), Some(number));
        }
    }

    #[test]
    fn a_context_leads_back() {
        let marked = Context {
            source: "a list",
            marking: Some(""),
            confidence: Some(255),
        };
        let plain = Context {
            source: "",
            marking: None,
            confidence: None,
        };
        for context in [marked, plain] {
            let mut bytes = Vec::new();
            context.put(&mut bytes);
            assert_eq!(Context::read(&bytes), Some(context));
        }
        assert_eq!(Context::read(&[0, 3, b'a']), None);
        assert_eq!(Context::read(&[0, 0, 0xff]), None);
    }

    #[test]
    fn only_ids_with_a_plain_uuid_are_split() {
        let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
        let (head, uuid) = split_uuid(id).unwrap();
        assert_eq!((head, join_uuid(head, uuid).as_str()), ("indicator--", id));
        assert_eq!(split_uuid("8E2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"), None);
        assert_eq!(split_uuid("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3"), None);
        assert_eq!(split_uuid("8e2e2d2b017d4-4cbf-938f-98ee46b3cd3f"), None);
    }
}
