//! Mails as the house keeps them.

use std::sync::Arc;

use incidents::{intake::ops::mailed::TELL, reporting::by_mail::BY_MAIL};
use kernel::{JobId, MailId, Timestamp};
use mail::{Letter, Reference};
use queue::Stand;
use serde::{Deserialize, Serialize};

use crate::{Settings, jobs::SEND};

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

/// Why a mail waits for somebody.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A program wrote it, or a list sent it on. It is in no report.
    Automatic,
    /// We wrote it ourselves. It is in no report.
    Ours,
    /// It belongs to a matter that is no report, or one that takes nothing more. It is in no report.
    Closed,
    /// Its sender began as many reports in this hour as one address may. It is in no report.
    Many,
    /// It is in a report, and what it says could not be read, or not all of it.
    Unread,
    /// It is in a report, and its signature does not fit.
    Wrong,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Automatic,
        Self::Ours,
        Self::Closed,
        Self::Many,
        Self::Unread,
        Self::Wrong,
    ];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Ours => "ours",
            Self::Closed => "closed",
            Self::Many => "many",
            Self::Unread => "unread",
            Self::Wrong => "wrong",
        }
    }

    /// Whether the mail is in a report all the same.
    pub const fn is_in_report(self) -> bool {
        matches!(self, Self::Unread | Self::Wrong)
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
    /// Whether a report began with it. Who wrote it is told what becomes of the report, and nobody else
    /// who writes under its number.
    #[serde(default)]
    pub begins: bool,
    /// Why it waits for somebody, or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Why it was set aside, in an officer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Item {
    /// Whether it waits for somebody.
    pub fn waits(&self) -> bool {
        self.state == State::New
    }

    /// Whether a report of its number has it, so far as is known.
    pub fn is_in_report(&self) -> bool {
        self.is_incoming
            && self
                .head
                .why
                .map_or(self.state != State::New, Why::is_in_report)
    }

    /// Whether it can become a report, or part of one: it waits, and is in none.
    pub fn can_be_filed(&self) -> bool {
        self.waits() && !self.is_in_report()
    }
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

/// How a server does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Health {
    /// The server, without name and password.
    pub server: String,
    /// Since when it works, or does not; nothing where it was never tried.
    pub since: Option<Timestamp>,
    /// When it was tried last.
    pub tried_at: Option<Timestamp>,
    /// When it worked last.
    pub worked_at: Option<Timestamp>,
    /// What is wrong: a code, and what was said. Nothing where it works.
    pub failure: Option<(String, String)>,
}

/// How many mails came and went since a day began.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Today {
    /// That came in.
    pub came: i64,
    /// Of these, that wait for somebody.
    pub waiting: i64,
    /// That our server took.
    pub sent: i64,
    /// That are still to go out.
    pub to_send: i64,
    /// That went nowhere.
    pub failed: i64,
}

/// What a mail on its way out is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Errand {
    /// Somebody wrote it.
    Mail,
    /// It says what became of a report.
    News,
    /// It reminds somebody of a report that an authority waits for.
    Reminder,
}

impl Errand {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mail, Self::News, Self::Reminder];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::News => "news",
            Self::Reminder => "reminder",
        }
    }

    /// The kind of the jobs that do it.
    pub(crate) const fn job(self) -> &'static str {
        match self {
            Self::Mail => SEND,
            Self::News => TELL,
            Self::Reminder => BY_MAIL,
        }
    }
}

/// A mail on its way out, or what is to become one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Posted {
    /// The job.
    pub job: JobId,
    /// What it is for.
    pub errand: Errand,
    /// The mail; nothing where it is not written yet.
    pub mail: Option<MailId>,
    /// The matter it belongs to, where there is one.
    pub reference: Option<Reference>,
    /// Where it stands.
    pub stand: Stand,
    /// How many tries there were.
    pub attempts: u32,
    /// When it was to go out first.
    pub created_at: Timestamp,
    /// What was wrong the last time, without addresses; empty before the first try.
    pub said: String,
}

/// All of the mailbox that can be seen without reading mails.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What the operator configured.
    pub settings: Arc<Settings>,
    /// Where mails come in.
    pub imap: Option<Health>,
    /// Where mails go out.
    pub smtp: Option<Health>,
    /// When the newest mail came in.
    pub last_at: Option<Timestamp>,
    /// How many came and went since the day began, in UTC.
    pub today: Today,
    /// How many wait for somebody, from whatever day.
    pub waiting: i64,
    /// What goes out, oldest first.
    pub outgoing: Vec<Posted>,
    /// Whether more goes out than is listed.
    pub has_more: bool,
    /// The fingerprint of the mailbox's key.
    pub fingerprint: Option<String>,
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
