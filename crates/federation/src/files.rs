//! Sealed files on disk, by their digest: a folder that only grows by whole, synced files.
//!
//! A file that is still coming stands under `coming/` and can be gone on with where it stopped. It
//! gets its name only when its size and digest are right and it was synced; then the folder is
//! synced too. So a file that has its name is whole, and stays so when the power goes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use kernel::{Mode, Rng};
use seal::{HybridRecipient, file::Opener};
use sha2::{Digest as _, Sha256};

use crate::{
    body::Attachment,
    compose::{SealAttachmentError, SealedAttachment, seal_attachment},
    error::Error,
    model::{Digest, SEALED_BYTES_MAX},
    own::OwnKeys,
};

/// Does work that computes or waits for the disk, beside the threads that serve.
pub async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_stopped| Error::Stopping)?
}

/// The folder of a node's sealed files.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

/// Why a file cannot be taken or given.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A larger file than any message has.
    #[error("a sealed file has at most {SEALED_BYTES_MAX} bytes")]
    TooLarge,
    /// The piece does not begin where the file stopped.
    #[error("the piece begins at byte {found}, the file has {held} bytes so far")]
    Offset {
        /// Where the piece begins.
        found: u64,
        /// How much is there.
        held: u64,
    },
    /// The file is complete and its digest is another one. What was there is discarded.
    #[error("the file is complete and has another digest")]
    Differs,
    /// The disk is full.
    #[error("no space is left for files")]
    Full(#[source] io::Error),
    /// Reading or writing failed.
    #[error("a file cannot be read or written")]
    Io(#[source] io::Error),
}

/// Why a sealed file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not here.
    #[error("the sealed file is not here")]
    Missing,
    /// Reading failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// None of this node's identities opens it.
    #[error("the sealed file cannot be opened")]
    Seal(#[from] seal::Error),
}

impl From<io::Error> for FilesError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(error),
            _ => Self::Io(error),
        }
    }
}

impl Files {
    /// The files in this folder, which is made if it is not there.
    pub fn open(folder: PathBuf) -> Result<Self, FilesError> {
        fs::create_dir_all(folder.join("coming"))?;
        Ok(Self { folder })
    }

