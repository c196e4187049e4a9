//! The work on an incident: tasks, notes, indicators, lessons, templates, and what an edit changed.

use kernel::{IncidentRef, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    clocks::Moment,
    model::{Invalid, Line},
    work::{Lesson, LessonKind, Note, Task, TaskFacts, TaskState},
};

/// A task as an officer states it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::TaskFactsBody)]
pub struct TaskFactsBody {
    /// The version that a change is based on; if the task is at another, the answer is 409. Has no
    /// meaning for a new task.
    #[serde(default)]
    pub version: i64,
    /// What is to be done.
    #[schema(max_length = 200)]
    pub title: String,
    /// More on it.
    #[serde(default)]
    pub detail: String,
    /// The name of the user who does it; one who may see the work on this incident.
    pub assignee: Option<String>,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Where it stands; open where absent.
    pub state: Option<TaskState>,
}

/// A task.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaskBody)]
pub struct TaskBody {
    /// Its number within the incident.
    pub number: i64,
    /// The version, which a change names.
    pub version: i64,
    /// What is to be done.
    pub title: String,
    /// More on it.
    pub detail: String,
    /// The name of the user who does it.
    pub assignee: Option<String>,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Where it stands.
    pub state: TaskState,
    /// Who made it.
    pub made_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
}

/// Text of a note.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::NewNoteBody)]
pub struct NewNoteBody {
    /// The text; `@name` mentions a user who may see the work on this incident.
    #[schema(max_length = 20000)]
    pub body: String,
}

/// A note.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::NoteBody)]
pub struct NoteBody {
    /// Its number within the incident, from 0.
    pub number: i64,
    /// The text.
    pub body: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What was learnt.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::LessonBody)]
pub struct LessonBody {
    /// What it is about.
    pub kind: LessonKind,
    /// The lesson.
    #[schema(max_length = 20000)]
    pub body: String,
    /// Who wrote it. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// A pasted text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::PastedBody)]
pub struct PastedBody {
    /// The text, of at most 1,000,000 bytes.
    pub text: String,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::IndicatorBody)]
pub struct IndicatorBody {
    /// Its kind.
    #[schema(example = "domain")]
    pub kind: String,
    /// Its value, defanged or not; answers give the normal form.
    #[schema(example = "bad.example")]
    pub value: String,
}

/// An indicator in a pasted text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::FoundBody)]
pub struct FoundBody {
    /// Its kind.
    pub kind: String,
    /// Its normal form.
    pub value: String,
    /// Whether it says little: an address of no public network.
    pub doubtful: bool,
}

/// Indicators to keep.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::KeepBody)]
pub struct KeepBody {
    /// At most 5,000 at a time.
    pub indicators: Vec<IndicatorBody>,
}

/// An indicator that was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::KeptBody)]
pub struct KeptBody {
    /// Its number within the incident, from 0.
    pub number: i64,
    /// Its kind.
    pub kind: String,
    /// Its normal form.
    pub value: String,
    /// Who kept it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A page of indicators.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::KeptPageBody)]
pub struct KeptPageBody {
    /// In the order in which they were kept.
    pub items: Vec<KeptBody>,
    /// Where the next page begins; null at the end.
    pub next: Option<i64>,
}

/// Where a page of indicators begins, and how long it is.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FromQuery {
    /// The number with which the page begins: `next` of the page before.
    pub from: Option<i64>,
    /// How many, 1 to 1,000.
    pub limit: Option<u16>,
}

/// A template to apply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ApplyBody)]
pub struct ApplyBody {
    /// Its key.
    #[schema(example = "ransomware-hospital")]
    pub template: String,
    /// The language of the tasks: `en` or `zh`; English where absent.
    pub language: Option<String>,
}

/// A text in the languages of the templates.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TextBody)]
pub struct TextBody {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A template.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TemplateBody)]
pub struct TemplateBody {
    /// Its key.
    pub key: String,
    /// What it is for.
    pub name: TextBody,
    /// The tasks that it adds.
    pub tasks: Vec<TextBody>,
    /// What a timeline of such an incident tells sooner or later.
    pub points: Vec<TextBody>,
    /// From which moments clocks may run that somebody should think of.
    pub moments: Vec<Moment>,
}

/// The work on an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::WorkBody)]
pub struct WorkBody {
    /// The tasks: open ones first, the earliest due first.
    pub tasks: Vec<TaskBody>,
    /// The notes, newest first.
    pub notes: Vec<NoteBody>,
    /// How many indicators were kept; they are read page by page.
    pub indicators: u64,
    /// What was learnt.
    pub lessons: Vec<LessonBody>,
    /// The keys of the templates that were applied.
    pub templates: Vec<String>,
    /// How many users watch it.
    pub watchers: u64,
    /// Whether you do.
    pub watched: bool,
}

/// A field that an edit changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::FieldChangeBody)]
pub struct FieldChangeBody {
    /// The version that the edit made.
    pub version: i64,
    /// The field.
    pub field: String,
    /// What stood there, as text.
    pub before: String,
    /// What stands there since, as text.
    pub after: String,
}

/// A task of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MyTaskBody)]
pub struct MyTaskBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What that is called.
    pub title: String,
    /// The number of the task.
    pub number: i64,
    /// What is to be done.
    pub task: String,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
}

/// A note that mentions you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MentionBody)]
pub struct MentionBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What that is called.
    pub title: String,
    /// The number of the note.
    pub note: i64,
    /// Who wrote it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// An incident that you watch.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::WatchedBody)]
pub struct WatchedBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What that is called.
    pub title: String,
    /// When something of it changed last.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
}

/// What waits for you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MineBody)]
pub struct MineBody {
    /// Your tasks that are not done, the earliest due first; up to 50.
    pub tasks: Vec<MyTaskBody>,
    /// Where you are mentioned and have not looked; up to 50.
    pub mentions: Vec<MentionBody>,
    /// The incidents that you watch, the latest changed first; up to 50.
    pub watched: Vec<WatchedBody>,
}

impl TryFrom<TaskFactsBody> for TaskFacts {
    type Error = Invalid;

    fn try_from(body: TaskFactsBody) -> Result<Self, Invalid> {
        let assignee = body.assignee.map(|name| name.trim().to_owned());
        Ok(Self {
            title: Line::required(&body.title, "title")?,
            detail: body
                .detail
                .parse()
                .map_err(|broken: Invalid| broken.at("detail"))?,
            assignee: assignee.filter(|name| !name.is_empty()),
            due: body.due,
            state: body.state.unwrap_or(TaskState::Open),
        })
    }
}

impl From<&Task> for TaskBody {
    fn from(task: &Task) -> Self {
        let facts = &task.facts;
        Self {
            number: task.number,
            version: task.version,
            title: facts.title.to_string(),
            detail: facts.detail.as_str().to_owned(),
            assignee: facts.assignee.clone(),
            due: facts.due,
            state: facts.state,
            made_by: task.made.0.as_str().to_owned(),
            made_at: task.made.1,
            changed_by: task.changed.0.as_str().to_owned(),
            changed_at: task.changed.1,
        }
    }
}

impl From<&Note> for NoteBody {
    fn from(note: &Note) -> Self {
        Self {
            number: note.ordinal,
            body: note.body.as_str().to_owned(),
            by: note.written.0.as_str().to_owned(),
            at: note.written.1,
        }
    }
}

impl From<&Lesson> for LessonBody {
    fn from(lesson: &Lesson) -> Self {
        Self {
            kind: lesson.kind,
            body: lesson.body.as_str().to_owned(),
            by: Some(lesson.written.0.as_str().to_owned()),
            at: Some(lesson.written.1),
        }
    }
}
