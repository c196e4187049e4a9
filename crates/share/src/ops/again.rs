//! Putting right what differs.

use std::time::Duration;

use access::policy::{Act, check_house};
use db::Tx;
use kernel::{Mode, ShareId, Viewer, boxed};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    SendJob,
    compare::{CompareJob, compare_one},
    letter::node,
};
use crate::{
    Error, Sharing, jobs,
    model::{Gap, OutShare, OutState, Tally, Verdict},
    store::{item, out},
};

/// So many differences are looked after at once.
const GAPS_MAX: i64 = 10_000;
/// How long a party that has not carried out all messages is waited for.
const REPAIR_PAUSE: Duration = Duration::from_secs(20);
/// How often; then the hourly comparison shows what differs.
const REPAIR_TRIES_MAX: u32 = 30;

/// Has what a peer misses sent again, and has it told to remove what it should not have. A share that
/// was declined or that the peer does not know begins anew.
#[boxed]
pub async fn send_again(x: &Sharing, viewer: &Viewer, id: ShareId) -> Result<(), Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut tx = x.ground.db.begin_read().await?;
    let share = out::by_id(&mut tx, id, viewer.mode).await?;
    let share = share.ok_or(Error::NotFound)?;
    drop(tx);
    begin_again(x, viewer, &share).await
}

/// A share of which a party lost messages is to be put right.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RepairJob {
    share: ShareId,
    mode: Mode,
    tries: u32,
}

impl RepairJob {
    /// The first try.
    pub(super) const fn of(share: ShareId, mode: Mode) -> Self {
        Self {
            share,
            mode,
            tries: 0,
        }
    }
}

/// Compares with a party that lost messages, and sends again what it lacks then. What cannot be put
/// right so is shown as any difference is.
#[boxed]
pub(crate) async fn repair(x: &Sharing, job: RepairJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let Some(share) = out::by_id(&mut tx, job.share, job.mode).await? else {
        return Ok(());
    };
    drop(tx);
    if share.state != OutState::Active {
        return Ok(());
    }
    if !share.resume {
        let job = CompareJob {
            party: share.party.clone(),
            mode: job.mode,
        };
        compare_one(x, job).await?;
    }
    let mut tx = x.ground.db.begin_read().await?;
    let Some(share) = out::by_id(&mut tx, job.share, job.mode).await? else {
        return Ok(());
    };
    drop(tx);
    let compared = !share.resume && share.compared_at >= Some(share.changed_at);
    match share.verdict() {
        Verdict::Agrees if compared => Ok(()),
        Verdict::Differs if compared => begin_again(x, &node(x, job.mode), &share).await,
        _ if job.tries >= REPAIR_TRIES_MAX => Ok(()),
        _ => {
            let job = RepairJob {
                tries: job.tries + 1,
                ..job
            };
            let at = x.ground.now().plus(REPAIR_PAUSE);
            let mut tx = x.ground.db.begin().await?;
            x.ground.enqueue(&mut tx, jobs::REPAIR, &job, at).await?;
            tx.commit().await?;
            Ok(())
        }
    }
}

async fn begin_again(x: &Sharing, viewer: &Viewer, seen: &OutShare) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &seen.party, seen.mode).await?;
    let share = out::by_id(&mut tx, seen.id, viewer.mode).await?;
    let mut share = share.ok_or(Error::NotFound)?;
    if share.state == OutState::Declined || share.verdict() == Verdict::NotKnown {
        share.state = OutState::Ended;
        share.tally = Tally::default();
        (share.place, share.mask, share.told) = (0, 0, 0);
        item::clear(&mut tx, share.id).await?;
    } else {
        missed(&mut tx, &mut share).await?;
        share.resume = true;
        share.place = 0;
    }
    share.changed_at = x.ground.now();
    out::put(&mut tx, &share).await?;
    let what = json!({ "to": share.party, "sequence": share.sequence });
    let (code, collection) = ("share.sent_again", &share.collection);
    audit::act(&mut tx, &x.ground, viewer, code, collection, &what).await?;
    let job = SendJob {
        collection: share.collection,
        mode: share.mode,
        party: share.party,
    };
    x.ground
        .enqueue(&mut tx, jobs::SEND, &job, x.ground.now())
        .await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// What the peer misses counts as not given.
async fn missed(tx: &mut Tx, share: &mut OutShare) -> Result<(), Error> {
    for (missing, gap, _) in item::gaps(tx, share.id, GAPS_MAX).await? {
        if gap != Gap::TheyMiss {
            continue;
        }
        let id = missing.stix_id.as_str();
        let given = item::between(tx, share.id, (&before(id), Some(id))).await?;
        for (place, had) in given {
            if had.stix_id == missing.stix_id && had.sha256 == missing.sha256 {
                share.tally.remove(&had);
                item::remove(tx, share.id, &[place]).await?;
            }
        }
    }
    item::drop_gaps(tx, share.id, Gap::TheyMiss).await?;
    Ok(())
}

/// A text before an id and not far from it.
fn before(id: &str) -> String {
    let mut text = id.to_owned();
    text.pop();
    text
}
