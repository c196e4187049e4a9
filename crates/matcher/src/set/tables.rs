//! What a scan reads of a set.

use std::ops::RangeInclusive;

use super::{
    Facts, Hot,
    hash::{Hasher, NameHash},
    store::{Cold, Part},
    table::{Table, pair},
    texts::Texts,
};
use crate::{Kind, indicator, raw};

/// Which events of a record are of interest, from the kinds that are in the set.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, read in the inner loop"
)]
pub(crate) struct Wanted {
    pub(crate) dotted: bool,
    /// IPv4 addresses or networks.
    pub(crate) v4: bool,
    pub(crate) v6: bool,
    pub(crate) names: bool,
    /// Names with all below them, and whether one of them has one label.
    pub(crate) trees: bool,
    pub(crate) tops: bool,
    pub(crate) long: bool,
    pub(crate) urls: bool,
    pub(crate) emails: bool,
    pub(crate) cves: bool,
    pub(crate) asns: bool,
    pub(crate) ja4s: bool,
    /// Lengths of the prefixes of IPv4 networks, one bit each.
    pub(crate) net4_bits: u64,
    /// How many bits of an address the gate before the networks looks at.
    pub(super) gate4_bits: u32,
    /// The same of IPv6; the last bit is for 128.
    pub(super) net6_bits: [u64; 3],
}

impl Wanted {
    pub(super) fn add(&mut self, kind: Kind, packed: &[u8]) {
        match kind {
            Kind::Ipv4 => self.v4 = true,
            Kind::Ipv4Net => self.net4_bits |= packed.last().map_or(0, |bits| 1 << (bits % 64)),
            Kind::Ipv6 => self.v6 = true,
            Kind::Ipv6Net => {
                let bits = packed.last().copied().unwrap_or(128);
                if let Some(word) = self.net6_bits.get_mut(usize::from(bits / 64)) {
                    *word |= 1 << (bits % 64);
                }
            }
            Kind::Domain => self.names = true,
            Kind::DomainTree => {
                self.trees = true;
                self.tops |= !packed.contains(&b'.');
            }
            Kind::Url => self.urls = true,
            Kind::Email => self.emails = true,
            Kind::Ja4 => self.ja4s = true,
            Kind::Asn => self.asns = true,
            Kind::Cve => self.cves = true,
            Kind::FileName
            | Kind::UserAgent
            | Kind::RegistryKey
            | Kind::Mutex
            | Kind::Yara
            | Kind::Sigma
            | Kind::StixPattern => {}
            Kind::Md5
            | Kind::Sha1
            | Kind::Sha256
            | Kind::Sha512
            | Kind::Ja3
            | Kind::Ja3s
            | Kind::Jarm
            | Kind::Btc
            | Kind::Eth
            | Kind::Xmr
            | Kind::Trx => self.long = true,
        }
        self.names |= self.trees;
        self.v4 |= self.net4_bits != 0;
        let v4 = self.v4;
        self.dotted = self.names || v4;
        // Colons may write an IPv4 address that is mapped.
        self.v6 |= v4 || self.net6_bits != [0; 3];
    }

    /// What is of interest to either.
    pub(super) fn or(mut self, mut other: Self) -> Self {
        for (to, from) in self.flags().into_iter().zip(other.flags()) {
            *to |= *from;
        }
        self.net4_bits |= other.net4_bits;
        for (to, from) in self.net6_bits.iter_mut().zip(other.net6_bits) {
            *to |= from;
        }
        self
    }

    /// The facts in the order of their bits in a file.
    pub(super) fn flags(&mut self) -> [&mut bool; 12] {
        [
            &mut self.dotted,
            &mut self.v4,
            &mut self.v6,
            &mut self.names,
            &mut self.trees,
            &mut self.tops,
            &mut self.long,
            &mut self.urls,
            &mut self.emails,
            &mut self.cves,
            &mut self.asns,
            &mut self.ja4s,
        ]
    }

    /// Lengths of the prefixes of IPv6 networks.
    pub(crate) fn net6_lengths(self) -> impl Iterator<Item = u8> {
        let words = self.net6_bits;
        (0..=128_u8).filter(move |bits| {
            let word = words.get(usize::from(bits / 64));
            word.is_some_and(|word| word >> (bits % 64) & 1 == 1)
        })
    }
}

