//! What is done once an hour.

use std::time::Duration;

use db::{Tx, setting};
use kernel::boxed;
use ledger::{Act, LedgerSigner};

use crate::{Error, Ground, Leaf, Log, append, checkpoint_in, store};

/// The kind of the job that does [`acts_checkpoint`].
pub const ACTS_CHECKPOINT: &str = "audit.acts_checkpoint";

/// How many checkpoints of each ledger are kept.
pub const CHECKPOINTS_KEPT: i64 = 1_024;

/// How often the acts are put into the exchange ledger.
const EVERY: Duration = Duration::from_hours(1);

/// The setting that holds up to which size the acts were put there.
const SETTING: &str = "audit.acts_checkpoint";

/// Signs the head of the `acts` ledger and puts it, as a leaf, into the ledger `into` that peers
/// and witnesses see, so that what a node did cannot be rewritten later. Does nothing if there was
/// no act since. Old checkpoints are forgotten on the way. Gives the leaf's index.
///
/// The leaf is `local:acts.checkpoint`, its subject `ledger--acts/SIZE`, its digest that of the
/// checkpoint's text, which anyone who has the acts can compute.
#[boxed]
pub async fn acts_checkpoint(
    ground: &Ground,
    signer: &LedgerSigner,
    into: Log,
) -> Result<Option<u64>, Error> {
    let mut tx = ground.db.begin().await?;
    let note = checkpoint_in(&mut tx, ground, Log::Acts, signer).await?;
    let size = ledger::Checkpoint::parse(note.text.as_bytes())?.size();
    let mark = format!("{}/{size}", ground.epoch(Log::Acts));
    let before = setting::read(&mut tx, SETTING).await?;
    let mut index = None;
    if size > 0 && before.as_deref() != Some(mark.as_str()) {
        let leaf = Leaf {
            act: Act::local("acts.checkpoint")?,
            subject: format!("ledger--acts/{size}"),
            sha256: ledger::sha256(note.text.as_bytes()),
        };
        index = append(&mut tx, ground, into, &[leaf])
            .await?
            .first()
            .copied();
        setting::write(&mut tx, SETTING, &mark).await?;
    }
    for log in Log::ALL {
        store::tree::forget_checkpoints(&mut tx, ground.number(log), CHECKPOINTS_KEPT).await?;
    }
    tx.commit().await?;
    Ok(index)
}

/// Enqueues the next [`ACTS_CHECKPOINT`], an hour from now.
#[boxed]
pub async fn schedule(tx: &mut Tx, ground: &Ground) -> Result<(), Error> {
    let due = ground.now().plus(EVERY);
    ground.enqueue(tx, ACTS_CHECKPOINT, &(), due).await?;
    Ok(())
}
