//! What a node may do that was restored from a backup.

use std::sync::atomic::{AtomicU8, Ordering};

use db::{Tx, setting};
use kernel::{Timestamp, boxed};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, OnceCell};

use super::Post;
use crate::error::Error;

/// The name under which a database remembers that it was restored, and of which moment the backup is.
pub const RESTORED: &str = "node.restored";
/// The name under which it remembers how far it has come back.
const RETURN: &str = "federation.return";

/// What the node may do. All but [`Gate::Open`] are of a node that was restored from a backup.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Gate {
    /// Everything.
    Open,
    /// Ask peers and witnesses for its own newest checkpoint. It takes nothing and signs nothing.
    Asking,
    /// Take messages again, and fetch back what it lacks. It gives no receipt and sends nothing.
    Fetching,
}

/// How far a restored node has come back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Return {
    /// The moment of the backup, as it stands under [`RESTORED`].
    pub(super) backup_of: String,
    /// When it began to ask.
    pub(super) began: Timestamp,
    /// How far it is.
    pub(super) phase: Phase,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    Asking,
    Fetching { since: Timestamp },
    Done,
}

/// Remembers what the database says, so that not every step has to ask it.
#[derive(Default)]
pub(super) struct Keeper {
    read: OnceCell<()>,
    gate: AtomicU8,
    /// One return at a time.
    pub(super) returning: Mutex<()>,
}

impl Post {
    /// What the node may do at present.
    #[boxed]
    pub async fn gate(&self) -> Result<Gate, Error> {
        if self.0.gate.read.initialized() {
            return Ok(self.0.gate.get());
        }
        let mut tx = self.ground().db.begin_read().await?;
        self.gate_in(&mut tx).await
    }

    #[boxed]
    pub(super) async fn gate_in(&self, tx: &mut Tx) -> Result<Gate, Error> {
        let keeper = &self.0.gate;
        let read = async move {
            let phase = pending(tx)
                .await?
                .map(|(_, kept)| kept.map_or(Phase::Asking, |kept| kept.phase));
            keeper.set(match phase {
                None | Some(Phase::Done) => Gate::Open,
                Some(Phase::Asking) => Gate::Asking,
                Some(Phase::Fetching { .. }) => Gate::Fetching,
            });
            Ok::<_, Error>(())
        };
        keeper.read.get_or_try_init(|| read).await?;
        Ok(keeper.get())
    }

    /// The return that is under way, or has to begin; nothing on a node that is all there.
    pub(super) async fn pending_return(&self) -> Result<Option<Return>, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let now = self.ground().now();
        let Some((backup_of, kept)) = pending(&mut tx).await? else {
            return Ok(None);
        };
        Ok(Some(kept.unwrap_or(Return {
            backup_of,
            began: now,
            phase: Phase::Asking,
        })))
    }

    /// Notes how far the return is, and opens or closes the gate accordingly after the commit.
    pub(super) async fn put_return(&self, mut tx: Tx, state: &Return) -> Result<(), Error> {
        let text = serde_json::to_string(state).unwrap_or_default();
        setting::write(&mut tx, RETURN, &text).await?;
        tx.wake();
        tx.commit().await?;
        self.0.gate.set(match state.phase {
            Phase::Asking => Gate::Asking,
            Phase::Fetching { .. } => Gate::Fetching,
            Phase::Done => Gate::Open,
        });
        Ok(())
    }
}

/// The moment of the backup from which this database came, if it has not come back from there yet.
async fn pending(tx: &mut Tx) -> Result<Option<(String, Option<Return>)>, Error> {
    let Some(backup_of) = setting::read(tx, RESTORED).await? else {
        return Ok(None);
    };
    let kept = setting::read(tx, RETURN).await?;
    let kept: Option<Return> = kept.and_then(|text| serde_json::from_str(&text).ok());
    // What an earlier return left in the backup says nothing of this one.
    let kept = kept.filter(|kept| kept.backup_of == backup_of);
    if kept.as_ref().is_some_and(|kept| kept.phase == Phase::Done) {
        return Ok(None);
    }
    Ok(Some((backup_of, kept)))
}

impl Keeper {
    fn get(&self) -> Gate {
        match self.gate.load(Ordering::SeqCst) {
            0 => Gate::Open,
            1 => Gate::Asking,
            _ => Gate::Fetching,
        }
    }

    fn set(&self, gate: Gate) {
        let number = match gate {
            Gate::Open => 0,
            Gate::Asking => 1,
            Gate::Fetching => 2,
        };
        self.gate.store(number, Ordering::SeqCst);
    }
}
