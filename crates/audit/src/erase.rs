//! Erasing what leaves and acts mean. The tree stays as it is, whatever is erased.

use db::Tx;
use kernel::boxed;

use crate::{
    Error, Ground, Log,
    append::record_of,
    log::Number,
    store::{act, leaf as rows, salt},
};

/// How many acts one call of [`erase_subject`] erases.
pub const ERASED_AT_ONCE: i64 = 500;

/// Erases the digest and the salt of a leaf of the present epoch, and the body of the act where it
/// has one. The tree stays as it is; what the leaf meant can no longer be shown or guessed.
#[boxed]
pub async fn erase(tx: &mut Tx, ground: &Ground, log: Log, index: u64) -> Result<(), Error> {
    erase_in(tx, (log, ground.epoch(log)), index).await
}

/// The same for a leaf of any epoch: a node that came back from a backup may have several.
#[boxed]
pub async fn erase_in(tx: &mut Tx, (log, epoch): (Log, u32), index: u64) -> Result<(), Error> {
    if erase_row(tx, Number::new(log, epoch), index).await? {
        Ok(())
    } else {
        Err(Error::NoLeaf { log, index })
    }
}

/// Erases what was recorded of a subject until now, in every epoch and both modes: the body of each
/// act, the digest and the salt of its leaf, and the salts of what the bodies commit to. Who did what
/// when stays. Erases at most [`ERASED_AT_ONCE`] acts and gives how many; whoever gets as many asks
/// again. The salts go with the first.
#[boxed]
pub async fn erase_subject(tx: &mut Tx, subject: &str) -> Result<u64, Error> {
    salt::remove(tx, subject).await?;
    let ids = act::with_body(tx, subject, ERASED_AT_ONCE).await?;
    let mut erased = 0;
    for id in ids {
        erase_row(tx, Number::of_id(id), Number::index_of(id)).await?;
        // Where the leaf was erased before, the body may still be there.
        act::erase(tx, id).await?;
        erased += 1;
    }
    Ok(erased)
}

/// False where there is no such leaf.
async fn erase_row(tx: &mut Tx, number: Number, index: u64) -> Result<bool, Error> {
    let Some(row) = rows::leaves(tx, number, index, 1).await?.pop() else {
        return Ok(false);
    };
    if row.id != number.id(index) {
        return Ok(false);
    }
    if let Some(record) = record_of(&row)? {
        rows::erase(tx, row.id, &record.entry()).await?;
        act::erase(tx, row.id).await?;
    }
    Ok(true)
}
