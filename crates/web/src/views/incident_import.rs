//! Files of incidents: what would become of them, and what did; and the formats they go out in.

use askama::Template;
use kernel::Tlp;

use super::{
    form::{Choice, Form},
    frame::Shell,
};
use crate::words::Words;

/// `/incidents/import`.
#[derive(Debug, Template)]
#[template(path = "incident-import.html")]
pub struct IncidentImport {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// For choosing a file, or what was chosen of it.
    pub form: Form,
    /// What would become of the file, or what did.
    pub seen: Option<Seen>,
}

/// A file that was looked at or taken in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// True once it was taken in.
    pub is_done: bool,
    /// What it is.
    pub format: &'static str,
    /// What is in it; goes back unseen.
    pub text: String,
    /// How many documents come to what.
    pub counts: Vec<(&'static str, u64)>,
    /// Whether a part of it cannot be read.
    pub is_cut: bool,
    /// Of a table: its columns.
    pub columns: Vec<ColumnRow>,
    /// The first documents as they would be.
    pub first: Vec<FirstRow>,
    /// What there is to say.
    pub told: Vec<ToldRow>,
    /// How many more documents there is something to say of.
    pub told_more: u64,
}

impl Seen {
    /// Whether anything would change.
    pub fn is_new(&self) -> bool {
        self.counts
            .iter()
            .any(|(fate, count)| matches!(*fate, "created" | "updated") && *count > 0)
    }
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct ColumnRow {
    /// The name of its choice in the request.
    pub name: String,
    /// What stands in its head.
    pub head: String,
    /// Its first cells.
    pub cells: String,
    /// The fields that it can be.
    pub fields: Vec<Choice>,
}

/// A document as it would be.
#[derive(Clone, Debug)]
pub struct FirstRow {
    /// Where it stands.
    pub place: String,
    /// What would become of it.
    pub fate: &'static str,
    /// What it would be called.
    pub title: String,
    /// Who was hit.
    pub victim: String,
    /// The States concerned.
    pub countries: String,
    /// When it began, as it is known.
    pub began: String,
    /// The label that it would get.
    pub tlp: Option<Tlp>,
}

/// A document of which there is something to say.
#[derive(Clone, Debug)]
pub struct ToldRow {
    /// Where it stands.
    pub place: String,
    /// What becomes of it.
    pub fate: &'static str,
    /// What there is to say: why, where, and exactly.
    pub remarks: Vec<(&'static str, String, String)>,
}

/// `/incidents/{id}/export`.
#[derive(Debug, Template)]
#[template(path = "incident-export.html")]
pub struct IncidentExport {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The page of the incident.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// Who may know of it.
    pub tlp: Tlp,
    /// The formats: name, address of the file, what it has no place for.
    pub formats: Vec<(&'static str, String, Vec<&'static str>)>,
}
