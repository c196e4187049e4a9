//! Private keys at rest.
//!
//! The vault is one age file. With a passphrase it uses the scrypt recipient of the age format;
//! with a key file, the hybrid recipient, so that a node can start by itself and fast. Either way
//! the standard age tool opens it. Functions here work on bytes; whoever reads and writes the
//! files checks with [`owner_only`] that nobody else may.
//!
//! What is in it is [`NodeSecrets`]. The root key and the private half of the archive key are not:
//! they leave the node when they are made.

mod node;

use std::io::{Read, Write};

use age::{Decryptor, Encryptor, scrypt};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

pub use node::{NodeSecrets, PurposeSecrets};

use crate::{Error, HybridIdentity};

/// The shortest passphrase that is taken for locking.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// The scrypt work factor for locking: 2¹⁷ rounds, 128 MiB, well under a second on a small server.
pub const WORK_FACTOR: u8 = 17;
/// The highest work factor accepted when opening: 1 GiB.
pub const WORK_FACTOR_MAX: u8 = 20;
/// The longest vault that is read.
pub const VAULT_BYTES_MAX: usize = 1024 * 1024;

/// What locks and unlocks a vault.
#[derive(Clone, Debug)]
pub enum Lock {
    /// A passphrase that a person types.
    Passphrase {
        /// The passphrase.
        passphrase: SecretString,
        /// The scrypt work factor for locking; [`WORK_FACTOR`] but in tests.
        work_factor: u8,
    },
    /// A key file that only its owner can read.
    KeyFile(HybridIdentity),
}

impl Lock {
    /// A lock by passphrase, with the usual work factor.
    pub fn passphrase(passphrase: SecretString) -> Self {
        Self::Passphrase {
            passphrase,
            work_factor: WORK_FACTOR,
        }
    }

    /// Makes the text of a new key file, in the form of an age identity file.
    pub fn key_file_text(identity: &HybridIdentity) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(256));
        text.push_str("# Opens the keys of this node. Owner only, and not in the same backup.\n");
        text.push_str(&identity.to_secret_text());
        text.push('\n');
        text
    }

    /// Reads a key file: one identity, and lines that are empty or begin with `#`.
    pub fn from_key_file(bytes: &[u8]) -> Result<Self, Error> {
        let refused = |why| Error::malformed("key file", why);
        let text = std::str::from_utf8(bytes).map_err(|_position| refused("it is not text"))?;
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (lines.next(), lines.next()) {
            (Some(line), None) => line.parse().map(Self::KeyFile),
            _ => Err(refused("it does not hold exactly one identity")),
        }
    }
}

/// Refuses the permission bits of a file with private keys unless only its owner may use it.
pub fn owner_only(mode: u32) -> Result<(), Error> {
    const OTHERS: u32 = 0o077;
    let mode = mode & 0o7777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(Error::ModeTooOpen { mode })
    }
}

/// Encrypts secret bytes.
pub fn lock(secret: &[u8], lock: &Lock) -> Result<Vec<u8>, Error> {
    let encryptor = match lock {
        Lock::Passphrase {
            passphrase,
            work_factor,
        } => {
            check_passphrase(passphrase)?;
            let mut recipient = scrypt::Recipient::new(passphrase.clone());
            recipient.set_work_factor((*work_factor).clamp(1, WORK_FACTOR_MAX));
            Encryptor::with_recipients(std::iter::once::<&dyn age::Recipient>(&recipient))
        }
        Lock::KeyFile(identity) => {
            let recipient = identity.recipient();
            Encryptor::with_recipients(std::iter::once::<&dyn age::Recipient>(&recipient))
        }
    };
    let mut writer = encryptor
        .map_err(Error::Seal)?
        .wrap_output(Vec::with_capacity(secret.len()))
        .map_err(Error::Stream)?;
    writer.write_all(secret).map_err(Error::Stream)?;
    writer.finish().map_err(Error::Stream)
}

