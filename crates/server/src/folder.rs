//! The data folder: what lies where, and who may read it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use seal::{
    keys::{Purpose, SignedKeySet},
    vault,
};

/// The longest file of keys that is read.
const KEY_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Key sets of one purpose that a folder holds at most.
const KEY_SETS_MAX: usize = 4096;
const OWNER_FILE: u32 = 0o600;
const OWNER_FOLDER: u32 = 0o700;

/// The data folder of a node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Folder(PathBuf);

/// A file of the data folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system says no.
    #[error("{path} cannot be {what}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// `read`, `written`, `locked`, `removed` or `made`.
        what: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file of keys cannot be read, or others can read it too.
    #[error("{path} is refused", path = path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: seal::Error,
    },
    /// There is a node in the folder already.
    #[error("{path} is there already", path = path.display())]
    Occupied {
        /// The file.
        path: PathBuf,
    },
    /// There is no node in the folder.
    #[error("{path} is not there: the folder holds no node", path = path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl Folder {
    /// The folder at this path, which need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The node's secrets, locked.
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault.age")
    }

    /// The key file that opens the vault, where the operator keeps it here.
    pub fn vault_key(&self) -> PathBuf {
        self.0.join("vault.key")
    }

    /// The signed key sets of this party.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Sealed files and attachments.
    pub fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }

    /// The runs of the program that take jobs: a file each.
    pub fn runs(&self) -> PathBuf {
        self.0.join("runs")
    }

    /// What was made to be taken away: the root key and the archive key.
    pub fn offline(&self) -> PathBuf {
        self.0.join("take-offline")
    }

    /// Makes the folder and those in it, for their owner alone.
    pub fn make(&self) -> Result<(), FolderError> {
        for path in [self.0.clone(), self.keys(), self.blobs()] {
            make_private(&path)?;
        }
        Ok(())
    }

    /// Writes the vault, in place of the one that is there.
    pub fn write_vault(&self, bytes: &[u8]) -> Result<(), FolderError> {
        replace(&self.vault(), bytes)
    }

    /// Reads the vault.
    pub fn read_vault(&self) -> Result<Vec<u8>, FolderError> {
        let path = self.vault();
        if path.is_file() {
            read_private(&path)
        } else {
            Err(FolderError::Empty { path })
        }
    }

    /// The vault of a rotation that is under way.
    fn next_vault(&self) -> PathBuf {
        self.0.join("vault.next.age")
    }

    /// Waits until nobody else changes the vault, and holds it as long as the answer lives.
    pub fn hold_vault(&self) -> Result<File, FolderError> {
        let path = self.0.join("vault.lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(OWNER_FILE)
            .open(&path);
        let file = file.map_err(|source| failed(&path, "written", source))?;
        file.lock()
            .map_err(|source| failed(&path, "locked", source))?;
        Ok(file)
    }

    /// Writes the vault that is to take the place of the one that is there.
    pub fn write_next_vault(&self, bytes: &[u8]) -> Result<(), FolderError> {
        replace(&self.next_vault(), bytes)
    }

    /// Puts that vault in the place of the one that is there, unless that was done already.
    pub fn take_next_vault(&self) -> Result<(), FolderError> {
        let (from, to) = (self.next_vault(), self.vault());
        if !from.is_file() {
            return Ok(());
        }
        fs::rename(from, &to).map_err(|source| failed(&to, "written", source))?;
        sync_folder(&to).map_err(|source| failed(&to, "written", source))
    }

    /// Drops that vault.
    pub fn drop_next_vault(&self) -> Result<(), FolderError> {
        remove(&self.next_vault())
    }

    /// The key sets of a rotation that is under way, one a line: once they are here, it happens.
    fn next_key_sets(&self) -> PathBuf {
        self.0.join("keysets.next")
    }

    /// Whether a rotation is under way, or was cut off.
    pub fn is_rotating(&self) -> bool {
        self.next_vault().exists() || self.next_key_sets().exists()
    }

    /// Writes the key sets that are to be put in place together.
    pub fn write_next_key_sets(&self, sets: &[SignedKeySet]) -> Result<(), FolderError> {
        let lines = sets.iter().map(SignedKeySet::to_bytes);
        replace(
            &self.next_key_sets(),
            &lines.collect::<Vec<_>>().join(&b'\n'),
        )
    }

    /// Reads those key sets; none if no rotation came that far.
    pub fn read_next_key_sets(&self) -> Result<Vec<SignedKeySet>, FolderError> {
        let path = self.next_key_sets();
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let bytes = read_private(&path)?;
        let sets = bytes.split(|byte| *byte == b'\n').map(SignedKeySet::parse);
        let sets: Result<_, _> = sets.collect();
        sets.map_err(|source| FolderError::Refused { path, source })
    }

    /// Drops them, once they are in place.
    pub fn drop_next_key_sets(&self) -> Result<(), FolderError> {
        remove(&self.next_key_sets())
    }

    /// Writes a signed key set of this party under its number.
    pub fn write_key_set(&self, signed: &SignedKeySet) -> Result<PathBuf, FolderError> {
        let set = signed.set();
        let name = format!("{}-{:04}.keyset.json", set.purpose, set.seq);
        let path = self.keys().join(name);
        replace(&path, &signed.to_bytes())?;
        Ok(path)
    }

    /// The signed key sets of this party for one purpose, oldest first.
    pub fn key_sets(&self, purpose: Purpose) -> Result<Vec<SignedKeySet>, FolderError> {
        let sets = read_key_sets(&self.keys())?;
        let mut sets: Vec<_> = sets
            .into_iter()
            .filter(|signed| signed.set().purpose == purpose)
            .collect();
        sets.sort_by_key(|signed| signed.set().seq);
        Ok(sets)
    }
}

