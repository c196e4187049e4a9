//! Putting right what differs.

use access::policy::{Act, check_house};
use db::Tx;
use kernel::{ShareId, Viewer, boxed};
use serde_json::json;

use super::SendJob;
use crate::{
    Error, Sharing, jobs,
    model::{Gap, OutShare, OutState, Tally, Verdict},
    store::{item, out},
};

/// So many differences are looked after at once.
const GAPS_MAX: i64 = 10_000;

/// Has what a peer misses sent again, and has it told to remove what it should not have. A share that
/// was declined or that the peer does not know begins anew.
#[boxed]
pub async fn send_again(x: &Sharing, viewer: &Viewer, id: ShareId) -> Result<(), Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut tx = x.ground.db.begin_read().await?;
    let share = out::by_id(&mut tx, id, viewer.mode).await?;
    let share = share.ok_or(Error::NotFound)?;
    drop(tx);
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &share.party, share.mode).await?;
    let share = out::by_id(&mut tx, id, viewer.mode).await?;
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
