//! The header of a file.

use std::ops::Range;

use super::{ALIGN_BYTES, BLOCK_BYTES, OpenError, PROVENANCE_BYTES_MAX, Provenance};
use crate::{
    Kind,
    set::{
        facts::{Counts, Facts},
        hash::Hasher,
        store::Part,
        tables::{GATE4_BITS, TOPS_BITS, Wanted},
        texts::Shape,
    },
};

const MAGIC: [u8; 8] = *b"\x89CSET\r\n\x1a";
const VERSION: u32 = 1;
/// What stands before the tables of the header.
const FIXED_BYTES: usize = 120;
const SECTION_BYTES: usize = 24;
const KIND_BYTES: usize = 8;
const HASH_BYTES: usize = 32;
/// For a set that is as large as can be, with room.
const HEADER_BYTES_MAX: usize = 1 << 24;

/// The checksum of a header or of a block.
pub(super) type Hash = [u8; HASH_BYTES];

/// What a header says.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) facts: Facts,
    /// Bytes of the sections in order.
    pub(super) lengths: [u64; Part::ALL.len()],
    pub(super) provenance: Provenance,
    /// The checksums of the blocks.
    pub(super) hashes: Vec<Hash>,
}

impl Header {
    /// Where the sections lie behind a header of so many bytes, and where the file ends.
    pub(super) fn places(&self, header: u64) -> Option<(Vec<Range<u64>>, u64)> {
        let mut places = Vec::with_capacity(self.lengths.len());
        let mut at = header;
        for length in self.lengths {
            let end = at.checked_add(length)?;
            places.push(at..end);
            at = end.checked_next_multiple_of(ALIGN_BYTES)?;
        }
        Some((places, at))
    }

