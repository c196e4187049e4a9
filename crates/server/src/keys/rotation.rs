//! The next key set: signed by the root key, which is then put away again, and put in place so that
//! the node opens whenever the machine stops.
//!
//! The new vault is written beside the old one, then all next key sets in one file beside theirs,
//! and then each takes its place. That file is what decides: without it the new vault is dropped at
//! the next start, with it the steps that are missing are made. Both are done under a lock of their
//! own, so that nobody tidies up after a rotation that is under way.

use std::path::PathBuf;

use federation::own::witness_name;
use kernel::{Mode, PartyCode, Rng, Timestamp};
use ledger::{KeyKind, VerifierKey};
use seal::{
    Error as SealError, HybridRecipient,
    keys::{
        KeyId, KeySet, LedgerPublic, LedgerSecret, Purpose, Revocation, RootKey, SignedKeySet,
        SigningPublic, Witness, WitnessPolicy,
    },
    vault::{Lock, NodeSecrets},
};

use super::{Draft, KeysError, NodeKeys, time};
use crate::{folder::Folder, tls::TlsKey};

/// What a next key set changes.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Make new keys for signing and sealing.
    pub new_keys: bool,
    /// Declare that what the set before signs with, and the next one does not, proves nothing from
    /// this moment on.
    pub revoke_since: Option<Timestamp>,
    /// Another witness policy.
    pub witnesses: Option<WitnessPolicy>,
    /// Another archive recipient, for what is sealed from then on.
    pub archive: Option<HybridRecipient>,
}

