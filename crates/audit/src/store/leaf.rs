//! Rows of `ledger_leaf` and `ledger_act`.

use db::{Corrupt, DbError, Engine, Query, Tx, dialect::Sql, query};

use crate::log::Number;

/// A leaf to be inserted.
pub(crate) struct NewLeaf {
    pub(crate) act: i64,
    pub(crate) subject: Vec<u8>,
    pub(crate) sha256: [u8; 32],
    pub(crate) salt: [u8; 32],
}

db::row! {
    /// A leaf with the code of its act. `sha256` and `salt` are there unless it was erased, `entry`
    /// only then.
    #[derive(Debug)]
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
}

/// Inserts one leaf, by rule in one statement, and gives its index.
///
/// On PostgreSQL two that want the same id meet at the key: the later one waits, and where the
/// earlier one commits it inserts nothing and tries again, in turn with the others now. An id exists
/// only after the one before it was committed, or in its transaction, so there is never a gap to
/// see.
pub(crate) async fn append_one(
    tx: &mut Tx,
    number: Number,
    at: i64,
    leaf: &NewLeaf,
) -> Result<u64, DbError> {
    let id = match tx.engine() {
        Engine::Sqlite => {
            // The id comes back without a row, which would be one more thing to fetch.
            let id = leaf.appended(tx, number, at).insert(tx).await?;
            id.ok_or_else(|| Corrupt::new("ledger_leaf", "id", &number.get()))?
        }
        Engine::Postgres => match append_as_guessed(tx, number, at, leaf).await? {
            Some(id) => id,
            None => append_as_found(tx, number, at, leaf).await?,
        },
    };
    Ok(number.index(id))
}

/// Inserts a leaf after the last one. SQLite gives the id back unasked.
const APPEND: Sql = Sql {
    sqlite: "INSERT INTO ledger_leaf (act, at, subject, sha256, salt, id) \
             VALUES ($1, $2, $3, $4, $5, coalesce((SELECT id + 1 FROM ledger_leaf \
             WHERE id >= $6 AND id < $7 ORDER BY id DESC LIMIT 1), $6))",
    postgres: "INSERT INTO ledger_leaf (act, at, subject, sha256, salt, id) \
               VALUES ($1, $2, $3, $4, $5, coalesce((SELECT id + 1 FROM ledger_leaf \
               WHERE id >= $6 AND id < $7 ORDER BY id DESC LIMIT 1), $6)) \
               ON CONFLICT (id) DO NOTHING RETURNING id",
};

impl NewLeaf {
    /// Binds what the leaf says, as the first five values.
    fn bound<'l>(&'l self, sql: Query<'l>, at: i64) -> Query<'l> {
        sql.bind(self.act)
            .bind(at)
            .bind(self.subject.as_slice())
            .bind(self.sha256.as_slice())
            .bind(self.salt.as_slice())
    }

    /// As [`APPEND`] wants it.
    fn appended<'l>(&'l self, tx: &Tx, number: Number, at: i64) -> Query<'l> {
        let sql = self.bound(query(APPEND.on(tx)), at);
        sql.bind(number.id(0)).bind(number.end())
    }
}

/// Inserts a leaf under the id that this process expects next, if the leaf before is there and that
/// one is not. To look up one id costs a third of finding the last.
async fn append_as_guessed(
    tx: &mut Tx,
    number: Number,
    at: i64,
    leaf: &NewLeaf,
) -> Result<Option<i64>, DbError> {
    const SQL: &str = "INSERT INTO ledger_leaf (act, at, subject, sha256, salt, id) \
                       SELECT $1, $2, $3, $4, $5, $6 \
                       WHERE EXISTS (SELECT 1 FROM ledger_leaf WHERE id = $7) \
                       ON CONFLICT (id) DO NOTHING";
    let Some(id) = tx.hint(next_of(number)) else {
        return Ok(None);
    };
    let inserted = leaf.bound(query(SQL), at).bind(id).bind(id - 1).execute(tx);
    if inserted.await? == 0 {
        return Ok(None);
    }
    tx.leave_hint(next_of(number), id + 1);
    Ok(Some(id))
}

