//! The keys of this node's own party.

use std::fmt;

use audit::Log;
use kernel::{Mode, PartyCode};
use ledger::{LedgerSigner, WitnessSigner};
use seal::{
    keys::{KeySetChain, LedgerSecret, Purpose},
    vault::{NodeSecrets, PurposeSecrets},
};

/// The origin line of a party's ledger.
pub fn origin(party: &PartyCode, log: Log) -> String {
    format!("comity/{party}/{log}")
}

/// The name under which a party's node cosigns the checkpoints of others.
pub fn witness_name(party: &PartyCode, mode: Mode) -> String {
    format!("comity/{party}/witness/{}", mode.as_str())
}

/// The origins of all secrets that a party needs for one purpose.
pub fn origins(party: &PartyCode, mode: Mode) -> Vec<String> {
    let witness = witness_name(party, mode);
    match mode {
        Mode::Real => vec![
            origin(party, Log::Exchange),
            origin(party, Log::Acts),
            witness,
        ],
        Mode::Exercise => vec![origin(party, Log::Exercise), witness],
    }
}

/// The secrets of this node and the key sets that announce them.
pub struct OwnKeys {
    party: PartyCode,
    secrets: NodeSecrets,
    chains: [KeySetChain; 2],
    ledgers: [LedgerSigner; 3],
    witnesses: [WitnessSigner; 2],
}

/// Why secrets and key sets do not make up a node.
#[derive(Debug, thiserror::Error)]
pub enum OwnKeysError {
    /// A key set is of another party or purpose.
    #[error("the key set of {party} for {purpose} traffic is not this node's")]
    Foreign {
        /// Whose it is.
        party: String,
        /// For what.
        purpose: Purpose,
    },
    /// The vault holds no key for a ledger.
    #[error("the vault holds no key for the ledger {origin}")]
    NoLedger {
        /// Which one.
        origin: String,
    },
    /// The newest key set does not name the signing key in the vault.
    #[error(
        "the newest {purpose} key set does not name the signing key in the vault; sign a new one with the root key"
    )]
    NotAnnounced {
        /// For what.
        purpose: Purpose,
    },
    /// A key is not one.
    #[error("a ledger key cannot be used")]
    Ledger(#[from] ledger::Error),
}

impl OwnKeys {
    /// Puts the secrets and the own key sets together.
    pub fn new(
        party: PartyCode,
        secrets: NodeSecrets,
        real: KeySetChain,
        exercise: KeySetChain,
    ) -> Result<Self, OwnKeysError> {
        for (chain, purpose) in [(&real, Purpose::Real), (&exercise, Purpose::Exercise)] {
            let set = chain.latest().set();
            if set.party != party.as_str() || set.purpose != purpose {
                return Err(OwnKeysError::Foreign {
                    party: set.party.clone(),
                    purpose: set.purpose,
                });
            }
            if !set
                .signing_keys
                .contains(secrets.of(purpose).signing.public())
            {
                return Err(OwnKeysError::NotAnnounced { purpose });
            }
        }
        let ledger = |log: Log| {
            let purpose = if log == Log::Exercise {
                Purpose::Exercise
            } else {
                Purpose::Real
            };
            let secret = find(secrets.of(purpose), &origin(&party, log))?;
            Ok::<_, OwnKeysError>(LedgerSigner::from_seeds(
                &secret.origin,
                &secret.ed25519,
                &secret.ml_dsa_44,
            )?)
        };
        let ledgers = [
            ledger(Log::Exchange)?,
            ledger(Log::Acts)?,
            ledger(Log::Exercise)?,
        ];
        let witness = |mode: Mode| {
            let purpose = crate::inspect::purpose(mode.is_exercise());
            let secret = find(secrets.of(purpose), &witness_name(&party, mode))?;
            Ok::<_, OwnKeysError>(WitnessSigner::from_seeds(
                &secret.origin,
                &secret.ed25519,
                &secret.ml_dsa_44,
            )?)
        };
        let witnesses = [witness(Mode::Real)?, witness(Mode::Exercise)?];
        Ok(Self {
            party,
            secrets,
            chains: [real, exercise],
            ledgers,
            witnesses,
        })
    }

    /// Whose node this is.
    pub const fn party(&self) -> &PartyCode {
        &self.party
    }

    /// All secrets.
    pub const fn secrets(&self) -> &NodeSecrets {
        &self.secrets
    }

    /// The secrets of a mode.
    pub const fn of(&self, mode: Mode) -> &PurposeSecrets {
        match mode {
            Mode::Real => &self.secrets.real,
            Mode::Exercise => &self.secrets.exercise,
        }
    }

    /// The own key sets of a mode.
    pub const fn chain(&self, mode: Mode) -> &KeySetChain {
        let [real, exercise] = &self.chains;
        match mode {
            Mode::Real => real,
            Mode::Exercise => exercise,
        }
    }

    /// Signs the checkpoints of a ledger.
    pub const fn ledger(&self, log: Log) -> &LedgerSigner {
        let [exchange, acts, exercise] = &self.ledgers;
        match log {
            Log::Exchange => exchange,
            Log::Acts => acts,
            Log::Exercise => exercise,
        }
    }

    /// Cosigns the checkpoints of others.
    pub const fn witness(&self, mode: Mode) -> &WitnessSigner {
        let [real, exercise] = &self.witnesses;
        match mode {
            Mode::Real => real,
            Mode::Exercise => exercise,
        }
    }
}

fn find<'a>(secrets: &'a PurposeSecrets, origin: &str) -> Result<&'a LedgerSecret, OwnKeysError> {
    secrets
        .ledger(origin)
        .ok_or_else(|| OwnKeysError::NoLedger {
            origin: origin.to_owned(),
        })
}

impl fmt::Debug for OwnKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnKeys")
            .field("party", &self.party)
            .finish_non_exhaustive()
    }
}
