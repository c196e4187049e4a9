//! Threads and messages.

use federation::{
    model::{Desk, Header},
    state::{Delivery, Grade},
};
use kernel::{ContactId, FileId, IncidentRef, MessageId, PartyCode, ThreadId, Timestamp, Tlp};
use seal::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    error::Error,
    model::{FileInfo, Gone, Kind, MessageView, ThreadView},
    state::{Allowed, Request, RequestState, ThreadState},
};

/// A desk of a party.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::DeskBody)]
pub struct DeskBody {
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The contact.
    #[schema(value_type = String)]
    pub contact: ContactId,
}

/// A file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::FileBody)]
pub struct FileBody {
    /// Its id on this node.
    #[schema(value_type = String)]
    pub id: FileId,
    /// Its place in the message, from 1; 0 while it is not sent.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its media type, as its sender says.
    pub media_type: String,
    /// Bytes; null until it was opened here.
    pub size: Option<u64>,
    /// SHA-256 of the plaintext; null until it was opened here.
    #[schema(value_type = Option<String>)]
    pub sha256: Option<Digest>,
    /// `unread`, `good` or `damaged`.
    pub state: String,
}

/// What was asked, and where it stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::RequestBody)]
pub struct RequestBody {
    /// The asking message.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Who asks.
    #[schema(value_type = String)]
    pub asker: PartyCode,
    /// Who is asked.
    #[schema(value_type = String)]
    pub addressee: PartyCode,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// Where it stands.
    #[schema(value_type = Object)]
    pub state: RequestState,
    /// By when an acknowledgement is asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for, with the time that questions took.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_due: Option<Timestamp>,
    /// When the addressee first reacted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged: Option<Timestamp>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered: Option<Timestamp>,
    /// Seconds from the question to the answer, or to now.
    pub gross_seconds: u64,
    /// The same without the time that the asker took to answer questions.
    pub net_seconds: u64,
}

/// Something that may be said now.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::AllowedBody)]
pub struct AllowedBody {
    /// `ask`, `acknowledge`, `progress`, `question`, `answer`, `respond`, `withdraw` or `close`.
    pub act: String,
    /// About which request or message.
    #[schema(value_type = Option<String>)]
    pub about: Option<MessageId>,
    /// Which question is answered.
    #[schema(value_type = Option<String>)]
    pub question: Option<MessageId>,
}

/// Who states that he removed a message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::RemovalBody)]
pub struct RemovalBody {
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// When, as it states.
    #[schema(value_type = String, format = DateTime)]
    pub removed_at: Timestamp,
}

/// A message.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::MessageBody)]
pub struct MessageBody {
    /// The message.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Its thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// With whom.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Whether it is one of ours.
    pub ours: bool,
    /// When it was queued or came.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The signed header.
    #[schema(value_type = Object)]
    pub header: Header,
    /// The words; null if they are not there.
    #[schema(value_type = Option<Object>)]
    pub statement: Option<Value>,
    /// When it was known here that its sender took it back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Timestamp>,
    /// The files.
    pub files: Vec<FileBody>,
    /// Where its delivery stands, if it is one of ours.
    #[schema(value_type = Option<Object>)]
    pub delivery: Option<Delivery>,
    /// `own` or `witnessed`, where the other party has given a receipt.
    #[schema(value_type = Option<String>)]
    pub receipt: Option<Grade>,
    /// When the receipt came.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub receipt_at: Option<Timestamp>,
    /// Who states that he removed it.
    pub removal: Vec<RemovalBody>,
}

