//! The register as a table: a line is an operator, a service, something that a service depends on, or
//! somebody to call. What is written is read again as it was.

mod column;
mod fault;
mod plan;
mod read;
mod write;

use std::collections::BTreeMap;

pub use column::{Column, Columns, Kind, guess};
pub use fault::{Fault, Wrong};
pub(crate) use plan::{Place, Planned, plan};
pub use read::header;
pub(crate) use read::read;
pub(crate) use write::write;

/// The longest table, in bytes.
pub const TABLE_BYTES_MAX: usize = 8 << 20;
/// The most lines of one.
pub const LINES_MAX: usize = 60_000;
/// The most faults that are told.
pub const WRONG_MAX: usize = 1_000;

/// A line of a table that can be read.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub(crate) at: i64,
    /// What it is about.
    pub(crate) kind: Kind,
    /// What it says, in the columns that were chosen.
    pub(crate) cells: BTreeMap<Column, String>,
}

impl Line {
    /// What stands in a column; nothing where the file has no such column.
    pub(crate) fn cell(&self, column: Column) -> Option<&str> {
        self.cells.get(&column).map(String::as_str)
    }

    /// What stands in a column; empty where the file has none.
    pub(crate) fn text(&self, column: Column) -> &str {
        self.cell(column).unwrap_or_default()
    }

    pub(crate) const fn wrong(&self, column: Column, fault: Fault) -> Wrong {
        Wrong {
            line: self.at,
            column: Some(column),
            fault,
        }
    }
}

/// A table that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// The names of its columns.
    pub(crate) header: Vec<String>,
    /// Which of them holds what.
    pub(crate) columns: Columns,
    /// The lines that can be read.
    pub(crate) lines: Vec<Line>,
    /// What cannot be read.
    pub(crate) wrong: Vec<Wrong>,
}
