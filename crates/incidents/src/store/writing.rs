//! Writing parts of entries: timeline, harm, statements, links. An import brings them by the ten
//! thousand, so each kind goes with as few statements as there can be.

use std::{collections::BTreeMap, time::Duration};

use db::{DbError, Tx, Value};
use kernel::{IncidentId, Timestamp};

use super::row::date_columns;
use crate::{
    harm::{Causality, groups::Cell},
    model::{HarmFigure, Line, Link, Statement, TimelineEntry},
};

/// A part of an entry, with the number that it takes there.
pub(crate) type Part<'a, T> = (IncidentId, i64, &'a T);

/// All numbered parts of an entry that has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) incident: IncidentId,
    pub(crate) timeline: &'a [TimelineEntry],
    pub(crate) harm: &'a [HarmFigure],
    pub(crate) statements: &'a [Statement],
}

/// Writes all numbered parts of entries that have none.
pub(crate) async fn write(tx: &mut Tx, all: &[Parts<'_>]) -> Result<(), DbError> {
    add_timeline(tx, numbered(all, |one| one.timeline)).await?;
    add_harm(tx, numbered(all, |one| one.harm)).await?;
    add_statements(tx, numbered(all, |one| one.statements)).await
}

fn numbered<'a, T: 'a>(
    all: &'a [Parts<'a>],
    of: impl Fn(&'a Parts<'a>) -> &'a [T] + 'a,
) -> impl Iterator<Item = Part<'a, T>> {
    all.iter().flat_map(move |one| {
        let numbers = (0..).zip(of(one));
        numbers.map(|(number, part)| (one.incident, number, part))
    })
}

fn line<const MAX: usize>(line: Option<&Line<MAX>>) -> Value<'_> {
    line.map(Line::as_str).into()
}

/// Writes timeline entries under their numbers.
pub(crate) async fn add_timeline<'a>(
    tx: &mut Tx,
    parts: impl IntoIterator<Item = Part<'a, TimelineEntry>>,
) -> Result<(), DbError> {
    const INTO: &str =
        "INSERT INTO incident_timeline (incident, ordinal, at, fidelity, what, source)";
    let rows = parts.into_iter().map(|(incident, ordinal, entry)| {
        [
            incident.uuid().into(),
            ordinal.into(),
            entry.at.first().as_micros().into(),
            entry.at.fidelity().as_str().into(),
            entry.what.as_str().into(),
            line(entry.source.as_ref()),
        ]
    });
    db::rows((INTO, ""), rows).insert(tx).await
}

/// Writes statements under their numbers.
pub(crate) async fn add_statements<'a>(
    tx: &mut Tx,
    parts: impl IntoIterator<Item = Part<'a, Statement>>,
) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO incident_statement (incident, ordinal, kind, said_by, \
                          country, role, actor, says, cites, document, line, at, fidelity, note)";
    let rows = parts.into_iter().map(|(incident, ordinal, statement)| {
        let (at, fidelity) = date_columns(statement.at);
        [
            incident.uuid().into(),
            ordinal.into(),
            statement.kind.as_str().into(),
            statement.by.as_str().into(),
            statement
                .country
                .as_ref()
                .map(kernel::Country::as_str)
                .into(),
            line(statement.role.as_ref()),
            line(statement.actor.as_ref()),
            statement.says.as_str().into(),
            line(statement.cites.as_ref()),
            line(statement.document.as_ref()),
            statement.line.map(i64::from).into(),
            at.into(),
            fidelity.into(),
            line(statement.note.as_ref()),
        ]
    });
    db::rows((INTO, ""), rows).insert(tx).await
}

/// Writes figures of harm under their numbers.
pub(crate) async fn add_harm<'a>(
    tx: &mut Tx,
    parts: impl IntoIterator<Item = Part<'a, HarmFigure>>,
) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO incident_harm (incident, ordinal, what, measure, bound, \
                          low_thousandth, high_thousandth, unit, grade, source, note, method, \
                          as_of, as_of_fidelity, confidence, origin, causality, \
                          causality_evidence, baseline, nature, merge_key, cells, among, corrects, \
                          correction, entered_by, entered_at)";
    db::rows((INTO, ""), parts.into_iter().map(harm_row))
        .insert(tx)
        .await
}

fn harm_row((incident, ordinal, figure): Part<'_, HarmFigure>) -> [Value<'_>; 27] {
    let (low, high) = figure.bound.ends();
    let detail = &figure.detail;
    let (as_of, fidelity) = date_columns(detail.as_of);
    let causality = detail.causality.as_ref();
    // Cells are a list of plain words and numbers, which is always written.
    let groups = |cells: &[Cell]| {
        (!cells.is_empty()).then(|| serde_json::to_string(cells).unwrap_or_default())
    };
    [
        incident.uuid().into(),
        ordinal.into(),
        figure.what.as_str().into(),
        figure.measure.map(crate::model::Measure::as_str).into(),
        figure.bound.word().into(),
        low.thousandths().into(),
        high.thousandths().into(),
        figure.unit.as_str().into(),
        figure.grade.as_str().into(),
        line(figure.source.as_ref()),
        line(figure.note.as_ref()),
        line(detail.method.as_ref()),
        as_of.into(),
        fidelity.into(),
        detail
            .confidence
            .map(crate::harm::Confidence::as_str)
            .into(),
        detail.origin.map(crate::harm::Origin::as_str).into(),
        causality.map(Causality::word).into(),
        line(causality.and_then(Causality::evidence)),
        line(detail.baseline.as_ref()),
        detail.nature.map(crate::harm::Nature::as_str).into(),
        detail
            .merge_key
            .as_ref()
            .map(crate::harm::Key::as_str)
            .into(),
        groups(&detail.cells).into(),
        groups(&detail.among).into(),
        detail
            .corrects
            .as_ref()
            .map(|one| i64::from(one.number))
            .into(),
        detail
            .corrects
            .as_ref()
            .map(|one| one.reason.as_str())
            .into(),
        detail.entered.as_ref().map(|(by, _)| by.as_str()).into(),
        detail.entered.as_ref().map(|(_, at)| at.as_micros()).into(),
    ]
}

/// Writes links, or their labels anew. They are listed in the order of their times: those of one
/// entry get `at` and, one after the other, the microseconds after it. Gives the time after the last.
pub(crate) async fn put_links<'a>(
    tx: &mut Tx,
    links: impl IntoIterator<Item = (IncidentId, &'a [Link])>,
    at: Timestamp,
) -> Result<Timestamp, DbError> {
    const INTO: &str = "INSERT INTO incident_link (incident, kind, target, label, added_at)";
    const AFTER: &str =
        " ON CONFLICT (incident, kind, target) DO UPDATE SET label = excluded.label";
    let mut after = at;
    // One statement writes a row once: of a link that comes twice the last label counts.
    let mut once = BTreeMap::new();
    for (incident, some) in links {
        let mut time = at;
        for link in some {
            let key = (incident, link.kind.as_str(), link.target.as_str());
            once.entry(key).or_insert((link, time)).0 = link;
            time = time.plus(Duration::from_micros(1));
        }
        after = after.max(time);
    }
    let rows = once.iter().map(|((incident, kind, target), (link, at))| {
        [
            incident.uuid().into(),
            (*kind).into(),
            (*target).into(),
            link.label.as_str().into(),
            at.as_micros().into(),
        ]
    });
    db::rows((INTO, AFTER), rows).insert(tx).await?;
    Ok(after)
}
