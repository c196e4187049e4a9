//! Where a mail server is, and how it is spoken to.

use std::{fmt, net::IpAddr, str::FromStr};

use secrecy::SecretString;

/// How a connection is kept from others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a few words. Without it nothing more is said.
    StartTls,
    /// None. Only on this machine.
    Plain,
}

/// A server of IMAP or SMTP: `imaps://HOST[:PORT]`, `imap://…` (STARTTLS), `smtps://…`,
/// `smtp://…` (STARTTLS). With `+plain` behind the scheme there is no TLS, which only a server on
/// this machine may have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    /// A name, or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is kept from others.
    pub security: Security,
    scheme: &'static str,
}

/// The name and password of a mailbox.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// A text that names no server.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ServerError {
    /// Not a scheme that we know.
    #[error("it does not begin with imaps://, imap://, smtps:// or smtp://")]
    Scheme,
    /// No host, or more than host and port.
    #[error("it is not SCHEME://HOST or SCHEME://HOST:PORT")]
    Host,
    /// Plain text to another machine.
    #[error(
        "without TLS only a server on this machine is spoken to: localhost, 127.0.0.1 or [::1]"
    )]
    Plain,
}

const SCHEMES: [(&str, Security, u16); 6] = [
    ("imaps", Security::Tls, 993),
    ("imap", Security::StartTls, 143),
    ("imap+plain", Security::Plain, 143),
    ("smtps", Security::Tls, 465),
    ("smtp", Security::StartTls, 587),
    ("smtp+plain", Security::Plain, 25),
];

impl Server {
    /// Whether it is one of IMAP; else it is one of SMTP.
    pub fn is_imap(&self) -> bool {
        self.scheme.starts_with("imap")
    }
}

impl FromStr for Server {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Self, ServerError> {
        let (scheme, rest) = text.split_once("://").ok_or(ServerError::Scheme)?;
        let known = SCHEMES.iter().find(|(name, ..)| *name == scheme);
        let (scheme, security, default) = *known.ok_or(ServerError::Scheme)?;
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, default),
            Some((host, port)) => (
                host,
                self::port(port.strip_prefix(':').ok_or(ServerError::Host)?)?,
            ),
            None => match rest.split_once(':') {
                Some((host, port)) => (host, self::port(port)?),
                None => (rest, default),
            },
        };
        let is_name = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        let address: Option<IpAddr> = host.parse().ok();
        if !is_name && address.is_none() {
            return Err(ServerError::Host);
        }
        let is_here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        if security == Security::Plain && !is_here {
            return Err(ServerError::Plain);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            security,
            scheme,
        })
    }
}

fn port(text: &str) -> Result<u16, ServerError> {
    text.parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or(ServerError::Host)
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scheme, host, port, ..
        } = self;
        if host.contains(':') {
            write!(f, "{scheme}://[{host}]:{port}")
        } else {
            write!(f, "{scheme}://{host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_goes_to_this_machine_alone() {
        let read = |text: &str| text.parse::<Server>().map(|server| server.to_string());
        assert_eq!(
            read("imaps://mail.example"),
            Ok("imaps://mail.example:993".to_owned())
        );
        assert_eq!(
            read("smtp://mail.example:2525/"),
            Ok("smtp://mail.example:2525".to_owned())
        );
        assert_eq!(
            read("imap+plain://[::1]:1143"),
            Ok("imap+plain://[::1]:1143".to_owned())
        );
        assert_eq!(
            read("smtp+plain://127.0.0.1"),
            Ok("smtp+plain://127.0.0.1:25".to_owned())
        );
        assert_eq!(read("smtp+plain://mail.example"), Err(ServerError::Plain));
        assert_eq!(
            read("imap+plain://127.0.0.1.example"),
            Err(ServerError::Plain)
        );
        assert_eq!(read("http://mail.example"), Err(ServerError::Scheme));
        for bad in [
            "imaps://",
            "imaps://user@host",
            "imaps://host:0",
            "imaps://host/INBOX",
            "imaps://ho st",
        ] {
            assert_eq!(read(bad), Err(ServerError::Host), "{bad}");
        }
    }
}
