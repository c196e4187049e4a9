//! What became of objects that were handed in.

use kernel::{ImportId, Timestamp};
use serde::{Deserialize, Serialize};

/// What became of objects that were handed in at once; TAXII calls it a status (§4.3.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// When they were handed in.
    pub requested_at: Timestamp,
    /// When the last of them was looked at; nothing while the work goes on.
    pub ended_at: Option<Timestamp>,
    /// Why the work ended before its end, in which case what follows counts what was read until then.
    pub failure: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// What the file is called; empty where it has no name.
    pub source: String,
    /// Its format, such as `stix` or `misp`.
    pub form: String,
    /// Its bytes, as far as they are here.
    pub bytes: i64,
    /// What of the file has no place among objects.
    pub losses: Vec<Loss>,
    /// How many there are, as far as is known.
    pub total: i64,
    /// How many were added.
    pub added: i64,
    /// How many the collection had already.
    pub known: i64,
    /// How many were refused. An event that was added without some of its parts is counted here too.
    pub refused: i64,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Its bytes are being handed in.
    Receiving,
    /// It is whole, and somebody has to say that it begins.
    Waiting,
    /// It has begun.
    Begun,
}

impl Stage {
    /// The stages in their order.
    pub const ALL: [Self; 3] = [Self::Receiving, Self::Waiting, Self::Begun];

    /// The stored number.
    pub(crate) const fn code(self) -> i32 {
        match self {
            Self::Receiving => 0,
            Self::Waiting => 1,
            Self::Begun => 2,
        }
    }

    /// The stage of a stored number.
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Waiting => "waiting",
            Self::Begun => "begun",
        }
    }
}

/// Something of a file that has no place among objects.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Loss {
    /// Where it stood.
    pub place: String,
    /// What it is.
    pub name: String,
    /// How many times.
    pub count: i64,
}

/// An object that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Its number among those that were handed in, from 0.
    pub place: i64,
    /// Its id, where it has one; of an event its UUID.
    pub stix_id: String,
    /// Its version as it was given, where it has one.
    pub version: String,
    /// A stable code, such as `intel.deleted`.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

/// An import with the refusals of it: all, or the first so many.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusals {
    /// The import.
    pub import: Import,
    /// Refusals, in the order of the objects.
    pub refusals: Vec<Refusal>,
}

/// What became of some objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outcome {
    /// How many were added.
    pub added: i64,
    /// How many the collection had already.
    pub known: i64,
    /// Those that were refused.
    pub refusals: Vec<Refusal>,
}

impl Import {
    /// How many are not looked at yet.
    pub const fn pending(&self) -> i64 {
        if self.ended_at.is_some() {
            return 0;
        }
        let left = self.total - self.added - self.known - self.refused;
        if left > 0 { left } else { 0 }
    }
}
