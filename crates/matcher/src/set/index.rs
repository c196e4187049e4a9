//! What is computed from the indicators of a set, on several cores: first each core hashes a share of
//! them, then each fills parts of the table, which are so small that they stay in its cache.

use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
    thread,
};

use super::{
    Facts, Hot, LONG_BYTES_MAX, LONG_BYTES_MIN,
    facts::Counts,
    hash::{Class, Hasher, NameHash},
    store::Built,
    table::{TableBuilder, TablePart},
    tables::{GATE4_BITS, TOPS_BITS, Tables, Wanted, gate_place, set_bit, top_place},
    texts,
};
use crate::{Kind, value::hex_digits};

/// Indicators of a part of the table, about.
const PART_INDICATORS: usize = 1 << 14;
const PARTS_BITS_MAX: u32 = 8;

/// All that is computed.
pub(super) struct Index {
    table: TableBuilder,
    wanted: Wanted,
    gate4: Vec<u8>,
    tops: Vec<u8>,
    lengths: [u64; 3],
    /// First indicators of a value and further ones, in order.
    alike: Vec<(u32, u32)>,
    texts: texts::Sections,
}

impl Index {
    /// The index of the first `count` indicators of `tables`.
    pub(super) fn new(tables: &Tables<'_>, counts: &Counts, count: u32, threads: usize) -> Self {
        let looked_for = counts.looked_for();
        let parts_bits = (looked_for / PART_INDICATORS + 1)
            .ilog2()
            .min(PARTS_BITS_MAX);
        let of_networks = counts.of(Kind::Ipv4Net).max(1).ilog2();
        // So wide that few addresses outside of the networks pass.
        let gate4_bits = (of_networks + 7).clamp(*GATE4_BITS.start(), *GATE4_BITS.end());
        let threads = if parts_bits == 0 { 1 } else { threads.max(1) };
        let shares = on_cores(ranges(count, threads), threads, |range| {
            let mut share = Share::new(gate4_bits, parts_bits);
            for number in range {
                share.add(tables, number);
            }
            share
        });
        let mut table = TableBuilder::new(looked_for, counts.of(Kind::Url));
        let filled = on_cores(table.parts(parts_bits), threads, |part| {
            fill(part, &shares, tables)
        });
        let mut alike = Vec::new();
        let mut whole = table.whole();
        for part in filled {
            alike.extend(part.alike);
            // What found no room in its part finds it behind.
            for hash in part.unnoted {
                whole.note(hash);
            }
            for (hash, number) in part.left {
                match first_alike(&whole, tables, hash, number) {
                    Some(first) => alike.push((first, number)),
                    None => _ = whole.insert(hash, number),
                }
            }
        }
        alike.sort_unstable_by_key(|(_, other)| *other);
        let of_texts = shares.iter().flat_map(|share| share.texts.iter().copied());
        let texts = texts::index(of_texts.filter_map(|number| {
            let again = alike.binary_search_by_key(&number, |(_, other)| *other);
            let (kind, text) = tables.value(number)?;
            again.is_err().then_some((number, kind, text))
        }));
        alike.sort_unstable();
        let mut all = Share::new(gate4_bits, 0);
        for share in &shares {
            all.merge(share);
        }
        Self {
            table,
            wanted: all.wanted,
            gate4: all.gate4,
            tops: all.tops,
            lengths: all.lengths,
            alike,
            texts,
        }
    }

    /// Puts all of it where a set has it.
    pub(super) fn put(self, facts: &mut Facts, hot: &mut Hot, built: &mut Built) {
        let pairs = self.alike.iter().map(|(first, other)| {
            let pair = u64::from(*first) | u64::from(*other) << 32;
            pair.to_le_bytes()
        });
        built.alike = pairs.flatten().collect();
        (hot.filter, built.slots) = self.table.into_sections();
        hot.gate4 = self.gate4;
        hot.tops = self.tops;
        hot.text_filter = self.texts.filter;
        built.text_hashes = self.texts.hashes;
        built.text_places = self.texts.places;
        facts.lengths = self.lengths;
        facts.wanted = self.wanted;
        facts.shape = self.texts.shape;
    }
}

/// Numbers in as many ranges.
fn ranges(count: u32, ranges: usize) -> Vec<Range<u32>> {
    let ranges = u32::try_from(ranges).unwrap_or(u32::MAX).max(1);
    let each = count.div_ceil(ranges).max(1);
    let begins = (0..ranges).map(|range| range.saturating_mul(each).min(count));
    begins
        .map(|begin| begin..begin.saturating_add(each).min(count))
        .collect()
}

