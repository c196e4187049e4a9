//! What can happen between this node and a peer.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{MessageId, Timestamp};

use super::{Consistency, Head, Holdings};
use crate::{
    model::Digest,
    state::{Grade, RefusalCode},
};

/// What the checks of an envelope said (signatures, addressee, key set, limits; and of its body,
/// where no file is missing).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// All hold.
    Accept,
    /// It is proven to be the peer's, and breaks a rule.
    Refuse(RefusalCode),
    /// It is not proven to be the peer's: unreadable, or badly signed.
    Damaged {
        /// Why.
        code: RefusalCode,
        /// SHA-256 of all its bytes.
        envelope: Digest,
    },
    /// It cannot be judged now.
    Later(Later),
}

/// Why an envelope cannot be judged now. The sender tries again.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Later {
    /// Signed by a key set that is yet to be fetched.
    KeySetUnknown,
    /// Too much at once.
    Busy,
    /// No room on the disk, or the database cannot be written.
    Storage,
}

impl Later {
    /// The stable code, for the answer to the sender.
    pub const fn code(self) -> &'static str {
        match self {
            Self::KeySetUnknown => "keyset.unknown",
            Self::Busy => "node.busy",
            Self::Storage => "node.storage",
        }
    }
}

/// What the checks of a receipt said.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum ReceiptVerdict {
    /// It verifies.
    Valid(Grade),
    /// It does not.
    Bad,
}

/// How a try to send failed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Failure {
    /// No connection was made: nothing left the house.
    Unreachable,
    /// The connection broke, or the answer cannot be read: it may have arrived.
    Interrupted,
    /// The peer says "later".
    Deferred,
}

/// What can happen between this node and the peer.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Input {
    // -- what goes out
    /// A message was made; the transaction that makes it is this one.
    Submit {
        /// Its id.
        id: MessageId,
        /// SHA-256 of its header.
        digest: Digest,
    },
    /// A timer rang.
    Due {
        /// Its message.
        id: MessageId,
        /// Its number.
        attempt: u32,
    },
    /// A person asks to try now.
    RetryNow {
        /// The message.
        id: MessageId,
    },
    /// The peer answered for it, without a receipt or a refusal.
    Transmitted {
        /// The message.
        id: MessageId,
    },
    /// The peer has the envelope and lacks files.
    Wanted {
        /// The message.
        id: MessageId,
        /// Their digests.
        missing: BTreeSet<Digest>,
    },
    /// The files that the peer lacked were sent.
    FilesSent {
        /// The message.
        id: MessageId,
    },
    /// A try failed.
    Failed {
        /// The message.
        id: MessageId,
        /// How.
        failure: Failure,
        /// When.
        at: Timestamp,
    },
    /// A receipt came.
    Receipt {
        /// The message.
        id: MessageId,
        /// The digest that it speaks of.
        digest: Digest,
        /// What the checks said.
        verdict: ReceiptVerdict,
    },
    /// The peer refused an envelope.
    Refusal {
        /// The message.
        id: MessageId,
        /// The digest that it speaks of.
        digest: Digest,
        /// Why.
        code: RefusalCode,
    },
    /// The peer says, when asked for a receipt, that it has no such message.
    NotHeld {
        /// The message.
        id: MessageId,
    },
    /// The peer asks for a message again.
    SendAgain {
        /// The message.
        id: MessageId,
    },
    /// The message is withdrawn. (The message that says so to the other side is one of its own.)
    Withdraw {
        /// The message withdrawn.
        id: MessageId,
    },
    /// The peer has lost the message after its receipt, and it cannot be sent again: its files are
    /// gone, or it may not leave any more. Neither side counts it from now on.
    Forgo {
        /// The message.
        id: MessageId,
    },
    /// The envelope is put into a pouch.
    Carry {
        /// The message.
        id: MessageId,
    },
    // -- what comes in
    /// An envelope came, over the network or in a pouch.
    Arrived {
        /// Its id.
        id: MessageId,
        /// SHA-256 of its header.
        digest: Digest,
        /// What the checks said.
        verdict: Verdict,
        /// The digests of `sealed[]` that are not durably here.
        missing: BTreeSet<Digest>,
    },
    /// A file came for a message that waits.
    Files {
        /// The message.
        id: MessageId,
        /// The digests that are still not durably here.
        missing: BTreeSet<Digest>,
        /// What the checks said, of the body too if nothing is missing.
        verdict: Verdict,
    },
    /// The witnesses have cosigned our receipt.
    Cosigned {
        /// The message.
        id: MessageId,
    },
    /// The peer asks for our receipt.
    ReceiptAsked {
        /// The message.
        id: MessageId,
    },
    // -- the peer's ledger
    /// A signed checkpoint of the peer was seen.
    Checkpoint {
        /// It.
        head: Head,
        /// How it follows from the last one.
        consistency: Consistency,
    },
    /// The peer has stated, signed, that it was restored and goes on from here.
    Restored {
        /// The head of its new epoch.
        head: Head,
    },
    /// A person has decided that the peer is believed again from here on.
    Thaw {
        /// The head to go on from.
        head: Head,
    },
    // -- comparing notes
    /// The peer's holdings.
    Compare {
        /// As it states them.
        theirs: Holdings,
    },
    /// The ids that the peer holds, over a range of ids for which [`super::Peer`] has every row of ours.
    Named {
        /// What it has our receipt for.
        sent: BTreeMap<MessageId, Digest>,
        /// What it has given a receipt for.
        received: BTreeMap<MessageId, Digest>,
    },
    /// The peer gave back a message of ours that we had lost, with its receipt, and all checks held.
    Recovered {
        /// The message.
        id: MessageId,
        /// SHA-256 of its header.
        digest: Digest,
        /// How much the receipt proves.
        grade: Grade,
    },
}
