//! A party and its keys.

use federation::own::{OwnKeys, origins};
use kernel::{Mode, OsRng, PartyCode, Rng};
use seal::{
    Digest, HybridIdentity, Time,
    data::DataKey,
    keys::{KeySet, KeySetChain, LedgerSecret, Purpose, RootKey, SignedKeySet, WitnessPolicy},
    vault::{NodeSecrets, PurposeSecrets},
};

use crate::house::START;

const YEAR: i64 = 365 * 86_400_000_000;

/// A party with all its keys.
pub(crate) struct Party {
    pub(crate) code: PartyCode,
    pub(crate) root: RootKey,
    pub(crate) secrets: NodeSecrets,
    pub(crate) archive: HybridIdentity,
    pub(crate) tls: Digest,
}

impl Party {
    pub(crate) fn new(code: &str) -> Self {
        let code: PartyCode = code.parse().unwrap();
        let mut entropy = |bytes: &mut [u8]| OsRng.fill(bytes);
        let mut of = |mode| {
            let origins = origins(&code, mode);
            let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
            PurposeSecrets::generate(&origins, &mut entropy).unwrap()
        };
        let (real, exercise) = (of(Mode::Real), of(Mode::Exercise));
        Self {
            tls: Digest::of(code.as_str().as_bytes()),
            root: RootKey::generate(&mut entropy),
            archive: HybridIdentity::generate(&mut entropy).unwrap(),
            secrets: NodeSecrets {
                real,
                exercise,
                tls_pkcs8: Vec::new().into(),
                data_key: DataKey::generate(&mut entropy),
            },
            code,
        }
    }

    pub(crate) fn set(&self, purpose: Purpose) -> SignedKeySet {
        let secrets = self.secrets.of(purpose);
        let set = KeySet {
            party: self.code.to_string(),
            root: self.root.public().clone(),
            seq: 1,
            previous_sha256: None,
            purpose,
            valid_from: Time::from_micros(START - YEAR).unwrap(),
            valid_until: Time::from_micros(START + YEAR).unwrap(),
            signing_keys: vec![secrets.signing.public().clone()],
            age_recipient: secrets.identity.recipient(),
            archive_recipient: self.archive.recipient(),
            ledger_keys: secrets.ledgers.iter().map(LedgerSecret::public).collect(),
            tls_key_sha256: self.tls,
            witnesses: WitnessPolicy::default(),
            revoked: Vec::new(),
        };
        self.root.sign(&set).unwrap()
    }

    pub(crate) fn own(&self) -> OwnKeys {
        let chain = |purpose| {
            KeySetChain::begin(self.set(purpose), &self.root.fingerprint(), purpose).unwrap()
        };
        OwnKeys::new(
            self.code.clone(),
            self.secrets.clone(),
            chain(Purpose::Real),
            chain(Purpose::Exercise),
        )
        .unwrap()
    }
}
