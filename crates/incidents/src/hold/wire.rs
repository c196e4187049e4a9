//! Legal holds as the JSON interface has them.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Hold;

/// A legal hold that is placed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::NewHoldBody)]
pub struct NewHoldBody {
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
    /// Until when; without end where nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

/// Why a legal hold is lifted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::LiftBody)]
pub struct LiftBody {
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// A legal hold.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::HoldBody)]
pub struct HoldBody {
    /// Its number within the incident.
    pub number: i64,
    /// Whether it lasts.
    pub lasts: bool,
    /// Who placed it.
    pub placed_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Who lifted it.
    pub lifted_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lifted_at: Option<Timestamp>,
    /// Why.
    pub lifted_reason: Option<String>,
}

/// The legal holds of an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::HoldsBody)]
pub struct HoldsBody {
    /// Them, the last first.
    pub holds: Vec<HoldBody>,
}

impl HoldBody {
    /// A hold as it stands now.
    pub fn new(hold: &Hold, now: Timestamp) -> Self {
        let lifted = hold.lifted.as_ref();
        Self {
            number: hold.number,
            lasts: hold.lasts(now),
            placed_by: hold.placed.0.clone(),
            placed_at: hold.placed.1,
            reason: hold.reason.clone(),
            until: hold.until,
            lifted_by: lifted.map(|(by, _, _)| by.clone()),
            lifted_at: lifted.map(|(_, at, _)| *at),
            lifted_reason: lifted.map(|(_, _, why)| why.clone()),
        }
    }
}
