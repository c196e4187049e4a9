//! Once after an upgrade: what earlier programs gave by a laxer rule is taken back.
//!
//! They gave an older version of an object where the newest one is labelled so that it may not go, and
//! let it stay with whoever had it. Both sides then hold the same, so no comparison shows it.

use db::{Tx, setting};
use intel::ops::Barring;
use kernel::{Mode, boxed};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{SendJob, letter::node, rule::going};
use crate::{
    Error, Sharing, jobs,
    model::{OutShare, OutState},
    store::{item, out},
};

/// Under this name the node remembers that it has looked.
const REVIEWED: &str = "share.newest_decides";

/// All that others were given is to be looked at.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ReviewJob {}

/// Plans it, unless it was done.
pub(super) async fn plan_in(tx: &mut Tx, x: &Sharing) -> Result<(), Error> {
    if setting::read(tx, REVIEWED).await?.is_none() {
        let (job, now) = (ReviewJob {}, x.ground.now());
        x.ground.enqueue(tx, jobs::REVIEW, &job, now).await?;
    }
    Ok(())
}

/// Looks at each share, and has those begun again from the beginning whose party holds what the rule
/// bars: going through them takes it back.
#[boxed]
pub(crate) async fn review(x: &Sharing) -> Result<(), Error> {
    for mode in [Mode::Real, Mode::Exercise] {
        let mut tx = x.ground.db.begin_read().await?;
        let shares = out::of_party(&mut tx, None, mode).await?;
        drop(tx);
        for share in shares {
            if holds_barred(x, &share).await? {
                look_again(x, &share).await?;
            }
        }
    }
    let mut tx = x.ground.db.begin().await?;
    setting::write(&mut tx, REVIEWED, "1").await?;
    tx.commit().await?;
    Ok(())
}

async fn holds_barred(x: &Sharing, share: &OutShare) -> Result<bool, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let found = intel::ops::collection_by_ref_in(&mut tx, share.collection, share.mode).await?;
    let Some(collection) = found.filter(|_| share.state == OutState::Active) else {
        return Ok(false);
    };
    let mut barring = Barring::begin(&mut tx, &collection, going(&collection)).await?;
    while let Some(ids) = barring.ids(&mut tx).await? {
        if !item::of(&mut tx, share.id, &ids).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn look_again(x: &Sharing, seen: &OutShare) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &seen.party, seen.mode).await?;
    let Some(mut share) = out::by_id(&mut tx, seen.id, seen.mode).await? else {
        return Ok(());
    };
    share.place = 0;
    share.changed_at = x.ground.now();
    out::put(&mut tx, &share).await?;
    let what = json!({ "to": share.party, "sequence": share.sequence });
    let (code, collection) = ("share.reviewed", &share.collection);
    let node = node(x, share.mode);
    audit::act(&mut tx, &x.ground, &node, code, collection, &what).await?;
    let job = SendJob {
        collection: share.collection,
        mode: share.mode,
        party: share.party,
    };
    let now = x.ground.now();
    x.ground.enqueue(&mut tx, jobs::SEND, &job, now).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}
