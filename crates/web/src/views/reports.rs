//! Reports: the reporter's form and what became of it, and the officers' pages.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    form::Form,
    frame::{Pager, Shell, Tab},
};
use crate::words::Words;

/// The frame of the reporter's pages.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Whom the report goes to.
    pub party: String,
    /// For the attribute `data-theme`.
    pub theme: Option<&'static str>,
    /// What was done, said once; empty where nothing was.
    pub said: String,
    /// What is wrong with the whole; empty where nothing is.
    pub refused: String,
    /// By which a form that comes twice from one page is known.
    pub mark: String,
}

/// `GET /report`: the form.
#[derive(Debug, Template)]
#[template(path = "report-form.html")]
pub struct ReportForm {
    /// The reporter's words.
    pub w: Words,
    /// The frame.
    pub counter: Counter,
    /// What happened.
    pub form: Form,
    /// How to reach the reporter.
    pub private: Form,
    /// What opens the report.
    pub code: String,
    /// Its number; empty until it is saved.
    pub reference: String,
    /// What looks like data of persons, in words; empty where nothing does.
    pub personal: String,
}

/// `GET /report`, where no report is open.
#[derive(Debug, Template)]
#[template(path = "report-open.html")]
pub struct ReportOpen {
    /// The reporter's words.
    pub w: Words,
    /// The frame.
    pub counter: Counter,
    /// Whether a report can be begun without a code.
    pub public: bool,
}

/// A report and where it stands.
#[derive(Clone, Debug)]
pub struct Fate {
    /// Its number.
    pub reference: String,
    /// The word of its state.
    pub state: &'static str,
    /// What it is about.
    pub title: String,
    /// Why it was refused.
    pub reason: String,
    /// When it was sent.
    pub sent: Option<Timestamp>,
}

/// Something that was added.
#[derive(Clone, Debug)]
pub struct Said {
    /// The word for who.
    pub author: &'static str,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// `GET /report`, where a report was sent.
#[derive(Debug, Template)]
#[template(path = "report-status.html")]
pub struct ReportStatus {
    /// The reporter's words.
    pub w: Words,
    /// The frame.
    pub counter: Counter,
    /// The report.
    pub fate: Fate,
    /// What was split from it.
    pub parts: Vec<Fate>,
    /// What was said since.
    pub additions: Vec<Said>,
    /// What opens it.
    pub code: String,
    /// Whether what it said is gone.
    pub erased: bool,
    /// What was being added when it was refused.
    pub adding: String,
}

/// A line of the officers' list.
#[derive(Clone, Debug)]
pub struct ReportLine {
    /// Its page.
    pub url: String,
    /// Its number.
    pub reference: String,
    /// In one line, or for whom the link is.
    pub title: String,
    /// The word of its kind; empty for a draft.
    pub kind: &'static str,
    /// The word of its state.
    pub state: &'static str,
    /// The word for how it came in.
    pub door: &'static str,
    /// Its label.
    pub tlp: Tlp,
    /// When.
    pub at: Timestamp,
}

/// A one-time link that was just made.
#[derive(Clone, Debug)]
pub struct MadeLink {
    /// The number of the report.
    pub reference: String,
    /// The address of the form, as it is sent to the reporter.
    pub address: String,
    /// The code, to be read out.
    pub code: String,
    /// Where the code is typed.
    pub open: String,
}

/// `GET /reports`.
#[derive(Debug, Template)]
#[template(path = "reports.html")]
pub struct Reports {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The states to choose from.
    pub tabs: Vec<Tab>,
    /// The reports.
    pub rows: Vec<ReportLine>,
    /// Where the list goes on.
    pub pager: Pager,
    /// Makes a one-time link.
    pub invite: Form,
    /// The link that was just made.
    pub made: Option<MadeLink>,
    /// Whether the public address is on; nothing where there is none.
    pub public: Option<bool>,
}

/// `GET /reports/{reference}`.
#[derive(Debug, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Number, state, title, reason.
    pub fate: Fate,
    /// The word of its kind.
    pub kind: &'static str,
    /// The word for how it came in.
    pub door: &'static str,
    /// For whom the link was made.
    pub note: String,
    /// Its label.
    pub tlp: Tlp,
    /// Who is named as its readers, in words.
    pub named: String,
    /// Its version.
    pub version: i64,
    /// What it says: the key of the question, and the answer.
    pub answers: Vec<(&'static str, String)>,
    /// What looks like data of persons, in words.
    pub personal: String,
    /// Why its dates are doubtful, in words.
    pub doubts: Vec<String>,
    /// What was said since.
    pub additions: Vec<Said>,
    /// What was split from it: number and page.
    pub parts: Vec<(String, String)>,
    /// How many mails of its number there are that the reader may read.
    pub mails: usize,
    /// The incident that it became part of, if the reader may follow the link.
    pub incident: String,
    /// Whether it waits for a decision.
    pub waits: bool,
    /// Whether nobody has looked yet.
    pub fresh: bool,
    /// Whether it can be erased.
    pub erasable: bool,
    /// Mark it otherwise.
    pub label: Option<Form>,
    /// Make it part of an incident.
    pub merge: Option<Form>,
    /// Make two of it.
    pub split: Option<Form>,
    /// Refuse it.
    pub refuse: Option<Form>,
    /// Write to the reporter.
    pub answer: Option<Form>,
}

/// `GET /reports/{reference}/accept`: a new incident, with the facts prefilled.
#[derive(Debug, Template)]
#[template(path = "report-accept.html")]
pub struct ReportAccept {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The number of the report.
    pub reference: String,
    /// What looks like data of persons, in words.
    pub personal: String,
    /// Why its dates are doubtful, in words.
    pub doubts: Vec<String>,
    /// The facts.
    pub form: Form,
}
