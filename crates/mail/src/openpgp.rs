//! OpenPGP. The key of the mailbox is always one of Curve25519: there is no private RSA operation in
//! this program, so none that a stranger could time (RUSTSEC-2023-0071).

use std::io::Read as _;

use kernel::{Rng, Timestamp};
use pgp::{
    composed::{
        ArmorOptions, CleartextSignedMessage, Deserializable as _, DetachedSignature,
        EncryptionCaps, KeyType, Message, MessageBuilder, SecretKeyParamsBuilder, SignedPublicKey,
        SignedSecretKey, SubkeyParamsBuilder,
    },
    crypto::{ecc_curve::ECCCurve, public_key::PublicKeyAlgorithm, sym::SymmetricKeyAlgorithm},
    packet::{PublicKey, PublicSubkey, Signature as Packet},
    ser::Serialize as _,
    types::{KeyDetails as _, Password, Timestamp as PgpTime},
};
use zeroize::Zeroizing;

use crate::{Address, MAIL_BYTES_MAX, Signature};

/// The longest key that is taken.
const KEY_BYTES_MAX: usize = 128 << 10;
/// So many layers of compression are unpacked.
const LAYERS_MAX: usize = 2;
/// So many signatures of one mail are looked at.
const SIGNATURES_MAX: usize = 8;
/// How far another clock may be ahead of ours, in seconds.
const SKEW: u32 = 24 * 60 * 60;

/// The private key of the mailbox.
#[derive(Clone)]
pub struct MailKey(SignedSecretKey);

