//! How severe a shipped incident was judged to be.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Deserialize;

use crate::{
    model::{Invalid, Line},
    severity::{Assessment, Evidence, Factor, Opinion, Points, Proposal},
};

/// Whoever judged what ships with the program.
pub(super) const AUTHOR: &str = "shipped";

/// An assessment as it stands in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSeverity {
    at: Timestamp,
    emergency: bool,
    note: Option<String>,
    factor: Vec<FileFactor>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFactor {
    factor: Factor,
    points: u8,
    reason: String,
    rows: Vec<String>,
}

impl FileSeverity {
    /// The assessment, whose evidence is the statement of each row that a factor names.
    pub(super) fn to_assessment(
        &self,
        source: impl Fn(&str) -> Result<Line<200>, Invalid>,
    ) -> Result<Assessment, Invalid> {
        let mut opinions = BTreeMap::new();
        for one in &self.factor {
            let evidence = one
                .rows
                .iter()
                .map(|row| source(row).map(Evidence::Document));
            let opinion = Opinion {
                points: Some(Points::new(one.points)?),
                reason: Some(Line::required(&one.reason, "severity.reason")?),
                evidence: evidence.collect::<Result<_, _>>()?,
            };
            if opinions.insert(one.factor, opinion).is_some() {
                return Err(Invalid {
                    field: "severity.factor",
                    rule: "each factor once",
                });
            }
        }
        let proposal = Proposal {
            opinions,
            emergency: self.emergency,
            note: Line::optional(self.note.as_deref(), "severity.note")?,
        };
        proposal.assessed(None, AUTHOR.parse()?, self.at)
    }
}
