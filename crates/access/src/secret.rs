//! Random secrets that are handed out once and stored as hashes: session tokens, API keys,
//! one-time codes. Each has at least 100 bits of chance, so a plain SHA-256 hides it.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Rng, random_array};
use sha2::{Digest, Sha256};

use crate::spoken;

const TOKEN_BYTES: usize = 32;
const CODE_CHARS: usize = 20;

/// The secret of a session: what its cookie holds.
#[derive(Clone, Eq, PartialEq)]
pub struct Token([u8; TOKEN_BYTES]);

impl Token {
    pub(crate) fn generate(rng: &dyn Rng) -> Self {
        Self(random_array(rng))
    }

    /// The token of a cookie's value.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The value of the cookie.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored.
    pub(crate) fn hash(&self) -> [u8; 32] {
        hash("comity/session/v1", &self.0)
    }

    /// What forms and scripts of the session send along. It follows from the token, and the token
    /// does not follow from it.
    pub(crate) fn csrf(&self) -> String {
        URL_SAFE_NO_PAD.encode(hash("comity/csrf/v1", &self.0))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A whole API key: `comity_PREFIX_SECRET`.
#[derive(Clone)]
pub struct KeySecret {
    prefix: String,
    secret: [u8; TOKEN_BYTES],
}

impl KeySecret {
    pub(crate) fn generate(rng: &dyn Rng) -> Self {
        let prefix = u64::from_be_bytes(random_array(rng)) >> 16;
        Self {
            prefix: format!("{prefix:012x}"),
            secret: random_array(rng),
        }
    }

    /// The key of a request.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix("comity_")?.split_once('_')?;
        let right = prefix.len() == 12 && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        right.then(|| Self {
            prefix: prefix.to_owned(),
            secret,
        })
    }

    /// The key as it is handed out, once.
    pub fn to_text(&self) -> String {
        format!(
            "comity_{}_{}",
            self.prefix,
            URL_SAFE_NO_PAD.encode(self.secret)
        )
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        hash("comity/key/v1", &self.secret)
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySecret({}…)", self.prefix)
    }
}

/// A one-time code with which a user sets a password: 20 letters and digits in four groups.
#[derive(Clone, Eq, PartialEq)]
pub struct OneTimeCode(String);

impl OneTimeCode {
    pub(crate) fn generate(rng: &dyn Rng) -> Self {
        Self(spoken::random::<CODE_CHARS>(rng))
    }

    /// The code as somebody typed it: in any case, with or without hyphens and spaces, with letters
    /// that look like digits.
    pub fn typed(text: &str) -> Option<Self> {
        spoken::typed::<CODE_CHARS>(text).map(Self)
    }

    /// The code as it is handed out, once.
    pub fn to_text(&self) -> String {
        spoken::grouped(&self.0)
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        hash("comity/code/v1", self.0.as_bytes())
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

/// What is stored of a secret that serves one purpose, which the domain names.
pub fn hash(domain: &str, secret: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    hasher.update([0]);
    hasher.update(secret);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    #[test]
    fn secrets_round_trip_and_stay_silent() {
        let rng = SeededRng::new(3);
        let token = Token::generate(&rng);
        assert_eq!(Token::parse(&token.to_text()), Some(token.clone()));
        let key = KeySecret::generate(&rng);
        let read = KeySecret::parse(&key.to_text()).unwrap();
        assert_eq!((read.prefix(), read.hash()), (key.prefix(), key.hash()));
        let code = OneTimeCode::generate(&rng);
        assert_eq!(code.to_text().len(), 23);
        assert_eq!(
            OneTimeCode::typed(&code.to_text().to_lowercase()),
            Some(code.clone())
        );
        let shown = format!("{token:?}{key:?}{code:?}");
        assert!(!shown.contains(&code.0) && !shown.contains(&token.to_text()));
    }

    #[test]
    fn lookalikes_are_read_as_digits() {
        let typed = OneTimeCode::typed("oOiIl 00000 00000 00000").unwrap();
        assert_eq!(typed.0, "00111000000000000000");
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for text in ["", "a", "AAAA", &"A".repeat(44)] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
        for text in ["comity_", "comity_zzzzzzzzzzzz_AAAA", "x_0123456789ab_AAAA"] {
            assert!(KeySecret::parse(text).is_none(), "{text}");
        }
        for text in [
            "",
            "00000-00000-00000",
            "00000-00000-00000-000000",
            "U0000-00000-00000-00000",
        ] {
            assert_eq!(OneTimeCode::typed(text), None, "{text}");
        }
    }

    #[test]
    fn a_hash_serves_one_purpose() {
        let token = Token([7; 32]);
        let key = KeySecret {
            prefix: "000000000000".into(),
            secret: [7; 32],
        };
        assert_ne!(token.hash(), key.hash());
        assert_ne!(URL_SAFE_NO_PAD.encode(token.hash()), token.csrf());
    }
}
