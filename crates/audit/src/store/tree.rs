//! Rows of `ledger_head`, `ledger_node` and `ledger_checkpoint`.

use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use ledger::{Frontier, Hash, NodeId, Note};

use crate::{log::Number, store::leaf::decode_hex};

/// A checkpoint as it was signed and cosigned.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    pub(crate) size: u64,
    pub(crate) note: Note,
    pub(crate) edge: Frontier,
}

/// The newest epoch of each ledger, by place.
pub(crate) async fn epochs(tx: &mut Tx) -> Result<[u32; 3], DbError> {
    const SQL: &str = "SELECT log FROM ledger_head ORDER BY log";
    let rows: Vec<(i64,)> = query(SQL).fetch_all(tx).await?;
    let mut epochs = [0; 3];
    for (number,) in rows {
        let (log, epoch) =
            Number::split(number).ok_or_else(|| Corrupt::new("ledger_head", "log", &number))?;
        if let Some(newest) = epochs.get_mut(log.place()) {
            *newest = epoch.max(*newest);
        }
    }
    Ok(epochs)
}

/// Begins a ledger's tree.
pub(crate) async fn insert_head(tx: &mut Tx, number: Number) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO ledger_head (log, frontier) VALUES ($1, $2)";
    let empty = Frontier::new().to_bytes();
    query(SQL)
        .bind(number.get())
        .bind(empty.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

/// The right edge of the tree as far as it was built. Holds the tree until the transaction ends;
/// leaves can be appended meanwhile.
pub(crate) async fn head_for_update(tx: &mut Tx, number: Number) -> Result<Frontier, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT frontier FROM ledger_head WHERE log = $1",
        postgres: "SELECT frontier FROM ledger_head WHERE log = $1 FOR UPDATE",
    };
    let sql = SQL.on(tx);
    let (bytes,): (Vec<u8>,) = query(sql).bind(number.get()).fetch_one(tx).await?;
    let corrupt = || Corrupt::new("ledger_head", "frontier", &number.get());
    Ok(Frontier::from_bytes(&bytes).map_err(|_unreadable| corrupt())?)
}

