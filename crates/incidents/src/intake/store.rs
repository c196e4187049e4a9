//! SQL of reports.

mod door;
mod told;

use db::{Corrupt, DbError, Query, Tx, query};
use kernel::{IncidentRef, Language, Mode, PageRequest, Timestamp, Tlp, UserId};
use uuid::Uuid;

pub(super) use door::{is_public, set_public, take};
pub(super) use told::told_of;

use super::model::{Addition, Code, Reference, Report, ReportId, ReportRow, ReportState};
use crate::{model::Line, store::list::Sight};

macro_rules! columns {
    () => {
        "id, reference, exercise, tlp, state, version, door, note, language, answers, incident, \
         reason, split_from, created_at, updated_at, sent_at"
    };
}

db::row! {
    #[derive(Debug)]
    struct Row {
        id: Uuid,
        reference: String,
        exercise: bool,
        tlp: i32,
        state: String,
        version: i64,
        door: String,
        note: Option<String>,
        language: String,
        answers: Option<String>,
        incident: Option<Uuid>,
        reason: Option<String>,
        split_from: Option<String>,
        created_at: i64,
        updated_at: i64,
        sent_at: Option<i64>,
    }
}

db::row! {
    #[derive(Debug)]
    struct ListRow {
        id: Uuid,
        reference: String,
        tlp: i32,
        state: String,
        door: String,
        note: Option<String>,
        kind: Option<String>,
        title: Option<String>,
        listed_at: i64,
    }
}

/// Writes a new report. A report that was split from another has no code of its own. False where another
/// transaction was first with the code.
pub(super) async fn insert(
    tx: &mut Tx,
    report: &Report,
    code: Option<&Code>,
) -> Result<bool, DbError> {
    const SQL: &str = concat!(
        "INSERT INTO report (",
        columns!(),
        ", code_sha256, kind, title, listed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         ON CONFLICT (code_sha256) DO NOTHING"
    );
    let shown = shown(report);
    let written = query(SQL)
        .bind(report.id.0)
        .bind(report.reference.as_str())
        .bind(report.mode.is_exercise())
        .bind(report.tlp.code())
        .bind(report.state.as_str())
        .bind(report.version)
        .bind(report.door.as_str())
        .bind(report.note.as_ref().map(|note| note.as_str().to_owned()))
        .bind(report.language.tag())
        .bind(answers(report))
        .bind(report.incident.map(IncidentRef::uuid))
        .bind(
            report
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
        )
        .bind(
            report
                .split_from
                .as_ref()
                .map(|from| from.as_str().to_owned()),
        )
        .bind(report.created_at.as_micros())
        .bind(report.updated_at.as_micros())
        .bind(report.sent_at.map(Timestamp::as_micros))
        .bind(code.map(|code| code.hash().to_vec()))
        .bind(shown.0)
        .bind(shown.1)
        .bind(listed_at(report))
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Saves a report whose version is one above the stored one. False if the stored version is another.
pub(super) async fn save(tx: &mut Tx, report: &Report) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE report SET tlp = $2, state = $3, version = $4, language = $5, \
                       answers = $6, incident = $7, reason = $8, updated_at = $9, sent_at = $10, \
                       kind = $11, title = $12, listed_at = $13, note = $14 \
                       WHERE id = $1 AND version = $4 - 1";
    const CLEAR: &str = "DELETE FROM report_named WHERE report = $1";
    const NAME: &str = "INSERT INTO report_named (report, user_id) VALUES ($1, $2)";
    let shown = shown(report);
    let written = query(SQL)
        .bind(report.id.0)
        .bind(report.tlp.code())
        .bind(report.state.as_str())
        .bind(report.version)
        .bind(report.language.tag())
        .bind(answers(report))
        .bind(report.incident.map(IncidentRef::uuid))
        .bind(
            report
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
        )
        .bind(report.updated_at.as_micros())
        .bind(report.sent_at.map(Timestamp::as_micros))
        .bind(shown.0)
        .bind(shown.1)
        .bind(listed_at(report))
        .bind(report.note.as_ref().map(|note| note.as_str().to_owned()))
        .execute(tx)
        .await?;
    if written == 0 {
        return Ok(false);
    }
    query(CLEAR).bind(report.id.0).execute(tx).await?;
    for user in &report.named {
        query(NAME)
            .bind(report.id.0)
            .bind(user.uuid())
            .execute(tx)
            .await?;
    }
    Ok(true)
}

