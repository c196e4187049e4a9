//! Files that are mapped into memory.

use std::{fs::File, io};

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
    /// The file as long as it is now; nothing where it cannot be mapped safely.
    pub(crate) fn of(file: &File, length: u64) -> io::Result<Option<Self>> {
        let length = usize::try_from(length).unwrap_or(0);
        if length == 0 || !fault::install() {
            return Ok(None);
        }
        // SAFETY: the map is read as bytes alone, of which nothing is trusted, and `fault` puts zeros
        // in the place of what is cut off. That nobody writes to a set in use is a rule for its users
        // that stands at `Set::open`.
        let map = unsafe { MmapOptions::new().len(length).map(file)? };
        let watch = Watch::of(map.as_ptr().addr()..map.as_ptr().addr() + length);
        Ok(watch.map(|watch| Self { watch, map }))
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
