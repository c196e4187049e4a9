//! The keys of this node: made once, opened at start, changed from time to time.

mod rotation;

use std::time::Duration;

use federation::own::{OwnKeys, OwnKeysError, origins};
use kernel::{Mode, PartyCode, Rng, Timestamp};
use seal::{
    Error as SealError, HybridIdentity, HybridRecipient, Time,
    data::DataKey,
    keys::{
        Fingerprint, KeySet, KeySetChain, LedgerSecret, Purpose, Revocation, RootKey, SignedKeySet,
        WitnessPolicy,
    },
    vault::{Lock, NodeSecrets, PurposeSecrets},
};

pub use rotation::{Change, as_witness};

use crate::{
    folder::{Folder, FolderError},
    tls::{TlsKey, TlsKeyError},
};

/// How long a key set is valid unless it is replaced before.
const VALID: Duration = Duration::from_hours(2 * 365 * 24);
/// How far back a new key set begins, so that a peer whose clock is late takes it at once.
const CLOCK_SKEW: Duration = Duration::from_mins(10);

/// What a new node is made of. The root key and the archive key leave it when they are made.
#[derive(Debug)]
pub struct NewNode {
    /// Signs key sets; kept offline.
    pub root: RootKey,
    /// Opens the archive copy of every message; never on the node.
    pub archive: HybridIdentity,
    /// What the node itself keeps.
    pub secrets: NodeSecrets,
    /// Number 1 of each purpose.
    pub key_sets: [SignedKeySet; 2],
}

/// Keys that cannot be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A key or key set is refused.
    #[error("a key cannot be used")]
    Seal(#[from] SealError),
    /// The TLS key.
    #[error(transparent)]
    Tls(#[from] TlsKeyError),
    /// A file of the data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The folder has no key set for this purpose.
    #[error("the data folder holds no {0} key set")]
    NoKeySet(Purpose),
    /// The secrets are not those of the key set.
    #[error("the vault does not hold the keys of {purpose} key set {seq}")]
    Mismatch {
        /// The purpose.
        purpose: Purpose,
        /// The number of the set.
        seq: u64,
    },
    /// The root key is another one.
    #[error("this root key has the fingerprint {found}, not {expected}")]
    OtherRoot {
        /// That of the key sets.
        expected: Fingerprint,
        /// That of the key given.
        found: Fingerprint,
    },
    /// Secrets and key sets do not belong together.
    #[error(transparent)]
    Own(#[from] OwnKeysError),
    /// The clock stands outside what documents can say.
    #[error("the clock stands at {0}, which no document can say")]
    Clock(Timestamp),
}

/// The keys of a node, opened.
#[derive(Clone, Debug)]
pub struct NodeKeys {
    /// The secrets.
    pub secrets: NodeSecrets,
    /// The signed key sets for real traffic, oldest first.
    pub real: Vec<SignedKeySet>,
    /// Those for exercises.
    pub exercise: Vec<SignedKeySet>,
}

impl NewNode {
    /// Makes all keys of a new node.
    pub fn make(party: &PartyCode, now: Timestamp, rng: &dyn Rng) -> Result<Self, KeysError> {
        let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
        let root = RootKey::generate(entropy);
        let archive = HybridIdentity::generate(entropy)?;
        let [real, exercise] = [Mode::Real, Mode::Exercise].map(|mode| origins(party, mode));
        let [real, exercise] = [&real, &exercise].map(|origins| {
            let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
            origins
        });
        let secrets = NodeSecrets {
            real: PurposeSecrets::generate(&real, entropy)?,
            exercise: PurposeSecrets::generate(&exercise, entropy)?,
            tls_pkcs8: TlsKey::generate()?,
            data_key: DataKey::generate(entropy),
        };
        let first = |purpose| {
            let draft = Draft {
                party,
                root: &root,
                archive: &archive.recipient(),
                now,
                previous: None,
                witnesses: WitnessPolicy::default(),
                revoked: Vec::new(),
            };
            draft.sign(&secrets, purpose)
        };
        let key_sets = [first(Purpose::Real)?, first(Purpose::Exercise)?];
        Ok(Self {
            root,
            archive,
            secrets,
            key_sets,
        })
    }

    /// Writes vault and key sets into an empty data folder.
    pub fn write(&self, folder: &Folder, lock: &Lock) -> Result<(), KeysError> {
        let path = folder.vault();
        if path.exists() {
            return Err(FolderError::Occupied { path }.into());
        }
        folder.make()?;
        for signed in &self.key_sets {
            folder.write_key_set(signed)?;
        }
        // The vault comes last: it is what says that a node is here.
        folder.write_vault(&self.secrets.lock(lock)?)?;
        Ok(())
    }
}

impl NodeKeys {
    /// Opens the vault of a data folder and checks that it holds the keys of the newest key sets.
    pub fn open(folder: &Folder, lock: &Lock) -> Result<Self, KeysError> {
        let keys = Self::open_to_replace(folder, lock)?;
        match keys.mismatch()? {
            Some((purpose, seq)) => Err(KeysError::Mismatch { purpose, seq }),
            None => Ok(keys),
        }
    }

    /// Opens the vault where all of its keys are to be replaced: on a machine that took the place of
    /// a lost one it may be that of an older backup.
    pub fn open_to_replace(folder: &Folder, lock: &Lock) -> Result<Self, KeysError> {
        rotation::finish(folder)?;
        Ok(Self {
            secrets: NodeSecrets::unlock(&folder.read_vault()?, lock)?,
            real: folder.key_sets(Purpose::Real)?,
            exercise: folder.key_sets(Purpose::Exercise)?,
        })
    }

    /// The newest key set whose keys the vault does not hold.
    fn mismatch(&self) -> Result<Option<(Purpose, u64)>, KeysError> {
        let tls_key_sha256 = TlsKey::from_pkcs8(&self.secrets.tls_pkcs8)?.sha256();
        for purpose in [Purpose::Real, Purpose::Exercise] {
            let set = self.current(purpose)?.set();
            let secrets = self.secrets.of(purpose);
            let mut ledgers = secrets.ledgers.iter().map(LedgerSecret::public);
            let fits = set.signing_keys.contains(secrets.signing.public())
                && set.age_recipient == secrets.identity.recipient()
                && set.tls_key_sha256 == tls_key_sha256
                && ledgers.all(|ledger| set.ledger_keys.contains(&ledger));
            if !fits {
                return Ok(Some((purpose, set.seq)));
            }
        }
        Ok(None)
    }

    /// The newest key set of a purpose.
    pub fn current(&self, purpose: Purpose) -> Result<&SignedKeySet, KeysError> {
        self.sets(purpose)
            .last()
            .ok_or(KeysError::NoKeySet(purpose))
    }

    /// The party whose keys these are.
    pub fn party(&self) -> Result<PartyCode, KeysError> {
        let party = &self.current(Purpose::Real)?.set().party;
        Ok(party.parse().map_err(|_no_party| SealError::WrongParty)?)
    }

    /// Secrets and key sets, put together for use.
    pub fn own(&self) -> Result<OwnKeys, KeysError> {
        let chain = |purpose| {
            let sets = self.sets(purpose);
            let (first, later) = sets.split_first().ok_or(KeysError::NoKeySet(purpose))?;
            let mut chain = KeySetChain::begin(first.clone(), &first.fingerprint(), purpose)?;
            for set in later {
                chain.accept(set.clone())?;
            }
            Ok::<_, KeysError>(chain)
        };
        let (real, exercise) = (chain(Purpose::Real)?, chain(Purpose::Exercise)?);
        Ok(OwnKeys::new(
            self.party()?,
            self.secrets.clone(),
            real,
            exercise,
        )?)
    }

    fn sets(&self, purpose: Purpose) -> &[SignedKeySet] {
        match purpose {
            Purpose::Real => &self.real,
            Purpose::Exercise => &self.exercise,
        }
    }
}

struct Draft<'a> {
    party: &'a PartyCode,
    root: &'a RootKey,
    archive: &'a HybridRecipient,
    now: Timestamp,
    previous: Option<&'a SignedKeySet>,
    witnesses: WitnessPolicy,
    revoked: Vec<Revocation>,
}

impl Draft<'_> {
    fn sign(self, secrets: &NodeSecrets, purpose: Purpose) -> Result<SignedKeySet, KeysError> {
        let of = secrets.of(purpose);
        let set = KeySet {
            party: self.party.to_string(),
            root: self.root.public().clone(),
            seq: self.previous.map_or(1, |previous| previous.set().seq + 1),
            previous_sha256: self.previous.map(SignedKeySet::sha256),
            purpose,
            valid_from: time(self.now.minus(CLOCK_SKEW))?,
            valid_until: time(self.now.plus(VALID))?,
            signing_keys: vec![of.signing.public().clone()],
            age_recipient: of.identity.recipient(),
            archive_recipient: self.archive.clone(),
            ledger_keys: of.ledgers.iter().map(LedgerSecret::public).collect(),
            tls_key_sha256: TlsKey::from_pkcs8(&secrets.tls_pkcs8)?.sha256(),
            witnesses: self.witnesses,
            revoked: self.revoked,
        };
        Ok(self.root.sign(&set)?)
    }
}

