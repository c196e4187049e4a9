//! Keys that sign notes, by name and key id as `c2sp.org/signed-note` has them.

use std::fmt;

use ed25519_dalek::Signer as _;
use ml_dsa::MlDsa44;

use crate::checkpoint::{ed25519_message, mldsa44_message};
use crate::{Checkpoint, Error, SignatureLine, sha256, text};

/// Bytes of an Ed25519 public key.
pub const ED25519_BYTES: usize = 32;

/// Bytes of an ML-DSA-44 public key.
pub const MLDSA44_BYTES: usize = 1312;

/// Bytes of the time before a cosignature.
const TIME_BYTES: usize = 8;

/// The longest verifier key line: a name, an id, and an ML-DSA-44 key in base64.
const VKEY_BYTES_MAX: usize = 4096;

/// How a key signs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KeyKind {
    /// Type 0x01: Ed25519 over the text of the note.
    Ed25519,
    /// Type 0x04: Ed25519 over `cosignature/v1`, a time and the text of a checkpoint.
    CosignatureEd25519,
    /// Type 0x06: ML-DSA-44 over `subtree/v1`, the cosigner's name, a time, origin, size and root.
    CosignatureMlDsa44,
}

impl KeyKind {
    const fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureEd25519 => 0x04,
            Self::CosignatureMlDsa44 => 0x06,
        }
    }

    const fn from_type_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureEd25519),
            0x06 => Some(Self::CosignatureMlDsa44),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::CosignatureEd25519 => "Ed25519 cosignature",
            Self::CosignatureMlDsa44 => "ML-DSA-44 cosignature",
        }
    }
}

/// A public key that notes are verified with.
#[derive(Clone)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    id: u32,
    public: Vec<u8>,
    key: PublicKey,
}

#[derive(Clone)]
enum PublicKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    MlDsa44(Box<ml_dsa::VerifyingKey<MlDsa44>>),
}

impl VerifierKey {
    /// A key from its name, its kind and the bytes of the public key.
    ///
    /// Weak Ed25519 points, under which many messages verify, are refused.
    pub fn new(name: &str, kind: KeyKind, public: &[u8]) -> Result<Self, Error> {
        if !text::is_key_name(name) || name.len() > crate::ORIGIN_BYTES_MAX {
            return Err(Error::Malformed { what: "key name" });
        }
        let bad = Error::BadKey { kind: kind.name() };
        let key = match kind {
            KeyKind::Ed25519 | KeyKind::CosignatureEd25519 => {
                let bytes = public.try_into().map_err(|_wrong_length| bad)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
                    .map_err(|_no_point_of_the_curve| bad)?;
                if key.is_weak() {
                    return Err(bad);
                }
                PublicKey::Ed25519(key)
            }
            KeyKind::CosignatureMlDsa44 => {
                let bytes = public.try_into().map_err(|_wrong_length| bad)?;
                PublicKey::MlDsa44(Box::new(ml_dsa::VerifyingKey::decode(bytes)))
            }
        };
        Ok(Self {
            name: name.to_owned(),
            kind,
            id: key_id(name, kind, public),
            public: public.to_vec(),
            key,
        })
    }

    /// Reads `NAME+ID+BASE64`, the form in which verifier keys are handed around.
    pub fn parse(vkey: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed {
            what: "verifier key",
        };
        let vkey = text::bounded(vkey, VKEY_BYTES_MAX, "verifier key")?;
        let mut parts = vkey.splitn(3, '+');
        let (name, id, encoded) =
            (|| Some((parts.next()?, parts.next()?, parts.next()?)))().ok_or(MALFORMED)?;
        let id = u32::from_be_bytes(text::decode_hex(id, "verifier key")?);
        let bytes = text::decode_base64(encoded, "verifier key")?;
        let (kind, public) = bytes.split_first().ok_or(MALFORMED)?;
        let kind = KeyKind::from_type_byte(*kind).ok_or(MALFORMED)?;
        let key = Self::new(name, kind, public)?;
        if key.id == id {
            Ok(key)
        } else {
            Err(MALFORMED)
        }
    }

    /// The key's name, by recommendation an address without its scheme.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How the key signs.
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The id that signature lines carry.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// The bytes of the public key.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Whether a signature line claims to be of this key.
    pub fn claims(&self, line: &SignatureLine) -> bool {
        line.key_id == self.id && line.name == self.name
    }

