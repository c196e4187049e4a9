//! What an operator can set, and the one place that reads the environment.
//!
//! The same names stand in the file (`comity.toml`), in the environment (`COMITY_` and the name in
//! capitals) and, with hyphens, on the command line. The command line wins over the environment,
//! the environment over the file.

mod environment;
mod mail;
mod reach;

use std::{
    env,
    ffi::OsString,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use db::Address;
use serde::{Deserialize, Serialize};

use environment::Environment;

pub use mail::{Mail, MailSettings};
pub use outward::{Network, NetworkError};

/// The name of the configuration file in the data folder.
pub const FILE_NAME: &str = "comity.toml";
/// The longest configuration file that is read.
const FILE_BYTES_MAX: u64 = 64 * 1024;
const PREFIX: &str = "COMITY_";
const DATA_DEFAULT: &str = "comity-data";
const WEB_DEFAULT: &str = "127.0.0.1:8460";
const FEDERATION_DEFAULT: &str = "127.0.0.1:8461";
const LOG_FILTER_DEFAULT: &str = "info,sqlx=warn";

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What one source says. Every field is optional; a name that is not here is refused.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data folder.
    pub data: Option<PathBuf>,
    /// `postgres://…` or `sqlite:PATH`.
    pub database: Option<String>,
    /// Where people connect.
    pub web: Option<String>,
    /// Where nodes connect.
    pub federation: Option<String>,
    /// The address of the pages as people type it.
    pub web_url: Option<String>,
    /// Host and port at which peers reach this node.
    pub federation_address: Option<String>,
    /// Addresses or networks of proxies whose `X-Forwarded-*` fields are believed.
    pub trusted_proxies: Option<Vec<String>>,
    /// Addresses or networks of our own in which servers of other makers may be asked.
    pub remote_networks: Option<Vec<String>>,
    /// The file that holds the passphrase of the vault.
    pub passphrase_file: Option<PathBuf>,
    /// The key file of the vault.
    pub key_file: Option<PathBuf>,
    /// `text` or `json`.
    pub log: Option<LogFormat>,
    /// Which lines are written, such as `info,federation=debug`.
    pub log_filter: Option<String>,
    /// What a reader of `/metrics` from elsewhere has to show as its bearer token.
    pub metrics_token: Option<String>,
    /// Requests a minute and address.
    pub requests_per_minute: Option<u32>,
    /// Connections to the database.
    pub database_connections: Option<u32>,
    /// The mailbox. In the environment its names begin with `COMITY_MAIL_`.
    pub mail: Option<MailSettings>,
}

/// The configuration of a node, complete and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The database.
    pub database: Address,
    /// Where people connect.
    pub web: SocketAddr,
    /// Where nodes connect.
    pub federation: SocketAddr,
    /// The address of the pages as people type it, without a slash at its end.
    pub web_url: String,
    /// Host and port at which peers reach this node.
    pub federation_address: String,
    /// Which of these two the operator said; the other was made up from where the node listens.
    pub said: Said,
    /// Proxies whose `X-Forwarded-*` fields are believed.
    pub trusted_proxies: Vec<Network>,
    /// Networks of our own in which servers of other makers may be asked.
    pub remote_networks: Vec<Network>,
    /// How the vault is opened.
    pub unlock: Unlock,
    /// How the log is written.
    pub log: LogFormat,
    /// Which lines are written.
    pub log_filter: String,
    /// What a reader of `/metrics` from elsewhere has to show.
    pub metrics_token: Option<Token>,
    /// Requests a minute and address.
    pub requests_per_minute: u32,
    /// Connections to the database.
    pub database_connections: u32,
    /// The mailbox, if there is one.
    pub mail: Option<Mail>,
}

/// Which addresses the operator said.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Said {
    /// Where peers reach the node.
    pub federation_address: bool,
    /// Where people reach it.
    pub web_url: bool,
}

/// How the vault is opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Unlock {
    /// With a key file.
    KeyFile(PathBuf),
    /// With a passphrase in a file.
    PassphraseFile(PathBuf),
    /// With the passphrase in the environment variable `COMITY_PASSPHRASE`.
    Passphrase(Token),
    /// Not said: the key file in the data folder if there is one, else whoever started the program
    /// asks a person.
    Unsaid,
}

/// A secret in the configuration. It is not shown.
#[derive(Clone, Eq, PartialEq)]
pub struct Token(String);

impl Token {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is no TOML, or has a name that is not known.
    #[error("the configuration file {path} is wrong", path = path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A value cannot be used.
    #[error("the setting {name} is wrong: {why}")]
    Value {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The environment has a `COMITY_` variable that is not known.
    #[error("the environment variable {name} is not known")]
    Unknown {
        /// The variable.
        name: String,
    },
}

impl Config {
    /// Reads file, environment and command line. `file` is what the command line names.
    pub fn load(file: Option<&Path>, flags: Settings) -> Result<Self, ConfigError> {
        let environment = Environment::read(env::vars_os().filter_map(text_pair))?;
        let file = file.map(Path::to_owned).or(environment.file);
        Self::from_sources(
            file.as_deref(),
            environment.settings,
            flags,
            environment.passphrase,
        )
    }

    /// What these settings say and nothing else: neither environment nor file is read.
    pub fn of(settings: Settings) -> Result<Self, ConfigError> {
        settings.resolve(None)
    }

