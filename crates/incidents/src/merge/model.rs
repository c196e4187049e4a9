//! What is known of merged entries.

use kernel::{IncidentRef, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::model::{Facts, Incident, Line};

/// Something that both entries state, and differently.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The field, by its name in the JSON interface.
    pub field: String,
    /// What the entry says into which the other goes.
    pub here: String,
    /// What the other says.
    pub there: String,
}

/// What would happen.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The entry into which the other goes.
    pub into: Incident,
    /// The other.
    pub from: Incident,
    /// What both state differently.
    pub differences: Vec<Difference>,
    /// How many parts of each kind go over; kinds without any are left out.
    pub parts: Vec<(&'static str, i64)>,
}

/// An entry that was merged.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Merged {
    /// The other entry: into which this one went, or which went into this one.
    pub other: IncidentRef,
    /// What that is called.
    pub title: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// How an entry stands to others that it was merged with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Merges {
    /// Into which it went.
    pub into: Option<Merged>,
    /// Which went into it, the last first.
    pub from: Vec<Merged>,
}

/// How a merge is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The entry that goes over, and the version at which the caller saw it.
    pub from: (IncidentRef, i64),
    /// The version at which the caller saw the entry into which it goes.
    pub version: i64,
    /// The fields whose values the other entry gives.
    pub take: Vec<String>,
    /// Why.
    pub reason: Line<500>,
}

/// Rows of one table that went over.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Range {
    pub(crate) table: String,
    pub(crate) first: i64,
    pub(crate) count: i64,
}

/// What went over, so that it can be taken back.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Moved {
    pub(crate) ranges: Vec<Range>,
    pub(crate) links: Vec<(String, String)>,
    pub(crate) attachments: Vec<String>,
    pub(crate) templates: Vec<String>,
    /// Classes: taxonomy, version, code.
    #[serde(default)]
    pub(crate) classes: Vec<(String, String, String)>,
    pub(crate) watchers: Vec<UserId>,
    /// The facts before, where values were taken, and the version that taking them made.
    pub(crate) before: Option<(crate::wire::FactsBody, i64)>,
    /// Whether the entry that went over was open until then, and since when.
    pub(crate) stage: (String, i64, Option<String>),
}

/// Whether the same people may see both.
pub(crate) fn same_readers(one: &Facts, other: &Facts) -> bool {
    one.tlp == other.tlp && one.named == other.named
}
