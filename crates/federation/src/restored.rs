//! The signed statement of a node that it was restored from a backup.
//!
//! A backup is older than the node was. Where others saw the ledger grow further than the backup
//! knows, its tree cannot be continued: two trees would bear one name, which nobody can tell from an
//! attack. So the node opens a new epoch of its ledger, under an origin of its own, and says so in a
//! statement signed by its key set. Peers show it as what it is.

use audit::Log;
use kernel::{Mode, PartyCode, Timestamp};
use seal::{
    Time,
    dsse::Envelope,
    json,
    keys::{Claim, KeySetChain, SigningKeys},
};
use serde::{Deserialize, Serialize};

use crate::{inspect::purpose, own::origin_in};

/// The DSSE payload type of a statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.comity.restored.v1+json";
/// The longest statement, as an envelope, in bytes.
pub const STATEMENT_BYTES_MAX: usize = 16 * 1024;
/// What errors call it.
const WHAT: &str = "statement of a restore";

/// What a restored node states. Fields in the order of their names, which is the canonical form.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    /// When it was signed.
    pub at: Timestamp,
    /// The moment of the backup.
    pub backup_of: String,
    /// The epoch in which the ledger goes on, from its first leaf.
    pub epoch: u32,
    /// Whether it is about the ledger of exercises.
    pub exercise: bool,
    /// How many leaves of the epoch before the backup holds.
    pub held: u64,
    /// The number of the key set that signed.
    pub keyset: u64,
    /// The origin of the ledger in that epoch.
    pub origin: String,
    /// Whose node it is.
    pub party: PartyCode,
}

/// Why bytes are no statement of a peer.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// They cannot be read, or do not verify.
    #[error("the statement of a restore cannot be taken")]
    Seal(#[from] seal::Error),
    /// It speaks of another party, ledger or origin.
    #[error("the statement of a restore is not about the peer's ledger")]
    Foreign,
}

impl Restored {
    /// Signs it.
    pub fn sign(&self, keys: &SigningKeys) -> Result<Envelope, seal::Error> {
        Envelope::sign(PAYLOAD_TYPE, json::print(self, WHAT)?, keys)
    }

    /// Reads the statement of a peer: signed by its key set, about its own ledger.
    pub fn parse(
        bytes: &[u8],
        (party, mode): (&PartyCode, Mode),
        chain: &KeySetChain,
        now: Timestamp,
    ) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::Foreign);
        }
        let envelope = Envelope::parse(bytes)?;
        let payload = envelope.payload_unverified();
        let stated: Self = json::parse(payload, STATEMENT_BYTES_MAX, WHAT)?;
        let claim = Claim {
            payload_type: PAYLOAD_TYPE,
            seq: stated.keyset,
            purpose: purpose(mode.is_exercise()),
            at: Time::from_micros(now.as_micros())?,
        };
        chain.verify(&envelope, &claim)?;
        let own = stated.party == *party
            && stated.exercise == mode.is_exercise()
            && stated.epoch > 0
            && stated.origin == origin_in(party, Log::of(mode), stated.epoch);
        if own {
            Ok(stated)
        } else {
            Err(StatementError::Foreign)
        }
    }
}
