//! Stating that something was removed, and what is known of those to whom it had been passed on.

use kernel::{MessageId, ShareId, boxed};
use serde::{Deserialize, Serialize};

use super::letter::submit;
use crate::{
    Error, Sharing, jobs,
    model::{Confirmation, InShare, Letter, Onward},
    store::{
        into::{self, Removal},
        out,
    },
};

/// How many of the newest removals are looked through.
const REMOVALS_MAX: i64 = 10_000;
/// How long a party that gets no messages is waited for before the next try.
const WAIT: std::time::Duration = std::time::Duration::from_hours(1);

/// A removal is to be stated to the steward.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ConfirmJob {
    pub(crate) share: ShareId,
    pub(crate) sequence: i64,
}

/// States a removal, unless the same was stated before.
#[boxed]
pub(crate) async fn confirm(x: &Sharing, job: ConfirmJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let Some(share) = into::by_id(&mut tx, job.share).await? else {
        return Ok(());
    };
    drop(tx);
    let at = (&share.party, share.mode);
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, at.0, at.1).await?;
    let removals = into::removals(&mut tx, share.id, REMOVALS_MAX).await?;
    let Some(removal) = removals
        .into_iter()
        .find(|one| one.sequence == job.sequence)
    else {
        return Ok(());
    };
    let onward = onward(&mut tx, &share, &removal).await?;
    if removal.stated() == Some(onward) {
        return Ok(());
    }
    if x.post.peer(at.0, at.1).is_none() {
        x.ground
            .enqueue(&mut tx, jobs::CONFIRM, &job, x.ground.now().plus(WAIT))
            .await?;
        tx.commit().await?;
        return Ok(());
    }
    let letter = Letter::Confirm(Confirmation {
        collection: share.collection,
        sequence: removal.sequence,
        removed: u64::try_from(removal.removed).unwrap_or_default(),
        onward,
        declined: false,
    });
    let id = MessageId::random(x.ground.rng.as_ref());
    let nothing = (kernel::Tlp::Amber, Vec::new());
    let message = submit(x, &mut tx, at, (id, &letter), nothing).await?;
    into::stated(&mut tx, (share.id, removal.sequence), onward, id).await?;
    tx.commit().await?;
    x.post.sent(&message);
    Ok(())
}

async fn onward(tx: &mut db::Tx, share: &InShare, removal: &Removal) -> Result<Onward, Error> {
    let Some(kept) = share.kept_as else {
        return Ok(Onward::Nobody);
    };
    if removal.gone_until == removal.gone_after {
        return Ok(Onward::Nobody);
    }
    let span = (removal.gone_after, removal.gone_until);
    let (untold, asked, confirmed) = out::passed_on(tx, (kept, share.mode), span).await?;
    Ok(if untold + asked > 0 {
        Onward::Asked
    } else if confirmed > 0 {
        Onward::Confirmed
    } else {
        Onward::Nobody
    })
}
