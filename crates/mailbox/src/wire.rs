//! Bodies of requests and answers.

mod manage;

use kernel::{Cursor, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Item, Shown, Status, Trusted, Why};

pub use manage::{
    MailHealthBody, MailOverviewBody, MailSettingsBody, MailStepBody, MailTodayBody, PostedBody,
};

/// A mail in a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailBody {
    /// Its id.
    pub id: String,
    /// `in` or `out`.
    pub direction: String,
    /// The reference of its matter.
    pub reference: String,
    /// `new`, `settled`, `waiting`, `sent` or `failed`.
    pub state: String,
    /// When it came, or was written.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// How long it is.
    pub bytes: i64,
    /// The name of the other side, in its own words.
    pub name: String,
    /// The address of the other side; empty if it has none that can be written to.
    pub address: String,
    /// What it is about, in the words of whoever wrote it.
    pub subject: String,
    /// How it was protected, when it came: `none`, `signed_unverified`, `signed_good`,
    /// `signed_other`, `signed_wrong`, `encrypted`, `encrypted_unverified`, `encrypted_good`,
    /// `encrypted_other`, `encrypted_wrong`, `unopened` or `smime`.
    pub protection: String,
    /// Whether a program wrote it.
    pub automatic: bool,
    /// Whether it was too long, so that only its header is here.
    pub head_only: bool,
    /// Why it waits for somebody, or did: `automatic`, `ours`, `closed` and `many` are in no report;
    /// `unread` and `wrong` are in one, and could not be read, or have a signature that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Why it was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who wrote or settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When its state changed last.
    #[schema(value_type = String)]
    pub changed_at: Timestamp,
}

/// A page of mails.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailsBody {
    /// Newest first.
    pub items: Vec<MailBody>,
    /// Where the next page begins; nothing if this is the last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
}

/// Something that came with a mail.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PartBody {
    /// What it calls itself.
    pub name: String,
    /// The type that it gives itself.
    pub kind: String,
    /// How long it is.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// A mail with what it says.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ShownMailBody {
    /// The mail.
    pub mail: MailBody,
    /// What it is about, read with the keys that are known now.
    pub subject: String,
    /// What it says. A stranger wrote it.
    pub text: String,
    /// How it was protected, read with the keys that are known now.
    pub protection: String,
    /// Where an answer goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_to: Option<String>,
    /// When it says it was written.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// What came with it.
    pub parts: Vec<PartBody>,
    /// What has to be said of the reading: `header_only`, `unreadable`, `cut`, `encoding`,
    /// `from_html`, `more_parts`.
    pub notes: Vec<String>,
    /// The mails of the matter, oldest first, up to 200.
    pub matter: Vec<MailBody>,
}

/// An answer to a mail.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyBody {
    /// What it says, up to 50,000 characters.
    pub text: String,
}

/// Where a mail goes.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileMailBody {
    /// The number of the report that it is added to; without one it begins a new one.
    #[serde(default)]
    pub reference: Option<String>,
}

/// Why nothing is to be done with a mail.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMailAsideBody {
    /// In one line, up to 500 characters. It is sealed with the mail.
    pub reason: String,
}

/// The key of a sender.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = mailbox::TrustBody)]
#[serde(deny_unknown_fields)]
pub struct TrustBody {
    /// Whose it is.
    pub address: String,
    /// The public key in ASCII armor. Its fingerprint was compared with its owner.
    pub key: String,
}

/// The key of a sender that is known here.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TrustedBody {
    /// The fingerprint.
    pub fingerprint: String,
    /// Whose it is.
    pub address: String,
    /// Who vouched for it.
    pub by: String,
    /// When.
    #[schema(value_type = String)]
    pub added_at: Timestamp,
}

/// How the mailbox is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailStatusBody {
    /// The address that people write to; nothing where there is no mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When it was visited last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visited_at: Option<Timestamp>,
    /// Whether that visit failed.
    pub failed: bool,
    /// The fingerprint of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The key that people encrypt for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl From<&Item> for MailBody {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            direction: if item.is_incoming { "in" } else { "out" }.to_owned(),
            reference: item.reference.to_string(),
            state: item.state.as_str().to_owned(),
            at: item.at,
            bytes: item.bytes,
            name: item.head.name.clone(),
            address: item.head.address.clone(),
            subject: item.head.subject.clone(),
            protection: item.head.protection.clone(),
            automatic: item.head.is_automatic,
            head_only: item.head.is_head_only,
            why: item.head.why.map(Why::as_str).map(str::to_owned),
            reason: item.head.reason.clone(),
            by: item.by.clone(),
            changed_at: item.changed_at,
        }
    }
}

impl From<Shown> for ShownMailBody {
    fn from(shown: Shown) -> Self {
        let letter = shown.letter;
        let parts = letter.parts.into_iter().map(|part| PartBody {
            name: part.name,
            kind: part.kind,
            bytes: u64::try_from(part.bytes).unwrap_or(u64::MAX),
            sha256: part.sha256,
        });
        Self {
            mail: MailBody::from(&shown.item),
            subject: letter.subject,
            text: letter.text,
            protection: letter.protection.word().to_owned(),
            answer_to: letter.answer_to.map(|to| to.to_string()),
            sent_at: letter.sent_at,
            parts: parts.collect(),
            notes: letter
                .notes
                .into_iter()
                .map(|note| note.word().to_owned())
                .collect(),
            matter: shown.matter.iter().map(MailBody::from).collect(),
        }
    }
}

impl From<Trusted> for TrustedBody {
    fn from(trusted: Trusted) -> Self {
        Self {
            fingerprint: trusted.fingerprint,
            address: trusted.address,
            by: trusted.by,
            added_at: trusted.added_at,
        }
    }
}

impl From<Option<Status>> for MailStatusBody {
    fn from(status: Option<Status>) -> Self {
        Self {
            failed: status
                .as_ref()
                .is_some_and(|status| status.failure.is_some()),
            address: status.as_ref().map(|status| status.address.clone()),
            visited_at: status.as_ref().and_then(|status| status.visited_at),
            fingerprint: status
                .as_ref()
                .and_then(|status| status.fingerprint.clone()),
            key: status.and_then(|status| status.public_key),
        }
    }
}

/// Where somebody is reminded by mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = mailbox::ReminderMailBody)]
pub struct ReminderMailBody {
    /// The address; null where he is not.
    pub address: Option<String>,
    /// Whether this node sends mails.
    pub sends: bool,
}

/// Where somebody wants to be reminded by mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mailbox::TellMeBody)]
pub struct TellMeBody {
    /// The address, in ASCII; null for not at all.
    #[schema(example = "rosa@example.org", max_length = 254)]
    pub address: Option<String>,
}

impl ReminderMailBody {
    /// The body of it.
    pub fn new(address: Option<mail::Address>, sends: bool) -> Self {
        Self {
            address: address.map(|address| address.to_string()),
            sends,
        }
    }
}
