//! Memory that is asked at random: in large pages, so that the processor knows where each lies.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// The size of a large page, nearly everywhere.
const LARGE_PAGE_BYTES: usize = 2 << 20;

/// Bytes that are read all over.
#[derive(Debug)]
pub(crate) enum Pages {
    Small(Vec<u8>),
    Large {
        map: MmapMut,
        begin: usize,
        length: usize,
    },
}

impl Pages {
    /// Zeros.
    pub(crate) fn zeroed(length: usize) -> Self {
        Self::large(length).unwrap_or_else(|| Self::Small(vec![0; length]))
    }

    /// A copy.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut pages = Self::zeroed(bytes.len());
        pages.copy_from_slice(bytes);
        pages
    }

    /// Zeros in large pages; nothing where that is not worth it, or not to be had.
    fn large(length: usize) -> Option<Self> {
        if length < LARGE_PAGE_BYTES / 2 {
            return None;
        }
        let whole = length.checked_next_multiple_of(LARGE_PAGE_BYTES)?;
        let map = MmapMut::map_anon(whole.checked_add(LARGE_PAGE_BYTES)?).ok()?;
        #[cfg(target_os = "linux")]
        if map.advise(memmap2::Advice::HugePage).is_err() {
            return None;
        }
        let address = map.as_ptr().addr();
        let begin = address.checked_next_multiple_of(LARGE_PAGE_BYTES)? - address;
        Some(Self::Large { map, begin, length })
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self::Small(Vec::new())
    }
}

impl Deref for Pages {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Large { map, begin, length } => {
                map.get(*begin..begin + length).unwrap_or_default()
            }
        }
    }
}

impl DerefMut for Pages {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Large { map, begin, length } => {
                map.get_mut(*begin..*begin + *length).unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_place_for_all_of_it() {
        for length in [
            0,
            1,
            LARGE_PAGE_BYTES / 2,
            LARGE_PAGE_BYTES,
            3 * LARGE_PAGE_BYTES + 1,
        ] {
            let mut pages = Pages::zeroed(length);
            assert_eq!(pages.len(), length);
            assert!(pages.iter().all(|byte| *byte == 0));
            pages.fill(7);
            assert_eq!(*Pages::of(&pages), *vec![7; length]);
        }
    }
}
