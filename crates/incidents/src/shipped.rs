//! Historical incidents from United Nations documents, which ship with the program. Their format is
//! described in `data/README.md`.

mod course;
mod files;
mod harm;
mod severity;

use kernel::{Country, IncidentRef, Tlp};
use serde::Deserialize;

use crate::{
    course::Entry,
    error::Error,
    model::{
        Dated, Determination, Facts, HarmFigure, Invalid, Kind, Line, Period, Prose, Rsit, Sector,
        Statement, StatementKind, TimelineEntry,
    },
    severity::Assessment,
};

/// An incident that ships with the program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shipped {
    /// Its identity on import.
    pub key: &'static str,
    /// The same public id in every node.
    pub public: IncidentRef,
    /// What is known.
    pub facts: Facts,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// Harm, as stated.
    pub harm: Vec<HarmFigure>,
    /// What stands of its course.
    pub course: Vec<Entry>,
    /// Who said what of it.
    pub statements: Vec<Statement>,
    /// How severe it was judged to be, where the file says so.
    pub assessment: Option<Assessment>,
    /// The file, for its digest.
    pub text: &'static str,
}

/// All shipped incidents, ordered by key.
pub fn all() -> Result<Vec<Shipped>, Error> {
    files::FILES
        .iter()
        .map(|&(key, text)| read(key, text))
        .collect()
}

fn read(key: &'static str, text: &'static str) -> Result<Shipped, Error> {
    let file: File = toml::from_str(text).map_err(|source| Error::ShippedUnreadable {
        key,
        source: Box::new(source),
    })?;
    file.into_shipped(key, text)
        .map_err(|source| Error::ShippedUnreadable {
            key,
            source: Box::new(source),
        })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: String,
    id: IncidentRef,
    kind: Kind,
    title: String,
    summary: String,
    victims: Vec<Country>,
    worldwide: bool,
    organisation: Option<String>,
    sectors: Vec<Sector>,
    sector_text: Option<String>,
    rsit: Option<Rsit>,
    tlp: Tlp,
    detected: Option<Dated>,
    /// The statements of the source list that this file merges; each `row` below is one of them.
    rows: Vec<String>,
    /// Statements of the list that are no part of the incident but tell what it is measured by, such as
    /// how much a usual year has; they stand with the statistics too.
    #[serde(default)]
    background: Vec<String>,
    note: Option<String>,
    period: FilePeriod,
    #[serde(default)]
    timeline: Vec<FileEntry>,
    #[serde(default)]
    harm: Vec<harm::FileHarm>,
    #[serde(default)]
    course: Vec<course::FileCourse>,
    statement: Vec<FileStatement>,
    severity: Option<severity::FileSeverity>,
}

/// A period as it stands in the files of `data`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilePeriod {
    from: Option<Dated>,
    to: Option<Dated>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    at: Dated,
    what: String,
    row: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStatement {
    row: String,
    kind: StatementKind,
    by: String,
    country: Option<Country>,
    role: Option<String>,
    actor: Option<String>,
    says: String,
    cites: Option<String>,
    document: String,
    line: Option<u32>,
    note: Option<String>,
}

impl FilePeriod {
    pub(crate) fn into_period(self) -> Result<Period, Invalid> {
        Period::new(
            self.from,
            self.to,
            Line::optional(self.text.as_deref(), "period.text")?,
        )
    }
}

impl File {
    fn into_shipped(self, key: &'static str, text: &'static str) -> Result<Shipped, Invalid> {
        if self.key != key {
            return Err(Invalid {
                field: "key",
                rule: "is the name of the file",
            });
        }
        let source = |row: &str| self.source(row);
        let timeline = self.timeline.iter().map(|entry| {
            Ok(TimelineEntry {
                at: entry.at,
                what: Line::required(&entry.what, "timeline.what")?,
                source: Some(source(&entry.row)?),
            })
        });
        let harm = self
            .harm
            .iter()
            .map(|harm| harm.to_figure(source(&harm.row)?));
        let statements = self.statement.iter().map(FileStatement::to_statement);
        Ok(Shipped {
            key,
            public: self.id,
            timeline: timeline.collect::<Result<_, _>>()?,
            harm: harm.collect::<Result<_, _>>()?,
            course: course::entries(&self.course, source)?,
            statements: statements.collect::<Result<_, _>>()?,
            assessment: self
                .severity
                .as_ref()
                .map(|judged| judged.to_assessment(source))
                .transpose()?,
            facts: self.to_facts()?,
            text,
        })
    }

