//! Servers of other makers with which collections are exchanged, and how that goes.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    form::Form,
    frame::{Link, Pager, Shell, Tab},
};
use crate::words::Words;

/// `GET /remotes`.
#[derive(Debug, Template)]
#[template(path = "remotes.html")]
pub struct Remotes {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The servers, by name.
    pub rows: Vec<RemoteRow>,
}

/// One server in the list.
#[derive(Clone, Debug)]
pub struct RemoteRow {
    /// Its page.
    pub url: String,
    /// What people call it.
    pub name: String,
    /// Its host.
    pub host: String,
    /// `taxii`, `misp`, `misp-feed`.
    pub kind: &'static str,
    /// `pull`, `push`.
    pub direction: &'static str,
    /// Our collection.
    pub collection: Link,
    /// Whether it is asked by itself.
    pub enabled: bool,
    /// When it is asked next.
    pub due: Timestamp,
    /// Runs that failed, one after the other, until now.
    pub failures: u64,
    /// The newest run.
    pub last: Option<RunRow>,
}

/// One exchange.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its page.
    pub url: String,
    /// `running`, `complete`, `cut`, `failed`.
    pub outcome: &'static str,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; nothing while it goes on.
    pub ended: Option<Timestamp>,
    /// Why it did not come to its end, in a sentence.
    pub why: String,
    /// The same as it was noted.
    pub detail: String,
    /// Objects that came.
    pub received: u64,
    /// Of these, how many were new.
    pub added: u64,
    /// Of these, how many were here already.
    pub known: u64,
    /// Objects that went and were taken.
    pub sent: u64,
    /// Objects that were refused, here or there.
    pub refused: u64,
    /// Objects that were taken back.
    pub withdrawn: u64,
    /// How many notes there are.
    pub noted: u64,
}

/// `GET /remotes/new`, and `GET /remotes/{id}/edit`.
#[derive(Debug, Template)]
#[template(path = "remote-edit.html")]
pub struct RemoteEdit {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The server that is changed; nothing for a new one.
    pub page: Option<Link>,
    /// What it speaks; empty where that is still to be chosen.
    pub kind: String,
    /// Which way objects go.
    pub direction: String,
    /// The choices of both, where they are still to be made.
    pub ways: Vec<(&'static str, &'static str)>,
    /// Whether there is a collection that can take part.
    pub has_collection: bool,
    /// The form.
    pub form: Option<Form>,
}

/// `GET /remotes/{id}`.
#[derive(Debug, Template)]
#[template(path = "remote.html")]
pub struct Remote {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// It, with its newest run.
    pub row: RemoteRow,
    /// Where it is.
    pub address: String,
    /// For what comes, the label of what is unmarked; for what goes, the strictest that does.
    pub label: Tlp,
    /// Every how many seconds it is asked.
    pub every: i64,
    /// `none`, `basic`, `bearer`, `key`.
    pub scheme: String,
    /// Which of its things are meant: label and value.
    pub selection: Vec<(String, String)>,
    /// How far the exchange has come, as it is kept; empty before it began.
    pub progress: String,
    /// What a test of the connection came to.
    pub steps: Vec<StepRow>,
    /// What the other server does against its specification, by the newest run.
    pub defects: Vec<NoteRow>,
    /// Switches a push on, by typing where it goes.
    pub begin: Option<Form>,
    /// Who would see what goes; empty where nothing does.
    pub seen_by: String,
    /// A page of its runs, newest first.
    pub runs: Vec<RunRow>,
    /// Where they go on.
    pub pager: Pager,
}

/// A step of a test of the connection.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// Which.
    pub step: String,
    /// `yes`, `no`, `not-tried`, or `odd` for what works and should not be so.
    pub came: &'static str,
    /// What was seen.
    pub detail: String,
    /// What to do about it; empty for nothing.
    pub advice: String,
}

/// `GET /remotes/{id}/runs/{run}`.
#[derive(Debug, Template)]
#[template(path = "remote-run.html")]
pub struct RemoteRun {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The server.
    pub page: Link,
    /// Which way objects go.
    pub direction: &'static str,
    /// The run.
    pub run: RunRow,
    /// The kinds of what it tells.
    pub tabs: Vec<Tab>,
    /// A page of that.
    pub notes: Vec<NoteRow>,
    /// How many are told and not kept.
    pub left_out: u64,
    /// Where they go on.
    pub pager: Pager,
}

/// Something that a run tells.
#[derive(Clone, Debug)]
pub struct NoteRow {
    /// `refused`, `defect`, `withheld`, `withdrawn`.
    pub what: &'static str,
    /// Which object or thing.
    pub subject: String,
    /// Why, in a sentence; empty where there is none for the code.
    pub why: String,
    /// The same as it was noted.
    pub detail: String,
}

impl RemoteRow {
    /// True while an exchange is under way.
    pub fn is_running(&self) -> bool {
        self.last
            .as_ref()
            .is_some_and(|run| run.outcome == "running")
    }
}
