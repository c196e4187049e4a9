//! Tree hashing of RFC 6962 §2.1 (unchanged in RFC 9162 §2.1.1).

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Error, text};

const LEAF_PREFIX: [u8; 1] = [0x00];
const NODE_PREFIX: [u8; 1] = [0x01];

/// A SHA-256 value: of a leaf, of a node, or a root.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Bytes of a hash.
    pub const BYTES: usize = 32;

    /// Wraps 32 bytes that are already a hash.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        bytes
            .try_into()
            .map(Self)
            .map_err(|_wrong_length| Error::Malformed { what: "hash" })
    }

    /// Reads canonical base64 of 32 bytes, as checkpoints and proofs write them.
    pub fn from_base64(encoded: &str) -> Result<Self, Error> {
        // A longer string cannot be a hash; refusing it first keeps the work bounded.
        if encoded.len() != 44 {
            return Err(Error::Malformed { what: "hash" });
        }
        Self::from_slice(&text::decode_base64(encoded, "hash")?)
    }

    /// Canonical base64, as checkpoints and proofs write it.
    pub fn to_base64(&self) -> String {
        text::encode_base64(&self.0)
    }

    /// Lower-case hexadecimal.
    pub fn to_hex(&self) -> String {
        text::encode_hex(&self.0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.to_hex())
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Plain SHA-256, for entries and digests that are not part of the tree.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The hash of a leaf: `SHA-256(0x00 ‖ entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update(LEAF_PREFIX)
            .chain_update(entry)
            .finalize()
            .into(),
    )
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update(NODE_PREFIX)
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The root of a tree without leaves: the hash of the empty string.
pub fn empty_root() -> Hash {
    Hash(sha256(&[]))
}
