//! A discrete-event simulation of many nodes: seeded, without waiting, without I/O.
//!
//! The nodes run `federation::protocol::handle` and `exchange::state::Thread`, the same code as real
//! ones. The store is in memory, the network loses, doubles, delays and alters, links part, nodes
//! crash between a commit and what follows it, clocks are wrong, one node may be restored from an
//! hour-old backup, one may show two ledgers. Sealing is a tag that says who may open; a ledger is a
//! chain of hashes, whose proofs are real.
//!
//! [`run`] plays one seed. While it plays and when the world has calmed down it checks the promises:
//! nothing is lost, nothing is doubled, nothing is read by a stranger, receipts verify.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod deeds;
mod disk;
mod ledger;
mod line;
mod network;
mod node;
mod promises;
mod restore;
mod world;

use std::fmt;

use kernel::SeededRng;

use world::World;

/// What one run did. Counts only, so that a test can see that something happened at all.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Messages made.
    pub messages: u64,
    /// Messages receipted in the end.
    pub receipted: u64,
    /// Packets that were lost, for whatever reason.
    pub lost: u64,
    /// Packets that arrived once more.
    pub doubled: u64,
    /// Envelopes that were altered on the way.
    pub altered: u64,
    /// Crashes.
    pub crashes: u64,
    /// Restores from a backup.
    pub restores: u64,
    /// Envelopes that were offered to or by a stranger.
    pub strangers: u64,
    /// Peers frozen for showing two ledgers.
    pub frozen: u64,
    /// Messages that went in a pouch.
    pub carried: u64,
}

impl Report {
    /// Adds another run's counts.
    pub const fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.receipted += other.receipted;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.altered += other.altered;
        self.crashes += other.crashes;
        self.restores += other.restores;
        self.strangers += other.strangers;
        self.frozen += other.frozen;
        self.carried += other.carried;
    }
}

/// A promise that was broken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Broken {
    /// The seed that shows it again.
    pub seed: u64,
    /// When in the run, in seconds.
    pub at_seconds: u64,
    /// What.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} (after {} s; repeat with COMITY_SIM_SEED={})",
            self.what, self.at_seconds, self.seed
        )
    }
}

impl std::error::Error for Broken {}

/// How bad the world is, in parts of a thousand where nothing else is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    pub(crate) loss: u64,
    pub(crate) doubling: u64,
    pub(crate) altering: u64,
    pub(crate) crash: u64,
    pub(crate) stranger: u64,
    pub(crate) partitions: u64,
    pub(crate) skew_seconds: u64,
    pub(crate) restore: bool,
    pub(crate) two_faced: bool,
}

/// The plan of a run: everything follows from its seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) nodes: usize,
    pub(crate) messages: u64,
    pub(crate) hours: u64,
    pub(crate) faults: Faults,
}

impl Plan {
    fn new(rng: &SeededRng) -> Self {
        let up_to = |n: u64| rng.next_u64() % (n + 1);
        // One run in eight is free of faults: what breaks there breaks for a simple reason.
        let calm = up_to(7) == 0;
        let fault = |most: u64| if calm { 0 } else { up_to(most) };
        Self {
            nodes: 2 + usize::try_from(up_to(4)).unwrap_or(0),
            messages: 8 + up_to(24),
            hours: 6 + up_to(30),
            faults: Faults {
                loss: fault(300),
                doubling: fault(200),
                altering: fault(60),
                crash: fault(25),
                stranger: fault(60),
                partitions: fault(6),
                skew_seconds: fault(7_200),
                restore: !calm && up_to(3) == 0,
                two_faced: !calm && up_to(5) == 0,
            },
        }
    }
}

/// Plays the run of a seed to its end.
pub fn run(seed: u64) -> Result<Report, Broken> {
    let rng = SeededRng::new(seed);
    let plan = Plan::new(&rng);
    World::new(plan, rng)
        .play()
        .map_err(|(at_seconds, what)| Broken {
            seed,
            at_seconds,
            what,
        })
}
