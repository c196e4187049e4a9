//! Personal data at rest: contact data and the identities of reporters under a key of the node.
//!
//! # Why no nonce can repeat
//!
//! Each record is encrypted by ChaCha20-Poly1305 under a key of its own, derived by HKDF-SHA256
//! from the node's data key, 32 fresh random bytes and the record's place. A key is used for one
//! encryption, so the nonce may be constant (it is zero). Two records share a key only if their 256
//! random bits agree: after 2⁶⁴ records the chance is below 2⁻¹²⁸. No counter has to survive a crash
//! or a restore.
//!
//! # Places
//!
//! The place (table, column, row) goes into the key. A record moved to another row does not open
//! there, so nobody with write access to the database can give one person another's number.

use std::fmt;

use age_core::primitives::{aead_decrypt, aead_encrypt, hkdf};
use zeroize::Zeroizing;

use crate::Error;

const VERSION: u8 = 1;
const SALT_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// How much longer a sealed record is than its text.
pub const OVERHEAD_BYTES: usize = 1 + SALT_BYTES + TAG_BYTES;

/// The node's data key, erased when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Makes a new key.
    pub fn generate(entropy: &mut impl FnMut(&mut [u8])) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy(&mut *key);
        Self(key)
    }

    /// Takes a stored key.
    pub fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &Zeroizing<[u8; 32]> {
        &self.0
    }

    /// Seals a record for its place, such as `contact.phone/0192…`.
    pub fn seal(&self, text: &[u8], place: &str, entropy: &mut impl FnMut(&mut [u8])) -> Vec<u8> {
        let mut salt = [0; SALT_BYTES];
        entropy(&mut salt);
        let mut record = Vec::with_capacity(text.len() + OVERHEAD_BYTES);
        record.push(VERSION);
        record.extend_from_slice(&salt);
        record.extend(aead_encrypt(&self.record_key(&salt, place), text));
        record
    }

    /// Opens a record at its place.
    pub fn open(&self, record: &[u8], place: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (salt, sealed) = record
            .strip_prefix(&[VERSION])
            .and_then(<[u8]>::split_first_chunk::<SALT_BYTES>)
            .ok_or(Error::BadRecord)?;
        let length = sealed
            .len()
            .checked_sub(TAG_BYTES)
            .ok_or(Error::BadRecord)?;
        aead_decrypt(&self.record_key(salt, place), length, sealed)
            .map(Zeroizing::new)
            .map_err(|_failed| Error::BadRecord)
    }

    /// A token that stands for a text in one place and tells nothing of it to whoever has no key:
    /// the same for the same text, so that what is sealed can be searched for.
    pub fn blind(&self, text: &str, place: &str) -> [u8; 32] {
        let label = format!("comity/blind/v1 {place}\0{text}");
        hkdf(&[], label.as_bytes(), &*self.0)
    }

    fn record_key(&self, salt: &[u8; SALT_BYTES], place: &str) -> Zeroizing<[u8; 32]> {
        let label = format!("comity/data/v1 {place}");
        Zeroizing::new(hkdf(salt, label.as_bytes(), &*self.0))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> DataKey {
        DataKey::from_bytes(Zeroizing::new([byte; 32]))
    }

    fn salt(byte: u8) -> impl FnMut(&mut [u8]) {
        move |bytes| bytes.fill(byte)
    }

    #[test]
    fn a_record_opens_at_its_place_under_its_key_only() {
        let record = key(1).seal(b"+1 555", "contact.phone/7", &mut salt(3));
        assert_eq!(record.len(), 6 + OVERHEAD_BYTES);
        assert_eq!(
            key(1).open(&record, "contact.phone/7").unwrap().as_slice(),
            b"+1 555"
        );
        assert!(matches!(
            key(1).open(&record, "contact.phone/8"),
            Err(Error::BadRecord)
        ));
        assert!(matches!(
            key(2).open(&record, "contact.phone/7"),
            Err(Error::BadRecord)
        ));
    }

    #[test]
    fn other_salts_give_other_records() {
        let of = |byte| key(1).seal(b"+1 555", "contact.phone/7", &mut salt(byte));
        assert_ne!(of(3), of(4));
    }

    #[test]
    fn a_blind_token_depends_on_key_place_and_text() {
        let token = key(1).blind("hospital", "exchange");
        assert_eq!(token, key(1).blind("hospital", "exchange"));
        assert_ne!(token, key(2).blind("hospital", "exchange"));
        assert_ne!(token, key(1).blind("hospital", "incidents"));
        assert_ne!(token, key(1).blind("hospitals", "exchange"));
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", key(0xab)), "DataKey(…)");
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in proptest::collection::vec(any::<u8>(), 0..200), place: String) {
            let record = key(1).seal(&text, &place, &mut salt(3));
            let opened = key(1).open(&record, &place).unwrap();
            prop_assert_eq!(opened.as_slice(), text);
        }

        #[test]
        fn any_changed_or_missing_byte_is_noticed(at in 0_usize..55, bit in 0_u8..8) {
            let good = key(1).seal(b"+1 555", "contact.phone/7", &mut salt(3));
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            prop_assert!(key(1).open(&bad, "contact.phone/7").is_err());
            prop_assert!(key(1).open(&good[..at], "contact.phone/7").is_err());
        }
    }
}
