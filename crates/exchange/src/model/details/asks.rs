//! Messages that ask.

use kernel::{IncidentRef, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::model::{Extra, FieldProblem, Line, StatementError, Text, codes::codes, fields::Fields};

/// The most observables of one message; longer lists are attached as STIX.
const OBSERVABLES_MAX: usize = 1_000;

codes! {
    /// What an observable is.
    pub enum ObservableKind {
        /// An IPv4 address or range.
        Ipv4 = "ipv4",
        /// An IPv6 address or range.
        Ipv6 = "ipv6",
        /// A domain name.
        Domain = "domain",
        /// A URL.
        Url = "url",
        /// An e-mail address.
        Email = "email",
        /// A SHA-256 digest of a file.
        Sha256 = "sha256",
        /// The number of an autonomous system.
        Asn = "asn",
        /// Something else, named in the note.
        Other = "other",
    }

    /// What a request for mitigation wants.
    pub enum Measure {
        /// Take it off the network.
        Takedown = "takedown",
        /// Filter it.
        Filter = "filter",
        /// Tell its owner.
        NotifyOwner = "notify_owner",
        /// Look into it.
        Investigate = "investigate",
    }
}

/// Something that can be seen on a network or a disk.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observable {
    /// What it is.
    pub kind: ObservableKind,
    /// Its value.
    pub value: Line,
    /// What to know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Observable {
    fn read(value: Value, path: &str) -> Result<Self, StatementError> {
        let mut fields = Fields::new(value, path)?;
        Ok(Self {
            kind: fields.required("kind")?,
            value: fields.required("value")?,
            note: fields.optional("note")?,
            extra: fields.rest()?,
        })
    }
}

/// From when to when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Window {
    /// The first moment.
    pub from: Timestamp,
    /// The last; none while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Window {
    fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let path = fields.path("until");
        let window = Self {
            from: fields.required("from")?,
            until: fields.optional("until")?,
            extra: fields.rest()?,
        };
        if window.until.is_some_and(|until| until < window.from) {
            let problem = FieldProblem::Contradicts { other: "from" };
            return Err(StatementError::new(path, problem));
        }
        Ok(window)
    }
}

/// NOTIFY-INC: another State is affected, or should know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentNotice {
    /// The incident.
    pub incident: IncidentRef,
    /// What the addressee is asked to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_action: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl IncidentNotice {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            incident: fields.required("incident")?,
            requested_action: fields.optional("requested_action")?,
            extra: fields.rest()?,
        })
    }
}

/// NOTIFY-ORIG: activity comes from or through the addressee's territory (norm C, A/76/135 paras 29
/// and 30).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OriginNotice {
    /// What was seen.
    pub indicators: Vec<Observable>,
    /// When.
    pub window: Window,
    /// The sector of the victim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub victim_sector: Option<Line>,
    /// The fixed sentence [`NO_ATTRIBUTION_IMPLIED`](super::NO_ATTRIBUTION_IMPLIED); on unless the
    /// sender takes it out.
    pub no_attribution_implied: bool,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl OriginNotice {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let missing = StatementError::new(fields.path("window"), FieldProblem::Missing);
        Ok(Self {
            indicators: fields.list_of("indicators", 1..=OBSERVABLES_MAX, Observable::read)?,
            window: Window::read(fields.object("window")?.ok_or(missing)?)?,
            victim_sector: fields.optional("victim_sector")?,
            no_attribution_implied: fields.optional("no_attribution_implied")?.unwrap_or(true),
            extra: fields.rest()?,
        })
    }
}

/// RFI: information is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InformationRequest {
    /// The questions.
    pub questions: Vec<Text>,
    /// What they are for.
    pub why: Text,
    /// What the answers may be used for.
    pub permitted_use: Text,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl InformationRequest {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            questions: fields.list("questions", 1..=50)?,
            why: fields.required("why")?,
            permitted_use: fields.required("permitted_use")?,
            extra: fields.rest()?,
        })
    }
}

/// RFM: mitigation is asked for (norms C and H).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MitigationRequest {
    /// What is to be acted upon.
    pub assets: Vec<Observable>,
    /// What is wanted.
    pub measures: Vec<Measure>,
    /// Why it is urgent, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency_basis: Option<Text>,
    /// How harm to others can be kept small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_harm: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MitigationRequest {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            assets: fields.list_of("assets", 1..=OBSERVABLES_MAX, Observable::read)?,
            measures: fields.list("measures", 1..=Measure::ALL.len())?,
            urgency_basis: fields.optional("urgency_basis")?,
            least_harm: fields.optional("least_harm")?,
            extra: fields.rest()?,
        })
    }
}

/// PING: is anybody there?
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ping {
    /// Always true: a check, and nothing more.
    pub test: bool,
    /// Something small to do, to show that somebody has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Ping {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let path = fields.path("test");
        let ping = Self {
            test: fields.optional("test")?.unwrap_or(true),
            task: fields.optional("task")?,
            extra: fields.rest()?,
        };
        if ping.test {
            Ok(ping)
        } else {
            let problem = FieldProblem::Invalid("a ping is always a test".to_owned());
            Err(StatementError::new(path, problem))
        }
    }
}
