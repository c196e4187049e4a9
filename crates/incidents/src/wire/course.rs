//! What is entered of the course of an incident.

mod content;

use kernel::{Country, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    course::{Care, Content, Draft, Entry, Event, Procedure, SystemState, VendorState},
    harm::{Correction, curve::Shape},
    model::{Dated, Invalid, Line},
};

/// What an entry says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[schema(as = incidents::ContentBody)]
pub enum ContentBody {
    /// A service that was hit.
    Service {
        /// What it is called.
        #[schema(max_length = 200)]
        name: String,
        /// The hospital or other house.
        #[serde(skip_serializing_if = "Option::is_none")]
        facility: Option<String>,
        /// The ward.
        #[serde(skip_serializing_if = "Option::is_none")]
        ward: Option<String>,
        /// What kind of care it gives.
        #[serde(skip_serializing_if = "Option::is_none")]
        care: Option<Care>,
        /// How many people rely on it.
        #[serde(skip_serializing_if = "Option::is_none")]
        people: Option<u64>,
        /// What it counts for beside others; 1 where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(example = "1.5")]
        weight: Option<String>,
        /// How many it does in a year.
        #[serde(skip_serializing_if = "Option::is_none")]
        yearly: Option<u64>,
        /// Of what: a noun in the singular.
        #[serde(skip_serializing_if = "Option::is_none")]
        yearly_unit: Option<String>,
        /// How capacity goes from one point to the next; `linear` where it is absent.
        #[serde(default = "linear")]
        shape: Shape,
    },
    /// How much of a service worked at a time.
    Capacity {
        /// The number of the entry of the service.
        service: u32,
        /// When.
        #[schema(value_type = String)]
        at: Dated,
        /// Per cent of the baseline, with one decimal place at most.
        #[schema(example = "40")]
        share: String,
    },
    /// When something happened.
    Milestone {
        /// What.
        event: Event,
        /// The number of the entry of a service; absent for the whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<u32>,
        /// When.
        #[schema(value_type = String)]
        at: Dated,
        /// Where.
        #[serde(skip_serializing_if = "Option::is_none")]
        site: Option<String>,
        /// Of how many hospitals; 1 where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        hospitals: Option<u32>,
    },
    /// Who was hit through whom.
    Effect {
        /// Through whom.
        #[schema(max_length = 200)]
        from: String,
        /// Its State.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        from_country: Option<Country>,
        /// Who was hit.
        #[schema(max_length = 200)]
        to: String,
        /// Its State.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        to_country: Option<Country>,
        /// 1 for what depends on the target itself, 2 for what depends on that, then 3.
        #[schema(minimum = 1, maximum = 3)]
        order: u8,
        /// After how many hours.
        #[serde(skip_serializing_if = "Option::is_none")]
        lag_hours: Option<u32>,
    },
    /// A step of working without systems.
    Step {
        /// Which.
        procedure: Procedure,
        /// In own words.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Where; absent for everywhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        site: Option<String>,
        /// When it was begun or done; absent where it is not needed.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        done_at: Option<Dated>,
    },
    /// Where the connection of a vendor stands.
    Vendor {
        /// Who.
        #[schema(max_length = 200)]
        name: String,
        /// What for.
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// Where it stands.
        state: VendorState,
        /// What shows that it is safe.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 500)]
        evidence: Option<String>,
        /// Who attested it.
        #[serde(skip_serializing_if = "Option::is_none")]
        attested_by: Option<String>,
        /// Since when.
        #[schema(value_type = String)]
        at: Dated,
    },
    /// Where a system at a site stands.
    System {
        /// Which.
        #[schema(max_length = 200)]
        name: String,
        /// Where.
        #[schema(max_length = 200)]
        site: String,
        /// How it stands.
        state: SystemState,
        /// Since when.
        #[schema(value_type = String)]
        at: Dated,
    },
    /// How much paper waits to be entered.
    Backlog {
        /// Where; absent for everywhere together.
        #[serde(skip_serializing_if = "Option::is_none")]
        site: Option<String>,
        /// How many pages.
        pages: u64,
        /// When it was counted.
        #[schema(value_type = String)]
        at: Dated,
    },
    /// An earlier entry is taken back.
    Withdrawn {},
}

