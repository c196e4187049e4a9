//! What is told of a collection, in which state that is, and what both sides hold.

mod message;
mod tally;

use kernel::{CircleId, CollectionRef, MessageId, Mode, PartyCode, ShareId, Timestamp};

pub use message::{
    About, Confirmation, Given, KINDS, Letter, Named, Onward, Said, Unshared, read_given,
    read_named, write_given, write_named,
};
pub(crate) use message::{SHARE, UNSHARE};
pub use tally::Tally;

macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// The word that stands for it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// Where this party stands in telling another one of a collection.
    pub enum OutState {
        /// It is told of every change.
        Active = "active",
        /// It was told to remove everything.
        Ended = "ended",
        /// It does not want the collection.
        Declined = "declined",
    }
}

words! {
    /// Where this party stands with what another one shares.
    pub enum InState {
        /// People have to decide. Nothing is opened until then.
        Offered = "offered",
        /// What comes is kept.
        Accepted = "accepted",
        /// It is not wanted.
        Declined = "declined",
        /// Its steward has taken it back.
        Ended = "ended",
    }
}

words! {
    /// What a message to another party does.
    pub enum Sent {
        /// It gives objects, or says something of the collection.
        Share = "share",
        /// It names what has to go.
        Remove = "remove",
        /// Everything has to go.
        RemoveAll = "remove_all",
    }
}

words! {
    /// How the two sides differ in an object.
    pub enum Gap {
        /// It was given, and they do not state it.
        TheyMiss = "they_miss",
        /// They state it, and it was not given or was taken back.
        TheyKeep = "they_keep",
    }
}

words! {
    /// What a comparison with the other side came to.
    pub enum Verdict {
        /// Nothing was compared yet.
        Unknown = "unknown",
        /// Both hold the same.
        Agrees = "agrees",
        /// They have not carried out all messages yet.
        Behind = "behind",
        /// They were told more since the last comparison.
        Since = "since",
        /// They have not decided whether they want it.
        Waits = "waits",
        /// They state other contents.
        Differs = "differs",
        /// They do not know of it.
        NotKnown = "not_known",
    }
}

/// What one party is told of one collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutShare {
    /// Its row.
    pub id: ShareId,
    /// The collection.
    pub collection: CollectionRef,
    /// What it was called when it was last told of.
    pub title: String,
    /// Real or exercise.
    pub mode: Mode,
    /// Who is told.
    pub party: PartyCode,
    /// Where that stands.
    pub state: OutState,
    /// The circle by which the party gets it; nothing where the collection names the party.
    pub via: Option<CircleId>,
    /// The number of the newest message.
    pub sequence: i64,
    /// The place up to which entries were looked at.
    pub place: i64,
    /// The place up to which goings were looked at.
    pub gone: i64,
    /// The labels that went: bit `n` for the label of code `n`.
    pub mask: i32,
    /// The version of the collection that was last told of.
    pub told: i64,
    /// True if the next message counts although earlier ones may be missing.
    pub resume: bool,
    /// What they should hold.
    pub tally: Tally,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// When the two sides were last compared.
    pub compared_at: Option<Timestamp>,
    /// What they stated then.
    pub theirs: Option<Held>,
}

/// What a side states of a shared collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// A word: that of an [`InState`].
    pub state: String,
    /// The newest message that was carried out.
    pub sequence: i64,
    /// What it holds.
    pub tally: Tally,
}

/// What another party shares with this one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InShare {
    /// Its row.
    pub id: ShareId,
    /// Whose collection it is.
    pub party: PartyCode,
    /// Its id there.
    pub collection: CollectionRef,
    /// Real or exercise.
    pub mode: Mode,
    /// Where that stands.
    pub state: InState,
    /// The circle by which it comes.
    pub via: Option<CircleId>,
    /// What its steward says of it.
    pub about: About,
    /// The collection in which it is kept here.
    pub kept_as: Option<CollectionRef>,
    /// The strictest label that is kept here.
    pub ceiling: kernel::Tlp,
    /// The newest message that was carried out.
    pub sequence: i64,
    /// What is held here.
    pub tally: Tally,
    /// What its steward says should be held after that message.
    pub stated: Tally,
    /// When it was first heard of.
    pub offered_at: Timestamp,
    /// When people, or a membership, decided.
    pub decided_at: Option<Timestamp>,
    /// Who did.
    pub decided_by: Option<String>,
    /// When the two sides were last compared.
    pub compared_at: Option<Timestamp>,
}

/// A message that was sent about a collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SentRow {
    /// Its number.
    pub sequence: i64,
    /// What it does.
    pub kind: Sent,
    /// The message.
    pub message: MessageId,
    /// How many objects it gives or names.
    pub items: i64,
    /// When it was made.
    pub sent_at: Timestamp,
    /// When the party stated that it removed what was named.
    pub confirmed_at: Option<Timestamp>,
    /// How many it says that it removed.
    pub removed: Option<i64>,
    /// What it says of those to whom it had passed it on.
    pub onward: Option<Onward>,
}

impl OutShare {
    /// What the last comparison came to.
    pub fn verdict(&self) -> Verdict {
        if self.compared_at.is_none() {
            return Verdict::Unknown;
        }
        let Some(theirs) = &self.theirs else {
            return if self.state == OutState::Active {
                Verdict::NotKnown
            } else {
                Verdict::Agrees
            };
        };
        if self.state == OutState::Declined && theirs.state == InState::Declined.as_str() {
            Verdict::Agrees
        } else if theirs.state == InState::Offered.as_str() && self.state == OutState::Active {
            Verdict::Waits
        } else if theirs.sequence < self.sequence && self.compared_at < Some(self.changed_at) {
            Verdict::Since
        } else if theirs.sequence < self.sequence {
            Verdict::Behind
        } else if theirs.tally == self.tally {
            Verdict::Agrees
        } else {
            Verdict::Differs
        }
    }
}

impl InShare {
    /// Whether what is held is what the steward says should be.
    pub fn verdict(&self) -> Verdict {
        match self.state {
            InState::Offered => Verdict::Waits,
            InState::Accepted if self.tally != self.stated => Verdict::Differs,
            InState::Accepted | InState::Declined | InState::Ended => Verdict::Agrees,
        }
    }
}