    fn to_facts(&self) -> Result<Facts, Invalid> {
        let description: String = [Some(&self.summary), self.note.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n\n");
        let several = self.worldwide || self.victims.len() > 1;
        let facts = Facts {
            kind: self.kind,
            title: Line::required(&self.title, "title")?,
            description: description.parse::<Prose>()?,
            victims: self.victims.clone(),
            worldwide: self.worldwide,
            organisation: Line::optional(self.organisation.as_deref(), "organisation")?,
            sectors: self.sectors.clone(),
            sector_text: Line::optional(self.sector_text.as_deref(), "sector_text")?,
            rsit: self.rsit,
            period: self.period.clone().into_period()?,
            detected: self.detected,
            reported: None,
            // Each stands on the word of a delegation; the register confirms none of them.
            determination: Determination::Suspected,
            tlp: self.tlp,
            pap: None,
            named: Vec::new(),
            cross_border: several.then_some(true),
        };
        facts.checked(kernel::Mode::Real)
    }

    /// Document, line and number of a row, such as `S/PV.9779, line 117 (INC-041)`.
    fn source(&self, row: &str) -> Result<Line<200>, Invalid> {
        let invalid = Invalid {
            field: "row",
            rule: "is the row of a statement of the file",
        };
        let told = self.statement.iter().find(|statement| statement.row == row);
        let told = told
            .filter(|_| {
                self.rows
                    .iter()
                    .chain(&self.background)
                    .any(|known| known == row)
            })
            .ok_or(invalid)?;
        let line = told
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        Line::required(&format!("{}{line} ({row})", told.document), "source")
    }
}

impl FileStatement {
    fn to_statement(&self) -> Result<Statement, Invalid> {
        let statement = Statement {
            kind: self.kind,
            by: Line::required(&self.by, "statement.by")?,
            country: self.country,
            role: Line::optional(self.role.as_deref(), "statement.role")?,
            actor: Line::optional(self.actor.as_deref(), "statement.actor")?,
            says: Line::required(&self.says, "statement.says")?,
            cites: Line::optional(self.cites.as_deref(), "statement.cites")?,
            document: Some(Line::required(&self.document, "statement.document")?),
            line: self.line,
            at: None,
            note: Line::optional(self.note.as_deref(), "statement.note")?,
        };
        statement.checked()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;
    use crate::course::Content;
    use crate::model::{Bound, Grade, Quantity};

    fn find<'a>(all: &'a [Shipped], key: &str) -> &'a Shipped {
        all.iter().find(|one| one.key == key).unwrap()
    }

    #[test]
    fn every_file_of_the_folder_is_inside_and_readable() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/incidents");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let inside: BTreeSet<String> = all()
            .unwrap()
            .iter()
            .map(|one| format!("{}.toml", one.key))
            .collect();
        assert_eq!(inside, there);
    }

    #[test]
    fn rows_are_merged_once_each() {
        let mut rows = Vec::new();
        for (_, text) in files::FILES {
            rows.extend(toml::from_str::<File>(text).unwrap().rows);
        }
        let each: BTreeSet<_> = rows.iter().collect();
        assert_eq!((rows.len(), each.len(), files::FILES.len()), (46, 46, 36));
    }

    #[test]
    fn ids_and_keys_are_unique() {
        let all = all().unwrap();
        let ids: BTreeSet<_> = all.iter().map(|one| one.public).collect();
        assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn what_the_operator_measured_is_grade_a() {
        let all = all().unwrap();
        let cost = find(&all, "ascension-2024")
            .harm
            .iter()
            .find(|figure| figure.what.as_str() == "response cost")
            .unwrap();
        let stated = Bound::About(Quantity::from_thousandths(130_000_000_000));
        assert_eq!(
            (cost.bound, cost.unit.as_str(), cost.grade),
            (stated, "USD", Grade::A)
        );
        let source = cost.source.as_ref().unwrap();
        assert_eq!(source.as_str(), "S/PV.9779, line 123 (INC-042)");
    }

    #[test]
    fn what_a_usual_year_has_stands_on_the_statement_that_says_so() {
        let all = all().unwrap();
        let sources = find(&all, "ascension-2024")
            .course
            .iter()
            .filter_map(|entry| {
                let Content::Service(service) = &entry.content else {
                    return None;
                };
                service.yearly.as_ref()?;
                entry.source.as_ref().map(Line::as_str)
            });
        assert_eq!(
            sources.collect::<Vec<_>>(),
            ["S/PV.9779, line 105 (INC-043)"]
        );
    }

    #[test]
    fn figures_of_known_slips_are_grade_c_with_a_note() {
        for figure in &find(&all().unwrap(), "london-pathology-2024").harm {
            assert_eq!(figure.grade, Grade::C);
            assert!(figure.note.is_some());
        }
    }

    #[test]
    fn an_attribution_stands_beside_its_denial() {
        let all = all().unwrap();
        let kinds: Vec<_> = find(&all, "european-parties")
            .statements
            .iter()
            .map(|one| one.kind)
            .collect();
        assert_eq!(kinds, [StatementKind::Attribution, StatementKind::Denial]);
    }

    #[test]
    fn who_attributes_is_always_named() {
        for one in all().unwrap() {
            for statement in &one.statements {
                let names_an_actor = statement.actor.is_some();
                let may = matches!(
                    statement.kind,
                    StatementKind::Attribution | StatementKind::Claim
                );
                assert_eq!(names_an_actor, may, "{} {:?}", one.key, statement.says);
            }
        }
    }

    #[test]
    fn a_month_stays_a_month() {
        let all = all().unwrap();
        let from = find(&all, "ka-sat-2022").facts.period.from().unwrap();
        assert_eq!(from.to_string(), "2022-02");
    }

    #[test]
    fn the_unnamed_health_system_is_in_no_incident() {
        assert!(
            files::FILES
                .iter()
                .all(|(_, text)| !text.contains("INC-070"))
        );
    }
}
