//! Bodies of counts.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    model::Invalid,
    tally::{Dimension, OnTime, Question, Spread, Table, Tally, Value},
};

/// Which entries are counted. A condition is a value as the tables of the answer name them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TallyQuery {
    /// Began in this month (`2026-02`, UTC) or later. What is known to the year alone is counted where its
    /// whole year lies within.
    pub from: Option<String>,
    /// Began in this month or earlier.
    pub to: Option<String>,
    /// Began in this month; or, of a year (`2026`), began in it without a month that is known.
    pub month: Option<String>,
    /// A sector, by its NIS2 code; `unknown` for none.
    pub sector: Option<String>,
    /// A class of RSIT.
    pub class: Option<String>,
    /// A level of severity, 0 to 5.
    pub level: Option<String>,
    /// A regional group of the United Nations: `african`, `asia-pacific`, `eastern-european`,
    /// `grulac`, `weog`, `other` or `unknown`.
    pub region: Option<String>,
    /// `malicious`, `not-malicious` or `unknown`.
    pub cause: Option<String>,
    /// `yes`, `no` or `unknown`.
    #[serde(rename = "cross-border")]
    pub cross_border: Option<String>,
    /// How sure it is that it happened.
    pub determination: Option<String>,
    /// `incident` or `campaign`.
    pub kind: Option<String>,
    /// Where the work stands.
    pub stage: Option<String>,
    /// The time to detection, such as `up-to-24h`.
    pub detection: Option<String>,
    /// The time to the end.
    pub duration: Option<String>,
    /// True for people outside of the house: groups of fewer than five are held back.
    #[serde(default)]
    #[param(required = false)]
    pub outward: bool,
}

/// Counts of entries.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::TallyBody)]
pub struct TallyBody {
    /// How many entries; null where so few are not told.
    pub total: Option<u64>,
    /// What counts these entries and no others; empty for all of the register.
    pub query: String,
    /// A table for each dimension.
    pub tables: Vec<TallyTableBody>,
    /// The time from the beginning to detection.
    pub detection: SpreadBody,
    /// The time from the beginning to the end.
    pub duration: SpreadBody,
    /// How reports were filed.
    pub on_time: OnTimeBody,
}

/// Counts by one dimension.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::TallyTableBody)]
pub struct TallyTableBody {
    /// By what entries are told apart.
    pub by: Dimension,
    /// Each value that any entry has.
    pub rows: Vec<TallyRowBody>,
}

/// How many entries have a value.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::TallyRowBody)]
pub struct TallyRowBody {
    /// The value.
    pub value: String,
    /// How many; null where it is held back.
    pub count: Option<u64>,
    /// What counts these entries and no others.
    pub query: String,
}

/// How long something took, over the entries of which that is known to the day at least.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::SpreadBody)]
pub struct SpreadBody {
    /// Of how many entries it is known; null where so few are not told.
    pub known: Option<u64>,
    /// Half of them took this many minutes or less.
    pub median_minutes: Option<u32>,
    /// Nine of ten took this many minutes or less.
    pub ninetieth_minutes: Option<u32>,
}

/// Reports with a term that is known, of all regimes and stages; null where so few are not told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::OnTimeBody)]
pub struct OnTimeBody {
    /// Filed when they were due at the latest.
    pub in_time: Option<u64>,
    /// Filed later.
    pub late: Option<u64>,
    /// Not filed, though due.
    pub overdue: Option<u64>,
    /// Not filed, and not due yet.
    pub running: Option<u64>,
    /// The share filed in time of those that are filed or due, in thousandths.
    pub share_thousandths: Option<u64>,
}

impl TallyQuery {
    fn values(&self) -> [(Dimension, &Option<String>); 12] {
        [
            (Dimension::Month, &self.month),
            (Dimension::Sector, &self.sector),
            (Dimension::Class, &self.class),
            (Dimension::Level, &self.level),
            (Dimension::Region, &self.region),
            (Dimension::Cause, &self.cause),
            (Dimension::CrossBorder, &self.cross_border),
            (Dimension::Determination, &self.determination),
            (Dimension::Kind, &self.kind),
            (Dimension::Stage, &self.stage),
            (Dimension::Detection, &self.detection),
            (Dimension::Duration, &self.duration),
        ]
    }
}

impl TryFrom<&TallyQuery> for Question {
    type Error = Invalid;

    fn try_from(query: &TallyQuery) -> Result<Self, Invalid> {
        let month = |text: &Option<String>, field| {
            let month = text.as_deref().map(str::parse).transpose();
            month.map_err(|invalid: Invalid| invalid.at(field))
        };
        let mut values = Vec::new();
        for (by, word) in query.values() {
            if let Some(word) = word {
                values.push(Value::new(by, word)?);
            }
        }
        Ok(Self {
            from: month(&query.from, "from")?,
            to: month(&query.to, "to")?,
            values,
        })
    }
}

