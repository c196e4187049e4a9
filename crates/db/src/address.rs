//! Where a database is.

use std::{fmt, path::PathBuf, str::FromStr};

/// Which of the two engines.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Engine {
    /// One file in the data folder.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where a database is: a file, or a server's address. [`fmt::Display`] and [`fmt::Debug`] leave
/// the password out.
#[derive(Clone, Eq, PartialEq)]
pub enum Address {
    /// The path of an SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address, password and all.
    Postgres(String),
}

/// A text that names no database.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a database is postgres://USER@HOST/NAME or sqlite:PATH")]
pub struct AddressError;

impl Address {
    /// The engine behind the address.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            Ok(Self::Sqlite(path.into()))
        } else {
            Err(AddressError)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
                let (login, host) = rest.rsplit_once('@').unwrap_or(("", rest));
                let user = login
                    .split_once(':')
                    .map_or(login, |(user, _password)| user);
                let host = host.split_once('?').map_or(host, |(host, _options)| host);
                let at = if user.is_empty() { "" } else { "@" };
                write!(f, "{scheme}://{user}{at}{host}")
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_shown() {
        let address: Address = "postgres://ann:s3cr@t@db.example/comity?password=x"
            .parse()
            .unwrap();
        assert_eq!(address.to_string(), "postgres://ann@db.example/comity");
        assert_eq!(format!("{address:?}"), address.to_string());
    }

    #[test]
    fn what_names_no_database_is_refused() {
        for text in ["", "mysql://x", "sqlite:", "/var/lib/x.db"] {
            assert_eq!(text.parse::<Address>(), Err(AddressError), "{text}");
        }
    }
}
