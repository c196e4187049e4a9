//! The hashes of leaves that were read lately.
//!
//! A proof needs those around the right edge, and every receipt needs two proofs there. A leaf that
//! was committed never changes its hash, not even when it is erased; so only what a transaction
//! saw that reads alone is remembered.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use ledger::Hash;

use crate::log::Number;

/// How many tiles are remembered, at most 8 KiB each.
const TILES_MAX: usize = 64;

struct Tile {
    number: Number,
    index: u64,
    /// The first hashes of the tile.
    hashes: Vec<Hash>,
}

/// Tiles of level 0, the one used last in front.
#[derive(Default)]
pub(crate) struct RecentTiles(Mutex<VecDeque<Tile>>);

impl RecentTiles {
    /// The first hashes of a tile, as many as are remembered.
    pub(crate) fn get(&self, number: Number, index: u64) -> Vec<Hash> {
        let mut tiles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = tiles
            .iter()
            .position(|tile| tile.number == number && tile.index == index)
            .and_then(|at| tiles.remove(at));
        let Some(tile) = found else {
            return Vec::new();
        };
        let hashes = tile.hashes.clone();
        tiles.push_front(tile);
        hashes
    }

    /// Remembers the first hashes of a tile, if they are more than before.
    pub(crate) fn put(&self, number: Number, index: u64, hashes: &[Hash]) {
        let mut tiles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tiles
            .iter_mut()
            .find(|tile| tile.number == number && tile.index == index);
        if let Some(tile) = known {
            if tile.hashes.len() < hashes.len() {
                tile.hashes = hashes.to_vec();
            }
            return;
        }
        tiles.truncate(TILES_MAX - 1);
        tiles.push_front(Tile {
            number,
            index,
            hashes: hashes.to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Log;

    fn hashes(count: u8) -> Vec<Hash> {
        (0..count).map(|byte| Hash::new([byte; 32])).collect()
    }

    #[test]
    fn the_longest_start_of_a_tile_is_remembered() {
        let (tiles, number) = (RecentTiles::default(), Number::new(Log::Exchange, 0));
        assert!(tiles.get(number, 7).is_empty());
        tiles.put(number, 7, &hashes(3));
        tiles.put(number, 7, &hashes(2));
        assert_eq!(tiles.get(number, 7), hashes(3));
        assert!(tiles.get(Number::new(Log::Exchange, 1), 7).is_empty());
        assert!(tiles.get(Number::new(Log::Acts, 0), 7).is_empty());
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_is_forgotten() {
        let (tiles, number) = (RecentTiles::default(), Number::new(Log::Exchange, 0));
        for index in 0..u64::try_from(TILES_MAX).unwrap() {
            tiles.put(number, index, &hashes(1));
        }
        assert_eq!(tiles.get(number, 0), hashes(1));
        tiles.put(number, 1_000, &hashes(1));
        assert_eq!(tiles.get(number, 0), hashes(1));
        assert!(tiles.get(number, 1).is_empty());
    }
}