/// The report with that number, whoever asks: the op decides what may be shown.
pub(super) async fn find(tx: &mut Tx, reference: &Reference) -> Result<Option<Report>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM report WHERE reference = $1");
    let row: Option<Row> = query(SQL)
        .bind(reference.as_str())
        .fetch_optional(tx)
        .await?;
    complete(tx, row).await
}

/// The report that a code opens.
pub(super) async fn opened(tx: &mut Tx, code: &Code) -> Result<Option<Report>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM report WHERE code_sha256 = $1");
    let row: Option<Row> = query(SQL)
        .bind(code.hash().to_vec())
        .fetch_optional(tx)
        .await?;
    complete(tx, row).await
}

/// The reports that were split from one, in the order in which that was done.
pub(super) async fn split_from(tx: &mut Tx, reference: &Reference) -> Result<Vec<Report>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM report WHERE split_from = $1 ORDER BY created_at, id LIMIT 100"
    );
    let rows: Vec<Row> = query(SQL).bind(reference.as_str()).fetch_all(tx).await?;
    let mut reports = Vec::with_capacity(rows.len());
    for row in rows {
        reports.extend(complete(tx, Some(row)).await?);
    }
    Ok(reports)
}

/// A page of the reports that the viewer may see, in one state or in all, the latest first.
pub(super) async fn page(
    tx: &mut Tx,
    sight: Sight,
    state: Option<ReportState>,
    request: PageRequest,
) -> Result<Vec<ReportRow>, DbError> {
    let mut sql = query(
        "SELECT i.id, i.reference, i.tlp, i.state, i.door, i.note, i.kind, i.title, i.listed_at \
         FROM report i WHERE ",
    );
    seen(sight, &mut sql);
    if let Some(state) = state {
        sql.push(" AND i.state = ").push_bind(state.as_str());
    }
    sql.push_after(("i.listed_at", "i.id"), request.after);
    sql.push(" ORDER BY i.listed_at DESC, i.id DESC LIMIT ")
        .push_bind(request.limit.probe());
    let rows: Vec<ListRow> = sql.fetch_all(tx).await?;
    rows.into_iter().map(listed).collect()
}