/// What work makes of jobs, in their order.
fn on_cores<T: Send, R: Send>(
    jobs: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    if threads < 2 {
        return jobs.into_iter().map(work).collect();
    }
    let jobs = Mutex::new(jobs.into_iter().enumerate());
    let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take_turns = || {
        let mut done = Vec::new();
        while let Some((number, job)) = next() {
            done.push((number, work(job)));
        }
        done
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take_turns)).collect();
        let mut done = take_turns();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panicked) => std::panic::resume_unwind(panicked),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What came of a part of the table.
struct Filled {
    alike: Vec<(u32, u32)>,
    /// Hashes and numbers for which there was no room.
    left: Vec<(u64, u32)>,
    /// Hashes whose place in the filter is behind the part.
    unnoted: Vec<u64>,
}

/// Fills a part of the table with what all shares have for it, in the order of the numbers.
fn fill(mut part: TablePart<'_>, shares: &[Share], tables: &Tables<'_>) -> Filled {
    let mut filled = Filled {
        alike: Vec::new(),
        left: Vec::new(),
        unnoted: Vec::new(),
    };
    for share in shares {
        let notes = share.notes.get(part.number).into_iter().flatten();
        let entries = share.entries.get(part.number).into_iter().flatten();
        let hashes = notes.chain(entries.clone().map(|(hash, _)| hash));
        filled
            .unnoted
            .extend(hashes.copied().filter(|hash| !part.note(*hash)));
        for &(hash, number) in entries {
            if let Some(first) = first_alike(&part, tables, hash, number) {
                filled.alike.push((first, number));
            } else if !part.insert(hash, number) {
                filled.left.push((hash, number));
            }
        }
    }
    filled
}

/// The indicator of the same value that is already in the table.
fn first_alike(part: &TablePart<'_>, tables: &Tables<'_>, hash: u64, number: u32) -> Option<u32> {
    let mut same = part.find(hash);
    same.find(|&other| tables.value(other) == tables.value(number))
}

/// What one core finds out about a range of indicators.
struct Share {
    wanted: Wanted,
    gate4: Vec<u8>,
    tops: Vec<u8>,
    lengths: [u64; 3],
    parts_bits: u32,
    /// Hashes that are in the filter alone, by parts of the table.
    notes: Vec<Vec<u64>>,
    /// Hashes and numbers, by parts of the table.
    entries: Vec<Vec<(u64, u32)>>,
    /// The numbers of free texts.
    texts: Vec<u32>,
}

impl Share {
    fn new(gate4_bits: u32, parts_bits: u32) -> Self {
        let tops = usize::try_from(TOPS_BITS / 8).unwrap_or(0);
        Self {
            wanted: Wanted {
                gate4_bits,
                ..Wanted::default()
            },
            gate4: vec![0; 1 << (gate4_bits - 3)],
            tops: vec![0; tops],
            lengths: [0; 3],
            parts_bits,
            notes: vec![Vec::new(); 1 << parts_bits],
            entries: vec![Vec::new(); 1 << parts_bits],
            texts: Vec::new(),
        }
    }

    fn add(&mut self, tables: &Tables<'_>, number: u32) {
        let Some((kind, packed)) = tables.value(number) else {
            return;
        };
        if kind.is_carried() {
            return;
        }
        self.wanted.add(kind, packed);
        let hash = self.hash(tables.hasher, kind, packed);
        if let Some(entries) = self.entries.get_mut(part_of(hash, self.parts_bits)) {
            entries.push((hash, number));
        }
        if kind.is_text() {
            self.texts.push(number);
        }
        if kind == Kind::Ipv4Net {
            self.open_gate(packed);
        }
    }