/// Inserts a leaf after the last one that there is.
async fn append_as_found(
    tx: &mut Tx,
    number: Number,
    at: i64,
    leaf: &NewLeaf,
) -> Result<i64, DbError> {
    for attempt in 0..ATTEMPTS_MAX {
        if attempt > 0 {
            next_id(tx, number).await?;
        }
        // All rows, of which there is one at most: asked for one alone, PostgreSQL keeps a cursor.
        let rows: Vec<(i64,)> = leaf.appended(tx, number, at).fetch_all(tx).await?;
        if let [(id,)] = rows.as_slice() {
            tx.leave_hint(next_of(number), id + 1);
            return Ok(*id);
        }
    }
    Err(DbError::Contended)
}

/// Under which name the id that a ledger goes on with is remembered.
const fn next_of(number: Number) -> (&'static str, i64) {
    ("ledger_leaf", number.get())
}

/// How often an append tries again when others are quicker. Each time another one has got through.
const ATTEMPTS_MAX: usize = 1_000;

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
    let slot_bytes = to_i64(slot_bytes);
    for _attempt in 0..ATTEMPTS_MAX {
        let first = next_id(tx, number).await?;
        savepoint(tx, "SAVEPOINT ledger_append").await?;
        let sql = SQL.on(tx);
        let inserted = query(sql)
            .bind(first)
            .bind(at)
            .bind(slot_bytes)
            .bind(&list)
            .bind(bytes.as_slice())
            .execute(tx)
            .await;
        match inserted {
            Ok(_rows) => {
                tx.leave_hint(next_of(number), first.saturating_add(to_i64(leaves.len())));
                return Ok(number.index(first));
            }
            // A single leaf came between; those of one call stand side by side, so all move. To let
            // the statement itself pass over what is there costs twice as much.
            Err(DbError::Constraint {
                duplicate: true, ..
            }) => {
                savepoint(tx, "ROLLBACK TO SAVEPOINT ledger_append").await?;
            }
            Err(error) => return Err(error),
        }
    }
    Err(DbError::Contended)
}

/// On PostgreSQL alone: SQLite has one writer, and nobody comes between.
async fn savepoint(tx: &mut Tx, statement: &'static str) -> Result<(), DbError> {
    if tx.engine() == Engine::Postgres {
        query(statement).execute(tx).await?;
    }
    Ok(())
}

fn to_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The id of the next leaf; on PostgreSQL it holds the ledger until the transaction ends.
async fn next_id(tx: &mut Tx, number: Number) -> Result<i64, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT coalesce((SELECT id + 1 FROM ledger_leaf \
                 WHERE id >= $1 << 40 AND id < ($1 + 1) << 40 ORDER BY id DESC LIMIT 1), $1 << 40)",
        postgres: "SELECT ledger_next($1)",
    };
    let sql = SQL.on(tx);
    let (id,): (i64,) = query(sql).bind(number.get()).fetch_one(tx).await?;
    Ok(id)
}

/// How many leaves there are.
pub(crate) async fn size(tx: &mut Tx, number: Number) -> Result<u64, DbError> {
    const SQL: &str = "SELECT id + 1 FROM ledger_leaf WHERE id >= $1 AND id < $2 \
                       ORDER BY id DESC LIMIT 1";
    let row: Option<(i64,)> = query(SQL)
        .bind(number.id(0))
        .bind(number.end())
        .fetch_optional(tx)
        .await?;
    Ok(row.map_or(0, |(id,)| number.index(id)))
}

/// Makes a code of acts known under its number. Gives the code that has the number already, if it
/// is another one.
pub(crate) async fn declare(tx: &mut Tx, act: i64, code: &str) -> Result<Option<String>, DbError> {
    const SQL: &str = "INSERT INTO ledger_act (id, code) VALUES ($1, $2) \
                       ON CONFLICT (id) DO UPDATE SET code = ledger_act.code \
                       WHERE ledger_act.code <> excluded.code RETURNING code";
    let row: Option<(String,)> = query(SQL).bind(act).bind(code).fetch_optional(tx).await?;
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
                       WHERE l.id >= $1 AND l.id < $2 ORDER BY l.id";
    // The range alone bounds it: a limit that varies makes SQLite plan anew each time.
    let last = number.id(from).saturating_add(most).min(number.end());
    query(SQL)
        .bind(number.id(from))
        .bind(last)
        .fetch_all(tx)
        .await
}