const fn linear() -> Shape {
    Shape::Linear
}

/// An entry as it is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::EntryBody)]
pub struct EntryBody {
    /// Its number in the incident, from 0 on.
    pub number: u32,
    /// What it says.
    pub content: ContentBody,
    /// Where it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of the earlier entry that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<u32>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
    /// Who entered it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
}

/// What somebody wants to enter.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DraftBody)]
pub struct DraftBody {
    /// What it says.
    pub content: ContentBody,
    /// Where it is told.
    #[schema(max_length = 200)]
    pub source: Option<String>,
    /// The number of the earlier entry that it takes the place of.
    pub corrects: Option<u32>,
    /// Why.
    #[schema(max_length = 500)]
    pub correction: Option<String>,
    /// For a step, a vendor or a system: the number of the last entry about it that the caller knows of;
    /// absent where he knows of none. If another holds, the answer is 409.
    pub seen: Option<u32>,
}

/// Entries to be added in one go: all or none.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::CourseBody)]
pub struct CourseBody {
    /// The entries in their order.
    #[schema(min_items = 1, max_items = 500)]
    pub entries: Vec<DraftBody>,
}

/// What an addition left behind.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::EnteredBody)]
pub struct EnteredBody {
    /// The incident.
    #[schema(value_type = String)]
    pub id: kernel::IncidentRef,
    /// Its version now.
    pub version: i64,
    /// The numbers of the entries, in the order of the request.
    pub numbers: Vec<u32>,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

impl From<&Entry> for EntryBody {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            content: ContentBody::from(&entry.content),
            source: text(entry.source.as_ref()),
            corrects: entry.corrects.as_ref().map(|one| one.number),
            correction: entry.corrects.as_ref().map(|one| one.reason.to_string()),
            by: entry.by.as_str().to_owned(),
            entered_at: entry.entered_at,
        }
    }
}

impl TryFrom<EntryBody> for Entry {
    type Error = Invalid;

    fn try_from(body: EntryBody) -> Result<Self, Invalid> {
        Ok(Self {
            number: body.number,
            content: Content::try_from(body.content)?,
            source: Line::optional(body.source.as_deref(), "source")?,
            corrects: Correction::read(body.corrects, body.correction.as_deref())?,
            by: body.by.parse()?,
            entered_at: body.entered_at,
        })
    }
}

impl TryFrom<DraftBody> for Draft {
    type Error = Invalid;

    fn try_from(body: DraftBody) -> Result<Self, Invalid> {
        Ok(Self {
            content: Content::try_from(body.content)?,
            source: Line::optional(body.source.as_deref(), "source")?,
            corrects: Correction::read(body.corrects, body.correction.as_deref())?,
            seen: body.seen,
        })
    }
}

/// Entries as another register wrote them: numbered from 0 on, each correcting an earlier one, which no
/// other does.
pub(crate) fn entries(bodies: Vec<EntryBody>) -> Result<Vec<Entry>, Invalid> {
    let invalid = |rule| Invalid {
        field: "course",
        rule,
    };
    let mut all: Vec<Entry> = Vec::with_capacity(bodies.len());
    let mut corrected = std::collections::BTreeSet::new();
    for body in bodies {
        let entry = Entry::try_from(body)?;
        if all.last().is_some_and(|last| last.number >= entry.number) {
            return Err(invalid("entries in the order of their numbers"));
        }
        if let Some(one) = &entry.corrects
            && (one.number >= entry.number || !corrected.insert(one.number))
        {
            return Err(invalid("each entry is corrected once, by a later one"));
        }
        all.push(entry);
    }
    Ok(all)
}
