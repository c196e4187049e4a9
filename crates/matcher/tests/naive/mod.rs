//! The same rules without any cleverness: splits, filters and comparisons with every indicator.

mod escapes;
mod urls;

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use matcher::{Breadth, Kind, Value};

use escapes::undo_escapes;
use urls::{core_length, parse_url, url_length};

/// Start, end and number of the indicator.
pub(crate) type Hit = (usize, usize, usize);

/// All that is found of these indicators.
pub(crate) fn scan(indicators: &[Value], record: &[u8]) -> BTreeSet<Hit> {
    let mut hits = BTreeSet::new();
    let places: Vec<_> = (0..=record.len()).collect();
    reading(indicators, record, &places, &mut hits);
    let (decoded, places) = undo_escapes(record);
    reading(indicators, &decoded, &places, &mut hits);
    super::naive_texts::find(indicators, record, &mut hits);
    hits
}

fn reading(indicators: &[Value], bytes: &[u8], places: &[usize], hits: &mut BTreeSet<Hit>) {
    let reading = Reading::new(bytes);
    let mut seen: Vec<(Range<usize>, Seen)> = Vec::new();
    reading.addresses(&mut seen);
    reading.addresses6(&mut seen);
    reading.names(&mut seen);
    reading.words(&mut seen);
    reading.numbers(&mut seen);
    reading.urls(&mut seen);
    reading.emails(&mut seen);
    for (span, seen) in seen {
        for (number, indicator) in indicators.iter().enumerate() {
            if is(&seen, indicator) {
                hits.insert((places[span.start], places[span.end], number));
            }
        }
    }
}

/// An observable in a record.
enum Seen {
    Address(IpAddr),
    Name(Value),
    Word(String),
    Same(Value),
}

fn is(seen: &Seen, indicator: &Value) -> bool {
    let text = indicator.to_string();
    match (seen, indicator.kind()) {
        (Seen::Address(address), Kind::Ipv4 | Kind::Ipv6) => text == address.to_string(),
        (Seen::Address(address), Kind::Ipv4Net | Kind::Ipv6Net) => {
            let (network, bits) = text.split_once('/').unwrap();
            let bits: usize = bits.parse().unwrap();
            match (address, network.parse().unwrap()) {
                (IpAddr::V4(a), IpAddr::V4(b)) => {
                    format!("{:032b}", a.to_bits())[..bits]
                        == format!("{:032b}", b.to_bits())[..bits]
                }
                (IpAddr::V6(a), IpAddr::V6(b)) => {
                    format!("{:0128b}", a.to_bits())[..bits]
                        == format!("{:0128b}", b.to_bits())[..bits]
                }
                _ => false,
            }
        }
        (Seen::Name(name), Kind::Domain) => name.to_string() == text,
        (Seen::Name(name), Kind::DomainTree) => format!(".{name}").ends_with(&format!(".{text}")),
        (Seen::Word(word), Kind::Btc) if text.starts_with("bc1") => word.to_lowercase() == text,
        (Seen::Word(word), Kind::Btc | Kind::Trx | Kind::Xmr) => *word == text,
        (
            Seen::Word(word),
            Kind::Md5
            | Kind::Sha1
            | Kind::Sha256
            | Kind::Sha512
            | Kind::Ja3
            | Kind::Ja3s
            | Kind::Jarm
            | Kind::Eth,
        ) => word.to_lowercase() == text,
        (Seen::Same(value), _) => value == indicator,
        _ => false,
    }
}

struct Reading<'a> {
    bytes: &'a [u8],
    /// Bytes of percent-encodings separate.
    cut: Vec<bool>,
}

