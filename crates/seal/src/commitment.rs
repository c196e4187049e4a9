//! Commitments: a promise to one plaintext that tells nothing about it.
//!
//! `SHA-256(0x01 ‖ salt ‖ plaintext)` stands in the signed header, the salt stands sealed with the
//! plaintext. Whoever shows both proves what was said then; without the 32 random bytes of salt
//! nobody can test a guess. The leading byte keeps commitments apart from plain digests and from
//! the leaf and node hashes of a ledger (RFC 6962 §2.1 uses 0x00 and 0x01 over 32-byte nodes; the
//! salt makes a collision with those a matter of finding a SHA-256 collision).

use std::{fmt, io};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::{Digest, Error, text};

const TAG: u8 = 0x01;

/// The 32 random bytes of one commitment; base64 in documents.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Draws a new salt.
    pub fn generate(entropy: &mut impl FnMut(&mut [u8])) -> Self {
        let mut bytes = [0; 32];
        entropy(&mut bytes);
        Self(bytes)
    }

    /// Takes a salt that was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Tells nothing: while the plaintext is secret, so is the salt.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text::base64(&self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read: Result<_, Error> =
            text::unbase64_exact(&String::deserialize(deserializer)?, "salt");
        read.map(Self).map_err(de::Error::custom)
    }
}

/// Commits to a plaintext.
pub fn commit(salt: &Salt, plaintext: &[u8]) -> Digest {
    let mut committer = Committer::new(salt);
    committer.update(plaintext);
    committer.finish()
}

/// Commits to a plaintext that comes in pieces; also a writer that keeps nothing.
pub struct Committer(Sha256);

impl Committer {
    /// Begins a commitment.
    pub fn new(salt: &Salt) -> Self {
        Self(Sha256::new().chain_update([TAG]).chain_update(salt.0))
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Ends the commitment.
    pub fn finish(self) -> Digest {
        Digest::from_bytes(self.0.finalize().into())
    }
}

impl io::Write for Committer {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.update(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_commitment_is_the_digest_of_tag_salt_and_plaintext() {
        let salt = Salt::from_bytes([7; 32]);
        let mut whole = vec![1];
        whole.extend([7; 32]);
        whole.extend(b"plain");
        assert_eq!(commit(&salt, b"plain"), Digest::of(&whole));
    }

    #[test]
    fn debug_shows_no_salt() {
        assert_eq!(format!("{:?}", Salt::from_bytes([7; 32])), "Salt(…)");
    }

    proptest! {
        #[test]
        fn another_salt_or_plaintext_is_another_commitment(
            salts in any::<[[u8; 32]; 2]>(),
            plain in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let [one, two] = salts.map(Salt::from_bytes);
            prop_assert!(one == two || commit(&one, &plain) != commit(&two, &plain));
            let mut longer = plain.clone();
            longer.push(0);
            prop_assert_ne!(commit(&one, &plain), commit(&one, &longer));
        }

        #[test]
        fn pieces_make_the_whole(plain in proptest::collection::vec(any::<u8>(), 0..100), at in 0_usize..100) {
            let salt = Salt::from_bytes([3; 32]);
            let (head, tail) = plain.split_at(at.min(plain.len()));
            let mut committer = Committer::new(&salt);
            committer.update(head);
            committer.update(tail);
            prop_assert_eq!(committer.finish(), commit(&salt, &plain));
        }
    }
}
