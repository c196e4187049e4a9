//! SQL of files that are taken in.

use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{ImportId, Mode, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::{
    line::{Column, Columns},
    model::{Form, Import, RefusedLine, Stage, Whole},
};

/// The columns of an import, in the order of [`Row`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, id, exercise, source, form, delimiter, columns, organisation, stage, \
             bytes, place, line, taken, changed, unchanged, returned, refused, whole, most, \
             retired, held, by_whom, requested_at, ended_at FROM constituency_import ",
            $rest
        )
    };
}

db::row! {
    struct Row {
        number: i64,
        id: Uuid,
        exercise: bool,
        source: String,
        form: String,
        delimiter: i32,
        columns: String,
        organisation: String,
        stage: String,
        bytes: i64,
        place: i64,
        line: i64,
        taken: i64,
        changed: i64,
        unchanged: i64,
        returned: i64,
        refused: i64,
        whole: bool,
        most: i64,
        retired: i64,
        held: i64,
        by_whom: String,
        requested_at: i64,
        ended_at: Option<i64>,
    }
}

impl TryFrom<Row> for Import {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("constituency_import", column, &row.number);
        let columns: Columns =
            serde_json::from_str(&row.columns).map_err(|_unread| corrupt("columns"))?;
        Ok(Self {
            id: ImportId::from_uuid(row.id),
            number: row.number,
            mode: Mode::from_exercise(row.exercise),
            form: Form::from_word(&row.form).ok_or_else(|| corrupt("form"))?,
            delimiter: u8::try_from(row.delimiter).map_err(|_unread| corrupt("delimiter"))?,
            columns,
            stage: Stage::from_word(&row.stage).ok_or_else(|| corrupt("stage"))?,
            source: row.source,
            organisation: row.organisation,
            bytes: row.bytes,
            place: row.place,
            line: row.line,
            taken: row.taken,
            changed: row.changed,
            unchanged: row.unchanged,
            returned: row.returned,
            whole: Whole {
                is_whole: row.whole,
                most: row.most,
                retired: row.retired,
                held: row.held,
            },
            refused: row.refused,
            by: row.by_whom,
            requested_at: Timestamp::from_micros(row.requested_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

/// Enters an import; its number is given here.
pub(crate) async fn insert(tx: &mut Tx, import: &Import) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO constituency_import (id, exercise, source, form, delimiter, \
                       columns, organisation, stage, bytes, place, line, taken, changed, \
                       unchanged, refused, by_whom, requested_at) VALUES ($1, $2, $3, $4, $5, \
                       '{}', '', $6, 0, 0, 0, 0, 0, 0, 0, $7, $8)";
    query(SQL)
        .bind(import.id.uuid())
        .bind(import.mode.is_exercise())
        .bind(&import.source)
        .bind(import.form.as_str())
        .bind(i32::from(import.delimiter))
        .bind(import.stage.as_str())
        .bind(&import.by)
        .bind(import.requested_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// An import.
pub(crate) async fn find(tx: &mut Tx, mode: Mode, id: ImportId) -> Result<Option<Import>, DbError> {
    let statement = query(select!("WHERE id = $1 AND exercise = $2"))
        .bind(id.uuid())
        .bind(mode.is_exercise());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(Import::try_from).transpose()
}

/// The latest imports.
pub(crate) async fn latest(tx: &mut Tx, mode: Mode, most: i64) -> Result<Vec<Import>, DbError> {
    let statement = query(select!("WHERE exercise = $1 ORDER BY number DESC LIMIT $2"))
        .bind(mode.is_exercise())
        .bind(most);
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    rows.into_iter().map(Import::try_from).collect()
}

/// How many files of somebody have not begun.
pub(crate) async fn waiting(tx: &mut Tx, by: &str) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM constituency_import \
                       WHERE by_whom = $1 AND stage IN ('receiving', 'waiting')";
    let (count,): (i64,) = query(SQL).bind(by).fetch_one(tx).await?;
    Ok(count)
}

/// Forgets files that nobody began.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), DbError> {
    const PARTS: &str = "DELETE FROM constituency_import_part WHERE import IN \
                         (SELECT number FROM constituency_import \
                         WHERE stage IN ('receiving', 'waiting') AND requested_at < $1)";
    const IMPORTS: &str = "DELETE FROM constituency_import \
                           WHERE stage IN ('receiving', 'waiting') AND requested_at < $1";
    for sql in [PARTS, IMPORTS] {
        query(sql).bind(before.as_micros()).execute(tx).await?;
    }
    Ok(())
}

/// Keeps a piece; one that comes again takes the place of the first. Gives how long they all are.
pub(crate) async fn put_part(
    tx: &mut Tx,
    number: i64,
    (part, bytes): (i32, &[u8]),
) -> Result<i64, DbError> {
    const INSERT: &str = "INSERT INTO constituency_import_part (import, part, bytes) \
                          VALUES ($1, $2, $3) ON CONFLICT (import, part) \
                          DO UPDATE SET bytes = excluded.bytes";
    const HAD: &str = "SELECT CAST(coalesce(max(length(bytes)), 0) AS bigint) \
                       FROM constituency_import_part WHERE import = $1 AND part = $2";
    const GROW: &str = "UPDATE constituency_import SET bytes = bytes + $2 WHERE number = $1 \
                        RETURNING bytes";
    let (had,): (i64,) = query(HAD).bind(number).bind(part).fetch_one(tx).await?;
    let insert = query(INSERT).bind(number).bind(part).bind(bytes);
    insert.execute(tx).await?;
    let by = i64::try_from(bytes.len()).unwrap_or(i64::MAX) - had;
    let (bytes,): (i64,) = query(GROW).bind(number).bind(by).fetch_one(tx).await?;
    Ok(bytes)
}

/// A piece.
pub(crate) async fn part(tx: &mut Tx, number: i64, part: i32) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT bytes FROM constituency_import_part WHERE import = $1 AND part = $2";
    let statement = query(SQL).bind(number).bind(part);
    let found: Option<(Vec<u8>,)> = statement.fetch_optional(tx).await?;
    Ok(found.map(|(bytes,)| bytes))
}

/// How long each piece is, in their order.
pub(crate) async fn parts(tx: &mut Tx, number: i64) -> Result<Vec<(i32, i64)>, DbError> {
    const SQL: &str = "SELECT part, CAST(length(bytes) AS bigint) FROM constituency_import_part \
                       WHERE import = $1 ORDER BY part";
    query(SQL).bind(number).fetch_all(tx).await
}

/// Takes the pieces away.
pub(crate) async fn remove_parts(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM constituency_import_part WHERE import = $1";
    query(SQL).bind(number).execute(tx).await?;
    Ok(())
}

/// Saves how far an import has come, if it still stands where it stood. False if it does not.
pub(crate) async fn save(
    tx: &mut Tx,
    import: &Import,
    (stage, place): (Stage, i64),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE constituency_import SET form = $2, delimiter = $3, columns = $4, \
                       organisation = $5, stage = $6, place = $7, line = $8, taken = $9, \
                       changed = $10, unchanged = $11, refused = $12, ended_at = $13, \
                       returned = $14, whole = $15, most = $16, retired = $17, held = $18 \
                       WHERE number = $1 AND stage = $19 AND place = $20";
    let columns = json!(import.columns).to_string();
    let written = query(SQL)
        .bind(import.number)
        .bind(import.form.as_str())
        .bind(i32::from(import.delimiter))
        .bind(columns)
        .bind(&import.organisation)
        .bind(import.stage.as_str())
        .bind(import.place)
        .bind(import.line)
        .bind(import.taken)
        .bind(import.changed)
        .bind(import.unchanged)
        .bind(import.refused)
        .bind(import.ended_at.map(Timestamp::as_micros))
        .bind(import.returned)
        .bind(import.whole.is_whole)
        .bind(import.whole.most)
        .bind(import.whole.retired)
        .bind(import.whole.held)
        .bind(stage.as_str())
        .bind(place)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Notes lines that were refused.
pub(crate) async fn refuse(tx: &mut Tx, number: i64, lines: &[RefusedLine]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO constituency_refused (import, line, field, reason) \
                 SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]') FROM json_each($2) WHERE true \
                 ON CONFLICT (import, line) DO NOTHING",
        postgres: "INSERT INTO constituency_refused (import, line, field, reason) \
                   SELECT $1, CAST(value->>0 AS bigint), value->>1, value->>2 \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT (import, line) DO NOTHING",
    };
    if lines.is_empty() {
        return Ok(());
    }
    let row =
        |one: &RefusedLine| json!([one.line, one.column.map_or("", Column::as_str), one.reason]);
    let rows: Vec<_> = lines.iter().map(row).collect();
    let statement = query(SQL.on(tx)).bind(number).bind(json!(rows).to_string());
    statement.execute(tx).await?;
    Ok(())
}

/// Lines that were refused, after one of them.
pub(crate) async fn refused(
    tx: &mut Tx,
    number: i64,
    (after, most): (i64, i64),
) -> Result<Vec<RefusedLine>, DbError> {
    const SQL: &str = "SELECT line, field, reason FROM constituency_refused \
                       WHERE import = $1 AND line > $2 ORDER BY line LIMIT $3";
    let statement = query(SQL).bind(number).bind(after).bind(most);
    let rows: Vec<(i64, String, String)> = statement.fetch_all(tx).await?;
    let line = |(line, field, reason): (i64, String, String)| RefusedLine {
        line,
        column: Column::from_word(&field),
        reason,
    };
    Ok(rows.into_iter().map(line).collect())
}
