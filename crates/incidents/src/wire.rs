//! Bodies of requests and answers. Dates are as precise as their source (`2024-05` is a month);
//! numbers of harm are decimal text, so that none is rounded on its way.

mod clocks;
mod course;
mod digest;
mod facts;
mod harm;
mod list;
mod parts;
mod rating;
mod regime;
mod request;
mod severity;
mod statistic;
pub(crate) mod stix;
mod tally;
pub(crate) mod transfer;
mod work;
mod work_of;

use audit::ActEntry;
use kernel::{Cursor, IncidentRef, Limit, Page, PageRequest, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use clocks::{
    ClocksBody, CountedBody, DropDutyBody, DueBody, DutyBody, FilingBody, MomentBody,
};
pub use course::{ContentBody, CourseBody, DraftBody, EnteredBody, EntryBody};
pub(crate) use digest::digest;
pub use facts::{FactsBody, PeriodBody};
pub use harm::{ApartBody, ComputedBody, HarmBody, HarmViewBody, TotalBody};
pub use list::{
    CasePageBody, CountBody, IncidentQuery, LevelCountBody, ListedBody, ListedPageBody,
    StageCountBody,
};
pub use parts::{AttachmentBody, LinkBody, StatementBody, TimelineBody};
pub use rating::{Nis2Body, RatingBody};
pub(crate) use regime::regimes;
pub use regime::{RegimeBody, StageBody};
pub use request::RequestBody;
pub use severity::{
    AssessBody, AssessmentBody, ChangeBody, ContributionBody, CrosswalkBody, FactorBody, FloorBody,
    OpinionBody, SeverityBody,
};
pub use statistic::{FigureBody, StatisticBody};
pub use tally::{
    OnTimeBody, SpreadBody, TallyBody, TallyQuery, TallyRowBody, TallyTableBody, narrowed, written,
};
pub use transfer::{LINE_BYTES_MAX, read as read_line, write as write_line};
pub use work::{
    ApplyBody, FieldChangeBody, FoundBody, FromQuery, IndicatorBody, KeepBody, KeptBody,
    KeptPageBody, LessonBody, MentionBody, MineBody, MyTaskBody, NewNoteBody, NoteBody, PastedBody,
    TaskBody, TaskFactsBody, TemplateBody, TextBody, WatchedBody, WorkBody,
};

use crate::{
    model::{Case, Incident, Invalid},
    ops::Imported,
    state::{Event, Stage, Status},
    statistics::StatisticKind,
    taxonomy::wire::ClassBody,
};

/// A change of the facts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::EditBody)]
pub struct EditBody {
    /// The version that the change is based on; if the entry is at another, the answer is 409.
    pub version: i64,
    /// The facts as they shall be.
    pub facts: FactsBody,
}

/// A step in the life of an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::AdvanceBody)]
pub struct AdvanceBody {
    /// The version that the step is based on; if the entry is at another, the answer is 409.
    pub version: i64,
    /// What happened.
    pub event: Event,
}

/// Where the work on an incident stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::StatusBody)]
pub struct StatusBody {
    /// The stage.
    pub stage: Stage,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Who closed it.
    pub by: Option<String>,
    /// The events that are possible now.
    pub allows: Vec<Event>,
}

/// An entry with everything that belongs to it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::CaseBody)]
pub struct CaseBody {
    /// What it is known by, here and elsewhere.
    #[schema(value_type = String, example = "incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e")]
    pub id: IncidentRef,
    /// Rises with each change; an edit names it.
    pub version: i64,
    /// True for data of an exercise.
    pub exercise: bool,
    /// Where the work stands.
    pub status: StatusBody,
    /// What is known.
    pub facts: FactsBody,
    /// What happened when.
    pub timeline: Vec<TimelineBody>,
    /// Harm, as stated.
    pub harm: Vec<HarmBody>,
    /// Who said what of it.
    pub statements: Vec<StatementBody>,
    /// What other parts of the program hold on it.
    pub links: Vec<LinkBody>,
    /// Files.
    pub attachments: Vec<AttachmentBody>,
    /// How severe it was judged to be, in the order of the judgements; the last one holds.
    #[serde(default)]
    pub assessments: Vec<AssessmentBody>,
    /// How severe others say it is, by scales of theirs.
    #[serde(default)]
    pub ratings: Vec<RatingBody>,
    /// What the assessment that holds comes to; null where there is none. Computed by the program
    /// and ignored in what is taken in.
    #[serde(default)]
    pub severity: Option<SeverityBody>,
    /// Its clocks: from when they run, by which regimes, what was filed, and what is due when.
    #[serde(default)]
    pub clocks: ClocksBody,
    /// What was entered of its course: services, capacity, milestones, effects, boards of health care.
    #[serde(default)]
    pub course: Vec<EntryBody>,
    /// Its classes of taxonomies, beside `rsit` and `sectors` of the facts.
    #[serde(default)]
    pub classes: Vec<ClassBody>,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// The key under which it ships with the program, if it does.
    pub shipped_key: Option<String>,
}

/// What a change left behind.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ChangedBody)]
pub struct ChangedBody {
    /// The entry.
    #[schema(value_type = String)]
    pub id: IncidentRef,
    /// Its version now.
    pub version: i64,
}

/// What was done to an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ActBody)]
pub struct ActBody {
    /// Index of its leaf in the ledger of acts.
    pub index: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What, as a stable code.
    #[schema(example = "incident.edited")]
    pub code: String,
    /// Version, label, stage, digest of the facts and names of the fields that changed; null once
    /// erased.
    #[schema(value_type = Option<Object>)]
    pub what: Option<serde_json::Value>,
}

/// A page of the history of an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::HistoryPageBody)]
pub struct HistoryPageBody {
    /// The acts, newest first.
    pub items: Vec<ActBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    pub after: Option<Cursor>,
    /// How many entries, 1 to 200.
    pub limit: Option<u16>,
}

/// Which link is meant.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LinkQuery {
    /// What is linked.
    pub kind: String,
    /// Its id.
    pub target: String,
}