    /// Where a file is or will be.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let (drawer, _rest) = name.split_at_checked(2).unwrap_or(("", ""));
        self.folder.join(drawer).join(format!("{name}.age"))
    }

    /// Whether the whole file is there.
    pub fn has(&self, digest: &Digest) -> bool {
        self.path(digest).is_file()
    }

    /// How much of a file of `size` bytes has come so far; all of it if it is whole. One that came
    /// to its end when the process did gets its name now, and one that is not what it should be is
    /// discarded: otherwise nobody would bring what seems to be here, and it would never be whole.
    pub fn held(&self, digest: &Digest, size: u64) -> Result<u64, FilesError> {
        if self.has(digest) {
            return Ok(size);
        }
        let path = self.coming(digest);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        file.lock()?;
        let held = file.metadata()?.len();
        if held < size {
            return Ok(held);
        }
        match self.end(digest, (&path, &file), held == size) {
            Ok(()) => Ok(size),
            Err(FilesError::Differs) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Opens a whole file for reading.
    pub fn read(&self, digest: &Digest) -> Result<Option<File>, FilesError> {
        match File::open(self.path(digest)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a sealed file with any of this node's identities.
    pub fn opener(
        &self,
        keys: &OwnKeys,
        mode: Mode,
        digest: &Digest,
    ) -> Result<Opener<File>, OpenError> {
        let mut failed = OpenError::Missing;
        for identity in keys.of(mode).identities() {
            let file = self.read(digest)?.ok_or(OpenError::Missing)?;
            match Opener::message(file, identity) {
                Ok(opener) => return Ok(opener),
                Err(error) => failed = error.into(),
            }
        }
        Err(failed)
    }

    /// Seals everything of `input` to a recipient and an archive, into a file that gets its name when
    /// it is whole. `name` is what it is called until then; nothing stays of what cannot be sealed.
    pub fn seal(
        &self,
        name: &str,
        (named, input): (Attachment, impl Read),
        to: (&HybridRecipient, &HybridRecipient),
        rng: &dyn Rng,
    ) -> Result<SealedAttachment, SealAttachmentError> {
        let (path, out) = self.begin(name)?;
        let sealed = seal_attachment(named, input, &out, to, rng).and_then(|sealed| {
            self.keep(&sealed.file.sha256, &path, &out)?;
            Ok(sealed)
        });
        if sealed.is_err()
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::debug!("what was begun stays: {error}");
        }
        sealed
    }

    /// Puts a whole file there.
    pub fn put(&self, digest: &Digest, bytes: &[u8]) -> Result<(), FilesError> {
        if self.has(digest) {
            return Ok(());
        }
        let mut fresh = tempname(&self.folder, digest)?;
        fresh.1.write_all(bytes)?;
        self.keep(digest, &fresh.0, &fresh.1)
    }

    /// Takes the next piece of a file of `size` bytes, which begins at byte `offset`. True if the
    /// file is whole now.
    pub fn take(
        &self,
        digest: &Digest,
        size: u64,
        offset: u64,
        piece: &[u8],
    ) -> Result<bool, FilesError> {
        if self.has(digest) {
            return Ok(true);
        }
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let end = offset.checked_add(length).ok_or(FilesError::TooLarge)?;
        if size > SEALED_BYTES_MAX || end > size {
            return Err(FilesError::TooLarge);
        }
        let path = self.coming(digest);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)?;
        // The same piece can come twice at once.
        file.lock()?;
        if self.has(digest) {
            // Whoever was first has named it; nothing more is coming.
            drop(fs::remove_file(&path));
            return Ok(true);
        }
        let held = file.seek(SeekFrom::End(0))?;
        if held != offset {
            return Err(FilesError::Offset {
                found: offset,
                held,
            });
        }
        file.write_all(piece)?;
        if end == size {
            self.end(digest, (&path, &file), true)?;
        }
        Ok(end == size)
    }

    /// Gives a file that has come to its end its name, or discards it. Whoever calls holds its lock.
    fn end(
        &self,
        digest: &Digest,
        (path, file): (&Path, &File),
        sized: bool,
    ) -> Result<(), FilesError> {
        if self.has(digest) {
            return Ok(());
        }
        if sized && digest_of(path)? == *digest {
            return self.keep(digest, path, file);
        }
        fs::remove_file(path)?;
        Err(FilesError::Differs)
    }

    /// Makes a place to write a sealed file whose digest is not known yet.
    pub fn begin(&self, name: &str) -> Result<(PathBuf, File), FilesError> {
        let path = self.folder.join("coming").join(format!("{name}.new"));
        let file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(&path)?;
        Ok((path, file))
    }

    /// Syncs a written file and gives it its name.
    pub fn keep(&self, digest: &Digest, path: &Path, file: &File) -> Result<(), FilesError> {
        file.sync_all()?;
        let target = self.path(digest);
        if let Some(shelf) = target.parent() {
            let fresh = !shelf.is_dir();
            fs::create_dir_all(shelf)?;
            fs::rename(path, &target)?;
            sync_folder(shelf)?;
            if fresh {
                sync_folder(&self.folder)?;
            }
        }
        Ok(())
    }

    /// Removes a file. Its digest stays in the headers that name it.
    pub fn remove(&self, digest: &Digest) -> Result<(), FilesError> {
        match fs::remove_file(self.path(digest)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn coming(&self, digest: &Digest) -> PathBuf {
        self.folder.join("coming").join(digest.to_string())
    }
}

fn tempname(folder: &Path, digest: &Digest) -> Result<(PathBuf, File), FilesError> {
    let path = folder.join("coming").join(format!("{digest}.whole"));
    let file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)?;
    Ok((path, file))
}

fn sync_folder(folder: &Path) -> Result<(), FilesError> {
    Ok(File::open(folder)?.sync_all()?)
}

fn digest_of(path: &Path) -> Result<Digest, FilesError> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let piece = buffer.get(..count).unwrap_or_default();
        if piece.is_empty() {
            return Ok(Digest::from_bytes(hash.finalize().into()));
        }
        hash.update(piece);
    }
}

#[cfg(test)]
mod tests;
