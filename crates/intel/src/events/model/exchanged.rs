//! What became of events on their way to and from other instances.

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// How an event stands between this node and a remote.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Standing {
    /// It came from there.
    Taken,
    /// It came from there and was refused here.
    Refused,
    /// It came from there, and is not listed there any more.
    Gone,
    /// It went there.
    Sent,
    /// It was sent there and refused.
    Rejected,
    /// It went there, may not go there any more, and was taken back.
    Withdrawn,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Taken,
        Self::Refused,
        Self::Gone,
        Self::Sent,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The word that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::Sent => "sent",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for Standing {
    type Err = UnknownStanding;

    fn from_str(word: &str) -> Result<Self, UnknownStanding> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == word);
        found.ok_or(UnknownStanding)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that stands for nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no standing of an event")]
pub struct UnknownStanding;

/// An event as it was exchanged with a remote last.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exchanged {
    /// The event.
    pub uuid: Uuid,
    /// When it had been changed, in seconds since 1970.
    pub timestamp: i64,
    /// How it stands.
    pub standing: Standing,
    /// Why it was refused: a stable code.
    pub code: Option<String>,
}

db::row! {
    /// An event of an index: what instances tell each other first.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Indexed {
        /// Its number.
        pub id: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// The code of its label.
        pub tlp: i32,
        /// When it was changed last, in seconds since 1970.
        pub timestamp: i64,
        /// When a sighting was added last, in seconds since 1970; 0 for never.
        pub sighted_at: i64,
        /// Whether it was published as it is.
        pub published: bool,
        /// Whether it came from elsewhere.
        pub locked: bool,
        /// As MISP numbers it.
        pub distribution: i32,
        /// Who made it.
        pub orgc: Uuid,
    }
}
