//! Signing pairs: Ed25519 and ML-DSA-65 together, so that a forger has to break both.

use std::{fmt, str::FromStr, sync::Arc};

use age_core::primitives::hkdf;
use ed25519_dalek::Signer;
use ml_dsa::{Keypair, MlDsa65};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Digest, Error, text};

const ED25519: &str = "ed25519";
const ML_DSA_65: &str = "ml-dsa-65";
/// The length of an ML-DSA-65 public key (FIPS 204, table 2).
const ML_DSA_PUBLIC_BYTES: usize = 1952;
/// The length of an ML-DSA-65 signature (FIPS 204, table 2).
const ML_DSA_SIGNATURE_BYTES: usize = 3309;

/// The name of one public key: SHA-256 over `comity/key/v1`, the algorithm and the key's bytes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct KeyId(Digest);

impl KeyId {
    pub(super) fn of(algorithm: &str, key: &[u8]) -> Self {
        let mut named = format!("comity/key/v1\n{algorithm}\n").into_bytes();
        named.extend_from_slice(key);
        Self(Digest::of(&named))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse().map(Self)
    }
}

/// Two signatures over the same bytes.
#[derive(Clone, Eq, PartialEq)]
pub struct SignaturePair {
    pub(crate) ed25519: [u8; 64],
    pub(crate) ml_dsa_65: Box<[u8; ML_DSA_SIGNATURE_BYTES]>,
}

impl SignaturePair {
    pub(crate) fn from_base64(ed25519: &str, ml_dsa_65: &str) -> Result<Self, Error> {
        Ok(Self {
            ed25519: text::unbase64_exact(ed25519, "Ed25519 signature")?,
            ml_dsa_65: Box::new(text::unbase64_exact(ml_dsa_65, "ML-DSA-65 signature")?),
        })
    }
}

impl fmt::Debug for SignaturePair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SignaturePair({}…)",
            text::hex(self.ed25519.get(..8).unwrap_or_default())
        )
    }
}

/// The public half of a signing pair. Clones share one copy: an expanded ML-DSA key is large.
#[derive(Clone)]
pub struct SigningPublic(Arc<Expanded>);

struct Expanded {
    ed25519: ed25519_dalek::VerifyingKey,
    ml_dsa_65: ml_dsa::VerifyingKey<MlDsa65>,
    ed25519_id: KeyId,
    ml_dsa_65_id: KeyId,
}

impl SigningPublic {
    /// Takes the bytes of both public keys. A weak Ed25519 key, under which one signature fits many
    /// messages, is refused.
    pub fn from_bytes(ed25519: &[u8; 32], ml_dsa_65: &[u8]) -> Result<Self, Error> {
        let malformed = |why| Error::malformed("signing key", why);
        let ed25519 = ed25519_dalek::VerifyingKey::from_bytes(ed25519)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or_else(|| malformed("it is not an Ed25519 public key"))?;
        let encoded = ml_dsa::EncodedVerifyingKey::<MlDsa65>::try_from(ml_dsa_65)
            .map_err(|_length| malformed("it is not an ML-DSA-65 public key"))?;
        Ok(Self::expanded(
            ed25519,
            ml_dsa::VerifyingKey::decode(&encoded),
        ))
    }

    fn expanded(
        ed25519: ed25519_dalek::VerifyingKey,
        ml_dsa_65: ml_dsa::VerifyingKey<MlDsa65>,
    ) -> Self {
        Self(Arc::new(Expanded {
            ed25519_id: KeyId::of(ED25519, ed25519.as_bytes()),
            ml_dsa_65_id: KeyId::of(ML_DSA_65, &ml_dsa_65.encode()),
            ed25519,
            ml_dsa_65,
        }))
    }

    /// The 32 bytes of the Ed25519 public key.
    pub fn ed25519(&self) -> &[u8; 32] {
        self.0.ed25519.as_bytes()
    }

    /// The 1,952 bytes of the ML-DSA-65 public key.
    pub fn ml_dsa_65(&self) -> Vec<u8> {
        self.0.ml_dsa_65.encode().to_vec()
    }

    /// The name of the Ed25519 key.
    pub fn ed25519_id(&self) -> KeyId {
        self.0.ed25519_id
    }

    /// The name of the ML-DSA-65 key.
    pub fn ml_dsa_65_id(&self) -> KeyId {
        self.0.ml_dsa_65_id
    }

    /// Checks the Ed25519 signature, strictly: canonical encodings, no weak points.
    pub(crate) fn verifies_ed25519(&self, message: &[u8], signatures: &SignaturePair) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signatures.ed25519);
        self.0.ed25519.verify_strict(message, &signature).is_ok()
    }

    /// Checks the ML-DSA-65 signature (FIPS 204, algorithm 3, empty context).
    pub(crate) fn verifies_ml_dsa_65(&self, message: &[u8], signatures: &SignaturePair) -> bool {
        ml_dsa::Signature::<MlDsa65>::try_from(signatures.ml_dsa_65.as_slice()).is_ok_and(
            |signature| {
                self.0
                    .ml_dsa_65
                    .verify_with_context(message, &[], &signature)
            },
        )
    }

    /// Checks both signatures and says which one fails.
    pub fn verify(&self, message: &[u8], signatures: &SignaturePair) -> Result<(), Error> {
        if !self.verifies_ed25519(message, signatures) {
            return Err(Error::BadEd25519Signature);
        }
        if !self.verifies_ml_dsa_65(message, signatures) {
            return Err(Error::BadMlDsaSignature);
        }
        Ok(())
    }
}

