//! Tiles and entry bundles as `c2sp.org/tlog-tiles` serves them.

use std::fmt;

use crate::{Error, Hash, NodeId, TREE_SIZE_MAX, text};

/// Levels of the tree that one tile spans.
pub(crate) const TILE_HEIGHT: u8 = 8;

/// Hashes of a full tile.
pub const TILE_WIDTH: usize = 256;

/// The longest entry: its length is written in two bytes.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// The longest entry bundle.
pub const BUNDLE_BYTES_MAX: usize = TILE_WIDTH * (2 + ENTRY_BYTES_MAX);

const PATH_BYTES_MAX: usize = 128;
const LEVEL_MAX: u64 = 63;

/// A tile of hashes, whatever its width at the moment.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TileId {
    /// 0 holds leaf hashes; each level above holds the roots of full tiles below.
    pub level: u8,
    /// Position among the tiles of this level.
    pub index: u64,
}

impl TileId {
    /// The tile that holds the leaves of a subtree's top, and the place of the first of them.
    pub(crate) fn holding(node: NodeId) -> (Self, usize) {
        let first = node.index << (node.level % TILE_HEIGHT);
        let tile = Self {
            level: node.level / TILE_HEIGHT,
            index: first >> TILE_HEIGHT,
        };
        // Below 256 by the mask.
        (tile, usize::try_from(first & 0xff).unwrap_or_default())
    }

    /// How many hashes this tile holds in a tree of `size` leaves: 0 to 256.
    pub fn width(self, size: u64) -> usize {
        let hashes = size
            .checked_shr(u32::from(self.level) * u32::from(TILE_HEIGHT))
            .unwrap_or_default();
        let before = self.index.saturating_mul(256);
        usize::try_from(hashes.saturating_sub(before).min(256)).unwrap_or_default()
    }
}

/// What a tile path asks for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TileKind {
    /// Hashes of a level, 0 to 63.
    Hashes {
        /// The tile's level.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// A path such as `tile/0/x001/x234/067.p/8`, without a leading slash.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct TilePath {
    /// Hashes or entries.
    pub kind: TileKind,
    /// Index of the tile in its level.
    pub index: u64,
    /// 1 to 255 for a partial tile, nothing for a full one.
    pub partial: Option<u8>,
}

impl TilePath {
    /// Reads the one accepted spelling of a tile path.
    pub fn parse(path: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "tile path" };
        let path = text::bounded(path, PATH_BYTES_MAX, "tile path")?;
        let rest = path.strip_prefix("tile/").ok_or(MALFORMED)?;
        let (kind, rest) = rest.split_once('/').ok_or(MALFORMED)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => match text::decode_decimal(level, "tile level")? {
                level @ 0..=LEVEL_MAX => TileKind::Hashes {
                    level: u8::try_from(level).map_err(|_never| MALFORMED)?,
                },
                _ => return Err(MALFORMED),
            },
        };
        let (number, partial) = match rest.split_once(".p/") {
            None => (rest, None),
            Some((number, width)) => {
                let width = text::decode_decimal(width, "tile width")?;
                let width = u8::try_from(width).map_err(|_too_wide| MALFORMED)?;
                if width == 0 {
                    return Err(MALFORMED);
                }
                (number, Some(width))
            }
        };
        let parsed = Self {
            kind,
            index: decode_index(number).ok_or(MALFORMED)?,
            partial,
        };
        // Printing again refuses superfluous leading elements.
        if parsed.to_string() == path {
            Ok(parsed)
        } else {
            Err(MALFORMED)
        }
    }

    /// The number of hashes or entries that the path asks for.
    pub fn width(&self) -> usize {
        self.partial.map_or(TILE_WIDTH, usize::from)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let mut elements = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            elements.push(rest % 1000);
            rest /= 1000;
        }
        for (place, element) in elements.iter().enumerate().rev() {
            if place == 0 {
                write!(f, "{element:03}")?;
            } else {
                write!(f, "x{element:03}/")?;
            }
        }
        match self.partial {
            Some(width) => write!(f, ".p/{width}"),
            None => Ok(()),
        }
    }
}