/// The query that asks for a question.
pub fn written(question: &Question) -> String {
    let months = [("from", question.from), ("to", question.to)];
    let months = months
        .into_iter()
        .filter_map(|(name, month)| Some((name, month?.to_string())));
    let values = question.values.iter();
    let values = values.map(|value| (value.by.as_str(), value.word.clone()));
    let pairs = months
        .chain(values)
        .map(|(name, word)| format!("{name}={word}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// The question that asks for one row as well.
pub fn narrowed(question: &Question, by: Dimension, word: &str) -> Question {
    let mut narrow = question.clone();
    if !narrow
        .values
        .iter()
        .any(|value| value.by == by && value.word == word)
    {
        let word = word.to_owned();
        narrow.values.push(Value { by, word });
    }
    narrow
}

impl TallyBody {
    /// The answer to a question.
    pub fn new(tally: &Tally, question: &Question) -> Self {
        let tables = tally.tables.iter().map(|table| table_body(table, question));
        Self {
            total: tally.total,
            query: written(question),
            tables: tables.collect(),
            detection: SpreadBody::from(tally.detection),
            duration: SpreadBody::from(tally.duration),
            on_time: OnTimeBody::from(tally.on_time),
        }
    }

    /// The same as CSV (RFC 4180): a table, a value, how many, and the query. What is held back is an
    /// empty cell. Every cell is a word of this program, a number or a query of such words.
    pub fn to_csv(&self) -> String {
        let mut csv = "table,value,count,query\r\n".to_owned();
        let cell = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
        let minutes = |minutes: Option<u32>| cell(minutes.map(u64::from));
        let mut line = |table: &str, value: &str, count: &str, query: &str| {
            let _infallible = write!(csv, "{table},{value},{count},{query}\r\n");
        };
        let asked = self.query.as_str();
        line("total", "", &cell(self.total), asked);
        for table in &self.tables {
            for row in &table.rows {
                line(table.by.as_str(), &row.value, &cell(row.count), &row.query);
            }
        }
        for (name, spread) in [
            ("minutes-to-detection", self.detection),
            ("minutes-to-end", self.duration),
        ] {
            line(name, "known", &cell(spread.known), asked);
            line(name, "median", &minutes(spread.median_minutes), asked);
            line(name, "ninetieth", &minutes(spread.ninetieth_minutes), asked);
        }
        for (value, count) in [
            ("in-time", self.on_time.in_time),
            ("late", self.on_time.late),
            ("overdue", self.on_time.overdue),
            ("running", self.on_time.running),
            ("share-thousandths", self.on_time.share_thousandths),
        ] {
            line("reports", value, &cell(count), asked);
        }
        csv
    }
}

fn table_body(table: &Table, question: &Question) -> TallyTableBody {
    let rows = table.rows.iter().map(|row| TallyRowBody {
        value: row.word.clone(),
        count: row.count,
        query: written(&narrowed(question, table.by, &row.word)),
    });
    TallyTableBody {
        by: table.by,
        rows: rows.collect(),
    }
}

impl From<Spread> for SpreadBody {
    fn from(spread: Spread) -> Self {
        Self {
            known: spread.known,
            median_minutes: spread.median_minutes,
            ninetieth_minutes: spread.ninetieth_minutes,
        }
    }
}

impl From<OnTime> for OnTimeBody {
    fn from(on_time: OnTime) -> Self {
        Self {
            in_time: on_time.in_time,
            late: on_time.late,
            overdue: on_time.overdue,
            running: on_time.running,
            share_thousandths: on_time.share(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_the_whole_stands_with_what_is_counted() {
        let question = Question {
            from: "2026-01".parse().ok(),
            values: vec![Value::new(Dimension::Sector, "health").unwrap()],
            ..Question::default()
        };
        let tally = Tally {
            total: Some(7),
            tables: Vec::new(),
            detection: Spread::default(),
            duration: Spread::default(),
            on_time: OnTime::default(),
        };
        let body = TallyBody::new(&tally, &question);
        assert_eq!(body.query, "from=2026-01&sector=health");
        let csv = body.to_csv();
        assert!(csv.contains("total,,7,from=2026-01&sector=health\r\n"));
        let lines = csv.lines().skip(1);
        assert_eq!(
            lines
                .filter(|line| !line.ends_with("&sector=health"))
                .count(),
            0
        );
    }
}
