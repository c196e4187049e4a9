//! SQL of numbered parts that go from one entry to another and keep their order.

use db::{Corrupt, DbError, Tx, query};
use kernel::IncidentId;
use serde_json::Value;

use crate::{
    merge::model::Range,
    model::{PARTS_MAX, TIMELINE_MAX},
};

/// A table of parts that are numbered without gaps within their entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    /// The table.
    pub(crate) name: &'static str,
    /// The column of the number.
    number: &'static str,
    /// The first number.
    pub(crate) base: i64,
    /// Whether people call a row by its number, so that it keeps it when others leave.
    pub(crate) keeps: bool,
    /// Whether rows name, as what they correct, the number of another.
    corrects: bool,
    /// True where the last row holds: what comes is put before what is there, so that what is there
    /// goes on holding.
    before: bool,
    /// What people call it.
    pub(crate) what: &'static str,
    /// How many there may be.
    pub(crate) max: usize,
}

const fn table(name: &'static str, what: &'static str, max: usize) -> Table {
    Table {
        name,
        number: "ordinal",
        base: 0,
        keeps: false,
        corrects: false,
        before: false,
        what,
        max,
    }
}

/// All of them. Those whose numbers follow another table's stand behind it and have no name for people.
pub(crate) const TABLES: [Table; 20] = [
    table("incident_timeline", "timeline", TIMELINE_MAX),
    Table {
        corrects: true,
        ..table("incident_harm", "harm", PARTS_MAX)
    },
    table("incident_statement", "statements", PARTS_MAX),
    Table {
        before: true,
        ..table("incident_assessment", "assessments", PARTS_MAX)
    },
    table("incident_rating", "ratings", PARTS_MAX),
    Table {
        before: true,
        ..table("incident_moment", "moments", crate::clocks::ROWS_MAX)
    },
    table("incident_duty", "duties", crate::clocks::ROWS_MAX),
    table("incident_filing", "filings", crate::clocks::ROWS_MAX),
    table("incident_request", "requests", crate::clocks::ROWS_MAX),
    Table {
        before: true,
        corrects: true,
        ..table("incident_course", "course", crate::course::ENTRIES_MAX)
    },
    Table {
        number: "number",
        base: 1,
        keeps: true,
        ..table("incident_task", "tasks", crate::work::TASKS_MAX)
    },
    table("incident_note", "notes", crate::work::NOTES_MAX),
    table(
        "incident_indicator",
        "indicators",
        crate::work::INDICATORS_MAX,
    ),
    table("incident_lesson", "lessons", crate::work::LESSONS_MAX),
    Table {
        number: "number",
        base: 1,
        keeps: true,
        ..table(
            "incident_item",
            "evidence",
            crate::evidence::model::ITEMS_MAX,
        )
    },
    Table {
        corrects: true,
        ..table(
            "incident_submission",
            "submissions",
            crate::reporting::submission::SUBMISSIONS_MAX,
        )
    },
    table("incident_factor", "", usize::MAX),
    table("incident_mention", "", usize::MAX),
    table("incident_submission_part", "", usize::MAX),
    table("incident_submission_copy", "", usize::MAX),
];

/// The table whose numbers a table follows.
pub(crate) fn leader(name: &str) -> &str {
    match name {
        "incident_factor" => "incident_assessment",
        "incident_mention" => "incident_note",
        "incident_submission_part" | "incident_submission_copy" => "incident_submission",
        own => own,
    }
}

/// Rows with these numbers, which go to an entry under numbers that differ by so much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) from: IncidentId,
    pub(crate) numbers: (i64, i64),
    pub(crate) to: IncidentId,
    pub(crate) by: i64,
}

/// How many parts an entry has in a table.
pub(crate) async fn count(tx: &mut Tx, table: &Table, of: IncidentId) -> Result<i64, DbError> {
    let mut sql = query("SELECT coalesce(max(");
    sql.push(table.number).push("), ").push_bind(table.base - 1);
    sql.push(") FROM ")
        .push(table.name)
        .push(" WHERE incident = ");
    sql.push_bind(of.uuid());
    let (last,): (i64,) = sql.fetch_one(tx).await?;
    Ok(last - table.base + 1)
}

/// Moves the numbered parts of an entry to another. Gives which numbers they have there.
pub(crate) async fn move_all(
    tx: &mut Tx,
    (from, to): (IncidentId, IncidentId),
) -> Result<Vec<Range>, DbError> {
    let mut ranges: Vec<Range> = Vec::new();
    for table in &TABLES {
        let known = ranges
            .iter()
            .find(|range| range.table == leader(table.name));
        let (first, moving, there) = match known {
            // Numbers that follow another table's go where those went.
            Some(range) if leader(table.name) != table.name => (range.first, range.count, i64::MAX),
            _ => {
                let (moving, there) = (count(tx, table, from).await?, count(tx, table, to).await?);
                let first = if table.before {
                    table.base
                } else {
                    table.base + there
                };
                (first, moving, there)
            }
        };
        let open = |count: i64| table.base.saturating_add(count);
        let before = first == table.base;
        let mut runs = Vec::new();
        if before && there > 0 {
            runs.push(Run {
                from: to,
                numbers: (table.base, open(there)),
                to,
                by: moving,
            });
        }
        runs.push(Run {
            from,
            numbers: (table.base, open(moving)),
            to,
            by: first - table.base,
        });
        apply(tx, table, &runs).await?;
        ranges.push(Range {
            table: table.name.to_owned(),
            first,
            count: moving,
        });
    }
    Ok(ranges)
}

