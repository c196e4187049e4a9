//! Rows of `ledger_leaf` and `ledger_act`.

use db::{
    DbError, Tx,
    dialect::Sql,
    on,
    sqlx::{FromRow, query, query_as},
};

use crate::log::Number;

/// A leaf to be inserted.
pub(crate) struct NewLeaf {
    pub(crate) act: i64,
    pub(crate) subject: Vec<u8>,
    pub(crate) sha256: [u8; 32],
    pub(crate) salt: [u8; 32],
}

/// A leaf with the code of its act. `sha256` and `salt` are there unless it was erased, `entry`
/// only then.
#[derive(Debug, FromRow)]
pub(crate) struct LeafRow {
    pub(crate) id: i64,
    pub(crate) act: i64,
    pub(crate) at: i64,
    pub(crate) subject: Vec<u8>,
    pub(crate) sha256: Option<Vec<u8>>,
    pub(crate) salt: Option<Vec<u8>>,
    pub(crate) entry: Option<Vec<u8>>,
    pub(crate) code: Option<String>,
}

/// Inserts one leaf, in one statement, and gives its index.
pub(crate) async fn append_one(
    tx: &mut Tx,
    number: Number,
    at: i64,
    leaf: &NewLeaf,
) -> Result<u64, DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                 VALUES (coalesce((SELECT id + 1 FROM ledger_leaf \
                 WHERE id >= $1 << 40 AND id < ($1 + 1) << 40 ORDER BY id DESC LIMIT 1), \
                 $1 << 40), $2, $3, $4, $5, $6) RETURNING id",
        postgres: "INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                   VALUES (ledger_next($1), $2, $3, $4, $5, $6) RETURNING id",
    };
    let sql = SQL.on(tx);
    let (id,): (i64,) = on!(tx, conn => query_as(sql)
        .bind(number.get())
        .bind(leaf.act)
        .bind(at)
        .bind(leaf.subject.as_slice())
        .bind(leaf.sha256.as_slice())
        .bind(leaf.salt.as_slice())
        .fetch_one(conn)
        .await)?;
    Ok(number.index(id))
}

/// Inserts many leaves, in two statements whatever their number, and gives the first index.
///
/// All bytes go over as one value, cut up again by `substr`: a slot for each leaf, as wide as the
/// longest subject and 64 bytes more. A list of integers says act and length of subject.
pub(crate) async fn append_many(
    tx: &mut Tx,
    number: Number,
    at: i64,
    leaves: &[NewLeaf],
) -> Result<u64, DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                 SELECT $1 + n.key, n.value >> 8, $2, \
                 substr($5, n.key * $3 + 1, n.value & 255), \
                 substr($5, n.key * $3 + $3 - 63, 32), \
                 substr($5, n.key * $3 + $3 - 31, 32) FROM json_each($4) AS n",
        postgres: "INSERT INTO ledger_leaf (id, act, at, subject, sha256, salt) \
                   SELECT $1 + n.key - 1, n.value >> 8, $2, \
                   substr($5, ((n.key - 1) * $3 + 1)::int, (n.value & 255)::int), \
                   substr($5, (n.key * $3 - 63)::int, 32), \
                   substr($5, (n.key * $3 - 31)::int, 32) \
                   FROM unnest(string_to_array(btrim($4, '[]'), ',')::bigint[]) \
                   WITH ORDINALITY AS n (value, key)",
    };
    let subject_bytes = leaves
        .iter()
        .map(|leaf| leaf.subject.len())
        .max()
        .unwrap_or(0);
    let slot_bytes = subject_bytes + 64;
    let mut bytes = Vec::with_capacity(leaves.len() * slot_bytes);
    let mut list = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        bytes.extend_from_slice(&leaf.subject);
        bytes.resize(bytes.len() + subject_bytes - leaf.subject.len(), 0);
        bytes.extend_from_slice(&leaf.sha256);
        bytes.extend_from_slice(&leaf.salt);
        let subject_bytes = i64::try_from(leaf.subject.len()).unwrap_or(255);
        list.push((leaf.act << 8 | subject_bytes).to_string());
    }
    let list = format!("[{}]", list.join(","));
    let first = next_id(tx, number).await?;
    let sql = SQL.on(tx);
    on!(tx, conn => query(sql)
        .bind(first)
        .bind(at)
        .bind(i64::try_from(slot_bytes).unwrap_or(i64::MAX))
        .bind(&list)
        .bind(bytes.as_slice())
        .execute(conn)
        .await
        .map(drop))?;
    Ok(number.index(first))
}

