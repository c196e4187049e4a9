//! Inclusion and consistency proofs: which nodes they need, and whether they hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::frontier::fold;
use crate::tile::TILE_HEIGHT;
use crate::{Error, Frontier, Hash, TREE_SIZE_MAX, TileId, node_hash};

/// The longest proof that is read: one hash a level of the largest tree.
pub const PROOF_HASHES_MAX: usize = 63;

/// A perfect subtree: the leaves from `index << level` up to `(index + 1) << level`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId {
    /// Height of the subtree; 0 is a leaf.
    pub level: u8,
    /// Position among the subtrees of this height.
    pub index: u64,
}

/// The hashes that a proof consists of, each as the perfect subtrees that make it up.
///
/// A plan is made without any hash at hand, so that a store can fetch what is
/// needed in one go: ask [`Plan::tiles`], load them, then call [`Plan::resolve`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    size: u64,
    hashes: Vec<Vec<NodeId>>,
    known: BTreeMap<NodeId, Hash>,
}

impl Plan {
    /// The path of leaf `index` in a tree of `size` leaves, RFC 6962 §2.1.1.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, Error> {
        if index >= size || size > TREE_SIZE_MAX {
            return Err(Error::OutOfTree);
        }
        let (mut low, mut high) = (0, size);
        let mut hashes = Vec::new();
        while high - low > 1 {
            let middle = low + split(high - low);
            if index < middle {
                hashes.push(perfect(middle, high));
                high = middle;
            } else {
                hashes.push(perfect(low, middle));
                low = middle;
            }
        }
        hashes.reverse();
        Ok(Self::new(size, hashes))
    }

    /// The proof that the tree of `old` leaves is a prefix of that of `new`, RFC 6962 §2.1.2.
    ///
    /// It is empty where nothing needs proof: when `old` is 0 or equals `new`.
    pub fn consistency(old: u64, new: u64) -> Result<Self, Error> {
        if old > new || new > TREE_SIZE_MAX {
            return Err(Error::OutOfTree);
        }
        let mut hashes = Vec::new();
        if old > 0 && old < new {
            let (mut low, mut high) = (0, new);
            // `known`: the subtree at hand is the whole old tree, whose root the verifier has.
            let mut known = true;
            while high != old {
                let middle = low + split(high - low);
                if old <= middle {
                    hashes.push(perfect(middle, high));
                    high = middle;
                } else {
                    hashes.push(perfect(low, middle));
                    low = middle;
                    known = false;
                }
            }
            if !known {
                hashes.push(perfect(low, high));
            }
            hashes.reverse();
        }
        Ok(Self::new(new, hashes))
    }

    /// The nodes that make up the root of a tree of `size` leaves, as one hash.
    pub fn root(size: u64) -> Result<Self, Error> {
        if size == 0 || size > TREE_SIZE_MAX {
            return Err(Error::OutOfTree);
        }
        Ok(Self::new(size, vec![perfect(0, size)]))
    }

    const fn new(size: u64, hashes: Vec<Vec<NodeId>>) -> Self {
        Self {
            size,
            hashes,
            known: BTreeMap::new(),
        }
    }

    /// Takes the right edge of the tree as known, so that no tile need be fetched for it. A
    /// frontier of another size is of no use and left alone.
    #[must_use]
    pub fn with_edge(mut self, edge: &Frontier) -> Self {
        if edge.size() == self.size {
            self.known.extend(edge.peaks());
        }
        self
    }

    /// The nodes whose hashes are not known yet: what a store needs that keeps more of the tree
    /// than its tiles.
    pub fn nodes(&self) -> BTreeSet<NodeId> {
        let nodes = self.hashes.iter().flatten().copied();
        nodes
            .filter(|node| !self.known.contains_key(node))
            .collect()
    }

    /// The tiles to fetch, each as wide as the tree of this plan makes it.
    pub fn tiles(&self) -> BTreeSet<TileId> {
        let nodes = self.nodes().into_iter();
        nodes.map(|node| TileId::holding(node).0).collect()
    }

    /// The size of the tree that the plan is for; [`TileId::width`] wants it.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Computes the proof's hashes from the tiles.
    pub fn resolve<'a>(
        &self,
        tile: impl Fn(TileId) -> Option<&'a [Hash]>,
    ) -> Result<Vec<Hash>, Error> {
        self.resolve_nodes(|node| node_in_tile(node, &tile))
    }

    /// Computes the proof's hashes from those of its [`nodes`](Self::nodes).
    pub fn resolve_nodes(&self, hash: impl Fn(NodeId) -> Option<Hash>) -> Result<Vec<Hash>, Error> {
        let hash = |node: &NodeId| {
            let found = self.known.get(node).copied().or_else(|| hash(*node));
            let (TileId { level, index }, _) = TileId::holding(*node);
            found.ok_or(Error::MissingTile { level, index })
        };
        self.hashes
            .iter()
            .map(|nodes| {
                let peaks = nodes.iter().map(hash).collect::<Result<Vec<_>, _>>()?;
                fold(&peaks).ok_or(Error::OutOfTree)
            })
            .collect()
    }
}

