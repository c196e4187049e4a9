//! The clocks of an incident: moments, duties, filings, and what is due when.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RequestBody;
use crate::{
    clocks::{
        Calendars, Clocks, Counted, Dropped, Due, Duty, Filing, Moment, Occurred, ROWS_MAX,
        Reckoned, WeekDay,
    },
    model::{Invalid, Line},
    reporting::calendar::wire::DayOffBody,
    severity::Author,
};

/// When a moment was, from which clocks run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::MomentBody)]
pub struct MomentBody {
    /// The moment.
    pub moment: Moment,
    /// When it was; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who entered it. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
}

/// A regime by which an incident is reported.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DutyBody)]
pub struct DutyBody {
    /// The key of the regime.
    #[schema(example = "nis2", max_length = 60)]
    pub regime: String,
    /// The zone of the IANA database in which its days are counted.
    #[schema(example = "Europe/Dublin", max_length = 60)]
    pub zone: String,
    /// Who decided. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
    /// Who said that it does not apply after all. Written by the program; ignored in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub dropped_at: Option<Timestamp>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_why: Option<String>,
}

/// Why a regime does not apply after all.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DropDutyBody)]
pub struct DropDutyBody {
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// A report that was filed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::FilingBody)]
pub struct FilingBody {
    /// The key of the regime.
    #[schema(example = "nis2", max_length = 60)]
    pub regime: String,
    /// The key of the stage.
    #[schema(example = "early-warning", max_length = 60)]
    pub stage: String,
    /// When it was filed; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// With which authority.
    #[schema(max_length = 200)]
    pub authority: String,
    /// The reference that the authority gave.
    #[schema(max_length = 200)]
    pub reference: Option<String>,
    /// Who entered it. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
}

/// How business days were counted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::CountedBody)]
pub struct CountedBody {
    /// How many.
    pub business_days: u32,
    /// The days of the week that were left out.
    pub weekend: Vec<WeekDay>,
    /// Other days that were, as the party's calendars name them.
    pub without: Vec<DayOffBody>,
}

/// When a stage is due.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::DueBody)]
pub struct DueBody {
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// When it is due; null where the rule names no number, or the clock does not run yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// The same moment in the zone in which days are counted (RFC 9557).
    #[serde(default)]
    #[schema(example = "2024-05-09T19:00:00+09:00[Asia/Tokyo]")]
    pub due_local: Option<String>,
    /// How business days were counted up to it; left out where none were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<CountedBody>,
    /// What the clock waits for: a moment, `filed:` and a stage, or `request` where an authority has to
    /// ask. Empty once it runs.
    pub waits_for: Vec<String>,
    /// When it was first filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// True where that lies before its clock began, so that one of the times is wrong; else left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub filed_early: bool,
}

/// What an incident keeps for its clocks.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ClocksBody)]
pub struct ClocksBody {
    /// The moments, in the order in which they were entered; the last one of a kind holds.
    #[serde(default)]
    pub moments: Vec<MomentBody>,
    /// The regimes by which it is reported.
    #[serde(default)]
    pub duties: Vec<DutyBody>,
    /// What was filed.
    #[serde(default)]
    pub filings: Vec<FilingBody>,
    /// The reports that authorities asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestBody>,
    /// What is due when. Computed by the program and ignored in what is taken in.
    #[serde(default)]
    pub due: Vec<DueBody>,
}

type Entered = (Author, Timestamp);

fn entered(by: Option<&str>, at: Option<Timestamp>) -> Result<Entered, Invalid> {
    let missing = |field| Invalid {
        field,
        rule: "who entered it, and when",
    };
    let by = by.ok_or_else(|| missing("by"))?.parse()?;
    Ok((by, at.ok_or_else(|| missing("entered_at"))?))
}

impl From<&Occurred> for MomentBody {
    fn from(row: &Occurred) -> Self {
        Self {
            moment: row.moment,
            at: row.at,
            by: Some(row.by.as_str().to_owned()),
            entered_at: Some(row.entered_at),
        }
    }
}

impl From<&Duty> for DutyBody {
    fn from(row: &Duty) -> Self {
        let dropped = row.dropped.as_ref();
        Self {
            dropped_by: dropped.map(|one| one.by.as_str().to_owned()),
            dropped_at: dropped.map(|one| one.at),
            dropped_why: dropped.map(|one| one.why.to_string()),
            regime: row.regime.to_string(),
            zone: row.zone.to_string(),
            by: Some(row.by.as_str().to_owned()),
            entered_at: Some(row.entered_at),
        }
    }
}

impl DutyBody {
    fn dropped(&self) -> Result<Option<Dropped>, Invalid> {
        match (&self.dropped_by, self.dropped_at, &self.dropped_why) {
            (None, None, None) => Ok(None),
            (Some(by), Some(at), Some(why)) => Ok(Some(Dropped {
                by: by.parse()?,
                at,
                why: Line::required(why, "dropped_why")?,
            })),
            _ => Err(Invalid {
                field: "dropped_at",
                rule: "who said so, when, and why",
            }),
        }
    }
}

impl From<&Filing> for FilingBody {
    fn from(row: &Filing) -> Self {
        Self {
            regime: row.regime.to_string(),
            stage: row.stage.to_string(),
            at: row.at,
            authority: row.authority.to_string(),
            reference: row.reference.as_ref().map(ToString::to_string),
            by: Some(row.by.as_str().to_owned()),
            entered_at: Some(row.entered_at),
        }
    }
}

impl FilingBody {
    /// The filing, entered by somebody at that time.
    pub fn filing(&self, (by, entered_at): (Author, Timestamp)) -> Result<Filing, Invalid> {
        Ok(Filing {
            regime: Line::required(&self.regime, "regime")?,
            stage: Line::required(&self.stage, "stage")?,
            at: self.at,
            authority: Line::required(&self.authority, "authority")?,
            reference: Line::optional(self.reference.as_deref(), "reference")?,
            by,
            entered_at,
        })
    }
}

impl From<&Counted> for CountedBody {
    fn from(counted: &Counted) -> Self {
        let without = counted.without.iter().map(|(day, name)| DayOffBody {
            day: day.to_string(),
            name: name.to_string(),
        });
        Self {
            business_days: counted.days,
            weekend: counted.weekend.clone(),
            without: without.collect(),
        }
    }
}

impl From<&Reckoned> for DueBody {
    fn from(reckoned: &Reckoned) -> Self {
        let (due_at, waits_for) = match &reckoned.due {
            Due::At(end) => (Some(*end), Vec::new()),
            Due::Promptly(_) => (None, Vec::new()),
            Due::Waits(from) => (None, from.iter().map(ToString::to_string).collect()),
        };
        Self {
            regime: reckoned.regime.key.clone(),
            stage: reckoned.stage.key.clone(),
            due_at,
            due_local: reckoned.local.as_ref().map(ToString::to_string),
            counted: reckoned.counted.as_ref().map(CountedBody::from),
            waits_for,
            filed_at: reckoned.filed,
            filed_early: reckoned.is_early(),
        }
    }
}

impl From<&Clocks> for ClocksBody {
    fn from(clocks: &Clocks) -> Self {
        Self {
            moments: clocks.occurred.iter().map(MomentBody::from).collect(),
            duties: clocks.duties.iter().map(DutyBody::from).collect(),
            filings: clocks.filings.iter().map(FilingBody::from).collect(),
            requests: clocks.requests.iter().map(RequestBody::from).collect(),
            // What cannot be reckoned is an error of the shipped data, which the tests find.
            due: clocks
                .reckoned()
                .unwrap_or_default()
                .iter()
                .map(DueBody::from)
                .collect(),
        }
    }
}

impl TryFrom<ClocksBody> for Clocks {
    type Error = Invalid;