/// Reads a tile: one to 256 hashes, one after the other.
pub fn parse_tile(bytes: &[u8]) -> Result<Vec<Hash>, Error> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.is_empty() || hashes.len() > TILE_WIDTH || !rest.is_empty() {
        return Err(Error::Malformed { what: "tile" });
    }
    Ok(hashes.iter().copied().map(Hash::new).collect())
}

/// Writes an entry bundle: each entry behind its length in two bytes, big-endian.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for (count, entry) in entries.into_iter().enumerate() {
        let length = u16::try_from(entry.len()).map_err(|_too_long| Error::TooLarge {
            what: "entry",
            limit: ENTRY_BYTES_MAX,
        })?;
        if count >= TILE_WIDTH {
            return Err(Error::TooLarge {
                what: "entry bundle",
                limit: TILE_WIDTH,
            });
        }
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Reads an entry bundle of one to 256 entries.
pub fn parse_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    const MALFORMED: Error = Error::Malformed {
        what: "entry bundle",
    };
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(MALFORMED)?;
        let (entry, after) = after
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(MALFORMED)?;
        if entries.len() >= TILE_WIDTH {
            return Err(MALFORMED);
        }
        entries.push(entry);
        rest = after;
    }
    if entries.is_empty() {
        return Err(MALFORMED);
    }
    Ok(entries)
}

/// Reads `x001/x234/067`; whether an element was superfluous is for the caller to see.
fn decode_index(path: &str) -> Option<u64> {
    let (before, last) = path
        .rsplit_once('/')
        .map_or((None, path), |(before, last)| (Some(before), last));
    let mut index = 0_u64;
    for element in before.into_iter().flat_map(|before| before.split('/')) {
        index = push_element(index, element.strip_prefix('x')?)?;
    }
    let index = push_element(index, last)?;
    (index <= TREE_SIZE_MAX).then_some(index)
}

fn push_element(index: u64, element: &str) -> Option<u64> {
    if element.len() != 3 || !element.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    index.checked_mul(1000)?.checked_add(element.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_printed_and_read() {
        let path = TilePath {
            kind: TileKind::Hashes { level: 0 },
            index: 1_234_067,
            partial: None,
        };
        assert_eq!(path.to_string(), "tile/0/x001/x234/067");
        assert_eq!(TilePath::parse(b"tile/0/x001/x234/067"), Ok(path));
        let partial = TilePath::parse(b"tile/entries/067.p/8").unwrap();
        assert_eq!(partial.kind, TileKind::Entries);
        assert_eq!((partial.index, partial.width()), (67, 8));
    }

    #[test]
    fn any_other_spelling_is_refused() {
        for bad in [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/00/000",
            "tile/64/000",
            "tile/0/1",
            "tile/0/0001",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001/x002",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/x/000",
            "tile/0/000/",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert!(TilePath::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn widths_follow_the_example_of_the_specification() {
        let width = |level, index| TileId { level, index }.width(70_000);
        assert_eq!(width(0, 272), 256);
        assert_eq!(width(0, 273), 112);
        assert_eq!(width(0, 274), 0);
        assert_eq!(width(1, 0), 256);
        assert_eq!(width(1, 1), 17);
        assert_eq!(width(2, 0), 1);
        assert_eq!(width(3, 0), 0);
    }

    #[test]
    fn bundles_come_back_and_cut_ones_do_not() {
        let bytes = bundle([&b"one"[..], b"", b"three"]).unwrap();
        assert_eq!(parse_bundle(&bytes).unwrap(), [&b"one"[..], b"", b"three"]);
        assert!(parse_bundle(&bytes[..bytes.len() - 1]).is_err());
        assert!(parse_bundle(b"").is_err());
        assert!(bundle([&vec![0; ENTRY_BYTES_MAX + 1][..]]).is_err());
    }
}
