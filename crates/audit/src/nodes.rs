//! The hashes of a tree that are kept, and those that follow from them.
//!
//! Every fourth level is kept above the leaves: 45 bytes a hash, 3 bytes a leaf. A node between two
//! kept levels is made of at most eight hashes, so that a proof reads a few rows a level instead of
//! all 256 of a tile.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use ledger::{Hash, NodeId, perfect_root};

use crate::{
    Error, Ground,
    append::hash_of,
    log::Number,
    store::{leaf as leaves, tree as rows},
};

/// Levels from one that is kept to the next.
const STEP: u8 = 4;
/// Hashes of one kept level under one hash of the next.
const GROUP: u64 = 1 << STEP;

/// Whether the hash of a node is written down.
pub(crate) const fn is_kept(node: NodeId) -> bool {
    node.level > 0 && node.level.is_multiple_of(STEP)
}

/// The hashes of these nodes in the tree of `size` leaves. What the tree does not have is missing.
pub(crate) async fn load(
    tx: &mut Tx,
    (ground, number): (&Ground, Number),
    nodes: &BTreeSet<NodeId>,
    size: u64,
) -> Result<BTreeMap<NodeId, Hash>, Error> {
    let mut groups: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for node in nodes {
        groups.entry(group_of(*node)).or_default().push(*node);
    }
    let width = |first: &NodeId| {
        let width = (size >> first.level).saturating_sub(first.index);
        usize::try_from(width.min(GROUP)).unwrap_or_default()
    };
    let above: Vec<(NodeId, usize)> = groups
        .keys()
        .filter(|first| first.level > 0)
        .map(|first| (*first, width(first)))
        .collect();
    let mut known: BTreeMap<NodeId, Hash> = rows::hashes_of(tx, number, &above)
        .await?
        .into_iter()
        .collect();
    for first in groups.keys().filter(|first| first.level == 0) {
        let hashes = recent_leaves(tx, (ground, number), first.index, width(first)).await?;
        let nodes = (first.index..).map(|index| NodeId { level: 0, index });
        known.extend(nodes.zip(hashes));
    }
    Ok(groups
        .iter()
        .flat_map(|(first, nodes)| nodes.iter().map(move |node| (*first, *node)))
        .filter_map(|(first, node)| Some((node, root_of(node, first.level, &known)?)))
        .collect())
}

/// The hash of a node from those of a level below it.
fn root_of(node: NodeId, level: u8, known: &BTreeMap<NodeId, Hash>) -> Option<Hash> {
    let height = node.level - level;
    let first = node.index << height;
    let hashes = (first..first + (1 << height)).map(|index| known.get(&NodeId { level, index }));
    perfect_root(
        &hashes
            .map(Option::<&Hash>::copied)
            .collect::<Option<Vec<_>>>()?,
    )
}

/// The hashes of a kept level, or of leaves, from `first` on; at most `width`.
pub(crate) async fn kept(
    tx: &mut Tx,
    number: Number,
    first: NodeId,
    width: usize,
) -> Result<Vec<Hash>, Error> {
    if first.level > 0 {
        return Ok(rows::hashes(tx, number, first, width).await?);
    }
    let width = i64::try_from(width).unwrap_or(i64::MAX);
    let found = leaves::leaves_packed(tx, number, first.index, width).await?;
    found.iter().map(hash_of).collect()
}

/// The first of the kept hashes that make up a node, and its neighbours up to the next kept level.
const fn group_of(node: NodeId) -> NodeId {
    let height = node.level % STEP;
    let index = node.index << height;
    NodeId {
        level: node.level - height,
        index: index - index % GROUP,
    }
}

/// The hashes of leaves from `first` on, of which some may be remembered.
async fn recent_leaves(
    tx: &mut Tx,
    (ground, number): (&Ground, Number),
    first: u64,
    width: usize,
) -> Result<Vec<Hash>, Error> {
    let mut hashes = ground.recent.get(number, first);
    if hashes.len() < width {
        let had = u64::try_from(hashes.len()).unwrap_or_default();
        let from = NodeId {
            level: 0,
            index: first.saturating_add(had),
        };
        hashes.extend(kept(tx, number, from, width - hashes.len()).await?);
        if tx.only_reads() {
            ground.recent.put(number, first, &hashes);
        }
    }
    hashes.truncate(width);
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_begins_under_one_kept_node() {
        let group = |level, index| {
            let NodeId { level, index } = group_of(NodeId { level, index });
            (level, index)
        };
        assert_eq!(group(0, 37), (0, 32));
        assert_eq!(group(3, 5), (0, 32));
        assert_eq!(group(4, 37), (4, 32));
        assert_eq!(group(7, 5), (4, 32));
        assert_eq!(group(9, 3), (8, 0));
    }
}