    fn try_from(body: ClocksBody) -> Result<Self, Invalid> {
        let counts = [
            body.moments.len(),
            body.duties.len(),
            body.filings.len(),
            body.requests.len(),
        ];
        if counts.into_iter().any(|count| count > ROWS_MAX) {
            return Err(Invalid {
                field: "clocks",
                rule: "at most 100 of a kind",
            });
        }
        let occurred = body.moments.iter().map(|one| {
            let (by, entered_at) = entered(one.by.as_deref(), one.entered_at)?;
            Ok(Occurred {
                moment: one.moment,
                at: one.at,
                by,
                entered_at,
            })
        });
        let duties = body.duties.iter().map(|one| {
            let (by, entered_at) = entered(one.by.as_deref(), one.entered_at)?;
            let duty = Duty {
                regime: Line::required(&one.regime, "regime")?,
                zone: Line::required(&one.zone, "zone")?,
                by,
                entered_at,
                dropped: one.dropped()?,
            };
            duty.zoned()
        });
        let filings = body.filings.iter();
        let filings = filings.map(|one| one.filing(entered(one.by.as_deref(), one.entered_at)?));
        let requests = body.requests.iter();
        let requests = requests.map(|one| one.request(entered(one.by.as_deref(), one.entered_at)?));
        Ok(Self {
            occurred: occurred.collect::<Result<_, Invalid>>()?,
            duties: duties.collect::<Result<_, Invalid>>()?,
            filings: filings.collect::<Result<_, _>>()?,
            requests: requests.collect::<Result<_, _>>()?,
            calendars: Calendars::new(),
        })
    }
}
