//! Lists of threads and clocks.

use federation::model::Urgency;
use kernel::{
    Cursor, IncidentRef, MessageId, Page, PageRequest, PartyCode, ThreadId, Timestamp, Tlp,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::PageQuery;
use crate::{
    error::Error,
    model::{Clocked, Kind, ListedThread, NextClock, Tab, ThreadFilter, Verb},
    state::ThreadState,
};

/// How long a search may be, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// What a list of threads is narrowed to.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ThreadQuery {
    /// A party.
    #[param(value_type = Option<String>)]
    pub party: Option<PartyCode>,
    /// `open`, `waiting_for_us`, `waiting_for_them` or `closed`.
    #[param(value_type = Option<String>)]
    pub state: Option<Tab>,
    /// Words, all of which one message must hold.
    pub text: Option<String>,
    /// An incident to which the thread is linked.
    #[param(value_type = Option<String>)]
    pub incident: Option<IncidentRef>,
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    pub after: Option<Cursor>,
    /// How many entries, 1 to 200.
    pub limit: Option<u16>,
}

/// The clock that runs out next.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::NextClockBody)]
pub struct NextClockBody {
    /// `acknowledge` or `answer`.
    #[schema(value_type = String)]
    pub verb: Verb,
    /// When it runs out.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// True if this party has to act.
    pub ours: bool,
}

/// One line of a list of threads.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ListedThreadBody)]
pub struct ListedThreadBody {
    /// The thread.
    #[schema(value_type = String)]
    pub id: ThreadId,
    /// With whom.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The title of its first message; null if that was taken back.
    pub title: Option<String>,
    /// `open`, `closing` (`by`) or `closed` (`how`).
    #[schema(value_type = Object)]
    pub state: ThreadState,
    /// The kind of the last message.
    #[schema(value_type = String)]
    pub last_kind: Kind,
    /// Whether that is one of ours.
    pub last_ours: bool,
    /// When it was queued or came.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
    /// The clock that runs out next.
    pub next: Option<NextClockBody>,
    /// The strictest label.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// Whether something came since the user read it.
    pub unread: bool,
    /// How many messages the user sees.
    pub messages: u32,
    /// How urgent the last asking message is.
    #[schema(value_type = Object)]
    pub urgency: Urgency,
}

/// A page of threads.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ThreadPageBody)]
pub struct ThreadPageBody {
    /// The threads.
    pub items: Vec<ListedThreadBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// A clock that runs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ClockBody)]
pub struct ClockBody {
    /// The thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// With whom.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The asking message.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Its title.
    pub title: Option<String>,
    /// `acknowledge` or `answer`.
    #[schema(value_type = String)]
    pub verb: Verb,
    /// When it runs out.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// Whether it has.
    pub overdue: bool,
    /// True if this party has to act.
    pub ours: bool,
    /// The label.
    #[schema(value_type = String)]
    pub tlp: Tlp,
}

/// A page of clocks.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ClockPageBody)]
pub struct ClockPageBody {
    /// The clocks, those that have run out first.
    pub items: Vec<ClockBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

impl ThreadQuery {
    pub(crate) fn read(self) -> Result<(ThreadFilter, PageRequest), Error> {
        let too_long = |text: &String| text.chars().count() > TEXT_CHARS_MAX;
        if self.text.as_ref().is_some_and(too_long) {
            return Err(Error::Invalid {
                field: "text",
                rule: "has at most 200 characters",
            });
        }
        let page = PageQuery {
            after: self.after,
            limit: self.limit,
        };
        let filter = ThreadFilter {
            party: self.party,
            state: self.state,
            text: self.text,
            incident: self.incident,
        };
        Ok((filter, page.try_into()?))
    }
}

impl From<NextClock> for NextClockBody {
    fn from(clock: NextClock) -> Self {
        Self {
            verb: clock.verb,
            due: clock.due,
            ours: clock.ours,
        }
    }
}

impl From<ListedThread> for ListedThreadBody {
    fn from(listed: ListedThread) -> Self {
        Self {
            id: listed.id,
            party: listed.party,
            title: listed.title,
            state: listed.state,
            last_kind: listed.last_kind,
            last_ours: listed.last_ours,
            last_at: listed.last_at,
            next: listed.next.map(NextClockBody::from),
            tlp: listed.tlp,
            unread: listed.unread,
            messages: listed.messages,
            urgency: listed.urgency,
        }
    }
}

impl From<Page<ListedThread>> for ThreadPageBody {
    fn from(page: Page<ListedThread>) -> Self {
        Self {
            items: page.items.into_iter().map(ListedThreadBody::from).collect(),
            next: page.next,
        }
    }
}

impl From<Clocked> for ClockBody {
    fn from(clock: Clocked) -> Self {
        Self {
            thread: clock.thread,
            party: clock.party,
            message: clock.message,
            kind: clock.kind,
            title: clock.title,
            verb: clock.verb,
            due: clock.due,
            overdue: clock.overdue,
            ours: clock.ours,
            tlp: clock.tlp,
        }
    }
}

impl From<Page<Clocked>> for ClockPageBody {
    fn from(page: Page<Clocked>) -> Self {
        Self {
            items: page.items.into_iter().map(ClockBody::from).collect(),
            next: page.next,
        }
    }
}
