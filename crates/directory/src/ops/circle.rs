//! Circles. What has to travel afterwards is planned here and sent by `exchange`.

mod ask;
mod change;
mod read;
mod take;

use kernel::{CircleId, MessageId, Mode, PartyCode, Timestamp};
use seal::Digest;
use serde::{Deserialize, Serialize};

use crate::{circle::SignedCircle, model::CircleVersion};

pub use ask::{NewWish, answer_in, ask_in, judge_wish_in, sent_wish_in, take_wish_in, wish_in};
pub use change::{Issued, NewCircle, change_in, copy_in, create_in, decline_in, sent_copy_in};
pub use read::{
    circle_in, circles_of_in, is_member_in, list_circles, members_in, read_circle, read_version,
};
pub use take::{judge_in, take_in};

/// How many circles of a mode a node knows at most.
pub const CIRCLES_MAX: usize = 200;
/// How many parties wait to be let into one circle at most.
pub const REQUESTS_MAX: usize = 100;
/// How many early, and how many refused, versions of one steward are kept at most.
const ASIDE_MAX: i64 = 200;

/// What a party wishes of a steward.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = circle::Wish)]
pub enum Wish {
    /// To join, by invitation or by asking.
    Join,
    /// To go, or to decline an invitation.
    Leave,
}

impl Wish {
    /// The word that stands for it in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave => "leave",
        }
    }

    /// The wish of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Join, Self::Leave]
            .into_iter()
            .find(|wish| wish.as_str() == word)
    }
}

/// A wish of this party, until its steward has granted it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// Of which circle.
    pub circle: CircleId,
    /// Real or exercise.
    pub mode: Mode,
    /// Whom.
    pub steward: PartyCode,
    /// What.
    pub wish: Wish,
    /// The version in force here when it was asked.
    pub version: Option<u64>,
    /// In which message; nothing until its envelope is made.
    pub message: Option<MessageId>,
    /// When.
    pub asked_at: Timestamp,
}

/// A party that asks to be let in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CircleRequest {
    /// Which.
    pub party: PartyCode,
    /// Since when.
    pub asked_at: Timestamp,
}

/// A version on its way to a party.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CircleCopy {
    /// To whom.
    pub party: PartyCode,
    /// Which.
    pub version: u64,
    /// In which message; nothing until its envelope is made.
    pub message: Option<MessageId>,
}

/// A version that is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeldVersion {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its document.
    pub sha256: Digest,
    /// False while those that it follows are on their way.
    pub in_force: bool,
    /// When it was made or came.
    pub arrived_at: Timestamp,
}

/// A version that was refused, kept as evidence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefusedVersion {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its document.
    pub sha256: Digest,
    /// Who sent it.
    pub from: PartyCode,
    /// Why it was refused.
    pub code: String,
    /// When.
    pub refused_at: Timestamp,
    /// Its envelope, as it came.
    pub envelope: Vec<u8>,
}

/// A circle as it is shown.
#[derive(Clone, Debug)]
pub struct CircleView {
    /// The version in force.
    pub newest: SignedCircle,
    /// The versions that are kept, newest first.
    pub versions: Vec<HeldVersion>,
    /// What this party asks for.
    pub asked: Option<Asked>,
    /// At the steward: who asks to be let in.
    pub requests: Vec<CircleRequest>,
    /// At the steward: the newest copy for each party.
    pub copies: Vec<CircleCopy>,
    /// Versions that were refused, newest first.
    pub refused: Vec<RefusedVersion>,
}

impl CircleView {
    /// What the version in force says.
    pub const fn circle(&self) -> &CircleVersion {
        self.newest.version()
    }
}