/// Moves them back, and closes the gap that they leave.
pub(crate) async fn move_back(
    tx: &mut Tx,
    (from, to): (IncidentId, IncidentId),
    ranges: &[Range],
) -> Result<(), DbError> {
    for table in &TABLES {
        let Some(range) = ranges.iter().find(|range| range.table == table.name) else {
            continue;
        };
        let end = range.first.saturating_add(range.count);
        let runs = [
            Run {
                from,
                numbers: (range.first, end),
                to,
                by: table.base - range.first,
            },
            Run {
                from,
                numbers: (end, i64::MAX),
                to: from,
                by: -range.count,
            },
        ];
        apply(tx, table, &runs).await?;
    }
    Ok(())
}

/// Whether parts that stay correct parts that would go back, or the other way round.
pub(crate) async fn is_entangled(
    tx: &mut Tx,
    of: IncidentId,
    ranges: &[Range],
) -> Result<bool, DbError> {
    for table in TABLES.iter().filter(|table| table.corrects) {
        let Some(range) = ranges.iter().find(|range| range.table == table.name) else {
            continue;
        };
        let end = range.first.saturating_add(range.count);
        let mut sql = query("SELECT count(*) FROM ");
        sql.push(table.name).push(" WHERE incident = ");
        sql.push_bind(of.uuid())
            .push(" AND corrects IS NOT NULL AND (ordinal >= ");
        sql.push_bind(range.first)
            .push(" AND ordinal < ")
            .push_bind(end);
        sql.push(") <> (corrects >= ").push_bind(range.first);
        sql.push(" AND corrects < ").push_bind(end).push(")");
        let (across,): (i64,) = sql.fetch_one(tx).await?;
        if across > 0 {
            return Ok(true);
        }
        if table.name == "incident_course" {
            let moved = range.first..end;
            let about = about_services(tx, of).await?;
            let apart = |(ordinal, service, _): &(i64, i64, Value)| {
                moved.contains(ordinal) != moved.contains(service)
            };
            if about.iter().any(apart) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The entries of the course of an incident that are about a service, with its number.
async fn about_services(tx: &mut Tx, of: IncidentId) -> Result<Vec<(i64, i64, Value)>, DbError> {
    const SQL: &str = "SELECT ordinal, body FROM incident_course WHERE incident = $1 \
                       AND kind IN ('capacity', 'milestone') ORDER BY ordinal LIMIT 5000";
    let rows: Vec<(i64, String)> = query(SQL).bind(of.uuid()).fetch_all(tx).await?;
    let mut about = Vec::new();
    for (ordinal, text) in rows {
        let body: Value = serde_json::from_str(&text)
            .map_err(|_unreadable| Corrupt::new("incident_course", "body", &of))?;
        if let Some(service) = body.get("service").and_then(Value::as_i64) {
            about.push((ordinal, service, body));
        }
    }
    Ok(about)
}

/// What is about a service goes on naming it by its number, where that changes.
async fn rename_services(tx: &mut Tx, runs: &[Run]) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident_course SET body = $3 WHERE incident = $1 AND ordinal = $2";
    let mut entries: Vec<IncidentId> = runs.iter().map(|run| run.from).collect();
    entries.sort_unstable();
    entries.dedup();
    for of in entries {
        for (ordinal, service, mut body) in about_services(tx, of).await? {
            let run = runs
                .iter()
                .find(|run| run.from == of && (run.numbers.0..run.numbers.1).contains(&service));
            let (Some(run), Some(place)) = (run, body.get_mut("service")) else {
                continue;
            };
            *place = Value::from(service.saturating_add(run.by));
            let sql = query(SQL).bind(of.uuid()).bind(ordinal);
            sql.bind(body.to_string()).execute(tx).await?;
        }
    }
    Ok(())
}

/// Gives rows their new places. On the way numbers are negative, so that no two rows meet.
pub(crate) async fn apply(tx: &mut Tx, table: &Table, runs: &[Run]) -> Result<(), DbError> {
    if table.name == "incident_course" {
        rename_services(tx, runs).await?;
    }
    // What names a number is found where it stands; so all of it is before any row moves.
    for run in runs.iter().filter(|_| table.corrects) {
        let mut sql = query("UPDATE ");
        sql.push(table.name).push(" SET corrects = -(corrects + ");
        sql.push_bind(run.by).push(") - 1 WHERE incident = ");
        sql.push_bind(run.from.uuid()).push(" AND corrects >= ");
        sql.push_bind(run.numbers.0).push(" AND corrects < ");
        sql.push_bind(run.numbers.1);
        sql.execute(tx).await?;
    }
    for run in runs {
        let mut sql = query("UPDATE ");
        sql.push(table.name).push(" SET incident = ");
        sql.push_bind(run.to.uuid())
            .push(", ")
            .push(table.number)
            .push(" = -(");
        sql.push(table.number).push(" + ").push_bind(run.by);
        sql.push(") - 1 WHERE incident = ")
            .push_bind(run.from.uuid());
        sql.push(" AND ")
            .push(table.number)
            .push(" >= ")
            .push_bind(run.numbers.0);
        sql.push(" AND ")
            .push(table.number)
            .push(" < ")
            .push_bind(run.numbers.1);
        sql.execute(tx).await?;
    }
    let mut entries: Vec<IncidentId> = runs.iter().map(|run| run.to).collect();
    entries.sort_unstable();
    entries.dedup();
    for of in entries {
        let columns = [table.number, "corrects"];
        for column in columns.iter().take(if table.corrects { 2 } else { 1 }) {
            let mut sql = query("UPDATE ");
            sql.push(table.name).push(" SET ").push(column).push(" = -");
            sql.push(column).push(" - 1 WHERE incident = ");
            sql.push_bind(of.uuid()).push(" AND ").push(column);
            sql.push(" < 0");
            sql.execute(tx).await?;
        }
    }
    Ok(())
}
