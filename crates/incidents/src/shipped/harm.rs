//! Figures of harm as they stand in a file.

use serde::Deserialize;

use crate::{
    harm::{Causality, Confidence, Detail, Measure, Nature, Origin},
    model::{Bound, Dated, Grade, HarmFigure, Invalid, Line},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileHarm {
    what: String,
    measure: Option<Measure>,
    bound: String,
    value: Option<String>,
    low: Option<String>,
    high: Option<String>,
    unit: String,
    grade: Grade,
    pub(super) row: String,
    note: Option<String>,
    method: Option<String>,
    as_of: Option<Dated>,
    confidence: Option<Confidence>,
    origin: Option<Origin>,
    causality: Option<String>,
    causality_evidence: Option<String>,
    baseline: Option<String>,
    nature: Option<Nature>,
    merge_key: Option<String>,
}

impl FileHarm {
    /// The figure, which stands there.
    pub(super) fn to_figure(&self, source: Line<200>) -> Result<HarmFigure, Invalid> {
        let (value, low, high) = (
            self.value.as_deref(),
            self.low.as_deref(),
            self.high.as_deref(),
        );
        let evidence = Line::optional(
            self.causality_evidence.as_deref(),
            "harm.causality_evidence",
        )?;
        let causality = self.causality.as_deref();
        let figure = HarmFigure {
            what: Line::required(&self.what, "harm.what")?,
            measure: self.measure,
            bound: Bound::read(&self.bound, value, low, high)?,
            unit: self.unit.parse()?,
            grade: self.grade,
            source: Some(source),
            note: Line::optional(self.note.as_deref(), "harm.note")?,
            detail: Detail {
                method: Line::optional(self.method.as_deref(), "harm.method")?,
                as_of: self.as_of,
                confidence: self.confidence,
                origin: self.origin,
                causality: causality
                    .map(|word| Causality::read(word, evidence))
                    .transpose()?,
                baseline: Line::optional(self.baseline.as_deref(), "harm.baseline")?,
                nature: self.nature,
                merge_key: self.merge_key.as_deref().map(str::parse).transpose()?,
                ..Detail::default()
            },
        };
        figure.checked()
    }
}
