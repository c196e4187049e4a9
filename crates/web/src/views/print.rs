//! A whole case on paper.

use askama::Template;
use kernel::Timestamp;

use super::{
    custody::CustodyRow,
    frame::Shell,
    incident::{IncidentHead, Part, Summary},
};
use crate::words::Words;

/// The name of a tab, what it holds, and the custody of each piece of evidence under its name.
pub type PaperPart = (&'static str, Part, Vec<(String, Vec<CustodyRow>)>);

/// `GET /incidents/{id}/print`.
#[derive(Debug, Template)]
#[template(path = "incident-print.html")]
pub struct CasePaper {
    /// The reader's words, for paper.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What the incident is.
    pub head: IncidentHead,
    /// What happened, in words and facts.
    pub summary: Summary,
    /// When the page was drawn.
    pub at: Timestamp,
    /// The same in the zones of the house and of those with whom it files.
    pub local: Vec<String>,
    /// What stands on the tabs, one after the other, without those where nothing does.
    pub parts: Vec<PaperPart>,
    /// The tabs where nothing stands.
    pub empty: String,
    /// Whether tasks and notes are there; nothing for a reader who may not see them.
    pub inner: Option<bool>,
}
