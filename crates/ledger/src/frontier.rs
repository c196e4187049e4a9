//! The right edge of the tree: all that appending needs.

use crate::{Error, Hash, NodeId, empty_root, node_hash};

/// The largest tree, so that a size fits the signed 64-bit integers of SQL.
pub const TREE_SIZE_MAX: u64 = i64::MAX.cast_unsigned();

/// Bytes of the longest frontier: its size and one peak for each bit of it.
pub const FRONTIER_BYTES_MAX: usize = 8 + 63 * Hash::BYTES;

/// The roots of the perfect subtrees that make up a tree of `size` leaves,
/// largest first: one for each set bit of `size`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree without leaves.
    pub const fn new() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf hash in O(log n) and calls `completed` for every perfect
    /// subtree that it completes, the leaf itself (level 0) first.
    pub fn append(
        &mut self,
        leaf: Hash,
        mut completed: impl FnMut(NodeId, Hash),
    ) -> Result<(), Error> {
        if self.size >= TREE_SIZE_MAX {
            return Err(Error::OutOfTree);
        }
        let mut hash = leaf;
        let mut level = 0_u8;
        let mut index = self.size;
        completed(NodeId { level, index }, hash);
        while index & 1 == 1 {
            // A set bit of the size has its peak, so this never ends early.
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            index >>= 1;
            completed(NodeId { level, index }, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
        Ok(())
    }

    /// The root of the tree, RFC 6962 §2.1.
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(empty_root)
    }

    /// The perfect subtrees that make up the tree, largest first, with their roots.
    pub fn peaks(&self) -> impl Iterator<Item = (NodeId, Hash)> {
        let levels = (0..64_u8).rev().filter(|level| self.size >> level & 1 == 1);
        levels.zip(&self.peaks).map(|(level, hash)| {
            // The last subtree of its height: the others lie before it.
            let index = (self.size >> level) - 1;
            (NodeId { level, index }, *hash)
        })
    }

    /// The size as 8 bytes, big-endian, then the peaks.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(peak.as_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; the number of peaks must fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "frontier" };
        let (size, peaks) = bytes.split_first_chunk::<8>().ok_or(MALFORMED)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = peaks.as_chunks::<32>();
        let expected = usize::try_from(size.count_ones()).map_err(|_never| MALFORMED)?;
        if size > TREE_SIZE_MAX || peaks.len() != expected || !rest.is_empty() {
            return Err(MALFORMED);
        }
        let peaks = peaks.iter().copied().map(Hash::new).collect();
        Ok(Self { size, peaks })
    }
}

/// Joins neighbouring perfect subtrees, largest first, into one root.
pub(crate) fn fold(peaks: &[Hash]) -> Option<Hash> {
    let (last, others) = peaks.split_last()?;
    Some(
        others
            .iter()
            .rev()
            .fold(*last, |right, left| node_hash(left, &right)),
    )
}
