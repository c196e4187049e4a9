//! Making a set.

use std::collections::HashMap;

use super::{
    Counts, Facts, Hot, IndicatorIndex, LONG_BYTES_MAX, LONG_BYTES_MIN, Set,
    hash::{Class, Hasher, NameHash},
    store::{Built, Cold, Store},
    table::TableBuilder,
    tables::{GATE4_BITS, TOPS_BITS, Tables, Wanted, gate_place, set_bit, top_place},
    texts,
};
use crate::{
    Indicator, Kind,
    indicator::{self, Context},
    value::hex_digits,
};

/// Why an indicator is not in a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// There are as many indicators as fit: four billion, or 4 GiB of them.
    #[error("no more indicators fit")]
    Full,
}

impl AddError {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "set.full",
        }
    }
}

/// Indicators that become a set.
#[derive(Debug, Default)]
pub struct SetBuilder {
    seed: u64,
    bytes: Vec<u8>,
    begins: Vec<u8>,
    contexts: Interned,
    heads: Interned,
    context: Vec<u8>,
    count: u32,
    counts: Counts,
}

impl SetBuilder {
    /// An empty set. Whoever must expect indicators that were made to have the same hashes gives a
    /// seed that their makers cannot know.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Adds an indicator. Several may have the same value; all of them are found.
    pub fn add(&mut self, indicator: &Indicator<'_>) -> Result<IndicatorIndex, AddError> {
        let begin = u32::try_from(self.bytes.len()).ok().ok_or(AddError::Full)?;
        // The last number stands for none.
        let next = self.count.checked_add(1).filter(|next| *next < u32::MAX);
        let next = next.ok_or(AddError::Full)?;
        let packed = indicator.value.packed();
        self.bytes.push(indicator.value.kind().code());
        indicator::put_number(indicator::length(packed), &mut self.bytes);
        self.bytes.extend(packed);
        self.context.clear();
        Context::of(indicator).put(&mut self.context);
        let context = self.contexts.place(&self.context);
        indicator::put_number(context, &mut self.bytes);
        indicator::put_time(indicator.valid_from_us, &mut self.bytes);
        indicator::put_time(indicator.valid_until_us, &mut self.bytes);
        if let Some((head, uuid)) = indicator::split_uuid(&indicator.id) {
            let head = self.heads.place(head.as_bytes());
            indicator::put_number(head + 1, &mut self.bytes);
            self.bytes.extend(uuid);
        } else {
            indicator::put_number(0, &mut self.bytes);
            self.bytes.extend(indicator.id.bytes());
        }
        if u32::try_from(self.bytes.len()).is_err() {
            self.bytes.truncate(usize::try_from(begin).unwrap_or(0));
            return Err(AddError::Full);
        }
        self.begins.extend(begin.to_le_bytes());
        self.counts.add(indicator.value.kind(), 1);
        let index = IndicatorIndex::new(self.count);
        self.count = next;
        Ok(index)
    }

    /// How many indicators there are.
    pub fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The set.
    pub fn build(mut self) -> Set {
        self.bytes.shrink_to_fit();
        let end = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.begins.extend(end.to_le_bytes());
        self.begins.shrink_to_fit();
        let mut facts = Facts {
            hasher: Hasher::new(self.seed),
            count: self.count,
            counts: self.counts,
            wanted: Wanted::default(),
            lengths: [0; 3],
            shape: texts::Shape::default(),
        };
        let mut built = Built {
            bytes: self.bytes,
            begins: self.begins,
            contexts: self.contexts.bytes,
            heads: self.heads.bytes,
            ..Built::default()
        };
        let mut hot = Hot::default();
        let mut index = Index::new(&self.counts);
        let tables = Tables::new(&facts, &hot, Cold::Built(&built));
        for number in 0..self.count {
            index.add(&tables, number);
        }
        let texts = texts::index((0..self.count).filter_map(|number| {
            let (kind, text) = tables.value(number)?;
            let first = index
                .alike
                .binary_search_by_key(&number, |(_, other)| *other);
            (kind.is_text() && first.is_err()).then_some((number, kind, text))
        }));
        index.finish(texts, &mut facts, &mut hot, &mut built);
        Set {
            facts,
            hot,
            store: Store::Built(built),
            provenance: None,
        }
    }
}

/// Bytes of which each is kept once, behind its length.
#[derive(Debug, Default)]
struct Interned {
    known: HashMap<Box<[u8]>, u64>,
    bytes: Vec<u8>,
    /// What was asked for last, which is mostly asked for again.
    last: Vec<u8>,
    last_place: Option<u64>,
}

impl Interned {
    /// Where an item begins.
    fn place(&mut self, item: &[u8]) -> u64 {
        if let Some(place) = self.last_place.filter(|_| *self.last == *item) {
            return place;
        }
        let known = self.known.get(item).copied();
        let place = known.unwrap_or_else(|| self.add(item));
        self.last.clear();
        self.last.extend(item);
        self.last_place = Some(place);
        place
    }

    fn add(&mut self, item: &[u8]) -> u64 {
        let place = indicator::length(&self.bytes);
        indicator::put_number(indicator::length(item), &mut self.bytes);
        self.bytes.extend(item);
        self.known.insert(item.into(), place);
        place
    }
}

/// What is computed from the indicators.
struct Index {
    table: TableBuilder,
    wanted: Wanted,
    /// First indicators of a value and further ones.
    alike: Vec<(u32, u32)>,
    gate4: Vec<u8>,
    tops: Vec<u8>,
    lengths: [u64; 3],
}

impl Index {
    fn new(counts: &Counts) -> Self {
        // So wide that few addresses outside of the networks pass.
        let gate4_bits = (counts.of(Kind::Ipv4Net).max(1).ilog2() + 7)
            .clamp(*GATE4_BITS.start(), *GATE4_BITS.end());
        let tops = usize::try_from(TOPS_BITS / 8).unwrap_or(0);
        Self {
            table: TableBuilder::new(counts.looked_for(), counts.of(Kind::Url)),
            wanted: Wanted {
                gate4_bits,
                ..Wanted::default()
            },
            alike: Vec::new(),
            gate4: vec![0; 1 << (gate4_bits - 3)],
            tops: vec![0; tops],
            lengths: [0; 3],
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
        let mut same = self.table.find(hash);
        let first = same.find(|&other| tables.value(other) == Some((kind, packed)));
        drop(same);
        if let Some(first) = first {
            self.alike.push((first, number));
            return;
        }
        self.table.insert(hash, number);
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
                    self.table.note(hasher.text(Class::Host, host));
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

    fn finish(
        mut self,
        texts: texts::Sections,
        facts: &mut Facts,
        hot: &mut Hot,
        built: &mut Built,
    ) {
        self.alike.sort_unstable();
        let pairs = self.alike.iter().map(|(first, other)| {
            let pair = u64::from(*first) | u64::from(*other) << 32;
            pair.to_le_bytes()
        });
        built.alike = pairs.flatten().collect();
        (hot.filter, built.slots) = self.table.into_sections();
        hot.gate4 = self.gate4;
        hot.tops = self.tops;
        hot.text_filter = texts.filter;
        built.text_hashes = texts.hashes;
        built.text_places = texts.places;
        facts.lengths = self.lengths;
        facts.wanted = self.wanted;
        facts.shape = texts.shape;
    }
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
