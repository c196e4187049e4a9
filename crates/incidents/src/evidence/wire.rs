//! Evidence and its custody as the JSON interface has them.

use kernel::{EvidenceRef, IncidentRef, Timestamp, Tlp, hex};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Deed, Entry, Facts, Item, Kind, Outcome, Receiver, State};
use crate::model::{Dated, Invalid, Line};

/// What is said of a piece of evidence when it is put in; its bytes are the body.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PutQuery {
    /// The name of the file: one line of up to 200 characters.
    pub name: String,
    /// What it is: `log`, `disk-image`, `memory-dump`, `network-capture`, `malware`, `mail`,
    /// `document`, `picture` or `other`.
    pub kind: String,
    /// When it was collected, as exactly as is known, such as `2026-11-22` or `2026-11-22T10:04Z`.
    pub collected_at: Option<String>,
    /// By whom.
    pub collected_by: Option<String>,
    /// Where: a machine, a room.
    pub place: Option<String>,
    /// More on it.
    pub description: Option<String>,
    /// Its label: `CLEAR`, `GREEN`, `AMBER`, `AMBER+STRICT` or `RED`; AMBER+STRICT where nothing is
    /// said. The incident's own label holds beside it.
    pub tlp: Option<String>,
    /// The SHA-256 that the bytes must have, in hexadecimal; others are refused.
    pub sha256: Option<String>,
}

/// A piece of evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::EvidenceItemBody)]
pub struct ItemBody {
    /// Its id.
    #[schema(value_type = String, example = "evidence--5a2f…")]
    pub id: EvidenceRef,
    /// Its number within the incident.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// The name of the file.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// When it was collected.
    #[schema(value_type = Option<String>)]
    pub collected_at: Option<Dated>,
    /// By whom.
    pub collected_by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// More on it.
    pub description: String,
    /// Its label.
    pub tlp: String,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes, taken while they came in.
    pub sha256: String,
    /// Who has it in hand, since he said so; nothing while it never left.
    pub holder: Option<String>,
    /// Who put it in.
    pub put_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub put_at: Timestamp,
    /// The last time that its bytes were hashed anew.
    pub verified: Option<VerifiedBody>,
    /// The number of the line of a hand-over that nobody answered yet.
    pub pending: Option<i64>,
}

/// That the bytes of an item were hashed anew.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::EvidenceVerifiedBody)]
pub struct VerifiedBody {
    /// When; nothing in the answer to the question itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// What came of it.
    pub outcome: Outcome,
}

/// A line of custody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CustodyLineBody)]
pub struct LineBody {
    /// Its number, from 1.
    pub number: i64,
    /// What was done.
    pub act: Deed,
    /// When, in UTC.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// To whom it was handed over.
    pub receiver: Option<String>,
    /// The line of the hand-over that this one answers.
    pub answers: Option<i64>,
    /// What came of hashing.
    pub outcome: Option<Outcome>,
    /// The index of its leaf in the ledger of acts.
    pub leaf: u64,
}

/// The pieces of evidence of an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::EvidenceListBody)]
pub struct ItemsBody {
    /// Them, by number.
    pub items: Vec<ItemBody>,
}

