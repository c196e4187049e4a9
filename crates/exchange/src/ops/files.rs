//! Files: put before a message is sent, sealed to its addressee when it is, read on either side.
//!
//! A file that is put is sealed for this node and its archive; nothing of it lies on the disk in the
//! clear. When a message takes it along, it is sealed once more, to the addressee, and the first
//! sealed file stays as the copy that this node can open.

use std::{
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

use access::policy::{Act, check_house};
use db::Tx;
use federation::{
    body::Attachment,
    compose::{SealAttachmentError, SealedAttachment},
    error::Error as FederationError,
    files::{OpenError, blocking},
    own::OwnKeys,
};
use kernel::{FileId, MessageId, Mode, PartyCode, Viewer, boxed};
use seal::{Digest, HybridRecipient};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncRead;
use tokio_util::io::SyncIoBridge;

use super::{load, read::attachments, sealed, unpack};
use crate::{
    Exchange,
    error::Error,
    jobs::{self, DropJob},
    model::{FILE_BYTES_MAX, FileInfo, FileState},
    record,
    store::file::{self, KeptFile},
};

/// How long a file may wait for its message.
const UNSENT_MAX: Duration = Duration::from_hours(24);

/// A reader of a plaintext. It reads from the disk, so it belongs into a blocking task.
pub type Plaintext = Box<dyn Read + Send>;

/// Puts a file of at most [`FILE_BYTES_MAX`] bytes, for a message that this person sends within a
/// day.
pub async fn put_file(
    x: &Exchange,
    viewer: &Viewer,
    named: Attachment,
    input: impl AsyncRead + Send + Unpin + 'static,
) -> Result<FileInfo, Error> {
    check_house(viewer, Act::ExchangeCompose)?;
    named
        .check()
        .map_err(|problem| Error::BadFile { problem })?;
    let id = FileId::random(x.ground.rng.as_ref());
    let sealed_name = sealed::seal_name((&x.data_key, x.ground.rng.as_ref()), id, &named);
    let (files, keys, rng) = (
        x.post.files().clone(),
        x.post.keys(),
        Arc::clone(&x.ground.rng),
    );
    let (mode, name) = (viewer.mode, named.clone());
    let mut meter = Meter::new(SyncIoBridge::new(input));
    let work = move || {
        let recipients = (own_recipient(&keys, mode), archive(&keys, mode));
        let to = (&recipients.0, &recipients.1);
        let sealed = files.seal(&id.to_string(), (name, &mut meter), to, rng.as_ref());
        match (sealed, meter.over) {
            (_, true) => Err(Error::TooLarge),
            (Ok(sealed), false) => Ok((sealed, meter.bytes, meter.digest())),
            (Err(error), false) => Err(error.into()),
        }
    };
    let (sealed, size, sha256) = blocking(work).await?;
    let kept = KeptFile {
        id,
        exercise: viewer.mode.is_exercise(),
        of: None,
        owner: viewer.user(),
        named: Some(sealed_name),
        size: Some(size),
        sha256: Some(sha256),
        blob: sealed.file.sha256,
        travels: None,
        state: FileState::Good,
        created_at: x.ground.now(),
    };
    let mut tx = x.ground.db.begin().await?;
    file::insert(&mut tx, &kept).await?;
    let drop_at = x.ground.now().plus(UNSENT_MAX);
    x.ground
        .enqueue(&mut tx, jobs::DROP_UNSENT, &DropJob { id }, drop_at)
        .await?;
    record::file_put(&mut tx, &x.ground, viewer, (id, sha256, size)).await?;
    tx.commit().await?;
    Ok(info(&kept, &named))
}

/// The plaintext of a file of a message. It is what its sender committed to; a file that is not is
/// refused. The look is recorded.
#[boxed]
pub async fn read_file(
    x: &Exchange,
    viewer: &Viewer,
    id: MessageId,
    number: u32,
) -> Result<(FileInfo, Plaintext), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let kept = load(&mut tx, viewer, Act::ExchangeRead, id).await?;
    if kept.gone_at.is_some() && !kept.ours {
        return Err(Error::Withdrawn);
    }
    drop(tx);
    unpack::unpack_message(x, &kept).await?;
    let mut tx = x.ground.db.begin().await?;
    let named = attachments(x, &mut tx, &kept).await?;
    let at = (&kept.place.party, kept.place.mode());
    let rows = file::of_message(&mut tx, at, id).await?;
    let place = rows
        .into_iter()
        .zip(named)
        .find(|(row, _)| matches!(&row.of, Some((_, _, found)) if *found == number));
    let (row, named) = place.ok_or(Error::NoFile)?;
    if row.state == FileState::Damaged {
        return Err(Error::Damaged);
    }
    record::file_read(&mut tx, &x.ground, viewer, (id, number)).await?;
    tx.commit().await?;
    let (files, keys) = (x.post.files().clone(), x.post.keys());
    let mode = viewer.mode;
    let blob = row.blob;
    let reader = blocking(move || Ok::<_, Error>(files.opener(&keys, mode, &blob)?)).await?;
    let plaintext: Plaintext = Box::new(reader);
    Ok((info(&row, &named), plaintext))
}

