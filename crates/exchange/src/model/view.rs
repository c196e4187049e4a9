//! Threads and messages, as they are shown.

use federation::{
    model::{Desk, Header, Urgency},
    state::{Delivery, Grade},
};
use kernel::{IncidentRef, MessageId, Mode, PartyCode, ThreadId, Timestamp, Tlp};

use super::{FileInfo, Kind, Statement, codes::codes};
use crate::state::{Allowed, Request, ThreadState};

codes! {
    /// A way to narrow the list of threads.
    pub enum Tab {
        /// Not closed.
        Open = "open",
        /// Something is asked of this party.
        WaitingForUs = "waiting_for_us",
        /// This party waits for something.
        WaitingForThem = "waiting_for_them",
        /// Closed.
        Closed = "closed",
    }

    /// What a clock waits for.
    pub enum Verb {
        /// An acknowledgement.
        Acknowledge = "acknowledge",
        /// An answer.
        Answer = "answer",
    }
}

/// Which threads are asked for.
#[derive(Clone, Debug, Default)]
pub struct ThreadFilter {
    /// With this party.
    pub party: Option<PartyCode>,
    /// Standing so.
    pub state: Option<Tab>,
    /// With all of these words in one message.
    pub text: Option<String>,
    /// About this incident of the register.
    pub incident: Option<IncidentRef>,
}

/// The clock that runs out next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NextClock {
    /// What it waits for.
    pub verb: Verb,
    /// When it runs out.
    pub due: Timestamp,
    /// True if this party has to act.
    pub ours: bool,
}

/// A thread in a list.
#[derive(Clone, Debug)]
pub struct ListedThread {
    /// The thread.
    pub id: ThreadId,
    /// With whom.
    pub party: PartyCode,
    /// The title of the first message that is to be seen; nothing if that was taken back.
    pub title: Option<String>,
    /// Where it stands.
    pub state: ThreadState,
    /// The kind of the last message.
    pub last_kind: Kind,
    /// Whether that is one of ours.
    pub last_ours: bool,
    /// When it was queued or came.
    pub last_at: Timestamp,
    /// The clock that runs out next.
    pub next: Option<NextClock>,
    /// The strictest label.
    pub tlp: Tlp,
    /// Whether something came since the viewer read it.
    pub unread: bool,
    /// How many messages the viewer sees.
    pub messages: u32,
    /// How urgent the last asking message is.
    pub urgency: Urgency,
}

/// A thread with one party, as the viewer may see it.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// The thread.
    pub id: ThreadId,
    /// With whom.
    pub party: PartyCode,
    /// Who else this party speaks with under the same id.
    pub others: Vec<PartyCode>,
    /// The title of the first message.
    pub title: Option<String>,
    /// Where it stands.
    pub state: ThreadState,
    /// When the other side's silence closes it.
    pub closes_at: Option<Timestamp>,
    /// The strictest label.
    pub tlp: Tlp,
    /// The messages, in the order in which they were queued or came.
    pub messages: Vec<MessageView>,
    /// What was asked.
    pub requests: Vec<Request>,
    /// What this party may say now, if the viewer may send.
    pub allowed: Vec<Allowed>,
    /// The incidents that its messages name.
    pub incidents: Vec<IncidentRef>,
    /// Real or exercise.
    pub mode: Mode,
}

/// Why a message has no words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Gone {
    /// Its sender took it back. Of what came to us the body was removed then; of our own the words
    /// stay in our house.
    Withdrawn {
        /// When this node learned of it.
        at: Timestamp,
    },
    /// It is there and cannot be read, because the data key is another one.
    Unreadable,
}

/// A message, as the viewer may see it.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The message.
    pub id: MessageId,
    /// Its thread.
    pub thread: ThreadId,
    /// With whom.
    pub party: PartyCode,
    /// Its kind.
    pub kind: Kind,
    /// Whether it is one of ours.
    pub ours: bool,
    /// Who wrote it.
    pub from: Desk,
    /// To whom.
    pub to: Desk,
    /// When, as the sender says.
    pub sent: Timestamp,
    /// When it was queued or came, by this node's clock.
    pub at: Timestamp,
    /// The signed header.
    pub header: Header,
    /// The words.
    pub statement: Option<Statement>,
    /// Why there are none, or that it was taken back.
    pub gone: Option<Gone>,
    /// The files.
    pub files: Vec<FileInfo>,
    /// Where its delivery stands, if it is one of ours.
    pub delivery: Option<Delivery>,
    /// How often it was tried.
    pub attempts: u32,
    /// The other party's receipt for a message of ours, and when it came.
    pub receipt: Option<(Grade, Timestamp)>,
    /// Who states that he removed it, and when he says he did.
    pub removal: Vec<(PartyCode, Timestamp)>,
}

/// A clock that runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Clocked {
    /// The thread.
    pub thread: ThreadId,
    /// With whom.
    pub party: PartyCode,
    /// The asking message.
    pub message: MessageId,
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: Option<String>,
    /// What is waited for.
    pub verb: Verb,
    /// When it runs out.
    pub due: Timestamp,
    /// Whether it has.
    pub overdue: bool,
    /// True if this party has to act.
    pub ours: bool,
    /// The label.
    pub tlp: Tlp,
    /// How urgent the sender says it is.
    pub urgency: Urgency,
}

/// A request that waits while no clock runs: a question about it is open, or no time was set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timeless {
    /// The thread.
    pub thread: ThreadId,
    /// With whom.
    pub party: PartyCode,
    /// The asking message.
    pub message: MessageId,
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: Option<String>,
    /// Whether a question about it is open; else it waits for an acknowledgement or an answer.
    pub questioned: bool,
    /// Whether it was acknowledged.
    pub acknowledged: bool,
    /// True if this party has to act.
    pub ours: bool,
    /// The label.
    pub tlp: Tlp,
    /// How urgent the sender says it is.
    pub urgency: Urgency,
}

/// What this house did in a thread.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who, as the ledger of acts names him.
    pub who: String,
    /// What, as a code of the ledger of acts.
    pub code: String,
    /// To which message of the thread, and its kind; nothing for an act on the whole thread.
    pub message: Option<(MessageId, Kind)>,
}

/// What waits, in numbers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Requests that wait for this party.
    pub waiting_for_us: u32,
    /// Requests of this party that wait.
    pub waiting_for_them: u32,
    /// Clocks that have run out, on either side.
    pub overdue: u32,
    /// Messages of ours without a receipt that cannot be delivered or were refused.
    pub undelivered: u32,
    /// Threads in which something came since the viewer read them.
    pub unread: u32,
}