pub(crate) async fn update_head(
    tx: &mut Tx,
    number: Number,
    frontier: &Frontier,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE ledger_head SET frontier = $2 WHERE log = $1";
    let bytes = frontier.to_bytes();
    query(SQL)
        .bind(number.get())
        .bind(bytes.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds hashes of kept levels.
pub(crate) async fn insert_hashes(
    tx: &mut Tx,
    number: Number,
    hashes: &[(NodeId, Hash)],
) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO ledger_node (log, level, idx, hash)";
    let rows = hashes.iter().map(|(node, hash)| {
        [
            number.get().into(),
            i64::from(node.level).into(),
            i64::try_from(node.index).unwrap_or(i64::MAX).into(),
            hash.as_bytes().as_slice().into(),
        ]
    });
    db::rows((INTO, ""), rows).insert(tx).await
}

/// Hashes of a kept level from a node on, at most `count`.
pub(crate) async fn hashes(
    tx: &mut Tx,
    number: Number,
    from: NodeId,
    count: usize,
) -> Result<Vec<Hash>, DbError> {
    let found = hashes_of(tx, number, &[(from, count)]).await?;
    Ok(found.into_iter().map(|(_, hash)| hash).collect())
}

/// Hashes of kept levels: from each node on so many, or as many as there are. In one statement,
/// since each costs more than what it reads.
pub(crate) async fn hashes_of(
    tx: &mut Tx,
    number: Number,
    groups: &[(NodeId, usize)],
) -> Result<Vec<(NodeId, Hash)>, DbError> {
    const ALL: Sql = Sql {
        sqlite: "SELECT group_concat(packed, ',') FROM (",
        postgres: "SELECT string_agg(packed, ',' ORDER BY level, idx) FROM (",
    };
    const GROUP: Sql = Sql {
        sqlite: "SELECT level || '|' || idx || '|' || hex(hash) AS packed \
                 FROM ledger_node WHERE log = ",
        postgres: "SELECT level, idx, concat(level, '|', idx, '|', encode(hash, 'hex')) AS packed \
                   FROM ledger_node WHERE log = ",
    };
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = query(ALL.on(tx));
    for (place, (from, count)) in groups.iter().enumerate() {
        let first = i64::try_from(from.index).unwrap_or(i64::MAX);
        let count = i64::try_from(*count).unwrap_or(i64::MAX);
        sql.push(if place == 0 { "" } else { " UNION ALL " });
        sql.push(GROUP.on(tx)).push_bind(number.get());
        sql.push(" AND level = ").push_bind(i64::from(from.level));
        sql.push(" AND idx >= ").push_bind(first);
        sql.push(" AND idx < ")
            .push_bind(first.saturating_add(count));
    }
    sql.push(") AS node");
    let (packed,): (Option<String>,) = sql.fetch_one(tx).await?;
    let packed = packed.unwrap_or_default();
    let nodes = packed.split_terminator(',').map(|node| {
        unpack(node).ok_or_else(|| DbError::from(Corrupt::new("ledger_node", "hash", &node)))
    });
    let mut nodes = nodes.collect::<Result<Vec<_>, _>>()?;
    // The engines need not put parts together in order.
    nodes.sort_unstable_by_key(|(node, _)| *node);
    Ok(nodes)
}

/// `level|index|HEX`.
fn unpack(packed: &str) -> Option<(NodeId, Hash)> {
    let mut fields = packed.splitn(3, '|');
    let (level, index) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let bytes = decode_hex(fields.next()?)?;
    let hash = Hash::new(bytes.try_into().ok()?);
    Some((NodeId { level, index }, hash))
}

/// The newest checkpoint, or the one of exactly that size.
pub(crate) async fn checkpoint(
    tx: &mut Tx,
    number: Number,
    size: Option<u64>,
) -> Result<Option<Checkpoint>, DbError> {
    const SQL: &str = "SELECT size, note, edge FROM ledger_checkpoint \
                       WHERE log = $1 AND size >= $2 AND size <= $3 ORDER BY size DESC LIMIT 1";
    let size = size.map(|size| i64::try_from(size).unwrap_or(i64::MAX));
    let row: Option<(i64, String, Vec<u8>)> = query(SQL)
        .bind(number.get())
        .bind(size.unwrap_or(0))
        .bind(size.unwrap_or(i64::MAX))
        .fetch_optional(tx)
        .await?;
    let Some((size, note, edge)) = row else {
        return Ok(None);
    };
    let corrupt = |column| Corrupt::new("ledger_checkpoint", column, &size);
    Ok(Some(Checkpoint {
        size: u64::try_from(size).map_err(|_negative| corrupt("size"))?,
        note: Note::parse(note.as_bytes()).map_err(|_unreadable| corrupt("note"))?,
        edge: Frontier::from_bytes(&edge).map_err(|_unreadable| corrupt("edge"))?,
    }))
}

/// Keeps a signed checkpoint, or the same one with more signatures.
pub(crate) async fn keep_checkpoint(
    tx: &mut Tx,
    number: Number,
    at: i64,
    checkpoint: &Checkpoint,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO ledger_checkpoint (log, size, at, note, edge) \
                       VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (log, size) DO UPDATE SET note = excluded.note";
    let (note, edge) = (checkpoint.note.to_string(), checkpoint.edge.to_bytes());
    query(SQL)
        .bind(number.get())
        .bind(i64::try_from(checkpoint.size).unwrap_or(i64::MAX))
        .bind(at)
        .bind(&note)
        .bind(edge.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets all but the newest `kept` checkpoints of a ledger.
pub(crate) async fn forget_checkpoints(
    tx: &mut Tx,
    number: Number,
    kept: i64,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM ledger_checkpoint WHERE log = $1 AND size NOT IN \
                       (SELECT size FROM ledger_checkpoint WHERE log = $1 \
                       ORDER BY size DESC LIMIT $2)";
    query(SQL).bind(number.get()).bind(kept).execute(tx).await?;
    Ok(())
}
