//! Keeping evidence: hashing it anew, sealing it, destroying it.

use access::policy::Act;
use federation::{
    error::Error as FederationError,
    files::{Files, blocking},
};
use futures_util::TryStreamExt;
use kernel::{EvidenceRef, IncidentRef, Viewer, boxed};
use seal::Digest;
use sha2::{Digest as _, Sha256};

use super::{
    Said, here, hold, key_of,
    read::{bytes, glance},
    record,
};
use crate::{
    error::{Error, EvidenceFault},
    evidence::{
        Locker,
        jobs::{REMOVE, RemoveJob},
        model::{Deed, Item, Outcome, Reason, State},
        store,
    },
    hold::ops::spare,
};

/// Hashes the bytes of an item anew and holds them against what they were. What came of it is a line of
/// custody, whatever it was.
#[boxed]
pub async fn verify(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
) -> Result<Outcome, Error> {
    let item = glance(locker, viewer, at).await?;
    here(&item)?;
    let outcome = hashed(locker, &item).await?;
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
    // Whoever destroyed it meanwhile made its bytes missing; that is no finding.
    here(&item)?;
    let said = Said {
        outcome: Some(outcome),
        ..Said::default()
    };
    let deed = (Deed::Verified, said);
    record(&mut tx, &locker.ground, viewer, at, deed).await?;
    tx.commit().await?;
    Ok(outcome)
}

async fn hashed(locker: &Locker, item: &Item) -> Result<Outcome, Error> {
    let mut tx = locker.ground.db.begin_read().await?;
    let key = match key_of(&mut tx, locker, item).await {
        Ok(key) => key,
        Err(Error::Unsealable(_)) => return Ok(Outcome::Unreadable),
        Err(error) => return Err(error),
    };
    let pieces = store::pieces(&mut tx, item.id).await?;
    drop(tx);
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    let mut all = bytes(locker.clone(), (item.id, key), pieces);
    loop {
        match all.try_next().await {
            Ok(Some(piece)) => {
                size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                hash.update(piece);
            }
            Ok(None) => break,
            Err(Error::Evidence(EvidenceFault::NotFound)) => return Ok(Outcome::Missing),
            Err(Error::Unsealable(_)) => return Ok(Outcome::Unreadable),
            Err(error) => return Err(error),
        }
    }
    let found: [u8; 32] = hash.finalize().into();
    Ok(if found == item.sha256 && size == item.size {
        Outcome::Matches
    } else if size < item.size {
        Outcome::Missing
    } else {
        Outcome::Differs
    })
}

/// Seals an item, so that no copy is given out, or breaks the seal.
#[boxed]
pub async fn seal(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
    (sealed, why): (bool, &Reason),
) -> Result<Item, Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
    here(&item)?;
    let (to, deed) = if sealed {
        (State::Sealed, Deed::Sealed)
    } else {
        (State::Held, Deed::Unsealed)
    };
    if item.state == to {
        return Err(EvidenceFault::Already.into());
    }
    store::set_state(&mut tx, item.id, to).await?;
    let deed = (deed, Said::why(why));
    record(&mut tx, &locker.ground, viewer, at, deed).await?;
    tx.commit().await?;
    Ok(Item { state: to, ..item })
}

/// Destroys the bytes of an item for good. What was known of it, its digest and its custody stay.
#[boxed]
pub async fn destroy(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
    why: &Reason,
) -> Result<Item, Error> {
    let ground = &locker.ground;
    let mut tx = ground.db.begin().await?;
    let (incident, item) = hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
    here(&item)?;
    spare(&mut tx, ground, incident.id).await?;
    if item.state == State::Sealed {
        return Err(EvidenceFault::Sealed.into());
    }
    if item.pending.is_some() {
        return Err(EvidenceFault::Pending.into());
    }
    let files = store::pieces(&mut tx, item.id).await?;
    store::destroy(&mut tx, item.id).await?;
    let deed = (Deed::Destroyed, Said::why(why));
    record(&mut tx, ground, viewer, at, deed).await?;
    let job = RemoveJob {
        files: files.clone(),
    };
    ground.enqueue(&mut tx, REMOVE, &job, ground.now()).await?;
    tx.commit().await?;
    // At once; the job is for the case that this process ends here.
    remove_files(locker, files).await?;
    let state = State::Destroyed;
    Ok(Item { state, ..item })
}

/// Removes sealed files. Those that are gone are gone.
#[boxed]
pub async fn remove_files(locker: &Locker, files: Vec<Digest>) -> Result<(), Error> {
    remove_from(&locker.files, files).await
}

/// [`remove_files`] for whoever opens none.
pub(crate) async fn remove_from(folder: &Files, files: Vec<Digest>) -> Result<(), Error> {
    let folder = folder.clone();
    blocking(move || {
        for file in &files {
            let removed = folder.remove(file);
            removed.map_err(|error| Error::from(FederationError::from(error)))?;
        }
        Ok(())
    })
    .await
}
