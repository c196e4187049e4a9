//! What is to be done.

use std::collections::BTreeSet;

use kernel::{MessageId, Timestamp};

use super::{Gap, Head, Holdings, Incoming, Later, Outgoing, Standing};
use crate::{model::Digest, state::RefusalCode};

/// A row to be written, as it now is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Row {
    /// Of the outbox.
    Outgoing(MessageId, Outgoing),
    /// Of the inbox.
    Incoming(MessageId, Incoming),
    /// [`super::Peer::standing`] and [`super::Peer::head`].
    Ledger(Standing, Option<Head>),
    /// [`super::Peer::holdings`].
    Holdings(Holdings),
    /// Of the gaps; `None` removes it.
    Gap(MessageId, Option<Gap>),
}

/// The act of a leaf in the `exchange` ledger.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum LeafAct {
    /// A message was made and is to be sent.
    Sent,
    /// All bytes of a message are here.
    Received,
    /// An envelope was refused.
    Refused,
}

/// What a duty officer has to know.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Alarm {
    /// The peer showed two ledgers. Its receipts are frozen.
    SplitView {
        /// What it showed first.
        known: Head,
        /// What does not follow from it.
        shown: Head,
    },
    /// The peer says that it was restored from a backup.
    PeerRestored,
    /// The peer sent two different messages under one id.
    Conflict {
        /// The id.
        id: MessageId,
    },
    /// An envelope came that is not proven to be the peer's.
    Damaged {
        /// The id that it bears.
        id: MessageId,
        /// What is wrong with it.
        code: RefusalCode,
    },
    /// The peer refused a message of ours.
    Refused {
        /// The message.
        id: MessageId,
        /// Why.
        code: RefusalCode,
    },
    /// The peer got something else than we sent, or says so.
    AlteredOnTheWay {
        /// The message.
        id: MessageId,
    },
    /// A receipt does not verify, or speaks of another message.
    BadReceipt {
        /// The message.
        id: MessageId,
    },
    /// The peer refuses, or says not to hold, what it gave a receipt for.
    Contradiction {
        /// The message.
        id: MessageId,
    },
    /// A message cannot be delivered.
    Undeliverable {
        /// The message.
        id: MessageId,
        /// When the first of the failures happened.
        since: Timestamp,
    },
    /// Notes differ.
    Gap {
        /// The message.
        id: MessageId,
        /// How.
        gap: Gap,
    },
}

/// What is to be kept for a third party to judge.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Evidence {
    /// Two signed checkpoints that exclude each other.
    SplitView {
        /// The first.
        known: Head,
        /// The second.
        shown: Head,
    },
    /// Two signed messages with one id.
    Conflict {
        /// The id.
        id: MessageId,
        /// The header that holds the id.
        held: Digest,
        /// The other.
        shown: Digest,
    },
    /// A receipt that came while the peer was frozen, and therefore changed nothing.
    HeldReceipt {
        /// The message.
        id: MessageId,
    },
}

/// What is to be done, in this order.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Effect {
    // -- within the transaction
    /// Write the row.
    Persist(Row),
    /// Append a leaf to the `exchange` ledger.
    AppendLeaf {
        /// What happened.
        act: LeafAct,
        /// The message.
        id: MessageId,
        /// SHA-256 of its header.
        digest: Digest,
    },
    /// Set the message's timer: ring after [`super::backoff_ms`] of `step`, with `attempt`.
    Schedule {
        /// The message.
        id: MessageId,
        /// The number that [`super::Input::Due`] must bear.
        attempt: u32,
        /// How long to wait.
        step: u32,
    },
    /// Hand the message to the room that handles its kind. Comes once for each message.
    HandUp {
        /// The message.
        id: MessageId,
    },
    /// Keep it, with the bytes.
    KeepEvidence(Evidence),
    /// Tell the duty officer.
    Alarm(Alarm),
    // -- after the commit: to the peer, of our own accord
    /// Send the envelope.
    Transmit {
        /// The message.
        id: MessageId,
    },
    /// Send these files, then report [`super::Input::FilesSent`].
    SendFiles {
        /// The message.
        id: MessageId,
        /// Their digests.
        files: BTreeSet<Digest>,
    },
    /// Ask for the receipt with the witnesses' cosignatures.
    AskReceipt {
        /// The message.
        id: MessageId,
    },
    /// Ask for a consistency proof between these two heads.
    AskConsistency {
        /// The head held.
        known: Head,
        /// The head seen.
        shown: Head,
    },
    /// Exchange lists of ids, page by page, as [`super::Input::Named`].
    NameHoldings,
    /// Ask the peer to send these again.
    AskAgain {
        /// The message.
        id: MessageId,
    },
    /// Ask the peer for a message of ours that we have lost, with its receipt.
    FetchBack {
        /// The message.
        id: MessageId,
    },
    // -- after the commit: the answer to the peer
    /// Our receipt, with the cosignatures that we have by now.
    GiveReceipt {
        /// The message.
        id: MessageId,
    },
    /// Our refusal.
    GiveRefusal {
        /// The message.
        id: MessageId,
        /// The header that we refuse.
        digest: Digest,
        /// Why.
        code: RefusalCode,
    },
    /// The files that we lack.
    GiveWanted {
        /// The message.
        id: MessageId,
        /// Their digests.
        missing: BTreeSet<Digest>,
    },
    /// That we hold it, without a receipt, since the peer's ledger is in question.
    Withhold {
        /// The message.
        id: MessageId,
    },
    /// That we cannot judge it now.
    Defer {
        /// The message.
        id: MessageId,
        /// Why.
        why: Later,
    },
    /// That we have no such message.
    GiveNotHeld {
        /// The message.
        id: MessageId,
    },
}

/// When an effect is carried out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Phase {
    /// In the transaction that stores the state.
    Within,
    /// After its commit.
    After,
}

impl Effect {
    /// When it is carried out.
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Persist(_)
            | Self::AppendLeaf { .. }
            | Self::Schedule { .. }
            | Self::HandUp { .. }
            | Self::KeepEvidence(_)
            | Self::Alarm(_) => Phase::Within,
            Self::Transmit { .. }
            | Self::SendFiles { .. }
            | Self::AskReceipt { .. }
            | Self::AskConsistency { .. }
            | Self::NameHoldings
            | Self::AskAgain { .. }
            | Self::FetchBack { .. }
            | Self::GiveReceipt { .. }
            | Self::GiveRefusal { .. }
            | Self::GiveWanted { .. }
            | Self::Withhold { .. }
            | Self::Defer { .. }
            | Self::GiveNotHeld { .. } => Phase::After,
        }
    }
}
