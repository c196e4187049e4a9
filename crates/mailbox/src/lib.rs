//! The node's mailbox: mails that came in, each exactly once, and what was answered.
//!
//! A mail is taken from the operator's server in one transaction with the place up to which the
//! mailbox was read, and only then marked as read there. It is kept whole and sealed, with its
//! subject and sender; what is shown is read anew from the whole, so that a key that becomes known
//! later counts. Mails of one matter are kept together by the reference in their subjects. What a
//! stranger gets by himself is one acknowledgement, the same whatever the mail held.
#![forbid(unsafe_code)]

pub mod error;
pub mod http;
pub mod jobs;
pub mod model;
pub mod ops;
mod store;
pub mod wire;

use std::{fmt, sync::Arc, time::Duration};

use audit::Ground;
use axum::extract::FromRef;
use kernel::PartyCode;
use mail::{Address, Server};
use outward::Client;
use seal::data::DataKey;

pub use error::Error;
pub use mail::Login;

/// What the operator said of the mailbox.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that people write to.
    pub address: Address,
    /// The name beside it.
    pub name: String,
    /// Where mails come in.
    pub imap: Option<Server>,
    /// Where mails go out.
    pub smtp: Option<Server>,
    /// The folder of the mailbox that is read.
    pub folder: String,
    /// Name and password, or nothing for servers that ask for none.
    pub login: Option<Login>,
    /// Certificates in PEM that are believed besides the system's.
    pub authority: Option<String>,
    /// How often is looked for mails.
    pub every: Duration,
    /// Whether strangers get an acknowledgement.
    pub acknowledges: bool,
}

/// What the ops of the mailbox work with.
#[derive(Clone)]
pub struct Mailbox {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The party whose mailbox it is.
    pub party: PartyCode,
    /// Seals mails and the mailbox's private key.
    pub data_key: DataKey,
    /// Knows whose certificates are believed.
    pub client: Client,
    /// Nothing where the operator said nothing: there is no mailbox.
    pub settings: Option<Arc<Settings>>,
}

impl Mailbox {
    /// Whether mails can go out.
    pub fn sends(&self) -> bool {
        let settings = self.settings.as_ref();
        settings.is_some_and(|settings| settings.smtp.is_some())
    }

    /// The settings, where there are any.
    pub fn settings(&self) -> Result<&Settings, Error> {
        self.settings
            .as_deref()
            .ok_or(Error::Unset { what: "mail" })
    }
}

impl FromRef<Mailbox> for Ground {
    fn from_ref(mailbox: &Mailbox) -> Self {
        mailbox.ground.clone()
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
