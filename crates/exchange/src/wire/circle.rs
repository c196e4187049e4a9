//! Circles.

use directory::{
    SignedCircle,
    model::{CircleVersion, Line, Member, Place, Text},
    ops::{Asked, CircleRequest, HeldVersion, NewCircle, RefusedVersion, Wish},
};
use federation::state::Delivery;
use kernel::{CircleId, Mode, PartyCode, Timestamp};
use seal::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ops::{CircleState, SentCopy};

/// A circle, by the version in force here.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CircleBody {
    /// The circle.
    #[schema(value_type = String)]
    pub id: CircleId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// The party that keeps and signs it.
    #[schema(value_type = String, example = "XB")]
    pub steward: PartyCode,
    /// Real or exercise.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// The number of the version; a change names it.
    pub version: u64,
    /// SHA-256 of the version's document.
    #[schema(value_type = String)]
    pub sha256: Digest,
    /// When the circle was made.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// When this version was made.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// True if the circle is no more.
    pub dissolved: bool,
    /// What this party is in it.
    pub place: Place,
    /// Who belongs to it or is invited.
    pub members: Vec<MemberBody>,
}

/// A party that belongs to a circle, or is invited.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::MemberBody)]
pub struct MemberBody {
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// When it joined; null while it is invited.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub joined: Option<Timestamp>,
    /// Who invited it: the steward, or itself where it asked to be let in.
    #[schema(value_type = String)]
    pub invited_by: PartyCode,
    /// The version since which it stands here.
    pub since: u64,
}

/// The circles of the mode, and what this party asks for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CirclesBody {
    /// The circles, oldest first.
    pub circles: Vec<CircleBody>,
    /// What this party asks stewards for, until they have granted it.
    pub asked: Vec<AskedBody>,
}

/// A wish of this party.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::AskedBody)]
pub struct AskedBody {
    /// The circle.
    #[schema(value_type = String)]
    pub circle: CircleId,
    /// Its steward.
    #[schema(value_type = String)]
    pub steward: PartyCode,
    /// What is wished.
    pub wish: Wish,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
}

/// A circle with everything that is kept of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CirclePageBody {
    /// The circle.
    pub circle: CircleBody,
    /// Its versions, newest first.
    pub versions: Vec<VersionBody>,
    /// What this party asks for.
    pub asked: Option<AskedBody>,
    /// How the message stands in which it asks: a state of delivery, or null until it is made.
    pub asked_delivery: Option<String>,
    /// At the steward: who asks to be let in.
    pub requests: Vec<RequestingBody>,
    /// At the steward: the newest copy for each party.
    pub copies: Vec<CopyBody>,
    /// Versions that were refused, kept as evidence, newest first.
    pub refused: Vec<RefusedBody>,
}

/// A version that is kept.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::VersionBody)]
pub struct VersionBody {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its document.
    #[schema(value_type = String)]
    pub sha256: Digest,
    /// False while those that it follows are on their way.
    pub in_force: bool,
    /// When it was made here, or came.
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Timestamp,
}

/// A party that asks to be let in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::RequestingBody)]
pub struct RequestingBody {
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
}

/// The newest copy for a party.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::CopyBody)]
pub struct CopyBody {
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The version.
    pub version: u64,
    /// How its message stands, such as `sent`, `receipted` or `refused`; null until it is made.
    pub delivery: Option<String>,
    /// Why it was refused.
    pub code: Option<String>,
}

/// A version that was refused.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = circle::RefusedBody)]
pub struct RefusedBody {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its document.
    #[schema(value_type = String)]
    pub sha256: Digest,
    /// Who sent it.
    #[schema(value_type = String)]
    pub from: PartyCode,
    /// Why it was refused.
    pub code: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub refused_at: Timestamp,
    /// Its envelope, as it came.
    pub envelope: String,
}

/// A circle to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCircleBody {
    /// What it is called, on one line.
    #[schema(value_type = String, max_length = 200, example = "Harbours")]
    pub name: Line,
    /// What it is for.
    #[schema(value_type = String, max_length = 2000)]
    pub purpose: Text,
}

