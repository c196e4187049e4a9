//! The mailbox in the configuration: a table `[mail]` in the file, `COMITY_MAIL_…` in the environment.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use mail::{Address, Server};
use serde::Deserialize;

use super::{ConfigError, Token, parse, wrong};

/// The longest file of a password or of certificates.
const FILE_BYTES_MAX: u64 = 256 * 1024;
const EVERY_DEFAULT: u64 = 60;
const EVERY_MIN: u64 = 5;
const EVERY_MAX: u64 = 24 * 60 * 60;

/// What one source says of the mailbox. A name that is not here is refused.
#[derive(Clone, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The address that people write to.
    pub address: Option<String>,
    /// The name beside it.
    pub name: Option<String>,
    /// `imaps://HOST[:PORT]` or `imap://HOST[:PORT]`, which is STARTTLS.
    pub imap: Option<String>,
    /// `smtps://HOST[:PORT]` or `smtp://HOST[:PORT]`, which is STARTTLS.
    pub smtp: Option<String>,
    /// The folder that is read.
    pub folder: Option<String>,
    /// The name at both servers.
    pub user: Option<String>,
    /// The password at both servers.
    pub password: Option<String>,
    /// The file that holds the password.
    pub password_file: Option<PathBuf>,
    /// A file of certificates in PEM that are believed besides the system's.
    pub authority_file: Option<PathBuf>,
    /// How often is looked for mails, in seconds.
    pub every_seconds: Option<u64>,
    /// Whether strangers get an acknowledgement.
    pub acknowledge: Option<bool>,
}

/// The mailbox in the configuration, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// The address that people write to.
    pub address: Address,
    /// The name beside it.
    pub name: String,
    /// Where mails come in.
    pub imap: Option<Server>,
    /// Where mails go out.
    pub smtp: Option<Server>,
    /// The folder that is read.
    pub folder: String,
    /// Name and password at both servers.
    pub login: Option<(String, Token)>,
    /// Certificates in PEM.
    pub authority: Option<String>,
    /// How often is looked for mails.
    pub every: Duration,
    /// Whether strangers get an acknowledgement.
    pub acknowledge: bool,
}

impl MailSettings {
    /// What a source says, and for the rest the other one.
    pub(super) fn over(above: Option<Self>, below: Option<Self>) -> Option<Self> {
        let (above, below) = match (above, below) {
            (Some(above), Some(below)) => (above, below),
            (above, below) => return above.or(below),
        };
        // A password and a file of it are two ways to say one thing.
        let says_password = above.password.is_some() || above.password_file.is_some();
        let (password, password_file) = if says_password {
            (above.password, above.password_file)
        } else {
            (below.password, below.password_file)
        };
        Some(Self {
            address: above.address.or(below.address),
            name: above.name.or(below.name),
            imap: above.imap.or(below.imap),
            smtp: above.smtp.or(below.smtp),
            folder: above.folder.or(below.folder),
            user: above.user.or(below.user),
            password,
            password_file,
            authority_file: above.authority_file.or(below.authority_file),
            every_seconds: above.every_seconds.or(below.every_seconds),
            acknowledge: above.acknowledge.or(below.acknowledge),
        })
    }

    /// These settings with one more, as the environment says it.
    pub(super) fn with(mut self, (name, value): (&str, &str)) -> Result<Self, ConfigError> {
        let text = Some(value.to_owned());
        match name {
            "address" => self.address = text,
            "name" => self.name = text,
            "imap" => self.imap = text,
            "smtp" => self.smtp = text,
            "folder" => self.folder = text,
            "user" => self.user = text,
            "password" => self.password = text,
            "password_file" => self.password_file = Some(value.into()),
            "authority_file" => self.authority_file = Some(value.into()),
            "every_seconds" => self.every_seconds = Some(parse("mail.every_seconds", value)?),
            "acknowledge" => self.acknowledge = Some(parse("mail.acknowledge", value)?),
            _ => {
                return Err(ConfigError::Unknown {
                    name: format!("COMITY_MAIL_{}", name.to_ascii_uppercase()),
                });
            }
        }
        Ok(self)
    }