/// Decrypts secret bytes.
pub fn unlock(vault: &[u8], lock: &Lock) -> Result<Zeroizing<Vec<u8>>, Error> {
    if vault.len() > VAULT_BYTES_MAX {
        let bytes_max = u64::try_from(VAULT_BYTES_MAX).unwrap_or(u64::MAX);
        return Err(Error::TooLarge {
            what: "vault",
            bytes_max,
        });
    }
    let decryptor = Decryptor::new_buffered(vault).map_err(Error::Open)?;
    let reader = match lock {
        Lock::Passphrase { passphrase, .. } => {
            let mut identity = scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(WORK_FACTOR_MAX);
            decryptor.decrypt(std::iter::once::<&dyn age::Identity>(&identity))
        }
        Lock::KeyFile(identity) => {
            decryptor.decrypt(std::iter::once::<&dyn age::Identity>(identity))
        }
    };
    let mut secret = Zeroizing::new(Vec::with_capacity(vault.len()));
    reader
        .map_err(Error::Open)?
        .read_to_end(&mut secret)
        .map_err(Error::Stream)?;
    Ok(secret)
}

/// Whether a vault wants a passphrase (and not a key file).
pub fn wants_passphrase(vault: &[u8]) -> Result<bool, Error> {
    Decryptor::new_buffered(vault)
        .map(|decryptor| decryptor.is_scrypt())
        .map_err(Error::Open)
}

fn check_passphrase(passphrase: &SecretString) -> Result<(), Error> {
    let chars = passphrase.expose_secret().chars().count();
    if chars < PASSPHRASE_CHARS_MIN {
        let chars_min = PASSPHRASE_CHARS_MIN;
        return Err(Error::PassphraseTooShort { chars_min });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_passphrase(text: &str) -> Lock {
        Lock::Passphrase {
            passphrase: text.to_owned().into(),
            work_factor: 4,
        }
    }

    fn by_key_file(seed: u8) -> Lock {
        Lock::KeyFile(HybridIdentity::from_seed(&[seed; 32]).unwrap())
    }

    #[test]
    fn each_lock_opens_what_it_closed_and_nothing_else() {
        let locks = [by_passphrase("correct horse"), by_key_file(1)];
        let wrong = [by_passphrase("correct house"), by_key_file(2)];
        for (at, mine) in locks.iter().enumerate() {
            let vault = lock(b"secret", mine).unwrap();
            assert_eq!(unlock(&vault, mine).unwrap().as_slice(), b"secret");
            assert_eq!(wants_passphrase(&vault).unwrap(), at == 0);
            for other in wrong.iter().chain([&locks[1 - at]]) {
                assert!(unlock(&vault, other).is_err());
            }
        }
    }

    #[test]
    fn a_short_passphrase_is_refused() {
        let refusal = lock(b"secret", &by_passphrase("elevenchars")).unwrap_err();
        assert_eq!(refusal.code(), "seal.passphrase_too_short");
    }

    #[test]
    fn a_vault_that_asks_for_too_much_work_is_refused() {
        let vault = lock(b"secret", &by_passphrase("correct horse")).unwrap();
        let text = String::from_utf8_lossy(&vault);
        let (head, tail) = text.split_once(" 4\n").unwrap();
        let costly = format!("{head} 21\n{tail}");
        let refusal = unlock(costly.as_bytes(), &by_passphrase("correct horse")).unwrap_err();
        assert!(matches!(
            refusal,
            Error::Open(age::DecryptError::ExcessiveWork { .. })
        ));
    }

    #[test]
    fn a_key_file_comes_back() {
        let identity = HybridIdentity::from_seed(&[1; 32]).unwrap();
        let text = Lock::key_file_text(&identity);
        let Lock::KeyFile(again) = Lock::from_key_file(text.as_bytes()).unwrap() else {
            panic!("a key file gives a lock by key file");
        };
        assert_eq!(again.recipient(), identity.recipient());
        let doubled = format!("{}{}", text.as_str(), text.as_str());
        for bad in ["", "# nothing\n", "AGE-SECRET-KEY-PQ-1AAAA", &doubled] {
            assert!(Lock::from_key_file(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_owner_may_use_a_key_file() {
        for good in [0o600, 0o400, 0o100_600] {
            assert!(owner_only(good).is_ok(), "{good:o}");
        }
        for bad in [0o640, 0o604, 0o660, 0o777, 0o601] {
            assert!(
                matches!(owner_only(bad), Err(Error::ModeTooOpen { .. })),
                "{bad:o}"
            );
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!(
            "{:?} {:?}",
            by_passphrase("correct horse"),
            by_key_file(0xab)
        );
        assert!(!shown.contains("horse"), "{shown}");
        assert!(!shown.to_lowercase().contains("age-secret-key"), "{shown}");
    }
}
