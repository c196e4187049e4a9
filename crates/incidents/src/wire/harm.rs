//! Figures of harm, what follows from the course, and the sums.

use std::collections::BTreeSet;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    harm::{
        Causality, Confidence, Correction, Detail, Measure, Nature, Origin,
        computed::{self, Computed, How, Value},
        groups::{self, Cell, Table},
        ratios::{self, Ratio},
        sum::{self, Apart, Total},
    },
    model::{Bound, Case, Dated, Grade, HarmFigure, Invalid, Line},
};

/// One figure of harm: either `value`, or `low` and `high` where `bound` is `range`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::HarmBody)]
pub struct HarmBody {
    /// What it measures; up to 300 characters.
    #[schema(max_length = 300)]
    pub what: String,
    /// The measure, where one fits.
    #[schema(example = "H-DWN")]
    pub measure: Option<Measure>,
    /// `exact`, `at_least`, `at_most`, `about` or `range`.
    pub bound: String,
    /// The number, with up to three decimal places.
    #[schema(example = "37")]
    pub value: Option<String>,
    /// The lower end of a range.
    pub low: Option<String>,
    /// The higher end of a range.
    pub high: Option<String>,
    /// A currency, or a noun in the singular. Currencies are never converted.
    #[schema(example = "day")]
    pub unit: String,
    /// How good the source is: A measured by the operator, B official record, C stated in a meeting
    /// or the press, D claimed by an actor. What an attacker says is D.
    pub grade: Grade,
    /// Where it stands.
    #[schema(max_length = 200)]
    pub source: Option<String>,
    /// What the reader should know of it.
    #[schema(max_length = 1_000)]
    pub note: Option<String>,
    /// How the number was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub method: Option<String>,
    /// As of when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2024-06-14")]
    pub as_of: Option<Dated>,
    /// How sure whoever enters it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Who gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// `associated`, `contributed` or `caused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub causality: Option<String>,
    /// With `caused`: the coroner, the clinical review or the study that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub causality_evidence: Option<String>,
    /// What it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub baseline: Option<String>,
    /// What the number counts. Numbers of different nature are never added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// Under which key it counts once: of two with the same key none is added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub merge_key: Option<String>,
    /// The same number by groups of people. Written, and read between registers; answers to readers
    /// hold `groups` in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 288)]
    pub cells: Vec<Cell>,
    /// How many people of each group use what was hit, to compare with. Written, and read between
    /// registers; answers to readers hold `ratios` in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 288)]
    pub among: Vec<Cell>,
    /// The groups as they may be shown, with small ones held back. Computed; ignored in requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Table>,
    /// How much more often women were hit than men, and people with a disability or displaced people
    /// than others. Computed; ignored in requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratios: Vec<Ratio>,
    /// The number of the earlier figure that it takes the place of, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<u32>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub correction: Option<String>,
    /// Who entered it. Written by the program; ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
}

/// The harm of an incident: what was stated, what follows, and what may be added.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::HarmViewBody)]
pub struct HarmViewBody {
    /// The figures in the order of entry, corrected ones among them; the place in the list, from 0 on,
    /// is the number of the figure.
    pub figures: Vec<HarmBody>,
    /// What follows from the course.
    pub computed: Vec<ComputedBody>,
    /// The sums.
    pub totals: Vec<TotalBody>,
    /// The figures that are in no sum.
    pub apart: Vec<ApartBody>,
    /// The smallest group of people that is shown.
    pub shown_from: u64,
}

/// A measure that follows from the course, and how.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ComputedBody)]
pub struct ComputedBody {
    /// The measure.
    pub measure: Measure,
    /// Of which service, by the number of its entry; null for the whole incident.
    pub service: Option<u32>,
    /// A share of capacity in per cent (H-DWN), or an order of effects (H-CASC).
    pub at: Option<u8>,
    /// `point`, `between`, `within`, `at_least` (up to what was entered last, and not over), `never` or
    /// `not_yet`.
    pub state: &'static str,
    /// The number; null where there is none, or only an interval.
    #[schema(example = "18.5")]
    pub value: Option<String>,
    /// The least that it can be.
    pub low: Option<String>,
    /// The most that it can be.
    pub high: Option<String>,
    /// The unit.
    pub unit: String,
    /// True where each service counts as one, whatever its weight.
    pub unweighted: bool,
    /// How it came about.
    pub how: How,
    /// The formula of the measure.
    pub formula: &'static str,
    /// The numbers of the entries from which it follows.
    pub from: Vec<u32>,
}

/// A sum of figures.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::TotalBody)]
pub struct TotalBody {
    /// Of which measure.
    pub measure: Measure,
    /// What is counted.
    pub nature: Nature,
    /// The unit.
    pub unit: String,
    /// The least.
    pub low: String,
    /// The most; null where there is none.
    pub high: Option<String>,
    /// The numbers of the figures in it.
    pub of: Vec<u32>,
}

