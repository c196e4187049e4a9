//! Bytes that come in: hashed as they come, sealed piece by piece, an item only when all are here.

use access::policy::Act;
use federation::{error::Error as FederationError, files::blocking};
use kernel::{EvidenceRef, IncidentRef, Viewer, boxed};
use seal::{Digest, data::DataKey};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use zeroize::Zeroizing;

use super::{Said, key_place, piece_place, record, remove_files, sees};
use crate::{
    error::{Error, EvidenceFault},
    evidence::{
        Locker,
        jobs::{FORGET, ForgetJob},
        model::{Deed, Facts, ITEM_BYTES_MAX, ITEMS_MAX, Item},
        store,
    },
    model::Invalid,
    ops::load,
};

/// How many bytes a piece has: what an upload holds in memory, whatever comes.
const PIECE_BYTES: usize = 8 << 20;
/// When an upload that did not end is forgotten. No request takes longer.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(12);

/// An item whose bytes are coming. Dropped before [`Upload::finish`] it leaves no bytes behind.
pub struct Upload {
    locker: Locker,
    viewer: Viewer,
    at: (IncidentRef, EvidenceRef),
    key: DataKey,
    sealed_key: Vec<u8>,
    hash: Sha256,
    size: u64,
    waiting: Zeroizing<Vec<u8>>,
    written: Vec<Digest>,
    kept: bool,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("at", &self.at)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Makes room for an item whose bytes then come by [`Upload::piece`].
#[boxed]
pub async fn begin(
    locker: &Locker,
    viewer: &Viewer,
    public: IncidentRef,
    facts: &Facts,
) -> Result<Upload, Error> {
    let ground = &locker.ground;
    let id = EvidenceRef::random(&*ground.rng);
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    if !sees(viewer, Act::IncidentEdit, &incident, facts.tlp) {
        return Err(Invalid {
            field: "tlp",
            rule: "a label under which you still may read it",
        }
        .into());
    }
    let there = store::count(&mut tx, incident.id).await?;
    if usize::try_from(there).unwrap_or(usize::MAX) >= ITEMS_MAX {
        return Err(Error::TooMany {
            what: "pieces of evidence",
            max: ITEMS_MAX,
        });
    }
    let (by, now) = (viewer.label(), ground.now());
    store::begin(&mut tx, (incident.id, id), facts, (&by, now)).await?;
    let job = ForgetJob { id };
    let forgotten = now.plus(FORGOTTEN_AFTER);
    ground.enqueue(&mut tx, FORGET, &job, forgotten).await?;
    tx.commit().await?;
    let mut key = Zeroizing::new([0; 32]);
    ground.rng.fill(&mut *key);
    let mut entropy = |bytes: &mut [u8]| ground.rng.fill(bytes);
    let sealed_key = locker.data_key.seal(&*key, &key_place(id), &mut entropy);
    Ok(Upload {
        locker: locker.clone(),
        viewer: viewer.clone(),
        at: (public, id),
        key: DataKey::from_bytes(key),
        sealed_key,
        hash: Sha256::new(),
        size: 0,
        waiting: Zeroizing::new(Vec::with_capacity(PIECE_BYTES)),
        written: Vec::new(),
        kept: false,
    })
}

impl Upload {
    /// The bytes that come next, however many.
    pub async fn piece(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(more);
        if self.size > ITEM_BYTES_MAX {
            return Err(EvidenceFault::TooLarge.into());
        }
        self.hash.update(bytes);
        while !bytes.is_empty() {
            let room = PIECE_BYTES.saturating_sub(self.waiting.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
            if self.waiting.len() >= PIECE_BYTES {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Seals and keeps what waits. The database knows of the file before it is there, so that whatever
    /// ends this leaves nothing that nobody knows of.
    async fn flush(&mut self) -> Result<(), Error> {
        let ordinal = i64::try_from(self.written.len()).unwrap_or(i64::MAX);
        let rng = &self.locker.ground.rng;
        let mut entropy = |bytes: &mut [u8]| rng.fill(bytes);
        let place = piece_place(self.at.1, ordinal);
        let sealed = self.key.seal(&self.waiting, &place, &mut entropy);
        self.waiting.clear();
        let file = Digest::of(&sealed);
        let mut tx = self.locker.ground.db.begin().await?;
        store::add_piece(&mut tx, self.at.1, (ordinal, &file)).await?;
        tx.commit().await?;
        self.written.push(file);
        let files = self.locker.files.clone();
        blocking(move || {
            let put = files.put(&file, &sealed);
            put.map_err(|error| Error::from(FederationError::from(error)))
        })
        .await
    }

    /// All bytes are here: they become an item, unless their SHA-256 is another than was announced.
    pub async fn finish(mut self, announced: Option<[u8; 32]>) -> Result<Item, Error> {
        self.end(announced).await
    }

    #[boxed]
    async fn end(&mut self, announced: Option<[u8; 32]>) -> Result<Item, Error> {
        if self.size == 0 {
            return Err(Invalid {
                field: "file",
                rule: "holds at least one byte",
            }
            .into());
        }
        if !self.waiting.is_empty() {
            self.flush().await?;
        }
        let sha256: [u8; 32] = std::mem::take(&mut self.hash).finalize().into();
        if announced.is_some_and(|announced| announced != sha256) {
            return Err(EvidenceFault::Differs.into());
        }
        let (public, id) = self.at;
        let ground = &self.locker.ground;
        let mut tx = ground.db.begin().await?;
        // Whoever lost his rights meanwhile has brought nothing.
        let incident = load(&mut tx, &self.viewer, Act::IncidentEdit, public).await?;
        let at = (incident.id, id);
        // Two that end at once take two numbers.
        crate::store::work::stir(&mut tx, incident.id, ground.now()).await?;
        let what = (self.size, &sha256, self.sealed_key.as_slice());
        if !store::complete(&mut tx, at, what, ground.now()).await? {
            return Err(EvidenceFault::BrokenOff.into());
        }
        let deed = (Deed::Put, Said::default());
        record(&mut tx, ground, &self.viewer, self.at, deed).await?;
        let item = store::item(&mut tx, incident.id, id).await?;
        // From here on the database decides: what it does not keep, the job removes.
        self.kept = true;
        tx.commit().await?;
        Ok(item.ok_or(EvidenceFault::NotFound)?)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for file in &self.written {
            if let Err(error) = self.locker.files.remove(file) {
                tracing::warn!("a piece of an upload that broke off stays for now: {error}");
            }
        }
    }
}

/// Forgets an item whose bytes did not all come, and removes those that did.
#[boxed]
pub(crate) async fn forget(locker: &Locker, id: EvidenceRef) -> Result<(), Error> {
    let mut tx = locker.ground.db.begin().await?;
    let files = store::pieces(&mut tx, id).await?;
    if !store::forget(&mut tx, id).await? {
        return Ok(());
    }
    // Before the commit: if the files cannot be removed, the job comes again and still knows them.
    remove_files(locker, files).await?;
    tx.commit().await?;
    Ok(())
}