    /// The bytes; nothing where they are too many.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let mut texts = self.provenance.made_us.to_le_bytes().to_vec();
        let Provenance {
            program, version, ..
        } = &self.provenance;
        let notes = self.provenance.notes.iter();
        let notes = notes.flat_map(|(key, value)| [key, value]);
        for text in [program, version].into_iter().chain(notes) {
            texts.extend(u32::try_from(text.len()).ok()?.to_le_bytes());
            texts.extend(text.bytes());
        }
        if texts.len() > PROVENANCE_BYTES_MAX {
            return None;
        }
        let mut kinds = Vec::new();
        for (kind, count) in self.facts.counts.each() {
            kinds.extend(u32::from(kind.code()).to_le_bytes());
            kinds.extend(u32::try_from(count).ok()?.to_le_bytes());
        }
        let tables = SECTION_BYTES * Part::ALL.len() + kinds.len() + texts.len();
        let hashes = self.hashes.len().checked_mul(HASH_BYTES)?;
        let full = (FIXED_BYTES + tables + HASH_BYTES).checked_add(hashes)?;
        let size = full.checked_next_multiple_of(64)?;
        if size > HEADER_BYTES_MAX {
            return None;
        }
        let header = u32::try_from(size).ok()?;
        let (places, end) = self.places(header.into())?;
        let mut out = Vec::with_capacity(size);
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend(header.to_le_bytes());
        out.extend(end.to_le_bytes());
        self.put_facts(&mut out);
        for count in [kinds.len() / KIND_BYTES, texts.len(), self.hashes.len(), 0] {
            out.extend(u32::try_from(count).ok()?.to_le_bytes());
        }
        for (part, place) in Part::ALL.iter().zip(places) {
            out.extend(u64::from(part.code()).to_le_bytes());
            out.extend(place.start.to_le_bytes());
            out.extend((place.end - place.start).to_le_bytes());
        }
        out.extend(kinds);
        out.extend(texts);
        out.extend(self.hashes.iter().flatten());
        out.resize(size - HASH_BYTES, 0);
        out.extend(blake3::hash(&out).as_bytes());
        Some(out)
    }

    fn put_facts(&self, out: &mut Vec<u8>) {
        let mut wanted = self.facts.wanted;
        let flags = wanted.flags().into_iter().enumerate();
        let flags: u32 = flags.map(|(at, flag)| u32::from(*flag) << at).sum();
        out.extend(self.facts.hasher.0.to_le_bytes());
        out.extend(self.facts.count.to_le_bytes());
        out.extend(flags.to_le_bytes());
        out.extend(wanted.gate4_bits.to_le_bytes());
        out.extend(self.facts.shape.code().to_le_bytes());
        out.extend(wanted.net4_bits.to_le_bytes());
        let bits = wanted.net6_bits.into_iter().chain(self.facts.lengths);
        out.extend(bits.flat_map(u64::to_le_bytes));
    }

    /// The header of a file, and its bytes.
    pub(super) fn decode(file: &[u8]) -> Result<(Self, &[u8]), OpenError> {
        let found_bytes = u64::try_from(file.len()).unwrap_or(u64::MAX);
        let (version, size, expected_bytes) = frame(file).ok_or(OpenError::Foreign)?;
        let length = OpenError::Length {
            expected_bytes,
            found_bytes,
        };
        if size > HEADER_BYTES_MAX {
            return Err(OpenError::Header);
        }
        let Some(bytes) = file.get(..size) else {
            return Err(length);
        };
        let Some((head, hash)) = bytes.split_last_chunk::<HASH_BYTES>() else {
            return Err(OpenError::Header);
        };
        if blake3::hash(head) != *hash {
            return Err(OpenError::Header);
        }
        if version > VERSION {
            return Err(OpenError::Newer {
                version,
                known: VERSION,
            });
        }
        if expected_bytes != found_bytes {
            return Err(length);
        }
        let header = Self::read(head)?;
        // Whatever else it may say, its own words for that are others.
        if header.encode().as_deref() != Some(bytes) {
            return Err(layout("it is written in another way"));
        }
        header.check(size, expected_bytes)?;
        Ok((header, bytes))
    }

    fn read(head: &[u8]) -> Result<Self, OpenError> {
        let short = || layout("it ends too early");
        let mut rest = head.get(24..).ok_or_else(short)?;
        let rest = &mut rest;
        let mut facts = read_facts(rest).ok_or_else(short)?;
        let mut count = || usize::try_from(take(rest).map(u32::from_le_bytes)?).ok();
        let (kinds, texts) = count().zip(count()).ok_or_else(short)?;
        let (blocks, _) = count().zip(count()).ok_or_else(short)?;
        let mut lengths = [0; Part::ALL.len()];
        for length in &mut lengths {
            let section = take::<SECTION_BYTES>(rest).ok_or_else(short)?;
            let bytes = section.last_chunk().copied().unwrap_or_default();
            *length = u64::from_le_bytes(bytes);
        }
        for _ in 0..kinds {
            let (code, count) = take_two(rest).ok_or_else(short)?;
            let kind = u8::try_from(code).ok().and_then(Kind::of_code);
            let kind = kind.ok_or(OpenError::UnknownKind { code })?;
            facts.counts.add(kind, count);
        }
        let texts = rest.split_off(..texts).ok_or_else(short)?;
        let provenance = read_provenance(texts);
        let hashes = rest.as_chunks().0.get(..blocks).ok_or_else(short)?;
        Ok(Self {
            facts,
            lengths,
            provenance: provenance.ok_or_else(|| layout("its provenance is no text"))?,
            hashes: hashes.to_vec(),
        })
    }

    /// Whether all lengths fit each other, so that nothing can be looked for where it cannot be.
    fn check(&self, header: usize, file: u64) -> Result<(), OpenError> {
        let Facts { wanted, count, .. } = self.facts;
        let blocks = file
            .saturating_sub(u64::try_from(header).unwrap_or(u64::MAX))
            .div_ceil(BLOCK_BYTES.try_into().unwrap_or(u64::MAX));
        if u64::try_from(self.hashes.len()).ok() != Some(blocks) {
            return Err(layout("another number of blocks"));
        }
        let counts = self.facts.counts.each();
        let sum: u64 = counts.filter_map(|(_, it)| u64::try_from(it).ok()).sum();
        if sum != u64::from(count) {
            return Err(layout("another number of indicators"));
        }
        let [_, _, net6_last] = wanted.net6_bits;
        if wanted.net4_bits >> 33 != 0 || net6_last >> 1 != 0 {
            return Err(layout("prefixes longer than addresses"));
        }
        if !GATE4_BITS.contains(&wanted.gate4_bits) {
            return Err(layout("another size of the gate"));
        }
        for (part, length) in Part::ALL.into_iter().zip(self.lengths) {
            let fits = match part {
                Part::Filter | Part::Slots => length > 0 && length.is_multiple_of(8),
                Part::Gate4 => length == 1 << (wanted.gate4_bits - 3),
                Part::Tops => length == TOPS_BITS / 8,
                Part::Begins => length == 4 * (u64::from(count) + 1),
                Part::TextFilter | Part::Alike | Part::TextHashes | Part::TextPlaces => {
                    length.is_multiple_of(8)
                }
                Part::Bytes | Part::Contexts | Part::Heads => true,
            };
            if !fits {
                return Err(layout("another length of a section"));
            }
        }
        Ok(())
    }
}