/// Which statements are asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatisticQuery {
    /// Of what kind.
    pub kind: Option<StatisticKind>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ImportedBody)]
pub struct ImportedBody {
    /// Entries that were not there.
    pub created: u32,
    /// Entries whose file has changed since they were imported.
    pub updated: u32,
    /// Entries that were there already.
    pub unchanged: u32,
    /// Entries whose file has changed and that were edited here: left as they are.
    pub kept: u32,
}

impl From<Imported> for ImportedBody {
    fn from(done: Imported) -> Self {
        Self {
            created: done.created,
            updated: done.updated,
            unchanged: done.unchanged,
            kept: done.kept,
        }
    }
}

impl From<&Page<ActEntry>> for HistoryPageBody {
    fn from(page: &Page<ActEntry>) -> Self {
        Self {
            items: page.items.iter().map(ActBody::from).collect(),
            next: page.next,
        }
    }
}

impl From<&ActEntry> for ActBody {
    fn from(act: &ActEntry) -> Self {
        Self {
            index: act.index,
            at: act.at,
            who: act.who.clone(),
            code: act.code.clone(),
            what: act.what(),
        }
    }
}

impl TryFrom<PageQuery> for PageRequest {
    type Error = Invalid;

    fn try_from(query: PageQuery) -> Result<Self, Invalid> {
        let limit = query.limit.map_or(Ok(Limit::default()), Limit::new);
        Ok(Self {
            after: query.after,
            limit: limit.map_err(|_range| Invalid {
                field: "limit",
                rule: "1 to 200",
            })?,
        })
    }
}

impl From<&Status> for StatusBody {
    fn from(status: &Status) -> Self {
        Self {
            stage: status.stage(),
            since: status.since(),
            by: match status {
                Status::Closed { by, .. } => Some(by.clone()),
                Status::Open { .. } | Status::Investigating { .. } | Status::Contained { .. } => {
                    None
                }
            },
            allows: status.stage().allows().to_vec(),
        }
    }
}

impl From<&Case> for CaseBody {
    fn from(case: &Case) -> Self {
        let incident = &case.incident;
        Self {
            id: incident.public,
            version: incident.version,
            exercise: incident.mode.is_exercise(),
            status: StatusBody::from(&incident.status),
            facts: FactsBody::from(&incident.facts),
            timeline: case.timeline.iter().map(TimelineBody::from).collect(),
            harm: case.harm.iter().map(HarmBody::from).collect(),
            statements: case.statements.iter().map(StatementBody::from).collect(),
            links: case.links.iter().map(LinkBody::from).collect(),
            attachments: case.attachments.iter().map(AttachmentBody::from).collect(),
            assessments: case.assessments.iter().map(AssessmentBody::from).collect(),
            ratings: case.ratings.iter().map(RatingBody::from).collect(),
            severity: case.severity().as_ref().map(SeverityBody::from),
            clocks: ClocksBody::from(&case.clocks),
            course: case.course.iter().map(EntryBody::from).collect(),
            classes: case.classes.iter().map(ClassBody::from).collect(),
            created_at: incident.created_at,
            updated_at: incident.updated_at,
            shipped_key: incident.shipped.as_ref().map(|mark| mark.key.clone()),
        }
    }
}

impl From<&Incident> for ChangedBody {
    fn from(incident: &Incident) -> Self {
        Self {
            id: incident.public,
            version: incident.version,
        }
    }
}
