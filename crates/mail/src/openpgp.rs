//! OpenPGP. The key of the mailbox is always one of Curve25519: there is no private RSA operation in
//! this program, so none that a stranger could time (RUSTSEC-2023-0071).

use kernel::{Rng, Timestamp};
use pgp::{
    composed::{
        ArmorOptions, Deserializable as _, EncryptionCaps, KeyType, Message, MessageBuilder,
        SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey, SubkeyParamsBuilder,
    },
    crypto::{ecc_curve::ECCCurve, public_key::PublicKeyAlgorithm, sym::SymmetricKeyAlgorithm},
    packet::{PublicKey, PublicSubkey, Signature as Packet},
    ser::Serialize as _,
    types::{KeyDetails as _, Timestamp as PgpTime},
};
use zeroize::Zeroizing;

use crate::Address;

/// The longest key that is taken.
const KEY_BYTES_MAX: usize = 128 << 10;

/// The private key of the mailbox.
#[derive(Clone)]
pub struct MailKey(pub(crate) SignedSecretKey);

/// The public key of one who writes to us, for which somebody here vouched.
#[derive(Clone, Debug)]
pub struct SenderKey {
    /// Whose it is.
    pub address: Address,
    pub(crate) key: SignedPublicKey,
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is no OpenPGP key, or too long.
    #[error("it is no public OpenPGP key")]
    NoKey,
    /// Its own signatures do not hold.
    #[error("its own signatures do not hold")]
    Broken,
    /// Its owner took it back.
    #[error("its owner revoked it")]
    Revoked,
    /// It cannot do what it is to be used for.
    #[error("it can neither sign nor encrypt")]
    Useless,
    /// The private key is of a kind that this program does not use.
    #[error("the private key is not one of Curve25519")]
    Kind,
    /// The library refused.
    #[error("OpenPGP failed")]
    Library(#[source] Box<pgp::errors::Error>),
}

impl MailKey {
    /// A new key for an address.
    pub fn generate(address: &Address, now: Timestamp, rng: &dyn Rng) -> Result<Self, KeyError> {
        let created = pgp_time(now);
        let encrypting = SubkeyParamsBuilder::default()
            .key_type(KeyType::ECDH(ECCCurve::Curve25519Legacy))
            .can_encrypt(EncryptionCaps::All)
            .created_at(created)
            .build()
            .map_err(|_incomplete| KeyError::Useless)?;
        let made = SecretKeyParamsBuilder::default()
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .created_at(created)
            .primary_user_id(format!("<{address}>"))
            .subkeys(vec![encrypting])
            .build()
            .map_err(|_incomplete| KeyError::Useless)?;
        made.generate(Chance(rng)).map(Self).map_err(library)
    }

    /// A key as [`MailKey::to_bytes`] gave it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let key = SignedSecretKey::from_bytes(bytes).map_err(library)?;
        key.verify_bindings().map_err(library)?;
        let mut others = key.secret_subkeys.iter().map(|one| one.key.algorithm());
        let is_ours = key.primary_key.algorithm() == PublicKeyAlgorithm::EdDSALegacy
            && others.all(|algorithm| algorithm == PublicKeyAlgorithm::ECDH);
        if is_ours {
            Ok(Self(key))
        } else {
            Err(KeyError::Kind)
        }
    }

    /// The key in the form in which it is sealed.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0.to_bytes().map(Zeroizing::new).map_err(library)
    }

    /// The public key in the form in which it is given away.
    pub fn public(&self) -> Result<String, KeyError> {
        let public = SignedPublicKey::from(self.0.clone());
        public
            .to_armored_string(ArmorOptions::default())
            .map_err(library)
    }

    /// The fingerprint, which people compare.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string().to_uppercase()
    }
}

impl std::fmt::Debug for MailKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailKey({})", self.fingerprint())
    }
}

impl SenderKey {
    /// A key as its owner gives it away.
    pub fn from_armored(address: Address, text: &str) -> Result<Self, KeyError> {
        if text.len() > KEY_BYTES_MAX {
            return Err(KeyError::NoKey);
        }
        let (key, _) =
            SignedPublicKey::from_string(text.trim()).map_err(|_no_key| KeyError::NoKey)?;
        key.verify_bindings().map_err(|_broken| KeyError::Broken)?;
        if !key.details.revocation_signatures.is_empty() {
            return Err(KeyError::Revoked);
        }
        let sender = Self { address, key };
        if sender.signers().is_empty() && sender.reader().is_none() {
            return Err(KeyError::Useless);
        }
        Ok(sender)
    }

