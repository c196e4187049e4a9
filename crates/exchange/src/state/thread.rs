//! *Thread*: an exchange between two parties about one matter.

mod allowed;
mod derive;

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

use federation::model::Header;
use kernel::{MessageId, PartyCode, Timestamp};
use serde::{Deserialize, Serialize};

use super::InvalidTransition;
use crate::model::{Details, Kind};

pub use allowed::Allowed;

/// After so long a silence of the other side the notice of one side closes a thread.
pub const SILENCE: Duration = Duration::from_hours(30 * 24);

/// Where a thread stands: `open → closing{by} → closed`, and open again with a new asking message.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ThreadState {
    /// Something may still come of it.
    Open,
    /// One side has closed it.
    Closing {
        /// Which.
        by: PartyCode,
    },
    /// It is closed.
    Closed {
        /// How.
        how: Ended,
    },
}

/// How a thread came to its end.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum Ended {
    /// Both sides closed it.
    Both,
    /// One side closed it, and the other was silent for [`SILENCE`].
    Silence {
        /// Who closed it.
        by: PartyCode,
    },
    /// It held nothing but pings, and all were answered.
    Answered,
}

/// What can happen to a thread.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum ThreadEvent {
    /// A side asks something new.
    Ask,
    /// A side says something else.
    Say,
    /// A side closes it, with all that was asked.
    Close {
        /// Which.
        by: PartyCode,
    },
    /// The other side has been silent for [`SILENCE`].
    SilenceOver,
}

impl ThreadState {
    /// The name of the state.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closing { .. } => "closing",
            Self::Closed { .. } => "closed",
        }
    }

    /// The state after `event`.
    pub fn advance(self, event: ThreadEvent) -> Result<Self, InvalidTransition> {
        use ThreadEvent as E;
        let from = self.code();
        let invalid = |event: &'static str| {
            Err(InvalidTransition {
                machine: "thread",
                from,
                event,
            })
        };
        match (self, event) {
            (Self::Open | Self::Closing { .. } | Self::Closed { .. }, E::Ask) => Ok(Self::Open),
            (state @ (Self::Open | Self::Closing { .. } | Self::Closed { .. }), E::Say) => {
                Ok(state)
            }
            (Self::Open, E::Close { by }) => Ok(Self::Closing { by }),
            (Self::Closing { by: first }, E::Close { by }) => {
                if first == by {
                    invalid("close")
                } else {
                    Ok(Self::Closed { how: Ended::Both })
                }
            }
            (Self::Closing { by }, E::SilenceOver) => Ok(Self::Closed {
                how: Ended::Silence { by },
            }),
            (Self::Closed { .. }, E::Close { .. }) => invalid("close"),
            (Self::Open | Self::Closed { .. }, E::SilenceOver) => invalid("silence_over"),
        }
    }
}

/// What a message does to the life cycles.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum Act {
    /// It opens a request.
    Ask,
    /// It acknowledges one.
    Acknowledge {
        /// Which.
        request: MessageId,
    },
    /// It says how far the work on one is.
    Progress {
        /// Which.
        request: MessageId,
    },
    /// It asks back.
    Question {
        /// About which request.
        request: MessageId,
    },
    /// It answers a question.
    Answer {
        /// Of which request.
        request: MessageId,
        /// Which question.
        question: MessageId,
    },
    /// It answers a request.
    Respond {
        /// Which.
        request: MessageId,
    },
    /// It takes a message of the same sender back, which then counts as not said.
    Withdraw {
        /// Which.
        target: MessageId,
    },
    /// It closes the thread with these requests.
    Close {
        /// All that its sender knew.
        covers: BTreeSet<MessageId>,
    },
}

/// A message, as far as the life cycles look at it.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Said {
    /// The message.
    pub id: MessageId,
    /// Its kind.
    pub kind: Kind,
    /// Who said it.
    pub by: PartyCode,
    /// To whom.
    pub to: PartyCode,
    /// When, as the sender says.
    pub sent: Timestamp,
    /// By when it asks for an acknowledgement.
    pub ack_due: Option<Timestamp>,
    /// By when it asks for an answer.
    pub answer_due: Option<Timestamp>,
    /// What it does.
    pub act: Act,
}

impl Said {
    /// What a message with this header and these details does.
    pub fn new(header: &Header, details: &Details) -> Self {
        Self {
            id: header.id,
            kind: details.kind(),
            by: header.from.party.clone(),
            to: header.to.party.clone(),
            sent: header.sent,
            ack_due: header.ack_due,
            answer_due: header.answer_due,
            act: details.act(),
        }
    }
}

/// A message of somebody who does not belong to the thread.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the thread is not between {by} and {to}")]
pub struct Stranger {
    /// The sender.
    pub by: PartyCode,
    /// The addressee.
    pub to: PartyCode,
}

/// The messages between two parties about one matter. Everything else follows from the set.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Thread {
    /// The two, in the order of their codes.
    parties: [PartyCode; 2],
    said: BTreeMap<MessageId, Said>,
    /// What was taken back, and by whom it was said to be.
    taken_back: BTreeSet<(MessageId, PartyCode)>,
}

impl Thread {
    /// An exchange between these two in which nothing was said.
    pub fn new(one: PartyCode, other: PartyCode) -> Self {
        let mut parties = [one, other];
        parties.sort();
        Self {
            parties,
            said: BTreeMap::new(),
            taken_back: BTreeSet::new(),
        }
    }

    /// Takes a message. One that is already there changes nothing.
    pub fn add(&mut self, said: Said) -> Result<(), Stranger> {
        let mut between = [&said.by, &said.to];
        between.sort();
        if between != [&self.parties[0], &self.parties[1]] || said.by == said.to {
            return Err(Stranger {
                by: said.by,
                to: said.to,
            });
        }
        if let Entry::Vacant(place) = self.said.entry(said.id) {
            let said = place.insert(said);
            if let Act::Withdraw { target } = said.act {
                self.taken_back.insert((target, said.by.clone()));
            }
        }
        Ok(())
    }

    /// A message of the thread.
    pub fn message(&self, id: MessageId) -> Option<&Said> {
        self.said.get(&id)
    }

    /// The messages by which a side closed the thread.
    pub fn closes(&self) -> impl Iterator<Item = &Said> {
        let closing = |said: &&Said| matches!(said.act, Act::Close { .. });
        self.said.values().filter(closing)
    }

    /// The asking messages that are known: what a CLOSE made now has to cover.
    pub fn asks(&self) -> impl Iterator<Item = MessageId> {
        self.said
            .values()
            .filter(|said| said.act == Act::Ask)
            .map(|said| said.id)
    }

    fn other(&self, party: &PartyCode) -> &PartyCode {
        let [one, other] = &self.parties;
        if one == party { other } else { one }
    }
}