/// A piece of evidence with its custody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CustodyBody)]
pub struct CustodyBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// The item.
    pub evidence: ItemBody,
    /// What was done with it, from the first line on.
    pub custody: Vec<LineBody>,
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::EvidenceReasonBody)]
pub struct ReasonBody {
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Where an item is to stand, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::EvidenceStateBody)]
pub struct StateBody {
    /// `sealed`, `held` to break the seal, or `destroyed`, for good.
    pub state: State,
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// A hand-over. Either `user` or `to` is given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::HandOverBody)]
pub struct HandOverBody {
    /// The name of a user of this node, who may see the evidence of this incident.
    pub user: Option<String>,
    /// Somebody else: a person, an office, a party.
    #[schema(max_length = 200)]
    pub to: Option<String>,
    /// Why: one line.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// The answer to a hand-over.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::HandOverAnswerBody)]
pub struct AnswerBody {
    /// The number of the line of the hand-over.
    pub hand_over: i64,
    /// Whether the receiver has it.
    pub received: bool,
    /// How he answered; asked for where he is no user of this node.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

impl PutQuery {
    /// What is said of the item, and the SHA-256 that was announced.
    pub fn read(self) -> Result<(Facts, Option<[u8; 32]>), Invalid> {
        let tlp = match self
            .tlp
            .as_deref()
            .map(str::trim)
            .filter(|tlp| !tlp.is_empty())
        {
            None => Tlp::AmberStrict,
            Some(tlp) => tlp.parse().map_err(|_unknown| Invalid {
                field: "tlp",
                rule: "CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
            })?,
        };
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let collected_at = given(self.collected_at).map(|text| text.trim().parse());
        let facts = Facts {
            name: Line::required(&self.name, "name")?,
            kind: self
                .kind
                .parse()
                .map_err(|wrong: Invalid| wrong.at("kind"))?,
            collected_at: collected_at
                .transpose()
                .map_err(|wrong: Invalid| wrong.at("collected_at"))?,
            collected_by: Line::optional(self.collected_by.as_deref(), "collected_by")?,
            place: Line::optional(self.place.as_deref(), "place")?,
            description: self
                .description
                .unwrap_or_default()
                .parse()
                .map_err(|wrong: Invalid| wrong.at("description"))?,
            tlp,
        };
        let sha256 = given(self.sha256).map(|text| digest(text.trim()));
        Ok((facts, sha256.transpose()?))
    }
}

fn digest(text: &str) -> Result<[u8; 32], Invalid> {
    let read: Result<seal::Digest, _> = text.to_ascii_lowercase().parse();
    let digest = read.map_err(|_no_digest| Invalid {
        field: "sha256",
        rule: "64 hexadecimal digits",
    })?;
    Ok(*digest.as_bytes())
}

impl HandOverBody {
    /// To whom.
    pub fn receiver(&self) -> Result<Receiver, Invalid> {
        let given = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        match (given(&self.user), given(&self.to)) {
            (Some(user), None) => Ok(Receiver::User(user)),
            (None, Some(to)) => Line::required(&to, "to").map(Receiver::Other),
            (None, None) | (Some(_), Some(_)) => Err(Invalid {
                field: "to",
                rule: "names either a user or somebody else",
            }),
        }
    }
}

impl From<&Item> for ItemBody {
    fn from(item: &Item) -> Self {
        let facts = &item.facts;
        Self {
            id: item.id,
            number: item.number,
            state: item.state,
            name: facts.name.to_string(),
            kind: facts.kind,
            collected_at: facts.collected_at,
            collected_by: facts.collected_by.as_ref().map(ToString::to_string),
            place: facts.place.as_ref().map(ToString::to_string),
            description: facts.description.to_string(),
            tlp: facts.tlp.to_string(),
            size: item.size,
            sha256: hex(&item.sha256),
            holder: item.holder.clone(),
            put_by: item.put_by.clone(),
            put_at: item.put_at,
            verified: item.verified.map(|(at, outcome)| VerifiedBody {
                at: Some(at),
                outcome,
            }),
            pending: item.pending,
        }
    }
}

impl From<&Entry> for LineBody {
    fn from(line: &Entry) -> Self {
        Self {
            number: line.number,
            act: line.deed,
            at: line.at,
            by: line.who.clone(),
            reason: line.reason.clone(),
            receiver: line.receiver.clone(),
            answers: line.answers,
            outcome: line.outcome,
            leaf: line.leaf,
        }
    }
}

impl CustodyBody {
    /// An item of that incident with these lines.
    pub fn new(incident: IncidentRef, item: &Item, lines: &[Entry]) -> Self {
        Self {
            incident,
            evidence: ItemBody::from(item),
            custody: lines.iter().map(LineBody::from).collect(),
        }
    }
}
