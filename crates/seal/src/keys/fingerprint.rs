//! What people compare out of band.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{SigningPublic, words};
use crate::{Digest, Error, bech32, text};

const COMPACT_PREFIX: &str = "COMITY";

/// The fingerprint of a root key: SHA-256 over `comity/root/v1` and both public keys.
///
/// All 256 bits are shown and compared, in one of three forms: hexadecimal ([`fmt::Display`]), 32
/// words for the telephone ([`Fingerprint::words`]), or a short text for a QR code
/// ([`Fingerprint::compact`]). [`FromStr`] reads all three.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fingerprint(Digest);

impl Fingerprint {
    /// The fingerprint of a root key.
    pub fn of(root: &SigningPublic) -> Self {
        let mut tagged = b"comity/root/v1\n".to_vec();
        tagged.extend_from_slice(root.ed25519());
        tagged.extend_from_slice(&root.ml_dsa_65());
        Self(Digest::of(&tagged))
    }

    /// Takes a stored fingerprint.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Digest::from_bytes(bytes))
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// 32 words of two syllables.
    pub fn words(&self) -> String {
        words::encode(self.as_bytes())
    }

    /// Bech32 in upper case, `COMITY1…`: 65 characters that a QR code holds in its dense
    /// alphanumeric mode, with a checksum against typing errors.
    pub fn compact(&self) -> String {
        let lower = bech32::encode(&COMPACT_PREFIX.to_ascii_lowercase(), self.as_bytes());
        lower.to_ascii_uppercase()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() == 64 {
            return text::unhex(text, "fingerprint").map(Self::from_bytes);
        }
        if let Some(bytes) = words::decode(text) {
            return Ok(Self::from_bytes(bytes));
        }
        bech32::decode(text, COMPACT_PREFIX, "fingerprint")?
            .try_into()
            .map(Self::from_bytes)
            .map_err(|_bytes: Vec<u8>| Error::malformed("fingerprint", "it has another length"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text::unhex(&text, "fingerprint")
            .map(Self::from_bytes)
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKeys;

    #[test]
    fn all_three_forms_come_back() {
        let fingerprint = Fingerprint::of(SigningKeys::from_seed(&[1; 32]).public());
        for text in [
            fingerprint.to_string(),
            fingerprint.words(),
            fingerprint.compact(),
            format!(" {fingerprint}\n"),
            fingerprint.words().replace(' ', "\n"),
        ] {
            assert_eq!(text.parse::<Fingerprint>().unwrap(), fingerprint, "{text}");
        }
    }

    #[test]
    fn the_compact_form_suits_a_qr_code() {
        let compact = Fingerprint::from_bytes([0xa5; 32]).compact();
        assert_eq!(compact.len(), 65);
        assert!(compact.starts_with("COMITY1"));
        assert!(
            compact
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        );
    }

    #[test]
    fn other_keys_have_other_fingerprints() {
        let of = |seed: u8| Fingerprint::of(SigningKeys::from_seed(&[seed; 32]).public());
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn what_is_not_a_fingerprint_is_refused() {
        let good = Fingerprint::from_bytes([0xa5; 32]);
        let short = good.to_string().split_off(2);
        let few = good.words().split_once(' ').unwrap().1.to_owned();
        for bad in [String::new(), short, few, good.compact().to_lowercase()] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