/// The id of the next leaf; on PostgreSQL it holds the ledger until the transaction ends.
async fn next_id(tx: &mut Tx, number: Number) -> Result<i64, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT coalesce((SELECT id + 1 FROM ledger_leaf \
                 WHERE id >= $1 << 40 AND id < ($1 + 1) << 40 ORDER BY id DESC LIMIT 1), $1 << 40)",
        postgres: "SELECT ledger_next($1)",
    };
    let sql = SQL.on(tx);
    let (id,): (i64,) = on!(tx, conn => query_as(sql).bind(number.get()).fetch_one(conn).await)?;
    Ok(id)
}

/// How many leaves there are.
pub(crate) async fn size(tx: &mut Tx, number: Number) -> Result<u64, DbError> {
    const SQL: &str = "SELECT id + 1 FROM ledger_leaf WHERE id >= $1 AND id < $2 \
                       ORDER BY id DESC LIMIT 1";
    let row: Option<(i64,)> = on!(tx, conn => query_as(SQL)
        .bind(number.id(0))
        .bind(number.end())
        .fetch_optional(conn)
        .await)?;
    Ok(row.map_or(0, |(id,)| number.index(id)))
}

/// Makes a code of acts known under its number. Gives the code that has the number already, if it
/// is another one.
pub(crate) async fn declare(tx: &mut Tx, act: i64, code: &str) -> Result<Option<String>, DbError> {
    const SQL: &str = "INSERT INTO ledger_act (id, code) VALUES ($1, $2) \
                       ON CONFLICT (id) DO UPDATE SET code = ledger_act.code \
                       WHERE ledger_act.code <> excluded.code RETURNING code";
    let row: Option<(String,)> =
        on!(tx, conn => query_as(SQL).bind(act).bind(code).fetch_optional(conn).await)?;
    Ok(row.map(|(found,)| found).filter(|found| found != code))
}

/// Leaves from an index on, in their order.
pub(crate) async fn leaves(
    tx: &mut Tx,
    number: Number,
    from: u64,
    most: i64,
) -> Result<Vec<LeafRow>, DbError> {
    const SQL: &str = "SELECT l.id, l.act, l.at, l.subject, l.sha256, l.salt, l.entry, a.code \
                       FROM ledger_leaf AS l LEFT JOIN ledger_act AS a ON a.id = l.act \
                       WHERE l.id >= $1 AND l.id < $2 ORDER BY l.id LIMIT $3";
    let last = number.id(from).saturating_add(most).min(number.end());
    Ok(on!(tx, conn => query_as(SQL)
        .bind(number.id(from))
        .bind(last)
        .bind(most)
        .fetch_all(conn)
        .await)?)
}

/// Leaves before an index, newest first.
pub(crate) async fn leaves_before(
    tx: &mut Tx,
    number: Number,
    before: u64,
    most: i64,
) -> Result<Vec<LeafRow>, DbError> {
    const SQL: &str = "SELECT l.id, l.act, l.at, l.subject, l.sha256, l.salt, l.entry, a.code \
                       FROM ledger_leaf AS l LEFT JOIN ledger_act AS a ON a.id = l.act \
                       WHERE l.id >= $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3";
    Ok(on!(tx, conn => query_as(SQL)
        .bind(number.id(0))
        .bind(number.id(before).min(number.end()))
        .bind(most)
        .fetch_all(conn)
        .await)?)
}

/// Leaves the entry and removes what it was made of.
pub(crate) async fn erase(tx: &mut Tx, id: i64, entry: &[u8; 32]) -> Result<(), DbError> {
    const SQL: &str = "UPDATE ledger_leaf SET sha256 = NULL, salt = NULL, entry = $2 \
                       WHERE id = $1 AND salt IS NOT NULL";
    on!(tx, conn =>
        query(SQL).bind(id).bind(entry.as_slice()).execute(conn).await.map(drop))?;
    Ok(())
}