/// How many reports in a state the viewer may see, up to `most`.
pub(super) async fn count(
    tx: &mut Tx,
    sight: Sight,
    state: ReportState,
    most: i64,
) -> Result<i64, DbError> {
    let mut sql = query("SELECT count(*) FROM (SELECT 1 FROM report i WHERE ");
    seen(sight, &mut sql);
    sql.push(" AND i.state = ").push_bind(state.as_str());
    sql.push(" LIMIT ").push_bind(most).push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// What was added, in order.
pub(super) async fn additions(tx: &mut Tx, id: ReportId) -> Result<Vec<Addition>, DbError> {
    const SQL: &str =
        "SELECT author, at, text FROM report_addition WHERE report = $1 ORDER BY ordinal";
    let rows: Vec<(String, i64, String)> = query(SQL).bind(id.0).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("report_addition", column, &id.0);
    rows.into_iter()
        .map(|(author, at, text)| {
            Ok(Addition {
                author: author.parse().map_err(|_unknown| bad("author"))?,
                at: Timestamp::from_micros(at),
                text: text.parse().map_err(|_unreadable| bad("text"))?,
            })
        })
        .collect()
}

/// Adds to a report.
pub(super) async fn add(
    tx: &mut Tx,
    id: ReportId,
    ordinal: i64,
    one: &Addition,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO report_addition (report, ordinal, author, at, text) \
                       VALUES ($1, $2, $3, $4, $5)";
    query(SQL)
        .bind(id.0)
        .bind(ordinal)
        .bind(one.author.as_str())
        .bind(one.at.as_micros())
        .bind(one.text.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes away everything that a report says; its number, its states and what became of it stay.
pub(super) async fn erase(tx: &mut Tx, id: ReportId) -> Result<(), DbError> {
    const ADDITIONS: &str = "DELETE FROM report_addition WHERE report = $1";
    query(ADDITIONS).bind(id.0).execute(tx).await?;
    Ok(())
}

/// Takes a report away as a whole.
pub(super) async fn remove(tx: &mut Tx, id: ReportId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM report WHERE id = $1";
    query(SQL).bind(id.0).execute(tx).await?;
    Ok(())
}

/// Takes away drafts that nobody has touched since then, a hundred at a time.
pub(super) async fn forget_drafts(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM report WHERE id IN (SELECT id FROM report \
                       WHERE state = 'draft' AND updated_at < $1 LIMIT 100)";
    query(SQL).bind(before.as_micros()).execute(tx).await
}

fn seen(sight: Sight, sql: &mut Query<'_>) {
    sql.push("i.exercise = ").push_bind(sight.exercise);
    sql.push(" AND (((1 << i.tlp) & ")
        .push_bind(sight.open_mask);
    sql.push(") <> 0 OR (((1 << i.tlp) & ")
        .push_bind(sight.named_mask);
    sql.push(
        ") <> 0 AND EXISTS (SELECT 1 FROM report_named n WHERE n.report = i.id AND n.user_id = ",
    )
    .push_bind(sight.user);
    sql.push(")))");
}

/// Kind and title, as lists show them: nothing of a draft, which is its writer's alone.
fn shown(report: &Report) -> (Option<String>, Option<String>) {
    let sent = report.answers.as_ref().filter(|_| report.sent_at.is_some());
    (
        sent.map(|answers| answers.kind.clone()),
        sent.map(|answers| answers.title.trim().to_owned()),
    )
}

fn answers(report: &Report) -> Option<String> {
    let answers = report.answers.as_ref()?;
    serde_json::to_string(answers).ok()
}

fn listed_at(report: &Report) -> i64 {
    report.sent_at.unwrap_or(report.created_at).as_micros()
}

async fn complete(tx: &mut Tx, row: Option<Row>) -> Result<Option<Report>, DbError> {
    const NAMED: &str = "SELECT user_id FROM report_named WHERE report = $1 ORDER BY user_id";
    let Some(row) = row else { return Ok(None) };
    let named: Vec<(Uuid,)> = query(NAMED).bind(row.id).fetch_all(tx).await?;
    let named = named.into_iter().map(|(user,)| UserId::from_uuid(user));
    Ok(Some(report(row, named.collect())?))
}

fn report(row: Row, named: Vec<UserId>) -> Result<Report, DbError> {
    let key = row.id;
    let bad = |column| Corrupt::new("report", column, &key);
    let line = |text: Option<String>, column| {
        text.map(|text| text.parse().map_err(|_unreadable| bad(column)))
            .transpose()
    };
    let reason = row
        .reason
        .map(|text| text.parse::<Line<1000>>())
        .transpose();
    let answers = row
        .answers
        .map(|text| serde_json::from_str(&text))
        .transpose();
    let from = row.split_from.map(|text| text.parse()).transpose();
    Ok(Report {
        id: ReportId(row.id),
        reference: row
            .reference
            .parse()
            .map_err(|_unreadable| bad("reference"))?,
        mode: Mode::from_exercise(row.exercise),
        tlp: Tlp::from_code(row.tlp),
        named,
        state: row.state.parse().map_err(|_unknown| bad("state"))?,
        version: row.version,
        door: row.door.parse().map_err(|_unknown| bad("door"))?,
        note: line(row.note, "note")?,
        language: Language::from_tag(&row.language).ok_or_else(|| bad("language"))?,
        answers: answers.map_err(|_unreadable| bad("answers"))?,
        incident: row.incident.map(IncidentRef::from_uuid),
        reason: reason.map_err(|_unreadable| bad("reason"))?,
        split_from: from.map_err(|_unreadable| bad("split_from"))?,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        sent_at: row.sent_at.map(Timestamp::from_micros),
    })
}

fn listed(row: ListRow) -> Result<ReportRow, DbError> {
    let key = row.id;
    let bad = |column| Corrupt::new("report", column, &key);
    let kind = row.kind.map(|kind| kind.parse()).transpose();
    Ok(ReportRow {
        id: ReportId(row.id),
        reference: row
            .reference
            .parse()
            .map_err(|_unreadable| bad("reference"))?,
        state: row.state.parse().map_err(|_unknown| bad("state"))?,
        kind: kind.map_err(|_unknown| bad("kind"))?,
        title: row.title,
        door: row.door.parse().map_err(|_unknown| bad("door"))?,
        note: row.note,
        tlp: Tlp::from_code(row.tlp),
        at: Timestamp::from_micros(row.listed_at),
    })
}
