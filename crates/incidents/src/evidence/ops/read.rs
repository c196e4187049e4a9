//! Looking at evidence, and taking copies of it.

use std::{pin::Pin, sync::Arc};

use access::policy::Act;
use db::Tx;
use federation::{error::Error as FederationError, files::blocking};
use futures_util::{Stream, stream};
use kernel::{EvidenceRef, IncidentRef, Viewer, boxed};
use seal::{Digest, data::DataKey};
use std::io::Read;

use super::{Said, find, here, hold, key_of, piece_place, record, sees};
use crate::{
    error::{Error, EvidenceFault},
    evidence::{
        Locker,
        model::{Deed, Entry, Item, Reason, State},
        store,
    },
    model::Incident,
    ops::load,
};

/// The bytes of an item, piece by piece. Each is known to be what was sealed.
pub type Bytes = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Error>> + Send>>;

/// The items of an incident that the viewer may know of.
#[boxed]
pub async fn list(
    locker: &Locker,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Vec<Item>, Error> {
    let mut tx = locker.ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::CaseRead, public).await?;
    visible(&mut tx, viewer, &incident).await
}

/// The items of an incident that the viewer may know of, in a transaction that asked for the incident.
pub(crate) async fn visible(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Vec<Item>, Error> {
    let mut items = store::items(tx, incident.id).await?;
    items.retain(|item| sees(viewer, Act::CaseRead, incident, item.facts.tlp));
    Ok(items)
}

/// An item with its custody. The look is a line of it.
#[boxed]
pub async fn view(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
) -> Result<(Item, Vec<Entry>), Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::CaseRead, at).await?;
    let deed = (Deed::Viewed, Said::default());
    record(&mut tx, &locker.ground, viewer, at, deed).await?;
    let lines = store::lines(&mut tx, item.id).await?;
    tx.commit().await?;
    Ok((item, lines))
}

/// The items of an incident that the viewer may know of, each with its custody. The look is a line of
/// each.
#[boxed]
pub async fn view_all(
    locker: &Locker,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Vec<(Item, Vec<Entry>)>, Error> {
    let mut tx = locker.ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::CaseRead, public).await?;
    let mut all = Vec::new();
    for item in visible(&mut tx, viewer, &incident).await? {
        let (at, deed) = ((public, item.id), (Deed::Viewed, Said::default()));
        record(&mut tx, &locker.ground, viewer, at, deed).await?;
        let lines = store::lines(&mut tx, item.id).await?;
        all.push((item, lines));
    }
    tx.commit().await?;
    Ok(all)
}

/// The bytes of an item, for whoever says why. That a copy was asked for is written down before the
/// first of them goes out.
#[boxed]
pub async fn copy(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
    why: &Reason,
) -> Result<(Item, Bytes), Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
    here(&item)?;
    if item.state == State::Sealed {
        return Err(EvidenceFault::Sealed.into());
    }
    let key = key_of(&mut tx, locker, &item).await?;
    let pieces = store::pieces(&mut tx, item.id).await?;
    let deed = (Deed::Copied, Said::why(why));
    record(&mut tx, &locker.ground, viewer, at, deed).await?;
    tx.commit().await?;
    let bytes = bytes(locker.clone(), (item.id, key), pieces);
    Ok((item, bytes))
}

/// The opened pieces, one at a time.
pub(super) fn bytes(
    locker: Locker,
    (id, key): (EvidenceRef, DataKey),
    pieces: Vec<Digest>,
) -> Bytes {
    let key = Arc::new(key);
    let all = pieces.into_iter().zip(0_i64..);
    Box::pin(stream::try_unfold(all, move |mut all| {
        let (files, key) = (locker.files.clone(), Arc::clone(&key));
        async move {
            let Some((file, ordinal)) = all.next() else {
                return Ok(None);
            };
            let opened = blocking(move || open(&files, (id, &key), (&file, ordinal))).await?;
            Ok(Some((opened, all)))
        }
    }))
}

fn open(
    files: &federation::files::Files,
    (id, key): (EvidenceRef, &DataKey),
    (file, ordinal): (&Digest, i64),
) -> Result<Vec<u8>, Error> {
    let failed = |error: federation::files::FilesError| Error::from(FederationError::from(error));
    let mut sealed = Vec::new();
    let mut input = files
        .read(file)
        .map_err(failed)?
        .ok_or(EvidenceFault::NotFound)?;
    input
        .read_to_end(&mut sealed)
        .map_err(|error| failed(error.into()))?;
    let opened = key.open(&sealed, &piece_place(id, ordinal));
    Ok(opened.map_err(Error::Unsealable)?.to_vec())
}

/// The item, for whoever may do no more than know of it; not a line of custody by itself.
#[boxed]
pub(super) async fn glance(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
) -> Result<Item, Error> {
    let mut tx = locker.ground.db.begin_read().await?;
    Ok(find(&mut tx, viewer, Act::IncidentEdit, at).await?.1)
}
