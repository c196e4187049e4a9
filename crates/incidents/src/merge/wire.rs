//! Merged entries as the JSON interface has them.

use kernel::{IncidentRef, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Merged, Merges, Order, Preview};
use crate::model::{Invalid, Line};

/// Which other entry.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FromQuery {
    /// The entry that would be merged into this one.
    #[param(value_type = String)]
    pub from: IncidentRef,
}

/// Something that both entries state, and differently.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MergeDifferenceBody)]
pub struct DifferenceBody {
    /// The field.
    pub field: String,
    /// What the entry says into which the other goes.
    pub here: String,
    /// What the other says.
    pub there: String,
}

/// How many parts of a kind go over.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MergePartsBody)]
pub struct PartsBody {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: i64,
}

/// What would happen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MergePreviewBody)]
pub struct PreviewBody {
    /// The version of the entry into which the other goes.
    pub version: i64,
    /// The version of the other.
    pub from_version: i64,
    /// What both state differently.
    pub differences: Vec<DifferenceBody>,
    /// What goes over.
    pub parts: Vec<PartsBody>,
}

/// That an entry is to be merged into another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::MergeOrderBody)]
pub struct OrderBody {
    /// The entry that goes over.
    #[schema(value_type = String)]
    pub from: IncidentRef,
    /// Its version, as the preview gave it.
    pub from_version: i64,
    /// The version of the entry into which it goes.
    pub version: i64,
    /// The fields whose values the other entry gives; this entry's hold for all others.
    #[serde(default)]
    pub take: Vec<String>,
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Why a merge is taken back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::UnmergeBody)]
pub struct UnmergeBody {
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// An entry that was merged.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MergedBody)]
pub struct MergedBody {
    /// The other entry.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What that is called.
    pub title: String,
    /// Who did it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// How an entry stands to others that it was merged with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::MergesBody)]
pub struct MergesBody {
    /// Into which it went.
    pub into: Option<MergedBody>,
    /// Which went into it, the last first.
    pub from: Vec<MergedBody>,
}

impl TryFrom<OrderBody> for Order {
    type Error = Invalid;

    fn try_from(body: OrderBody) -> Result<Self, Invalid> {
        Ok(Self {
            from: (body.from, body.from_version),
            version: body.version,
            take: body.take,
            reason: Line::required(&body.reason, "reason")?,
        })
    }
}

impl From<&Preview> for PreviewBody {
    fn from(preview: &Preview) -> Self {
        let difference = |one: &super::model::Difference| DifferenceBody {
            field: one.field.clone(),
            here: one.here.clone(),
            there: one.there.clone(),
        };
        let parts = |(kind, count): &(&str, i64)| PartsBody {
            kind: (*kind).to_owned(),
            count: *count,
        };
        Self {
            version: preview.into.version,
            from_version: preview.from.version,
            differences: preview.differences.iter().map(difference).collect(),
            parts: preview.parts.iter().map(parts).collect(),
        }
    }
}

impl From<&Merged> for MergedBody {
    fn from(one: &Merged) -> Self {
        Self {
            incident: one.other,
            title: one.title.clone(),
            by: one.by.clone(),
            at: one.at,
            reason: one.reason.clone(),
        }
    }
}

impl From<&Merges> for MergesBody {
    fn from(merges: &Merges) -> Self {
        Self {
            into: merges.into.as_ref().map(MergedBody::from),
            from: merges.from.iter().map(MergedBody::from).collect(),
        }
    }
}