    /// The fingerprint, which people compare.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint().to_string().to_uppercase()
    }

    pub(crate) fn encrypt(&self, text: &[u8], rng: &dyn Rng) -> Result<String, KeyError> {
        let mut builder = MessageBuilder::from_bytes("", text.to_vec())
            .seipd_v1(Chance(rng), SymmetricKeyAlgorithm::AES256);
        match self.reader().ok_or(KeyError::Useless)? {
            Part::Primary(key) => builder.encrypt_to_key(Chance(rng), key).map(drop),
            Part::Sub(key) => builder.encrypt_to_key(Chance(rng), key).map(drop),
        }
        .map_err(library)?;
        builder
            .to_armored_string(Chance(rng), ArmorOptions::default())
            .map_err(library)
    }

    /// The keys that may sign.
    pub(crate) fn signers(&self) -> Vec<Part<'_>> {
        let selves = self
            .key
            .details
            .users
            .iter()
            .flat_map(|user| &user.signatures);
        let mut flags = selves
            .chain(&self.key.details.direct_signatures)
            .map(Packet::key_flags);
        let primary = flags
            .any(|flags| flags.sign())
            .then_some(Part::Primary(&self.key.primary_key));
        let subkeys = self
            .subkeys()
            .filter(|(_, signature)| signature.key_flags().sign());
        primary
            .into_iter()
            .chain(subkeys.map(|(key, _)| Part::Sub(key)))
            .collect()
    }

    /// The key to encrypt for.
    fn reader(&self) -> Option<Part<'_>> {
        let mut subkeys = self.subkeys().filter(|(key, signature)| {
            let flags = signature.key_flags();
            key.algorithm().can_encrypt() && (flags.encrypt_comms() || flags.encrypt_storage())
        });
        subkeys.next().map(|(key, _)| Part::Sub(key))
    }

    /// Subkeys that were not taken back, each with its newest binding.
    fn subkeys(&self) -> impl Iterator<Item = (&PublicSubkey, &Packet)> {
        use pgp::packet::SignatureType::SubkeyRevocation;
        let subkeys = self.key.public_subkeys.iter();
        let standing = subkeys.filter(|one| {
            !one.signatures
                .iter()
                .any(|of| of.typ() == Some(SubkeyRevocation))
        });
        standing.filter_map(|one| {
            let newest = one.signatures.iter().max_by_key(|of| of.created());
            newest.map(|newest| (&one.key, newest))
        })
    }
}

/// One of the keys of a certificate.
pub(crate) enum Part<'a> {
    Primary(&'a PublicKey),
    Sub(&'a PublicSubkey),
}

impl Part<'_> {
    pub(crate) fn is_named_by(&self, signature: &Packet) -> bool {
        let (id, fingerprint) = match self {
            Self::Primary(key) => (key.legacy_key_id(), key.fingerprint()),
            Self::Sub(key) => (key.legacy_key_id(), key.fingerprint()),
        };
        signature.issuer_key_id().into_iter().any(|one| *one == id)
            || signature
                .issuer_fingerprint()
                .into_iter()
                .any(|one| *one == fingerprint)
    }

    pub(crate) fn fits_bytes(&self, signature: &Packet, text: &[u8]) -> bool {
        match self {
            Self::Primary(key) => signature.verify(key, text).is_ok(),
            Self::Sub(key) => signature.verify(key, text).is_ok(),
        }
    }

    pub(crate) fn fits_message(&self, message: &Message<'_>, at: usize) -> bool {
        match self {
            Self::Primary(key) => message.verify_nested_explicit(at, key).is_ok(),
            Self::Sub(key) => message.verify_nested_explicit(at, key).is_ok(),
        }
    }
}

fn library(error: pgp::errors::Error) -> KeyError {
    KeyError::Library(Box::new(error))
}

pub(crate) fn pgp_time(at: Timestamp) -> PgpTime {
    PgpTime::from_secs(u32::try_from(at.as_seconds().max(0)).unwrap_or(u32::MAX))
}

/// The house's chance in the form that the library takes.
struct Chance<'a>(&'a dyn Rng);

impl rand_core::RngCore for Chance<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(kernel::random_array(self.0))
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(kernel::random_array(self.0))
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::CryptoRng for Chance<'_> {}
