//! What would become of a file.

use std::collections::BTreeMap;

use kernel::Tlp;

use super::{Import, Loss, Refusal};

/// What would become of an object.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Fate {
    /// The collection does not have it.
    New,
    /// The collection has another version of it.
    Version,
    /// The collection has it as it is.
    Known,
    /// The collection has this version with other content.
    Conflict,
    /// It would be refused for another reason.
    Refused,
}

impl Fate {
    /// The fates in the order of tables.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Version,
        Self::Known,
        Self::Conflict,
        Self::Refused,
    ];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Version => "version",
            Self::Known => "known",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
        }
    }
}

/// Numbers of objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FateCount {
    /// By type and fate; the type of what is no object is empty.
    pub kinds: BTreeMap<(String, Fate), i64>,
    /// Of those that would be added, by label, and whether the object carries it itself.
    pub labels: BTreeMap<(Tlp, bool), i64>,
}

impl FateCount {
    /// How many have this fate.
    pub fn of(&self, fate: Fate) -> i64 {
        let of = self.kinds.iter().filter(|((_, one), _)| *one == fate);
        of.map(|(_, count)| count).sum()
    }

    /// How many there are.
    pub fn total(&self) -> i64 {
        self.kinds.values().sum()
    }
}

/// An object that would be taken or is there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Foreseen {
    /// Its number in the file, from 0.
    pub place: i64,
    /// Its type; `event` for an event of MISP.
    pub kind: String,
    /// Its id; of an event its UUID.
    pub stix_id: String,
    /// Its version as it was given, where it has one.
    pub version: String,
    /// What it is called, where it says so.
    pub name: String,
    /// The label that it would get.
    pub tlp: Tlp,
    /// Whether it carries the label itself.
    pub is_marked: bool,
    /// What would become of it.
    pub fate: Fate,
}

/// What would become of a file, if it were imported now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Preview {
    /// The import.
    pub import: Import,
    /// False where the file is longer than what was looked at.
    pub is_whole: bool,
    /// Numbers of what was looked at.
    pub tally: FateCount,
    /// The first of them.
    pub objects: Vec<Foreseen>,
    /// The first that would be refused.
    pub refusals: Vec<Refusal>,
    /// What of the file has no place among objects.
    pub losses: Vec<Loss>,
    /// Why the file cannot be read on, if so.
    pub broken: Option<String>,
}
