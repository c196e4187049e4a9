//! Two incidents that turn out to be one.

use askama::Template;
use kernel::Timestamp;

use super::{
    form::Form,
    frame::{Link, Shell},
};
use crate::words::Words;

/// How an incident stands to others that it was merged with.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Into which it went.
    pub into: Option<Gone>,
    /// Which went into it.
    pub from: Vec<Link>,
}

/// That an incident went into another.
#[derive(Clone, Debug)]
pub struct Gone {
    /// Into which.
    pub other: Link,
    /// Who did it, and when.
    pub by: (String, Timestamp),
    /// Why.
    pub reason: String,
    /// Whether the reader may take it back.
    pub may_undo: bool,
}

/// Something that both state, and differently.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// The field, as the form sends it.
    pub field: String,
    /// What it is called.
    pub label: String,
    /// What the incident says into which the other goes.
    pub here: String,
    /// What the other says.
    pub there: String,
    /// Whether the other's is taken.
    pub taken: bool,
}

/// What would happen.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The other incident.
    pub from: Link,
    /// Its id.
    pub id: String,
    /// The versions at which the reader sees both.
    pub versions: (i64, i64),
    /// What both state differently.
    pub differences: Vec<DifferenceRow>,
    /// How many parts of each kind go over.
    pub parts: Vec<(String, u64)>,
    /// What was typed as the reason.
    pub reason: String,
    /// Why it was refused; empty where it was not.
    pub wrong: String,
}

/// `GET` and `POST /incidents/{id}/merge`.
#[derive(Debug, Template)]
#[template(path = "incident-merge.html")]
pub struct Merge {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The incident into which the other goes.
    pub into: Link,
    /// Asks which other.
    pub ask: Form,
    /// What would happen, once that is known.
    pub foreseen: Option<Foreseen>,
}
