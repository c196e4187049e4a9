//! The tree against the published vectors of Certificate Transparency (the
//! eight leaves with which RFC 6962 implementations are compared), and against
//! the definitions of RFC 6962 §2.1 written down as they stand there.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::as_conversions,
    reason = "test code: a surprise ends the test"
)]

use std::collections::BTreeMap;

use ledger::{
    Error, Frontier, Hash, NodeId, Plan, TileId, empty_root, leaf_hash, node_hash,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[
        0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
        0x6f,
    ],
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

/// Index, size, path.
const PATHS: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (0, 8, &[A, B, C]),
    (5, 8, &[D, E, ROOTS[3]]),
    (2, 3, &[ROOTS[1]]),
    (1, 5, &[ROOTS[0], B, D]),
];

/// Old size, new size, proof.
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (1, 8, &[A, B, C]),
    (6, 8, &[F, E, ROOTS[3]]),
    (2, 5, &[B, D]),
];

/// A tree in memory: its leaf hashes, its tiles, its root at each size.
#[derive(Default)]
struct Tree {
    leaves: Vec<Hash>,
    tiles: BTreeMap<TileId, Vec<Hash>>,
    roots: Vec<Hash>,
}

impl Tree {
    fn new(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut tree = Self {
            roots: vec![empty_root()],
            ..Self::default()
        };
        let mut frontier = Frontier::new();
        for leaf in leaves {
            tree.leaves.push(leaf);
            let tiles = &mut tree.tiles;
            frontier
                .append(leaf, |NodeId { level, index }, hash| {
                    if level % 8 == 0 {
                        let id = TileId {
                            level: level / 8,
                            index: index / 256,
                        };
                        tiles.entry(id).or_default().push(hash);
                    }
                })
                .unwrap();
            let bytes = frontier.to_bytes();
            assert_eq!(Frontier::from_bytes(&bytes).unwrap(), frontier);
            tree.roots.push(frontier.root());
        }
        tree
    }

    fn resolve(&self, plan: &Plan) -> Result<Vec<Hash>, Error> {
        // Each tile only as wide as the tree of the plan makes it.
        plan.resolve(|id| {
            let width = id.width(plan.size());
            self.tiles.get(&id).map(|hashes| &hashes[..width])
        })
    }
}

fn hash(hex: &str) -> Hash {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    Hash::new(std::array::from_fn(|place| byte(place * 2)))
}

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|hex| hash(hex)).collect()
}

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

/// A hash that is in no tree of these tests.
fn stranger() -> Hash {
    leaf_hash(b"stranger")
}

/// `MTH(D)` of RFC 6962 §2.1.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            node_hash(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}

/// `PATH(m, D)` of RFC 6962 §2.1.1.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = leaves.len().next_power_of_two() / 2;
    if m < k {
        [path(m, &leaves[..k]), vec![mth(&leaves[k..])]].concat()
    } else {
        [path(m - k, &leaves[k..]), vec![mth(&leaves[..k])]].concat()
    }
}

/// `SUBPROOF(m, D, b)` of RFC 6962 §2.1.2.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    if m <= k {
        [subproof(m, &leaves[..k], whole), vec![mth(&leaves[k..])]].concat()
    } else {
        [
            subproof(m - k, &leaves[k..], false),
            vec![mth(&leaves[..k])],
        ]
        .concat()
    }
}

