//! What a node keeps: everything that a crash does not take.

use std::collections::{BTreeMap, BTreeSet};

use exchange::state::Thread;
use federation::{
    model::Digest,
    protocol::{Peer, Stage},
};
use kernel::{MessageId, ThreadId};

use super::{
    ledger::{Ledger, Receipt},
    network::Envelope,
};

/// A timer of an outgoing message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer {
    pub(crate) attempt: u32,
    /// In microseconds of the run.
    pub(crate) rings_at: u64,
}

/// A node's disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub(crate) ledger: Ledger,
    pub(crate) peers: BTreeMap<usize, Peer>,
    /// The epoch of each peer's ledger as far as it was stated.
    pub(crate) epochs: BTreeMap<usize, u64>,
    pub(crate) files: BTreeSet<Digest>,
    /// What was made here, by addressee and id.
    pub(crate) outgoing: BTreeMap<(usize, MessageId), Envelope>,
    /// What came in and is the peer's, by peer and id.
    pub(crate) incoming: BTreeMap<(usize, MessageId), Envelope>,
    pub(crate) timers: BTreeMap<(usize, MessageId), Timer>,
    pub(crate) receipts: BTreeMap<(usize, MessageId), Receipt>,
    pub(crate) threads: BTreeMap<(usize, ThreadId), Thread>,
    /// How often each message was handed up.
    pub(crate) handed_up: BTreeMap<(usize, MessageId), u32>,
}

impl Disk {
    pub(crate) fn new(me: usize, nodes: usize, witnessed: &[bool]) -> Self {
        let others = (0..nodes).filter(|other| *other != me);
        let peer = |other: usize| Peer {
            witnessed: witnessed.get(other).copied().unwrap_or(false),
            ..Peer::default()
        };
        Self {
            ledger: Ledger::new(),
            peers: others.map(|other| (other, peer(other))).collect(),
            epochs: BTreeMap::new(),
            files: BTreeSet::new(),
            outgoing: BTreeMap::new(),
            incoming: BTreeMap::new(),
            timers: BTreeMap::new(),
            receipts: BTreeMap::new(),
            threads: BTreeMap::new(),
            handed_up: BTreeMap::new(),
        }
    }

    /// True if the message is here whole and counts as received.
    pub(crate) fn holds(&self, from: usize, id: MessageId, header: Digest) -> bool {
        let bound = self
            .peers
            .get(&from)
            .and_then(|peer| peer.inbox.get(&id))
            .and_then(|incoming| incoming.bound.as_ref());
        let received = bound.is_some_and(|bound| {
            bound.digest == header && matches!(bound.stage, Stage::Received { .. })
        });
        let whole = self.incoming.get(&(from, id)).is_some_and(|envelope| {
            envelope.header == header && envelope.files.is_subset(&self.files)
        });
        received && whole
    }

    /// The files of an envelope that are not here.
    pub(crate) fn missing(&self, envelope: &Envelope) -> BTreeSet<Digest> {
        envelope.files.difference(&self.files).copied().collect()
    }
}
