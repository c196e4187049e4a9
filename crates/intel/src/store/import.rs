use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{ImportId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::model::{Import, Loss, Refusal, Stage};

/// The columns of an import, in the order of [`Row`].
macro_rules! columns {
    () => {
        "i.id, i.requested_at, i.ended_at, i.failure, i.stage, i.source, i.form, i.bytes, \
         i.losses, i.total, i.added, i.known, i.refused"
    };
}

db::row! {
    struct Row {
        id: Uuid,
        requested_at: i64,
        ended_at: Option<i64>,
        failure: Option<String>,
        stage: i32,
        source: String,
        form: String,
        bytes: i64,
        losses: String,
        total: i64,
        added: i64,
        known: i64,
        refused: i64,
    }
}

impl TryFrom<Row> for Import {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("intel_import", column, &row.id);
        Ok(Self {
            id: ImportId::from_uuid(row.id),
            requested_at: Timestamp::from_micros(row.requested_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            failure: row.failure,
            stage: Stage::from_code(row.stage).ok_or_else(|| corrupt("stage"))?,
            source: row.source,
            form: row.form,
            bytes: row.bytes,
            losses: serde_json::from_str(&row.losses).map_err(|_bad| corrupt("losses"))?,
            total: row.total,
            added: row.added,
            known: row.known,
            refused: row.refused,
        })
    }
}

/// Work that is under way: which collection, who handed what in, and how many objects were read.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) slot: i64,
    pub(crate) submitter: String,
    pub(crate) read: i64,
    pub(crate) source: String,
    pub(crate) form: String,
    pub(crate) requested_at: Timestamp,
    /// The bytes of a file that was looked at first; zero for what was handed in at once.
    pub(crate) bytes: i64,
}

/// Writes a new import.
pub(crate) async fn insert(
    tx: &mut Tx,
    import: &Import,
    (slot, submitter): (i64, &str),
    read: i64,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_import (id, slot, submitter, requested_at, ended_at, \
                       failure, read, total, added, known, refused, stage, source, form, bytes) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    query(SQL)
        .bind(import.id.uuid())
        .bind(slot)
        .bind(submitter)
        .bind(import.requested_at.as_micros())
        .bind(import.ended_at.map(Timestamp::as_micros))
        .bind(import.failure.clone())
        .bind(read)
        .bind(import.total)
        .bind(import.added)
        .bind(import.known)
        .bind(import.refused)
        .bind(import.stage.code())
        .bind(import.source.as_str())
        .bind(import.form.as_str())
        .bind(import.bytes)
        .execute(tx)
        .await?;
    Ok(())
}

/// The import with that id, if that viewer handed it in under that collection's root.
pub(crate) async fn find(
    tx: &mut Tx,
    id: ImportId,
    submitter: &str,
    root: &str,
) -> Result<Option<Import>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM intel_import AS i JOIN collection AS c ON c.slot = i.slot \
         WHERE i.id = $1 AND i.submitter = $2 AND c.root = $3"
    );
    let statement = query(SQL).bind(id.uuid()).bind(submitter).bind(root);
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(Import::try_from).transpose()
}

/// The work of an import that has begun and has not ended.
pub(crate) async fn open(tx: &mut Tx, id: ImportId) -> Result<Option<Open>, DbError> {
    const SQL: &str = "SELECT slot, submitter, read, source, form, requested_at, bytes \
                       FROM intel_import WHERE id = $1 AND ended_at IS NULL AND stage = 2";
    let row: Option<(i64, String, i64, String, String, i64, i64)> =
        query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(
        |(slot, submitter, read, source, form, requested_at, bytes)| Open {
            slot,
            submitter,
            read,
            source,
            form,
            requested_at: Timestamp::from_micros(requested_at),
            bytes,
        },
    ))
}

/// How far an import has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Objects that were looked at until then.
    pub(crate) read: i64,
    /// Of these, more were added, known and refused.
    pub(crate) added: i64,
    pub(crate) known: i64,
    pub(crate) refused: i64,
}

