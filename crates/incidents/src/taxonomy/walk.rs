//! Cross-walks: from which class of a taxonomy one comes to which of another.

use kernel::Timestamp;

use super::{Code, Name, Version};
use crate::model::{Line, words};

words! {
    /// How a class stands to the one that a cross-walk leads to, by the mapping properties of SKOS.
    Relation, "exact, close, broad, narrow or related", {
        /// They mean the same.
        Exact = "exact",
        /// They mean nearly the same.
        Close = "close",
        /// The other is wider.
        Broad = "broad",
        /// The other is narrower.
        Narrow = "narrow",
        /// They have to do with each other.
        Related = "related",
    }
}

/// A cross-walk, without its rows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Walk {
    /// What it is called.
    pub name: Name,
    /// Its version.
    pub version: Version,
    /// The taxonomy that it leads from, and its version; any where nothing is said.
    pub from: (Name, Option<Version>),
    /// The taxonomy that it leads to, and its version; the last that has the class where nothing is said.
    pub to: (Name, Option<Version>),
    /// Where it is from.
    pub source: Option<String>,
    /// On what terms it may be used.
    pub licence: Option<String>,
    /// How many rows it has.
    pub rows: i64,
    /// Who brought it in and when; nothing where it ships with the program.
    pub imported: Option<(String, Timestamp)>,
}

/// A row of a cross-walk.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WalkRow {
    /// The class that it leads from. What holds for it holds for the classes below it that have no row.
    pub from: Code,
    /// The class that it leads to.
    pub to: Code,
    /// How the two stand to each other.
    pub relation: Relation,
    /// What is said of the two.
    pub note: Option<Line<300>>,
}