impl NodeKeys {
    /// Changes the keys of one purpose: new ones for signing and sealing, the next key set. The
    /// root key signs and is then put away again. `witnesses` replaces the policy where given.
    pub fn rotate(
        &self,
        purpose: Purpose,
        root: &RootKey,
        change: &Change,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Result<(NodeSecrets, SignedKeySet), KeysError> {
        let mut secrets = self.secrets.clone();
        if change.new_keys {
            let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
            match purpose {
                Purpose::Real => secrets.real = secrets.real.rotate(entropy)?,
                Purpose::Exercise => secrets.exercise = secrets.exercise.rotate(entropy)?,
            }
        }
        let signed = self.next(purpose, root, (&secrets, change), now)?;
        Ok((secrets, signed))
    }

    /// Replaces every key that somebody who holds the vault has, as after the machine was stolen:
    /// those of both purposes, those of the ledgers, and the key of the connections. Ledgers keep
    /// their origins and trees. What seals personal data at rest stays: it opens nothing elsewhere.
    pub fn replace_all(
        &self,
        root: &RootKey,
        change: &Change,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Result<(NodeSecrets, [SignedKeySet; 2]), KeysError> {
        let mut secrets = self.secrets.clone();
        let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
        secrets.real = secrets.real.replace(entropy)?;
        secrets.exercise = secrets.exercise.replace(entropy)?;
        secrets.tls_pkcs8 = TlsKey::generate()?;
        let next = |purpose| self.next(purpose, root, (&secrets, change), now);
        let signed = [next(Purpose::Real)?, next(Purpose::Exercise)?];
        Ok((secrets, signed))
    }

    /// The key set that follows the newest one and names these secrets.
    fn next(
        &self,
        purpose: Purpose,
        root: &RootKey,
        (secrets, change): (&NodeSecrets, &Change),
        now: Timestamp,
    ) -> Result<SignedKeySet, KeysError> {
        let previous = self.current(purpose)?;
        let (expected, found) = (previous.fingerprint(), root.fingerprint());
        if expected != found {
            return Err(KeysError::OtherRoot { expected, found });
        }
        let old = previous.set();
        let mut revoked = old.revoked.clone();
        if let Some(since) = change.revoke_since {
            let since = time(since)?;
            let of = secrets.of(purpose);
            let ledgers: Vec<_> = of.ledgers.iter().map(LedgerSecret::public).collect();
            let kept = signing_ids(std::slice::from_ref(of.signing.public()), &ledgers);
            let before = signing_ids(&old.signing_keys, &old.ledger_keys);
            let gone = before.into_iter().filter(|key| !kept.contains(key));
            revoked.extend(gone.map(|key| Revocation { key, since }));
        }
        let party = old
            .party
            .parse()
            .map_err(|_no_party| SealError::WrongParty)?;
        let draft = Draft {
            party: &party,
            root,
            archive: change.archive.as_ref().unwrap_or(&old.archive_recipient),
            now,
            previous: Some(previous),
            witnesses: change.witnesses.as_ref().unwrap_or(&old.witnesses).clone(),
            revoked,
        };
        draft.sign(secrets, purpose)
    }

    /// Puts changed keys in place: the vault and all of the key sets, or nothing.
    pub fn replace(
        folder: &Folder,
        lock: &Lock,
        secrets: &NodeSecrets,
        next: &[SignedKeySet],
    ) -> Result<Vec<PathBuf>, KeysError> {
        let _held = folder.hold_vault()?;
        folder.write_next_vault(&secrets.lock(lock)?)?;
        folder.write_next_key_sets(next)?;
        put_in_place(folder, next)
    }
}

/// The names of the keys that sign messages and checkpoints.
fn signing_ids(signing: &[SigningPublic], ledgers: &[LedgerPublic]) -> Vec<KeyId> {
    let pairs = signing.iter();
    let mut ids: Vec<_> = pairs
        .flat_map(|pair| [pair.ed25519_id(), pair.ml_dsa_65_id()])
        .collect();
    ids.extend(ledgers.iter().flat_map(LedgerPublic::key_ids));
    ids
}

/// Can be done again and again until it is done.
fn put_in_place(folder: &Folder, next: &[SignedKeySet]) -> Result<Vec<PathBuf>, KeysError> {
    let written = next.iter().map(|signed| folder.write_key_set(signed));
    let paths = written.collect::<Result<_, _>>()?;
    folder.take_next_vault()?;
    folder.drop_next_key_sets()?;
    Ok(paths)
}

/// Ends a rotation that the machine did not: forward if its key sets are there, else back.
pub(super) fn finish(folder: &Folder) -> Result<(), KeysError> {
    if !folder.is_rotating() {
        return Ok(());
    }
    // Whoever was rotating has ended once it is ours.
    let _held = folder.hold_vault()?;
    let next = folder.read_next_key_sets()?;
    if next.is_empty() {
        folder.drop_next_vault()?;
    } else {
        put_in_place(folder, &next)?;
    }
    Ok(())
}

/// A party as what its node cosigns the ledgers of others: one entry for each of its two keys.
/// Nothing if its key set names no such keys.
pub fn as_witness(party: &PartyCode, set: &KeySet) -> Option<Vec<Witness>> {
    let mode = Mode::from_exercise(set.purpose == Purpose::Exercise);
    let name = witness_name(party, mode);
    let of = set.ledger_keys.iter().find(|of| of.origin == name)?;
    let keys = [
        VerifierKey::new(&name, KeyKind::CosignatureEd25519, &of.ed25519),
        VerifierKey::new(&name, KeyKind::CosignatureMlDsa44, of.ml_dsa_44.as_slice()),
    ];
    let witness = |key: Result<VerifierKey, _>| {
        Some(Witness {
            name: party.to_string(),
            key: key.ok()?.to_string(),
            region: None,
        })
    };
    keys.into_iter().map(witness).collect()
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::{
        super::tests::{NOW, made},
        *,
    };

    #[test]
    fn a_changed_key_set_follows_the_one_before_and_revokes_its_keys() {
        let (_scratch, folder, node, lock) = made();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        let change = Change {
            new_keys: true,
            revoke_since: Some(NOW),
            ..Change::default()
        };
        let rng = SeededRng::new(9);
        let (secrets, next) = keys
            .rotate(Purpose::Real, &node.root, &change, NOW, &rng)
            .unwrap();
        assert_eq!(next.set().seq, 2);
        assert_eq!(next.set().revoked.len(), 2);
        assert_eq!(secrets.real.former_identities.len(), 1);
        NodeKeys::replace(&folder, &lock, &secrets, &[next]).unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 2);

        let stranger = RootKey::generate(&mut |bytes: &mut [u8]| rng.fill(bytes));
        let refused = keys.rotate(Purpose::Real, &stranger, &change, NOW, &rng);
        assert!(matches!(refused, Err(KeysError::OtherRoot { .. })));
    }

    /// New keys for real traffic, not yet in place.
    fn rotated(folder: &Folder, lock: &Lock, root: &RootKey) -> (NodeSecrets, SignedKeySet) {
        let keys = NodeKeys::open(folder, lock).unwrap();
        let change = Change {
            new_keys: true,
            ..Change::default()
        };
        keys.rotate(Purpose::Real, root, &change, NOW, &SeededRng::new(9))
            .unwrap()
    }

    /// Every key of a node, named by the newest key sets.
    fn all_keys(keys: &NodeKeys) -> Vec<KeyId> {
        let sets = [Purpose::Real, Purpose::Exercise].map(|of| keys.current(of).unwrap().set());
        sets.iter().flat_map(|set| set.key_ids()).collect()
    }

    #[test]
    fn after_a_theft_no_key_is_the_same_and_all_that_signed_is_revoked() {
        let (_scratch, folder, node, lock) = made();
        let before = NodeKeys::open(&folder, &lock).unwrap();
        let change = Change {
            revoke_since: Some(NOW.minus(std::time::Duration::from_hours(48))),
            ..Change::default()
        };
        let rng = SeededRng::new(9);
        let (secrets, next) = before.replace_all(&node.root, &change, NOW, &rng).unwrap();
        NodeKeys::replace(&folder, &lock, &secrets, &next).unwrap();
        let after = NodeKeys::open(&folder, &lock).unwrap();
        let (old, new) = (all_keys(&before), all_keys(&after));
        assert_eq!(old.len(), new.len());
        assert!(new.iter().all(|key| !old.contains(key)));
        for purpose in [Purpose::Real, Purpose::Exercise] {
            let [old, new] = [&before, &after].map(|keys| keys.current(purpose).unwrap().set());
            assert_ne!(new.tls_key_sha256, old.tls_key_sha256);
            let origins = |set: &KeySet| {
                let of = set.ledger_keys.iter().map(|of| of.origin.clone());
                of.collect::<Vec<_>>()
            };
            assert_eq!(origins(new), origins(old));
            let since = time(NOW.minus(std::time::Duration::from_hours(48))).unwrap();
            let revoked = signing_ids(&old.signing_keys, &old.ledger_keys);
            let revoked = revoked.into_iter().map(|key| Revocation { key, since });
            assert_eq!(new.revoked, revoked.collect::<Vec<_>>());
        }
        after.own().unwrap();
    }

    #[test]
    fn a_replacement_that_was_cut_off_between_its_key_sets_is_ended() {
        let (_scratch, folder, node, lock) = made();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        let rng = SeededRng::new(9);
        let all = keys.replace_all(&node.root, &Change::default(), NOW, &rng);
        let (secrets, next) = all.unwrap();
        folder
            .write_next_vault(&secrets.lock(&lock).unwrap())
            .unwrap();
        folder.write_next_key_sets(&next).unwrap();
        folder.write_key_set(&next[0]).unwrap();
        for _again in 0..2 {
            let keys = NodeKeys::open(&folder, &lock).unwrap();
            assert_eq!(keys.current(Purpose::Exercise).unwrap().set().seq, 2);
            assert!(!folder.is_rotating());
        }
    }

    #[test]
    fn the_vault_of_an_older_backup_is_good_enough_to_replace_all_keys() {
        let (_scratch, folder, node, lock) = made();
        let old = folder.read_vault().unwrap();
        let (secrets, next) = rotated(&folder, &lock, &node.root);
        NodeKeys::replace(&folder, &lock, &secrets, &[next]).unwrap();
        folder.write_vault(&old).unwrap();
        let refused = NodeKeys::open(&folder, &lock);
        assert!(matches!(refused, Err(KeysError::Mismatch { .. })));
        let keys = NodeKeys::open_to_replace(&folder, &lock).unwrap();
        let rng = SeededRng::new(8);
        let all = keys.replace_all(&node.root, &Change::default(), NOW, &rng);
        let (secrets, next) = all.unwrap();
        NodeKeys::replace(&folder, &lock, &secrets, &next).unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 3);
    }

