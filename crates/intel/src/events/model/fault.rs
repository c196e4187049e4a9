//! Why something cannot be done with an event.

use kernel::ProblemKind;

/// A failure that is about events.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The event stands in the collection already.
    #[error("the event is here already, as number {id}")]
    Exists {
        /// Its number.
        id: i64,
    },
    /// What came is not newer than what is stored.
    #[error("the event is not newer than what is here")]
    Older,
    /// It was deleted from the collection.
    #[error("it was deleted from this collection")]
    Deleted,
    /// An event of this UUID was deleted here, or is here and not shown to who asks: which of both is
    /// not told.
    #[error("an event of this UUID cannot be added to this collection")]
    Taken,
    /// It is marked above the ceiling of the collection.
    #[error("it is marked above the ceiling of this collection")]
    Ceiling,
    /// Another organisation made it.
    #[error("another organisation made this event")]
    Foreign,
    /// The UUID of a part is that of another part, seen or not, or of one that was deleted: which of
    /// these is not told.
    #[error("a part of this UUID cannot be added to this event")]
    Elsewhere,
    /// The event has the same attribute already.
    #[error("a similar attribute already exists for this event")]
    Similar,
    /// A UUID is none.
    #[error("the UUID is none")]
    Uuid,
    /// The viewer may write to no collection, or to several and names none.
    #[error("name the collection to write to in the address")]
    NoPlace,
    /// A bad value.
    #[error("{field}: {detail}")]
    Invalid {
        /// The member.
        field: &'static str,
        /// What is wrong.
        detail: String,
    },
}

impl Fault {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "intel.event_exists",
            Self::Older => "intel.event_older",
            Self::Deleted => "intel.event_deleted",
            Self::Taken => "intel.event_taken",
            Self::Ceiling => "intel.event_ceiling",
            Self::Foreign => "intel.event_foreign",
            Self::Elsewhere => "intel.event_elsewhere",
            Self::Similar => "intel.event_similar",
            Self::Uuid => "intel.event_uuid",
            Self::NoPlace => "intel.event_no_place",
            Self::Invalid { .. } => "intel.event_invalid",
        }
    }

    /// The kind of problem that it is for programs.
    pub(crate) const fn kind(&self) -> ProblemKind {
        match self {
            Self::Exists { .. } | Self::Older | Self::Deleted | Self::Similar => {
                ProblemKind::Conflict
            }
            Self::Taken | Self::Ceiling | Self::Foreign | Self::Elsewhere | Self::NoPlace => {
                ProblemKind::Forbidden
            }
            Self::Uuid | Self::Invalid { .. } => ProblemKind::Invalid,
        }
    }
}
