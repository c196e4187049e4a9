//! What the JSON interface says of reporting.

use kernel::{Country, Cursor, IncidentRef, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    choice::Choice,
    contact::Crossing,
    remind::{Reminder, Step},
    submission::Part,
};
use crate::{
    model::{Invalid, Line},
    state::Stage,
    wire::{ClocksBody, DueBody},
};

/// By what the party reports, unless people decide otherwise for an incident.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportingChoiceBody)]
pub struct ChoiceBody {
    /// The keys of the regimes to which it is subject. An incident that is entered or edited is
    /// reported by those that may apply by place and sector.
    #[serde(default)]
    #[schema(example = json!(["nis2", "gdpr"]))]
    pub regimes: Vec<String>,
    /// The zone of the IANA database in which its days are counted.
    #[schema(example = "Europe/Dublin", max_length = 60)]
    pub zone: String,
    /// So many hours before a report is due people are reminded: up to 8 numbers from 1 to 720. Empty
    /// where each regime says it for itself.
    #[serde(default)]
    #[schema(example = json!([24, 6, 1]))]
    pub remind: Vec<u32>,
    /// The authorities with which it files: up to 30.
    #[serde(default)]
    pub authorities: Vec<String>,
}

/// Since when reminders are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemindersQuery {
    /// Those that were told after that moment; all where nothing is said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// A reminder of a report that is still to be filed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ReminderBody)]
pub struct ReminderBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What it is called.
    pub title: String,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// Whether it is late.
    pub late: bool,
    /// So many hours are left at most when it was told; null where it is late.
    pub hours_left: Option<u32>,
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    pub told_at: Timestamp,
}

/// Something that was passed on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::PassedBody)]
pub struct PassedBody {
    /// To whom.
    pub authority: String,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// The part of a report; null for a filing as a whole.
    pub part: Option<Part>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// An incident that crosses borders.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrossingBody)]
pub struct CrossingBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// What it is called.
    pub title: String,
    /// The States where it hit somebody.
    #[schema(value_type = Vec<String>)]
    pub victims: Vec<Country>,
    /// Where the work on it stands.
    pub status: Stage,
    /// What is due when.
    pub due: Vec<DueBody>,
    /// What was passed on to whom, in order of time.
    pub passed: Vec<PassedBody>,
}

/// A page of incidents that cross borders.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrossingPageBody)]
pub struct CrossingPageBody {
    /// Them, newest first.
    pub items: Vec<CrossingBody>,
    /// Where the next page begins; null on the last one.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// Which page of a list.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CrossingsQuery {
    /// Where the page begins, as the one before said.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub after: Option<Cursor>,
}

impl From<&Crossing> for CrossingBody {
    fn from(one: &Crossing) -> Self {
        let passed = one.passed.iter().map(|passed| PassedBody {
            authority: passed.authority.to_string(),
            regime: passed.regime.to_string(),
            stage: passed.stage.to_string(),
            part: passed.part,
            at: passed.at,
        });
        Self {
            incident: one.incident.public,
            title: one.incident.facts.title.to_string(),
            victims: one.incident.facts.victims.clone(),
            status: one.incident.status.stage(),
            due: ClocksBody::from(&one.clocks).due,
            passed: passed.collect(),
        }
    }
}

impl From<&Choice> for ChoiceBody {
    fn from(choice: &Choice) -> Self {
        Self {
            regimes: choice.regimes.iter().map(ToString::to_string).collect(),
            zone: choice.zone.to_string(),
            remind: choice.remind.clone(),
            authorities: choice.authorities.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<ChoiceBody> for Choice {
    type Error = Invalid;

    fn try_from(body: ChoiceBody) -> Result<Self, Invalid> {
        let regimes = body.regimes.iter();
        let authorities = body.authorities.iter();
        Ok(Self {
            regimes: regimes
                .map(|one| Line::required(one, "regimes"))
                .collect::<Result<_, _>>()?,
            zone: Line::required(&body.zone, "zone")?,
            remind: body.remind,
            authorities: authorities
                .map(|one| Line::required(one, "authorities"))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Reminder> for ReminderBody {
    fn from(reminder: &Reminder) -> Self {
        Self {
            incident: reminder.public,
            title: reminder.title.clone(),
            regime: reminder.regime.clone(),
            stage: reminder.stage.clone(),
            due_at: reminder.due,
            late: reminder.step == Step::Late,
            hours_left: match reminder.step {
                Step::Before(hours) => Some(hours),
                Step::Late => None,
            },
            told_at: reminder.told_at,
        }
    }
}
