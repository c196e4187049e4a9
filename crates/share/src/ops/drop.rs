//! Sealed files that are not needed any more.
//!
//! The sender keeps the attachments of a message until it is settled, the receiver until it is
//! carried out. What a party loses after that does not travel again as it was: what it lacks then is
//! found by comparing, and said anew from the collection.

use std::time::Duration;

use audit::Ground;
use db::Tx;
use federation::{error::Error as FederationError, inspect::Unproven, model::Digest, post::Fate};
use kernel::{MessageId, ShareId, boxed};
use serde::{Deserialize, Serialize};

use super::{
    RepairJob, SendJob,
    letter::{SealedPart, discard},
};
use crate::{
    Error, Sharing, jobs,
    model::OutState,
    store::{into::DroppedLetter, out},
};

/// Losses are often found many at a time: what comes within this is answered by one message.
const LOSSES_WAIT: Duration = Duration::from_secs(2);
/// How long the party has to carry that message out before the two sides are compared.
const REPAIR_WAIT: Duration = Duration::from_secs(5);

/// Sealed files are to be removed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct DropJob {
    files: Vec<Digest>,
}

/// Removes sealed files, unless a message of another room brought the same.
#[boxed]
pub(crate) async fn drop_files(x: &Sharing, job: DropJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let mut unused = Vec::with_capacity(job.files.len());
    for file in job.files {
        if !exchange::ops::is_used_in(&mut tx, &file).await? {
            unused.push(file);
        }
    }
    drop(tx);
    discard(x, unused).await
}

/// Has the sealed files of letters removed that are carried out, or not wanted.
pub(super) async fn drop_later(
    tx: &mut Tx,
    ground: &Ground,
    letters: &[DroppedLetter],
) -> Result<(), Error> {
    let parts = letters
        .iter()
        .flat_map(|(files,)| serde_json::from_str::<Vec<SealedPart>>(files).unwrap_or_default());
    plan(tx, ground, parts.map(|part| part.sha256).collect()).await
}

async fn plan(tx: &mut Tx, ground: &Ground, files: Vec<Digest>) -> Result<(), Error> {
    if !files.is_empty() {
        let job = DropJob { files };
        ground.enqueue(tx, jobs::DROP, &job, ground.now()).await?;
        tx.wake();
    }
    Ok(())
}

/// What became of a message of ours.
#[boxed]
pub(super) async fn became(
    tx: &mut Tx,
    ground: &Ground,
    id: MessageId,
    fate: Fate,
) -> Result<(), Error> {
    let Some(sent) = out::of_message(tx, id).await? else {
        return Ok(());
    };
    match fate {
        Fate::Settled if sent.items == 0 => Ok(()),
        Fate::Settled => {
            let Some(envelope) = federation::store::envelope_out(tx, id).await? else {
                return Ok(());
            };
            let header = Unproven::parse(&envelope).map_err(FederationError::from)?;
            let files = header.header.sealed.iter().skip(1);
            plan(tx, ground, files.map(|file| file.sha256).collect()).await
        }
        Fate::Lost => lost(tx, ground, sent.share).await,
    }
}

/// The party has lost what it was told: the next message counts without those before it, and then
/// the two sides are compared.
async fn lost(tx: &mut Tx, ground: &Ground, id: ShareId) -> Result<(), Error> {
    let Some(mut share) = out::whatever_mode(tx, id).await? else {
        return Ok(());
    };
    if share.state != OutState::Active || share.resume {
        return Ok(());
    }
    share.resume = true;
    share.changed_at = ground.now();
    out::put(tx, &share).await?;
    let at = ground.now().plus(LOSSES_WAIT);
    let job = SendJob {
        collection: share.collection,
        mode: share.mode,
        party: share.party,
    };
    ground.enqueue(tx, jobs::SEND, &job, at).await?;
    let job = RepairJob::of(id, share.mode);
    let at = at.plus(REPAIR_WAIT);
    ground.enqueue(tx, jobs::REPAIR, &job, at).await?;
    tx.wake();
    Ok(())
}
