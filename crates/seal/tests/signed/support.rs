//! A party with all its keys, the same every time.

use seal::{
    Digest, HybridIdentity, Time,
    keys::{
        KeySet, LedgerSecret, Purpose, Revocation, RootKey, SignedKeySet, SigningKeys, Witness,
        WitnessPolicy,
    },
};

/// A day in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;
/// A time within the validity of all key sets made here: 2026-11-21.
pub(crate) const NOW: i64 = 1_795_219_200_000_000;

pub(crate) fn time(micros: i64) -> Time {
    Time::from_micros(micros).unwrap()
}

pub(crate) struct Party {
    pub(crate) root: RootKey,
    pub(crate) keys: SigningKeys,
}

impl Party {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            root: RootKey::from_seed(&[seed; 32]),
            keys: SigningKeys::from_seed(&[seed + 100; 32]),
        }
    }

    /// The first key set.
    pub(crate) fn draft(&self) -> KeySet {
        let recipient = |seed: u8| HybridIdentity::from_seed(&[seed; 32]).unwrap().recipient();
        let mut next = 0;
        let ledger = LedgerSecret::generate("xa.example/exchange", &mut |bytes: &mut [u8]| {
            next += 1;
            bytes.fill(next);
        });
        KeySet {
            party: "XA".to_owned(),
            root: self.root.public().clone(),
            seq: 1,
            previous_sha256: None,
            purpose: Purpose::Real,
            valid_from: time(NOW - DAY),
            valid_until: time(NOW + 365 * DAY),
            signing_keys: vec![self.keys.public().clone()],
            age_recipient: recipient(1),
            archive_recipient: recipient(2),
            ledger_keys: vec![ledger.public()],
            tls_key_sha256: Digest::of(b"spki"),
            witnesses: WitnessPolicy {
                threshold: 1,
                regions: 0,
                of: vec![Witness {
                    name: "Hub".to_owned(),
                    key: "xh.example+c0ffee00+BAAA".to_owned(),
                    region: None,
                }],
            },
            revoked: Vec::new(),
        }
    }

    pub(crate) fn first(&self) -> SignedKeySet {
        self.root.sign(&self.draft()).unwrap()
    }

    /// The key set after `previous`, with a change.
    pub(crate) fn after(
        &self,
        previous: &SignedKeySet,
        change: impl FnOnce(&mut KeySet),
    ) -> SignedKeySet {
        let mut set = previous.set().clone();
        set.seq += 1;
        set.previous_sha256 = Some(previous.sha256());
        change(&mut set);
        self.root.sign(&set).unwrap()
    }

    pub(crate) fn revoke(&self, since: i64) -> Revocation {
        Revocation {
            key: self.keys.public().ml_dsa_65_id(),
            since: time(since),
        }
    }
}
