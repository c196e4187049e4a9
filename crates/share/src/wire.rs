//! What two nodes state to each other about collections, and the bodies of the JSON routes.

mod from;
mod view;

use kernel::CollectionRef;
use seal::Digest;
use serde::{Deserialize, Serialize};

use crate::model::Tally;

pub use view::{
    AcceptBody, DifferingBody, IncomingBody, LabelBody, OnwardBody, OutgoingBody, PeerBody,
    PeerRowBody, PeersBody, PreviewBody, PreviewQueryBody, ReachedBody, SentBody, SharedBody,
    TallyBody, TrafficBody, UnkeptBody,
};

/// What a node states of a shared collection.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HeldBody {
    /// The collection, by the id that its steward gave it.
    pub collection: CollectionRef,
    /// How it stands there.
    pub state: String,
    /// The newest message that was sent, or carried out.
    pub sequence: i64,
    /// What was given, or is held.
    pub digest: Tally,
}

/// What a node states to a peer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatementBody {
    /// What it gave the peer.
    pub given: Vec<HeldBody>,
    /// What it holds of what the peer gave.
    pub held: Vec<HeldBody>,
    /// True if there is more after the last of these.
    pub more: bool,
}

impl StatementBody {
    /// The last collection on the page.
    pub(crate) fn newest(&self) -> Option<CollectionRef> {
        let all = self.given.iter().chain(&self.held);
        all.map(|one| one.collection).max()
    }
}

/// One page of what a node holds of a collection.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamesBody {
    /// By id; all versions of each. Nothing after the end.
    pub items: Vec<NameBody>,
}

/// An object that is held.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NameBody {
    /// Its id.
    pub id: String,
    /// SHA-256 of its canonical form.
    pub sha256: Digest,
    /// The label under which it is held.
    pub tlp: String,
}
