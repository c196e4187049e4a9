//! Names as the DNS server of Windows writes them: `(4)evil(7)example(0)`, each label behind its
//! length, and the root at the end.
//!
//! A log that has one of them in its beginning has all of them spelled as usual, with spaces behind
//! them up to their old length, so that lines and offsets stay where they were. Other logs cost the
//! look at their beginning.

use memchr::memchr;

/// Bytes of a log in which the first of these names must stand.
pub(super) const HEAD_BYTES: u64 = 64 << 10;
const LABEL_BYTES_MAX: usize = 63;
/// Of a name of 253 bytes, whose labels are of one byte.
const NAME_BYTES_MAX: usize = 127 * 4 + 3;

/// How the names of a log are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Spelling {
    /// No name has come yet that shows it.
    #[default]
    Unknown,
    /// As everywhere.
    Usual,
    /// With the length of each label before it.
    ByLengths,
}

impl Spelling {
    /// Spells the names of the next lines as usual, where they are not; so many bytes of the log are
    /// before them.
    pub(super) fn apply(&mut self, offset: u64, lines: &mut [u8]) {
        let mut from = 0;
        while *self != Self::Usual {
            let rest = lines.get_mut(from..).unwrap_or_default();
            let Some(begin) = memchr(b'(', rest) else {
                break;
            };
            if *self == Self::Unknown && at(offset, from + begin) >= HEAD_BYTES {
                break;
            }
            // What stands behind a label that is not as long as it says is no name of its own.
            let before = begin
                .checked_sub(1)
                .and_then(|before| rest.get(before).copied());
            let length = if before.is_some_and(is_of_label) {
                0
            } else {
                spell_out(rest.get_mut(begin..).unwrap_or_default())
            };
            if length > 0 {
                *self = Self::ByLengths;
            }
            from += begin + length.max(1);
        }
        if *self == Self::Unknown && at(offset, lines.len()) >= HEAD_BYTES {
            *self = Self::Usual;
        }
    }
}

fn is_of_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') || !byte.is_ascii()
}

fn at(offset: u64, more: usize) -> u64 {
    offset.saturating_add(super::account::count(more))
}

/// Spells the name that this begins with as usual; gives its old length, or 0 where it is none.
fn spell_out(text: &mut [u8]) -> usize {
    let mut usual = Vec::new();
    let mut rest = text.get(..NAME_BYTES_MAX).unwrap_or(text);
    let whole = rest.len();
    let taken = loop {
        let Some((length, behind)) = length_of_label(rest) else {
            return 0;
        };
        let Some((label, behind)) = behind.split_at_checked(length) else {
            return 0;
        };
        if label.is_empty() {
            break whole - behind.len();
        }
        if !label
            .iter()
            .all(|byte| byte.is_ascii_graphic() || !byte.is_ascii())
        {
            return 0;
        }
        if !usual.is_empty() {
            usual.push(b'.');
        }
        usual.extend_from_slice(label);
        rest = behind;
    };
    if usual.is_empty() {
        return 0;
    }
    usual.resize(taken, b' ');
    if let Some(name) = text.get_mut(..taken) {
        name.copy_from_slice(&usual);
    }
    taken
}

/// The number in the brackets that this begins with, and what stands behind them.
fn length_of_label(text: &[u8]) -> Option<(usize, &[u8])> {
    let inner = text.strip_prefix(b"(")?;
    let digits = inner
        .iter()
        .take(3)
        .take_while(|byte| byte.is_ascii_digit());
    let (digits, behind) = inner.split_at_checked(digits.count())?;
    let length: usize = str::from_utf8(digits).ok()?.parse().ok()?;
    let behind = behind.strip_prefix(b")")?;
    (length <= LABEL_BYTES_MAX).then_some((length, behind))
}