impl Eq for SigningPublic {}

impl PartialEq for SigningPublic {
    fn eq(&self, other: &Self) -> bool {
        self.0.ed25519_id == other.0.ed25519_id && self.0.ml_dsa_65_id == other.0.ml_dsa_65_id
    }
}

impl fmt::Debug for SigningPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningPublic")
            .field("ed25519", &self.0.ed25519_id)
            .field("ml_dsa_65", &self.0.ml_dsa_65_id)
            .finish()
    }
}

/// Both public keys as a document holds them.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SigningPublicWire {
    ed25519: String,
    ml_dsa_65: String,
}

impl From<&SigningPublic> for SigningPublicWire {
    fn from(public: &SigningPublic) -> Self {
        Self {
            ed25519: text::base64(public.ed25519()),
            ml_dsa_65: text::base64(&public.ml_dsa_65()),
        }
    }
}

impl TryFrom<SigningPublicWire> for SigningPublic {
    type Error = Error;

    fn try_from(wire: SigningPublicWire) -> Result<Self, Error> {
        let ed25519 = text::unbase64_exact(&wire.ed25519, "Ed25519 key")?;
        let ml_dsa_65: [u8; ML_DSA_PUBLIC_BYTES] =
            text::unbase64_exact(&wire.ml_dsa_65, "ML-DSA-65 key")?;
        Self::from_bytes(&ed25519, &ml_dsa_65)
    }
}

/// The secret half of a signing pair. Both keys grow from one seed of 32 bytes; everything is
/// erased when dropped.
pub struct SigningKeys {
    seed: Zeroizing<[u8; 32]>,
    ed25519: ed25519_dalek::SigningKey,
    ml_dsa_65: Box<ml_dsa::SigningKey<MlDsa65>>,
    public: SigningPublic,
}

impl SigningKeys {
    /// Makes a new pair from 32 random bytes.
    pub fn generate(entropy: &mut impl FnMut(&mut [u8])) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        entropy(&mut *seed);
        Self::from_seed(&seed)
    }

    /// The pair that belongs to a seed: each key has the seed HKDF-SHA256 derives for its name. The
    /// same seed gives the same pair.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let derive = |name: &str| {
            let label = format!("comity/signing-seed/v1 {name}");
            Zeroizing::new(hkdf(&[], label.as_bytes(), seed))
        };
        let ed25519 = ed25519_dalek::SigningKey::from_bytes(&derive(ED25519));
        let ml_dsa_seed = derive(ML_DSA_65);
        let ml_dsa_65 = Box::new(ml_dsa::SigningKey::from_seed((&*ml_dsa_seed).into()));
        let public = SigningPublic::expanded(ed25519.verifying_key(), ml_dsa_65.verifying_key());
        Self {
            seed: Zeroizing::new(*seed),
            ed25519,
            ml_dsa_65,
            public,
        }
    }

    /// The public half.
    pub fn public(&self) -> &SigningPublic {
        &self.public
    }

    /// Signs with both keys. Signing draws no chance: Ed25519 never does, and ML-DSA is used in
    /// its deterministic variant (FIPS 204 §3.4), so a poor generator cannot leak a key.
    pub fn sign(&self, message: &[u8]) -> SignaturePair {
        let ml_dsa_65 = self.ml_dsa_65.sign(message).encode();
        SignaturePair {
            ed25519: self.ed25519.sign(message).to_bytes(),
            ml_dsa_65: Box::new(ml_dsa_65.into()),
        }
    }

    /// The seed, for the vault.
    pub(crate) fn seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.seed
    }
}

impl Clone for SigningKeys {
    fn clone(&self) -> Self {
        Self {
            seed: self.seed.clone(),
            ed25519: self.ed25519.clone(),
            ml_dsa_65: self.ml_dsa_65.clone(),
            public: self.public.clone(),
        }
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signatures_must_verify() {
        let keys = SigningKeys::from_seed(&[1; 32]);
        let good = keys.sign(b"message");
        assert!(keys.public().verify(b"message", &good).is_ok());
        assert_eq!(
            keys.public().verify(b"massage", &good).unwrap_err().code(),
            "seal.bad_ed25519_signature"
        );

        let other = SigningKeys::from_seed(&[2; 32]).sign(b"message");
        let mixed = SignaturePair {
            ml_dsa_65: other.ml_dsa_65,
            ..good
        };
        assert_eq!(
            keys.public().verify(b"message", &mixed).unwrap_err().code(),
            "seal.bad_ml_dsa_signature"
        );
    }

    #[test]
    fn a_seed_gives_the_same_pair_and_another_seed_another() {
        let of = |seed: u8| SigningKeys::from_seed(&[seed; 32]).public().clone();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn public_keys_come_back() {
        let public = SigningKeys::from_seed(&[1; 32]).public().clone();
        let again = SigningPublic::try_from(SigningPublicWire::from(&public)).unwrap();
        assert_eq!(again, public);
    }

    #[test]
    fn a_weak_ed25519_key_is_refused() {
        let ml_dsa_65 = SigningKeys::from_seed(&[1; 32]).public().ml_dsa_65();
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert!(SigningPublic::from_bytes(&neutral, &ml_dsa_65).is_err());
        assert!(SigningPublic::from_bytes(&[2; 32], &[0; 10]).is_err());
    }

    #[test]
    fn debug_shows_no_secret() {
        let keys = SigningKeys::from_seed(&[0xab; 32]);
        let shown = format!("{keys:?}");
        assert!(
            !shown.contains("abab") && !shown.contains("171, 171"),
            "{shown}"
        );
    }
}
