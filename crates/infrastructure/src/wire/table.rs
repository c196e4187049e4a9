use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::InfrastructureImportedBody;
use crate::{
    model::Invalid,
    ops::{Looked, Seen, Step},
    table::{Column, Columns, Wrong},
};

/// A table that is looked at or taken in.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InfrastructureTableBody {
    /// The table: CSV with a first line of names, up to 8 MiB and 60,000 lines.
    pub text: String,
    /// Which column of the file holds what: `row`, `key`, `name`, `operator`, `sector`, `category`,
    /// `countries`, `depends_on`, `strength`, `hours`, `role`, `phones`, `mail`, `reached`,
    /// `languages`, `answers`, `reason`, `incidents`, `note`. Without it the names are guessed.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// True to be told what would become of it; nothing is done.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a table, or would.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct InfrastructureTableReportBody {
    /// Whether it was taken in: all of it or nothing.
    pub taken: bool,
    /// What became of the records, or would.
    pub records: InfrastructureImportedBody,
    /// The names of the columns.
    pub header: Vec<String>,
    /// Which of them holds what.
    pub columns: BTreeMap<String, String>,
    /// The first lines that can be taken in.
    pub lines: Vec<TableLineBody>,
    /// What is wrong, up to a thousand; nothing is taken in as long as anything is.
    pub wrong: Vec<TableWrongBody>,
    /// How much more is wrong.
    pub wrong_more: usize,
}

/// A line of a table that can be taken in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TableLineBody {
    /// Its number, from 1.
    pub line: i64,
    /// `operator`, `service`, `dependency` or `contact`.
    pub row: String,
    /// The name that it gives.
    pub name: String,
    /// The record that it enters or is a part of.
    pub record: String,
    /// The record that it names besides: the operator of a service, or what is depended on; empty
    /// where it names none of the register or of the file.
    pub other: String,
}

/// What is wrong with a line.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TableWrongBody {
    /// Its number, from 1.
    pub line: i64,
    /// The column, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why: `missing`, `too_long`, `control`, `word`, `country`, `number`, `phone`, `language`,
    /// `answer`, `incident`, `unknown`, `several`, `kind`, `double`, `itself`, `both`, `many`, `cells`
    /// or `quote`.
    pub reason: String,
}

impl InfrastructureTableBody {
    /// Which column holds what.
    pub fn columns(&self) -> Result<Columns, Invalid> {
        let column = |(word, name): (&String, &String)| match Column::from_word(word) {
            Some(column) => Ok((column, name.clone())),
            None => Err(Invalid {
                field: "columns",
                rule: "one of the columns that the table has",
            }),
        };
        self.columns.iter().map(column).collect()
    }

    /// Whether it is only looked at.
    pub const fn step(&self) -> Step {
        if self.dry_run { Step::Look } else { Step::Take }
    }
}

impl From<&Seen> for TableLineBody {
    fn from(seen: &Seen) -> Self {
        Self {
            line: seen.line,
            row: seen.kind.as_str().to_owned(),
            name: seen.name.clone(),
            record: seen.record.clone(),
            other: seen.other.clone(),
        }
    }
}

impl From<&Wrong> for TableWrongBody {
    fn from(wrong: &Wrong) -> Self {
        Self {
            line: wrong.line,
            column: wrong.column.map(|column| column.as_str().to_owned()),
            reason: wrong.fault.as_str().to_owned(),
        }
    }
}

impl From<&Looked> for InfrastructureTableReportBody {
    fn from(looked: &Looked) -> Self {
        let word = |(column, name): (&Column, &String)| (column.as_str().to_owned(), name.clone());
        Self {
            taken: looked.is_taken,
            records: looked.done.into(),
            header: looked.header.clone(),
            columns: looked.columns.iter().map(word).collect(),
            lines: looked.lines.iter().map(TableLineBody::from).collect(),
            wrong: looked.wrong.iter().map(TableWrongBody::from).collect(),
            wrong_more: looked.wrong_more,
        }
    }
}
