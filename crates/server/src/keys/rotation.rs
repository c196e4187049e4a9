//! The next key set: signed by the root key, which is then put away again, and put in place so that
//! the node opens whenever the machine stops.
//!
//! The new vault is written beside the old one, then the key set, then the new vault takes the old
//! one's place. The key set is what decides: without it the new vault is dropped at the next start,
//! with it the step that is missing is made. Both are done under a lock of their own, so that nobody
//! tidies up after a rotation that is under way.

use std::path::PathBuf;

use federation::own::witness_name;
use kernel::{Mode, PartyCode, Rng, Timestamp};
use ledger::{KeyKind, VerifierKey};
use seal::{
    Error as SealError, HybridRecipient,
    keys::{KeySet, Purpose, Revocation, RootKey, SignedKeySet, Witness, WitnessPolicy},
    vault::{Lock, NodeSecrets},
};

use super::{Draft, KeysError, NodeKeys, time};
use crate::folder::Folder;

/// What a next key set changes.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Make new keys for signing and sealing.
    pub new_keys: bool,
    /// Declare that the signing keys of the set before prove nothing from now on.
    pub revoke_old: bool,
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
        change: Change,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Result<(NodeSecrets, SignedKeySet), KeysError> {
        let previous = self.current(purpose)?;
        let (expected, found) = (previous.fingerprint(), root.fingerprint());
        if expected != found {
            return Err(KeysError::OtherRoot { expected, found });
        }
        let old = previous.set();
        let since = time(now)?;
        let mut secrets = self.secrets.clone();
        let mut revoked = old.revoked.clone();
        if change.new_keys {
            let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
            match purpose {
                Purpose::Real => secrets.real = secrets.real.rotate(entropy)?,
                Purpose::Exercise => secrets.exercise = secrets.exercise.rotate(entropy)?,
            }
        }
        if change.revoke_old {
            let keys = old.signing_keys.iter();
            let keys = keys.flat_map(|pair| [pair.ed25519_id(), pair.ml_dsa_65_id()]);
            revoked.extend(keys.map(|key| Revocation { key, since }));
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
            witnesses: change.witnesses.unwrap_or_else(|| old.witnesses.clone()),
            revoked,
        };
        let signed = draft.sign(&secrets, purpose)?;
        Ok((secrets, signed))
    }

    /// Puts changed keys in place: both the vault and the key set, or neither.
    pub fn replace(
        folder: &Folder,
        lock: &Lock,
        secrets: &NodeSecrets,
        next: &SignedKeySet,
    ) -> Result<PathBuf, KeysError> {
        let _held = folder.hold_vault()?;
        folder.write_next_vault(&secrets.lock(lock)?)?;
        let path = folder.write_key_set(next)?;
        folder.take_next_vault()?;
        Ok(path)
    }
}

/// Ends a rotation that the machine did not: forward if its key set is there, else back.
pub(super) fn finish(folder: &Folder, lock: &Lock) -> Result<(), KeysError> {
    if !folder.next_vault().exists() {
        return Ok(());
    }
    let _held = folder.hold_vault()?;
    // Whoever was rotating has ended by now.
    let Some(next) = folder.read_next_vault()? else {
        return Ok(());
    };
    if NodeKeys::read(folder, &next, lock)?.mismatch()?.is_none() {
        folder.take_next_vault()?;
    } else {
        folder.drop_next_vault()?;
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
            revoke_old: true,
            ..Change::default()
        };
        let rng = SeededRng::new(9);
        let (secrets, next) = keys
            .rotate(Purpose::Real, &node.root, change.clone(), NOW, &rng)
            .unwrap();
        assert_eq!(next.set().seq, 2);
        assert_eq!(next.set().revoked.len(), 2);
        assert_eq!(secrets.real.former_identities.len(), 1);
        NodeKeys::replace(&folder, &lock, &secrets, &next).unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 2);

        let stranger = RootKey::generate(&mut |bytes: &mut [u8]| rng.fill(bytes));
        let refused = keys.rotate(Purpose::Real, &stranger, change, NOW, &rng);
        assert!(matches!(refused, Err(KeysError::OtherRoot { .. })));
    }

    /// New keys for real traffic, not yet in place.
    fn rotated(folder: &Folder, lock: &Lock, root: &RootKey) -> (NodeSecrets, SignedKeySet) {
        let keys = NodeKeys::open(folder, lock).unwrap();
        let change = Change {
            new_keys: true,
            ..Change::default()
        };
        keys.rotate(Purpose::Real, root, change, NOW, &SeededRng::new(9))
            .unwrap()
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
        assert!(!folder.next_vault().exists());
    }

    #[test]
    fn a_rotation_that_was_cut_off_after_its_key_set_is_ended() {
        let (_scratch, folder, node, lock) = made();
        let (secrets, next) = rotated(&folder, &lock, &node.root);
        folder
            .write_next_vault(&secrets.lock(&lock).unwrap())
            .unwrap();
        folder.write_key_set(&next).unwrap();
        let keys = NodeKeys::open(&folder, &lock).unwrap();
        assert_eq!(keys.current(Purpose::Real).unwrap().set().seq, 2);
        assert!(!folder.next_vault().exists());
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