/// A figure that is in no sum.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ApartBody)]
pub struct ApartBody {
    /// The number of the figure.
    pub figure: u32,
    /// Why.
    pub why: Apart,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

impl From<&HarmFigure> for HarmBody {
    fn from(figure: &HarmFigure) -> Self {
        let (value, low, high) = match figure.bound {
            Bound::Range(low, high) => (None, Some(low.to_string()), Some(high.to_string())),
            Bound::Exact(one) | Bound::AtLeast(one) | Bound::AtMost(one) | Bound::About(one) => {
                (Some(one.to_string()), None, None)
            }
        };
        let detail = &figure.detail;
        let causality = detail.causality.as_ref();
        let corrects = detail.corrects.as_ref();
        Self {
            what: figure.what.to_string(),
            measure: figure.measure,
            bound: figure.bound.word().to_owned(),
            value,
            low,
            high,
            unit: figure.unit.as_str().to_owned(),
            grade: figure.grade,
            source: text(figure.source.as_ref()),
            note: text(figure.note.as_ref()),
            method: text(detail.method.as_ref()),
            as_of: detail.as_of,
            confidence: detail.confidence,
            origin: detail.origin,
            causality: causality.map(|one| one.word().to_owned()),
            causality_evidence: text(causality.and_then(Causality::evidence)),
            baseline: text(detail.baseline.as_ref()),
            nature: detail.nature,
            merge_key: detail.merge_key.as_ref().map(ToString::to_string),
            cells: detail.cells.clone(),
            among: detail.among.clone(),
            groups: Vec::new(),
            ratios: Vec::new(),
            corrects: corrects.map(|one| one.number),
            correction: corrects.map(|one| one.reason.to_string()),
            by: detail
                .entered
                .as_ref()
                .map(|(by, _)| by.as_str().to_owned()),
            entered_at: detail.entered.as_ref().map(|&(_, at)| at),
        }
    }
}

impl TryFrom<HarmBody> for HarmFigure {
    type Error = Invalid;

    fn try_from(body: HarmBody) -> Result<Self, Invalid> {
        let (value, low, high) = (
            body.value.as_deref(),
            body.low.as_deref(),
            body.high.as_deref(),
        );
        let evidence = Line::optional(body.causality_evidence.as_deref(), "causality_evidence")?;
        let causality = match (body.causality.as_deref(), evidence) {
            (None, None) => None,
            (word, evidence) => Some(Causality::read(word.unwrap_or_default(), evidence)?),
        };
        let entered = match (body.by, body.entered_at) {
            (Some(by), Some(at)) => Some((by.parse()?, at)),
            _ => None,
        };
        let figure = Self {
            what: Line::required(&body.what, "what")?,
            measure: body.measure,
            bound: Bound::read(&body.bound, value, low, high)?,
            unit: body.unit.parse()?,
            grade: body.grade,
            source: Line::optional(body.source.as_deref(), "source")?,
            note: Line::optional(body.note.as_deref(), "note")?,
            detail: Detail {
                method: Line::optional(body.method.as_deref(), "method")?,
                as_of: body.as_of,
                confidence: body.confidence,
                origin: body.origin,
                causality,
                baseline: Line::optional(body.baseline.as_deref(), "baseline")?,
                nature: body.nature,
                merge_key: body.merge_key.map(|key| key.parse()).transpose()?,
                cells: body.cells,
                among: body.among,
                corrects: Correction::read(body.corrects, body.correction.as_deref())?,
                entered,
            },
        };
        figure.checked()
    }
}

impl HarmBody {
    /// The figure as readers see it: groups of people in tables with small ones held back.
    #[must_use]
    pub fn shown(self) -> Self {
        let whole = self.value.as_deref().filter(|_| self.bound == "exact");
        let whole = whole.and_then(|value| value.parse().ok());
        Self {
            groups: groups::tables(&self.cells, whole),
            ratios: ratios::ratios((&self.cells, whole), &self.among),
            cells: Vec::new(),
            among: Vec::new(),
            ..self
        }
    }
}

/// The figures of an incident as readers see them. Of one that was corrected no groups are shown: what is
/// held back there could be got from the one that took its place.
pub(crate) fn all_shown(figures: Vec<HarmBody>) -> Vec<HarmBody> {
    let corrected: BTreeSet<u32> = figures.iter().filter_map(|one| one.corrects).collect();
    let shown = (0..).zip(figures).map(|(number, mut figure)| {
        if corrected.contains(&number) {
            figure.cells.clear();
        }
        figure.shown()
    });
    shown.collect()
}

impl From<&Computed> for ComputedBody {
    fn from(one: &Computed) -> Self {
        let text = |quantity: crate::model::Quantity| Some(quantity.to_string());
        let (state, value, low, high) = match one.value {
            Value::Point(value) => ("point", text(value), None, None),
            Value::Between(low, high) => ("between", None, text(low), text(high)),
            Value::Within(value, low, high) => ("within", text(value), text(low), text(high)),
            Value::AtLeast(low) => ("at_least", None, text(low), None),
            Value::Never => ("never", None, None, None),
            Value::NotYet => ("not_yet", None, None, None),
        };
        Self {
            measure: one.measure,
            service: one.service,
            at: one.at,
            state,
            value,
            low,
            high,
            unit: one.unit.clone(),
            unweighted: one.unweighted,
            how: one.how,
            formula: one.measure.formula(),
            from: one.from.clone(),
        }
    }
}

impl From<&Total> for TotalBody {
    fn from(total: &Total) -> Self {
        Self {
            measure: total.measure,
            nature: total.nature,
            unit: total.unit.as_str().to_owned(),
            low: total.amount.low.to_string(),
            high: total.amount.high.map(|high| high.to_string()),
            of: total.of.clone(),
        }
    }
}

impl From<&Case> for HarmViewBody {
    fn from(case: &Case) -> Self {
        let totals = sum::totals(&case.harm);
        let apart = totals.apart.iter();
        Self {
            figures: all_shown(case.harm.iter().map(HarmBody::from).collect()),
            computed: computed::computed(&case.course)
                .iter()
                .map(ComputedBody::from)
                .collect(),
            totals: totals.sums.iter().map(TotalBody::from).collect(),
            apart: apart
                .map(|(&figure, &why)| ApartBody { figure, why })
                .collect(),
            shown_from: groups::SHOWN_FROM,
        }
    }
}

#[cfg(test)]
mod tests;
