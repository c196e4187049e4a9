//! Bodies of reports.

use kernel::{Cursor, IncidentRef, Language, Page, Timestamp, Tlp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    model::{
        Addition, Answers, Author, Door, Reference, Report, ReportKind, ReportRow, ReportState,
    },
    ops::Whole,
    personal::{self, Personal},
};
use crate::{
    model::{Doubt, Invalid},
    wire::FactsBody,
};

/// A report as a program hands it in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportHandedBody)]
pub struct HandedBody {
    /// What it says.
    pub answers: Answers,
    /// The language in which it is written: one of the six of the United Nations; `en` if nobody says.
    pub language: Option<String>,
}

/// What the reporter keeps.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportOpenedBody)]
pub struct OpenedBody {
    /// The number of the report.
    #[schema(value_type = String, example = "R-7K3M2-9QXT4")]
    pub reference: Reference,
    /// What opens it for its reporter at `/report`. Shown this once.
    pub code: String,
    /// Why its dates are doubtful; absent where they are not. It was taken all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// For whom a one-time link is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportInvitationBody)]
pub struct InvitationBody {
    /// For whom, for the officers alone; up to 200 characters.
    #[schema(max_length = 200)]
    pub note: Option<String>,
    /// The language in which the form is first shown; `en` if nobody says.
    pub language: Option<String>,
}

/// Whether anybody may report at the public address, `/report`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportFormBody)]
pub struct FormBody {
    /// True if it is on.
    pub public: bool,
}

/// Which reports are asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// In which state.
    pub state: Option<ReportState>,
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    pub after: Option<Cursor>,
    /// How many, 1 to 200.
    pub limit: Option<u16>,
}

/// The version that an act is based on.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportVersionBody)]
pub struct VersionBody {
    /// If the report is at another, the answer is 409.
    pub version: i64,
}

/// A new incident of a report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportAcceptBody)]
pub struct AcceptBody {
    /// The version that the act is based on.
    pub version: i64,
    /// The facts; those that the report states, if nothing is given.
    pub facts: Option<FactsBody>,
}

/// A report that becomes part of an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportMergeBody)]
pub struct MergeBody {
    /// The version that the act is based on.
    pub version: i64,
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What it brings, as a line of the timeline.
    #[schema(max_length = 500)]
    pub what: String,
}

/// The second report of two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportSplitBody)]
pub struct SplitBody {
    /// The version that the act is based on.
    pub version: i64,
    /// In one line, what it is about.
    #[schema(max_length = 200)]
    pub title: String,
    /// What it says.
    #[schema(max_length = 8_000)]
    pub what: String,
}

/// A text for the reporter: why a report is refused, or an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportTextBody)]
pub struct TextBody {
    /// The version that the act is based on.
    pub version: i64,
    /// The text.
    #[schema(max_length = 4_000)]
    pub text: String,
}

/// The label of a report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportLabelBody)]
pub struct LabelBody {
    /// The version that the act is based on.
    pub version: i64,
    /// The label.
    #[schema(value_type = String, example = "RED")]
    pub tlp: Tlp,
    /// The users who read it while it is RED.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub named: Vec<UserId>,
}

/// A report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportBody)]
pub struct ReportBody {
    /// Its number.
    #[schema(value_type = String, example = "R-7K3M2-9QXT4")]
    pub reference: Reference,
    /// Its version.
    pub version: i64,
    /// Real or exercise.
    pub exercise: bool,
    /// Where it stands.
    pub state: ReportState,
    /// Who of the house may read it.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// The users who read it while it is RED.
    #[schema(value_type = Vec<String>)]
    pub named: Vec<UserId>,
    /// How it came in.
    pub door: Door,
    /// For whom the link was made.
    pub note: Option<String>,
    /// The language of the form.
    pub language: &'static str,
    /// What it says; null while it is a draft, and once it is erased.
    pub answers: Option<Answers>,
    /// Kinds of data of persons that seem to stand in what goes into an incident.
    pub personal: Vec<Personal>,
    /// Why its dates are doubtful: they contradict each other, or lay in the future when it was sent.
    pub doubts: Vec<Doubt>,
    /// The facts of an incident that it states.
    pub facts: Option<FactsBody>,
    /// What was said since.
    pub additions: Vec<AdditionBody>,
    /// What it became part of.
    #[schema(value_type = Option<String>)]
    pub incident: Option<IncidentRef>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The report that it was split from.
    #[schema(value_type = Option<String>)]
    pub split_from: Option<Reference>,
    /// The reports that were split from it.
    #[schema(value_type = Vec<String>)]
    pub parts: Vec<Reference>,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
}

