//! Files that go into a collection and come out of it.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    collections::CollectionHead,
    form::{Choice, Form},
    frame::Shell,
};
use crate::words::Words;

/// `GET /collections/{root}/{name}/upload`.
#[derive(Debug, Template)]
#[template(path = "collection-upload.html")]
pub struct Upload {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// For a file.
    pub form: Form,
    /// How the collection is called on the command line.
    pub alias: String,
}

/// `GET /imports/{root}/{id}`.
#[derive(Debug, Template)]
#[template(path = "import.html")]
pub struct Import {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// Its page.
    pub url: String,
    /// How it stands.
    pub row: ImportRow,
    /// What would become of it, while it waits.
    pub preview: Option<Foreseen>,
    /// What was or would be refused.
    pub refusals: Vec<RefusalRow>,
    /// How many were refused in all.
    pub refused: u64,
    /// What has no place among objects.
    pub losses: Vec<LossRow>,
}

/// How an import stands.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// Its page.
    pub url: String,
    /// The name of the file.
    pub source: String,
    /// The format.
    pub form: String,
    /// `receiving`, `waiting`, `running`, `complete`, `cut`.
    pub state: &'static str,
    /// When it was handed in.
    pub at: Timestamp,
    /// How many objects were looked at.
    pub read: u64,
    /// How many were added.
    pub added: u64,
    /// How many were there already.
    pub known: u64,
    /// How many were refused.
    pub refused: u64,
    /// Why it was cut.
    pub failure: String,
}

/// What would become of a file.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// False where only the first objects were looked at.
    pub is_whole: bool,
    /// Why it cannot be read to its end.
    pub broken: String,
    /// The fates in order.
    pub fates: Vec<&'static str>,
    /// By type and fate, in their order.
    pub kinds: Vec<(String, Vec<(&'static str, u64)>)>,
    /// The labels that objects would get, and whether they are their own.
    pub labels: Vec<(Tlp, bool, u64)>,
    /// The first objects.
    pub objects: Vec<ForeseenRow>,
    /// Who would see them.
    pub seers: Vec<String>,
}

/// What would become of an object.
#[derive(Clone, Debug)]
pub struct ForeseenRow {
    /// Its type.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The label that it would get.
    pub tlp: Tlp,
    /// Whether it carries the label itself.
    pub is_marked: bool,
    /// What would become of it.
    pub fate: &'static str,
}

/// An object that was refused.
#[derive(Clone, Debug)]
pub struct RefusalRow {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its id.
    pub id: String,
    /// Why, in a sentence.
    pub why: String,
    /// What exactly.
    pub detail: String,
}

/// Something that has no place in the other format.
#[derive(Clone, Debug)]
pub struct LossRow {
    /// Where it stood.
    pub place: String,
    /// What it is.
    pub name: String,
    /// How many times.
    pub count: u64,
}

/// `GET /collections/{root}/{name}/export`.
#[derive(Debug, Template)]
#[template(path = "collection-export.html")]
pub struct Export {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// Formats.
    pub formats: Vec<Choice>,
    /// Labels.
    pub labels: Vec<Choice>,
    /// Types.
    pub types: Vec<Choice>,
    /// Where the file is; empty until a format is chosen.
    pub file: String,
    /// How many objects were looked at.
    pub objects: u64,
    /// Whether there are more.
    pub is_whole: bool,
    /// How many carry no label of their own.
    pub unmarked: u64,
    /// What is left out because of its label.
    pub left_out: Vec<(Tlp, u64)>,
    /// What the format has no place for.
    pub losses: Vec<LossRow>,
}