#[test]
fn roots_are_those_published() {
    let tree = Tree::new(LEAVES.map(leaf_hash));
    assert_eq!(tree.roots[1..], hashes(&ROOTS));
    assert_eq!(
        empty_root(),
        hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
}

#[test]
fn inclusion_paths_are_those_published() {
    let tree = Tree::new(LEAVES.map(leaf_hash));
    for (index, size, expected) in PATHS {
        let proof = tree
            .resolve(&Plan::inclusion(index, size).unwrap())
            .unwrap();
        assert_eq!(proof, hashes(expected), "leaf {index} of {size}");
        let (at, of) = (
            usize::try_from(index).unwrap(),
            usize::try_from(size).unwrap(),
        );
        let leaf = leaf_hash(LEAVES[at]);
        verify_inclusion(&leaf, index, size, &proof, &tree.roots[of]).unwrap();
    }
}

#[test]
fn consistency_proofs_are_those_published() {
    let tree = Tree::new(LEAVES.map(leaf_hash));
    for (old, new, expected) in CONSISTENCY {
        let proof = tree.resolve(&Plan::consistency(old, new).unwrap()).unwrap();
        assert_eq!(proof, hashes(expected), "{old} to {new}");
        let root = |size: u64| tree.roots[usize::try_from(size).unwrap()];
        verify_consistency(old, &root(old), new, &root(new), &proof).unwrap();
    }
}

#[test]
fn every_small_tree_agrees_with_the_definition() {
    const SIZE: usize = 70;
    let tree = Tree::new((0..70).map(leaf));
    for size in 0..=SIZE {
        let leaves = &tree.leaves[..size];
        let (n, root) = (size as u64, tree.roots[size]);
        assert_eq!(root, mth(leaves));
        for index in 0..size {
            let proof = tree
                .resolve(&Plan::inclusion(index as u64, n).unwrap())
                .unwrap();
            assert_eq!(proof, path(index, leaves), "leaf {index} of {size}");
            verify_inclusion(&leaves[index], index as u64, n, &proof, &root).unwrap();
        }
        for old in 1..=size {
            let proof = tree
                .resolve(&Plan::consistency(old as u64, n).unwrap())
                .unwrap();
            assert_eq!(proof, subproof(old, leaves, true), "{old} to {size}");
            verify_consistency(old as u64, &tree.roots[old], n, &root, &proof).unwrap();
        }
    }
}

#[test]
fn trees_of_several_tile_levels_agree_with_the_definition() {
    let tree = Tree::new((0..66_000).map(leaf));
    for size in [255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_999] {
        let leaves = &tree.leaves[..size];
        assert_eq!(tree.roots[size], mth(leaves));
        for index in [0, 1, 254, size / 2, size - 1] {
            let plan = Plan::inclusion(index as u64, size as u64).unwrap();
            assert!(plan.tiles().len() <= 6, "few tiles serve a proof");
            assert_eq!(tree.resolve(&plan).unwrap(), path(index, leaves));
        }
        for old in [1, 2, 255, size / 3, size - 1] {
            let plan = Plan::consistency(old as u64, size as u64).unwrap();
            assert_eq!(tree.resolve(&plan).unwrap(), subproof(old, leaves, true));
        }
        let root = tree.resolve(&Plan::root(size as u64).unwrap()).unwrap();
        assert_eq!(root, [tree.roots[size]]);
    }
}

#[test]
fn a_known_edge_saves_tiles_and_changes_no_proof() {
    for size in [1, 2, 255, 256, 300, 513, 700] {
        let tree = Tree::new((0..size).map(leaf));
        let mut edge = Frontier::new();
        for leaf in &tree.leaves {
            edge.append(*leaf, |_, _| {}).unwrap();
        }
        let top = edge.peaks().map(|(node, _)| node.level).max();
        assert_eq!(top, Some(63 - u8::try_from(size.leading_zeros()).unwrap()));
        let plans = [
            Plan::inclusion(0, size),
            Plan::inclusion(size - 1, size),
            Plan::consistency(size / 2, size),
            Plan::root(size),
        ];
        for plan in plans {
            let plan = plan.unwrap();
            let without = plan.clone().with_edge(&Frontier::new());
            assert_eq!(without, plan, "another size is of no use");
            let with = plan.clone().with_edge(&edge);
            assert!(with.tiles().is_subset(&plan.tiles()));
            assert_eq!(tree.resolve(&with), tree.resolve(&plan));
        }
        let root = Plan::root(size).unwrap().with_edge(&edge);
        assert_eq!(root.tiles().len(), 0);
        assert_eq!(root.resolve(|_| None).unwrap(), [edge.root()]);
    }
}

#[test]
fn a_missing_or_narrow_tile_is_named() {
    let plan = Plan::inclusion(300, 1_000).unwrap();
    let missing = plan.resolve(|_| None).unwrap_err();
    assert_eq!(missing, Error::MissingTile { level: 0, index: 1 });
    let narrow = [leaf(1)];
    assert!(plan.resolve(|_| Some(&narrow)).is_err());
}

#[test]
fn what_lies_outside_the_tree_is_refused() {
    assert_eq!(Plan::inclusion(5, 5), Err(Error::OutOfTree));
    assert_eq!(Plan::inclusion(0, 0), Err(Error::OutOfTree));
    assert_eq!(Plan::inclusion(0, u64::MAX), Err(Error::OutOfTree));
    assert_eq!(Plan::consistency(6, 5), Err(Error::OutOfTree));
    let root = empty_root();
    assert!(verify_inclusion(&root, 0, 0, &[], &root).is_err());
    assert!(verify_consistency(1, &root, 0, &root, &[]).is_err());
    let largest = ledger::TREE_SIZE_MAX;
    assert!(Plan::inclusion(largest - 1, largest).unwrap().tiles().len() < 17);
}

#[test]
fn a_frontier_must_fit_its_size() {
    let mut frontier = Frontier::new();
    for number in 0..5 {
        frontier.append(leaf(number), |_, _| {}).unwrap();
    }
    let bytes = frontier.to_bytes();
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 32]).is_err());
    assert!(Frontier::from_bytes(&[0; 7]).is_err());
    let mut too_large = bytes.clone();
    too_large[0] = 0x80;
    assert!(Frontier::from_bytes(&too_large).is_err());
}

