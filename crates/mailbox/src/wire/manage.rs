//! How the mailbox does, as it goes over the wire.

use kernel::Timestamp;
use queue::Stand;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Settings,
    model::{Health, Overview, Posted},
    ops::Tried,
};

/// How a server does.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailHealthBody {
    /// The server.
    pub server: String,
    /// Whether it worked at the last try; nothing where it was never tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub works: Option<bool>,
    /// Since when that is so.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it was tried last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<Timestamp>,
    /// When it worked last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worked_at: Option<Timestamp>,
    /// What is wrong, as a code such as `mail.tls`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What was said, without addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// What the operator configured, by the names in the file. Secrets are only said to be there.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailSettingsBody {
    /// The address that people write to.
    pub address: String,
    /// The name beside it.
    pub name: String,
    /// Where mails come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imap: Option<String>,
    /// Where mails go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp: Option<String>,
    /// The folder that is read.
    pub folder: String,
    /// The name at both servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether there is a password.
    pub password_set: bool,
    /// Whether certificates are believed besides the system's.
    pub authority_set: bool,
    /// How often is looked for mails.
    pub every_seconds: u64,
    /// Whether strangers get an acknowledgement.
    pub acknowledge: bool,
}

/// How many mails came and went since the day began, in UTC.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailTodayBody {
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

/// A mail on its way out.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PostedBody {
    /// The job.
    pub id: String,
    /// What it is for: `mail` that somebody wrote, `news` of a report, or a `reminder` of a report that
    /// an authority waits for.
    pub errand: String,
    /// The mail; nothing where it is not written yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The matter it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// `waiting`, `running`, or `dead` when it was given up.
    pub state: String,
    /// When it is tried next.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// How many tries there were.
    pub attempts: u32,
    /// When it was to go out first.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// What was wrong the last time, without addresses; empty before the first try.
    pub said: String,
}

/// How the mailbox does.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailOverviewBody {
    /// What the operator configured.
    pub settings: MailSettingsBody,
    /// Where mails come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imap: Option<MailHealthBody>,
    /// Where mails go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp: Option<MailHealthBody>,
    /// When the newest mail came in.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
    /// Since the day began.
    pub today: MailTodayBody,
    /// How many mails wait for somebody, from whatever day.
    pub waiting: i64,
    /// What goes out, oldest first, up to 100 of each kind.
    pub outgoing: Vec<PostedBody>,
    /// Whether more goes out than is listed.
    pub has_more: bool,
    /// The fingerprint of the mailbox's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// A step of the test.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MailStepBody {
    /// At which server.
    pub server: String,
    /// `certificates`, `name`, `host`, `tls`, `answer`, `sign-in`, `folder` or `sender`.
    pub step: String,
    /// `yes`, `no` or `not-tried`.
    pub came: String,
    /// What was seen, or what is wrong.
    pub detail: String,
    /// What is wrong, as a code such as `mail.tls`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl From<&Health> for MailHealthBody {
    fn from(health: &Health) -> Self {
        let (code, said) = health.failure.clone().unzip();
        Self {
            server: health.server.clone(),
            works: health.tried_at.map(|_| health.failure.is_none()),
            since: health.since,
            tried_at: health.tried_at,
            worked_at: health.worked_at,
            code,
            said,
        }
    }
}

impl From<&Settings> for MailSettingsBody {
    fn from(settings: &Settings) -> Self {
        Self {
            address: settings.address.to_string(),
            name: settings.name.clone(),
            imap: settings.imap.as_ref().map(ToString::to_string),
            smtp: settings.smtp.as_ref().map(ToString::to_string),
            folder: settings.folder.clone(),
            user: settings.login.as_ref().map(|login| login.user.clone()),
            password_set: settings.login.is_some(),
            authority_set: settings.authority.is_some(),
            every_seconds: settings.every.as_secs(),
            acknowledge: settings.acknowledges,
        }
    }
}

impl From<&Posted> for PostedBody {
    fn from(posted: &Posted) -> Self {
        let (state, next) = match posted.stand {
            Stand::Waiting { next } => ("waiting", Some(next)),
            Stand::Running => ("running", None),
            Stand::Dead => ("dead", None),
        };
        Self {
            id: posted.job.to_string(),
            errand: posted.errand.as_str().to_owned(),
            mail: posted.mail.map(|mail| mail.to_string()),
            reference: posted.reference.as_ref().map(ToString::to_string),
            state: state.to_owned(),
            next,
            attempts: posted.attempts,
            created_at: posted.created_at,
            said: posted.said.clone(),
        }
    }
}

impl From<&Overview> for MailOverviewBody {
    fn from(all: &Overview) -> Self {
        let today = all.today;
        Self {
            settings: MailSettingsBody::from(&*all.settings),
            imap: all.imap.as_ref().map(MailHealthBody::from),
            smtp: all.smtp.as_ref().map(MailHealthBody::from),
            last_at: all.last_at,
            today: MailTodayBody {
                came: today.came,
                waiting: today.waiting,
                sent: today.sent,
                to_send: today.to_send,
                failed: today.failed,
            },
            waiting: all.waiting,
            outgoing: all.outgoing.iter().map(PostedBody::from).collect(),
            has_more: all.has_more,
            fingerprint: all.fingerprint.clone(),
        }
    }
}

impl From<&Tried> for MailStepBody {
    fn from(tried: &Tried) -> Self {
        Self {
            server: tried.server.clone(),
            step: tried.step.as_str().to_owned(),
            came: tried.came.as_str().to_owned(),
            detail: tried.detail.clone(),
            code: tried.code.map(str::to_owned),
        }
    }
}
