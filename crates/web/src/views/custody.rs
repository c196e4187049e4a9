//! The evidence of an incident, and whose hands it went through.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{form::Form, frame::Shell, incident::Known};
use crate::words::Words;

/// The tab on which the evidence of an incident stands.
#[derive(Clone, Debug)]
pub struct Items {
    /// Them, by number.
    pub rows: Vec<ItemRow>,
    /// For putting one in; nothing where the reader may not.
    pub form: Option<Form>,
    /// The legal holds, the last first.
    pub holds: Vec<HoldRow>,
    /// For placing one; nothing where the reader may not.
    pub hold: Option<Form>,
}

/// A legal hold.
#[derive(Clone, Debug)]
pub struct HoldRow {
    /// Whether it lasts.
    pub lasts: bool,
    /// Who placed it, and when.
    pub placed: (String, Timestamp),
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<Timestamp>,
    /// Who lifted it, when, and why.
    pub lifted: Option<(String, Timestamp, String)>,
    /// For lifting it; nothing where it does not last or the reader may not.
    pub lift: Option<Form>,
}

/// A piece of evidence.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// Its number within the incident.
    pub number: i64,
    /// Its page.
    pub url: String,
    /// The name of the file.
    pub name: String,
    /// What it is, as a code.
    pub kind: &'static str,
    /// How large it is, as people read it.
    pub size: String,
    /// SHA-256.
    pub sha256: String,
    /// The marking.
    pub tlp: Tlp,
    /// `held`, `sealed` or `destroyed`.
    pub state: &'static str,
    /// Who has it in hand; empty while it never left.
    pub holder: String,
    /// To whom it was handed over and who has not answered; empty where that is nobody.
    pub waits_for: bool,
    /// When its bytes were hashed last, and what came of it.
    pub verified: Option<(Timestamp, &'static str)>,
    /// Whether its bytes were found changed, or not at all.
    pub broken: bool,
    /// Who put it in, and when.
    pub put: (String, Timestamp),
}

/// A line of custody.
#[derive(Clone, Debug)]
pub struct CustodyRow {
    /// Its number.
    pub number: i64,
    /// What was done, as a code.
    pub deed: &'static str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// Why.
    pub reason: String,
    /// To whom it was handed over.
    pub receiver: String,
    /// What came of hashing, as a code; empty where nothing was hashed.
    pub outcome: &'static str,
    /// The index of its leaf in the ledger of acts.
    pub leaf: u64,
}

/// Something that can be done with a piece of evidence.
#[derive(Clone, Debug)]
pub struct ItemAct {
    /// What stands above the form.
    pub heading: String,
    /// What it does, in a sentence.
    pub about: String,
    /// The form.
    pub form: Form,
}

/// `GET /incidents/{id}/evidence/{evidence}`.
#[derive(Debug, Template)]
#[template(path = "custody.html")]
pub struct Custody {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Title and page of the incident.
    pub incident: (String, String),
    /// The item.
    pub item: ItemRow,
    /// When it was collected.
    pub collected: Option<Known>,
    /// What else is known of it, label and value.
    pub facts: Vec<(String, String)>,
    /// Its custody, from the first line on.
    pub lines: Vec<CustodyRow>,
    /// What the reader can do with it.
    pub acts: Vec<ItemAct>,
    /// Whether the reader may write the record out.
    pub may_export: bool,
}

/// `GET /incidents/{id}/evidence/{evidence}/record`: the record to be printed.
#[derive(Debug, Template)]
#[template(path = "custody-record.html")]
pub struct CustodyRecord {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Title and id of the incident.
    pub incident: (String, String),
    /// The item.
    pub item: ItemRow,
    /// Its id.
    pub id: String,
    /// When it was collected.
    pub collected: Option<Known>,
    /// What else is known of it, label and value.
    pub facts: Vec<(String, String)>,
    /// Its custody, from the first line on.
    pub lines: Vec<CustodyRow>,
}