/// Every way to change one thing about a proof.
fn tampered(proof: &[Hash], place: usize, bit: u8) -> Vec<Vec<Hash>> {
    let mut all = vec![
        [proof, &[stranger()]].concat(),
        [&[stranger()], proof].concat(),
    ];
    if !proof.is_empty() {
        let place = place % proof.len();
        let mut bytes = *proof[place].as_bytes();
        bytes[usize::from(bit) / 8] ^= 1 << (bit % 8);
        let mut flipped = proof.to_vec();
        flipped[place] = Hash::new(bytes);
        let mut dropped = proof.to_vec();
        dropped.remove(place);
        all.extend([flipped, dropped]);
        if proof.len() > 1 {
            let mut swapped = proof.to_vec();
            swapped.swap(place, (place + 1) % proof.len());
            all.push(swapped);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_leaf_of_any_tree_is_proven_and_any_tampering_is_caught(
        size in 1_usize..2_000, at in any::<prop::sample::Index>(),
        other in any::<u64>(), place in 0_usize..64, bit in any::<u8>(),
    ) {
        let tree = Tree::new((0..size as u64).map(leaf));
        let index = at.index(size);
        let (m, n, root) = (index as u64, size as u64, tree.roots[size]);
        let proof = tree.resolve(&Plan::inclusion(m, n).unwrap()).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf(m), m, n, &proof, &root), Ok(()));
        for bad in tampered(&proof, place, bit) {
            prop_assert!(verify_inclusion(&leaf(m), m, n, &bad, &root).is_err());
        }
        let elsewhere = other % n;
        if elsewhere != m {
            prop_assert!(verify_inclusion(&leaf(elsewhere), m, n, &proof, &root).is_err());
            prop_assert!(verify_inclusion(&leaf(m), elsewhere, n, &proof, &root).is_err());
        }
        prop_assert!(verify_inclusion(&leaf(m), m, n, &proof, &stranger()).is_err());
    }

    #[test]
    fn any_two_sizes_are_proven_and_any_tampering_is_caught(
        new in 2_usize..2_000, at in any::<prop::sample::Index>(),
        place in 0_usize..64, bit in any::<u8>(),
    ) {
        let tree = Tree::new((0..new as u64).map(leaf));
        let old = 1 + at.index(new - 1);
        let (m, n) = (old as u64, new as u64);
        let (old_root, new_root) = (tree.roots[old], tree.roots[new]);
        let proof = tree.resolve(&Plan::consistency(m, n).unwrap()).unwrap();
        prop_assert_eq!(verify_consistency(m, &old_root, n, &new_root, &proof), Ok(()));
        for bad in tampered(&proof, place, bit) {
            prop_assert!(verify_consistency(m, &old_root, n, &new_root, &bad).is_err());
        }
        prop_assert!(verify_consistency(m, &stranger(), n, &new_root, &proof).is_err());
        prop_assert!(verify_consistency(m, &old_root, n, &stranger(), &proof).is_err());
    }

    #[test]
    fn no_hashes_prove_what_is_not_so(
        size in any::<u64>(), index in any::<u64>(), old in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash::new), 0..80),
        root in any::<[u8; 32]>(),
    ) {
        let root = Hash::new(root);
        prop_assert!(verify_inclusion(&leaf(1), index, size, &proof, &root).is_err());
        prop_assert!(verify_consistency(old, &leaf(2), size, &root, &proof).is_err());
    }
}
