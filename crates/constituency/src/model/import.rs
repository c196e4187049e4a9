use kernel::{ImportId, Mode, Timestamp};

use super::{Form, Stage};
use crate::line::{Column, Columns};

/// A file of assets, and what has become of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Its number: later imports have larger ones.
    pub number: i64,
    /// Real or exercise.
    pub mode: Mode,
    /// What the file is called.
    pub source: String,
    /// What it is.
    pub form: Form,
    /// What stands between cells.
    pub delimiter: u8,
    /// Which column holds what.
    pub columns: Columns,
    /// Whose the assets are where the file has no column for it; may be empty.
    pub organisation: String,
    /// How far it has come.
    pub stage: Stage,
    /// How long it is.
    pub bytes: i64,
    /// Up to which byte it was taken in.
    pub place: i64,
    /// How many lines that were.
    pub line: i64,
    /// Assets that were not there.
    pub taken: i64,
    /// Assets of which the file says something else than before.
    pub changed: i64,
    /// Assets that are as they were.
    pub unchanged: i64,
    /// Lines that are no asset.
    pub refused: i64,
    /// Who handed it in.
    pub by: String,
    /// When.
    pub requested_at: Timestamp,
    /// When its last line was looked at.
    pub ended_at: Option<Timestamp>,
}

/// A line that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefusedLine {
    /// The number of the line, from 1.
    pub line: i64,
    /// The column, where it is one.
    pub column: Option<Column>,
    /// The word of the reason.
    pub reason: String,
}

/// What a file would become.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Preview {
    /// The names of its columns.
    pub header: Vec<String>,
    /// Which of them holds what, as far as can be guessed.
    pub columns: Columns,
    /// The first lines under those columns: an asset, or why it is none.
    pub lines: Vec<(i64, Result<crate::line::Line, crate::line::Refused>)>,
}
