//! The post-quantum recipient `mlkem768x25519` of the age file format.
//!
//! [c2sp.org/age](https://c2sp.org/age), "The MLKEM768-X25519 (i.e. X-Wing) hybrid post-quantum
//! recipient type": the file key is sealed by HPKE (RFC 9180 §6.1, mode base) with the KEM
//! MLKEM768-X25519, HKDF-SHA256 and ChaCha20Poly1305. Breaking it takes breaking both ML-KEM-768
//! and X25519.
//!
//! The wrapping carries the label `postquantum`, so `age` itself refuses to encrypt one file to
//! such a recipient and to a classical one.

use std::{collections::HashSet, fmt, str::FromStr};

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::XWing,
};
use secrecy::ExposeSecret;
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, bech32, text};

/// The first argument of the stanzas.
pub const STANZA_TAG: &str = "mlkem768x25519";
/// The length of a public key.
pub const PUBLIC_KEY_BYTES: usize = 1216;

const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const LABEL: &str = "postquantum";
const RECIPIENT_PREFIX: &str = "age1pq";
const IDENTITY_PREFIX: &str = "AGE-SECRET-KEY-PQ-";
const ENCAPSULATED_BYTES: usize = 1120;
/// The X25519 share stands behind the ML-KEM ciphertext (X-Wing §5.4).
const ML_KEM_CIPHERTEXT_BYTES: usize = 1088;
const BODY_BYTES: usize = FILE_KEY_BYTES + 16;

/// Whom a file is encrypted to; written `age1pq1…`.
#[derive(Clone, Eq, PartialEq)]
pub struct HybridRecipient(<XWing as Kem>::PublicKey);

impl HybridRecipient {
    /// Takes the 1,216 bytes of a public key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let key = <XWing as Kem>::PublicKey::from_bytes(bytes)
            .map_err(|_reason| Error::malformed("recipient", "it is not an X-Wing public key"))?;
        Ok(Self(key))
    }

    /// The 1,216 bytes of the public key.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// Reads `age1pq1…` from bytes of unknown origin.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        std::str::from_utf8(bytes)
            .map_err(|_position| Error::malformed("recipient", "it is not text"))?
            .parse()
    }

    pub(crate) fn wrap(&self, file_key: &FileKey) -> Result<Stanza, EncryptError> {
        let failed = || EncryptError::Io(std::io::Error::other("the key cannot be encapsulated"));
        let (encapsulated, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.expose_secret(),
            &[],
        )
        .map_err(|_reason| failed())?;
        Ok(Stanza {
            tag: STANZA_TAG.to_owned(),
            args: vec![text::base64_bare(&encapsulated.to_bytes())],
            body,
        })
    }

    pub(crate) fn labels() -> HashSet<String> {
        HashSet::from([LABEL.to_owned()])
    }
}

impl age::Recipient for HybridRecipient {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        Ok((vec![self.wrap(file_key)?], Self::labels()))
    }
}

impl fmt::Display for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(RECIPIENT_PREFIX, &self.0.to_bytes()))
    }
}

impl fmt::Debug for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        write!(f, "HybridRecipient({}…)", text.get(..24).unwrap_or(&text))
    }
}

impl FromStr for HybridRecipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_bytes(&bech32::decode(text, RECIPIENT_PREFIX, "recipient")?)
    }
}

/// Who can open what was encrypted to its [`HybridRecipient`]; written `AGE-SECRET-KEY-PQ-1…`.
///
/// The 32-byte seed is erased when the value is dropped.
#[derive(Clone)]
pub struct HybridIdentity {
    private: <XWing as Kem>::PrivateKey,
    public: <XWing as Kem>::PublicKey,
}

impl HybridIdentity {
    /// Makes a new identity from 32 random bytes.
    pub fn generate(entropy: &mut impl FnMut(&mut [u8])) -> Result<Self, Error> {
        let mut seed = Zeroizing::new([0; 32]);
        entropy(&mut *seed);
        Self::from_seed(&seed)
    }