impl<'a> Reading<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut cut = vec![false; bytes.len()];
        for at in 0..bytes.len().saturating_sub(2) {
            if bytes[at] == b'%' && bytes[at + 1..at + 3].iter().all(u8::is_ascii_hexdigit) {
                cut[at + 1] = true;
                cut[at + 2] = true;
            }
        }
        Self { bytes, cut }
    }

    fn is_word(&self, at: usize) -> bool {
        at < self.bytes.len() && self.bytes[at].is_ascii_alphanumeric() && !self.cut[at]
    }

    fn has(&self, at: usize, others: &[u8]) -> bool {
        at < self.bytes.len() && others.contains(&self.bytes[at])
    }

    /// Runs of letters, digits and these bytes; two dots in a row separate, dots around are cut off.
    fn runs(&self, others: &[u8]) -> Vec<Range<usize>> {
        let part = |at: usize| {
            let doubled =
                self.has(at, b".") && (self.has(at + 1, b".") || at > 0 && self.has(at - 1, b"."));
            (self.is_word(at) || self.has(at, others)) && !doubled
        };
        let mut runs = Vec::new();
        let mut begin = 0;
        for at in 0..=self.bytes.len() {
            if at == self.bytes.len() || !part(at) {
                let mut run = begin..at;
                while !run.is_empty() && self.has(run.start, b".") {
                    run.start += 1;
                }
                while !run.is_empty() && self.has(run.end - 1, b".") {
                    run.end -= 1;
                }
                if !run.is_empty() {
                    runs.push(run);
                }
                begin = at + 1;
            }
        }
        runs
    }

    fn text(&self, run: &Range<usize>) -> String {
        String::from_utf8_lossy(&self.bytes[run.clone()]).into_owned()
    }

    fn addresses(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for run in self.runs(b".") {
            if let Ok(address) = self.text(&run).parse::<Ipv4Addr>() {
                seen.push((run, Seen::Address(address.into())));
            }
        }
    }

    fn addresses6(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for mut run in self.runs(b".:") {
            loop {
                let text = self.text(&run);
                let Some((group, _)) = text.split_once(':') else {
                    break;
                };
                if group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    break;
                }
                run.start += group.len() + 1;
            }
            let text = self.text(&run);
            if text.ends_with(':') && !text.ends_with("::") {
                run.end -= 1;
            }
            let text = self.text(&run);
            if let Ok(address) = text.parse::<Ipv6Addr>() {
                let address = address.to_canonical();
                // The dotted part of a mapped address is an address of its own.
                if address.is_ipv6() || !text.contains('.') {
                    seen.push((run, Seen::Address(address)));
                }
            }
        }
    }

    /// Pieces of characters that can be in a name.
    fn name_pieces(&self) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let (mut begin, mut at) = (0, 0);
        let dot = |at: usize| self.has(at, b".");
        for chunk in self.bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                let next = at + letter.len_utf8();
                let doubled = dot(at) && (dot(next) || at > 0 && dot(at - 1));
                let part = if letter.is_ascii() {
                    (self.is_word(at) || self.has(at, b".-_")) && !doubled
                } else {
                    matcher::is_name_char(letter)
                };
                if !part {
                    pieces.push(begin..at);
                    begin = next;
                }
                at = next;
            }
            if !chunk.invalid().is_empty() {
                pieces.push(begin..at);
                at += chunk.invalid().len();
                begin = at;
            }
        }
        pieces.push(begin..at);
        pieces
    }

    fn names(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for mut piece in self.name_pieces() {
            while !piece.is_empty() && self.has(piece.start, b".-") {
                piece.start += 1;
            }
            while !piece.is_empty() && self.has(piece.end - 1, b".-_") {
                piece.end -= 1;
            }
            if self.has(piece.end, b"@") {
                continue;
            }
            if let Ok(name) = Value::parse(Kind::Domain, &self.text(&piece), Breadth::Any) {
                seen.push((piece, Seen::Name(name)));
            }
        }
    }

    fn words(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for run in self.runs(b"") {
            let text = self.text(&run);
            if let Some(digits) = text.to_lowercase().strip_prefix("as")
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && let Ok(asn) = Value::parse(Kind::Asn, digits, Breadth::Any)
            {
                seen.push((run.clone(), Seen::Same(asn)));
            }
            seen.push((run, Seen::Word(text)));
        }
    }

    fn numbers(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for start in 0..self.bytes.len() {
            let glued = start > 0 && self.is_word(start - 1);
            for length in 13..=28 {
                let span = start..start + length;
                if span.end > self.bytes.len() || glued || self.is_word(span.end) {
                    continue;
                }
                let plain = span
                    .clone()
                    .all(|at| self.is_word(at) || self.has(at, b"-"));
                if let (true, Ok(cve)) = (
                    plain,
                    Value::parse(Kind::Cve, &self.text(&span), Breadth::Any),
                ) {
                    seen.push((span, Seen::Same(cve)));
                }
            }
            let span = start..start + 36;
            let beside = |at: usize| self.is_word(at) || self.has(at, b"_");
            if span.end <= self.bytes.len()
                && !(start > 0 && beside(start - 1))
                && !beside(span.end)
                && span.clone().all(beside)
                && let Ok(ja4) = Value::parse(Kind::Ja4, &self.text(&span), Breadth::Any)
            {
                seen.push((span, Seen::Same(ja4)));
            }
        }
    }

    fn urls(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        for colon in 0..self.bytes.len() {
            if !self.bytes[colon..].starts_with(b"://") {
                continue;
            }
            let mut start = colon;
            while start > 0 && self.is_word(start - 1) {
                start -= 1;
            }
            while start < colon && !self.bytes[start].is_ascii_alphabetic() {
                start += 1;
            }
            if start == colon {
                continue;
            }
            let text = &self.bytes[start..];
            let end = start + text.len().min(url_length(text));
            let mut parts = self.bytes[..start]
                .split(|&byte| byte <= b' ' || b"\"'<>\\^`{|}\x7f".contains(&byte));
            let before = parts.next_back().unwrap().windows(3);
            if before.filter(|three| *three == b"://").count() >= 8 {
                continue;
            }
            let rest = &self.bytes[end..];
            let escaped = [&b"\\/"[..], b"\\u", b"\\x"]
                .iter()
                .any(|it| rest.starts_with(it));
            let mut readings = Vec::new();
            if !escaped {
                readings.push(end);
            }
            let commas = (colon + 3..end).filter(|&at| self.has(at, b",;"));
            readings.extend(commas.take(8));
            for end in readings {
                let span = start..start + core_length(&self.bytes[start..end]);
                let bytes = &self.bytes[span.clone()];
                if let Some(url) = parse_url(bytes) {
                    seen.push((span, Seen::Same(url)));
                }
            }
        }
    }

    fn emails(&self, seen: &mut Vec<(Range<usize>, Seen)>) {
        let pieces = self.name_pieces();
        for at in 0..self.bytes.len() {
            if self.bytes[at] != b'@' {
                continue;
            }
            let mut start = at;
            while start > 0 && (self.is_word(start - 1) || self.has(start - 1, b"._-+")) {
                start -= 1;
            }
            let local = self.text(&(start..at));
            if let Some(dots) = local.rfind("..") {
                start += dots + 2;
            } else if start > 0 && !self.bytes[start - 1].is_ascii() {
                continue;
            }
            while self.has(start, b".") {
                start += 1;
            }
            let Some(domain) = pieces.iter().find(|piece| piece.start == at + 1) else {
                continue;
            };
            let mut span = start..domain.end;
            while span.end > at + 1 && self.has(span.end - 1, b".-_") {
                span.end -= 1;
            }
            if start >= at || span.end == at + 1 || self.has(at + 1, b"-.") {
                continue;
            }
            if let Ok(email) = Value::parse(Kind::Email, &self.text(&span), Breadth::Any) {
                seen.push((span, Seen::Same(email)));
            }
        }
    }
}
