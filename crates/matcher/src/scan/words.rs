//! Hashes, fingerprints, addresses of crypto-currencies and numbers: whole runs of letters and
//! digits, and what is made of few.

use super::{Scanner, classes::next, probes::Of};
use crate::{
    Kind,
    set::{Class, LONG_BYTES_MAX},
    value::{self, CVE_BYTES_MAX, JA4_BYTES},
};

impl Scanner<'_> {
    /// Runs of so many letters and digits that they can be a hash or the like.
    pub(super) fn long_words(&mut self, base: usize, starts: u64) {
        let mut long = starts;
        while let Some(bit) = next(&mut long) {
            let start = base + bit;
            let end = self.classes.word.run_end(start);
            self.long_word(start, end);
        }
    }

    fn long_word(&mut self, start: usize, end: usize) {
        let tables = self.tables;
        if end - start > LONG_BYTES_MAX || !tables.has_length(end - start) {
            return;
        }
        let word = self.bytes.get(start..end).unwrap_or_default();
        let hash = tables.hasher.text(Class::Word, word);
        self.look_up(hash, Of::Word { start, end });
    }

    pub(super) fn report_word(&mut self, hash: u64, start: usize, end: usize) {
        let word = self.bytes.get(start..end).unwrap_or_default();
        self.report(hash, (start, end), |kind, packed| {
            is_word(word, kind, packed)
        });
    }

    /// Numbers of vulnerabilities: `joints` stand between a letter and a digit.
    pub(super) fn cves(&mut self, base: usize, joints: u64) {
        let mut joints = joints;
        while let Some(bit) = next(&mut joints) {
            let place = base + bit;
            let Some(start) = place.checked_sub(3) else {
                continue;
            };
            let head = self.bytes.get(start..=place);
            if head.is_some_and(|head| head.eq_ignore_ascii_case(b"cve-")) {
                self.cve(start, place + 1);
            }
        }
    }

    fn cve(&mut self, start: usize, number: usize) {
        let year = self.classes.digit.run_end(number);
        let end = self.classes.digit.run_end(year + 1);
        let glued = start
            .checked_sub(1)
            .is_some_and(|before| self.is_word_at(before));
        let cut = !(start..number - 1).all(|at| self.is_word_at(at));
        let text = self.bytes.get(start..end).unwrap_or_default();
        let right = self
            .bytes
            .get(number..end)
            .is_some_and(value::is_cve_number);
        if glued || cut || !right || text.len() > CVE_BYTES_MAX || self.is_word_at(end) {
            return;
        }
        let hash = self.tables.hasher.text(Class::Cve, text);
        if self.tables.table.may_have(hash) {
            self.report(hash, (start, end), |kind, packed| {
                kind == Kind::Cve && packed.eq_ignore_ascii_case(text)
            });
        }
    }

    /// Numbers of autonomous systems: two letters that begin a word, and a digit.
    pub(super) fn asns(&mut self, base: usize, begins: u64) {
        let mut begins = begins;
        while let Some(bit) = next(&mut begins) {
            let start = base + bit;
            let head = self.bytes.get(start..start + 2);
            if !head.is_some_and(|head| head.eq_ignore_ascii_case(b"as")) {
                continue;
            }
            let end = self.classes.word.run_end(start);
            let digits = self.bytes.get(start + 2..end);
            let Some(number) = digits.and_then(value::asn) else {
                continue;
            };
            let hash = self.tables.hasher.number(Class::Asn, number);
            if self.tables.table.may_have(hash) {
                self.report(hash, (start, end), |kind, packed| {
                    kind == Kind::Asn && packed == number.to_be_bytes()
                });
            }
        }
    }

    /// JA4 fingerprints: two underscores, twelve places between them.
    pub(super) fn ja4s(&mut self, base: usize, pairs: u64) {
        let mut pairs = pairs;
        while let Some(bit) = next(&mut pairs) {
            let Some(start) = (base + bit).checked_sub(10) else {
                continue;
            };
            let end = start + JA4_BYTES;
            let Some(text) = self.bytes.get(start..end) else {
                continue;
            };
            let is_part = |at: usize| self.is_word_at(at) || self.bytes.get(at) == Some(&b'_');
            let glued = start.checked_sub(1).is_some_and(is_part) || is_part(end);
            if glued || !(start..end).all(is_part) || !value::is_ja4(text) {
                continue;
            }
            let hash = self.tables.hasher.text(Class::Ja4, text);
            if self.tables.table.may_have(hash) {
                self.report(hash, (start, end), |kind, packed| {
                    kind == Kind::Ja4 && packed.eq_ignore_ascii_case(text)
                });
            }
        }
    }
}

/// Whether a run of letters and digits is the value of an indicator.
fn is_word(word: &[u8], kind: Kind, packed: &[u8]) -> bool {
    match kind {
        kind if kind.is_hex() => value::is_hex_of(word, packed),
        Kind::Eth => {
            matches!(word, [b'0', b'x' | b'X', digits @ ..] if value::is_hex_of(digits, packed))
        }
        Kind::Btc if packed.starts_with(b"bc1") => packed.eq_ignore_ascii_case(word),
        Kind::Btc | Kind::Trx | Kind::Xmr => packed == word,
        _ => false,
    }
}
