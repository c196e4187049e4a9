//! What people decide about what another party shares.

use access::policy::{Act, check_house};
use kernel::{MessageId, ShareId, Tlp, Viewer, boxed};
use serde_json::json;

use super::{ApplyJob, drop::drop_later, letter::submit};
use crate::{
    Error, Sharing, jobs,
    model::{Confirmation, InShare, InState, Letter, Onward},
    store::into,
};

/// Keeps what a party shares from now on, up to a label: at least GREEN, which is what comes unmarked
/// at the least, and at most AMBER+STRICT.
#[boxed]
pub async fn accept(x: &Sharing, viewer: &Viewer, id: ShareId, ceiling: Tlp) -> Result<(), Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut tx = x.ground.db.begin().await?;
    let mut share = offered(&mut tx, viewer, id).await?;
    share.state = InState::Accepted;
    share.ceiling = ceiling.clamp(Tlp::Green, Tlp::AmberStrict);
    share.decided_at = Some(x.ground.now());
    share.decided_by = Some(viewer.label());
    into::put(&mut tx, &share).await?;
    let what = json!({ "from": share.party, "ceiling": share.ceiling });
    let (code, collection) = ("share.accepted", &share.collection);
    audit::act(&mut tx, &x.ground, viewer, code, collection, &what).await?;
    let job = ApplyJob { share: share.id };
    x.ground
        .enqueue(&mut tx, jobs::APPLY, &job, x.ground.now())
        .await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Does not keep what a party shares, and tells it so. What came of it is removed unopened.
#[boxed]
pub async fn decline(x: &Sharing, viewer: &Viewer, id: ShareId) -> Result<(), Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut tx = x.ground.db.begin_read().await?;
    let share = into::by_id(&mut tx, id).await?;
    let party = open(viewer, share)?.party;
    drop(tx);
    let at = (&party, viewer.mode);
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, at.0, at.1).await?;
    let mut share = offered(&mut tx, viewer, id).await?;
    let letters = into::waiting(&mut tx, share.id).await?;
    let newest = letters.last().map_or(share.sequence, |one| one.sequence);
    share.state = InState::Declined;
    share.sequence = newest;
    share.decided_at = Some(x.ground.now());
    share.decided_by = Some(viewer.label());
    into::put(&mut tx, &share).await?;
    let dropped = into::drop_letters(&mut tx, share.id, newest).await?;
    drop_later(&mut tx, &x.ground, &dropped).await?;
    let what = json!({ "from": share.party });
    let (code, collection) = ("share.declined", &share.collection);
    audit::act(&mut tx, &x.ground, viewer, code, collection, &what).await?;
    let letter = Letter::Confirm(Confirmation {
        collection: share.collection,
        sequence: newest,
        removed: 0,
        onward: Onward::Nobody,
        declined: true,
    });
    let message_id = MessageId::random(x.ground.rng.as_ref());
    let nothing = (Tlp::Amber, Vec::new());
    let message = submit(x, &mut tx, at, (message_id, &letter), nothing).await?;
    tx.wake();
    tx.commit().await?;
    x.post.sent(&message);
    Ok(())
}

async fn offered(tx: &mut db::Tx, viewer: &Viewer, id: ShareId) -> Result<InShare, Error> {
    open(viewer, into::locked(tx, id).await?)
}

fn open(viewer: &Viewer, share: Option<InShare>) -> Result<InShare, Error> {
    let share = share.filter(|share| share.mode == viewer.mode);
    let share = share.ok_or(Error::NotFound)?;
    if share.state == InState::Offered {
        Ok(share)
    } else {
        Err(Error::Decided { party: share.party })
    }
}
