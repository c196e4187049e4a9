//! What is done with sealed files off the way of a message: looked into, and removed.

use std::io::{Read, copy, sink};

use db::{DbError, Tx};
use federation::{
    error::Error as FederationError,
    files::{Files, OpenError, blocking},
    model::Header,
    own::OwnKeys,
};
use kernel::Mode;
use seal::{
    Digest,
    commitment::{Committer, Salt},
    dsse::Envelope,
};

use super::{
    files::Meter,
    sealed::{self, Part},
};
use crate::{
    Exchange,
    error::Error,
    jobs::{RemoveJob, UnpackJob},
    model::FileState,
    store::{
        file,
        message::{self, Kept},
    },
};

/// Opens the files of a received message and holds them against what its sender committed to.
pub(crate) async fn unpack(x: &Exchange, job: UnpackJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let found = message::find_of(&mut tx, (&job.party, job.mode), job.id).await?;
    drop(tx);
    match found {
        Some(kept) => unpack_message(x, &kept).await,
        None => Ok(()),
    }
}

/// What is to be opened: a file, its salt and its commitment.
struct Look {
    id: kernel::FileId,
    blob: Digest,
    salt: Salt,
    commitment: Digest,
}

pub(super) async fn unpack_message(x: &Exchange, kept: &Kept) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let at = (&kept.place.party, kept.place.mode());
    let mut rows = file::of_message(&mut tx, at, kept.id).await?;
    rows.retain(|row| row.state == FileState::Unread);
    if rows.is_empty() {
        return Ok(());
    }
    let sealed_body = message::body(&mut tx, &kept.place, kept.id).await?;
    drop(tx);
    let Some(sealed_body) = sealed_body else {
        return Ok(());
    };
    let of = (&kept.place.party, kept.id);
    let plaintext = sealed::open(&x.data_key, Part::Body, of, &sealed_body)?;
    let (_, body) = sealed::read_body(kept.said.kind, &plaintext)?;
    let looks = looks(&rows, &kept.header, &body.salts);
    let (files, keys, mode) = (x.post.files().clone(), x.post.keys(), kept.place.mode());
    let seen = blocking(move || {
        let mut seen = Vec::with_capacity(looks.len());
        for look in looks {
            seen.push((look.id, look_into(&files, &keys, mode, &look)?));
        }
        Ok::<_, Error>(seen)
    })
    .await?;
    let mut tx = x.ground.db.begin().await?;
    for (id, found) in seen {
        let (state, size, sha256) = match found {
            Some((size, sha256)) => (FileState::Good, Some(size), Some(sha256)),
            None => (FileState::Damaged, None, None),
        };
        file::set_opened(&mut tx, id, state, (size, sha256)).await?;
    }
    tx.wake();
    tx.commit().await?;
    Ok(())
}

fn looks(rows: &[file::KeptFile], header: &Header, salts: &[Salt]) -> Vec<Look> {
    let look = |row: &file::KeptFile| {
        let (_, _, number) = row.of.as_ref()?;
        // The body comes first in both lists, so the numbers of files are their places.
        let place = usize::try_from(*number).ok()?;
        Some(Look {
            id: row.id,
            blob: row.blob,
            salt: *salts.get(place)?,
            commitment: header.sealed.get(place)?.commitment,
        })
    };
    rows.iter().filter_map(look).collect()
}

/// Size and digest of a plaintext that is what was committed to; nothing of one that is not.
fn look_into(
    files: &Files,
    keys: &OwnKeys,
    mode: Mode,
    look: &Look,
) -> Result<Option<(u64, Digest)>, Error> {
    let opened = match files.opener(keys, mode, &look.blob) {
        Ok(opened) => opened,
        Err(OpenError::Seal(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let committer = Committer::new(&look.salt);
    let mut meter = Meter::new(Committing {
        inner: opened,
        committer,
    });
    if copy(&mut meter, &mut sink()).is_err() {
        return Ok(None);
    }
    let bytes = meter.bytes;
    let (committing, sha256) = meter.into_parts();
    let same = committing.committer.finish() == look.commitment;
    Ok(same.then_some((bytes, sha256)))
}

/// Commits to what goes through.
struct Committing<R> {
    inner: R,
    committer: Committer,
}

impl<R: Read> Read for Committing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.committer
            .update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Whether a message of this room has that sealed file: what another room does not need any more
/// stays for it then.
pub async fn is_used_in(tx: &mut Tx, blob: &Digest) -> Result<bool, DbError> {
    file::is_used(tx, blob).await
}

/// Removes the sealed bytes of a message that was taken back: its files, and the body beside its
/// header. What is left of the envelope verifies as before.
pub(crate) async fn remove_blobs(x: &Exchange, job: RemoveJob) -> Result<(), Error> {
    let at = (&job.party, job.mode);
    let mut tx = x.ground.db.begin().await?;
    if let Some(bytes) = federation::store::envelope_in(&mut tx, at, job.id).await? {
        let bare = Envelope::parse(&bytes)?.without_sealed().to_bytes();
        federation::store::put_envelope_in(&mut tx, at, job.id, &bare).await?;
    }
    let mut blobs = Vec::with_capacity(job.blobs.len());
    for blob in job.blobs {
        // Another message may have brought the same file.
        if !file::is_used(&mut tx, &blob).await? {
            blobs.push(blob);
        }
    }
    tx.commit().await?;
    let files = x.post.files().clone();
    blocking(move || {
        for blob in &blobs {
            files.remove(blob).map_err(FederationError::from)?;
        }
        Ok(())
    })
    .await
}
