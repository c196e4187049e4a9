//! Parts of an incident that become one of their own.

use askama::Template;

use super::{
    frame::{Link, Shell},
    merge::Gone,
};
use crate::words::Words;

/// How an incident stands to others that it was split from, or that were split from it.
#[derive(Clone, Debug, Default)]
pub struct SplitBand {
    /// From which, and why.
    pub from: Option<Gone>,
    /// Which were split from it.
    pub off: Vec<Link>,
}

/// A part that can be chosen.
#[derive(Clone, Debug)]
pub struct SplitPart {
    /// What names it in the form.
    pub value: String,
    /// What it says.
    pub text: String,
    /// When it was, by whom, how much.
    pub about: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// The parts of one kind.
#[derive(Clone, Debug)]
pub struct SplitKind {
    /// The kind, as the form sends it.
    pub kind: &'static str,
    /// What it is called.
    pub label: String,
    /// Them.
    pub parts: Vec<SplitPart>,
    /// How many they are.
    pub count: u64,
    /// Whether they are shown from the start.
    pub open: bool,
}

/// `GET` and `POST /incidents/{id}/split`.
#[derive(Debug, Template)]
#[template(path = "incident-split.html")]
pub struct Split {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The incident from which parts go.
    pub from: Link,
    /// The version at which the reader sees it.
    pub version: i64,
    /// What can be chosen; once it is looked at, what would go.
    pub kinds: Vec<SplitKind>,
    /// What would go along, by its kind.
    pub along: Vec<(String, SplitPart)>,
    /// Whether this is what would happen, and the next button makes it so.
    pub looked: bool,
    /// What the new incident is called.
    pub title: String,
    /// Why it is split.
    pub reason: String,
    /// Why a field was refused: its name and the sentence.
    pub wrongs: Vec<(String, String)>,
}

impl Split {
    /// Why a field was refused; empty where it was not.
    pub fn wrong(&self, field: &str) -> &str {
        let mut wrongs = self.wrongs.iter();
        wrongs
            .find(|(name, _)| name == field)
            .map_or("", |(_, why)| why.as_str())
    }
}