/// Makes the checksums of a file right, as far as it has a header.
pub fn reseal(file: &mut [u8]) -> Option<()> {
    let number = |file: &[u8], at: usize| {
        let bytes = file.get(at..)?.first_chunk()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    };
    let size = number(file, 12)?;
    let tables = SECTION_BYTES * Part::ALL.len();
    let kinds = number(file, 104)?.checked_mul(KIND_BYTES)?;
    let texts = number(file, 108)?.checked_add(kinds)?;
    let (header, data) = file.split_at_mut_checked(size)?;
    let (head, hash) = header.split_last_chunk_mut::<HASH_BYTES>()?;
    let hashes = head.get_mut(texts.checked_add(FIXED_BYTES + tables)?..)?;
    let blocks = data.chunks(BLOCK_BYTES).map(blake3::hash);
    for (to, block) in hashes.as_chunks_mut().0.iter_mut().zip(blocks) {
        *to = *block.as_bytes();
    }
    *hash = *blake3::hash(head).as_bytes();
    Some(())
}

/// Version, bytes of the header and of the file.
fn frame(file: &[u8]) -> Option<(u32, usize, u64)> {
    let mut rest = file.strip_prefix(&MAGIC)?;
    let (version, header) = take_two(&mut rest)?;
    let bytes = u64::from_le_bytes(take(&mut rest)?);
    Some((version, usize::try_from(header).ok()?, bytes))
}

fn read_facts(rest: &mut &[u8]) -> Option<Facts> {
    let hasher = Hasher(u64::from_le_bytes(take(rest)?));
    let (count, flags) = take_two(rest)?;
    let (gate4_bits, shape) = take_two(rest)?;
    let mut bits = [0; 7];
    for bits in &mut bits {
        *bits = u64::from_le_bytes(take(rest)?);
    }
    let [net4_bits, net6_a, net6_b, net6_c, lengths @ ..] = bits;
    let mut wanted = Wanted {
        net4_bits,
        gate4_bits,
        net6_bits: [net6_a, net6_b, net6_c],
        ..Wanted::default()
    };
    for (at, flag) in wanted.flags().into_iter().enumerate() {
        *flag = flags >> at & 1 == 1;
    }
    let shapes = [Shape::Short, Shape::Long];
    Some(Facts {
        hasher,
        count,
        counts: Counts::default(),
        wanted,
        lengths,
        shape: shapes.into_iter().find(|it| it.code() == shape)?,
    })
}

fn read_provenance(mut rest: &[u8]) -> Option<Provenance> {
    let made_us = i64::from_le_bytes(take(&mut rest)?);
    let mut text = || {
        let length = u32::from_le_bytes(take(&mut rest)?);
        let bytes = rest.split_off(..usize::try_from(length).ok()?)?;
        Some(str::from_utf8(bytes).ok()?.to_owned())
    };
    let (program, version) = text().zip(text())?;
    let mut notes = Vec::new();
    while let Some(key) = text() {
        notes.push((key, text()?));
    }
    Some(Provenance {
        program,
        version,
        made_us,
        notes,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*first)
}

fn take_two(rest: &mut &[u8]) -> Option<(u32, u32)> {
    let first = u32::from_le_bytes(take(rest)?);
    Some((first, u32::from_le_bytes(take(rest)?)))
}

fn layout(what: &'static str) -> OpenError {
    OpenError::Layout { what }
}