    fn from_sources(
        file: Option<&Path>,
        environment: Settings,
        flags: Settings,
        passphrase: Option<Token>,
    ) -> Result<Self, ConfigError> {
        let above = flags.over(environment);
        let data = above.data.clone();
        let data = data.unwrap_or_else(|| PathBuf::from(DATA_DEFAULT));
        let below = match file {
            Some(path) => read_file(path)?,
            None if data.join(FILE_NAME).is_file() => read_file(&data.join(FILE_NAME))?,
            None => Settings::default(),
        };
        above.over(below).resolve(passphrase)
    }
}

impl Settings {
    /// What this source says, and for the rest the other one.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            database: self.database.or(other.database),
            web: self.web.or(other.web),
            federation: self.federation.or(other.federation),
            web_url: self.web_url.or(other.web_url),
            federation_address: self.federation_address.or(other.federation_address),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            remote_networks: self.remote_networks.or(other.remote_networks),
            passphrase_file: self.passphrase_file.or(other.passphrase_file),
            key_file: self.key_file.or(other.key_file),
            log: self.log.or(other.log),
            log_filter: self.log_filter.or(other.log_filter),
            metrics_token: self.metrics_token.or(other.metrics_token),
            requests_per_minute: self.requests_per_minute.or(other.requests_per_minute),
            database_connections: self.database_connections.or(other.database_connections),
            mail: MailSettings::over(self.mail, other.mail),
        }
    }

    fn resolve(self, passphrase: Option<Token>) -> Result<Config, ConfigError> {
        const REQUESTS_DEFAULT: u32 = 600;
        const CONNECTIONS_DEFAULT: u32 = 8;
        const TOKEN_CHARS_MIN: usize = 16;
        let data = self.data.unwrap_or_else(|| PathBuf::from(DATA_DEFAULT));
        let database = match self.database {
            Some(text) => parse("database", &text)?,
            None => Address::Sqlite(data.join("comity.db")),
        };
        let web: SocketAddr = parse("web", self.web.as_deref().unwrap_or(WEB_DEFAULT))?;
        let federation: SocketAddr = parse(
            "federation",
            self.federation.as_deref().unwrap_or(FEDERATION_DEFAULT),
        )?;
        let unlock = match (self.key_file, self.passphrase_file, passphrase) {
            (Some(path), None, None) => Unlock::KeyFile(path),
            (None, Some(path), None) => Unlock::PassphraseFile(path),
            (None, None, Some(token)) => Unlock::Passphrase(token),
            (None, None, None) => Unlock::Unsaid,
            _ => {
                return Err(wrong(
                    "key_file",
                    "only one of key file, passphrase file and COMITY_PASSPHRASE can be given",
                ));
            }
        };
        if self
            .metrics_token
            .as_ref()
            .is_some_and(|token| token.len() < TOKEN_CHARS_MIN)
        {
            return Err(wrong("metrics_token", "it is shorter than 16 characters"));
        }
        let said = Said {
            federation_address: self.federation_address.is_some(),
            web_url: self.web_url.is_some(),
        };
        let mail = self.mail.map(MailSettings::resolve).transpose()?;
        Ok(Config {
            mail,
            database,
            said,
            web_url: reach::web_url(self.web_url, web)?,
            federation_address: authority(self.federation_address, federation)?,
            web,
            federation,
            trusted_proxies: networks("trusted_proxies", self.trusted_proxies)?,
            remote_networks: networks("remote_networks", self.remote_networks)?,
            unlock,
            data,
            log: self.log.unwrap_or_default(),
            log_filter: self
                .log_filter
                .unwrap_or_else(|| LOG_FILTER_DEFAULT.to_owned()),
            metrics_token: self.metrics_token.map(Token),
            requests_per_minute: self.requests_per_minute.unwrap_or(REQUESTS_DEFAULT).max(1),
            database_connections: self
                .database_connections
                .unwrap_or(CONNECTIONS_DEFAULT)
                .max(1),
        })
    }
}

fn networks(name: &'static str, texts: Option<Vec<String>>) -> Result<Vec<Network>, ConfigError> {
    let texts = texts.unwrap_or_default();
    texts.iter().map(|text| parse(name, text)).collect()
}

fn authority(text: Option<String>, federation: SocketAddr) -> Result<String, ConfigError> {
    let Some(text) = text else {
        return Ok(federation.to_string());
    };
    let usable = text
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        && !text.contains(['/', '?', '#', '@', ' ']);
    if usable {
        Ok(text)
    } else {
        Err(wrong("federation_address", "it is not HOST:PORT"))
    }
}

fn parse<T>(name: &'static str, text: &str) -> Result<T, ConfigError>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|why: T::Err| wrong(name, &why.to_string()))
}

fn wrong(name: &'static str, why: &str) -> ConfigError {
    ConfigError::Value {
        name,
        why: why.to_owned(),
    }
}

fn read_file(path: &Path) -> Result<Settings, ConfigError> {
    let read = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(read)?.len() > FILE_BYTES_MAX {
        return Err(read(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is longer than 64 KiB",
        )));
    }
    let text = fs::read_to_string(path).map_err(read)?;
    toml::from_str(&text).map_err(|source| ConfigError::Toml {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// A variable that is no text is not ours.
fn text_pair((name, value): (OsString, OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.into_string().ok()?))
}

#[cfg(test)]
mod tests;
