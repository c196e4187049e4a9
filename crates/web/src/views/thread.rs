//! Threads: the list, the conversation, the proof of a message, its paper form.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    desk::Call,
    form::{Choice, Form},
    frame::{Link, Pager, PartyName, Shell, Tab},
    incident::Attachment,
};
use crate::words::Words;

/// `GET /threads`.
#[derive(Debug, Template)]
#[template(path = "threads.html")]
pub struct Threads {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Open, waiting for us, waiting for others, closed.
    pub tabs: Vec<Tab>,
    /// The parties that threads exist with.
    pub parties: Vec<Choice>,
    /// Words to look for.
    pub text: String,
    /// The tab's code, kept while the list is narrowed.
    pub state: String,
    /// One page of the list.
    pub rows: Vec<ThreadRow>,
    /// Where it goes on.
    pub pager: Pager,
    /// Whether the reader may write.
    pub may_write: bool,
}

/// One thread in the list.
#[derive(Clone, Debug)]
pub struct ThreadRow {
    /// Its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The other party.
    pub party: PartyName,
    /// The kind of the last message, such as `RESP`.
    pub last_kind: String,
    /// Whether that one is ours.
    pub last_ours: bool,
    /// When it was sent.
    pub last_at: Timestamp,
    /// `open`, `closing` or `closed`.
    pub state: String,
    /// The next clock, if one runs: what is to be done, by when, and whether by us.
    pub next: Option<(&'static str, Timestamp, bool)>,
    /// The marking.
    pub tlp: Tlp,
    /// How urgent the last request is: `routine`, `urgent` or `flash`.
    pub urgency: String,
    /// Whether something in it was not seen yet.
    pub unread: bool,
}

/// `GET /threads/{id}`.
#[derive(Debug, Template)]
#[template(path = "thread.html")]
pub struct Thread {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Its page.
    pub url: String,
    /// Its id, `thread--…`.
    pub id: String,
    /// The title.
    pub title: String,
    /// The other party.
    pub party: PartyName,
    /// `open`, `closing` or `closed`.
    pub state: String,
    /// The strictest marking in it.
    pub tlp: Tlp,
    /// The same page with the earlier messages, where there are too many to show them all at once.
    pub earlier: Option<Link>,
    /// The conversation, the newest last.
    pub entries: Vec<Entry>,
    /// Parties and desks: party, desk, the page with its contact data.
    pub desks: Vec<(PartyName, String, String)>,
    /// The clocks that run, stand or have been met.
    pub clocks: Vec<Clock>,
    /// The incidents it is about; without an address those that this register does not hold.
    pub incidents: Vec<Link>,
    /// The files of its messages, each with the way to the message.
    pub files: Vec<Link>,
    /// The norms that messages of it name: code and title.
    pub norms: Vec<(String, String)>,
    /// What this house did in it, the newest first.
    pub history: Vec<Deed>,
    /// The same matter with other parties.
    pub others: Vec<Link>,
    /// When the silence of one side closes it, where one side has closed it already.
    pub closes: Option<Timestamp>,
    /// What the reader may do now, the expected next act first.
    pub acts: Vec<Act>,
    /// What else can be asked in it.
    pub asks: Vec<Link>,
    /// Why there is nothing to do, where there is nothing.
    pub no_acts: String,
    /// The whole file of evidence; empty where the reader may not take it.
    pub evidence_url: String,
}

/// How much of the history is shown at once.
const RECENT: usize = 8;

impl Thread {
    /// The newest part of the history.
    pub fn recent(&self) -> &[Deed] {
        self.history.get(..RECENT).unwrap_or(&self.history)
    }

    /// The rest of it.
    pub fn older(&self) -> &[Deed] {
        self.history.get(RECENT..).unwrap_or_default()
    }
}

/// One entry of a conversation.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A message.
    Message(Box<Message>),
    /// What happened between messages: closed, refused, withdrawn.
    Event {
        /// When.
        at: Timestamp,
        /// The sentence.
        text: String,
        /// Whether it is a worry.
        bad: bool,
    },
}

