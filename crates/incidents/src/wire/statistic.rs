//! Statements that are no incidents.

use kernel::Country;
use serde::Serialize;
use utoipa::ToSchema;

use super::PeriodBody;
use crate::{
    model::{Grade, Line, Sector},
    statistics::{Counts, StatedFigure, Statistic, StatisticKind},
};

/// One statement that is no incident. Its figures are text: they overlap, repeat and count
/// different things, and none may be added to another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::StatisticBody)]
pub struct StatisticBody {
    /// What it is about.
    pub kind: StatisticKind,
    /// Its number in the list of statements.
    #[schema(example = "INC-009")]
    pub row: String,
    /// Statements with the same key give the same figure.
    pub merge_key: Option<String>,
    /// The shipped incident whose denominators these are.
    pub about: Option<String>,
    /// What is said.
    pub says: String,
    /// Of whom or what.
    pub population: Option<String>,
    /// The States concerned.
    #[schema(value_type = Vec<String>)]
    pub countries: Vec<Country>,
    /// True where it speaks of the world.
    pub worldwide: bool,
    /// Sectors.
    #[schema(value_type = Vec<String>)]
    pub sectors: Vec<Sector>,
    /// The actor as stated.
    pub actor: Option<String>,
    /// The delegation or organisation.
    pub by: String,
    /// The State, where a State speaks.
    #[schema(value_type = Option<String>)]
    pub country: Option<Country>,
    /// What the speaker was.
    pub role: Option<String>,
    /// Whom the speaker cites.
    pub cites: Option<String>,
    /// The document.
    pub document: String,
    /// The line of the document.
    pub line: u32,
    /// Of what time.
    pub period: PeriodBody,
    /// What the reader should know of it.
    pub note: Option<String>,
    /// The figures.
    pub figures: Vec<FigureBody>,
}

/// A figure as stated.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::FigureBody)]
pub struct FigureBody {
    /// What it measures.
    pub what: String,
    /// What it counts; two figures of different kinds are never the same thing.
    pub of: Counts,
    /// `exact`, `at_least`, `at_most`, `about`, `range` or `not_stated`.
    pub bound: &'static str,
    /// The number, or the two ends of a range; null where the source gives none.
    pub text: Option<String>,
    /// A currency, or a noun in the singular.
    pub unit: Option<String>,
    /// How good the source is.
    pub grade: Grade,
    /// What the reader should know of it.
    pub note: Option<String>,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

impl From<&Statistic> for StatisticBody {
    fn from(statistic: &Statistic) -> Self {
        Self {
            kind: statistic.kind,
            row: statistic.row.to_string(),
            merge_key: text(statistic.merge_key.as_ref()),
            about: text(statistic.about.as_ref()),
            says: statistic.says.to_string(),
            population: text(statistic.population.as_ref()),
            countries: statistic.countries.clone(),
            worldwide: statistic.worldwide,
            sectors: statistic.sectors.clone(),
            actor: text(statistic.actor.as_ref()),
            by: statistic.by.to_string(),
            country: statistic.country,
            role: text(statistic.role.as_ref()),
            cites: text(statistic.cites.as_ref()),
            document: statistic.document.to_string(),
            line: statistic.line,
            period: PeriodBody::from(&statistic.period),
            note: text(statistic.note.as_ref()),
            figures: statistic.figures.iter().map(FigureBody::from).collect(),
        }
    }
}

impl From<&StatedFigure> for FigureBody {
    fn from(figure: &StatedFigure) -> Self {
        Self {
            what: figure.what.to_string(),
            of: figure.of,
            bound: figure.bound(),
            text: figure.text(),
            unit: figure.unit().map(|unit| unit.as_str().to_owned()),
            grade: figure.grade,
            note: text(figure.note.as_ref()),
        }
    }
}
