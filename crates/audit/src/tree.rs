//! The tree of a ledger: built when it is asked for, signed, and shown piece by piece.

use db::Tx;
use kernel::boxed;
use ledger::{
    Act, Frontier, Hash, LedgerSigner, NodeId, Note, Plan, SignatureLine, TILE_WIDTH, TileId,
    TileKind, TilePath, VerifierKey, bundle,
};

use crate::{
    Error, Ground, Leaf, Log,
    append::{append, hash_of, record},
    log::Number,
    nodes,
    store::{
        leaf as leaves,
        tree::{self as rows, Checkpoint},
    },
};

/// How many leaves are read at once while the tree is built.
const LEAVES_AT_ONCE: i64 = 4_096;

/// Height of a tile of `tlog-tiles`: nodes whose level is a multiple of it are hashes of tiles.
const TILE_HEIGHT: u8 = 8;

/// Builds the tree up to the newest leaf, signs its head and keeps the checkpoint. Where nothing
/// was appended since the last one, that one is given, with the cosignatures that it has.
#[boxed]
pub async fn checkpoint(ground: &Ground, log: Log, signer: &LedgerSigner) -> Result<Note, Error> {
    let mut tx = ground.db.begin().await?;
    let note = checkpoint_in(&mut tx, ground, log, signer).await?;
    tx.commit().await?;
    Ok(note)
}

/// [`checkpoint`] as part of a larger transaction, such as that which took in an envelope. The note
/// must not leave the node before the transaction is committed: a leaf that it covers could vanish,
/// and the ledger would have signed two trees.
#[boxed]
pub async fn checkpoint_in(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    signer: &LedgerSigner,
) -> Result<Note, Error> {
    let number = ground.number(log);
    let frontier = grow(tx, number).await?;
    let size = frontier.size();
    if let Some(kept) = rows::checkpoint(tx, number, Some(size)).await?
        && is_signed_by(&kept.note, signer)
    {
        return Ok(kept.note);
    }
    let now = ground.now();
    let seconds = u64::try_from(now.as_seconds()).unwrap_or_default();
    let note = signer.sign(size, frontier.root(), seconds)?;
    let new = Checkpoint {
        size,
        note,
        edge: frontier,
    };
    rows::keep_checkpoint(tx, number, now.as_micros(), &new).await?;
    Ok(new.note)
}

/// The newest checkpoint that is kept, with its cosignatures.
#[boxed]
pub async fn newest_checkpoint(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
) -> Result<Option<Note>, Error> {
    let kept = rows::checkpoint(tx, ground.number(log), None).await?;
    Ok(kept.map(|kept| kept.note))
}

/// How many leaves a ledger has.
#[boxed]
pub async fn size(tx: &mut Tx, ground: &Ground, log: Log) -> Result<u64, Error> {
    Ok(leaves::size(tx, ground.number(log)).await?)
}

/// Adds a witness's answer to the checkpoint of that size. Lines of other keys than the `known`
/// ones are left out; one of a known key that does not verify fails. Gives the whole note.
#[boxed]
pub async fn add_cosignatures(
    tx: &mut Tx,
    ground: &Ground,
    (log, size): (Log, u64),
    lines: &[SignatureLine],
    known: &[VerifierKey],
) -> Result<Note, Error> {
    let number = ground.number(log);
    // Two witnesses may answer at once: whoever holds the head adds first.
    rows::head_for_update(tx, number).await?;
    let kept = rows::checkpoint(tx, number, Some(size)).await?;
    let mut kept = kept.ok_or(Error::NoCheckpoint { log, size })?;
    for line in lines {
        let Some(key) = known.iter().find(|key| key.claims(line)) else {
            continue;
        };
        key.verify(&kept.note.text, line)?;
        if !kept.note.signatures.iter().any(|had| key.claims(had)) {
            kept.note.signatures.push(line.clone());
        }
    }
    rows::keep_checkpoint(tx, number, ground.now().as_micros(), &kept).await?;
    Ok(kept.note)
}