/// The sections of a set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables<'a> {
    pub(crate) hasher: Hasher,
    pub(crate) wanted: Wanted,
    pub(crate) table: Table<'a>,
    pub(crate) texts: Texts<'a>,
    gate4: &'a [u8],
    tops: &'a [u8],
    lengths: [u64; 3],
    cold: Cold<'a>,
}

impl<'a> Tables<'a> {
    #[inline]
    pub(super) fn new(facts: &Facts, hot: &'a Hot, cold: Cold<'a>) -> Self {
        Self {
            hasher: facts.hasher,
            wanted: facts.wanted,
            table: Table::new(&hot.filter, cold),
            texts: Texts::new(facts.shape, &hot.text_filter, cold),
            gate4: &hot.gate4,
            tops: &hot.tops,
            lengths: facts.lengths,
            cold,
        }
    }

    /// Whether the hash of one label can be that of the top label of a name in the set.
    #[inline]
    pub(crate) fn has_top(&self, hash: NameHash) -> bool {
        has_bit(self.tops, top_place(hash))
    }

    /// Whether an IPv4 address can be in a network of the set.
    #[inline]
    pub(crate) fn may_have_net4(&self, address: u32) -> bool {
        self.wanted.net4_bits != 0
            && has_bit(self.gate4, gate_place(address, self.wanted.gate4_bits))
    }

    /// Says that [`Tables::may_have_net4`] will be asked for this address.
    #[inline]
    pub(crate) fn prefetch_net4(&self, address: u32) {
        let place = gate_place(address, self.wanted.gate4_bits);
        if let Some(byte) = self.gate4.get(place / 8) {
            raw::prefetch(byte);
        }
    }

    /// Whether runs of letters and digits of this length can be values.
    #[inline]
    pub(crate) fn has_length(&self, length: usize) -> bool {
        let word = self.lengths.get(length / 64);
        word.is_some_and(|word| word >> (length % 64) & 1 == 1)
    }

    /// Kind and value of an indicator.
    pub(crate) fn value(&self, number: u32) -> Option<(Kind, &'a [u8])> {
        let (kind, packed, _) = indicator::head(self.bytes_of(number)?)?;
        Some((kind, packed))
    }

    pub(super) fn bytes_of(&self, number: u32) -> Option<&'a [u8]> {
        let at = usize::try_from(number).ok()?.checked_mul(4)?;
        let begins = self.cold.get(Part::Begins, at..at.checked_add(8)?)?;
        let (begin, end) = pair(*begins.first_chunk()?);
        let place = |at: u32| usize::try_from(at).ok();
        self.cold.get(Part::Bytes, place(begin)?..place(end)?)
    }

    /// An indicator and all others of the same kind and value.
    pub(crate) fn alike(&self, number: u32) -> impl Iterator<Item = u32> + 'a {
        let cold = self.cold;
        let from = cold.first(Part::Alike, |eight| pair(eight).0 < number);
        let pairs = (from..).map_while(move |at| cold.eight(Part::Alike, at).map(pair));
        let same = pairs.take_while(move |(first, _)| *first == number);
        std::iter::once(number).chain(same.map(|(_, other)| other))
    }
}

/// How many bits of an address the gate before the networks may look at.
pub(super) const GATE4_BITS: RangeInclusive<u32> = 14..=22;

/// Bits in the bitmap of top labels.
pub(super) const TOPS_BITS: u64 = 1 << 13;

pub(super) fn top_place(hash: NameHash) -> usize {
    usize::try_from(hash.value() & (TOPS_BITS - 1)).unwrap_or(0)
}

/// The place in the gate of an address, by its first bits.
#[inline]
pub(super) fn gate_place(address: u32, bits: u32) -> usize {
    usize::try_from(u64::from(address) << bits >> 32).unwrap_or(0)
}

#[inline]
fn has_bit(bits: &[u8], place: usize) -> bool {
    let byte = bits.get(place / 8);
    byte.is_some_and(|byte| byte >> (place % 8) & 1 == 1)
}

pub(super) fn set_bit(bits: &mut [u8], place: usize) {
    if let Some(byte) = bits.get_mut(place / 8) {
        *byte |= 1 << (place % 8);
    }
}