/// A thread with one party.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ThreadBody)]
pub struct ThreadBody {
    /// The thread.
    #[schema(value_type = String)]
    pub id: ThreadId,
    /// With whom.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// With whom else under the same id.
    #[schema(value_type = Vec<String>)]
    pub others: Vec<PartyCode>,
    /// The title of its first message.
    pub title: Option<String>,
    /// `open`, `closing` (`by`) or `closed` (`how`).
    #[schema(value_type = Object)]
    pub state: ThreadState,
    /// When silence closes it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
    /// The strictest label.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// True for data of an exercise.
    pub exercise: bool,
    /// The messages.
    pub messages: Vec<MessageBody>,
    /// What was asked.
    pub requests: Vec<RequestBody>,
    /// What may be said now.
    pub allowed: Vec<AllowedBody>,
    /// The incidents that its messages name.
    #[schema(value_type = Vec<String>)]
    pub incidents: Vec<IncidentRef>,
}

impl From<Desk> for DeskBody {
    fn from(desk: Desk) -> Self {
        Self {
            party: desk.party,
            contact: desk.contact,
        }
    }
}

impl From<FileInfo> for FileBody {
    fn from(info: FileInfo) -> Self {
        Self {
            id: info.id,
            number: info.number,
            name: info.name,
            media_type: info.media_type,
            size: info.size,
            sha256: info.sha256,
            state: info.state.as_str().to_owned(),
        }
    }
}

impl RequestBody {
    fn at(request: Request, now: Timestamp) -> Self {
        Self {
            gross_seconds: request.gross(now).as_secs(),
            net_seconds: request.net(now).as_secs(),
            answer_due: request.answer_due_now(now),
            answered: request.response.map(|(_, at)| at),
            id: request.id,
            kind: request.kind,
            asker: request.asker,
            addressee: request.addressee,
            asked: request.asked,
            state: request.state,
            ack_due: request.ack_due,
            acknowledged: request.acknowledged,
        }
    }
}

impl From<Allowed> for AllowedBody {
    fn from(allowed: Allowed) -> Self {
        let (act, about, question) = match allowed {
            Allowed::Ask => ("ask", None, None),
            Allowed::Acknowledge { request } => ("acknowledge", Some(request), None),
            Allowed::Progress { request } => ("progress", Some(request), None),
            Allowed::Question { request } => ("question", Some(request), None),
            Allowed::Answer { request, question } => ("answer", Some(request), Some(question)),
            Allowed::Respond { request, .. } => ("respond", Some(request), None),
            Allowed::Withdraw { target } => ("withdraw", Some(target), None),
            Allowed::Close => ("close", None, None),
        };
        Self {
            act: act.to_owned(),
            about,
            question,
        }
    }
}

impl TryFrom<MessageView> for MessageBody {
    type Error = Error;

    fn try_from(view: MessageView) -> Result<Self, Error> {
        let statement = view.statement.map(|statement| statement.to_value());
        let removal = view.removal.into_iter();
        Ok(Self {
            id: view.id,
            thread: view.thread,
            party: view.party,
            kind: view.kind,
            ours: view.ours,
            at: view.at,
            header: view.header,
            statement: statement.transpose()?,
            withdrawn_at: match view.gone {
                Some(Gone::Withdrawn { at }) => Some(at),
                Some(Gone::Unreadable) | None => None,
            },
            files: view.files.into_iter().map(FileBody::from).collect(),
            delivery: view.delivery,
            receipt: view.receipt.map(|(grade, _)| grade),
            receipt_at: view.receipt.map(|(_, at)| at),
            removal: removal
                .map(|(party, removed_at)| RemovalBody { party, removed_at })
                .collect(),
        })
    }
}

impl ThreadBody {
    pub(crate) fn at(view: ThreadView, now: Timestamp) -> Result<Self, Error> {
        let messages = view.messages.into_iter().map(MessageBody::try_from);
        let requests = view.requests.into_iter();
        Ok(Self {
            id: view.id,
            party: view.party,
            others: view.others,
            title: view.title,
            state: view.state,
            closes_at: view.closes_at,
            tlp: view.tlp,
            exercise: view.mode.is_exercise(),
            messages: messages.collect::<Result<_, _>>()?,
            requests: requests.map(|one| RequestBody::at(one, now)).collect(),
            allowed: view.allowed.into_iter().map(AllowedBody::from).collect(),
            incidents: view.incidents,
        })
    }
}