/// A message as it stands in a thread, on the preview and on paper.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id, `message--…`; also its place on the page.
    pub id: String,
    /// Whether this party sent it.
    pub ours: bool,
    /// Who sent it.
    pub from: PartyName,
    /// The desk that sent it.
    pub from_desk: String,
    /// To whom.
    pub to: PartyName,
    /// To which desk.
    pub to_desk: String,
    /// The kind, such as `RFM`.
    pub kind: String,
    /// When it was sent.
    pub at: Timestamp,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// What the kind asks for: label and value.
    pub facts: Vec<(String, String)>,
    /// Lists that the kind asks for: label and items.
    pub lists: Vec<(String, Vec<String>)>,
    /// Keys of the fixed sentences that stand with this kind.
    pub fixed: Vec<&'static str>,
    /// The norms it names: code and title.
    pub norms: Vec<(String, String)>,
    /// The marking.
    pub tlp: Tlp,
    /// The language it is written in, as a tag; empty where it is not known.
    pub language: String,
    /// `routine`, `urgent` or `flash`.
    pub urgency: String,
    /// Why it is urgent.
    pub urgency_why: String,
    /// Its files.
    pub files: Vec<Attachment>,
    /// Sent, received, acknowledged, answered.
    pub marks: Vec<Mark>,
    /// Its paper form; empty where there is none yet.
    pub print_url: String,
    /// Where to ask for another try at once; empty where nothing is stuck.
    pub retry_url: String,
    /// Where to take it back; empty where the reader cannot.
    pub withdraw_url: String,
    /// What was said of it since, such as that it was withdrawn; empty where nothing was.
    pub note: String,
    /// Why its text is not shown: withdrawn, removed, not for this reader. Empty where it is.
    pub gone: String,
}

/// One of the marks under a message.
#[derive(Clone, Debug)]
pub struct Mark {
    /// `queued`, `sent`, `received`, `acknowledged`, `answered`, `refused`, `undeliverable`, `carried`,
    /// `withdrawn`.
    pub step: &'static str,
    /// How it stands.
    pub state: MarkState,
    /// When it was made or is due.
    pub at: Option<Timestamp>,
    /// The proof; empty where there is none.
    pub proof_url: String,
    /// More in words: a code of refusal, who carried it.
    pub note: String,
}

/// How a mark stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MarkState {
    /// Made.
    Done,
    /// Expected.
    Waiting,
    /// Overdue, or failed.
    Late,
}

/// A clock at the side of a thread.
#[derive(Clone, Debug)]
pub struct Clock {
    /// `acknowledge` or `answer`.
    pub verb: &'static str,
    /// The kind of the request.
    pub kind: String,
    /// Who has to: the party.
    pub party: PartyName,
    /// When it is due.
    pub due: Timestamp,
    /// When it was met, if it was.
    pub met: Option<Timestamp>,
    /// Whether it stands while a question is open.
    pub stands: bool,
    /// For how many seconds it has stood.
    pub stood_seconds: i64,
    /// How to reach the other desk once it is overdue.
    pub call: Call,
}

/// What somebody of this house did.
#[derive(Clone, Debug)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// The message that it was done to; empty for the whole thread.
    pub url: String,
}

/// What the reader may do now.
#[derive(Clone, Debug)]
pub struct Act {
    /// The verb on it, with the addressee.
    pub text: String,
    /// Which request it is about, where there are several.
    pub about: String,
    /// The page with its form.
    pub url: String,
    /// A fixed sentence that stands with it; empty for none.
    pub fixed: &'static str,
    /// Its form, which leads to the preview: for the expected next act, shown open.
    pub form: Option<Form>,
}

/// `GET /messages/{id}/proof`.
#[derive(Debug, Template)]
#[template(path = "proof.html")]
pub struct Proof {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The thread, at the message.
    pub thread: Link,
    /// The message: kind and title.
    pub message: String,
    /// What holds, in one sentence.
    pub sentence: String,
    /// Whether everything held.
    pub holds: bool,
    /// Each check: passed, failed or not decided, and its sentence.
    pub checks: Vec<(Verdict, String)>,
    /// Label and value, for those who check by themselves.
    pub technical: Vec<(String, String)>,
    /// The receipt as text.
    pub receipt: String,
    /// The envelope, the receipt and the key sets as files.
    pub files: Vec<Link>,
    /// The command that repeats the checks elsewhere.
    pub command: String,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails.
    Fails,
    /// It cannot be said yet.
    Open,
}

/// `GET /messages/{id}/print`: a notification for the file and for the pouch.
#[derive(Debug, Template)]
#[template(path = "paper.html")]
pub struct Paper {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The thread's id and its title.
    pub thread: (String, String),
    /// Where it is.
    pub back: String,
    /// The message.
    pub message: Message,
    /// What the receipt says, in words; empty without one.
    pub receipt: String,
    /// The SHA-256 of the signed header.
    pub sha256: String,
    /// The fingerprint of the sender's root key, in words.
    pub fingerprint: String,
}