/// What a circle is called from now on, and what it is for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = circle::DescribeBody)]
pub struct DescribeBody {
    /// The version that the change is based on.
    pub version: u64,
    /// What it is called, on one line.
    #[schema(value_type = String, max_length = 200)]
    pub name: Line,
    /// What it is for.
    #[schema(value_type = String, max_length = 2000)]
    pub purpose: Text,
}

/// A party that may join.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = circle::InviteBody)]
pub struct InviteBody {
    /// The version that the change is based on.
    pub version: u64,
    /// The party.
    #[schema(value_type = String, example = "XC")]
    pub party: PartyCode,
}

/// The version that a change is based on.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CircleVersionQuery {
    /// Its number.
    pub version: u64,
}

/// Whom to ask.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = circle::JoinBody)]
pub struct JoinBody {
    /// The steward; needed where the circle is not known here.
    #[schema(value_type = Option<String>, example = "XB")]
    pub steward: Option<PartyCode>,
}

impl CircleBody {
    /// How a party sees it.
    pub(crate) fn seen_by(us: &PartyCode, signed: &SignedCircle) -> Self {
        let version: &CircleVersion = signed.version();
        Self {
            id: version.id,
            name: version.name.to_string(),
            purpose: version.purpose.to_string(),
            steward: version.steward.clone(),
            mode: version.mode(),
            version: version.version,
            sha256: signed.sha256(),
            created: version.created,
            changed: version.changed,
            dissolved: version.dissolved,
            place: version.place(us),
            members: version.members.iter().map(MemberBody::from).collect(),
        }
    }
}

impl CirclePageBody {
    /// How a party sees it.
    pub(crate) fn seen_by(us: &PartyCode, state: CircleState) -> Self {
        let view = state.view;
        Self {
            circle: CircleBody::seen_by(us, &view.newest),
            versions: view.versions.iter().map(VersionBody::from).collect(),
            asked: view.asked.as_ref().map(AskedBody::from),
            asked_delivery: state.asked.map(|delivery| delivery.code().to_owned()),
            requests: view.requests.iter().map(RequestingBody::from).collect(),
            copies: state.copies.iter().map(CopyBody::from).collect(),
            refused: view.refused.iter().map(RefusedBody::from).collect(),
        }
    }
}

impl From<&Member> for MemberBody {
    fn from(member: &Member) -> Self {
        Self {
            party: member.party.clone(),
            joined: member.joined,
            invited_by: member.invited_by.clone(),
            since: member.since,
        }
    }
}

impl From<&Asked> for AskedBody {
    fn from(asked: &Asked) -> Self {
        Self {
            circle: asked.circle,
            steward: asked.steward.clone(),
            wish: asked.wish,
            asked_at: asked.asked_at,
        }
    }
}

impl From<&HeldVersion> for VersionBody {
    fn from(held: &HeldVersion) -> Self {
        Self {
            version: held.version,
            sha256: held.sha256,
            in_force: held.in_force,
            arrived_at: held.arrived_at,
        }
    }
}

impl From<&CircleRequest> for RequestingBody {
    fn from(request: &CircleRequest) -> Self {
        Self {
            party: request.party.clone(),
            asked_at: request.asked_at,
        }
    }
}

impl From<&SentCopy> for CopyBody {
    fn from(sent: &SentCopy) -> Self {
        let code = match &sent.delivery {
            Some(Delivery::Refused { code }) => Some(code.as_str().to_owned()),
            _ => None,
        };
        Self {
            party: sent.copy.party.clone(),
            version: sent.copy.version,
            delivery: sent.delivery.as_ref().map(|one| one.code().to_owned()),
            code,
        }
    }
}

impl From<&RefusedVersion> for RefusedBody {
    fn from(refused: &RefusedVersion) -> Self {
        Self {
            version: refused.version,
            sha256: refused.sha256,
            from: refused.from.clone(),
            code: refused.code.clone(),
            refused_at: refused.refused_at,
            envelope: String::from_utf8_lossy(&refused.envelope).into_owned(),
        }
    }
}

impl From<NewCircleBody> for NewCircle {
    fn from(body: NewCircleBody) -> Self {
        Self {
            name: body.name,
            purpose: body.purpose,
        }
    }
}