    /// The identity that belongs to a seed. The same seed gives the same identity.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Error> {
        let private = <XWing as Kem>::PrivateKey::from_bytes(seed)
            .map_err(|_reason| Error::malformed("identity", "it is not an X-Wing seed"))?;
        let public = XWing::sk_to_pk(&private);
        Ok(Self { private, public })
    }

    /// Whom to encrypt to, so that this identity can open it.
    pub fn recipient(&self) -> HybridRecipient {
        HybridRecipient(self.public.clone())
    }

    /// The secret text `AGE-SECRET-KEY-PQ-1…`, as the standard age tool reads it from an identity
    /// file. It is erased when dropped.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut seed = Zeroizing::new([0; 32]);
        self.private.write_exact(&mut *seed);
        let mut lower = bech32::encode(&IDENTITY_PREFIX.to_ascii_lowercase(), &*seed);
        lower.make_ascii_uppercase();
        Zeroizing::new(lower)
    }

    fn unwrap(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let Some(encapsulated) = encapsulated_key(stanza) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        // A wrong key shows only here, as a failed tag: ML-KEM rejects implicitly.
        let mut file_key = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private,
            &encapsulated,
            INFO,
            &stanza.body,
            &[],
        )
        .ok()?;
        let result = FileKey::try_init_with_mut(|slot| {
            let bytes: &[u8; FILE_KEY_BYTES] =
                file_key.first_chunk().ok_or(DecryptError::InvalidHeader)?;
            slot.copy_from_slice(bytes);
            Ok(())
        });
        file_key.zeroize();
        Some(result)
    }
}

impl age::Identity for HybridIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.unwrap(stanza)
    }
}

impl fmt::Debug for HybridIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HybridIdentity")
            .field("recipient", &self.recipient())
            .finish_non_exhaustive()
    }
}

impl FromStr for HybridIdentity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = Zeroizing::new(bech32::decode(text, IDENTITY_PREFIX, "identity")?);
        let seed = bytes
            .as_slice()
            .try_into()
            .map_err(|_length| Error::malformed("identity", "it has another length"))?;
        Self::from_seed(seed)
    }
}

/// The checks of the stanza's form, made before anything is decrypted: exactly one argument beside
/// the tag, canonical base64 of 1,120 bytes, a body of exactly 32 bytes (against partitioning
/// oracles), and an X25519 share that contributes to the secret.
fn encapsulated_key(stanza: &Stanza) -> Option<<XWing as Kem>::EncappedKey> {
    let [argument] = stanza.args.as_slice() else {
        return None;
    };
    let bytes = text::unbase64_bare(argument)?;
    if bytes.len() != ENCAPSULATED_BYTES || stanza.body.len() != BODY_BYTES {
        return None;
    }
    let (_, share) = bytes.split_at_checked(ML_KEM_CIPHERTEXT_BYTES)?;
    if is_low_order(share.first_chunk()?) {
        return None;
    }
    <XWing as Kem>::EncappedKey::from_bytes(&bytes).ok()
}

/// Whether X25519 with this share gives the all-zero secret whatever the private key (RFC 7748
/// §6.1; RFC 9180 §7.1.4 asks to refuse it).
///
/// Exactly the points of order 1, 2, 4 and 8 do, on the curve and on its twist. Their
/// u-coordinates are 0, 1, p − 1, the two of order 8, and the encodings of 0 and 1 above p. X25519
/// ignores the highest bit, so the comparison does too.
fn is_low_order(share: &[u8; 32]) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f,
            0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16,
            0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83,
            0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd,
            0xd0, 0x9f, 0x11, 0x57,
        ],
    ];
    let [first, middle @ .., last] = share;
    let last = last & 0x7f;
    let around_zero = *first <= 1 && last == 0 && middle.iter().all(|byte| *byte == 0);
    let around_p =
        (0xec..=0xee).contains(first) && last == 0x7f && middle.iter().all(|byte| *byte == 0xff);
    let order_8 = ORDER_8
        .iter()
        .any(|[head, body @ .., tail]| head == first && body == middle && *tail == last);
    around_zero || around_p || order_8
}

#[cfg(test)]
mod tests {
    use age::{Identity as _, Recipient as _};

    use super::*;

    fn identity(byte: u8) -> HybridIdentity {
        HybridIdentity::from_seed(&[byte; 32]).unwrap()
    }

    fn wrapped() -> Stanza {
        let file_key = FileKey::new(Box::new([9; 16]));
        identity(1).recipient().wrap(&file_key).unwrap()
    }

