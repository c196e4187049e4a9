//! How messages travel, without I/O: [`handle`] takes what is known of one peer and one thing that
//! happened, changes the first and says what is to be done.
//!
//! The node, the model checker and the simulator run this one code. A node keeps the state in SQL
//! and loads only what the input concerns: [`Peer`] with the rows of the messages that it names
//! (those two maps may be slices). It carries out the effects in their order, [`Phase::Within`] the
//! one transaction that also stores the rows, and [`Phase::After`] its commit. A crash before the
//! commit undoes everything, a crash after it loses the second sort alone, and both are harmless:
//!
//! - **Nothing is dropped.** Every outgoing envelope that is not settled has exactly one timer
//!   ([`Effect::Schedule`]) in the durable queue, set *before* each try. A timer that is no longer
//!   the current one is ignored.
//! - **Nothing is doubled.** The inbox keeps every id for ever. [`Effect::HandUp`] comes only with
//!   the transition to [`Stage::Received`], in the same transaction.
//! - **A receipt is proof.** [`Effect::GiveReceipt`] comes only when no sealed file is missing, after
//!   the commit, and never while the peer is frozen.
//!
//! Time enters as events: a due timer, a failure with its moment. No moment is ever compared here.

mod effect;
mod heads;
mod input;
mod receiving;
mod reconcile;
mod retry;
mod sending;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{MessageId, Timestamp};
use serde::{Deserialize, Serialize};

pub use effect::{Alarm, Effect, Evidence, LeafAct, Phase, Row};
pub use heads::{Consistency, Head, Standing};
pub use input::{Failure, Input, Later, ReceiptVerdict, Verdict};
pub use reconcile::{Gap, Holdings, Tally};
pub use retry::{STEPS_UNTIL_UNDELIVERABLE, backoff_ms};

use crate::{
    model::Digest,
    state::{Delivery, Grade, RefusalCode},
};

/// The most damaged, and the most conflicting, envelopes that are written down under one id; later
/// ones are refused all the same.
pub const REFUSED_PER_ID_MAX: usize = 8;

/// What a node knows of one peer.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Peer {
    /// Whether the peer's ledger is believed.
    pub standing: Standing,
    /// The peer's last checkpoint that was proven consistent with the ones before.
    pub head: Option<Head>,
    /// True where the peer's key set names witnesses: a receipt is complete with theirs only.
    pub witnessed: bool,
    /// What goes to the peer, by id.
    pub outbox: BTreeMap<MessageId, Outgoing>,
    /// What came from the peer, by id, for ever.
    pub inbox: BTreeMap<MessageId, Incoming>,
    /// What both sides must agree on.
    pub holdings: Holdings,
    /// Where they do not.
    pub gaps: BTreeMap<MessageId, Gap>,
}

/// An envelope on its way out.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Outgoing {
    /// SHA-256 of the header.
    pub digest: Digest,
    /// Where it stands.
    pub delivery: Delivery,
    /// The number of the timer that counts; others are stale.
    pub attempt: u32,
    /// How many tries in a row brought nothing: the step of the back-off.
    pub step: u32,
    /// When the first of the failures in a row happened.
    pub failing_since: Option<Timestamp>,
    /// Whether something of it may have left the house.
    pub exposure: Exposure,
    /// True once the sender has withdrawn it.
    pub withdrawn: bool,
    /// True once the peer has lost it after its receipt and it cannot be sent again.
    #[serde(default)]
    pub forgone: bool,
}

/// Whether any byte of an envelope may have left the house.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exposure {
    /// None has.
    Never,
    /// One try is under way, the first that could.
    Pending,
    /// It has, or it cannot be ruled out.
    Possible,
}

/// What came under one id.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Incoming {
    /// The message proven to be the peer's, to which the id belongs for ever.
    pub bound: Option<Bound>,
    /// Other envelopes refused under this id: damaged ones by the digest of their bytes, conflicting
    /// ones by that of their header.
    pub refused: BTreeMap<Digest, RefusalCode>,
}

/// A message proven to be the peer's.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Bound {
    /// SHA-256 of the header.
    pub digest: Digest,
    /// Where it stands.
    pub stage: Stage,
}

/// Where a message stands that came in.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// Sealed files are missing. No receipt.
    Waiting {
        /// Their digests.
        missing: BTreeSet<Digest>,
    },
    /// All of it is durably there; it was handed up.
    Received {
        /// How much our receipt proves by now.
        grade: Grade,
    },
    /// It is the peer's, and it cannot be taken.
    Refused {
        /// Why.
        code: RefusalCode,
    },
}

/// What `input` does to the peer, and what is to be done about it.
///
/// An input that comes late, twice or out of order changes nothing, and may still be answered.
pub fn handle(peer: &mut Peer, input: Input) -> Vec<Effect> {
    match input {
        Input::Submit { id, digest } => sending::submit(peer, id, digest),
        Input::Due { id, attempt } => sending::due(peer, id, attempt),
        Input::RetryNow { id } => sending::retry_now(peer, id),
        Input::Transmitted { id } => sending::transmitted(peer, id),
        Input::Wanted { id, missing } => sending::wanted(peer, id, missing),
        Input::FilesSent { id } => sending::files_sent(peer, id),
        Input::Failed { id, failure, at } => sending::failed(peer, id, failure, at),
        Input::Receipt {
            id,
            digest,
            verdict,
        } => sending::receipt(peer, id, digest, &verdict),
        Input::Refusal { id, digest, code } => sending::refusal(peer, id, digest, code),
        Input::NotHeld { id } => sending::not_held(peer, id),
        Input::SendAgain { id } => sending::send_again(peer, id),
        Input::Withdraw { id } => sending::withdraw(peer, id),
        Input::Forgo { id } => reconcile::forgo(peer, id),
        Input::Carry { id } => sending::carry(peer, id),
        Input::Arrived {
            id,
            digest,
            verdict,
            missing,
        } => receiving::arrived(peer, id, digest, verdict, missing),
        Input::Files {
            id,
            missing,
            verdict,
        } => receiving::files(peer, id, missing, verdict),
        Input::Cosigned { id } => receiving::cosigned(peer, id),
        Input::ReceiptAsked { id } => receiving::receipt_asked(peer, id),
        Input::Checkpoint { head, consistency } => heads::checkpoint(peer, head, consistency),
        Input::Restored { head } => heads::restored(peer, head),
        Input::Thaw { head } => heads::thaw(peer, head),
        Input::Compare { theirs } => reconcile::compare(peer, &theirs),
        Input::Named { sent, received } => reconcile::named(peer, &sent, &received),
        Input::Recovered { id, digest, grade } => reconcile::recovered(peer, id, digest, grade),
    }
}
