//! Files that are mapped into memory.

use std::fs::File;

use memmap2::{Mmap, MmapOptions};

use super::fault::{self, Watch};

/// The bytes of a file. Those that are cut off meanwhile become zeros.
#[derive(Debug)]
pub(crate) struct Mapped {
    // Dropped before the memory goes.
    watch: Watch,
    map: Mmap,
}

impl Mapped {
    /// So many bytes of a file; nothing where they cannot be mapped, or not safely.
    pub(crate) fn of(file: &File, length: u64) -> Option<Self> {
        let length = usize::try_from(length).ok().filter(|it| *it > 0)?;
        if !fault::install() {
            return None;
        }
        // SAFETY: the map is read as bytes alone, of which nothing is trusted, and `fault` puts zeros
        // in the place of what is cut off. That nobody writes to a set in use is a rule for its users
        // that stands at `Set::open`.
        let map = unsafe { MmapOptions::new().len(length).map(file).ok()? };
        let begin = map.as_ptr().addr();
        let watch = Watch::of(begin..begin + length)?;
        Some(Self { watch, map })
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Whether bytes were missing.
    pub(crate) fn shrank(&self) -> bool {
        self.watch.was_hit()
    }
}
