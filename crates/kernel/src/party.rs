//! The short names by which parties are known to one another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Country;

/// The longest code of an organisation, in bytes.
const CODE_BYTES_MAX: usize = 40;

/// Who runs a node: the code of a State (`FR`, `XA`) or, for an organisation, a lower-case name of
/// 3 to 40 letters, digits and hyphens (`regional-hub`).
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PartyCode(String);

/// A text that is no party code.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{text:?} is neither the code of a State, such as FR, nor 3 to 40 of a-z, 0-9 and '-' for an organisation"
)]
pub struct PartyCodeError {
    /// The text as it came, cut to 48 characters.
    pub text: String,
}

impl PartyCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The State, if the party is one.
    pub fn country(&self) -> Option<Country> {
        self.0.parse().ok()
    }
}

impl From<Country> for PartyCode {
    fn from(country: Country) -> Self {
        Self(country.as_str().to_owned())
    }
}

impl fmt::Display for PartyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PartyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PartyCode {
    type Err = PartyCodeError;

    fn from_str(text: &str) -> Result<Self, PartyCodeError> {
        let organisation = (3..=CODE_BYTES_MAX).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if organisation || text.parse::<Country>().is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(PartyCodeError {
                text: text.chars().take(48).collect(),
            })
        }
    }
}

impl Serialize for PartyCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PartyCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_organisations_are_parties() {
        assert_eq!(
            "XA".parse::<PartyCode>()
                .unwrap()
                .country()
                .unwrap()
                .as_str(),
            "XA"
        );
        assert_eq!("regional-hub".parse::<PartyCode>().unwrap().country(), None);
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in [
            "", "ZZ", "xa", "-hub", "hub-", "9hub", "Hub", "a b c", "../x", "hub\n",
        ] {
            assert!(text.parse::<PartyCode>().is_err(), "{text}");
        }
    }
}
