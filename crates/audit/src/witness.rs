//! What this node has seen of others' ledgers.
//!
//! For each origin the last checkpoint is kept, and every other one must be proven to belong to the
//! same tree. Where it is not, both are kept as evidence and the origin is frozen: nothing of it is
//! cosigned or believed until a person has looked.

use db::Tx;
use kernel::{Timestamp, boxed, uuid_v7};
use ledger::{
    AddCheckpoint, Checkpoint, Hash, LedgerKeys, Note, Refusal, SignatureLine, VerifierKey,
    WitnessSigner, decide, verify_consistency,
};

use crate::{
    Error, Ground,
    store::witness::{self as rows, ConflictRow, Witnessed},
};

/// How many conflicts are listed at most.
const CONFLICTS_MAX: i64 = 200;

/// What came of a request to cosign.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The cosignatures, on a checkpoint that is durably the last one now.
    Cosigned(Vec<SignatureLine>),
    /// Not cosigned, with the status to answer. Where [`Refusal::is_evidence`], the origin is
    /// frozen from now on, and the duty officer must be told.
    Refused(Refusal),
    /// Not cosigned, since the origin is frozen; to be answered with 409.
    Frozen,
}

/// What came of looking at a checkpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Observed {
    /// It belongs to the tree that is known; where it is newer, it is the last one now.
    Accepted,
    /// It may belong to the tree: look again with the proof between these sizes.
    NeedsProof {
        /// The smaller size.
        old: u64,
        /// The larger size.
        new: u64,
    },
    /// It does not belong to the tree. Both checkpoints are kept as evidence, the origin is frozen
    /// from now on, and the duty officer must be told.
    Conflict,
    /// The origin is frozen; nothing was looked at.
    Frozen,
}

/// Two signed checkpoints of which one does not continue the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conflict {
    /// The origin that signed both.
    pub origin: String,
    /// When the second was shown.
    pub at: Timestamp,
    /// `split_view`: two roots of one size. `inconsistent`: the proof between the two does not hold.
    pub reason: String,
    /// The checkpoint that was kept.
    pub kept: String,
    /// The checkpoint that was shown.
    pub shown: String,
}

