//! URLs and e-mail addresses.

use super::{
    Scanner,
    classes::{is_name_char, next},
    dotted::trimmed,
    probes::Of,
};
use crate::{
    Kind,
    set::Class,
    value::{self, URL_BYTES_MAX},
};

/// So many URLs stand in one another at most.
const NESTED_MAX: u32 = 8;
/// Commas and semicolons in a URL at which it is also taken to end.
const SHORTER_MAX: usize = 8;

impl Scanner<'_> {
    /// Colons behind a letter or a digit.
    pub(super) fn urls(&mut self, base: usize, colons: u64) {
        let mut colons = colons;
        while let Some(bit) = next(&mut colons) {
            let place = base + bit;
            match self.bytes.get(place..place + 3) {
                Some(b"://") => match self.host_hash(place + 3) {
                    Some(hash) => self.look_up(hash, Of::Host { colon: place }),
                    None => self.url(place),
                },
                Some([b':', b'\\', b'/'] | [b':', b'/', b'\\']) => self.url_with_escapes(place),
                _ => {}
            }
        }
    }

    /// The hash of the host of a URL that begins here, if it is a name or an IPv4 address.
    #[inline]
    fn host_hash(&self, begin: usize) -> Option<u64> {
        let end = self.classes.name.run_end(begin);
        let behind = self.bytes.get(end).copied().unwrap_or(b' ');
        // What else stands here may be a user, or part of a host that is written in another way.
        let is_host = match behind {
            b'/' | b'?' | b'#' | b',' | b';' => true,
            b':' => {
                let port = self.classes.digit.run_end(end + 1);
                let behind = self.bytes.get(port).copied().unwrap_or(b' ');
                matches!(behind, b'/' | b'?' | b'#') || value::ends_url(behind, false)
            }
            _ => value::ends_url(behind, false),
        };
        let host = self.bytes.get(begin..end).unwrap_or_default();
        let trail = host.iter().rev().take_while(|&&byte| byte == b'.').count();
        let host = host.get(..host.len() - trail).unwrap_or_default();
        let is_plain = is_host && !host.is_empty() && host.is_ascii();
        is_plain.then(|| self.tables.hasher.text(Class::Host, host))
    }

    /// A colon with a slash and a backslash behind it: a URL in the other reading, perhaps.
    fn url_with_escapes(&mut self, colon: usize) {
        let mut place = colon + 1;
        let mut slash = None;
        for _ in 0..2 {
            if self.bytes.get(place) == Some(&b'\\') {
                slash = Some(place);
                place += 1;
            }
            if self.bytes.get(place) != Some(&b'/') {
                return;
            }
            place += 1;
        }
        let Some(slash) = slash else { return };
        match self.host_hash(place) {
            Some(hash) => self.look_up(hash, Of::EscapedHost { slash }),
            None => self.slashes.push(slash),
        }
    }

    pub(super) fn url(&mut self, colon: usize) {
        let bytes = self.bytes;
        let begin = self.classes.word.run_start(colon);
        let scheme = bytes.get(begin..colon).unwrap_or_default();
        let Some(digits) = scheme.iter().position(u8::is_ascii_alphabetic) else {
            return;
        };
        let start = begin + digits;
        if self.is_nested(start) {
            return;
        }
        let limit = bytes.len().min(start + URL_BYTES_MAX + 1);
        let text = bytes.get(start..limit).unwrap_or_default();
        let host = value::host_end(text);
        let mut ended = text.iter().enumerate();
        let length = ended
            .position(|(at, &byte)| value::ends_url(byte, at < host))
            .unwrap_or(text.len());
        let end = start + length;
        let whole = text.get(..length).unwrap_or_default();
        let escaped = matches!(bytes.get(end..end + 2), Some([b'\\', b'/' | b'u' | b'x']));
        if escaped {
            self.slashes.push(end);
        }
        let mut last = 0;
        if length <= URL_BYTES_MAX && !escaped {
            last = self.url_reading(start, whole, 0);
        }
        let behind_host = colon + 3 - start;
        let commas = whole.iter().enumerate().skip(behind_host);
        let commas = commas.filter(|(_, byte)| matches!(byte, b',' | b';'));
        for (at, _) in commas.take(SHORTER_MAX) {
            last = self.url_reading(start, whole.get(..at).unwrap_or_default(), last);
        }
    }

    /// Whether so many URLs stand before a place without a byte that ends them that one more is not
    /// read: otherwise a record of nothing else would be read again from each.
    fn is_nested(&self, start: usize) -> bool {
        let before = self.bytes.get(..start).unwrap_or_default();
        let mut urls = 0;
        for (at, &byte) in before.iter().enumerate().rev() {
            if value::ends_url(byte, true) {
                break;
            }
            urls += u32::from(byte == b':' && before.get(at..at + 3) == Some(b"://"));
            if urls == NESTED_MAX {
                return true;
            }
        }
        false
    }

    /// One way to read a URL; its length without what is behind it, to be read once.
    fn url_reading(&mut self, start: usize, text: &[u8], last: usize) -> usize {
        let text = value::url_core(text);
        if text.len() == last {
            return last;
        }
        self.normal.clear();
        if value::normalise_url(text, self.normal).is_none() {
            return last;
        }
        let hash = self.tables.hasher.text(Class::Url, self.normal);
        if self.tables.table.may_have(hash) {
            let normal = std::mem::take(self.normal);
            self.report(hash, (start, start + text.len()), |kind, packed| {
                kind == Kind::Url && packed == normal
            });
            *self.normal = normal;
        }
        text.len()
    }

    /// Each `@` with a byte of a name behind it.
    pub(super) fn emails(&mut self, base: usize, ats: u64) {
        let mut ats = ats;
        while let Some(bit) = next(&mut ats) {
            self.email(base + bit);
        }
    }

    fn email(&mut self, at: usize) {
        let Some(start) = self.local_start(at) else {
            return;
        };
        let bytes = self.bytes;
        let begin = at + 1;
        let run = self.classes.name.run_end(begin);
        let run = bytes.get(begin..run).unwrap_or_default();
        let length = name_length(run);
        let Some((first, end)) = trimmed(bytes, begin, begin + length) else {
            return;
        };
        let domain = bytes.get(begin..end).unwrap_or_default();
        if first != begin || domain.len() > 4 * value::NAME_BYTES_MAX {
            return;
        }
        self.normal.clear();
        let local = bytes.get(start..=at).unwrap_or_default();
        self.normal.extend(local.iter().map(u8::to_ascii_lowercase));
        if domain.is_ascii() {
            self.normal
                .extend(domain.iter().map(u8::to_ascii_lowercase));
        } else {
            let name = str::from_utf8(domain).ok().and_then(value::normal_name);
            let Some(name) = name else { return };
            self.normal.extend(name.bytes());
        }
        let hash = self.tables.hasher.text(Class::Email, self.normal);
        if self.tables.table.may_have(hash) {
            let normal = std::mem::take(self.normal);
            self.report(hash, (start, end), |kind, packed| {
                kind == Kind::Email && packed == normal
            });
            *self.normal = normal;
        }
    }

    /// Where the local part before an `@` begins.
    fn local_start(&self, at: usize) -> Option<usize> {
        let mut start = at;
        while let Some(before) = start.checked_sub(1) {
            let byte = *self.bytes.get(before)?;
            let cut = byte.is_ascii_alphanumeric() && !self.is_word_at(before);
            if !value::is_local(byte) || cut {
                // A letter beyond ASCII is part of it, and then it is no such address.
                if !byte.is_ascii() {
                    return None;
                }
                break;
            }
            if byte == b'.' && self.bytes.get(start) == Some(&b'.') {
                start += 1;
                break;
            }
            start = before;
        }
        while self.bytes.get(start) == Some(&b'.') {
            start += 1;
        }
        let local = self.bytes.get(start..at)?;
        value::is_local_part(local).then_some(start)
    }
}

/// The bytes of a run of names up to two dots in a row or a character that is in no name.
fn name_length(run: &[u8]) -> usize {
    let mut length = 0;
    if let Some(chunk) = run.utf8_chunks().next() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(found) = chars.next() {
            let doubled = found == '.' && chars.peek() == Some(&'.');
            if doubled || !found.is_ascii() && !is_name_char(found) {
                break;
            }
            length += found.len_utf8();
        }
    }
    length
}