/// Notes a step. False if another has noted it, or if the import has ended.
pub(crate) async fn advance(
    tx: &mut Tx,
    id: ImportId,
    before: i64,
    step: Step,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_import SET read = $3, added = added + $4, \
                       known = known + $5, refused = refused + $6, \
                       total = CASE WHEN total < $3 THEN $3 ELSE total END \
                       WHERE id = $1 AND read = $2 AND ended_at IS NULL";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(before)
        .bind(step.read)
        .bind(step.added)
        .bind(step.known)
        .bind(step.refused)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Ends an import, and lets the bytes go.
pub(crate) async fn end(
    tx: &mut Tx,
    id: ImportId,
    at: Timestamp,
    (failure, losses): (Option<&str>, &[Loss]),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_import SET ended_at = $2, failure = $3, losses = $4 \
                       WHERE id = $1 AND ended_at IS NULL";
    const PARTS: &str = "DELETE FROM intel_import_part WHERE import = $1";
    let statement = query(SQL).bind(id.uuid()).bind(at.as_micros());
    statement
        .bind(failure.map(printable))
        .bind(printable(&json!(losses).to_string()))
        .execute(tx)
        .await?;
    query(PARTS).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// Writes what was refused.
pub(crate) async fn refuse(tx: &mut Tx, id: ImportId, refusals: &[Refusal]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_import_refusal (import, place, stix_id, version, code, detail) \
                 SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]') FROM json_each($2)",
        postgres: "INSERT INTO intel_import_refusal (import, place, stix_id, version, code, \
                   detail) SELECT $1, CAST(value->>0 AS bigint), value->>1, value->>2, \
                   value->>3, value->>4 FROM json_array_elements(CAST($2 AS json)) AS t(value)",
    };
    if refusals.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = refusals
        .iter()
        .map(|refusal| {
            let (id, version) = (printable(&refusal.stix_id), printable(&refusal.version));
            json!([
                refusal.place,
                id,
                version,
                refusal.code,
                printable(&refusal.detail)
            ])
        })
        .collect();
    let statement = query(SQL.on(tx)).bind(id.uuid());
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// PostgreSQL keeps no NUL in a text.
fn printable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The refusals of an import, in the order of the objects, up to `most`.
pub(crate) async fn refusals(
    tx: &mut Tx,
    id: ImportId,
    most: i64,
) -> Result<Vec<Refusal>, DbError> {
    const SQL: &str = "SELECT place, stix_id, version, code, detail FROM intel_import_refusal \
                       WHERE import = $1 ORDER BY place LIMIT $2";
    let statement = query(SQL).bind(id.uuid()).bind(most);
    let rows: Vec<(i64, String, String, String, String)> = statement.fetch_all(tx).await?;
    let refusal = |(place, stix_id, version, code, detail)| Refusal {
        place,
        stix_id,
        version,
        code,
        detail,
    };
    Ok(rows.into_iter().map(refusal).collect())
}

/// Keeps bytes that are read later.
pub(crate) async fn keep(
    tx: &mut Tx,
    id: ImportId,
    part: i32,
    bytes: &[u8],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_import_part (import, part, bytes) VALUES ($1, $2, $3)";
    let statement = query(SQL).bind(id.uuid()).bind(part).bind(bytes);
    statement.execute(tx).await?;
    Ok(())
}

/// Bytes that were kept, by the number of their part.
pub(crate) async fn part(tx: &mut Tx, id: ImportId, part: i32) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT bytes FROM intel_import_part WHERE import = $1 AND part = $2";
    let statement = query(SQL).bind(id.uuid()).bind(part);
    let row: Option<(Vec<u8>,)> = statement.fetch_optional(tx).await?;
    Ok(row.map(|(bytes,)| bytes))
}

/// The imports of somebody into a collection, the newest first, up to `most`.
pub(crate) async fn list(
    tx: &mut Tx,
    slot: i64,
    submitter: &str,
    most: i64,
) -> Result<Vec<Import>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM intel_import AS i WHERE i.slot = $1 AND i.submitter = $2 \
         ORDER BY i.requested_at DESC, i.id DESC LIMIT $3"
    );
    let statement = query(SQL).bind(slot).bind(submitter).bind(most);
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    rows.into_iter().map(Import::try_from).collect()
}

/// The number of the collection that an import is for.
pub(crate) async fn slot_of(tx: &mut Tx, id: ImportId) -> Result<Option<i64>, DbError> {
    const SQL: &str = "SELECT slot FROM intel_import WHERE id = $1";
    let row: Option<(i64,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(slot,)| slot))
}
