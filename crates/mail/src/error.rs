//! What can go wrong between us and a mail server. No error has a password or a mail in it.

use std::{io, time::Duration};

use crate::server::Server;

/// What is asked for one reader.
pub(crate) const RECIPIENT: &str = "the recipient";
/// What is asked for one mail.
pub(crate) const MAIL: &str = "the mail";
const OF_ONE_MAIL: [&str; 2] = [RECIPIENT, MAIL];

/// A conversation with a server that came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody knows the name.
    #[error("the name of {server} is not found")]
    Name {
        /// The server.
        server: Server,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody answers there.
    #[error("{server} cannot be reached")]
    Connect {
        /// The server.
        server: Server,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No TLS came about: a certificate that is not trusted, or no TLS at all.
    #[error("no TLS with {server}")]
    Tls {
        /// The server.
        server: Server,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The server offers no TLS where it must. Nothing more was said.
    #[error("{server} offers no STARTTLS, and without TLS nothing is said to it: {said}")]
    NoStartTls {
        /// The server.
        server: Server,
        /// What it said.
        said: String,
    },
    /// The certificates of authorities cannot be used.
    #[error("the certificates of authorities cannot be used")]
    Authorities(#[source] outward::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] io::Error),
    /// It took too long.
    #[error("the server said nothing for {} s", after.as_secs())]
    Late {
        /// How long it may take.
        after: Duration,
    },
    /// The server said what the protocol does not know at this place, or too much of it.
    #[error("the server does not keep to the protocol: {what}")]
    Protocol {
        /// What.
        what: &'static str,
    },
    /// The server offers no way to sign in that we know.
    #[error("the server offers no sign-in with a password on this connection")]
    NoLogin,
    /// The server refused the name or the password.
    #[error("the server refused the sign-in: {said}")]
    Login {
        /// What it said.
        said: String,
    },
    /// The server refused.
    #[error("the server refused {what}: {said}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// What it said.
        said: String,
        /// Whether it will refuse again.
        is_final: bool,
    },
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "mail.name",
            Self::Connect { .. } => "mail.connect",
            Self::Tls { .. } => "mail.tls",
            Self::NoStartTls { .. } => "mail.no_starttls",
            Self::Authorities(_) => "mail.authorities",
            Self::Broken(_) => "mail.broken",
            Self::Late { .. } => "mail.late",
            Self::Protocol { .. } => "mail.protocol",
            Self::NoLogin => "mail.no_login",
            Self::Login { .. } => "mail.login",
            Self::Refused { .. } => "mail.refused",
        }
    }

    /// Whether a later try would end in the same way: the server refused this mail for good. What it
    /// refuses us altogether may change when somebody changes its settings or ours.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Refused { is_final: true, .. })
    }

    /// Whether the server refused one mail or its reader, and would take others.
    pub fn is_of_one_mail(&self) -> bool {
        matches!(self, Self::Refused { what, .. } if OF_ONE_MAIL.contains(what))
    }
}

/// A refusal, in the words of the server. It is final where it is about one mail and the server says so.
pub(crate) fn refused(what: &'static str, text: &str, is_permanent: bool) -> Error {
    Error::Refused {
        what,
        said: said(text),
        is_final: is_permanent && OF_ONE_MAIL.contains(&what),
    }
}

/// What a server said, fit to stand in a line of a log.
pub(crate) fn said(text: &str) -> String {
    const CHARS_MAX: usize = 200;
    let text = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one });
    text.take(CHARS_MAX).collect::<String>().trim().to_owned()
}
