//! A file that is open.

use std::{
    fs,
    io::{self, Read as _},
    ops::Range,
    path::Path,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use super::{
    BLOCK_BYTES, Damage, OpenError,
    header::{Hash, Header},
};
#[cfg(unix)]
use crate::raw::Mapped;
use crate::{
    raw::Pages,
    set::{
        Set,
        store::{Hot, Part, Store},
    },
};

/// The bytes of a compiled set, checked by blocks.
#[derive(Debug)]
pub(in crate::set) struct File {
    source: Source,
    places: [Range<usize>; Part::ALL.len()],
    /// The first block begins here.
    base: usize,
    hashes: Vec<Hash>,
    /// A bit for each block that was found to be right.
    right: Vec<AtomicU64>,
    /// One more than the number of a block that was found to be damaged, or 0.
    damaged: AtomicUsize,
}

#[derive(Debug)]
enum Source {
    Memory(Vec<u8>),
    #[cfg(unix)]
    Mapped(Mapped),
}

pub(in crate::set) fn open(path: &Path) -> Result<Set, OpenError> {
    // Before opening, which would wait for the other end of a pipe.
    if !fs::metadata(path)?.is_file() {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file");
        return Err(error.into());
    }
    let file = fs::File::open(path)?;
    read(Source::of(&file)?)
}

pub(in crate::set) fn from_bytes(bytes: Vec<u8>) -> Result<Set, OpenError> {
    read(Source::Memory(bytes))
}

fn read(source: Source) -> Result<Set, OpenError> {
    let (header, bytes) = Header::decode(source.bytes())?;
    let base = bytes.len();
    let (facts, provenance) = (header.facts, header.provenance.clone());
    let file = File::new(source, base, header)?;
    let all = |part| {
        let bytes = file.checked(part, 0..file.length(part));
        bytes.map(<[u8]>::to_vec).map_err(OpenError::Damaged)
    };
    let hot = Hot {
        filter: Pages::of(&all(Part::Filter)?),
        gate4: all(Part::Gate4)?,
        tops: all(Part::Tops)?,
        text_filter: all(Part::TextFilter)?,
    };
    if let Some(damage) = file.damage() {
        return Err(OpenError::Damaged(damage));
    }
    Ok(Set {
        facts,
        hot,
        store: Store::File(Box::new(file)),
        provenance: Some(Box::new(provenance)),
    })
}

impl File {
    fn new(source: Source, base: usize, header: Header) -> Result<Self, OpenError> {
        let large = || OpenError::Layout {
            what: "larger than the memory of this machine can be",
        };
        let begin = u64::try_from(base).ok().ok_or_else(large)?;
        let (all, _) = header.places(begin).ok_or_else(large)?;
        let mut places = [const { 0..0 }; Part::ALL.len()];
        for (to, place) in places.iter_mut().zip(all) {
            let start = usize::try_from(place.start).ok().ok_or_else(large)?;
            *to = start..usize::try_from(place.end).ok().ok_or_else(large)?;
        }
        let words = header.hashes.len().div_ceil(64);
        Ok(Self {
            source,
            places,
            base,
            hashes: header.hashes,
            right: (0..words).map(|_| AtomicU64::new(0)).collect(),
            damaged: AtomicUsize::new(0),
        })
    }

    fn place(&self, part: Part) -> Range<usize> {
        let place = self.places.get(usize::from(part.code() - 1));
        place.cloned().unwrap_or_default()
    }

    pub(in crate::set) fn length(&self, part: Part) -> usize {
        self.place(part).len()
    }

    pub(in crate::set) fn memory_bytes(&self) -> usize {
        self.source.bytes().len() + self.hashes.len() * size_of::<Hash>()
    }

    pub(in crate::set) fn get(&self, part: Part, range: Range<usize>) -> Option<&[u8]> {
        let inside = range.start <= range.end && range.end <= self.length(part);
        inside.then(|| self.checked(part, range).ok())?
    }

    /// What was found so far.
    pub(in crate::set) fn damage(&self) -> Option<Damage> {
        if self.source.shrank() {
            return Some(Damage::Shrunk);
        }
        let block = self.damaged.load(Ordering::Acquire).checked_sub(1)?;
        let offset_bytes = self.base + block * BLOCK_BYTES;
        Some(Damage::Block {
            block,
            offset_bytes,
        })
    }

    /// A part of a section that is known to be there, when all its blocks are right.
    fn checked(&self, part: Part, range: Range<usize>) -> Result<&[u8], Damage> {
        let start = self.place(part).start;
        let range = start + range.start..start + range.end;
        if self.damaged.load(Ordering::Acquire) != 0 {
            return Err(self.damage().unwrap_or(Damage::Shrunk));
        }
        let bytes = self.source.bytes();
        let last = range.end.max(range.start + 1) - 1;
        for block in (range.start - self.base) / BLOCK_BYTES..=(last - self.base) / BLOCK_BYTES {
            self.check_block(bytes, block)?;
        }
        Ok(bytes.get(range).unwrap_or_default())
    }

    fn check_block(&self, bytes: &[u8], block: usize) -> Result<(), Damage> {
        let (Some(word), Some(hash)) = (self.right.get(block / 64), self.hashes.get(block)) else {
            // Of an empty section at the end.
            return Ok(());
        };
        let bit = 1 << (block % 64);
        if word.load(Ordering::Acquire) & bit != 0 {
            return Ok(());
        }
        let begin = self.base + block * BLOCK_BYTES;
        let behind = bytes.get(begin..).unwrap_or_default();
        let found = behind.get(..BLOCK_BYTES).unwrap_or(behind);
        if blake3::hash(found) == *hash {
            word.fetch_or(bit, Ordering::Release);
            return Ok(());
        }
        self.damaged.fetch_max(block + 1, Ordering::AcqRel);
        Err(self.damage().unwrap_or(Damage::Shrunk))
    }
}

impl Source {
    fn of(file: &fs::File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        #[cfg(unix)]
        if let Some(mapped) = Mapped::of(file, length) {
            return Ok(Self::Mapped(mapped));
        }
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        Ok(Self::Memory(bytes))
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Memory(bytes) => bytes,
            #[cfg(unix)]
            Self::Mapped(mapped) => mapped.bytes(),
        }
    }

    fn shrank(&self) -> bool {
        match self {
            Self::Memory(_) => false,
            #[cfg(unix)]
            Self::Mapped(mapped) => mapped.shrank(),
        }
    }
}
