use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{Cursor, Page, PageRequest, RemoteId, RunId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::model::{Note, Run, RunOutcome, Tally};

db::row! {
    struct Row {
        id: Uuid,
        started_at: i64,
        ended_at: Option<i64>,
        outcome: String,
        code: Option<String>,
        detail: Option<String>,
        received: i64,
        added: i64,
        known: i64,
        sent: i64,
        refused: i64,
        withdrawn: i64,
        noted: i64,
    }
}

/// The columns of a run, in the order of [`Row`].
macro_rules! columns {
    () => {
        "id, started_at, ended_at, outcome, code, detail, received, added, known, sent, refused, \
         withdrawn, noted FROM intel_remote_run"
    };
}

impl TryFrom<Row> for Run {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("intel_remote_run", column, &row.id);
        Ok(Self {
            id: RunId::from_uuid(row.id),
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            outcome: row.outcome.parse().map_err(|_bad| corrupt("outcome"))?,
            tally: Tally {
                received: row.received,
                added: row.added,
                known: row.known,
                sent: row.sent,
                refused: row.refused,
                withdrawn: row.withdrawn,
            },
            noted: row.noted,
            code: row.code,
            detail: row.detail,
        })
    }
}

/// Begins a run.
pub(crate) async fn insert(
    tx: &mut Tx,
    remote: RemoteId,
    (id, at): (RunId, Timestamp),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_remote_run (id, remote, started_at, outcome, received, \
                       added, known, sent, refused, withdrawn, noted) \
                       VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0)";
    let statement = query(SQL).bind(id.uuid()).bind(remote.uuid());
    statement
        .bind(at.as_micros())
        .bind(RunOutcome::Running.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends the runs of a remote that nobody ended: their program is gone, or they lost the remote.
pub(crate) async fn abandon(
    tx: &mut Tx,
    remote: RemoteId,
    at: Timestamp,
    (code, detail): (&str, &str),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_remote_run SET ended_at = $2, outcome = $3, code = $4, \
                       detail = $5 WHERE remote = $1 AND ended_at IS NULL";
    query(SQL)
        .bind(remote.uuid())
        .bind(at.as_micros())
        .bind(RunOutcome::Cut.as_str())
        .bind(code)
        .bind(detail)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets all runs of a remote but the newest.
pub(crate) async fn prune(tx: &mut Tx, remote: RemoteId, keep: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM intel_remote_run WHERE remote = $1 AND id NOT IN \
                       (SELECT id FROM intel_remote_run WHERE remote = $1 \
                       ORDER BY started_at DESC, id DESC LIMIT $2)";
    let statement = query(SQL).bind(remote.uuid()).bind(keep);
    statement.execute(tx).await?;
    Ok(())
}

/// Adds to the numbers of a run that goes on, and to its notes as far as there is room.
pub(crate) async fn add(
    tx: &mut Tx,
    run: RunId,
    tally: Tally,
    (notes, most): (&[Note], i64),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_remote_run SET received = received + $2, added = added + $3, \
                       known = known + $4, sent = sent + $5, refused = refused + $6, \
                       withdrawn = withdrawn + $7, noted = noted + $8 \
                       WHERE id = $1 AND ended_at IS NULL RETURNING noted";
    const NOTES: Sql = Sql {
        sqlite: "INSERT INTO intel_remote_note (run, number, what, subject, code, detail) \
                 SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]') FROM json_each($2)",
        postgres: "INSERT INTO intel_remote_note (run, number, what, subject, code, detail) \
                   SELECT $1, CAST(value->>0 AS bigint), value->>1, value->>2, value->>3, \
                   value->>4 FROM json_array_elements(CAST($2 AS json)) AS t(value)",
    };
    let more = i64::try_from(notes.len()).unwrap_or(i64::MAX);
    let row: Option<(i64,)> = query(SQL)
        .bind(run.uuid())
        .bind(tally.received)
        .bind(tally.added)
        .bind(tally.known)
        .bind(tally.sent)
        .bind(tally.refused)
        .bind(tally.withdrawn)
        .bind(more)
        .fetch_optional(tx)
        .await?;
    let Some((all,)) = row else {
        return Ok(());
    };
    let rows: Vec<_> = (all - more..most)
        .zip(notes)
        .map(|(number, note)| {
            let [subject, code, detail] =
                [&note.subject, &note.code, &note.detail].map(|text| printable(text));
            json!([number, note.what.as_str(), subject, code, detail])
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let statement = query(NOTES.on(tx)).bind(run.uuid());
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// PostgreSQL keeps no NUL in a text; a note is a line and not a page.
fn printable(text: &str) -> String {
    const CHARS_MAX: usize = 1_000;
    let text = text.chars().take(CHARS_MAX);
    text.map(|one| if one == '\0' { '\u{fffd}' } else { one })
        .collect()
}

/// Ends a run.
pub(crate) async fn end(
    tx: &mut Tx,
    run: RunId,
    (at, outcome): (Timestamp, RunOutcome),
    why: Option<(&str, &str)>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_remote_run SET ended_at = $2, outcome = $3, code = $4, \
                       detail = $5 WHERE id = $1 AND ended_at IS NULL";
    query(SQL)
        .bind(run.uuid())
        .bind(at.as_micros())
        .bind(outcome.as_str())
        .bind(why.map(|(code, _)| code.to_owned()))
        .bind(why.map(|(_, detail)| printable(detail)))
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the runs of a remote, newest first.
pub(crate) async fn list(
    tx: &mut Tx,
    remote: RemoteId,
    page: PageRequest,
) -> Result<Page<Run>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " WHERE remote = $1 AND (started_at < $2 OR (started_at = $2 AND id < $3)) \
         ORDER BY started_at DESC, id DESC LIMIT $4"
    );
    let after = page.after.unwrap_or(Cursor {
        key: i64::MAX,
        id: Uuid::max(),
    });
    let rows: Vec<Row> = query(SQL)
        .bind(remote.uuid())
        .bind(after.key)
        .bind(after.id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    let runs: Result<Vec<Run>, DbError> = rows.into_iter().map(Run::try_from).collect();
    let cursor = |run: &Run| Cursor {
        key: run.started_at.as_micros(),
        id: run.id.uuid(),
    };
    Ok(Page::from_probe(runs?, page.limit, cursor))
}

/// A run of a remote.
pub(crate) async fn find(
    tx: &mut Tx,
    remote: RemoteId,
    run: RunId,
) -> Result<Option<Run>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " WHERE remote = $1 AND id = $2");
    let statement = query(SQL).bind(remote.uuid()).bind(run.uuid());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(Run::try_from).transpose()
}

/// The notes of a run that were kept, in their order.
pub(crate) async fn notes(tx: &mut Tx, run: RunId) -> Result<Vec<Note>, DbError> {
    const SQL: &str = "SELECT what, subject, code, detail FROM intel_remote_note \
                       WHERE run = $1 ORDER BY number";
    let rows: Vec<(String, String, String, String)> =
        query(SQL).bind(run.uuid()).fetch_all(tx).await?;
    let note = |(what, subject, code, detail): (String, String, String, String)| {
        let kind = what.parse();
        let kind = kind.map_err(|_bad| Corrupt::new("intel_remote_note", "what", &run))?;
        Ok(Note {
            what: kind,
            subject,
            code,
            detail,
        })
    };
    rows.into_iter().map(note).collect()
}
