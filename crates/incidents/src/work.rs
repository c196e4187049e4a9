//! How an entry is worked on: tasks, notes with mentions, who watches, the indicators found in it,
//! and what was learnt.
//!
//! Work is no fact of the entry. It does not raise the version, so that nobody who edits the facts
//! is refused because a colleague ticked off a task; and it stays in the house: no export carries it, but
//! indicators, which go into an event of MISP.

mod extract;
mod figures;
mod template;

use kernel::{IncidentRef, Timestamp, UserId};
use matcher::Value;

pub use extract::{FOUND_MAX, Found, TEXT_BYTES_MAX, extract, parsed};
pub use figures::Figures;
pub use template::{Template, TemplateTask, Text, all as templates};

use crate::{
    model::{Invalid, Line, Prose, words},
    severity::Author,
};

/// How many tasks an entry has at most.
pub const TASKS_MAX: usize = 1_000;
/// How many notes an entry has at most.
pub const NOTES_MAX: usize = 5_000;
/// How many indicators an entry has at most.
pub const INDICATORS_MAX: usize = 20_000;
/// How many lessons an entry has at most.
pub const LESSONS_MAX: usize = 200;

words! {
    /// Where a task stands.
    TaskState, "open, doing, done or dropped", {
        /// Nobody has begun.
        Open = "open",
        /// Somebody is at it.
        Doing = "doing",
        /// It is done.
        Done = "done",
        /// It will not be done.
        Dropped = "dropped",
    }
}

words! {
    /// What a lesson is about.
    LessonKind, "worked, failed or change", {
        /// What worked.
        Worked = "worked",
        /// What did not.
        Failed = "failed",
        /// What shall be done differently.
        Change = "change",
    }
}

/// What a task is, as an officer states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TaskFacts {
    /// What is to be done.
    pub title: Line<200>,
    /// More on it; may be empty.
    pub detail: Prose,
    /// The name of the user who does it.
    pub assignee: Option<String>,
    /// Until when.
    pub due: Option<Timestamp>,
    /// Where it stands.
    pub state: TaskState,
}

/// A task of an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Task {
    /// Its number within the entry; never given twice.
    pub number: i64,
    /// What it is.
    pub facts: TaskFacts,
    /// The user behind the assignee's name.
    pub assignee: Option<UserId>,
    /// Rises with each change; a change names the version it is based on.
    pub version: i64,
    /// Who made it, and when.
    pub made: (Author, Timestamp),
    /// Who changed it last, and when.
    pub changed: (Author, Timestamp),
}

/// What somebody wrote for colleagues. A note that turns out wrong is followed by one that says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// Its number within the entry, from 0.
    pub ordinal: i64,
    /// The text.
    pub body: Prose,
    /// Who wrote it, and when.
    pub written: (Author, Timestamp),
}

/// What was learnt of an incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lesson {
    /// What it is about.
    pub kind: LessonKind,
    /// The lesson.
    pub body: Prose,
    /// Who wrote it, and when.
    pub written: (Author, Timestamp),
}

/// An indicator that was found in an incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Indicator {
    /// Its number within the entry, from 0.
    pub ordinal: i64,
    /// Kind and normal form.
    pub value: Value,
    /// Who kept it, and when.
    pub added: (Author, Timestamp),
}

/// A field that an edit changed: as texts, the way the JSON interface gives the values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldChange {
    /// The version that the edit made.
    pub version: i64,
    /// The field, by its name in the JSON interface.
    pub field: String,
    /// What stood there.
    pub before: String,
    /// What stands there since.
    pub after: String,
}

/// A template that was applied to an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Applied {
    /// The template.
    pub template: &'static Template,
    /// Who applied it, and when.
    pub by: (Author, Timestamp),
}

/// How an entry is worked on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Work {
    /// The tasks: those that are not done first, the earliest due first.
    pub tasks: Vec<Task>,
    /// The notes, newest first.
    pub notes: Vec<Note>,
    /// How many indicators there are.
    pub indicators: u64,
    /// The lessons, in the order in which they were written.
    pub lessons: Vec<Lesson>,
    /// The templates that were applied.
    pub applied: Vec<Applied>,
    /// How many users watch it.
    pub watchers: u64,
    /// Whether the viewer does.
    pub watched: bool,
    /// How many notes mention the viewer that he has not marked as seen.
    pub unseen: u64,
}

/// What waits for one user in entries that he may see.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mine {
    /// His tasks that are not done, the earliest due first.
    pub tasks: Vec<MyTask>,
    /// Where he is mentioned and has not looked.
    pub mentions: Vec<Mention>,
    /// The entries that he watches, the latest changed first.
    pub watched: Vec<Watched>,
}

/// A task of one user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MyTask {
    /// The entry.
    pub public: IncidentRef,
    /// What that is called.
    pub incident: String,
    /// Its number there.
    pub number: i64,
    /// What is to be done.
    pub title: String,
    /// Until when.
    pub due: Option<Timestamp>,
}

/// A note that mentions a user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mention {
    /// The entry.
    pub public: IncidentRef,
    /// What that is called.
    pub incident: String,
    /// The note.
    pub ordinal: i64,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// An entry that a user watches.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Watched {
    /// The entry.
    pub public: IncidentRef,
    /// What that is called.
    pub incident: String,
    /// When something of it changed last.
    pub changed: Timestamp,
}

impl TaskState {
    /// Whether something remains to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Doing)
    }
}

/// Text that must not be empty.
pub fn written(text: &str, field: &'static str) -> Result<Prose, Invalid> {
    let body: Prose = text.parse().map_err(|broken: Invalid| broken.at(field))?;
    if body.as_str().is_empty() {
        return Err(Invalid {
            field,
            rule: "must not be empty",
        });
    }
    Ok(body)
}

/// The names that a text mentions, each once: `@amina` at the beginning or behind white space or an
/// opening bracket. What follows an `@` within a word, as in an address, mentions nobody.
pub fn mentioned(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == '@' && (before.is_whitespace() || matches!(before, '(' | '[')) {
            let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
            // Names are in small letters; whoever writes them otherwise means nobody else.
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
                .map(|c| c.to_ascii_lowercase())
                .collect();
            // A full stop behind a name ends the sentence.
            let name = name.trim_end_matches(['.', '-', '_']);
            if !name.is_empty() && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        before = c;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_a_name_behind_an_at_that_begins_a_word() {
        let told = mentioned("@amina look. Ask (@b.dean), a@example.org and @amina.");
        assert_eq!(told, ["amina", "b.dean"]);
        assert!(mentioned("no one, @ nobody, @Ä").is_empty());
        assert_eq!(mentioned("@AMINA, [@Amina] and @Dean"), ["amina", "dean"]);
    }

    #[test]
    fn an_empty_text_is_refused_at_its_field() {
        assert_eq!(written(" \n", "body").unwrap_err().field, "body");
        assert!(written("x", "body").is_ok());
    }
}
