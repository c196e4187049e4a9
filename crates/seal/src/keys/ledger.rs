//! The keys of a ledger, as bytes: another crate signs with them.

use std::fmt;

use ml_dsa::{Keypair, MlDsa44};
use zeroize::Zeroizing;

use super::KeyId;

/// The public keys that sign the checkpoints of one ledger.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerPublic {
    /// The ledger's origin line.
    pub origin: String,
    /// The Ed25519 key that signs checkpoints.
    pub ed25519: [u8; 32],
    /// The ML-DSA-44 key that cosigns them, 1,312 bytes.
    pub ml_dsa_44: Box<[u8; LedgerPublic::ML_DSA_44_BYTES]>,
}

impl LedgerPublic {
    /// The length of an ML-DSA-44 public key (FIPS 204, table 2).
    pub const ML_DSA_44_BYTES: usize = 1312;

    /// The names of both keys.
    pub fn key_ids(&self) -> [KeyId; 2] {
        [
            KeyId::of("ed25519", &self.ed25519),
            KeyId::of("ml-dsa-44", self.ml_dsa_44.as_slice()),
        ]
    }
}

/// The secret seeds of one ledger's keys, erased when dropped.
#[derive(Clone)]
pub struct LedgerSecret {
    /// The ledger's origin line.
    pub origin: String,
    /// The Ed25519 seed.
    pub ed25519: Zeroizing<[u8; 32]>,
    /// The ML-DSA-44 seed.
    pub ml_dsa_44: Zeroizing<[u8; 32]>,
}

impl LedgerSecret {
    /// Makes new keys for a ledger.
    pub fn generate(origin: &str, entropy: &mut impl FnMut(&mut [u8])) -> Self {
        let mut draw = || {
            let mut seed = Zeroizing::new([0; 32]);
            entropy(&mut *seed);
            seed
        };
        Self {
            origin: origin.to_owned(),
            ed25519: draw(),
            ml_dsa_44: draw(),
        }
    }

    /// The public keys that belong to the seeds.
    pub fn public(&self) -> LedgerPublic {
        let ed25519 = ed25519_dalek::SigningKey::from_bytes(&self.ed25519);
        let ml_dsa_44 = ml_dsa::SigningKey::<MlDsa44>::from_seed((&*self.ml_dsa_44).into());
        LedgerPublic {
            origin: self.origin.clone(),
            ed25519: ed25519.verifying_key().to_bytes(),
            ml_dsa_44: Box::new(ml_dsa_44.verifying_key().encode().into()),
        }
    }
}

impl fmt::Debug for LedgerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LedgerSecret")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
