//! SQL of the figures of harm of an entry. Rows are added and never changed.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};

use super::{parts::parsed, row::date};
use crate::{
    harm::{Causality, Correction, Detail, groups::Cell},
    model::{Bound, HarmFigure, PARTS_MAX, Quantity},
};

/// How many rows are read at most; more are never written.
const READ_MAX: i64 = 1_000;
const _: () = assert!(PARTS_MAX == 1_000, "what can be written can be read");

db::row! {
    struct HarmRow {
        what: String,
        measure: Option<String>,
        bound: String,
        low_thousandth: i64,
        high_thousandth: i64,
        unit: String,
        grade: String,
        source: Option<String>,
        note: Option<String>,
        method: Option<String>,
        as_of: Option<i64>,
        as_of_fidelity: Option<String>,
        confidence: Option<String>,
        origin: Option<String>,
        causality: Option<String>,
        causality_evidence: Option<String>,
        baseline: Option<String>,
        nature: Option<String>,
        merge_key: Option<String>,
        cells: Option<String>,
        among: Option<String>,
        corrects: Option<i64>,
        correction: Option<String>,
        entered_by: Option<String>,
        entered_at: Option<i64>,
    }
}

/// The harm figures, in the order in which they were entered.
pub(crate) async fn harm(tx: &mut Tx, incident: IncidentId) -> Result<Vec<HarmFigure>, DbError> {
    const SQL: &str = "SELECT what, measure, bound, low_thousandth, high_thousandth, unit, grade, \
                       source, note, method, as_of, as_of_fidelity, confidence, origin, causality, \
                       causality_evidence, baseline, nature, merge_key, cells, among, corrects, \
                       correction, entered_by, entered_at \
                       FROM incident_harm WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<HarmRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_harm", column, &incident);
    let figure = |row: HarmRow| -> Result<HarmFigure, Corrupt> {
        let low = Quantity::from_thousandths(row.low_thousandth);
        let high = Quantity::from_thousandths(row.high_thousandth);
        Ok(HarmFigure {
            what: row.what.parse().map_err(|_unreadable| bad("what"))?,
            measure: parsed(row.measure.clone()).map_err(|()| bad("measure"))?,
            bound: Bound::of(&row.bound, low, high).map_err(|_unreadable| bad("bound"))?,
            unit: row.unit.parse().map_err(|_unreadable| bad("unit"))?,
            grade: row.grade.parse().map_err(|_unreadable| bad("grade"))?,
            source: parsed(row.source.clone()).map_err(|()| bad("source"))?,
            note: parsed(row.note.clone()).map_err(|()| bad("note"))?,
            detail: row.detail().map_err(bad)?,
        })
    };
    Ok(rows.into_iter().map(figure).collect::<Result<_, _>>()?)
}

impl HarmRow {
    /// What else is known; or the column that cannot be read.
    fn detail(self) -> Result<Detail, &'static str> {
        let evidence = parsed(self.causality_evidence).map_err(|()| "causality_evidence")?;
        let causality = self.causality.map(|word| Causality::read(&word, evidence));
        let number = self.corrects.map(u32::try_from).transpose();
        let entered = match (self.entered_by, self.entered_at) {
            (Some(by), Some(at)) => {
                let by = by.parse().map_err(|_unreadable| "entered_by")?;
                Some((by, Timestamp::from_micros(at)))
            }
            _ => None,
        };
        Ok(Detail {
            method: parsed(self.method).map_err(|()| "method")?,
            as_of: date(self.as_of, self.as_of_fidelity.as_deref(), || {
                Corrupt::new("incident_harm", "as_of", &"")
            })
            .map_err(|_unreadable| "as_of")?,
            confidence: parsed(self.confidence).map_err(|()| "confidence")?,
            origin: parsed(self.origin).map_err(|()| "origin")?,
            causality: causality.transpose().map_err(|_unreadable| "causality")?,
            baseline: parsed(self.baseline).map_err(|()| "baseline")?,
            nature: parsed(self.nature).map_err(|()| "nature")?,
            merge_key: parsed(self.merge_key).map_err(|()| "merge_key")?,
            cells: groups(self.cells.as_deref()).map_err(|()| "cells")?,
            among: groups(self.among.as_deref()).map_err(|()| "among")?,
            corrects: Correction::read(
                number.map_err(|_large| "corrects")?,
                self.correction.as_deref(),
            )
            .map_err(|_unreadable| "correction")?,
            entered,
        })
    }
}

fn groups(text: Option<&str>) -> Result<Vec<Cell>, ()> {
    text.map_or(Ok(Vec::new()), |cells| {
        serde_json::from_str(cells).map_err(|_unreadable| ())
    })
}