/// Drops a file that was put and never sent.
#[boxed]
pub async fn drop_unsent(x: &Exchange, id: FileId) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    if let Some(blob) = file::drop_unsent(&mut tx, id).await? {
        x.post
            .files()
            .remove(&blob)
            .map_err(FederationError::from)?;
        tx.commit().await?;
    }
    Ok(())
}

/// Files that were put, as a preview shows them.
pub(super) async fn infos_of_put(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    ids: &[FileId],
) -> Result<Vec<FileInfo>, Error> {
    let mut infos = Vec::with_capacity(ids.len());
    for id in ids {
        let (kept, named) = put_by(x, tx, viewer, *id).await?;
        infos.push(info(&kept, &named));
    }
    Ok(infos)
}

/// A file that this person put and that is not sent yet.
async fn put_by(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    id: FileId,
) -> Result<(KeptFile, Attachment), Error> {
    let found = file::find(tx, id).await?;
    let kept = found
        .filter(|kept| {
            kept.of.is_none()
                && kept.exercise == viewer.mode.is_exercise()
                && kept.owner == viewer.user()
        })
        .ok_or(Error::NoFile)?;
    let sealed = kept.named.as_deref().ok_or(Error::NoFile)?;
    let named = sealed::open_name(&x.data_key, id, sealed)?;
    Ok((kept, named))
}

/// Files sealed to an addressee.
pub(super) struct Sealed {
    pub(super) files: Vec<(FileId, SealedAttachment)>,
}

impl Sealed {
    /// Removes what was sealed for a message that was not made.
    pub(super) async fn discard(self, x: &Exchange) {
        let files = x.post.files().clone();
        let work = move || {
            for (_, sealed) in &self.files {
                files
                    .remove(&sealed.file.sha256)
                    .map_err(FederationError::from)?;
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = blocking(work).await {
            tracing::warn!("a sealed file of no message stays: {error}");
        }
    }
}

/// Seals files that were put to the addressee of a message.
pub(super) async fn seal_for(
    x: &Exchange,
    viewer: &Viewer,
    to: &PartyCode,
    ids: &[FileId],
) -> Result<Sealed, Error> {
    if ids.is_empty() {
        return Ok(Sealed { files: Vec::new() });
    }
    let mode = viewer.mode;
    let mut tx = x.ground.db.begin_read().await?;
    let mut put = Vec::with_capacity(ids.len());
    for id in ids {
        put.push(put_by(x, &mut tx, viewer, *id).await?);
    }
    drop(tx);
    let peer = x.post.known(to, mode)?;
    let (files, keys, rng) = (
        x.post.files().clone(),
        x.post.keys(),
        Arc::clone(&x.ground.rng),
    );
    let work = move || {
        let archive = archive(&keys, mode);
        let recipient = &peer.chain.latest().set().age_recipient;
        let mut sealed = Vec::with_capacity(put.len());
        for (kept, named) in put {
            let plain = files.opener(&keys, mode, &kept.blob)?;
            let name = FileId::random(rng.as_ref()).to_string();
            let to = (recipient, &archive);
            let one = files.seal(&name, (named, plain), to, rng.as_ref())?;
            sealed.push((kept.id, one));
        }
        Ok(Sealed { files: sealed })
    };
    blocking(work).await
}

/// What a list shows of a file.
pub(super) fn info(kept: &KeptFile, named: &Attachment) -> FileInfo {
    FileInfo {
        id: kept.id,
        number: kept.of.as_ref().map_or(0, |(_, _, number)| *number),
        name: named.name.clone(),
        media_type: named.media_type.clone(),
        size: kept.size,
        sha256: kept.sha256,
        state: kept.state,
    }
}

fn own_recipient(keys: &OwnKeys, mode: Mode) -> HybridRecipient {
    keys.of(mode).identity.recipient()
}

fn archive(keys: &OwnKeys, mode: Mode) -> HybridRecipient {
    keys.chain(mode).latest().set().archive_recipient.clone()
}

impl From<SealAttachmentError> for Error {
    fn from(error: SealAttachmentError) -> Self {
        match error {
            SealAttachmentError::Read(error) => Self::Io(error),
            SealAttachmentError::Files(error) => Self::Federation(error.into()),
            SealAttachmentError::Seal(error) => Self::Seal(error),
        }
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Missing => Self::NoFile,
            OpenError::Files(error) => Self::Federation(error.into()),
            OpenError::Seal(error) => Self::Seal(error),
        }
    }
}

/// Counts and hashes what goes through, up to the limit.
pub(super) struct Meter<R> {
    inner: R,
    hash: Sha256,
    pub(super) bytes: u64,
    pub(super) over: bool,
}

impl<R: Read> Meter<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
            over: false,
        }
    }

    pub(super) fn digest(self) -> Digest {
        self.into_parts().1
    }

    /// What was read from, and the digest of what was read.
    pub(super) fn into_parts(self) -> (R, Digest) {
        let digest = Digest::from_bytes(self.hash.finalize().into());
        (self.inner, digest)
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let piece = buffer.get(..count).unwrap_or_default();
        self.hash.update(piece);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.bytes > FILE_BYTES_MAX {
            self.over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(count)
    }
}
