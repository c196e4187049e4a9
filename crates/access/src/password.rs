//! Passwords at rest: Argon2id (RFC 9106), in the PHC string format, so that each hash names its
//! parameters.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use audit::Ground;
use kernel::random_array;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{Error, model::Password};

/// 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet): a tenth of a second on a small
/// machine, and two at once fit into its memory.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;

/// Hashing takes memory and a core: whoever wants more of it waits in line.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What the password of a user who is not there is compared with, so that it takes as long.
static NOBODY: LazyLock<Option<String>> =
    LazyLock::new(|| digest(b"nobody has this", &[0; 16]).ok());

/// The stored form of a password.
pub(crate) async fn hash(ground: &Ground, password: Password) -> Result<String, Error> {
    let salt: [u8; 16] = random_array(&*ground.rng);
    in_line(move || digest(password.as_bytes(), &salt)).await?
}

/// True if the password fits the stored form. Without a stored form it takes as long and is false.
pub(crate) async fn fits(stored: Option<String>, password: Password) -> Result<bool, Error> {
    in_line(move || {
        let known = stored.is_some();
        let Some(against) = stored.as_ref().or(NOBODY.as_ref()) else {
            return false;
        };
        let fits = argon2().is_ok_and(|argon2| {
            argon2
                .verify_password(password.as_bytes(), against.as_str())
                .is_ok()
        });
        fits && known
    })
    .await
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES))
        .map_err(|error| Error::Hashing(error.to_string().into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn digest(password: &[u8], salt: &[u8]) -> Result<String, Error> {
    argon2()?
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Hashing(error.to_string().into()))
}

async fn in_line<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _place = HASHING
        .acquire()
        .await
        .map_err(|error| Error::Hashing(error.into()))?;
    spawn_blocking(work)
        .await
        .map_err(|error| Error::Hashing(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_its_parameters() {
        let stored = digest(b"a sentence that is long", &[7; 16]).unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let stored = digest(b"a sentence that is long", &[7; 16]).unwrap();
        let typed = |text: &str| Password::typed(text.into());
        let fits = |text: &'static str| fits(Some(stored.clone()), typed(text));
        assert!(fits("a sentence that is long").await.unwrap());
        assert!(!fits("a sentence that is lonG").await.unwrap());
        assert!(!super::fits(None, typed("nobody has this")).await.unwrap());
    }
}
