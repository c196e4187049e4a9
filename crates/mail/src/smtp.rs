//! What of SMTP submission (RFC 5321, RFC 6409) is needed to hand over one mail.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::ClientConfig;
use secrecy::ExposeSecret as _;

use crate::{
    Address, Error,
    error::{MAIL, RECIPIENT, refused},
    line::{Line, Reached, Told},
    server::{Login, Security, Server},
};

/// So many lines may one answer have.
const LINES_MAX: usize = 100;

/// A connection to a server that takes our mails.
pub struct Smtp {
    line: Line,
    offers: Vec<String>,
}

struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Smtp {
    /// Connects, over TLS unless the server is on this machine and said to have none. `host` is who
    /// we say that we are.
    pub async fn connect(
        server: &Server,
        tls: &Arc<ClientConfig>,
        host: &str,
    ) -> Result<Self, Error> {
        Self::connect_telling(server, tls, host, &mut |_, _| {}).await
    }

    /// Connects, and tells how far it has come.
    pub async fn connect_telling(
        server: &Server,
        tls: &Arc<ClientConfig>,
        host: &str,
        told: Told<'_>,
    ) -> Result<Self, Error> {
        let line = Line::open(server, tls, told).await?;
        let mut smtp = Self {
            line,
            offers: Vec::new(),
        };
        let greeting = checked(smtp.reply().await?, 2, "the connection")?;
        smtp.hello(host).await?;
        told(
            Reached::Answer,
            greeting.lines.first().map_or("", |line| line),
        );
        if server.security == Security::StartTls {
            smtp.start_tls(server).await?;
            smtp.line = smtp.line.secure(told).await?;
            smtp.hello(host).await?;
        }
        Ok(smtp)
    }

    /// Asks for TLS. Where there is none, not a word more is said: neither password nor mail.
    async fn start_tls(&mut self, server: &Server) -> Result<(), Error> {
        let none = |said: String| Error::NoStartTls {
            server: server.clone(),
            said,
        };
        if !self.offers.iter().any(|offer| offer == "STARTTLS") {
            return Err(none(self.offers.join(" ")));
        }
        match self.ask("STARTTLS", 2, "STARTTLS").await {
            Err(Error::Refused { said, .. }) => Err(none(said)),
            other => other,
        }
    }

    /// Signs in.
    pub async fn login(&mut self, login: &Login) -> Result<(), Error> {
        let offers = |what: &str| {
            let methods = self
                .offers
                .iter()
                .filter_map(|offer| offer.strip_prefix("AUTH"));
            methods
                .flat_map(|offer| offer.split([' ', '=']))
                .any(|method| method == what)
        };
        let (user, password) = (&login.user, login.password.expose_secret());
        let words = if offers("PLAIN") {
            let plain = STANDARD.encode(format!("\0{user}\0{password}"));
            vec![(format!("AUTH PLAIN {plain}"), 2)]
        } else if offers("LOGIN") {
            vec![
                ("AUTH LOGIN".to_owned(), 3),
                (STANDARD.encode(user), 3),
                (STANDARD.encode(password), 2),
            ]
        } else {
            return Err(Error::NoLogin);
        };
        for (word, class) in words {
            match self.ask(&word, class, "the sign-in").await {
                Err(Error::Refused { said, .. }) => return Err(Error::Login { said }),
                other => other?,
            }
        }
        Ok(())
    }

    /// Whether the server takes mails from this address. Nothing is sent.
    pub async fn try_sender(&mut self, from: &Address) -> Result<(), Error> {
        self.ask(&format!("MAIL FROM:<{from}>"), 2, "the sender")
            .await?;
        self.ask("RSET", 2, "the end").await
    }

    /// Hands over a mail. When this is `Ok`, the server answers for it.
    pub async fn send(&mut self, from: &Address, to: &Address, mail: &[u8]) -> Result<(), Error> {
        self.ask(&format!("MAIL FROM:<{from}>"), 2, "the sender")
            .await?;
        self.ask(&format!("RCPT TO:<{to}>"), 2, RECIPIENT).await?;
        self.ask("DATA", 3, MAIL).await?;
        self.line.say(&dotted(mail)).await?;
        self.expect(2, MAIL).await
    }

    /// Ends in order. What goes wrong here changes nothing.
    pub async fn quit(mut self) {
        drop(self.ask("QUIT", 2, "the end").await);
    }

    async fn hello(&mut self, host: &str) -> Result<(), Error> {
        self.line.say(format!("EHLO {host}\r\n").as_bytes()).await?;
        let reply = self.reply().await?;
        let mut lines = checked(reply, 2, "the greeting")?.lines;
        for line in &mut lines {
            line.make_ascii_uppercase();
        }
        self.offers = lines;
        Ok(())
    }

    async fn ask(&mut self, command: &str, class: u16, what: &'static str) -> Result<(), Error> {
        self.line.say(format!("{command}\r\n").as_bytes()).await?;
        self.expect(class, what).await
    }

    async fn expect(&mut self, class: u16, what: &'static str) -> Result<(), Error> {
        let reply = self.reply().await?;
        checked(reply, class, what).map(drop)
    }

    async fn reply(&mut self) -> Result<Reply, Error> {
        const WRONG: Error = Error::Protocol {
            what: "an answer without a code",
        };
        let mut lines = Vec::new();
        for _ in 0..LINES_MAX {
            let line = self.line.hear().await?;
            let code = line
                .get(..3)
                .and_then(|code| code.parse().ok())
                .ok_or(WRONG)?;
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Reply { code, lines });
            }
        }
        Err(Error::Protocol {
            what: "an answer without end",
        })
    }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("server", self.line.server())
            .finish_non_exhaustive()
    }
}

fn checked(reply: Reply, class: u16, what: &'static str) -> Result<Reply, Error> {
    if reply.code / 100 == class {
        return Ok(reply);
    }
    let text = format!("{} {}", reply.code, reply.lines.join(" "));
    Err(refused(what, &text, reply.code / 100 == 5))
}

/// A mail as `DATA` carries it: lines end in CR LF, a leading dot is doubled, a dot ends it
/// (RFC 5321 §4.5.2).
fn dotted(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len() + 64);
    let mut lines = mail.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if lines.peek().is_none() && line.is_empty() {
            break;
        }
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        // A lone CR is an end of line to some servers, and with it a dot could end the mail.
        out.extend(line.iter().filter(|byte| **byte != b'\r'));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_mail_ends_it() {
        let sent = |mail: &[u8]| String::from_utf8(dotted(mail)).unwrap();
        assert_eq!(sent(b"a\r\n"), "a\r\n.\r\n");
        assert_eq!(sent(b"a\n.\n..b"), "a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(
            sent(b"a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
            "a\r\n..\r\nMAIL FROM:<x@y>\r\n.\r\n"
        );
        assert_eq!(sent(b"a\r.\r\nb"), "a.\r\nb\r\n.\r\n");
        assert_eq!(sent(b""), ".\r\n");
    }
}