/// The path of a leaf in the tree of `size` leaves, which a checkpoint must have covered.
#[boxed]
pub async fn inclusion(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, Error> {
    resolve_at(tx, ground, log, (Plan::inclusion(index, size)?, size)).await
}

/// The proof that the tree of `new` leaves continues that of `old`.
#[boxed]
pub async fn consistency(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, Error> {
    resolve_at(tx, ground, log, (Plan::consistency(old, new)?, new)).await
}

/// Reads what a plan needs in the tree of `size` leaves.
async fn resolve_at(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    (plan, size): (Plan, u64),
) -> Result<Vec<Hash>, Error> {
    let kept = rows::checkpoint(tx, ground.number(log), Some(size)).await?;
    resolve(tx, ground, log, (plan, kept.as_ref())).await
}

/// The receipt of a leaf under the newest checkpoint, which must cover it.
#[boxed]
pub async fn receipt(tx: &mut Tx, ground: &Ground, log: Log, index: u64) -> Result<String, Error> {
    let kept = rows::checkpoint(tx, ground.number(log), None).await?;
    receipt_of(tx, ground, log, index, kept).await
}

/// The receipt of a leaf under the checkpoint of that size.
#[boxed]
pub async fn receipt_at(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    index: u64,
    size: u64,
) -> Result<String, Error> {
    let kept = rows::checkpoint(tx, ground.number(log), Some(size)).await?;
    receipt_of(tx, ground, log, index, kept).await
}

async fn receipt_of(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    index: u64,
    kept: Option<Checkpoint>,
) -> Result<String, Error> {
    let record = record(tx, ground, log, index).await?;
    let size = index.saturating_add(1);
    let kept = kept
        .filter(|kept| kept.size > index)
        .ok_or(Error::NoCheckpoint { log, size })?;
    let plan = Plan::inclusion(index, kept.size)?;
    let hashes = resolve(tx, ground, log, (plan, Some(&kept))).await?;
    Ok(ledger::receipt(&record, index, hashes, kept.note))
}

/// A tile or an entry bundle as `tlog-tiles` serves it; nothing where the newest checkpoint does
/// not cover it, so that nobody learns of leaves that no signature vouches for.
#[boxed]
pub async fn tile(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    path: TilePath,
) -> Result<Option<Vec<u8>>, Error> {
    let number = ground.number(log);
    let Some(kept) = rows::checkpoint(tx, number, None).await? else {
        return Ok(None);
    };
    let level = match path.kind {
        TileKind::Entries => 0,
        TileKind::Hashes { level } => level,
    };
    let id = TileId {
        level,
        index: path.index,
    };
    let width = path.width();
    if id.width(kept.size) < width {
        return Ok(None);
    }
    if path.kind == TileKind::Entries {
        let entries = entries(tx, number, path.index, width).await?;
        return Ok(Some(bundle(entries.iter().map(<[u8; 32]>::as_slice))?));
    }
    let first = path.index.saturating_mul(tile_width());
    let level = id.level.saturating_mul(TILE_HEIGHT);
    let hashes = nodes::kept(
        tx,
        number,
        NodeId {
            level,
            index: first,
        },
        width,
    )
    .await?;
    Ok(Some(
        hashes.iter().flat_map(Hash::as_bytes).copied().collect(),
    ))
}

/// Computes the tree anew from all leaves, without what is kept of it, and holds its root against
/// the newest checkpoint. Gives the size that was checked. For `doctor`, and after a restore.
#[boxed]
pub async fn check(tx: &mut Tx, ground: &Ground, log: Log) -> Result<u64, Error> {
    let number = ground.number(log);
    let Some(kept) = rows::checkpoint(tx, number, None).await? else {
        return Ok(0);
    };
    let stated = ledger::Checkpoint::parse(kept.note.text.as_bytes())?;
    let mut frontier = Frontier::new();
    loop {
        let from = frontier.size();
        let found = leaves::leaves_packed(tx, number, from, LEAVES_AT_ONCE).await?;
        for row in found {
            // A gap ends it: what follows is not read.
            if frontier.size() < kept.size && number.index(row.id) == frontier.size() {
                frontier.append(hash_of(&row)?, |_, _| {})?;
            }
        }
        if frontier.size() == from {
            break;
        }
    }
    if frontier.size() == kept.size && frontier.root() == *stated.root() {
        Ok(kept.size)
    } else {
        Err(Error::Broken {
            log,
            size: kept.size,
        })
    }
}

/// Opens the next epoch of a ledger whose tree cannot be continued, as after a restore from an
/// older backup. Its first leaf is `local:ledger.epoch_opened` with the SHA-256 of the signed
/// `statement` that peers are shown. The caller signs under a new origin from here on.
#[boxed]
pub async fn open_epoch(ground: &Ground, log: Log, statement: &[u8]) -> Result<u32, Error> {
    let before = ground.epoch(log);
    let epoch = before + 1;
    let mut tx = ground.db.begin().await?;
    rows::insert_head(&mut tx, Number::new(log, epoch)).await?;
    ground.enter_epoch(log, epoch);
    let leaf = Leaf {
        act: Act::local("ledger.epoch_opened")?,
        subject: format!("ledger--{log}/{epoch}"),
        sha256: ledger::sha256(statement),
    };
    let opened = match append(&mut tx, ground, log, &[leaf]).await {
        Ok(_first) => tx.commit().await.map_err(Error::from),
        Err(error) => Err(error),
    };
    if opened.is_err() {
        ground.enter_epoch(log, before);
    }
    opened.map(|()| epoch)
}

/// Adds to the tree what was appended since it was built last, and gives its right edge.
async fn grow(tx: &mut Tx, number: Number) -> Result<Frontier, Error> {
    let mut frontier = rows::head_for_update(tx, number).await?;
    let before = frontier.size();
    loop {
        let from = frontier.size();
        let found = leaves::leaves_packed(tx, number, from, LEAVES_AT_ONCE).await?;
        let last = i64::try_from(found.len()).unwrap_or(i64::MAX) < LEAVES_AT_ONCE;
        let mut completed = Vec::new();
        for row in &found {
            frontier.append(hash_of(row)?, |node, hash| {
                if nodes::is_kept(node) {
                    completed.push((node, hash));
                }
            })?;
        }
        rows::insert_hashes(tx, number, &completed).await?;
        if last {
            break;
        }
    }
    if frontier.size() > before {
        rows::update_head(tx, number, &frontier).await?;
    }
    Ok(frontier)
}

/// Finds the hashes of a plan; `kept` is the checkpoint of its size, where one is kept.
async fn resolve(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    (plan, kept): (Plan, Option<&Checkpoint>),
) -> Result<Vec<Hash>, Error> {
    let (number, size) = (ground.number(log), plan.size());
    let plan = match kept {
        Some(kept) => plan.with_edge(&kept.edge),
        None => plan,
    };
    let hashes = nodes::load(tx, (ground, number), &plan.nodes(), size).await?;
    let found = plan.resolve_nodes(|node| hashes.get(&node).copied());
    found.map_err(|_tree_is_smaller| Error::NoCheckpoint { log, size })
}

async fn entries(
    tx: &mut Tx,
    number: Number,
    tile: u64,
    width: usize,
) -> Result<Vec<[u8; 32]>, Error> {
    let first = tile.saturating_mul(tile_width());
    let width = i64::try_from(width).unwrap_or(256);
    let found = leaves::leaves_packed(tx, number, first, width).await?;
    found.iter().map(crate::append::entry_of).collect()
}

fn tile_width() -> u64 {
    u64::try_from(TILE_WIDTH).unwrap_or(256)
}

fn is_signed_by(note: &Note, signer: &LedgerSigner) -> bool {
    let keys = signer.keys();
    [keys.ed25519(), keys.mldsa44()]
        .iter()
        .all(|key| note.signatures.iter().any(|line| key.claims(line)))
}