    /// The hash under which a record's observable is looked up. Notes what else its kind needs.
    fn hash(&mut self, hasher: Hasher, kind: Kind, packed: &[u8]) -> u64 {
        let four = || u32::from_be_bytes(packed.first_chunk().copied().unwrap_or_default());
        let sixteen = || u128::from_be_bytes(packed.first_chunk().copied().unwrap_or_default());
        let bits = packed.last().copied().unwrap_or(0);
        match kind {
            Kind::Ipv4 => hasher.number(Class::Address4, four()),
            Kind::Ipv4Net => hasher.number(Class::Net4(bits), four()),
            Kind::Ipv6 => hasher.wide(Class::Address6, sixteen()),
            Kind::Ipv6Net => hasher.wide(Class::Net6(bits), sixteen()),
            Kind::Domain | Kind::DomainTree => {
                let (top, hash) = name_hash(hasher, packed);
                set_bit(&mut self.tops, top_place(top));
                hash.value()
            }
            Kind::Url => {
                if let Some(host) = url_host(packed) {
                    self.note(hasher.text(Class::Host, host));
                }
                hasher.text(Class::Url, packed)
            }
            Kind::Email => hasher.text(Class::Email, packed),
            Kind::Asn => hasher.number(Class::Asn, four()),
            Kind::Cve => hasher.text(Class::Cve, packed),
            Kind::Ja4 => hasher.text(Class::Ja4, packed),
            Kind::Btc | Kind::Xmr | Kind::Trx => self.word(hasher, packed),
            Kind::Md5
            | Kind::Sha1
            | Kind::Sha256
            | Kind::Sha512
            | Kind::Ja3
            | Kind::Ja3s
            | Kind::Jarm
            | Kind::Eth => {
                let prefix: &[u8] = if kind == Kind::Eth { b"0x" } else { b"" };
                let mut word = [0; LONG_BYTES_MAX];
                let bytes = prefix.iter().copied().chain(hex_digits(packed));
                let length = word
                    .iter_mut()
                    .zip(bytes)
                    .map(|(to, byte)| *to = byte)
                    .count();
                self.word(hasher, word.get(..length).unwrap_or_default())
            }
            // Looked up by their words; here only so that equal ones are noticed.
            Kind::FileName
            | Kind::UserAgent
            | Kind::RegistryKey
            | Kind::Mutex
            | Kind::Yara
            | Kind::Sigma
            | Kind::StixPattern => hasher.text(Class::Text, packed),
        }
    }

    fn word(&mut self, hasher: Hasher, word: &[u8]) -> u64 {
        debug_assert!((LONG_BYTES_MIN..=LONG_BYTES_MAX).contains(&word.len()));
        if let Some(lengths) = self.lengths.get_mut(word.len() / 64) {
            *lengths |= 1 << (word.len() % 64);
        }
        hasher.text(Class::Word, word)
    }

    /// Lets the addresses of a network through.
    fn open_gate(&mut self, packed: &[u8]) {
        let gate_bits = self.wanted.gate4_bits;
        let network = u32::from_be_bytes(packed.first_chunk().copied().unwrap_or_default());
        let bits = packed.last().map_or(0, |bits| u32::from(*bits));
        let first = gate_place(network, gate_bits);
        for place in first..first + (1 << gate_bits.saturating_sub(bits)) {
            set_bit(&mut self.gate4, place);
        }
    }

    fn note(&mut self, hash: u64) {
        if let Some(notes) = self.notes.get_mut(part_of(hash, self.parts_bits)) {
            notes.push(hash);
        }
    }

    /// Takes in what another one found out, but for hashes and texts.
    fn merge(&mut self, other: &Self) {
        self.wanted = self.wanted.or(other.wanted);
        for (to, from) in [
            (&mut self.gate4, &other.gate4),
            (&mut self.tops, &other.tops),
        ] {
            for (to, from) in to.iter_mut().zip(from) {
                *to |= from;
            }
        }
        for (to, from) in self.lengths.iter_mut().zip(other.lengths) {
            *to |= from;
        }
    }
}

/// The part of a table that a hash belongs to, of two to the power of `parts_bits`.
fn part_of(hash: u64, parts_bits: u32) -> usize {
    usize::try_from(hash >> 32 >> (32 - parts_bits)).unwrap_or(0)
}

/// The hashes of the top label and of all of a name.
fn name_hash(hasher: Hasher, name: &[u8]) -> (NameHash, NameHash) {
    let mut top = None;
    let mut hash = hasher.name();
    let mut right = name.len();
    for dot in (0..name.len()).rev() {
        if name.get(dot) == Some(&b'.') {
            hash = hash.with(name, dot + 1, right);
            top.get_or_insert(hash);
            right = dot;
        }
    }
    hash = hash.with(name, 0, right);
    (top.unwrap_or(hash), hash)
}

/// The host of a URL in its normal form.
fn url_host(url: &[u8]) -> Option<&[u8]> {
    let scheme = url.windows(3).position(|three| three == b"://")?;
    let rest = url.get(scheme + 3..)?;
    let authority = rest.split(|&byte| byte == b'/').next()?;
    let host = authority.rsplit(|&byte| byte == b'@').next()?;
    host.split(|&byte| byte == b':').next()
}