/// A moment as documents of keys say it.
pub fn time(at: Timestamp) -> Result<Time, KeysError> {
    Time::from_micros(at.as_micros()).map_err(|_out_of_range| KeysError::Clock(at))
}

#[cfg(test)]
mod tests {
    use kernel::{Rng as _, SeededRng};

    use super::*;

    pub(super) const NOW: Timestamp = Timestamp::from_micros(1_780_000_000_000_000);

    pub(super) fn made() -> (tempfile::TempDir, Folder, NewNode, Lock) {
        let rng = SeededRng::new(3);
        let scratch = tempfile::tempdir().unwrap();
        let folder = Folder::at(scratch.path().join("node"));
        let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
        let lock = Lock::KeyFile(HybridIdentity::generate(entropy).unwrap());
        let node = NewNode::make(&"XA".parse().unwrap(), NOW, &rng).unwrap();
        node.write(&folder, &lock).unwrap();
        (scratch, folder, node, lock)
    }

    #[test]
    fn a_new_node_opens_with_its_lock_and_is_not_made_twice() {
        let (_scratch, folder, node, lock) = made();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        let real = keys.current(Purpose::Real).unwrap();
        assert_eq!(real.fingerprint(), node.root.fingerprint());
        assert!(
            real.set()
                .check_apart(keys.current(Purpose::Exercise).unwrap().set())
                .is_ok()
        );
        let again = node.write(&folder, &lock).unwrap_err();
        assert!(matches!(
            again,
            KeysError::Folder(FolderError::Occupied { .. })
        ));
    }
}