    /// Verifies a signature line over a note's text, and gives the time that a
    /// cosignature states, in seconds since 1970.
    pub fn verify(&self, note_text: &str, line: &SignatureLine) -> Result<Option<u64>, Error> {
        if !self.claims(line) {
            return Err(Error::BadSignature);
        }
        match self.kind {
            KeyKind::Ed25519 => {
                self.verify_raw(note_text.as_bytes(), &line.signature)?;
                Ok(None)
            }
            KeyKind::CosignatureEd25519 => {
                let (time, signature) = split_time(&line.signature)?;
                Checkpoint::parse(note_text.as_bytes())?;
                self.verify_raw(&ed25519_message(note_text, time), signature)?;
                Ok(Some(time))
            }
            KeyKind::CosignatureMlDsa44 => {
                let (time, signature) = split_time(&line.signature)?;
                let checkpoint = Checkpoint::parse(note_text.as_bytes())?;
                let message = mldsa44_message(&self.name, time, &checkpoint)?;
                self.verify_raw(&message, signature)?;
                Ok(Some(time))
            }
        }
    }

    fn verify_raw(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let valid = match &self.key {
            PublicKey::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            PublicKey::MlDsa44(key) => ml_dsa::Signature::<MlDsa44>::try_from(signature)
                .is_ok_and(|signature| key.verify_with_context(message, &[], &signature)),
        };
        if valid {
            Ok(())
        } else {
            Err(Error::BadSignature)
        }
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({}+{:08x})", self.name, self.id)
    }
}

/// The line that [`VerifierKey::parse`] reads.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.type_byte()];
        bytes.extend_from_slice(&self.public);
        let encoded = text::encode_base64(&bytes);
        write!(f, "{}+{:08x}+{encoded}", self.name, self.id)
    }
}

impl Eq for VerifierKey {}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name && self.public == other.public
    }
}

/// A private key and the name it signs under. Both kinds sign deterministically.
pub(crate) struct Signer {
    key: VerifierKey,
    secret: Secret,
}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    MlDsa44(Box<ml_dsa::SigningKey<MlDsa44>>),
}

impl Signer {
    pub(crate) fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, Error> {
        let (secret, public) = match kind {
            KeyKind::Ed25519 | KeyKind::CosignatureEd25519 => {
                let secret = ed25519_dalek::SigningKey::from_bytes(seed);
                let public = secret.verifying_key().to_bytes().to_vec();
                (Secret::Ed25519(Box::new(secret)), public)
            }
            KeyKind::CosignatureMlDsa44 => {
                let secret = ml_dsa::SigningKey::<MlDsa44>::from_seed(&(*seed).into());
                let public = secret.expanded_key().verifying_key().encode().to_vec();
                (Secret::MlDsa44(Box::new(secret)), public)
            }
        };
        let key = VerifierKey::new(name, kind, &public)?;
        Ok(Self { key, secret })
    }

    pub(crate) const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a checkpoint; `time` is used by the two kinds that state one.
    pub(crate) fn sign(&self, checkpoint: &Checkpoint, time: u64) -> Result<SignatureLine, Error> {
        let message = match self.key.kind {
            KeyKind::Ed25519 => checkpoint.to_string().into_bytes(),
            KeyKind::CosignatureEd25519 => ed25519_message(&checkpoint.to_string(), time),
            KeyKind::CosignatureMlDsa44 => mldsa44_message(&self.key.name, time, checkpoint)?,
        };
        let raw = match &self.secret {
            Secret::Ed25519(secret) => secret.sign(&message).to_bytes().to_vec(),
            Secret::MlDsa44(secret) => secret
                .expanded_key()
                .sign_deterministic(&message, &[])
                .map_err(|_rejection_sampling_never_ended| Error::BadSignature)?
                .encode()
                .to_vec(),
        };
        let signature = match self.key.kind {
            KeyKind::Ed25519 => raw,
            KeyKind::CosignatureEd25519 | KeyKind::CosignatureMlDsa44 => {
                [&time.to_be_bytes()[..], &raw].concat()
            }
        };
        Ok(SignatureLine {
            name: self.key.name.clone(),
            key_id: self.key.id,
            signature,
        })
    }
}

/// `SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]`.
fn key_id(name: &str, kind: KeyKind, public: &[u8]) -> u32 {
    let mut bytes = name.as_bytes().to_vec();
    bytes.extend_from_slice(&[b'\n', kind.type_byte()]);
    bytes.extend_from_slice(public);
    let [a, b, c, d, ..] = sha256(&bytes);
    u32::from_be_bytes([a, b, c, d])
}

/// The time before a cosignature, which `tlog-cosignature` keeps below 2^63.
fn split_time(signature: &[u8]) -> Result<(u64, &[u8]), Error> {
    let (time, signature) = signature
        .split_first_chunk::<TIME_BYTES>()
        .ok_or(Error::BadSignature)?;
    let time = u64::from_be_bytes(*time);
    if i64::try_from(time).is_err() {
        return Err(Error::BadSignature);
    }
    Ok((time, signature))
}