/// The public key of one who writes to us, for which somebody here vouched.
#[derive(Clone, Debug)]
pub struct SenderKey {
    /// Whose it is.
    pub address: Address,
    key: SignedPublicKey,
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

/// What was in an OpenPGP message.
pub(crate) struct Opened {
    pub(crate) text: Vec<u8>,
    pub(crate) was_encrypted: bool,
    pub(crate) signature: Verdict,
}

/// What became of a signature, before it is asked who the mail says it is from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    None,
    Unverified,
    Good(Address),
    Wrong,
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
    fn signers(&self) -> Vec<Part<'_>> {
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
enum Part<'a> {
    Primary(&'a PublicKey),
    Sub(&'a PublicSubkey),
}

impl Part<'_> {
    fn is_named_by(&self, signature: &Packet) -> bool {
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

    fn fits_bytes(&self, signature: &Packet, text: &[u8]) -> bool {
        match self {
            Self::Primary(key) => signature.verify(key, text).is_ok(),
            Self::Sub(key) => signature.verify(key, text).is_ok(),
        }
    }

    fn fits_message(&self, message: &Message<'_>, at: usize) -> bool {
        match self {
            Self::Primary(key) => message.verify_nested_explicit(at, key).is_ok(),
            Self::Sub(key) => message.verify_nested_explicit(at, key).is_ok(),
        }
    }
}

/// What a message in ASCII armor holds. Nothing that failed its check comes out.
pub(crate) fn open(
    armored: &[u8],
    own: Option<&MailKey>,
    senders: &[SenderKey],
    now: Timestamp,
) -> Option<Opened> {
    let (mut message, _) = Message::from_armor(armored).ok()?;
    let was_encrypted = message.is_encrypted();
    if was_encrypted {
        message = message.decrypt(&Password::empty(), &own?.0).ok()?;
    }
    for _ in 0..LAYERS_MAX {
        if message.is_compressed() {
            message = message.decompress().ok()?;
        }
    }
    let max = u64::try_from(MAIL_BYTES_MAX).unwrap_or(u64::MAX);
    let mut text = Vec::new();
    // One byte more than is taken, so that what is too long is not mistaken for what ends there.
    (&mut message).take(max + 1).read_to_end(&mut text).ok()?;
    if text.len() > MAIL_BYTES_MAX {
        return None;
    }
    let mut verdict = Verdict::None;
    if let Message::Signed { reader, .. } = &message {
        for at in 0..reader.num_signatures().min(SIGNATURES_MAX) {
            let found = reader
                .signature(at)
                .map_or(Verdict::Unverified, |signature| {
                    judge(signature, senders, now, |key| {
                        key.fits_message(&message, at)
                    })
                });
            verdict = verdict.or(found);
        }
    }
    Some(Opened {
        text,
        was_encrypted,
        signature: verdict,
    })
}

/// What a signature that stands beside its text is worth.
pub(crate) fn check_detached(
    texts: &[Vec<u8>],
    armored: &[u8],
    senders: &[SenderKey],
    now: Timestamp,
) -> Verdict {
    let Ok((signature, _)) = DetachedSignature::from_armor_single(armored) else {
        return Verdict::Unverified;
    };
    let signature = &signature.signature;
    judge(signature, senders, now, |key| {
        texts.iter().any(|text| key.fits_bytes(signature, text))
    })
}

/// The text of a message that is signed in place, and what its signature is worth.
pub(crate) fn check_cleartext(
    text: &str,
    senders: &[SenderKey],
    now: Timestamp,
) -> Option<(String, Verdict)> {
    let (message, _) = CleartextSignedMessage::from_string(text).ok()?;
    let signed = message.signed_text();
    let mut verdict = Verdict::Unverified;
    for signature in message.signatures().iter().take(SIGNATURES_MAX) {
        verdict = verdict.or(judge(signature, senders, now, |key| {
            key.fits_bytes(signature, signed.as_bytes())
        }));
    }
    Some((signed, verdict))
}

fn judge(
    signature: &Packet,
    senders: &[SenderKey],
    now: Timestamp,
    fits: impl Fn(&Part<'_>) -> bool,
) -> Verdict {
    let mut verdict = Verdict::Unverified;
    for sender in senders {
        for key in sender
            .signers()
            .iter()
            .filter(|key| key.is_named_by(signature))
        {
            if is_current(signature, sender, now) && fits(key) {
                return Verdict::Good(sender.address.clone());
            }
            verdict = Verdict::Wrong;
        }
    }
    verdict
}

/// Whether neither the signature nor the key has run out.
fn is_current(signature: &Packet, sender: &SenderKey, now: Timestamp) -> bool {
    let now = pgp_time(now).as_secs();
    let Some(made) = signature.created().map(PgpTime::as_secs) else {
        return false;
    };
    // Zero stands for "never" (RFC 9580 §5.2.3.13).
    let is_over = |from: u32, lasts: u32, at: u32| lasts != 0 && from.saturating_add(lasts) < at;
    let runs_out = signature
        .signature_expiration_time()
        .map_or(0, |lasts| lasts.as_secs());
    let selves = sender
        .key
        .details
        .users
        .iter()
        .flat_map(|user| &user.signatures);
    let newest = selves
        .chain(&sender.key.details.direct_signatures)
        .max_by_key(|of| of.created());
    let key_lasts = newest
        .and_then(Packet::key_expiration_time)
        .map_or(0, |lasts| lasts.as_secs());
    made <= now.saturating_add(SKEW)
        && !is_over(made, runs_out, now)
        && !is_over(sender.key.created_at().as_secs(), key_lasts, made)
}

impl Verdict {
    /// The better of two signatures of one text.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Good(address), _) | (_, Self::Good(address)) => Self::Good(address),
            (Self::Wrong, _) | (_, Self::Wrong) => Self::Wrong,
            (Self::Unverified, _) | (_, Self::Unverified) => Self::Unverified,
            (Self::None, Self::None) => Self::None,
        }
    }

    /// Seen beside the address that the mail says it is from.
    pub(crate) fn beside(self, from: Option<&Address>) -> Signature {
        match self {
            Self::None => Signature::None,
            Self::Unverified => Signature::Unverified,
            Self::Wrong => Signature::Wrong,
            Self::Good(address) if from.is_some_and(|from| from.is_same(&address)) => {
                Signature::Good
            }
            Self::Good(address) => Signature::Other(address),
        }
    }
}

fn library(error: pgp::errors::Error) -> KeyError {
    KeyError::Library(Box::new(error))
}

fn pgp_time(at: Timestamp) -> PgpTime {
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
