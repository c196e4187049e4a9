//! Bodies of requests and answers. Dates are as precise as their source (`2024-05` is a month);
//! numbers of harm are decimal text, so that none is rounded on its way.

mod facts;
mod list;
mod parts;
mod statistic;

use kernel::{IncidentRef, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use facts::{FactsBody, PeriodBody};
pub use list::{CountBody, IncidentQuery, ListedBody, PageBody, StageCountBody};
pub use parts::{AttachmentBody, HarmBody, LinkBody, StatementBody, TimelineBody};
pub use statistic::{FigureBody, StatisticBody};

use crate::{
    model::{Case, Incident},
    state::{Event, Stage, Status},
};

/// A change of the facts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    /// The version that the change is based on; if the entry is at another, the answer is 409.
    pub version: i64,
    /// The facts as they shall be.
    pub facts: FactsBody,
}

/// A step in the life of an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceBody {
    /// The version that the step is based on; if the entry is at another, the answer is 409.
    pub version: i64,
    /// What happened.
    pub event: Event,
}

/// Where the work on an incident stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
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
pub struct ChangedBody {
    /// The entry.
    #[schema(value_type = String)]
    pub id: IncidentRef,
    /// Its version now.
    pub version: i64,
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