    pub(super) fn resolve(self) -> Result<Mail, ConfigError> {
        let address = self
            .address
            .ok_or_else(|| wrong("mail.address", "it is missing"))?;
        let server = |name, text: Option<String>, is_imap: bool| {
            let server: Option<Server> = text.map(|text| parse(name, &text)).transpose()?;
            match server {
                Some(server) if server.is_imap() != is_imap => {
                    Err(wrong(name, "it is the scheme of another protocol"))
                }
                server => Ok(server),
            }
        };
        let (imap, smtp) = (
            server("mail.imap", self.imap, true)?,
            server("mail.smtp", self.smtp, false)?,
        );
        if imap.is_none() && smtp.is_none() {
            return Err(wrong("mail", "it has neither imap nor smtp"));
        }
        let password = match (self.password, self.password_file) {
            (Some(_), Some(_)) => {
                return Err(wrong(
                    "mail.password",
                    "only one of password and password_file can be given",
                ));
            }
            (password, None) => password,
            (None, Some(path)) => {
                let text = read("mail.password_file", &path)?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            }
        };
        let login = match (self.user, password) {
            (Some(user), Some(password)) if !password.is_empty() => Some((user, Token(password))),
            (None, None) => None,
            _ => {
                return Err(wrong(
                    "mail.user",
                    "user and password are given together or not at all",
                ));
            }
        };
        let every = self.every_seconds.unwrap_or(EVERY_DEFAULT);
        if !(EVERY_MIN..=EVERY_MAX).contains(&every) {
            return Err(wrong("mail.every_seconds", "it is not from 5 to 86400"));
        }
        Ok(Mail {
            address: parse("mail.address", &address)?,
            name: self.name.unwrap_or_default(),
            folder: self.folder.unwrap_or_else(|| "INBOX".to_owned()),
            authority: self
                .authority_file
                .map(|path| read("mail.authority_file", &path))
                .transpose()?,
            every: Duration::from_secs(every),
            acknowledge: self.acknowledge.unwrap_or(true),
            imap,
            smtp,
            login,
        })
    }
}

/// Everything but the password.
impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings")
            .field("address", &self.address)
            .field("imap", &self.imap)
            .field("smtp", &self.smtp)
            .finish_non_exhaustive()
    }
}

fn read(name: &'static str, path: &Path) -> Result<String, ConfigError> {
    let failed = |source: std::io::Error| {
        wrong(
            name,
            &format!("{} cannot be read: {source}", path.display()),
        )
    };
    if fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(wrong(name, "the file is longer than 256 KiB"));
    }
    fs::read_to_string(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            address: Some("desk@example.org".to_owned()),
            imap: Some("imaps://mail.example".to_owned()),
            user: Some("desk".to_owned()),
            password: Some("secret-of-the-desk".to_owned()),
            ..MailSettings::default()
        }
    }

    #[test]
    fn a_mailbox_is_complete_or_refused_and_never_shows_its_password() {
        let mail = settings().resolve().unwrap();
        assert_eq!(
            (mail.folder.as_str(), mail.every, mail.acknowledge),
            ("INBOX", Duration::from_mins(1), true)
        );
        assert!(!format!("{mail:?} {:?}", settings()).contains("secret"));
        let refused = |change: fn(&mut MailSettings)| {
            let mut settings = settings();
            change(&mut settings);
            settings.resolve().unwrap_err().to_string()
        };
        assert!(refused(|mail| mail.address = None).contains("mail.address"));
        assert!(
            refused(|mail| mail.address = Some("a@b\r\nBcc: c@d".to_owned()))
                .contains("mail.address")
        );
        assert!(
            refused(|mail| mail.imap = Some("imap+plain://mail.example".to_owned()))
                .contains("without TLS")
        );
        assert!(
            refused(|mail| mail.imap = Some("smtps://mail.example".to_owned()))
                .contains("another protocol")
        );
        assert!(refused(|mail| mail.imap = None).contains("neither"));
        assert!(refused(|mail| mail.password = None).contains("together"));
        assert!(refused(|mail| mail.every_seconds = Some(1)).contains("from 5"));
        assert!(
            refused(|mail| mail.password_file = Some("/nonexistent".into())).contains("only one")
        );
    }

    #[test]
    fn the_environment_wins_over_the_file_name_by_name() {
        let above = MailSettings::default().with(("folder", "Reports")).unwrap();
        let above = above.with(("password_file", "/run/password")).unwrap();
        let both = MailSettings::over(Some(above), Some(settings())).unwrap();
        assert_eq!(both.folder.as_deref(), Some("Reports"));
        assert_eq!(
            (both.password, both.password_file),
            (None, Some("/run/password".into()))
        );
        assert_eq!(both.address, settings().address);
        let unknown = MailSettings::default().with(("passwort", "x")).unwrap_err();
        assert!(unknown.to_string().contains("COMITY_MAIL_PASSWORT"));
    }
}