/// Checks that `leaf` is entry `index` of the tree of `size` leaves with this root,
/// RFC 9162 §2.1.3.2.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Error> {
    if index >= size || size > TREE_SIZE_MAX {
        return Err(Error::OutOfTree);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(Error::BadProof);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // On the right edge, skip the levels that have no sibling.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    holds(last == 0 && hash == *root)
}

/// Checks that the tree of `old` leaves is a prefix of that of `new` leaves, RFC 9162 §2.1.4.2.
///
/// Between equal sizes the roots must be equal and the proof empty; every tree
/// continues the empty one, again with an empty proof.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    if old > new || new > TREE_SIZE_MAX {
        return Err(Error::OutOfTree);
    }
    if old == new {
        return holds(proof.is_empty() && old_root == new_root);
    }
    if old == 0 {
        return holds(proof.is_empty() && *old_root == crate::empty_root());
    }
    // An old tree that is one perfect subtree is itself the first hash of the path.
    let mut path = proof.iter();
    let first = if old.is_power_of_two() {
        *old_root
    } else {
        *path.next().ok_or(Error::BadProof)?
    };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(Error::BadProof);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    holds(last == 0 && old_hash == *old_root && new_hash == *new_root)
}

fn holds(condition: bool) -> Result<(), Error> {
    if condition {
        Ok(())
    } else {
        Err(Error::BadProof)
    }
}

/// The largest power of two below `leaves`, which must be at least 2.
fn split(leaves: u64) -> u64 {
    1 << (u64::BITS - 1 - (leaves - 1).leading_zeros())
}

/// The perfect subtrees that cover the leaves from `low` up to `high`, largest first.
///
/// `low` is a multiple of the largest of them, which the recursion of RFC 6962 ensures.
fn perfect(mut low: u64, high: u64) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    while low < high {
        let mut level = 0_u8;
        while low & (1 << level) == 0 && (2_u64 << level) <= high - low {
            level += 1;
        }
        nodes.push(NodeId {
            level,
            index: low >> level,
        });
        low += 1 << level;
    }
    nodes
}

fn node_in_tile<'a>(node: NodeId, tile: &impl Fn(TileId) -> Option<&'a [Hash]>) -> Option<Hash> {
    let (id, first) = TileId::holding(node);
    let count = 1_usize << (node.level % TILE_HEIGHT);
    perfect_root(tile(id)?.get(first..first + count)?)
}

/// The root of a perfect subtree, from all its hashes of one level: 1, 2, 4, … of them.
pub fn perfect_root(hashes: &[Hash]) -> Option<Hash> {
    let mut hashes = hashes.to_vec();
    while hashes.len() > 1 {
        let (pairs, []) = hashes.as_chunks::<2>() else {
            return None;
        };
        hashes = pairs
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    hashes.first().copied()
}
