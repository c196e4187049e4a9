//! Checkpoints (`c2sp.org/tlog-checkpoint`), who signs them, and cosignatures
//! (`c2sp.org/tlog-cosignature`).

use std::fmt;

use crate::key::Signer;
use crate::{
    Error, Hash, KeyKind, NOTE_BYTES_MAX, Note, SignatureLine, TREE_SIZE_MAX, VerifierKey,
    empty_root, text,
};

/// The longest origin and cosigner name: ML-DSA-44 cosignatures write the length in one byte.
pub const ORIGIN_BYTES_MAX: usize = 255;

/// The head of a log: what a checkpoint states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, Error> {
        let well_formed = !origin.is_empty()
            && origin.len() <= ORIGIN_BYTES_MAX
            && !origin.chars().any(char::is_control);
        if !well_formed {
            return Err(Error::Malformed { what: "origin" });
        }
        if size > TREE_SIZE_MAX {
            return Err(Error::OutOfTree);
        }
        if size == 0 && root != empty_root() {
            return Err(Error::Malformed {
                what: "root of the empty tree",
            });
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Reads the text of a checkpoint, that is of a note without its signatures.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "checkpoint" };
        let body = text::bounded(bytes, NOTE_BYTES_MAX, "checkpoint")?;
        let mut lines = body.strip_suffix('\n').ok_or(MALFORMED)?.split('\n');
        let origin = lines.next().ok_or(MALFORMED)?;
        let size = text::decode_decimal(lines.next().ok_or(MALFORMED)?, "tree size")?;
        let root = Hash::from_base64(lines.next().ok_or(MALFORMED)?)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions
            .iter()
            .any(|line| line.is_empty() || line.chars().any(char::is_control))
        {
            return Err(MALFORMED);
        }
        Ok(Self {
            extensions,
            ..Self::new(origin, size, root)?
        })
    }

    /// The unique name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of that size.
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// Opaque lines that ML-DSA-44 cosignatures do not cover; Comity writes none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

/// The text of the checkpoint's note.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n{}\n{}",
            self.origin,
            self.size,
            self.root.to_base64()
        )?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// What a valid cosignature states: who saw the checkpoint, and when.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cosignature {
    /// The cosigner's name.
    pub name: String,
    /// Seconds since 1970.
    pub time: u64,
}

/// The two public keys that sign a log's checkpoints, both under the origin as name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerKeys {
    ed25519: VerifierKey,
    mldsa44: VerifierKey,
}

impl LedgerKeys {
    /// Keys from their bytes: 32 of Ed25519, 1,312 of ML-DSA-44.
    pub fn new(origin: &str, ed25519: &[u8], mldsa44: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            ed25519: VerifierKey::new(origin, KeyKind::Ed25519, ed25519)?,
            mldsa44: VerifierKey::new(origin, KeyKind::CosignatureMlDsa44, mldsa44)?,
        })
    }

    /// The origin that these keys sign for.
    pub fn origin(&self) -> &str {
        self.ed25519.name()
    }

    /// The Ed25519 key, type 0x01.
    pub const fn ed25519(&self) -> &VerifierKey {
        &self.ed25519
    }

    /// The ML-DSA-44 key, type 0x06.
    pub const fn mldsa44(&self) -> &VerifierKey {
        &self.mldsa44
    }

    /// Verifies that a note is a checkpoint of this origin with both signatures,
    /// and gives the time that the log states. Lines of other keys are left alone.
    pub fn verify(&self, note: &Note) -> Result<(Checkpoint, u64), Error> {
        let checkpoint = Checkpoint::parse(note.text.as_bytes())?;
        if checkpoint.origin != self.origin() {
            return Err(Error::BadSignature);
        }
        verify_with(&self.ed25519, note)?;
        let time = verify_with(&self.mldsa44, note)?.ok_or(Error::BadSignature)?;
        Ok((checkpoint, time))
    }
}

/// Signs a log's checkpoints with both of its keys.
pub struct LedgerSigner {
    ed25519: Signer,
    mldsa44: Signer,
    keys: LedgerKeys,
}