/// What was said after a report was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportAdditionBody)]
pub struct AdditionBody {
    /// Who.
    pub author: Author,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// A report as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportRowBody)]
pub struct ReportRowBody {
    /// Its number.
    #[schema(value_type = String)]
    pub reference: Reference,
    /// Where it stands.
    pub state: ReportState,
    /// What kind; null while it is a draft.
    pub kind: Option<ReportKind>,
    /// In one line; null while it is a draft, and once it is erased.
    pub title: Option<String>,
    /// How it came in.
    pub door: Door,
    /// For whom the link was made.
    pub note: Option<String>,
    /// Its label.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// When it was sent, or begun.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A page of reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportPageBody)]
pub struct ReportPageBody {
    /// The reports, the latest first.
    pub items: Vec<ReportRowBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// What an act left behind.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReportChangedBody)]
pub struct ReportChangedBody {
    /// The report.
    #[schema(value_type = String)]
    pub reference: Reference,
    /// Its version now.
    pub version: i64,
    /// Where it stands.
    pub state: ReportState,
}

/// The language of a tag; English if nobody says.
pub fn language(tag: Option<&str>) -> Result<Language, Invalid> {
    let Some(tag) = tag else {
        return Ok(Language::En);
    };
    Language::from_tag(tag).ok_or(Invalid {
        field: "language",
        rule: "ar, en, es, fr, ru or zh",
    })
}

/// Kinds of data of persons that seem to stand in what goes into an incident; who reports and how to reach
/// him does not go there.
pub fn personal(answers: &Answers) -> Vec<Personal> {
    let texts = [
        &answers.title,
        &answers.what,
        &answers.effect,
        &answers.done,
        &answers.organisation,
        &answers.field,
    ];
    let mut kinds: Vec<Personal> = texts
        .iter()
        .flat_map(|text| personal::found(text))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

impl From<&Whole> for ReportBody {
    fn from(whole: &Whole) -> Self {
        let report = &whole.report;
        let facts = super::ops::officer::prefill(report).ok();
        Self {
            reference: report.reference.clone(),
            version: report.version,
            exercise: report.mode.is_exercise(),
            state: report.state,
            tlp: report.tlp,
            named: report.named.clone(),
            door: report.door,
            note: report.note.as_ref().map(|note| note.as_str().to_owned()),
            language: report.language.tag(),
            personal: report.answers.as_ref().map(personal).unwrap_or_default(),
            doubts: report.doubts(),
            answers: report.answers.clone(),
            facts: facts.as_ref().map(FactsBody::from),
            additions: whole.additions.iter().map(AdditionBody::from).collect(),
            incident: report.incident,
            reason: report
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            split_from: report.split_from.clone(),
            parts: whole
                .parts
                .iter()
                .map(|part| part.reference.clone())
                .collect(),
            created_at: report.created_at,
            sent_at: report.sent_at,
        }
    }
}

impl From<&Addition> for AdditionBody {
    fn from(one: &Addition) -> Self {
        Self {
            author: one.author,
            at: one.at,
            text: one.text.as_str().to_owned(),
        }
    }
}

impl From<&ReportRow> for ReportRowBody {
    fn from(row: &ReportRow) -> Self {
        Self {
            reference: row.reference.clone(),
            state: row.state,
            kind: row.kind,
            title: row.title.clone(),
            door: row.door,
            note: row.note.clone(),
            tlp: row.tlp,
            at: row.at,
        }
    }
}

impl From<&Page<ReportRow>> for ReportPageBody {
    fn from(page: &Page<ReportRow>) -> Self {
        Self {
            items: page.items.iter().map(ReportRowBody::from).collect(),
            next: page.next,
        }
    }
}

impl From<&Report> for ReportChangedBody {
    fn from(report: &Report) -> Self {
        Self {
            reference: report.reference.clone(),
            version: report.version,
            state: report.state,
        }
    }
}
