//! Objects as files of other formats.
//!
//! A [`Writer`] takes objects page by page and gives bytes; memory is bounded by a page, for MISP by
//! an event. What a format has no place for is told as a [`crate::model::Loss`].

mod csv;
mod misp;
mod stix;
mod suricata;
mod values;

pub(crate) use misp::{EVENT_OBJECTS_MAX, ids_of};

use kernel::{Mode, Timestamp};
use uuid::Uuid;

use crate::{convert::Losses, model::Listed};

/// The statement that stands in every export of an exercise.
pub const EXERCISE: &str = "EXERCISE: none of this is real.";

/// A format that objects are written in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// A bundle of STIX 2.1.
    Stix,
    /// Objects of STIX 2.1, one a line.
    StixLines,
    /// Events of MISP.
    Misp,
    /// A table.
    Csv,
    /// The values that indicators look for, one a line.
    Values,
    /// Rules of Suricata.
    Suricata,
}

impl Target {
    /// All targets, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Stix,
        Self::StixLines,
        Self::Misp,
        Self::Csv,
        Self::Values,
        Self::Suricata,
    ];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stix => "stix",
            Self::StixLines => "stix-lines",
            Self::Misp => "misp",
            Self::Csv => "csv",
            Self::Values => "values",
            Self::Suricata => "suricata",
        }
    }

    /// The target of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.as_str() == word)
    }

    /// The media type of its files.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Stix => "application/stix+json;version=2.1",
            Self::StixLines => "application/x-ndjson",
            Self::Misp => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Values | Self::Suricata => "text/plain; charset=utf-8",
        }
    }

    /// What names of its files end with.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Stix => "stix.json",
            Self::StixLines => "jsonl",
            Self::Misp => "misp.json",
            Self::Csv => "csv",
            Self::Values => "txt",
            Self::Suricata => "rules",
        }
    }
}

/// What a file says of itself.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// The title of the collection.
    pub(crate) title: String,
    /// Real or exercise.
    pub(crate) mode: Mode,
    /// When it is written.
    pub(crate) at: Timestamp,
    /// An id for it.
    pub(crate) id: Uuid,
    /// That of the collection.
    pub(crate) collection: Uuid,
}

/// Writes a file, page by page.
#[derive(Debug)]
pub(crate) enum Writer {
    Stix(stix::Bundle),
    Csv(csv::Table),
    Values(values::Lines),
    Suricata(suricata::Rules),
    Misp(Box<misp::Events>),
}

impl Writer {
    pub(crate) fn new(target: Target, about: About) -> Self {
        match target {
            Target::Stix => Self::Stix(stix::Bundle::new(about, false)),
            Target::StixLines => Self::Stix(stix::Bundle::new(about, true)),
            Target::Csv => Self::Csv(csv::Table::new(about)),
            Target::Values => Self::Values(values::Lines::new(about)),
            Target::Suricata => Self::Suricata(suricata::Rules::new(about)),
            Target::Misp => Self::Misp(Box::new(misp::Events::new(about))),
        }
    }

    /// What the file begins with.
    pub(crate) fn head(&mut self) -> String {
        match self {
            Self::Stix(writer) => writer.head(),
            Self::Csv(writer) => writer.head(),
            Self::Values(writer) => writer.head(),
            Self::Suricata(writer) => writer.head(),
            Self::Misp(_) => String::new(),
        }
    }

    /// Writes a page.
    pub(crate) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        match self {
            Self::Stix(writer) => writer.page(objects, losses),
            Self::Csv(writer) => writer.page(objects, losses),
            Self::Values(writer) => writer.page(objects, losses),
            Self::Suricata(writer) => writer.page(objects, losses),
            Self::Misp(writer) => writer.page(objects, losses),
        }
    }

    /// What the file ends with.
    pub(crate) fn tail(&mut self, losses: &mut Losses) -> String {
        match self {
            Self::Stix(writer) => writer.tail(),
            Self::Csv(_) | Self::Values(_) | Self::Suricata(_) => String::new(),
            Self::Misp(writer) => writer.tail(losses),
        }
    }
}
