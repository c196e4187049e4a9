//! A class as a tag of a machine.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Class, Code, Name};
use crate::model::Invalid;

/// A class by its taxonomy and its code, of whichever version: `enterprise-attack:T1566`. It is read
/// from the machine tags of MISP too: `rsit:fraud="phishing"` is `rsit:fraud/phishing`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tag {
    taxonomy: Name,
    code: Code,
}

impl Tag {
    /// The taxonomy.
    pub const fn taxonomy(&self) -> &Name {
        &self.taxonomy
    }

    /// The code of the class in it.
    pub const fn code(&self) -> &Code {
        &self.code
    }

    /// The class as MISP writes it: what stands behind the first slash of a code is a value.
    pub fn machine(&self) -> String {
        let (taxonomy, code) = (&self.taxonomy, self.code.as_str());
        match code.split_once('/') {
            Some((predicate, value)) => format!("{taxonomy}:{predicate}=\"{value}\""),
            None => format!("{taxonomy}:{code}"),
        }
    }
}

impl From<&Class> for Tag {
    fn from(class: &Class) -> Self {
        Self {
            taxonomy: class.taxonomy.clone(),
            code: class.code.clone(),
        }
    }
}

impl From<(Name, Code)> for Tag {
    fn from((taxonomy, code): (Name, Code)) -> Self {
        Self { taxonomy, code }
    }
}

impl FromStr for Tag {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let unfit = || Invalid {
            field: "class",
            rule: "a taxonomy and the code of a class, as enterprise-attack:T1566",
        };
        let (taxonomy, code) = text.trim().split_once(':').ok_or_else(unfit)?;
        let code = code.trim();
        let code = match code
            .strip_suffix('"')
            .and_then(|rest| rest.split_once("=\""))
        {
            Some((predicate, value)) => format!("{predicate}/{value}"),
            None => code.to_owned(),
        };
        Ok(Self {
            taxonomy: taxonomy.parse().map_err(|_unfit: Invalid| unfit())?,
            code: code.parse().map_err(|_unfit: Invalid| unfit())?,
        })
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.taxonomy, self.code)
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_one_tag_and_is_read_from_that_of_misp() {
        for (text, tag, machine) in [
            (
                "enterprise-attack:T1566.001",
                "enterprise-attack:T1566.001",
                "enterprise-attack:T1566.001",
            ),
            (
                " rsit:fraud=\"phishing\" ",
                "rsit:fraud/phishing",
                "rsit:fraud=\"phishing\"",
            ),
            (
                "rsit:fraud/phishing",
                "rsit:fraud/phishing",
                "rsit:fraud=\"phishing\"",
            ),
            ("a:b=\"c:d/e\"", "a:b/c:d/e", "a:b=\"c:d/e\""),
        ] {
            let read: Tag = text.parse().unwrap();
            assert_eq!(read.to_string(), tag, "{text}");
            assert_eq!(read.machine(), machine, "{text}");
            assert_eq!(machine.parse::<Tag>(), Ok(read), "{text}");
        }
    }

    #[test]
    fn what_names_no_class_is_refused() {
        for text in ["", "rsit", "rsit:", ":a", "a b:c", "rsit: ", "a:b\nc"] {
            let read = text.parse::<Tag>();
            assert_eq!(read.unwrap_err().field, "class", "{text:?}");
        }
    }
}
