//! Splits as the JSON interface has them.

use kernel::IncidentRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Foreseen, Name, Order, Part, PartKind, Splits};
use crate::{
    merge::wire::MergedBody,
    model::{Incident, Invalid, Line},
};

/// A part by its kind and number; a link by its kind and target, with a space between.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::SplitNameBody)]
pub struct NameBody {
    /// The kind.
    pub kind: PartKind,
    /// What names it, as the list of parts gave it.
    pub part: String,
}

/// A part that can be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SplitPartBody)]
pub struct PartBody {
    /// The kind.
    pub kind: PartKind,
    /// What names it.
    pub part: String,
    /// What it says, shortened.
    pub text: String,
    /// When it was, by whom, or how much.
    pub about: String,
}

/// What can be chosen of an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SplitPartsBody)]
pub struct PartsBody {
    /// The version of the incident, which a split names.
    pub version: i64,
    /// The parts.
    pub parts: Vec<PartBody>,
}

/// Which parts are to be looked at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::SplitLookBody)]
pub struct LookBody {
    /// What would go to a new incident.
    pub parts: Vec<NameBody>,
}

/// What would happen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SplitForeseenBody)]
pub struct ForeseenBody {
    /// The version of the incident, which a split names.
    pub version: i64,
    /// What was chosen.
    pub parts: Vec<PartBody>,
    /// What goes along, since it corrects a figure that was chosen or is corrected by one.
    pub along: Vec<PartBody>,
}

/// That parts are to become an incident of their own.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::SplitOrderBody)]
pub struct OrderBody {
    /// The version at which the caller saw the incident.
    pub version: i64,
    /// What the new incident is called: one line.
    #[schema(max_length = 200)]
    pub title: String,
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
    /// What goes to it.
    pub parts: Vec<NameBody>,
}

/// A new incident, and the old one as it stands now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SplitBody)]
pub struct SplitBody {
    /// The new incident.
    #[schema(value_type = String)]
    pub id: IncidentRef,
    /// Its version.
    pub version: i64,
    /// The version of the old one.
    pub from_version: i64,
}

/// From which incident one was split, and which were split from it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SplitsBody)]
pub struct SplitsBody {
    /// From which.
    pub from: Option<MergedBody>,
    /// Which were split from it and stand by themselves, the last first.
    pub off: Vec<MergedBody>,
}

fn names(bodies: Vec<NameBody>) -> Vec<Name> {
    bodies
        .into_iter()
        .map(|body| (body.kind, body.part))
        .collect()
}

impl LookBody {
    /// The parts that are to be looked at.
    pub fn names(self) -> Vec<Name> {
        names(self.parts)
    }
}

impl TryFrom<OrderBody> for Order {
    type Error = Invalid;

    fn try_from(body: OrderBody) -> Result<Self, Invalid> {
        Ok(Self {
            version: body.version,
            title: Line::required(&body.title, "title")?,
            reason: Line::required(&body.reason, "reason")?,
            parts: names(body.parts),
        })
    }
}

impl From<&Part> for PartBody {
    fn from(part: &Part) -> Self {
        Self {
            kind: part.name.0,
            part: part.name.1.clone(),
            text: part.text.clone(),
            about: part.about.clone(),
        }
    }
}

impl PartsBody {
    /// What of this incident can be chosen.
    pub fn new(incident: &Incident, parts: &[Part]) -> Self {
        Self {
            version: incident.version,
            parts: parts.iter().map(PartBody::from).collect(),
        }
    }
}

impl From<&Foreseen> for ForeseenBody {
    fn from(seen: &Foreseen) -> Self {
        Self {
            version: seen.incident.version,
            parts: seen.parts.iter().map(PartBody::from).collect(),
            along: seen.along.iter().map(PartBody::from).collect(),
        }
    }
}

impl From<&(Incident, Incident)> for SplitBody {
    fn from((new, old): &(Incident, Incident)) -> Self {
        Self {
            id: new.public,
            version: new.version,
            from_version: old.version,
        }
    }
}

impl From<&Splits> for SplitsBody {
    fn from(splits: &Splits) -> Self {
        Self {
            from: splits.from.as_ref().map(MergedBody::from),
            off: splits.off.iter().map(MergedBody::from).collect(),
        }
    }
}
