//! Reading the files of `data/statistics`.

use kernel::Country;
use serde::{Deserialize, Deserializer, de};

use super::{Counts, StatedFigure, Statistic, StatisticKind, Value};
use crate::{
    error::Error,
    model::{Bound, Grade, Invalid, Line, Sector, Unit},
    shipped::FilePeriod,
};

const FILES: [(StatisticKind, &str, &str); 4] = [
    (
        StatisticKind::Statistic,
        "statistic",
        include_str!("../../../../data/statistics/statistic.toml"),
    ),
    (
        StatisticKind::ActorRevenue,
        "actor-revenue",
        include_str!("../../../../data/statistics/actor-revenue.toml"),
    ),
    (
        StatisticKind::LawEnforcement,
        "law-enforcement",
        include_str!("../../../../data/statistics/law-enforcement.toml"),
    ),
    (
        StatisticKind::Context,
        "context",
        include_str!("../../../../data/statistics/context.toml"),
    ),
];

/// All statements that ship with the program, kind by kind, in the order of their files.
pub fn all() -> Result<Vec<Statistic>, Error> {
    let mut found = Vec::new();
    for (kind, key, text) in FILES {
        let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| {
            Error::ShippedUnreadable { key, source }
        };
        let file: File = toml::from_str(text).map_err(|source| unreadable(source.into()))?;
        for row in file.statistic {
            let statistic = row.into_statistic(kind);
            found.push(statistic.map_err(|source| unreadable(source.into()))?);
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    statistic: Vec<Told>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    row: String,
    merge_key: Option<String>,
    about: Option<String>,
    says: String,
    population: Option<String>,
    #[serde(default)]
    countries: Vec<Country>,
    #[serde(default)]
    worldwide: bool,
    #[serde(default)]
    sectors: Vec<Sector>,
    actor: Option<String>,
    by: String,
    country: Option<Country>,
    role: Option<String>,
    cites: Option<String>,
    document: String,
    line: u32,
    note: Option<String>,
    period: FilePeriod,
    #[serde(default)]
    figure: Vec<FigureRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureRow {
    what: String,
    of: Counts,
    bound: String,
    value: Option<String>,
    low: Option<String>,
    high: Option<String>,
    #[serde(default, deserialize_with = "unit")]
    unit: Option<Unit>,
    grade: Grade,
    note: Option<String>,
}

fn unit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Unit>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(de::Error::custom)
}

impl Told {
    fn into_statistic(self, kind: StatisticKind) -> Result<Statistic, Invalid> {
        Ok(Statistic {
            kind,
            row: Line::required(&self.row, "row")?,
            merge_key: Line::optional(self.merge_key.as_deref(), "merge_key")?,
            about: Line::optional(self.about.as_deref(), "about")?,
            says: Line::required(&self.says, "says")?,
            population: Line::optional(self.population.as_deref(), "population")?,
            countries: self.countries,
            worldwide: self.worldwide,
            sectors: self.sectors,
            actor: Line::optional(self.actor.as_deref(), "actor")?,
            by: Line::required(&self.by, "by")?,
            country: self.country,
            role: Line::optional(self.role.as_deref(), "role")?,
            cites: Line::optional(self.cites.as_deref(), "cites")?,
            document: Line::required(&self.document, "document")?,
            line: self.line,
            period: self.period.into_period()?,
            note: Line::optional(self.note.as_deref(), "note")?,
            figures: self
                .figure
                .into_iter()
                .map(FigureRow::into_figure)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl FigureRow {
    fn into_figure(self) -> Result<StatedFigure, Invalid> {
        let value = match (self.bound.as_str(), self.unit) {
            ("not_stated", None) if self.value.is_none() => Value::NotStated,
            ("not_stated", _) | (_, None) => {
                return Err(Invalid {
                    field: "unit",
                    rule: "stands with every stated value",
                });
            }
            (bound, Some(unit)) => Value::Stated {
                bound: Bound::read(
                    bound,
                    self.value.as_deref(),
                    self.low.as_deref(),
                    self.high.as_deref(),
                )?,
                unit,
            },
        };
        Ok(StatedFigure {
            what: Line::required(&self.what, "figure.what")?,
            of: self.of,
            grade: self.grade,
            note: Line::optional(self.note.as_deref(), "figure.note")?,
            value,
        })
    }
}
