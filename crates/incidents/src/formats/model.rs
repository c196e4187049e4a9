//! What an import works with.

use std::fmt;

use kernel::{IncidentRef, Mode, Tlp};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::{
    model::{Facts, HarmFigure, Invalid, Link, Statement, TimelineEntry, words},
    state::Stage,
    taxonomy::Tag,
};

/// The most bytes of a file that is taken in.
pub const FILE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// The most bytes of a file that comes through the page or the JSON interface.
pub const UPLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most bytes of one document.
pub const ENTRY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The most remarks that a report lists; the rest are counted.
pub const REMARKS_MAX: usize = 1_000;

words! {
    /// A format that incidents come in.
    Format, "veris, csv, stix or misp", {
        /// Vocabulary for Event Recording and Incident Sharing, as JSON.
        Veris = "veris",
        /// A table with a head.
        Csv = "csv",
        /// Incidents of STIX 2.1.
        Stix = "stix",
        /// Events of MISP.
        Misp = "misp",
    }
}

words! {
    /// A format that incidents go out in.
    Written, "veris, csv, misp, iodef-json, iodef-xml or stix", {
        /// Vocabulary for Event Recording and Incident Sharing, as JSON.
        Veris = "veris",
        /// An event of MISP.
        Misp = "misp",
        /// A table.
        Csv = "csv",
        /// STIX 2.1 with the Incident Core extension.
        Stix = "stix",
        /// The Incident Object Description Exchange Format, version 2, as XML (RFC 7970).
        IodefXml = "iodef-xml",
        /// The same as JSON (RFC 8727).
        IodefJson = "iodef-json",
    }
}

words! {
    /// How a date with slashes or points is to be read.
    DateOrder, "iso, dmy or mdy", {
        /// Not at all: only 2024-05-08 and the like.
        Iso = "iso",
        /// Day, month, year.
        DayFirst = "dmy",
        /// Month, day, year.
        MonthFirst = "mdy",
    }
}

words! {
    /// What became of a document, or would become of it.
    Fate, "created, updated, unchanged, kept_ours or refused", {
        /// It was not there.
        Created = "created",
        /// It has changed since it was taken in.
        Updated = "updated",
        /// It is there as it is.
        Unchanged = "unchanged",
        /// It was changed here: left as it is.
        KeptOurs = "kept_ours",
        /// It cannot be taken in.
        Refused = "refused",
    }
}

words! {
    /// What there is to say of a value.
    Why, "a reason", {
        /// It is not of the form that is asked for.
        Unreadable = "unreadable",
        /// What has to be there is not.
        Missing = "missing",
        /// It contradicts another.
        Contradiction = "contradiction",
        /// There cannot be so much of it.
        Absurd = "absurd",
        /// The scheme has no such term.
        UnknownTerm = "unknown_term",
        /// It is longer than its field and was cut there; the document has it whole.
        Cut = "cut",
        /// It was derived by a cross-walk that was asked for.
        Derived = "derived",
        /// Another document of this import has the same id.
        SameId = "same_id",
        /// The entry of this id cannot be changed by this import.
        IdTaken = "id_taken",
        /// The label, or the mode, lets nobody here take it in.
        Forbidden = "forbidden",
        /// It is larger than may be.
        TooLarge = "too_large",
        /// What comes behind cannot be read.
        CutOff = "cut_off",
    }
}

/// Something to say of a document.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Remark {
    /// Where: a JSON pointer, or the name of a column.
    pub at: String,
    /// What.
    pub why: Why,
    /// Exactly, in English.
    pub detail: String,
}

impl Remark {
    pub(crate) fn new(at: impl Into<String>, why: Why, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            why,
            detail: detail.into(),
        }
    }

    pub(crate) fn invalid(at: impl Into<String>, invalid: &Invalid) -> Self {
        Self::new(at, Why::Unreadable, invalid.rule)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            return f.write_str(&self.detail);
        }
        write!(f, "{}: {}", self.at, self.detail)
    }
}

/// What the importer decides for all documents of an import.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The label of what carries none.
    pub tlp: Tlp,
    /// The stage of what says nothing of it.
    pub stage: Stage,
    /// Whether cross-walks are applied: classes of RSIT from actions of VERIS, sectors of NIS2 from
    /// industries of NAICS. Each is remarked.
    pub crosswalk: bool,
    /// How dates with slashes or points are read.
    pub dates: DateOrder,
    /// The field of each column of a table, in order; without it, they are guessed by their names.
    pub columns: Option<Vec<Option<super::csv::Field>>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tlp: Tlp::default(),
            stage: Stage::Closed,
            crosswalk: false,
            dates: DateOrder::Iso,
            columns: None,
        }
    }
}

/// What a document is known by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Key {
    /// The id that it has everywhere.
    Own(IncidentRef),
    /// An id of its source, which becomes the same id of the register each time.
    Named(String),
}

impl Key {
    /// The key that a text stands for: an id of a register such as `incident--…`, or any other.
    pub(crate) fn of(source: &str, id: &str) -> Self {
        id.parse()
            .map_or_else(|_other| Self::Named(format!("{source}\n{id}")), Self::Own)
    }

    pub(crate) fn public(&self, format: Format, mode: Mode) -> IncidentRef {
        match self {
            Self::Own(public) => *public,
            Self::Named(name) => {
                let mode = mode.is_exercise();
                let digest = Sha256::digest(format!("incident of {format} {mode}\n{name}"));
                let mut bytes = [0; 16];
                for (byte, from) in bytes.iter_mut().zip(digest) {
                    *byte = from;
                }
                IncidentRef::from_uuid(Builder::from_random_bytes(bytes).into_uuid())
            }
        }
    }
}

/// A document as an entry of the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(crate) key: Key,
    /// What the register has fields for.
    pub facts: Facts,
    /// Where the work stands.
    pub stage: Stage,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// Figures.
    pub harm: Vec<HarmFigure>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// Where it is told.
    pub links: Vec<Link>,
    /// Classes that it names, if the house has them.
    pub classes: Vec<Tag>,
    /// The document, under the pointer of its format.
    pub kept: Map<String, Value>,
    /// Whether it says that it is of an exercise.
    pub exercise: bool,
    /// What there is to say of it.
    pub remarks: Vec<Remark>,
}

/// A document that was read: an entry, or why it is none.
pub type Read = Result<Box<Draft>, Vec<Remark>>;

/// One document and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The file and the line or number in it, for people.
    pub place: String,
    /// What it is known by in its source, for people.
    pub name: String,
    /// The digest by which it is known again.
    pub sha256: [u8; 32],
    /// The entry.
    pub read: Read,
}