/// Answers `add-checkpoint` of `tlog-witness`. `trusted` are the keys of the checkpoint's origin,
/// nothing where this node does not witness it. What is cosigned is committed before it is given.
#[boxed]
pub async fn add_checkpoint(
    ground: &Ground,
    request: &AddCheckpoint,
    trusted: Option<&[VerifierKey]>,
    signer: &WitnessSigner,
) -> Result<Outcome, Error> {
    let origin = match Checkpoint::parse(request.checkpoint.text.as_bytes()) {
        Ok(checkpoint) => checkpoint.origin().to_owned(),
        Err(error) => return Ok(Outcome::Refused(error.into())),
    };
    // Only for origins that were configured is there ever a row.
    if trusted.is_none() {
        return Ok(Outcome::Refused(Refusal::UnknownOrigin));
    }
    let mut tx = ground.db.begin().await?;
    let (now, seen) = hold(&mut tx, ground, &origin).await?;
    if seen.frozen_at.is_some() {
        return Ok(Outcome::Frozen);
    }
    let last = (!seen.note.is_empty()).then_some((seen.size, seen.root));
    let outcome = match decide(request, trusted, last) {
        Ok(checkpoint) => {
            let seconds = u64::try_from(now.as_seconds()).unwrap_or_default();
            let lines = signer.cosign(&checkpoint, seconds)?;
            let newer = newer(&checkpoint, &request.checkpoint);
            rows::advance(&mut tx, &origin, now.as_micros(), &newer).await?;
            Outcome::Cosigned(lines)
        }
        Err(refusal) => {
            if refusal.is_evidence() {
                let reason = match refusal {
                    Refusal::SplitView => "split_view",
                    _ => "inconsistent",
                };
                let shown = request.checkpoint.to_string();
                keep_evidence(&mut tx, ground, &origin, reason, (seen.note, shown)).await?;
            }
            Outcome::Refused(refusal)
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

/// Looks at a checkpoint of another's ledger, such as that of a receipt, and keeps it if it is the
/// newest. Its two signatures are verified here. `proof` is the consistency proof between its size
/// and the size that is kept, whichever is larger; without it the answer says which one is needed.
#[boxed]
pub async fn observe(
    tx: &mut Tx,
    ground: &Ground,
    keys: &LedgerKeys,
    note: &Note,
    proof: Option<&[Hash]>,
) -> Result<Observed, Error> {
    let (shown, _time) = keys.verify(note)?;
    let origin = keys.origin();
    let (now, seen) = hold(tx, ground, origin).await?;
    if seen.frozen_at.is_some() {
        return Ok(Observed::Frozen);
    }
    let is_first = seen.note.is_empty();
    let kept = (seen.size, seen.root);
    let this = (shown.size(), *shown.root());
    let ((old, old_root), (new, new_root)) = if kept.0 <= this.0 {
        (kept, this)
    } else {
        (this, kept)
    };
    if !is_first {
        let proof = match proof {
            // Between equal sizes, and from the empty tree, there is nothing to prove.
            _ if old == new || old == 0 => &[],
            None => return Ok(Observed::NeedsProof { old, new }),
            Some(proof) => proof,
        };
        if verify_consistency(old, &old_root, new, &new_root, proof).is_err() {
            let reason = if old == new {
                "split_view"
            } else {
                "inconsistent"
            };
            keep_evidence(tx, ground, origin, reason, (seen.note, note.to_string())).await?;
            return Ok(Observed::Conflict);
        }
    }
    if is_first || this.0 > kept.0 {
        rows::advance(tx, origin, now.as_micros(), &newer(&shown, note)).await?;
    }
    Ok(Observed::Accepted)
}

/// The last checkpoint that is kept of an origin.
#[boxed]
pub async fn last_seen(tx: &mut Tx, origin: &str) -> Result<Option<Note>, Error> {
    let seen = rows::seen(tx, origin).await?;
    let note = seen.map(|seen| seen.note).filter(|note| !note.is_empty());
    Ok(note.map(|note| Note::parse(note.as_bytes())).transpose()?)
}

/// Since when an origin is frozen.
pub async fn frozen_since(tx: &mut Tx, origin: &str) -> Result<Option<Timestamp>, Error> {
    let seen = rows::seen(tx, origin).await?;
    Ok(seen
        .and_then(|seen| seen.frozen_at)
        .map(Timestamp::from_micros))
}

/// Thaws an origin, after a person has looked. The evidence stays. Gives false if nothing is kept
/// of the origin.
#[boxed]
pub async fn unfreeze(tx: &mut Tx, origin: &str) -> Result<bool, Error> {
    Ok(rows::set_frozen(tx, origin, None).await?)
}

/// The newest conflicts, of an origin or of all, at most 200.
#[boxed]
pub async fn conflicts(tx: &mut Tx, origin: Option<&str>) -> Result<Vec<Conflict>, Error> {
    let found = rows::conflicts(tx, origin, CONFLICTS_MAX).await?;
    Ok(found
        .into_iter()
        .map(|row| Conflict {
            origin: row.origin,
            at: Timestamp::from_micros(row.at),
            reason: row.reason,
            kept: row.kept,
            shown: row.shown,
        })
        .collect())
}

/// Holds an origin until the transaction ends, so that two requests cannot both be the next.
async fn hold(tx: &mut Tx, ground: &Ground, origin: &str) -> Result<(Timestamp, Witnessed), Error> {
    let now = ground.now();
    rows::begin(tx, origin, now.as_micros()).await?;
    let seen = rows::seen_for_update(tx, origin).await?;
    let nothing = || Witnessed {
        size: 0,
        root: ledger::empty_root(),
        note: String::new(),
        frozen_at: None,
    };
    Ok((now, seen.unwrap_or_else(nothing)))
}

fn newer(checkpoint: &Checkpoint, note: &Note) -> Witnessed {
    Witnessed {
        size: checkpoint.size(),
        root: *checkpoint.root(),
        note: note.to_string(),
        frozen_at: None,
    }
}

async fn keep_evidence(
    tx: &mut Tx,
    ground: &Ground,
    origin: &str,
    reason: &str,
    (kept, shown): (String, String),
) -> Result<(), Error> {
    let now = ground.now();
    let row = ConflictRow {
        id: uuid_v7(now, ground.rng.as_ref()),
        origin: origin.to_owned(),
        at: now.as_micros(),
        reason: reason.to_owned(),
        kept,
        shown,
    };
    rows::insert_conflict(tx, &row).await?;
    rows::set_frozen(tx, origin, Some(now.as_micros())).await?;
    tracing::error!(
        ledger.origin = origin,
        reason,
        "the ledger {origin} showed two trees; it is frozen until someone has looked"
    );
    Ok(())
}
