//! The rules that ask for reports, as they ship with the program.

use kernel::Country;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{clocks::Regime, error::Error, model::Sector};

/// Rules that ask for reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RegimeBody)]
pub struct RegimeBody {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The States where it holds.
    #[schema(value_type = Vec<String>)]
    pub places: Vec<Country>,
    /// The sectors that it is about; every sector where none is named.
    #[schema(value_type = Vec<String>)]
    pub sectors: Vec<Sector>,
    /// What has to be reported.
    pub trigger: String,
    /// Where it stands.
    pub source: String,
    /// Whether somebody read the rule itself.
    pub verified: bool,
    /// So many hours before a report is due people are reminded, unless the party says otherwise.
    pub remind: Vec<u32>,
    /// What is to be filed: each stage with its limits, such as `24h from awareness`.
    pub stages: Vec<StageBody>,
}

/// What a regime asks to be filed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::StageBody)]
pub struct StageBody {
    /// Its key.
    pub key: String,
    /// Its limits; the earliest holds.
    #[schema(example = json!(["24h from awareness"]))]
    pub limits: Vec<String>,
}

impl From<&Regime> for RegimeBody {
    fn from(regime: &Regime) -> Self {
        let stages = regime.stages.iter().map(|stage| StageBody {
            key: stage.key.clone(),
            limits: stage
                .limits
                .iter()
                .map(|running| format!("{} from {}", running.limit, running.from))
                .collect(),
        });
        Self {
            key: regime.key.clone(),
            name: regime.name.clone(),
            places: regime.places.clone(),
            sectors: regime.sectors.clone(),
            trigger: regime.trigger.clone(),
            source: regime.source.clone(),
            verified: regime.verified,
            remind: regime.remind.clone(),
            stages: stages.collect(),
        }
    }
}

/// All regimes, as the JSON interface gives them.
pub(crate) fn regimes() -> Result<Vec<RegimeBody>, Error> {
    Ok(crate::clocks::all()?.iter().map(RegimeBody::from).collect())
}
