//! The one place that reads the environment.

use std::path::PathBuf;

use super::{ConfigError, PREFIX, Settings, Token};

#[derive(Default)]
pub(super) struct Environment {
    pub(super) settings: Settings,
    pub(super) file: Option<PathBuf>,
    pub(super) passphrase: Option<Token>,
}

impl Environment {
    /// Each variable is put through the reader of the file, as text, so that both take the same.
    pub(super) fn read(
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        const NUMBERS: [&str; 2] = ["requests_per_minute", "database_connections"];
        let mut found = Self::default();
        let mut table = toml::Table::new();
        for (name, value) in variables {
            let Some(short) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let key = short.to_ascii_lowercase();
            match key.as_str() {
                "config" => found.file = Some(value.into()),
                "passphrase" => found.passphrase = Some(Token(value)),
                // Read by the tests of this project alone.
                _ if key.starts_with("test_") => {}
                "trusted_proxies" | "remote_networks" => {
                    let list = value
                        .split(',')
                        .map(str::trim)
                        .filter(|one| !one.is_empty());
                    let list = list
                        .map(|one| toml::Value::String(one.to_owned()))
                        .collect();
                    table.insert(key, toml::Value::Array(list));
                }
                of_mail if of_mail.starts_with("mail_") => {
                    let short = of_mail.trim_start_matches("mail_").to_owned();
                    let mail = found.settings.mail.take().unwrap_or_default();
                    found.settings.mail = Some(mail.with((&short, &value))?);
                }
                number if NUMBERS.contains(&number) => {
                    let value = value.parse().map_err(|_no_number| ConfigError::Value {
                        name: "COMITY_REQUESTS_PER_MINUTE or COMITY_DATABASE_CONNECTIONS",
                        why: "it is not a number".to_owned(),
                    })?;
                    table.insert(key, toml::Value::Integer(value));
                }
                _ => {
                    table.insert(key, toml::Value::String(value));
                }
            }
        }
        for (key, value) in table {
            let mut one = toml::Table::new();
            one.insert(key.clone(), value);
            let one: Settings = one.try_into().map_err(|_unknown| ConfigError::Unknown {
                name: format!("{PREFIX}{}", key.to_ascii_uppercase()),
            })?;
            found.settings = found.settings.over(one);
        }
        Ok(found)
    }
}
