//! Having others told of a change: by a job, which the room that shares collections registers.

use std::time::Duration;

use audit::Ground;
use db::Tx;
use kernel::{CircleId, Timestamp, boxed};
use queue::QueueError;

use crate::{
    Error,
    jobs::{CHANGED, Changed},
    model::{Collection, Reader},
    store,
};

/// How long changes gather before others are told of them.
const GATHER: Duration = Duration::from_secs(1);

/// Has others told that a collection has changed: soon, and once for many changes. Unless `always`,
/// only where it names other parties.
pub(crate) async fn changed_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    always: bool,
) -> Result<(), Error> {
    if !store::collection::note_change(tx, collection.slot, always).await? {
        return Ok(());
    }
    let job = Changed {
        collection: collection.public,
        slot: collection.slot,
        mode: collection.mode,
    };
    let at: Timestamp = ground.now().plus(GATHER);
    let planned: Result<_, QueueError> = ground.enqueue(tx, CHANGED, &job, at).await;
    planned?;
    Ok(())
}

/// Has all collections looked after that name a circle whose members have changed.
#[boxed]
pub async fn changed_by_circle_in(
    tx: &mut Tx,
    ground: &Ground,
    circle: CircleId,
) -> Result<(), Error> {
    for slot in store::collection::naming(tx, &Reader::Circle(circle)).await? {
        if let Some(collection) = store::collection::in_slot(tx, slot).await? {
            changed_in(tx, ground, &collection, true).await?;
        }
    }
    Ok(())
}

/// A change is looked after: the next one is noted anew.
#[boxed]
pub async fn seen_in(tx: &mut Tx, slot: i64) -> Result<(), Error> {
    Ok(store::collection::forget_change(tx, slot).await?)
}