    #[test]
    fn a_file_key_comes_back_to_its_identity_only() {
        let opened = identity(1).unwrap_stanza(&wrapped()).unwrap().unwrap();
        assert_eq!(opened.expose_secret(), &[9; 16]);
        assert!(identity(2).unwrap_stanza(&wrapped()).is_none());
    }

    #[test]
    fn the_wrapping_is_labelled_postquantum() {
        let file_key = FileKey::new(Box::new([9; 16]));
        let (stanzas, labels) = identity(1).recipient().wrap_file_key(&file_key).unwrap();
        assert_eq!(stanzas.len(), 1);
        assert_eq!(labels, HashSet::from(["postquantum".to_owned()]));
    }

    #[test]
    fn a_mix_with_a_classical_recipient_is_refused() {
        let hybrid = identity(1).recipient();
        let classical = age::x25519::Identity::generate().to_public();
        let both: [&dyn age::Recipient; 2] = [&hybrid, &classical];
        let refusal = age::Encryptor::with_recipients(both.into_iter())
            .err()
            .unwrap();
        assert!(matches!(
            refusal,
            EncryptError::IncompatibleRecipients { .. }
        ));
    }

    #[test]
    fn a_stanza_of_another_form_is_refused_before_it_is_opened() {
        let bend = |change: fn(&mut Stanza)| {
            let mut stanza = wrapped();
            change(&mut stanza);
            identity(1).unwrap_stanza(&stanza)
        };
        let invalid = |change| matches!(bend(change), Some(Err(DecryptError::InvalidHeader)));
        assert!(invalid(|stanza| stanza.args.push("more".to_owned())));
        assert!(invalid(|stanza| stanza.args.clear()));
        assert!(invalid(|stanza| stanza.args[0].push('=')));
        assert!(invalid(|stanza| stanza.args[0].truncate(1492)));
        assert!(invalid(|stanza| stanza.body.push(0)));
        assert!(invalid(|stanza| stanza.body.truncate(31)));
        assert!(bend(|stanza| stanza.tag = "MLKEM768X25519".to_owned()).is_none());
        assert!(bend(|stanza| stanza.body[0] ^= 1).is_none());
    }

    #[test]
    fn shares_that_contribute_nothing_are_refused() {
        let mut p_minus_1 = [0xff; 32];
        (p_minus_1[0], p_minus_1[31]) = (0xec, 0x7f);
        let mut p_plus_2 = p_minus_1;
        p_plus_2[0] = 0xef;
        let mut one = [0; 32];
        one[0] = 1;
        let mut zero_with_high_bit = [0; 32];
        zero_with_high_bit[31] = 0x80;
        let mut base = [0; 32];
        base[0] = 9;
        assert!(is_low_order(&[0; 32]));
        assert!(is_low_order(&one));
        assert!(is_low_order(&zero_with_high_bit));
        assert!(is_low_order(&p_minus_1));
        assert!(!is_low_order(&p_plus_2));
        assert!(!is_low_order(&base));
    }

    #[test]
    fn texts_come_back() {
        let identity = identity(3);
        let recipient = identity.recipient();
        assert_eq!(
            recipient.to_string().parse::<HybridRecipient>().unwrap(),
            recipient
        );
        assert_eq!(
            HybridRecipient::parse(recipient.to_string().as_bytes()).unwrap(),
            recipient
        );
        assert_eq!(
            HybridRecipient::from_bytes(&recipient.to_bytes()).unwrap(),
            recipient
        );
        let again: HybridIdentity = identity.to_secret_text().parse().unwrap();
        assert_eq!(again.recipient(), recipient);
    }

    #[test]
    fn texts_in_the_other_case_are_refused() {
        let identity = identity(3);
        assert!(
            identity
                .to_secret_text()
                .to_ascii_lowercase()
                .parse::<HybridIdentity>()
                .is_err()
        );
        let recipient = identity.recipient().to_string().to_ascii_uppercase();
        assert!(recipient.parse::<HybridRecipient>().is_err());
    }

    #[test]
    fn debug_shows_no_secret() {
        let identity = identity(3);
        let secret = identity.to_secret_text().to_ascii_lowercase();
        let shown = format!("{identity:?}").to_ascii_lowercase();
        assert!(!shown.contains("age-secret-key"));
        assert!(!shown.contains(secret.rsplit('1').next().unwrap()));
    }
}
