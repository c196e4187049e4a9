//! The messages about circles, and what stands in their bodies.

use base64::{Engine, engine::general_purpose::STANDARD};
use directory::{CircleRefusal, SignedCircle, ops::Wish};
use federation::{
    body::Body,
    model::{Header, Kind},
    state::RefusalCode,
};
use kernel::{CircleId, ThreadId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A version of a circle, from its steward.
const CIRCLE: &str = "CIRCLE";
/// A party wants to join.
const CIRCLE_JOIN: &str = "CIRCLE-JOIN";
/// A party goes, or declines its invitation.
const CIRCLE_LEAVE: &str = "CIRCLE-LEAVE";

/// The kinds of messages about circles.
pub const CIRCLE_KINDS: [&str; 3] = [CIRCLE, CIRCLE_JOIN, CIRCLE_LEAVE];

/// What a message about a circle says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CircleMessage {
    /// A version of it, to whoever it concerns.
    Version(Box<SignedCircle>),
    /// What a party wishes of its steward.
    Wish {
        /// The circle.
        circle: CircleId,
        /// What is wished.
        wish: Wish,
        /// The version that was in force at the party; nothing where it knew none.
        seen: Option<u64>,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct VersionContent {
    version: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WishContent {
    circle: CircleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<u64>,
}

impl CircleMessage {
    /// Reads a body and holds it against its header.
    pub fn read(header: &Header, body: &Body) -> Result<Self, RefusalCode> {
        let content = body.content.clone();
        let message = match header.kind.as_str() {
            CIRCLE => Self::version(content).map_err(|refusal| refused(&refusal))?,
            CIRCLE_JOIN => Self::wish(content, Wish::Join)?,
            CIRCLE_LEAVE => Self::wish(content, Wish::Leave)?,
            _ => return Err(RefusalCode::KindUnknown),
        };
        if header.thread != message.thread() || header.sealed.len() > 1 {
            return Err(RefusalCode::BodyInvalid);
        }
        if let Self::Version(signed) = &message {
            let version = signed.version();
            if version.steward != header.from.party || version.exercise != header.exercise {
                return Err(refused(&CircleRefusal::Foreign));
            }
        }
        Ok(message)
    }

    fn version(content: Value) -> Result<Self, CircleRefusal> {
        let content: VersionContent =
            serde_json::from_value(content).map_err(|_unreadable| CircleRefusal::Malformed)?;
        let bytes = STANDARD.decode(content.version);
        let bytes = bytes.map_err(|_unreadable| CircleRefusal::Malformed)?;
        Ok(Self::Version(Box::new(SignedCircle::parse(&bytes)?)))
    }

    fn wish(content: Value, wish: Wish) -> Result<Self, RefusalCode> {
        let content: WishContent =
            serde_json::from_value(content).map_err(|_unreadable| RefusalCode::BodyInvalid)?;
        Ok(Self::Wish {
            circle: content.circle,
            wish,
            seen: content.seen,
        })
    }

    /// The kind, as the header has it.
    pub fn kind(&self) -> Result<Kind, federation::model::HeaderError> {
        let word = match self {
            Self::Version(_) => CIRCLE,
            Self::Wish {
                wish: Wish::Join, ..
            } => CIRCLE_JOIN,
            Self::Wish {
                wish: Wish::Leave, ..
            } => CIRCLE_LEAVE,
        };
        word.parse()
    }

    /// What stands in the body.
    pub fn content(&self) -> Value {
        match self {
            Self::Version(signed) => json!(VersionContent {
                version: STANDARD.encode(signed.to_bytes()),
            }),
            Self::Wish { circle, seen, .. } => json!(WishContent {
                circle: *circle,
                seen: *seen,
            }),
        }
    }

    /// All messages about a circle stand in the thread with its UUID.
    pub fn thread(&self) -> ThreadId {
        let circle = match self {
            Self::Version(signed) => signed.version().id,
            Self::Wish { circle, .. } => *circle,
        };
        ThreadId::from_uuid(circle.uuid())
    }
}

/// A refusal of the directory, as the sender is told it.
pub(crate) fn refused(refusal: &CircleRefusal) -> RefusalCode {
    RefusalCode::from_foreign(refusal.code())
}
