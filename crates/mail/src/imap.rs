//! What of IMAP (RFC 3501, RFC 9051) is needed to take mails out of one mailbox, and no more.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::ClientConfig;
use secrecy::ExposeSecret as _;

use crate::{
    Error, MAIL_BYTES_MAX,
    error::{refused, said},
    line::{Line, Reached, Told},
    server::{Login, Security, Server},
};

/// The longest header that is fetched of a mail that is too long itself.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// So many lines may one answer have.
const LINES_MAX: usize = 200_000;

/// A connection to a mailbox.
pub struct Imap {
    line: Line,
    tag: u32,
    offers: Vec<String>,
}

/// A mailbox, opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Selected {
    /// While it stays the same, a UID means the same mail.
    pub uid_validity: u32,
    /// How many mails there are.
    pub mails: u32,
}

/// A mail as it was fetched.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fetched {
    /// All of it.
    Whole(Vec<u8>),
    /// Its header alone: the mail is longer than [`MAIL_BYTES_MAX`].
    Head(Vec<u8>),
    /// It is not there any more.
    Gone,
}

/// One line of an answer, with the literals that stood in it.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    literals: Vec<Vec<u8>>,
}

impl Imap {
    /// Connects, over TLS unless the server is on this machine and said to have none.
    pub async fn connect(server: &Server, tls: &Arc<ClientConfig>) -> Result<Self, Error> {
        Self::connect_telling(server, tls, &mut |_, _| {}).await
    }

    /// Connects, and tells how far it has come.
    pub async fn connect_telling(
        server: &Server,
        tls: &Arc<ClientConfig>,
        told: Told<'_>,
    ) -> Result<Self, Error> {
        let line = Line::open(server, tls, told).await?;
        let mut imap = Self {
            line,
            tag: 0,
            offers: Vec::new(),
        };
        let greeting = imap.line.hear().await?;
        if !greeting.starts_with("* OK") {
            return Err(refused("the connection", &greeting, false));
        }
        told(Reached::Answer, &said(&greeting));
        if server.security == Security::StartTls {
            match imap.ask("STARTTLS", "STARTTLS").await {
                Err(Error::Refused { said, .. }) => {
                    let server = server.clone();
                    return Err(Error::NoStartTls { server, said });
                }
                other => drop(other?),
            }
            imap.line = imap.line.secure(told).await?;
        }
        let answers = imap
            .ask("CAPABILITY", "the question for its abilities")
            .await?;
        let offers = answers
            .iter()
            .filter_map(|one| one.text.strip_prefix("* CAPABILITY "));
        imap.offers = offers
            .flat_map(str::split_whitespace)
            .map(str::to_ascii_uppercase)
            .collect();
        Ok(imap)
    }

    /// Signs in.
    pub async fn login(&mut self, login: &Login) -> Result<(), Error> {
        let (user, password) = (&login.user, login.password.expose_secret());
        let offers = |what: &str| self.offers.iter().any(|offer| offer == what);
        let command = if offers("AUTH=PLAIN") {
            "AUTHENTICATE PLAIN".to_owned()
        } else if offers("LOGINDISABLED")
            || [user, password]
                .iter()
                .any(|text| text.contains(['\r', '\n', '\0']) || !text.is_ascii())
        {
            return Err(Error::NoLogin);
        } else {
            format!("LOGIN {} {}", quoted(user), quoted(password))
        };
        let tag = self.begin(&command).await?;
        if command.starts_with("AUTHENTICATE") {
            let asked = self.line.hear().await?;
            if !asked.starts_with('+') {
                return Err(Error::Login { said: said(&asked) });
            }
            let plain = STANDARD.encode(format!("\0{user}\0{password}"));
            self.line.say(format!("{plain}\r\n").as_bytes()).await?;
        }
        match self.end(&tag, "the sign-in").await {
            Err(Error::Refused { said, .. }) => Err(Error::Login { said }),
            other => other.map(drop),
        }
    }

    /// Opens a mailbox.
    pub async fn select(&mut self, folder: &str) -> Result<Selected, Error> {
        let answers = self
            .ask(&format!("SELECT {}", quoted(folder)), "the mailbox")
            .await?;
        let validity = answers.iter().find_map(|one| {
            let (_, rest) = one.text.split_once("[UIDVALIDITY ")?;
            rest.split(']').next()?.parse().ok()
        });
        let mails = answers.iter().find_map(|one| {
            let count = one.text.strip_prefix("* ")?.strip_suffix(" EXISTS")?;
            count.parse().ok()
        });
        match (validity, mails) {
            (Some(uid_validity), Some(mails)) => Ok(Selected {
                uid_validity,
                mails,
            }),
            _ => Err(Error::Protocol {
                what: "a mailbox without UIDVALIDITY",
            }),
        }
    }