/// All `*.keyset.json` files of a folder.
pub fn read_key_sets(folder: &Path) -> Result<Vec<SignedKeySet>, FolderError> {
    let io = |source| FolderError::Io {
        path: folder.to_owned(),
        what: "read",
        source,
    };
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)?.take(KEY_SETS_MAX) {
        let path = entry.map_err(io)?.path();
        let named = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.ends_with(".keyset.json"));
        if named {
            let bytes = read(&path)?;
            let signed = SignedKeySet::parse(&bytes);
            sets.push(signed.map_err(|source| FolderError::Refused { path, source })?);
        }
    }
    Ok(sets)
}

/// Makes a folder for its owner alone, with those above it.
pub fn make_private(path: &Path) -> Result<(), FolderError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(OWNER_FOLDER)
        .create(path)
        .map_err(|source| failed(path, "made", source))
}

/// Reads a file of keys, and refuses one that others can read too.
pub fn read_private(path: &Path) -> Result<Vec<u8>, FolderError> {
    let about = fs::metadata(path).map_err(|source| failed(path, "read", source))?;
    vault::owner_only(about.permissions().mode()).map_err(|source| FolderError::Refused {
        path: path.to_owned(),
        source,
    })?;
    read(path)
}

/// Writes a new file for its owner alone. One that is there already stays as it is.
pub fn write_new_private(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_FILE)
        .open(path);
    let file = file.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => FolderError::Occupied {
            path: path.to_owned(),
        },
        _ => failed(path, "written", source),
    })?;
    write_all(file, bytes).map_err(|source| failed(path, "written", source))
}

fn read(path: &Path) -> Result<Vec<u8>, FolderError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(KEY_FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|source| failed(path, "read", source))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= KEY_FILE_BYTES_MAX) {
        Ok(bytes)
    } else {
        Err(failed(path, "read", io::ErrorKind::FileTooLarge.into()))
    }
}

/// Writes beside, makes it durable, and moves it into place, so that a file is there or is not.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let written = |source| failed(path, "written", source);
    let beside = path.with_extension("new");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(OWNER_FILE)
        .open(&beside)
        .map_err(written)?;
    write_all(file, bytes).map_err(written)?;
    fs::rename(&beside, path).map_err(written)?;
    sync_folder(path).map_err(written)
}

/// Removes a file, unless it is gone already.
fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(failed(path, "removed", source))
        }
        _gone => Ok(()),
    }
}

/// Makes durable that a file has its name.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn write_all(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> FolderError {
    FolderError::Io {
        path: path.to_owned(),
        what,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_that_others_can_read_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = Folder::at(scratch.path().join("node"));
        folder.make().unwrap();
        folder.write_vault(b"sealed").unwrap();
        assert_eq!(folder.read_vault().unwrap(), b"sealed");
        fs::set_permissions(folder.vault(), fs::Permissions::from_mode(0o644)).unwrap();
        let refused = folder.read_vault().unwrap_err();
        assert!(matches!(refused, FolderError::Refused { .. }), "{refused}");
    }

    #[test]
    fn what_is_there_is_not_written_over() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("root.secret");
        write_new_private(&path, b"one").unwrap();
        let refused = write_new_private(&path, b"two").unwrap_err();
        assert!(matches!(refused, FolderError::Occupied { .. }), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }
}
