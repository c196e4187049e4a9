//! The root key of a party.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::{Fingerprint, KeySet, PAYLOAD_TYPE, SignedKeySet, SigningKeys, SigningPublic};
use crate::{Error, bech32, dsse::Envelope};

const SECRET_PREFIX: &str = "COMITY-ROOT-SECRET-";

/// A party's offline key. It signs key sets and nothing else, and belongs off the node: what the
/// node needs every day stands in the key sets.
#[derive(Clone)]
pub struct RootKey(SigningKeys);

impl RootKey {
    /// Makes a new root key from 32 random bytes.
    pub fn generate(entropy: &mut impl FnMut(&mut [u8])) -> Self {
        Self(SigningKeys::generate(entropy))
    }

    /// The root key that belongs to a seed. The same seed gives the same key.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKeys::from_seed(seed))
    }

    /// The public half.
    pub fn public(&self) -> &SigningPublic {
        self.0.public()
    }

    /// What people compare out of band.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.public())
    }

    /// Signs a key set, after checking it: what is refused by readers is not signed. The set must
    /// name this root key as its own.
    pub fn sign(&self, set: &KeySet) -> Result<SignedKeySet, Error> {
        if set.root != *self.public() {
            return Err(Error::WrongRoot);
        }
        let envelope = Envelope::sign(PAYLOAD_TYPE, set.to_bytes()?, &self.0)?;
        SignedKeySet::from_envelope(envelope)
    }

    /// The secret as text for export, `COMITY-ROOT-SECRET-1…`, short enough for paper. It is
    /// erased when dropped.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut text = bech32::encode(&SECRET_PREFIX.to_ascii_lowercase(), &**self.0.seed());
        text.make_ascii_uppercase();
        Zeroizing::new(text)
    }
}

impl FromStr for RootKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = Zeroizing::new(bech32::decode(text.trim(), SECRET_PREFIX, "root secret")?);
        let seed = bytes
            .as_slice()
            .try_into()
            .map_err(|_length| Error::malformed("root secret", "it has another length"))?;
        Ok(Self::from_seed(seed))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootKey")
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_comes_back() {
        let root = RootKey::from_seed(&[0xab; 32]);
        let text = root.to_secret_text();
        assert!(text.starts_with("COMITY-ROOT-SECRET-1"));
        assert_eq!(
            text.parse::<RootKey>().unwrap().fingerprint(),
            root.fingerprint()
        );
        assert!(text.to_lowercase().parse::<RootKey>().is_err());
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", RootKey::from_seed(&[0xab; 32])).to_lowercase();
        assert!(
            !shown.contains("abab") && !shown.contains("171, 171"),
            "{shown}"
        );
        assert!(!shown.contains("secret-"), "{shown}");
    }
}
