//! What the JSON interface says of calendars.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LeftOut, NoDayOff, Taken};
use crate::{
    clocks::{Calendars, DaysOff, Reach, WeekDay, Weekend},
    error::Error,
    model::{Invalid, Line},
};

/// A day off.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DayOffBody)]
pub struct DayOffBody {
    /// The day.
    #[schema(example = "2026-11-26", format = Date)]
    pub day: String,
    /// What it is called.
    #[schema(example = "Thanksgiving", max_length = 120)]
    pub name: String,
}

/// On which days people rest.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DaysOffBody)]
pub struct DaysOffBody {
    /// The days of the week: up to six.
    #[schema(example = json!(["sat", "sun"]), max_items = 6)]
    pub weekend: Vec<WeekDay>,
    /// Other days: up to 500, each once.
    #[schema(max_items = 500)]
    pub days: Vec<DayOffBody>,
}

/// A calendar that the party keeps.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CalendarBody)]
pub struct CalendarBody {
    /// For the rules of which State it counts: its code, or `all`.
    #[schema(example = "US")]
    pub calendar: String,
    /// The days of the week on which people rest.
    pub weekend: Vec<WeekDay>,
    /// Other days on which they do.
    pub days: Vec<DayOffBody>,
}

/// Something of a file that is no day off.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::DayLeftOutBody)]
pub struct LeftOutBody {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Why.
    pub why: NoDayOff,
}

/// What became of a file of days off.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::DaysTakenBody)]
pub struct TakenBody {
    /// Days that were not there before.
    pub added: usize,
    /// Days that have another name now.
    pub renamed: usize,
    /// How much of the file was left out.
    pub left_out_count: usize,
    /// What that is, the first 50.
    pub left_out: Vec<LeftOutBody>,
}

impl From<&DaysOff> for DaysOffBody {
    fn from(kept: &DaysOff) -> Self {
        let days = kept.days.iter().map(|(day, name)| DayOffBody {
            day: day.to_string(),
            name: name.to_string(),
        });
        Self {
            weekend: kept.weekend.days().collect(),
            days: days.collect(),
        }
    }
}

impl TryFrom<DaysOffBody> for DaysOff {
    type Error = Error;

    fn try_from(body: DaysOffBody) -> Result<Self, Error> {
        let broken = Invalid {
            field: "days",
            rule: "days such as 2026-11-26, each once",
        };
        let mut days: BTreeMap<Date, Line<120>> = BTreeMap::new();
        for one in &body.days {
            let day: Date = one.day.parse().map_err(|_no_day| broken.clone())?;
            let name = Line::required(&one.name, "name")?;
            if day.to_string() != one.day || days.insert(day, name).is_some() {
                return Err(broken.into());
            }
        }
        let kept = Self {
            weekend: Weekend::new(body.weekend)?,
            days,
        };
        Ok(kept.checked()?)
    }
}

impl CalendarBody {
    /// A calendar with its reach.
    pub fn new(reach: Reach, kept: &DaysOff) -> Self {
        let DaysOffBody { weekend, days } = kept.into();
        Self {
            calendar: reach.to_string(),
            weekend,
            days,
        }
    }

    /// All of them.
    pub fn all(calendars: &Calendars) -> Vec<Self> {
        let all = calendars.iter();
        all.map(|(reach, kept)| Self::new(*reach, kept)).collect()
    }
}

impl From<&LeftOut> for LeftOutBody {
    fn from(one: &LeftOut) -> Self {
        Self {
            line: one.line,
            why: one.why,
        }
    }
}

impl From<&Taken> for TakenBody {
    fn from(taken: &Taken) -> Self {
        Self {
            added: taken.added,
            renamed: taken.renamed,
            left_out_count: taken.left_out_count,
            left_out: taken.left_out.iter().map(LeftOutBody::from).collect(),
        }
    }
}
