//! The keys of this node's own party.

use std::fmt;

use audit::Log;
use kernel::{Mode, PartyCode};
use ledger::{LedgerKeys, LedgerSigner, Note, WitnessSigner};
use seal::{
    Time,
    keys::{KeySet, KeySetChain, LedgerPublic, LedgerSecret, Purpose, SignedKeySet},
    vault::{NodeSecrets, PurposeSecrets},
};

/// The origin line of a party's ledger.
pub fn origin(party: &PartyCode, log: Log) -> String {
    format!("comity/{party}/{log}")
}

/// The origin line of a party's ledger in an epoch. A node that was restored from a backup, and
/// whose tree others saw grow further, goes on under a new origin, so that no two trees share one.
pub fn origin_in(party: &PartyCode, log: Log, epoch: u32) -> String {
    let first = origin(party, log);
    if epoch == 0 {
        first
    } else {
        format!("{first}/{epoch}")
    }
}

/// The epoch that an origin line of this ledger names; nothing if it is that of another ledger.
pub fn epoch_of(party: &PartyCode, log: Log, line: &str) -> Option<u32> {
    epoch_after(&origin(party, log), line)
}

/// The epoch that a line names, of the ledger whose first origin that is.
fn epoch_after(first: &str, line: &str) -> Option<u32> {
    let rest = line.strip_prefix(first)?;
    if rest.is_empty() {
        return Some(0);
    }
    let epoch: u32 = rest.strip_prefix('/')?.parse().ok()?;
    // One number, one text: no sign, no leading zero, no "/0".
    (epoch > 0 && rest == format!("/{epoch}")).then_some(epoch)
}

/// The keys that sign a party's ledger in an epoch, as a key set names them.
pub fn ledger_keys(set: &KeySet, party: &PartyCode, log: Log, epoch: u32) -> Option<LedgerKeys> {
    keys_of_origin(set, &origin_in(party, log, epoch))
}

/// The keys by which a key set has checkpoints of that origin signed, in whichever epoch.
pub fn keys_of_origin(set: &KeySet, line: &str) -> Option<LedgerKeys> {
    let mut named = set.ledger_keys.iter();
    let of = named.find(|of| epoch_after(&of.origin, line).is_some())?;
    LedgerKeys::new(line, &of.ed25519, of.ml_dsa_44.as_slice()).ok()
}

/// The newest key set of a party under whose keys for this origin, in whichever epoch, a checkpoint
/// claims to be signed, and those keys: a party may have replaced them, and what the earlier ones
/// signed stays theirs. Where none is claimed, the newest that names the origin.
pub fn signer<'a>(
    chain: &'a KeySetChain,
    line: &str,
    note: &Note,
) -> Option<(&'a KeySet, LedgerKeys)> {
    let sets = chain.sets().rev().map(SignedKeySet::set);
    let mut named = sets.filter_map(|set| Some((set, keys_of_origin(set, line)?)));
    let claims = |keys: &LedgerKeys| {
        let mut lines = note.signatures.iter();
        lines.any(|line| keys.ed25519().claims(line))
    };
    let newest = named.next()?;
    if claims(&newest.1) {
        return Some(newest);
    }
    named.find(|(_, keys)| claims(keys)).or(Some(newest))
}

/// Since when these keys of a party's ledger are revoked.
pub fn revoked_since(chain: &KeySetChain, keys: &LedgerKeys) -> Option<Time> {
    let held = chain.sets().flat_map(|one| &one.set().ledger_keys);
    held.filter(|one| one.ed25519.as_slice() == keys.ed25519().public())
        .flat_map(LedgerPublic::key_ids)
        .filter_map(|id| chain.revoked_since(&id))
        .min()
}

/// Whether a witness saw something before that time; its clock counts seconds since 1970.
pub fn witnessed_before(witnessed: Option<u64>, time: Time) -> bool {
    let seconds = witnessed.and_then(|seconds| i64::try_from(seconds).ok());
    seconds
        .and_then(|seconds| seconds.checked_mul(1_000_000))
        .is_some_and(|micros| micros < time.as_micros())
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
        let ledgers = signers(&party, &secrets, |_log| 0)?;
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

    /// The same keys, signing each ledger in the epoch that it is in.
    pub fn in_epochs(&self, epoch: impl Fn(Log) -> u32) -> Result<Self, OwnKeysError> {
        let [real, exercise] = self.chains.clone();
        let keys = Self::new(self.party.clone(), self.secrets.clone(), real, exercise)?;
        let ledgers = signers(&self.party, &self.secrets, epoch)?;
        Ok(Self { ledgers, ..keys })
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

fn signers(
    party: &PartyCode,
    secrets: &NodeSecrets,
    epoch: impl Fn(Log) -> u32,
) -> Result<[LedgerSigner; 3], OwnKeysError> {
    let signer = |log: Log| {
        let purpose = crate::inspect::purpose(log == Log::Exercise);
        let secret = find(secrets.of(purpose), &origin(party, log))?;
        let line = origin_in(party, log, epoch(log));
        Ok::<_, OwnKeysError>(LedgerSigner::from_seeds(
            &line,
            &secret.ed25519,
            &secret.ml_dsa_44,
        )?)
    };
    Ok([
        signer(Log::Exchange)?,
        signer(Log::Acts)?,
        signer(Log::Exercise)?,
    ])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_has_one_origin() {
        let party: PartyCode = "XA".parse().unwrap();
        for epoch in [0, 1, 12, u32::MAX] {
            let line = origin_in(&party, Log::Exchange, epoch);
            assert_eq!(epoch_of(&party, Log::Exchange, &line), Some(epoch));
            assert_eq!(epoch_of(&party, Log::Exercise, &line), None);
        }
        for other in [
            "comity/XA/exchange/0",
            "comity/XA/exchange/01",
            "comity/XA/exchange/+1",
            "comity/XA/exchange/",
            "comity/XA/exchange1",
            "comity/XB/exchange",
        ] {
            assert_eq!(epoch_of(&party, Log::Exchange, other), None, "{other}");
        }
    }
}
