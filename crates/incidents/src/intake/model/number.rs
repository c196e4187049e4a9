//! The number of a report, and the code that opens it.

use std::{fmt, str::FromStr};

use access::{secret, spoken};
use kernel::Rng;
use serde::{Deserialize, Serialize};

use crate::model::Invalid;

const CODE_CHARS: usize = 20;
const REFERENCE_CHARS: usize = 10;

/// The number by which reporter and officers speak of a report: `R-` and ten letters and digits by chance, so
/// that nobody can count reports or guess one. It opens nothing.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Reference(String);

impl Reference {
    /// A new number.
    pub fn random(rng: &dyn Rng) -> Self {
        let letters = spoken::random::<REFERENCE_CHARS>(rng);
        let (first, second) = letters.split_at_checked(5).unwrap_or((&letters, ""));
        Self(format!("R-{first}-{second}"))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid {
            field: "reference",
            rule: "a reference number such as R-7K3M2-9QXT4",
        };
        let upper = text.trim().to_ascii_uppercase();
        let (first, second) = upper
            .strip_prefix("R-")
            .and_then(|rest| rest.split_once('-'))
            .ok_or_else(invalid)?;
        let right = |part: &str| part.len() == 5 && spoken::is_spoken(part);
        (right(first) && right(second))
            .then(|| Self(upper.clone()))
            .ok_or_else(invalid)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Reference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What opens a report for its reporter: 20 letters and digits, 100 bits of chance. It can be read out on the
/// telephone. Stored as a hash; prints nothing of itself in logs.
#[derive(Clone, Eq, PartialEq)]
pub struct Code(String);

impl Code {
    /// A new code.
    pub fn random(rng: &dyn Rng) -> Self {
        Self(spoken::random::<CODE_CHARS>(rng))
    }

    /// The code as somebody typed it: in any case, with or without hyphens and spaces, with letters that
    /// look like digits.
    pub fn typed(text: &str) -> Option<Self> {
        spoken::typed::<CODE_CHARS>(text).map(Self)
    }

    /// The code as it is handed out.
    pub fn to_text(&self) -> String {
        spoken::grouped(&self.0)
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        secret::hash("comity/report-code/v1", self.0.as_bytes())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}
