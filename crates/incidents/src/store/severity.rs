//! SQL of assessments and ratings. An assessment is written once and never changed; the level of the
//! last one stands beside the entry, so that lists can show it and be narrowed to it.

use std::collections::BTreeMap;

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};

use super::{
    list::Sight,
    parts::parsed,
    row::{date, date_columns},
};
use crate::severity::{
    ASSESSMENTS_MAX, Assessment, Evidence, Factor, Judgement, Level, Opinion, Points, RATINGS_MAX,
    Rated, Rating, Stated,
};

/// How many rows are read at most; more are never written.
const ROWS_MAX: i64 = 200 * 9;
const _: () = assert!(
    ASSESSMENTS_MAX == 200 && RATINGS_MAX <= ASSESSMENTS_MAX && Factor::ALL.len() == 9,
    "what can be written can be read"
);

/// Writes an assessment under its number.
pub(crate) async fn add_assessment(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    assessment: &Assessment,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_assessment \
                       (incident, ordinal, emergency, note, made_by, made_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    const FACTOR: &str = "INSERT INTO incident_factor (incident, ordinal, factor, points, reason, \
                          evidence, judged_by, judged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(assessment.emergency)
        .bind(assessment.note.as_ref().map(crate::model::Line::as_str))
        .bind(assessment.by.as_str())
        .bind(assessment.at.as_micros())
        .execute(tx)
        .await?;
    for (factor, judgement) in &assessment.judgements {
        let opinion = &judgement.opinion;
        let evidence: Vec<String> = opinion.evidence.iter().map(ToString::to_string).collect();
        query(FACTOR)
            .bind(incident.uuid())
            .bind(ordinal)
            .bind(factor.as_str())
            .bind(opinion.points.map(|points| i32::from(points.number())))
            .bind(opinion.reason.as_ref().map(crate::model::Line::as_str))
            .bind(evidence.join("\n"))
            .bind(judgement.by.as_str())
            .bind(judgement.at.as_micros())
            .execute(tx)
            .await?;
    }
    Ok(())
}

db::row! {
    struct FactorRow {
        ordinal: i64,
        factor: String,
        points: Option<i32>,
        reason: Option<String>,
        evidence: String,
        judged_by: String,
        judged_at: i64,
    }
}

/// The assessments, in the order in which they were made.
pub(crate) async fn assessments(
    tx: &mut Tx,
    incident: IncidentId,
) -> Result<Vec<Assessment>, DbError> {
    const SQL: &str = "SELECT ordinal, emergency, note, made_by, made_at FROM incident_assessment \
                       WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    type Row = (i64, bool, Option<String>, String, i64);
    let rows: Vec<Row> = query(SQL)
        .bind(incident.uuid())
        .bind(ROWS_MAX)
        .fetch_all(tx)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut judged = judgements(tx, incident).await?;
    let bad = |column| Corrupt::new("incident_assessment", column, &incident);
    rows.into_iter()
        .map(|(ordinal, emergency, note, by, at)| {
            Ok(Assessment {
                judgements: judged.remove(&ordinal).unwrap_or_default(),
                emergency,
                note: parsed(note).map_err(|()| bad("note"))?,
                by: by.parse().map_err(|_unreadable| bad("made_by"))?,
                at: Timestamp::from_micros(at),
            })
        })
        .collect()
}

type Judged = BTreeMap<i64, BTreeMap<Factor, Judgement>>;

async fn judgements(tx: &mut Tx, incident: IncidentId) -> Result<Judged, DbError> {
    const SQL: &str = "SELECT ordinal, factor, points, reason, evidence, judged_by, judged_at \
                       FROM incident_factor WHERE incident = $1 ORDER BY ordinal, factor LIMIT $2";
    let rows: Vec<FactorRow> = query(SQL)
        .bind(incident.uuid())
        .bind(ROWS_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_factor", column, &incident);
    let mut judged = Judged::new();
    for row in rows {
        let factor = row.factor.parse().map_err(|_unreadable| bad("factor"))?;
        let evidence = row.evidence.lines().map(str::parse::<Evidence>);
        let judgement = Judgement {
            opinion: Opinion {
                points: row
                    .points
                    .map(points)
                    .transpose()
                    .map_err(|()| bad("points"))?,
                reason: parsed(row.reason).map_err(|()| bad("reason"))?,
                evidence: evidence
                    .collect::<Result<_, _>>()
                    .map_err(|_unreadable| bad("evidence"))?,
            },
            by: row
                .judged_by
                .parse()
                .map_err(|_unreadable| bad("judged_by"))?,
            at: Timestamp::from_micros(row.judged_at),
        };
        judged
            .entry(row.ordinal)
            .or_default()
            .insert(factor, judgement);
    }
    Ok(judged)
}

fn points(number: i32) -> Result<Points, ()> {
    let number = u8::try_from(number).map_err(drop)?;
    Points::new(number).map_err(drop)
}

/// The level of a column.
pub(super) fn level(number: i32) -> Result<Level, ()> {
    Level::new(u8::try_from(number).map_err(drop)?).map_err(drop)
}

/// Writes the level that lists show.
pub(crate) async fn set_level(
    tx: &mut Tx,
    incident: IncidentId,
    level: Option<Level>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident SET level = $2 WHERE id = $1";
    query(SQL)
        .bind(incident.uuid())
        .bind(level.map(|level| i32::from(level.number())))
        .execute(tx)
        .await?;
    Ok(())
}

/// How many open entries that the viewer may see stand at each level.
pub(crate) async fn levels(tx: &mut Tx, sight: Sight) -> Result<Vec<(Level, i64)>, DbError> {
    let mut sql = query(
        "SELECT i.level, count(*) FROM incident i WHERE i.level IS NOT NULL \
         AND i.status <> 'closed' AND ",
    );
    sight.push(&mut sql);
    sql.push(" GROUP BY i.level");
    let rows: Vec<(i32, i64)> = sql.fetch_all(tx).await?;
    let bad = |number: i32| Corrupt::new("incident", "level", &number);
    rows.into_iter()
        .map(|(number, count)| Ok((level(number).map_err(|()| bad(number))?, count)))
        .collect()
}

/// Writes a rating under its number.
pub(crate) async fn add_rating(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    rated: &Rated,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_rating (incident, ordinal, scale, name, value, said_by, \
                       country, at, fidelity, source, note, entered_by, entered_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let stated = &rated.stated;
    let (at, fidelity) = date_columns(stated.at);
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(stated.rating.scale().as_str())
        .bind(stated.rating.name().map(crate::model::Line::as_str))
        .bind(stated.rating.value())
        .bind(stated.said_by.as_str())
        .bind(stated.country.as_ref().map(kernel::Country::as_str))
        .bind(at)
        .bind(fidelity)
        .bind(stated.source.as_ref().map(crate::model::Line::as_str))
        .bind(stated.note.as_ref().map(crate::model::Line::as_str))
        .bind(rated.by.as_str())
        .bind(rated.entered_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct RatingRow {
        scale: String,
        name: Option<String>,
        value: String,
        said_by: String,
        country: Option<String>,
        at: Option<i64>,
        fidelity: Option<String>,
        source: Option<String>,
        note: Option<String>,
        entered_by: String,
        entered_at: i64,
    }
}

/// The ratings, in the order in which they were entered.
pub(crate) async fn ratings(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Rated>, DbError> {
    const SQL: &str = "SELECT scale, name, value, said_by, country, at, fidelity, source, note, \
                       entered_by, entered_at FROM incident_rating WHERE incident = $1 \
                       ORDER BY ordinal LIMIT $2";
    let rows: Vec<RatingRow> = query(SQL)
        .bind(incident.uuid())
        .bind(ROWS_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_rating", column, &incident);
    rows.into_iter()
        .map(|row| {
            let scale = row.scale.parse().map_err(|_unreadable| bad("scale"))?;
            Ok(Rated {
                stated: Stated {
                    rating: Rating::read(scale, row.name.as_deref(), &row.value)
                        .map_err(|_unreadable| bad("value"))?,
                    said_by: row.said_by.parse().map_err(|_unreadable| bad("said_by"))?,
                    country: parsed(row.country).map_err(|()| bad("country"))?,
                    at: date(row.at, row.fidelity.as_deref(), || bad("at"))?,
                    source: parsed(row.source).map_err(|()| bad("source"))?,
                    note: parsed(row.note).map_err(|()| bad("note"))?,
                },
                by: row
                    .entered_by
                    .parse()
                    .map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(row.entered_at),
            })
        })
        .collect()
}

/// Writes assessments and ratings anew, in the place of those that are there: for an import.
pub(crate) async fn replace(
    tx: &mut Tx,
    incident: IncidentId,
    assessments: &[Assessment],
    ratings: &[Rated],
) -> Result<(), DbError> {
    const CLEAR: [&str; 3] = [
        "DELETE FROM incident_factor WHERE incident = $1",
        "DELETE FROM incident_assessment WHERE incident = $1",
        "DELETE FROM incident_rating WHERE incident = $1",
    ];
    for sql in CLEAR {
        query(sql).bind(incident.uuid()).execute(tx).await?;
    }
    for (ordinal, assessment) in (0..).zip(assessments) {
        add_assessment(tx, incident, ordinal, assessment).await?;
    }
    for (ordinal, rated) in (0..).zip(ratings) {
        add_rating(tx, incident, ordinal, rated).await?;
    }
    Ok(())
}