/// Leaves from an index on, in their order, in one value: where hundreds are read, taking them row
/// by row costs more than all the rest.
pub(crate) async fn leaves_packed(
    tx: &mut Tx,
    number: Number,
    from: u64,
    most: i64,
) -> Result<Vec<LeafRow>, DbError> {
    // One hexadecimal text for all bytes: making it costs most. Which bytes there are follows from
    // their number: 64 after the subject, or the 32 of the entry once erased.
    const SQL: Sql = Sql {
        sqlite: "SELECT group_concat(packed, ',') FROM (SELECT l.id || '|' || l.act || '|' || l.at \
                 || '|' || hex(l.subject || coalesce(l.sha256 || l.salt, l.entry)) \
                 || iif(l.salt IS NULL, '|-', '|') || coalesce(a.code, '') AS packed \
                 FROM ledger_leaf AS l LEFT JOIN ledger_act AS a ON a.id = l.act \
                 WHERE l.id >= $1 AND l.id < $2 ORDER BY l.id)",
        postgres: "SELECT string_agg(packed, ',' ORDER BY id) FROM (SELECT l.id, \
                   concat(l.id, '|', l.act, '|', l.at, '|', \
                   encode(l.subject || coalesce(l.sha256 || l.salt, l.entry), 'hex'), \
                   CASE WHEN l.salt IS NULL THEN '|-' ELSE '|' END, a.code) AS packed \
                   FROM ledger_leaf AS l LEFT JOIN ledger_act AS a ON a.id = l.act \
                   WHERE l.id >= $1 AND l.id < $2) AS leaf",
    };
    let sql = SQL.on(tx);
    let last = number.id(from).saturating_add(most).min(number.end());
    let (packed,): (Option<String>,) = query(sql)
        .bind(number.id(from))
        .bind(last)
        .fetch_one(tx)
        .await?;
    let packed = packed.unwrap_or_default();
    let mut leaves: Vec<LeafRow> = Vec::with_capacity(usize::try_from(most).unwrap_or_default());
    for leaf in packed.split_terminator(',') {
        let before = leaves.last().map_or(i64::MIN, |leaf| leaf.id);
        let leaf = unpack(leaf).filter(|leaf| leaf.id > before);
        leaves.push(leaf.ok_or_else(|| Corrupt::new("ledger_leaf", "packed", &before))?);
    }
    Ok(leaves)
}

/// `id|act|at|HEX|code`, with a `-` before the code of an erased leaf.
fn unpack(packed: &str) -> Option<LeafRow> {
    let mut fields = packed.splitn(5, '|');
    let (id, act, at) = (fields.next()?, fields.next()?, fields.next()?);
    let mut subject = decode_hex(fields.next()?)?;
    let code = fields.next()?;
    let erased = code.strip_prefix('-');
    let mut last_32 = || {
        let at = subject.len().checked_sub(32)?;
        Some(subject.split_off(at))
    };
    let (mut sha256, mut salt, mut entry) = (None, None, None);
    if erased.is_some() {
        entry = Some(last_32()?);
    } else {
        salt = Some(last_32()?);
        sha256 = Some(last_32()?);
    }
    let code = erased.unwrap_or(code);
    Some(LeafRow {
        id: id.parse().ok()?,
        act: act.parse().ok()?,
        at: at.parse().ok()?,
        subject,
        sha256,
        salt,
        entry,
        code: (!code.is_empty()).then(|| code.to_owned()),
    })
}

/// SQLite writes hexadecimal in capitals, PostgreSQL in small letters.
pub(crate) fn decode_hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?));
    rest.is_empty().then(|| bytes.collect())?
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
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
    query(SQL)
        .bind(number.id(0))
        .bind(number.id(before).min(number.end()))
        .bind(most)
        .fetch_all(tx)
        .await
}

/// Leaves the entry and removes what it was made of.
pub(crate) async fn erase(tx: &mut Tx, id: i64, entry: &[u8; 32]) -> Result<(), DbError> {
    const SQL: &str = "UPDATE ledger_leaf SET sha256 = NULL, salt = NULL, entry = $2 \
                       WHERE id = $1 AND salt IS NOT NULL";
    query(SQL)
        .bind(id)
        .bind(entry.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}
