//! Mails as the house keeps them.

use kernel::{MailId, Timestamp};
use mail::{Letter, Reference};
use serde::{Deserialize, Serialize};

/// Where a mail stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// It came in, and nobody has dealt with it.
    New,
    /// It came in, and somebody has dealt with it.
    Settled,
    /// It waits to go out.
    Waiting,
    /// Our server took it.
    Sent,
    /// Our server refused it for good.
    Failed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Settled,
        Self::Waiting,
        Self::Sent,
        Self::Failed,
    ];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Settled => "settled",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// The state of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What a list shows of a mail. It is sealed where it is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Head {
    /// The name of the other side, in its own words.
    pub name: String,
    /// The address of the other side.
    pub address: String,
    /// What it is about.
    pub subject: String,
    /// How it was protected: a word of [`mail::Protection`].
    pub protection: String,
    /// Whether a program wrote it.
    pub is_automatic: bool,
    /// Whether the mail was too long, so that only its header is here.
    pub is_head_only: bool,
}

/// A mail.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: MailId,
    /// Whether it came in; else it is ours.
    pub is_incoming: bool,
    /// The matter it belongs to.
    pub reference: Reference,
    /// Where it stands.
    pub state: State,
    /// When it came, or was written.
    pub at: Timestamp,
    /// How long it is.
    pub bytes: i64,
    /// What a list shows of it.
    pub head: Head,
    /// Who wrote or settled it.
    pub by: Option<String>,
    /// When its state changed last.
    pub changed_at: Timestamp,
}

/// A mail with what it says, and the others of its matter.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The mail.
    pub item: Item,
    /// What it says.
    pub letter: Letter,
    /// All mails of the matter, this one among them, oldest first.
    pub matter: Vec<Item>,
}

/// The key of a sender that is known here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trusted {
    /// The fingerprint.
    pub fingerprint: String,
    /// Whose it is.
    pub address: String,
    /// The key.
    pub public_key: String,
    /// Who vouched for it.
    pub by: String,
    /// When.
    pub added_at: Timestamp,
}

/// How the mailbox is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// The address that people write to.
    pub address: String,
    /// Where mails come in.
    pub imap: Option<String>,
    /// Where mails go out.
    pub smtp: Option<String>,
    /// When the mailbox was visited last.
    pub visited_at: Option<Timestamp>,
    /// What went wrong at that visit.
    pub failure: Option<String>,
    /// The fingerprint of the mailbox's key.
    pub fingerprint: Option<String>,
    /// The key that people encrypt for.
    pub public_key: Option<String>,
}
