//! IPv6 addresses: what has colons inside.

use std::net::Ipv6Addr;

use super::{
    Scanner,
    classes::{next, run_end, run_start},
    planes::Plane,
};
use crate::{Kind, set::Class};

/// Bytes of the longest spelling: eight groups, the last two as an IPv4 address.
const BYTES_MAX: usize = 45;

impl Scanner<'_> {
    /// Colons that have another one near behind them.
    pub(super) fn colons(&mut self, base: usize, colons: u64) {
        let classes = self.classes;
        let part = |number: usize| {
            let word = |plane: &Plane| plane.words().get(number).copied();
            Some(word(&classes.word)? | word(&classes.dot)? | word(&classes.colon)?)
        };
        let mut colons = colons;
        while let Some(bit) = next(&mut colons) {
            let place = base + bit;
            if place < self.coloned_to {
                continue;
            }
            let start = run_start(|number| part(number).unwrap_or(0), place);
            let end = run_end(part, place);
            self.coloned_to = end;
            self.coloned(start, end);
        }
    }

    /// A run of letters, digits, dots and colons; two dots in a row end what is before them.
    fn coloned(&mut self, start: usize, end: usize) {
        let mut begin = start;
        while begin < end {
            let rest = self.bytes.get(begin..end).unwrap_or_default();
            let stop = rest.windows(2).position(|two| two == b"..");
            let stop = begin + stop.unwrap_or(rest.len());
            self.coloned_word(begin, stop);
            begin = stop + 2;
        }
    }

    fn coloned_word(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let text = |start, end| bytes.get(start..end).unwrap_or_default();
        let (mut start, mut end) = (start, end);
        while text(start, end).last() == Some(&b'.') {
            end -= 1;
        }
        while text(start, end).first() == Some(&b'.') {
            start += 1;
        }
        // Words before it that can be no group are what names it: `src:2001:db8::1`.
        while let Some(colon) = text(start, end).iter().position(|&byte| byte == b':') {
            let group = text(start, start + colon);
            if group.len() <= 4 && group.iter().all(u8::is_ascii_hexdigit) {
                break;
            }
            start += colon + 1;
        }
        if let [.., other, b':'] = text(start, end)
            && *other != b':'
        {
            end -= 1;
        }
        let word = text(start, end);
        if word.len() > BYTES_MAX || word.split(|&byte| byte == b':').nth(2).is_none() {
            return;
        }
        let address = str::from_utf8(word).ok().and_then(|word| word.parse().ok());
        if let Some(address) = address {
            self.address6(address, word.contains(&b'.'), (start, end));
        }
    }

    fn address6(&mut self, address: Ipv6Addr, is_dotted: bool, place: (usize, usize)) {
        let tables = self.tables;
        if let Some(mapped) = address.to_ipv4_mapped() {
            // A dotted one is found by its dots.
            if !is_dotted {
                self.address4(mapped.into(), place);
            }
            return;
        }
        let number = u128::from(address);
        let hash = tables.hasher.wide(Class::Address6, number);
        if tables.table.may_have(hash) {
            let octets = address.octets();
            self.report(hash, place, |kind, packed| {
                kind == Kind::Ipv6 && packed == octets
            });
        }
        for bits in tables.wanted.net6_lengths() {
            let network = number & u128::MAX.checked_shl(u32::from(128 - bits)).unwrap_or(0);
            let hash = tables.hasher.wide(Class::Net6(bits), network);
            if tables.table.may_have(hash) {
                let octets = network.to_be_bytes();
                self.report(hash, place, |kind, packed| {
                    kind == Kind::Ipv6Net && packed.split_last() == Some((&bits, &octets[..]))
                });
            }
        }
    }
}
