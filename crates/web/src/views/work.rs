//! The work on an incident: tasks, notes, indicators.

use kernel::Timestamp;

use super::{
    form::Form,
    frame::{Link, Pager},
};

/// One of the tabs on which the work on an incident stands.
#[derive(Clone, Debug)]
pub struct Work {
    /// Where its forms go: the tab itself.
    pub url: String,
    /// Against forged requests.
    pub csrf: String,
    /// Whether the reader may add and change.
    pub may_edit: bool,
    /// Whether the reader watches the incident.
    pub watched: bool,
    /// How many do.
    pub watchers: u64,
    /// What else the reader may add, and where.
    pub offers: Vec<Link>,
    /// The form that is open, under its heading.
    pub form: Option<(String, Form)>,
    /// What the tab holds.
    pub part: WorkPart,
}

/// What such a tab holds.
#[derive(Clone, Debug)]
pub enum WorkPart {
    /// What is to be done, and the templates that were applied.
    Tasks(Vec<TaskRow>, Vec<AppliedTemplate>),
    /// What colleagues wrote, and what was learnt.
    Notes {
        /// The notes, newest first.
        notes: Vec<NoteRow>,
        /// Notes that mention the reader and that he has not marked as seen.
        unseen: u64,
        /// What was learnt; the kind as a code.
        lessons: Vec<(&'static str, NoteRow)>,
        /// The figures of the case, label and value.
        figures: Vec<(String, String)>,
    },
    /// The indicators that were kept.
    Indicators {
        /// One page of them.
        rows: Vec<IndicatorRow>,
        /// How many there are in all.
        all: u64,
        /// Where the list goes on.
        pager: Pager,
    },
}

/// A task.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// Its number.
    pub number: i64,
    /// Its version, which a change names.
    pub version: i64,
    /// What is to be done.
    pub title: String,
    /// More on it.
    pub detail: String,
    /// Who does it; empty for nobody yet.
    pub assignee: String,
    /// Until when.
    pub due: Option<Timestamp>,
    /// `open`, `doing`, `done` or `dropped`.
    pub state: &'static str,
    /// Whether something remains to be done.
    pub open: bool,
    /// Where it is changed; empty for a reader who may not.
    pub change: String,
}

/// A template that was applied.
#[derive(Clone, Debug)]
pub struct AppliedTemplate {
    /// What it is for.
    pub name: String,
    /// Who applied it, and when.
    pub by: (String, Timestamp),
    /// What the timeline tells sooner or later.
    pub points: Vec<String>,
    /// The moments from which clocks may run.
    pub moments: Vec<String>,
}

/// A note or a lesson.
#[derive(Clone, Debug)]
pub struct NoteRow {
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// The text.
    pub text: String,
}

/// An indicator that was kept.
#[derive(Clone, Debug)]
pub struct IndicatorRow {
    /// Its kind.
    pub kind: String,
    /// Its normal form.
    pub value: String,
    /// Where objects with this value are found.
    pub search: String,
    /// Who kept it, and when.
    pub by: (String, Timestamp),
}

/// What waits for the reader on the desk: a task, or a note that mentions him.
#[derive(Clone, Debug)]
pub struct WorkLine {
    /// Until when, for a task that has a time.
    pub due: Option<Timestamp>,
    /// `task` or `mention`.
    pub kind: &'static str,
    /// What is to be done, or who wrote.
    pub what: String,
    /// The incident.
    pub title: String,
    /// Where it stands.
    pub url: String,
}
