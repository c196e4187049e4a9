//! Bodies of requests and answers. The words of a message stand under `statement` as they travel; see
//! the protocol's description of the kinds.

mod circle;
mod list;
mod proof;
mod thread;

use kernel::{
    ContactId, FileId, Limit, MessageId, PageRequest, PartyCode, ThreadId, Timestamp, Tlp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

pub use circle::{
    AskedBody, CircleBody, CirclePageBody, CircleVersionQuery, CirclesBody, CopyBody, DescribeBody,
    InviteBody, JoinBody, MemberBody, NewCircleBody, RefusedBody, RequestingBody, VersionBody,
};
pub use list::{
    ClockBody, ClockPageBody, ListedThreadBody, NextClockBody, ThreadPageBody, ThreadQuery,
};
pub use proof::{CheckBody, PreviewBody, ProofBody};
pub use thread::{
    AllowedBody, DeskBody, FileBody, MessageBody, RemovalBody, RequestBody, ThreadBody,
};

use crate::{
    error::Error,
    model::{Kind, NewMessage, Sent, Statement, Urgency},
};

/// A message that is to be sent or previewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = exchange::SendBody)]
pub struct SendBody {
    /// An id that the caller drew: sending it twice sends once.
    #[schema(value_type = Option<String>)]
    pub id: Option<MessageId>,
    /// The thread, for a preview; when sending, the address names it.
    #[schema(value_type = Option<String>)]
    pub thread: Option<ThreadId>,
    /// To which party.
    #[schema(value_type = String, example = "XB")]
    pub to: PartyCode,
    /// To which of its desks; null lets the program choose.
    #[schema(value_type = Option<String>)]
    pub to_desk: Option<ContactId>,
    /// From which own desk; null lets the program choose.
    #[schema(value_type = Option<String>)]
    pub from_desk: Option<ContactId>,
    /// The message that is followed; null is the one that the details refer to.
    #[schema(value_type = Option<String>)]
    pub parent: Option<MessageId>,
    /// The kind, such as `RFM`.
    #[schema(value_type = String, example = "RFM")]
    pub kind: Kind,
    /// `{"level": "routine"}`, or `urgent` or `flash` with a `basis`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub urgency: Urgency,
    /// By when an acknowledgement is asked for; null is the target of the kind.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for; null is the target of the kind.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_due: Option<Timestamp>,
    /// Who may know of it; unmarked is AMBER+STRICT.
    #[serde(default)]
    #[schema(value_type = String, example = "AMBER")]
    pub tlp: Tlp,
    /// The words.
    #[schema(value_type = Object)]
    pub statement: Value,
    /// Files that were put before.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<FileId>,
}

/// A message that is in the outbox.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::SentBody)]
pub struct SentBody {
    /// The message.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Its thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
}

/// With whom, where a party outside uses an id that this one uses too.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PartyQuery {
    /// The party; null is the one with whom the thread was begun.
    #[param(value_type = Option<String>)]
    pub party: Option<PartyCode>,
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    pub after: Option<kernel::Cursor>,
    /// How many entries, 1 to 200.
    pub limit: Option<u16>,
}

/// What a file that is put is called. Its media type stands in `content-type`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileQuery {
    /// Its name, without a folder.
    pub name: String,
}

impl SendBody {
    /// The message, in this thread or as the body says.
    pub(crate) fn read(self, thread: Option<ThreadId>) -> Result<NewMessage, Error> {
        Ok(NewMessage {
            id: self.id,
            thread: thread.or(self.thread),
            to: self.to,
            to_desk: self.to_desk,
            from_desk: self.from_desk,
            parent: self.parent,
            urgency: self.urgency,
            ack_due: self.ack_due,
            answer_due: self.answer_due,
            tlp: self.tlp,
            statement: Statement::read(self.kind, self.statement)?,
            files: self.files,
        })
    }
}

impl From<Sent> for SentBody {
    fn from(sent: Sent) -> Self {
        Self {
            id: sent.id,
            thread: sent.thread,
        }
    }
}

impl TryFrom<PageQuery> for PageRequest {
    type Error = Error;

    fn try_from(query: PageQuery) -> Result<Self, Error> {
        let limit = query.limit.map_or(Ok(Limit::default()), Limit::new);
        Ok(Self {
            after: query.after,
            limit: limit.map_err(|_range| Error::Invalid {
                field: "limit",
                rule: "1 to 200",
            })?,
        })
    }
}
