//! What travels.

use std::collections::{BTreeMap, BTreeSet};

use exchange::state::Said;
use federation::{model::Digest, protocol::Holdings, state::RefusalCode};
use kernel::{MessageId, ThreadId};

use super::ledger::{Checkpoint, Receipt};

/// What a message says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Words {
    pub(crate) thread: ThreadId,
    pub(crate) said: Said,
    /// What nobody but the two may learn.
    pub(crate) secret: u64,
}

/// Words that only two nodes can open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sealed {
    pub(crate) from: usize,
    pub(crate) to: usize,
    words: Words,
}

impl Sealed {
    pub(crate) const fn new(from: usize, to: usize, words: Words) -> Self {
        Self { from, to, words }
    }

    /// The words, for whom they were sealed.
    pub(crate) fn open(&self, reader: usize) -> Option<&Words> {
        (reader == self.to || reader == self.from).then_some(&self.words)
    }
}

/// A message on its way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Envelope {
    pub(crate) id: MessageId,
    pub(crate) header: Digest,
    pub(crate) files: BTreeSet<Digest>,
    pub(crate) body: Sealed,
    /// False once somebody has altered it: its signatures no longer verify.
    pub(crate) intact: bool,
}

/// What one node says to another.
#[derive(Clone, Debug)]
pub(crate) enum Packet {
    Envelope(Envelope),
    File {
        file: Digest,
    },
    Receipt(Receipt),
    Refusal {
        id: MessageId,
        digest: Digest,
        code: RefusalCode,
    },
    Wanted {
        id: MessageId,
        missing: BTreeSet<Digest>,
    },
    Withheld {
        id: MessageId,
    },
    Later {
        id: MessageId,
    },
    NotHeld {
        id: MessageId,
    },
    AskReceipt {
        id: MessageId,
    },
    AskAgain {
        id: MessageId,
    },
    Holdings {
        theirs: Holdings,
    },
    /// Lists of ids; `answer` asks for the other side's.
    Names {
        sent: BTreeMap<MessageId, Digest>,
        received: BTreeMap<MessageId, Digest>,
        answer: bool,
    },
    FetchBack {
        id: MessageId,
    },
    GiveBack {
        envelope: Envelope,
        receipt: Receipt,
    },
}

/// A packet with its way.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) packet: Packet,
    /// The sender's newest checkpoint goes with everything.
    pub(crate) checkpoint: Checkpoint,
}
