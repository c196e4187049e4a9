//! How the vault is opened.

use std::path::PathBuf;

use seal::vault::Lock;
use secrecy::SecretString;

use crate::{
    config::{Config, Unlock},
    folder::{self, Folder, FolderError},
    keys::KeysError,
    node::NodeError,
};

/// What opens the vault, as the configuration says; nothing where a person has to be asked.
pub fn lock_of(config: &Config) -> Result<Option<Lock>, NodeError> {
    let key_file = |path: PathBuf| {
        let bytes = folder::read_private(&path).map_err(KeysError::from)?;
        let lock = Lock::from_key_file(&bytes);
        let lock = lock.map_err(|source| KeysError::from(FolderError::Refused { path, source }))?;
        Ok::<_, NodeError>(Some(lock))
    };
    match &config.unlock {
        Unlock::KeyFile(path) => key_file(path.clone()),
        Unlock::PassphraseFile(path) => {
            let bytes = folder::read_private(path).map_err(KeysError::from)?;
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            Ok(Some(Lock::passphrase(SecretString::from(text))))
        }
        Unlock::Passphrase(token) => {
            let text = token.expose().to_owned();
            Ok(Some(Lock::passphrase(SecretString::from(text))))
        }
        Unlock::Unsaid => {
            let path = Folder::at(&config.data).vault_key();
            if path.is_file() {
                key_file(path)
            } else {
                Ok(None)
            }
        }
    }
}
