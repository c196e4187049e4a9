//! Names and IPv4 addresses: what has dots inside, byte by byte and label by label.

use super::{
    Scanner,
    classes::{is_name_char, next},
};
use crate::{
    Kind,
    set::Class,
    value::{self, NAME_BYTES_MAX},
};

impl Scanner<'_> {
    /// Reads the run around a dot byte by byte: it is long, or has two dots in a row or bytes beyond
    /// ASCII.
    #[cold]
    pub(super) fn dotted_by_bytes(&mut self, place: usize) {
        let start = self.classes.name.run_start(place);
        let end = self.classes.name.run_end(place);
        self.addresses(start, end);
        if !self.tables.wanted.names {
            return;
        }
        let bytes = self.bytes;
        let mut piece = start;
        let mut place = start;
        let run = bytes.get(start..end).unwrap_or_default();
        for chunk in run.utf8_chunks() {
            for found in chunk.valid().chars() {
                let behind = place + found.len_utf8();
                let doubled = found == '.' && bytes.get(behind) == Some(&b'.') && behind < end
                    || found == '.' && place > start && bytes.get(place - 1) == Some(&b'.');
                if doubled || !found.is_ascii() && !is_name_char(found) {
                    self.piece(piece, place);
                    piece = behind;
                }
                place = behind;
            }
            if !chunk.invalid().is_empty() {
                self.piece(piece, place);
                place += chunk.invalid().len();
                piece = place;
            }
        }
        self.piece(piece, end);
    }

    /// A name with punctuation around it, perhaps.
    fn piece(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let Some((start, end)) = trimmed(bytes, start, end) else {
            return;
        };
        let text = bytes.get(start..end).unwrap_or_default();
        if bytes.get(end) == Some(&b'@') || !text.contains(&b'.') || text.len() > 4 * NAME_BYTES_MAX
        {
            return;
        }
        if text.is_ascii() {
            if value::is_name(text) {
                self.name(
                    bytes,
                    (start, end),
                    dots_of(bytes, start, end),
                    (start, end),
                );
            }
        } else if let Some(name) = str::from_utf8(text).ok().and_then(value::normal_name) {
            let name = name.as_bytes();
            self.name(
                name,
                (0, name.len()),
                dots_of(name, 0, name.len()),
                (start, end),
            );
        }
    }

    /// A name in `text`, given its dots from the right; `place` is where it stands.
    pub(super) fn name(
        &mut self,
        text: &[u8],
        (start, end): (usize, usize),
        dots: impl Iterator<Item = usize>,
        place: (usize, usize),
    ) {
        let tables = self.tables;
        let mut hash = tables.hasher.name();
        let mut right = end;
        for dot in dots {
            hash = hash.with(text, dot + 1, right);
            let is_top = right == end;
            right = dot;
            if is_top {
                if !tables.has_top(hash) {
                    return;
                }
                if !tables.wanted.tops {
                    continue;
                }
            }
            if tables.wanted.trees && tables.table.may_have(hash.value()) {
                let wanted = text.get(dot + 1..end).unwrap_or_default();
                self.report(hash.value(), place, |kind, name| {
                    kind == Kind::DomainTree && name.eq_ignore_ascii_case(wanted)
                });
            }
        }
        let hash = hash.with(text, start, right).value();
        if tables.table.may_have(hash) {
            let wanted = text.get(start..end).unwrap_or_default();
            self.report(hash, place, |kind, name| {
                matches!(kind, Kind::Domain | Kind::DomainTree) && name.eq_ignore_ascii_case(wanted)
            });
        }
    }

    /// IPv4 addresses among words that hyphens and the like separate.
    #[cold]
    pub(super) fn addresses(&mut self, start: usize, end: usize) {
        let mut begin = start;
        for at in start..=end {
            let is_part = self.is_word_at(at) || self.bytes.get(at) == Some(&b'.');
            if at == end || !is_part {
                self.address_word(begin, at);
                begin = at + 1;
            }
        }
    }

    /// A run of letters, digits and dots: two dots in a row end what is before them.
    fn address_word(&mut self, start: usize, end: usize) {
        let mut begin = start;
        while begin < end {
            let rest = self.bytes.get(begin..end).unwrap_or_default();
            let stop = rest.windows(2).position(|two| two == b"..");
            let stop = begin + stop.unwrap_or(rest.len());
            let word = self.bytes.get(begin..stop).unwrap_or_default();
            let lead = word.iter().take_while(|&&byte| byte == b'.').count();
            let trail = word.iter().rev().take_while(|&&byte| byte == b'.').count();
            if lead + trail < word.len() {
                self.quad(begin + lead, stop - trail);
            }
            begin = stop + 2;
        }
    }

    /// An IPv4 address, if it is one.
    pub(super) fn quad(&mut self, start: usize, end: usize) {
        let text = self.bytes.get(start..end).unwrap_or_default();
        if let Some(address) = quad(text) {
            self.address4(address, (start, end));
        }
    }

    pub(super) fn address4(&mut self, address: u32, place: (usize, usize)) {
        let tables = self.tables;
        let hash = tables.hasher.number(Class::Address4, address);
        if tables.wanted.v4 && tables.table.may_have(hash) {
            let octets = address.to_be_bytes();
            self.report(hash, place, |kind, packed| {
                kind == Kind::Ipv4 && packed == octets
            });
        }
        if tables.may_have_net4(address) {
            let mut lengths = tables.wanted.net4_bits;
            while let Some(bits) = next(&mut lengths) {
                let bits = u8::try_from(bits).unwrap_or(32);
                let network = address & u32::MAX.checked_shl(u32::from(32 - bits)).unwrap_or(0);
                let hash = tables.hasher.number(Class::Net4(bits), network);
                if tables.table.may_have(hash) {
                    let [a, b, c, d] = network.to_be_bytes();
                    let wanted = [a, b, c, d, bits];
                    self.report(hash, place, |kind, packed| {
                        kind == Kind::Ipv4Net && packed == wanted
                    });
                }
            }
        }
    }
}

/// What is left of a name without what punctuation stands around it.
pub(super) fn trimmed(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    let text = bytes.get(start..end)?;
    let first = text.iter().position(|byte| !b".-".contains(byte))?;
    let last = text.iter().rposition(|byte| !b".-_".contains(byte))?;
    (first <= last).then_some((start + first, start + last + 1))
}

/// The places of the dots, from the right.
fn dots_of(text: &[u8], start: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
    (start..end).rev().filter(|&at| text.get(at) == Some(&b'.'))
}

/// The address that four decimal numbers write.
fn quad(text: &[u8]) -> Option<u32> {
    if !(7..=15).contains(&text.len()) {
        return None;
    }
    let mut address = 0_u32;
    let mut number = 0_u32;
    let mut digits = 0;
    let mut dots = 0;
    for &byte in text {
        if byte == b'.' {
            if digits == 0 || number > 255 {
                return None;
            }
            address = address << 8 | number;
            (number, digits) = (0, 0);
            dots += 1;
        } else {
            // A zero is alone.
            if !byte.is_ascii_digit() || digits > 0 && number == 0 || digits == 3 {
                return None;
            }
            number = number * 10 + u32::from(byte - b'0');
            digits += 1;
        }
    }
    (dots == 3 && (1..=3).contains(&digits) && number <= 255).then_some(address << 8 | number)
}
