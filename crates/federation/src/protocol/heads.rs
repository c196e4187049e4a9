//! What is known of the peer's ledger.

use serde::{Deserialize, Serialize};

use super::{Alarm, Effect, Evidence, Peer, Row};
use crate::model::Digest;

/// A signed checkpoint of a ledger, as far as it is compared.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Head {
    /// The number of leaves.
    pub size: u64,
    /// The root hash over them.
    pub root: Digest,
}

/// What the checks said about two heads of one ledger, the one held and the one seen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Consistency {
    /// The longer one continues the shorter one.
    Proven,
    /// It does not.
    Failed,
    /// There was no proof to check.
    Unknown,
}

/// Whether the peer's ledger is believed.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum Standing {
    /// Each checkpoint followed from the one before.
    #[default]
    Believed,
    /// Two did not. The peer's receipts count for nothing, and it gets none; its messages are still
    /// taken. Only a person ends this.
    Frozen {
        /// What it showed first.
        known: Head,
        /// What does not follow from it.
        shown: Head,
    },
}

pub(super) fn checkpoint(peer: &mut Peer, shown: Head, consistency: Consistency) -> Vec<Effect> {
    if matches!(peer.standing, Standing::Frozen { .. }) {
        return Vec::new();
    }
    let Some(known) = peer.head else {
        peer.head = Some(shown);
        return vec![persist(peer)];
    };
    if known == shown {
        return Vec::new();
    }
    // Two roots over one number of leaves exclude each other, whatever a proof says.
    if known.size == shown.size {
        return freeze(peer, known, shown);
    }
    match consistency {
        Consistency::Failed => freeze(peer, known, shown),
        Consistency::Unknown => vec![Effect::AskConsistency { known, shown }],
        Consistency::Proven if shown.size > known.size => {
            peer.head = Some(shown);
            vec![persist(peer)]
        }
        // An older one that came late.
        Consistency::Proven => Vec::new(),
    }
}

pub(super) fn restored(peer: &mut Peer, head: Head) -> Vec<Effect> {
    // A peer caught with two ledgers does not free itself by a statement.
    if matches!(peer.standing, Standing::Frozen { .. }) || peer.head == Some(head) {
        return Vec::new();
    }
    peer.head = Some(head);
    vec![persist(peer), Effect::Alarm(Alarm::PeerRestored)]
}

pub(super) fn thaw(peer: &mut Peer, head: Head) -> Vec<Effect> {
    match peer.standing {
        Standing::Believed => Vec::new(),
        Standing::Frozen { .. } => {
            peer.standing = Standing::Believed;
            peer.head = Some(head);
            vec![persist(peer)]
        }
    }
}

fn freeze(peer: &mut Peer, known: Head, shown: Head) -> Vec<Effect> {
    peer.standing = Standing::Frozen { known, shown };
    vec![
        persist(peer),
        Effect::KeepEvidence(Evidence::SplitView { known, shown }),
        Effect::Alarm(Alarm::SplitView { known, shown }),
    ]
}

fn persist(peer: &Peer) -> Effect {
    Effect::Persist(Row::Ledger(peer.standing.clone(), peer.head))
}
