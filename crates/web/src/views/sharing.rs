//! Collections shared with other parties, and where two sides differ.

use askama::Template;
use kernel::Timestamp;

use super::frame::{PartyName, Shell};
use crate::words::Words;

/// `GET /sharing`.
#[derive(Debug, Template)]
#[template(path = "sharing.html")]
pub struct SharingList {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Every peer, by code.
    pub rows: Vec<SharingRow>,
}

/// One peer in the list.
#[derive(Clone, Debug)]
pub struct SharingRow {
    /// Its page.
    pub url: String,
    /// Whose node.
    pub party: PartyName,
    /// How many collections it is told of.
    pub outgoing: u64,
    /// How many it shares.
    pub incoming: u64,
    /// How many wait for a decision.
    pub offered: u64,
    /// How many differ, messages of all traffic included.
    pub differing: u64,
    /// How many removals it has not stated.
    pub unconfirmed: u64,
}

/// `GET /sharing/{party}`.
#[derive(Debug, Template)]
#[template(path = "sharing-peer.html")]
pub struct SharingPeer {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Its page, under which things are done.
    pub url: String,
    /// Whose node.
    pub party: PartyName,
    /// All messages between the two.
    pub traffic: TrafficPanel,
    /// What it is told of.
    pub outgoing: Vec<OutgoingPanel>,
    /// What it shares.
    pub incoming: Vec<IncomingPanel>,
}

/// All messages between two nodes.
#[derive(Clone, Debug)]
pub struct TrafficPanel {
    /// When the peer last answered.
    pub heard: Option<Timestamp>,
    /// Messages of this node that the peer has, and their digest.
    pub sent: (u64, String),
    /// Messages of the peer that this node has, and their digest.
    pub received: (u64, String),
    /// The messages in which the two differ, and how.
    pub gaps: Vec<(String, String)>,
}

/// A collection of which a party is told.
#[derive(Clone, Debug)]
pub struct OutgoingPanel {
    /// The share.
    pub id: String,
    /// What the collection is called.
    pub title: String,
    /// Its page; empty where there is none.
    pub page: String,
    /// `active`, `ended`, `declined`.
    pub state: String,
    /// How the last comparison came out.
    pub verdict: String,
    /// When that was.
    pub compared: Option<Timestamp>,
    /// The number of the newest message.
    pub sequence: u64,
    /// What the party should hold, and its digest.
    pub ours: (u64, String),
    /// What it stated that it holds.
    pub theirs: Option<(u64, String)>,
    /// What differs.
    pub gaps: Vec<GapRow>,
    /// Removals, the newest first.
    pub removals: Vec<RemovalRow>,
}

/// An object in which two sides differ.
#[derive(Clone, Debug)]
pub struct GapRow {
    /// Its id.
    pub object: String,
    /// `they_miss`, `they_keep`.
    pub gap: String,
    /// Since when.
    pub since: Timestamp,
}

/// A removal that a party was told to do.
#[derive(Clone, Debug)]
pub struct RemovalRow {
    /// How many objects were named; nothing where everything has to go.
    pub items: Option<u64>,
    /// When it was told.
    pub at: Timestamp,
    /// How the message stands.
    pub delivery: String,
    /// When it stated that it did.
    pub stated: Option<Timestamp>,
    /// What it says of those to whom it had passed them on: `nobody`, `asked`, `confirmed`.
    pub onward: String,
}

/// A collection that a party shares.
#[derive(Clone, Debug)]
pub struct IncomingPanel {
    /// The share.
    pub id: String,
    /// What the collection is called.
    pub title: String,
    /// Its page; empty where there is none.
    pub page: String,
    /// What it is for.
    pub description: String,
    /// The strictest label that it takes.
    pub ceiling: String,
    /// `offered`, `accepted`, `declined`, `ended`.
    pub state: String,
    /// Whether what is held is what its steward says.
    pub verdict: String,
    /// When the two were last compared.
    pub compared: Option<Timestamp>,
    /// Whether it may be passed on.
    pub onward: bool,
    /// How many messages wait.
    pub waiting: u64,
    /// What is held here, and its digest.
    pub ours: (u64, String),
    /// What its steward says should be.
    pub theirs: (u64, String),
    /// What was given and is not kept: the id, and why in a sentence.
    pub unkept: Vec<(String, String)>,
}