impl LedgerSigner {
    /// A signer from two seeds of 32 random bytes each; they must not be the same.
    pub fn from_seeds(origin: &str, ed25519: &[u8; 32], mldsa44: &[u8; 32]) -> Result<Self, Error> {
        let ed25519 = Signer::from_seed(origin, KeyKind::Ed25519, ed25519)?;
        let mldsa44 = Signer::from_seed(origin, KeyKind::CosignatureMlDsa44, mldsa44)?;
        let keys = LedgerKeys {
            ed25519: ed25519.key().clone(),
            mldsa44: mldsa44.key().clone(),
        };
        Ok(Self {
            ed25519,
            mldsa44,
            keys,
        })
    }

    /// The public keys.
    pub const fn keys(&self) -> &LedgerKeys {
        &self.keys
    }

    /// Signs the head of the tree. `time` is in seconds since 1970.
    ///
    /// The caller must never have two heads signed of which one does not continue the other.
    pub fn sign(&self, size: u64, root: Hash, time: u64) -> Result<Note, Error> {
        let checkpoint = Checkpoint::new(self.keys.origin(), size, root)?;
        Ok(Note {
            text: checkpoint.to_string(),
            signatures: vec![
                self.ed25519.sign(&checkpoint, time)?,
                self.mldsa44.sign(&checkpoint, time)?,
            ],
        })
    }
}

impl fmt::Debug for LedgerSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerSigner({})", self.keys.origin())
    }
}

/// Cosigns others' checkpoints with an Ed25519 and an ML-DSA-44 key of its own.
pub struct WitnessSigner {
    signers: [Signer; 2],
}

impl WitnessSigner {
    /// A signer from two seeds. The Ed25519 seed must be used for nothing else,
    /// since its message does not name the cosigner; ML-DSA-44 messages do.
    pub fn from_seeds(name: &str, ed25519: &[u8; 32], mldsa44: &[u8; 32]) -> Result<Self, Error> {
        Ok(Self {
            signers: [
                Signer::from_seed(name, KeyKind::CosignatureEd25519, ed25519)?,
                Signer::from_seed(name, KeyKind::CosignatureMlDsa44, mldsa44)?,
            ],
        })
    }

    /// The public keys, Ed25519 first.
    pub fn keys(&self) -> [VerifierKey; 2] {
        let [ed25519, mldsa44] = &self.signers;
        [ed25519.key().clone(), mldsa44.key().clone()]
    }

    /// Cosigns a checkpoint with both keys. The caller has verified, and durably
    /// stored, that it continues the last one of this origin; see [`crate::decide`].
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> Result<Vec<SignatureLine>, Error> {
        if !checkpoint.extensions.is_empty() {
            return Err(Error::Malformed {
                what: "checkpoint with extension lines",
            });
        }
        self.signers
            .iter()
            .map(|signer| signer.sign(checkpoint, time))
            .collect()
    }
}

impl fmt::Debug for WitnessSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [ed25519, _] = &self.signers;
        write!(f, "WitnessSigner({})", ed25519.key().name())
    }
}

/// Finds the key's line in a note and verifies it.
pub(crate) fn verify_with(key: &VerifierKey, note: &Note) -> Result<Option<u64>, Error> {
    let line = note
        .signatures
        .iter()
        .find(|line| key.claims(line))
        .ok_or(Error::BadSignature)?;
    key.verify(&note.text, line)
}

/// What an Ed25519 cosigner signs.
pub(crate) fn ed25519_message(note_text: &str, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{note_text}").into_bytes()
}

/// What an ML-DSA-44 cosigner signs: `cosigned_message` with a start of 0.
pub(crate) fn mldsa44_message(
    name: &str,
    time: u64,
    checkpoint: &Checkpoint,
) -> Result<Vec<u8>, Error> {
    let length = |name: &str| {
        u8::try_from(name.len()).map_err(|_too_long| Error::TooLarge {
            what: "cosigner name",
            limit: ORIGIN_BYTES_MAX,
        })
    };
    let mut message = b"subtree/v1\n\0".to_vec();
    message.push(length(name)?);
    message.extend_from_slice(name.as_bytes());
    message.extend_from_slice(&time.to_be_bytes());
    message.push(length(&checkpoint.origin)?);
    message.extend_from_slice(checkpoint.origin.as_bytes());
    message.extend_from_slice(&0_u64.to_be_bytes());
    message.extend_from_slice(&checkpoint.size.to_be_bytes());
    message.extend_from_slice(checkpoint.root.as_bytes());
    Ok(message)
}
