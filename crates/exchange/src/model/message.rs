//! A message on its way out, and before that.

use federation::{
    model::{Desk, Digest, Urgency},
    verify,
};
use kernel::{ContactId, FileId, MessageId, PartyCode, ThreadId, Timestamp, Tlp};

use super::{Kind, Statement};

/// The largest file that can be put, in bytes.
pub const FILE_BYTES_MAX: u64 = 50_000_000;

/// A message that somebody wants to send. Its kind is that of its statement.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id, where the caller drew one: sending it twice, as a form may, sends it once. Nothing: a
    /// new one.
    pub id: Option<MessageId>,
    /// The thread; nothing opens a new one.
    pub thread: Option<ThreadId>,
    /// To whom.
    pub to: PartyCode,
    /// To which desk. Nothing: the one that wrote what is answered, or the one for the kind.
    pub to_desk: Option<ContactId>,
    /// From which desk. Nothing: chosen likewise.
    pub from_desk: Option<ContactId>,
    /// The message that it follows. Nothing: the one that its details refer to. An answer that takes
    /// the place of an earlier answer names that one, or is refused.
    pub parent: Option<MessageId>,
    /// How fast somebody has to look.
    pub urgency: Urgency,
    /// By when an acknowledgement is asked for. Nothing: the target of the kind.
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for. Nothing: the target of the kind.
    pub answer_due: Option<Timestamp>,
    /// Who may know of it.
    pub tlp: Tlp,
    /// The words.
    pub statement: Statement,
    /// Files that the same person put before.
    pub files: Vec<FileId>,
}

/// A message that is in the outbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sent {
    /// The message.
    pub id: MessageId,
    /// Its thread.
    pub thread: ThreadId,
}

/// Who at the addressee may read a message, by its label (TLP 2.0).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Audience {
    /// The named desk alone (RED).
    OneDesk,
    /// The addressee's organisation (AMBER+STRICT).
    House,
    /// The organisation and its clients who need to know (AMBER).
    HouseAndClients,
    /// The community (GREEN).
    Community,
    /// All (CLEAR).
    Everybody,
}

impl Audience {
    /// Whom a label allows.
    pub const fn of(tlp: Tlp) -> Self {
        match tlp {
            Tlp::Red => Self::OneDesk,
            Tlp::AmberStrict => Self::House,
            Tlp::Amber => Self::HouseAndClients,
            Tlp::Green => Self::Community,
            Tlp::Clear => Self::Everybody,
        }
    }

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneDesk => "one_desk",
            Self::House => "house",
            Self::HouseAndClients => "house_and_clients",
            Self::Community => "community",
            Self::Everybody => "everybody",
        }
    }
}

/// Who will see a message, and what of it leaves the house in which form.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The kind.
    pub kind: Kind,
    /// To whom.
    pub to: Desk,
    /// From whom.
    pub from: Desk,
    /// Who there may read it.
    pub readers_there: Audience,
    /// The label.
    pub tlp: Tlp,
    /// What is sealed to the addressee, by the names of the fields.
    pub leaves_sealed: Vec<String>,
    /// What the operators of both nodes can see: fields of the header and their values.
    pub leaves_open: Vec<(&'static str, String)>,
    /// The files.
    pub files: Vec<FileInfo>,
    /// By when an acknowledgement is asked for.
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for.
    pub answer_due: Option<Timestamp>,
    /// Sentences that stand in it whatever the author writes.
    pub fixed: Vec<&'static str>,
    /// Why this viewer cannot send it, if he cannot.
    pub refused: Option<access::Refused>,
    /// The words, as they would travel.
    pub statement: Statement,
}

/// A file of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileInfo {
    /// The id under which it was put here; a received one has one too.
    pub id: FileId,
    /// Its place in the message, from 1; 0 while it is not sent.
    pub number: u32,
    /// Its name, without a folder.
    pub name: String,
    /// Its media type, as its sender says.
    pub media_type: String,
    /// Bytes of the plaintext; nothing until a received file was opened here.
    pub size: Option<u64>,
    /// SHA-256 of the plaintext, likewise.
    pub sha256: Option<Digest>,
    /// Whether the plaintext is the one that the sender committed to.
    pub state: FileState,
}

/// What is known of the plaintext of a file.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FileState {
    /// Not opened yet.
    Unread,
    /// It is what was committed to.
    Good,
    /// It cannot be opened, or is something else than was committed to.
    Damaged,
}

impl FileState {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Good => "good",
            Self::Damaged => "damaged",
        }
    }

    /// What a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Unread, Self::Good, Self::Damaged]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// What proves a message to somebody who trusts neither node.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What verification found.
    pub report: verify::Report,
    /// The receipt of the addressee's ledger, if there is one.
    pub receipt: Option<String>,
    /// The envelope.
    pub envelope: Vec<u8>,
    /// The key sets of both parties, with names for files.
    pub key_sets: Vec<(String, Vec<u8>)>,
    /// The fingerprints of both root keys, as this house compared them.
    pub trust: Vec<(PartyCode, seal::keys::Fingerprint)>,
}
