//! Compiled sets: the bytes of a set in a file, `.cset`.
//!
//! # The format, version 1
//!
//! Numbers are little end first, texts UTF-8. The first 24 bytes and the last 32 of the header have
//! the same meaning in every version.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `89 43 53 45 54 0D 0A 1A` |
//! | 8 | 4 | version of the format |
//! | 12 | 4 | bytes of the header, H, a multiple of 64 |
//! | 16 | 8 | bytes of the file |
//! | 24 | 8 | where hashes begin, made from the seed |
//! | 32 | 4 | number of indicators |
//! | 36 | 4 | what a scan looks for, one bit each, from the lowest: names or IPv4 addresses; IPv4; IPv6; names; trees of names; trees of one label; long words; URLs; e-mail addresses; CVE numbers; ASNs; JA4 |
//! | 40 | 4 | bits of an IPv4 address that section 2 looks at, G, from 14 to 22 |
//! | 44 | 4 | words of free texts: 0 three letters or digits, 1 five of which the first is no digit |
//! | 48 | 8 | lengths of the prefixes of IPv4 networks, bit 0 to 32 |
//! | 56 | 24 | the same of IPv6 networks, bit 0 to 128 |
//! | 80 | 24 | lengths of long words, bit 26 to 128 |
//! | 104 | 4 | number of kinds that there are, K |
//! | 108 | 4 | bytes of the provenance, P |
//! | 112 | 4 | number of blocks, B |
//! | 116 | 4 | 0 |
//! | 120 | 24 × 12 | sections in the order of their numbers: number and 0 of 4 bytes, offset and length of 8 |
//! | 408 | 8 × K | kinds in order: code and number of indicators, of 4 bytes |
//! | | P | provenance |
//! | | 32 × B | BLAKE3 of each block |
//! | | up to 63 | 0 |
//! | H − 32 | 32 | BLAKE3 of all before |
//!
//! Provenance: the time in microseconds since 1970 in 8 bytes, then program, its version, and in
//! twos keys and values, to the end, each a length of 4 bytes and the text.
//!
//! The sections follow the header in order, each filled with zeros to a multiple of 64. Blocks of
//! 1 MiB begin behind the header; the last may be shorter.
//!
//! | section | what |
//! |---|---|
//! | 1 | filter of hashes: words of 8 bytes; the upper half of a hash chooses one, its four lowest groups of six bits the bits |
//! | 2 | a bit for each value of the first G bits of an IPv4 address: whether a network has such |
//! | 3 | 8192 bits: the lowest 13 bits of the hashes of top labels |
//! | 4 | filter of the first bytes of words of free texts, as section 1 with three bits |
//! | 5 | slots of 8 bytes, from the one that the upper half of a hash chooses to an empty one: its lower half, and one more than the number of an indicator, or 0 |
//! | 6 | where each indicator begins in section 7, and where the last ends, 4 bytes each |
//! | 7 | indicators: code of the kind, length and value, place in section 11, two times, place in section 12 |
//! | 8 | indicators with the value of an earlier one: number of the first and of the other, in order |
//! | 9 | hashes of the words by which free texts are looked for, 8 bytes each, in order |
//! | 10 | for each hash the number of the indicator, and where the word begins in its value |
//! | 11 | length, then one more than the confidence or 0, one more than the length of the marking or 0, marking, source |
//! | 12 | length and what stands before the UUID of ids |
//!
//! Numbers in sections 7, 11 and 12 have seven bits a byte, the low ones first; the highest bit says
//! that another follows. A time is 0, or 1 and seconds, or 2 and microseconds, with the sign in the
//! lowest bit. The last place is 0, and the id follows; or it is one more than a place, and the 16
//! bytes of a UUID follow. Values of addresses, networks, hashes and numbers are binary.
//!
//! What a hash is (`set/hash.rs`, `set/texts.rs`), the codes of kinds (`kind.rs`) and the normal forms
//! are parts of the version: who changes one of them gives the format another number.
//!
//! # What is trusted
//!
//! Nothing. A header must be what this program would write for what it says, so that offsets, lengths
//! and counts fit each other and the file; what the sections say is looked up with a check of every
//! step. Right checksums over wrong content make wrong matches at worst, and a lookup goes over the
//! file once at most and reports no indicator twice.

mod header;
mod open;
mod write;

pub(super) use open::{File, from_bytes, open};
pub(super) use write::{write, write_to};

pub use header::reseal;

use std::io;

/// A block has its own checksum.
const BLOCK_BYTES: usize = 1 << 20;
/// Sections begin at multiples of this.
const ALIGN_BYTES: u64 = 64;
/// All texts of a provenance, with their lengths.
const PROVENANCE_BYTES_MAX: usize = 1 << 20;

/// Who made a file, when, and of what.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Provenance {
    /// The program that made it.
    pub program: String,
    /// The version of that program.
    pub version: String,
    /// When it was made, in microseconds since 1970.
    pub made_us: i64,
    /// What else is known, such as the names of sources: keys and values. All texts together may
    /// have 1 MiB.
    pub notes: Vec<(String, String)>,
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is no compiled set.
    #[error("this is no compiled set of indicators")]
    Foreign,
    /// It has a format that this program does not know.
    #[error("the set has format {version}, this program knows {known} at most: use a newer one")]
    Newer {
        /// The version of the file's format.
        version: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// It has indicators of a kind that this program does not know.
    #[error("the set has indicators of kind {code}, unknown to this program: use a newer one")]
    UnknownKind {
        /// The number of the kind.
        code: u32,
    },
    /// The file is longer or shorter than it was.
    #[error(
        "the set has {found_bytes} bytes, its header says {expected_bytes}: fetch or compile it again"
    )]
    Length {
        /// What the header says.
        expected_bytes: u64,
        /// What is there.
        found_bytes: u64,
    },
    /// The header does not have its checksum.
    #[error("the header of the set is damaged: fetch or compile it again")]
    Header,
    /// The checksum of the header is right, but not what it says.
    #[error("the header of the set contradicts itself ({what}): compile the set again")]
    Layout {
        /// What is wrong.
        what: &'static str,
    },
    /// What is read at once is damaged.
    #[error("the set cannot be used")]
    Damaged(#[source] Damage),
    /// It could not be read.
    #[error("the set cannot be read")]
    Io(#[from] io::Error),
}

impl OpenError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "set.foreign",
            Self::Newer { .. } => "set.newer",
            Self::UnknownKind { .. } => "set.unknown_kind",
            Self::Length { .. } => "set.length",
            Self::Header => "set.header",
            Self::Layout { .. } => "set.layout",
            Self::Damaged(damage) => damage.code(),
            Self::Io(_) => "set.io",
        }
    }
}

/// What was found to be wrong with a file in use.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// A block does not have its checksum.
    #[error("block {block} at byte {offset_bytes} is damaged: fetch or compile the set again")]
    Block {
        /// The number of the block.
        block: usize,
        /// Where it begins in the file.
        offset_bytes: usize,
    },
    /// The file became shorter, or could no longer be read.
    #[error("the file of the set shrank while in use: replace such files, do not write to them")]
    Shrunk,
}

impl Damage {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Block { .. } => "set.block",
            Self::Shrunk => "set.shrunk",
        }
    }
}
