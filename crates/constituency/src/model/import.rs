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
    /// Assets that were retired and are named again.
    pub returned: i64,
    /// Lines that are no asset.
    pub refused: i64,
    /// What becomes of assets that it does not name.
    pub whole: Whole,
    /// Who handed it in.
    pub by: String,
    /// When.
    pub requested_at: Timestamp,
    /// When its last line was looked at.
    pub ended_at: Option<Timestamp>,
}

/// Whether a file is the whole list of the organisations that it names, and what became of the assets
/// of these that it does not name.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Whole {
    /// Whether it is.
    pub is_whole: bool,
    /// So many may be retired, however large a part of the list they are.
    pub most: i64,
    /// So many were retired.
    pub retired: i64,
    /// So many would have been, and were not: they were too many, or lines were refused and nobody
    /// can say what those name.
    pub held: i64,
}

/// What a file that is a whole list would retire.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Foreseen {
    /// Assets of its organisations that are there now.
    pub there: i64,
    /// Those that it does not name.
    pub gone: i64,
    /// Lines that are no asset: as long as there are any, nothing is retired.
    pub refused: i64,
}

impl Foreseen {
    /// True if more than a tenth would go, which nobody means by accident.
    pub const fn is_much(self) -> bool {
        self.gone.saturating_mul(10) > self.there
    }
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
