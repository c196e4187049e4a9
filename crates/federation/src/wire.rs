//! What two nodes say to each other over HTTP.

use std::collections::BTreeSet;

use kernel::{MessageId, PartyCode};
use serde::{Deserialize, Serialize};

use crate::{model::Digest, protocol::Holdings, state::RefusalCode};

/// The largest answer that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// The largest answer that is read where an envelope or several checkpoints come back, in bytes.
pub const LONG_ANSWER_BYTES_MAX: usize = 2 * seal::dsse::ENVELOPE_BYTES_MAX;
/// The most ids on one page of names.
pub const NAMES_MAX: usize = 500;
/// The most bytes of one piece of a file.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// What the addressee says to an envelope, or when asked for a receipt.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// It holds all of it.
    Receipt {
        /// The receipt (`c2sp.org/tlog-proof@v1`).
        receipt: String,
        /// The consistency proof from the ledger size that the asker named, in hexadecimal.
        consistency: Vec<Digest>,
    },
    /// It will not take it.
    Refused {
        /// The header that it refuses.
        digest: Digest,
        /// Why.
        code: RefusalCode,
    },
    /// It has the envelope and lacks files.
    Wanted {
        /// Their digests.
        files: BTreeSet<Digest>,
    },
    /// It holds it, and gives no receipt for now.
    Withheld,
    /// It cannot judge now.
    Later {
        /// Why.
        code: String,
    },
    /// It has no such message.
    NotHeld,
}

/// What a node states that it holds of the traffic with the asker.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Compared {
    /// The running digests.
    pub holdings: Holdings,
    /// The number of its newest key set.
    pub keyset: u64,
}

/// One page of the ids that a node holds, in the order of the ids.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Names {
    /// What it has the asker's receipt for.
    pub sent: Vec<(MessageId, Digest)>,
    /// What it has given the asker a receipt for.
    pub received: Vec<(MessageId, Digest)>,
    /// The last id looked at; nothing if this page is the last.
    pub until: Option<MessageId>,
}

/// How much of a file has come.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Held {
    /// Bytes, from the start.
    pub held: u64,
}

/// A message of the asker's own, given back with the receipt that it got.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Given {
    /// The envelope, as it came.
    pub envelope: String,
    /// The receipt (`c2sp.org/tlog-proof@v1`).
    pub receipt: String,
}

/// What a node has seen of ledgers, told to a peer that was restored from a backup.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Seen {
    /// In which epoch it knows the asker's ledger.
    pub epoch: u32,
    /// The newest checkpoint of the asker, a signed note.
    pub yours: Option<String>,
    /// Its own newest checkpoint.
    pub own: Option<String>,
    /// The newest checkpoints of others, with the codes of their parties.
    pub others: Vec<(PartyCode, String)>,
}

/// The most checkpoints of others that are told.
pub const OTHERS_MAX: usize = 16;