    #[test]
    fn a_rotation_that_was_cut_off_before_its_key_set_did_not_happen() {
        let (_scratch, folder, node, lock) = made();
        let (secrets, _next) = rotated(&folder, &lock, &node.root);
        folder
            .write_next_vault(&secrets.lock(&lock).unwrap())
            .unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 1);
        assert!(!folder.is_rotating());
    }

    #[test]
    fn a_rotation_that_was_cut_off_after_its_key_set_is_ended() {
        let (_scratch, folder, node, lock) = made();
        let (secrets, next) = rotated(&folder, &lock, &node.root);
        folder
            .write_next_vault(&secrets.lock(&lock).unwrap())
            .unwrap();
        folder.write_next_key_sets(&[next]).unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 2);
        assert!(!folder.is_rotating());
        NodeKeys::open(&folder, &lock).unwrap();
    }

    #[test]
    fn a_witness_is_known_by_the_keys_with_which_its_node_cosigns() {
        let (_scratch, folder, _node, lock) = made();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        let own = keys.own().unwrap();
        for (purpose, mode) in [
            (Purpose::Real, Mode::Real),
            (Purpose::Exercise, Mode::Exercise),
        ] {
            let set = keys.current(purpose).unwrap().set();
            let witness = as_witness(&keys.party().unwrap(), set).unwrap();
            let texts: Vec<_> = witness.into_iter().map(|one| one.key).collect();
            let signers = own.witness(mode).keys().map(|key| key.to_string());
            assert_eq!(texts, signers);
        }
    }
}
