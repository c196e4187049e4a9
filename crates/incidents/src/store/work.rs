//! SQL of the work on an entry: tasks, notes, lessons, templates, changes.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp, UserId};
use uuid::Uuid;

use crate::work::{FieldChange, LESSONS_MAX, Lesson, NOTES_MAX, Note, TASKS_MAX, Task, TaskFacts};

const _: () = assert!(
    TASKS_MAX == 1_000 && NOTES_MAX == 5_000 && LESSONS_MAX == 200,
    "what can be written can be read"
);

/// The kinds of work that are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counted {
    Tasks,
    Notes,
    Indicators,
    Lessons,
}

/// Notes that something of the entry changed, and keeps others from adding to it at the same time.
pub(crate) async fn stir(tx: &mut Tx, incident: IncidentId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident SET updated_at = $2 WHERE id = $1";
    query(SQL)
        .bind(incident.uuid())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// How many there are of a kind, which is the number that the next one takes.
pub(crate) async fn count(tx: &mut Tx, id: IncidentId, kind: Counted) -> Result<i64, DbError> {
    let sql = match kind {
        Counted::Tasks => "SELECT count(*) FROM incident_task WHERE incident = $1",
        Counted::Notes => "SELECT count(*) FROM incident_note WHERE incident = $1",
        Counted::Indicators => "SELECT count(*) FROM incident_indicator WHERE incident = $1",
        Counted::Lessons => "SELECT count(*) FROM incident_lesson WHERE incident = $1",
    };
    let (count,): (i64,) = query(sql).bind(id.uuid()).fetch_one(tx).await?;
    Ok(count)
}

/// The number that the next task takes. Those of tasks that went to another entry leave gaps.
pub(crate) async fn next_task(tx: &mut Tx, id: IncidentId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT coalesce(max(number), 0) + 1 FROM incident_task WHERE incident = $1";
    let (next,): (i64,) = query(SQL).bind(id.uuid()).fetch_one(tx).await?;
    Ok(next)
}

/// Writes a task, or a task anew whose version is one above the stored one. False if the stored
/// version is another.
pub(crate) async fn put_task(tx: &mut Tx, id: IncidentId, task: &Task) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO incident_task (incident, number, title, detail, assignee, \
                       assignee_name, due, state, version, made_by, made_at, changed_by, \
                       changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                       ON CONFLICT (incident, number) DO UPDATE SET title = excluded.title, \
                       detail = excluded.detail, assignee = excluded.assignee, \
                       assignee_name = excluded.assignee_name, due = excluded.due, \
                       state = excluded.state, version = excluded.version, \
                       changed_by = excluded.changed_by, changed_at = excluded.changed_at \
                       WHERE incident_task.version = excluded.version - 1";
    let facts = &task.facts;
    let written = query(SQL)
        .bind(id.uuid())
        .bind(task.number)
        .bind(facts.title.as_str())
        .bind(facts.detail.as_str())
        .bind(task.assignee.map(UserId::uuid))
        .bind(facts.assignee.as_deref())
        .bind(facts.due.map(Timestamp::as_micros))
        .bind(facts.state.as_str())
        .bind(task.version)
        .bind(task.made.0.as_str())
        .bind(task.made.1.as_micros())
        .bind(task.changed.0.as_str())
        .bind(task.changed.1.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

db::row! {
    struct TaskRow {
        number: i64,
        title: String,
        detail: String,
        assignee: Option<Uuid>,
        assignee_name: Option<String>,
        due: Option<i64>,
        state: String,
        version: i64,
        made_by: String,
        made_at: i64,
        changed_by: String,
        changed_at: i64,
    }
}

/// The tasks: open ones first, the earliest due first.
pub(crate) async fn tasks(tx: &mut Tx, id: IncidentId) -> Result<Vec<Task>, DbError> {
    const SQL: &str = "SELECT number, title, detail, assignee, assignee_name, due, state, version, \
                       made_by, made_at, changed_by, changed_at FROM incident_task \
                       WHERE incident = $1 ORDER BY number LIMIT 1000";
    let rows: Vec<TaskRow> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_task", column, &id);
    let task = |row: TaskRow| {
        Ok(Task {
            number: row.number,
            facts: TaskFacts {
                title: row.title.parse().map_err(|_unreadable| bad("title"))?,
                detail: row.detail.parse().map_err(|_unreadable| bad("detail"))?,
                assignee: row.assignee_name,
                due: row.due.map(Timestamp::from_micros),
                state: row.state.parse().map_err(|_unreadable| bad("state"))?,
            },
            assignee: row.assignee.map(UserId::from_uuid),
            version: row.version,
            made: (
                row.made_by.parse().map_err(|_unreadable| bad("made_by"))?,
                Timestamp::from_micros(row.made_at),
            ),
            changed: (
                row.changed_by
                    .parse()
                    .map_err(|_unreadable| bad("changed_by"))?,
                Timestamp::from_micros(row.changed_at),
            ),
        })
    };
    let mut tasks = rows
        .into_iter()
        .map(task)
        .collect::<Result<Vec<Task>, DbError>>()?;
    let key = |task: &Task| {
        let due = task.facts.due.map_or(i64::MAX, Timestamp::as_micros);
        (!task.facts.state.is_open(), due, task.number)
    };
    tasks.sort_by_key(key);
    Ok(tasks)
}

/// Writes a note under its number, and whom it mentions.
pub(crate) async fn add_note(
    tx: &mut Tx,
    id: IncidentId,
    note: &Note,
    mentions: &[UserId],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_note (incident, ordinal, body, written_by, written_at) \
                       VALUES ($1, $2, $3, $4, $5)";
    const MENTION: &str =
        "INSERT INTO incident_mention (user_id, incident, ordinal) VALUES ($1, $2, $3)";
    query(SQL)
        .bind(id.uuid())
        .bind(note.ordinal)
        .bind(note.body.as_str())
        .bind(note.written.0.as_str())
        .bind(note.written.1.as_micros())
        .execute(tx)
        .await?;
    for user in mentions {
        query(MENTION)
            .bind(user.uuid())
            .bind(id.uuid())
            .bind(note.ordinal)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The notes, newest first.
pub(crate) async fn notes(tx: &mut Tx, id: IncidentId) -> Result<Vec<Note>, DbError> {
    const SQL: &str = "SELECT ordinal, body, written_by, written_at FROM incident_note \
                       WHERE incident = $1 ORDER BY ordinal DESC LIMIT 5000";
    let rows: Vec<(i64, String, String, i64)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_note", column, &id);
    let note = |(ordinal, body, by, at): (i64, String, String, i64)| {
        Ok(Note {
            ordinal,
            body: body.parse().map_err(|_unreadable| bad("body"))?,
            written: (
                by.parse().map_err(|_unreadable| bad("written_by"))?,
                Timestamp::from_micros(at),
            ),
        })
    };
    rows.into_iter().map(note).collect()
}

/// Writes a lesson under its number.
pub(crate) async fn add_lesson(
    tx: &mut Tx,
    id: IncidentId,
    ordinal: i64,
    lesson: &Lesson,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_lesson \
                       (incident, ordinal, kind, body, written_by, written_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    query(SQL)
        .bind(id.uuid())
        .bind(ordinal)
        .bind(lesson.kind.as_str())
        .bind(lesson.body.as_str())
        .bind(lesson.written.0.as_str())
        .bind(lesson.written.1.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The lessons, in the order in which they were written.
pub(crate) async fn lessons(tx: &mut Tx, id: IncidentId) -> Result<Vec<Lesson>, DbError> {
    const SQL: &str = "SELECT kind, body, written_by, written_at FROM incident_lesson \
                       WHERE incident = $1 ORDER BY ordinal LIMIT 200";
    let rows: Vec<(String, String, String, i64)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_lesson", column, &id);
    let lesson = |(kind, body, by, at): (String, String, String, i64)| {
        Ok(Lesson {
            kind: kind.parse().map_err(|_unreadable| bad("kind"))?,
            body: body.parse().map_err(|_unreadable| bad("body"))?,
            written: (
                by.parse().map_err(|_unreadable| bad("written_by"))?,
                Timestamp::from_micros(at),
            ),
        })
    };
    rows.into_iter().map(lesson).collect()
}

/// Writes that a template was applied; false if it was before.
pub(crate) async fn add_template(
    tx: &mut Tx,
    id: IncidentId,
    key: &str,
    (by, at): (&str, Timestamp),
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO incident_template (incident, name, applied_by, applied_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (incident, name) DO NOTHING";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(key)
        .bind(by)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The templates that were applied: key, by whom, when.
pub(crate) async fn applied(
    tx: &mut Tx,
    id: IncidentId,
) -> Result<Vec<(String, String, i64)>, DbError> {
    const SQL: &str = "SELECT name, applied_by, applied_at FROM incident_template \
                       WHERE incident = $1 ORDER BY applied_at, name LIMIT 100";
    query(SQL).bind(id.uuid()).fetch_all(tx).await
}

/// Writes which fields an edit changed.
pub(crate) async fn add_changes(
    tx: &mut Tx,
    id: IncidentId,
    changes: &[FieldChange],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_change (incident, version, field, before, after) \
                       VALUES ($1, $2, $3, $4, $5)";
    for change in changes {
        query(SQL)
            .bind(id.uuid())
            .bind(change.version)
            .bind(change.field.as_str())
            .bind(change.before.as_str())
            .bind(change.after.as_str())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The fields that edits changed, the latest edit first; up to 2,000.
pub(crate) async fn changes(tx: &mut Tx, id: IncidentId) -> Result<Vec<FieldChange>, DbError> {
    const SQL: &str = "SELECT version, field, before, after FROM incident_change \
                       WHERE incident = $1 ORDER BY version DESC, field LIMIT 2000";
    let rows: Vec<(i64, String, String, String)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let change = |(version, field, before, after)| FieldChange {
        version,
        field,
        before,
        after,
    };
    Ok(rows.into_iter().map(change).collect())
}