    /// The UIDs behind one, in order.
    pub async fn uids_after(&mut self, last: u32) -> Result<Vec<u32>, Error> {
        let Some(next) = last.checked_add(1) else {
            return Ok(Vec::new());
        };
        // The newest mail is always in `n:*`, even if its UID is below n.
        let answers = self
            .ask(&format!("UID SEARCH UID {next}:*"), "the search")
            .await?;
        let found = answers
            .iter()
            .filter_map(|one| one.text.strip_prefix("* SEARCH"));
        let mut uids: Vec<u32> = found
            .flat_map(str::split_whitespace)
            .filter_map(|uid| uid.parse().ok())
            .filter(|uid| *uid > last)
            .collect();
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// A mail, which stays unread.
    pub async fn fetch(&mut self, uid: u32) -> Result<Fetched, Error> {
        let longest = MAIL_BYTES_MAX + 1;
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{longest}>)");
        match self.fetched(&command, uid).await? {
            None => Ok(Fetched::Gone),
            Some(bytes) if bytes.len() <= MAIL_BYTES_MAX => Ok(Fetched::Whole(bytes)),
            Some(_) => {
                let command =
                    format!("UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.{HEAD_BYTES_MAX}>)");
                let head = self.fetched(&command, uid).await?;
                Ok(head.map_or(Fetched::Gone, Fetched::Head))
            }
        }
    }

    /// Marks a mail as read.
    pub async fn mark_seen(&mut self, uid: u32) -> Result<(), Error> {
        let command = format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)");
        self.ask(&command, "the mark").await.map(drop)
    }

    /// Ends in order. What goes wrong here changes nothing.
    pub async fn logout(mut self) {
        drop(self.ask("LOGOUT", "the end").await);
    }

    async fn fetched(&mut self, command: &str, uid: u32) -> Result<Option<Vec<u8>>, Error> {
        let answers = self.ask(command, "the mail").await?;
        let of_it = format!("UID {uid}");
        let found = answers.into_iter().find(|one| {
            let inside = one.text.split(['(', ')']).any(|part| {
                part == of_it
                    || part.starts_with(&format!("{of_it} "))
                    || part.ends_with(&format!(" {of_it}"))
            });
            one.text.contains(" FETCH ") && inside && !one.literals.is_empty()
        });
        Ok(found.and_then(|one| one.literals.into_iter().next()))
    }

    async fn ask(&mut self, command: &str, what: &'static str) -> Result<Vec<Answer>, Error> {
        let tag = self.begin(command).await?;
        self.end(&tag, what).await
    }

    async fn begin(&mut self, command: &str) -> Result<String, Error> {
        self.tag = self.tag.wrapping_add(1);
        let tag = format!("c{}", self.tag);
        self.line
            .say(format!("{tag} {command}\r\n").as_bytes())
            .await?;
        Ok(tag)
    }

    /// All lines up to the one that ends the command.
    async fn end(&mut self, tag: &str, what: &'static str) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        // Literals of one answer together; a mail is asked for up to one byte more than we take.
        let mut room = MAIL_BYTES_MAX + 1 + HEAD_BYTES_MAX;
        for _ in 0..LINES_MAX {
            let answer = self.answer(&mut room).await?;
            let Some(status) = answer.text.strip_prefix(tag) else {
                answers.push(answer);
                continue;
            };
            return if status.starts_with(" OK") {
                Ok(answers)
            } else {
                Err(refused(what, status, false))
            };
        }
        Err(Error::Protocol {
            what: "an answer without end",
        })
    }

    async fn answer(&mut self, room: &mut usize) -> Result<Answer, Error> {
        let mut answer = Answer::default();
        loop {
            let text = self.line.hear().await?;
            let literal = text.strip_suffix('}').and_then(|rest| {
                let (before, size) = rest.rsplit_once('{')?;
                Some((before.len(), size.parse::<usize>().ok()?))
            });
            *room = room.checked_sub(text.len()).ok_or(Error::Protocol {
                what: "too long an answer",
            })?;
            let Some((before, size)) = literal else {
                answer.text.push_str(&text);
                return Ok(answer);
            };
            answer.text.push_str(text.get(..before).unwrap_or_default());
            *room = room.checked_sub(size).ok_or(Error::Protocol {
                what: "too long a literal",
            })?;
            answer.literals.push(self.line.hear_bytes(size).await?);
        }
    }
}

impl std::fmt::Debug for Imap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Imap")
            .field("server", self.line.server())
            .finish_non_exhaustive()
    }
}

/// A text as IMAP quotes it. What cannot stand in quotes is left out, which a server then refuses.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars().filter(|one| !one.is_control()) {
        if one == '"' || one == '\\' {
            quoted.push('\\');
        }
        quoted.push(one);
    }
    quoted.push('"');
    quoted
}
