//! What a message is for, and how fast somebody has to look.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::HeaderError;

/// The longest message kind, in bytes.
const KIND_BYTES_MAX: usize = 24;

/// What a message is for, such as `RFM`. How messages travel does not depend on it; which kinds
/// exist is known to the rooms that handle them.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Kind(String);

impl Kind {
    /// The kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Kind {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let well_formed = (2..=KIND_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(HeaderError::Kind)
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// How fast somebody has to look.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "level")]
pub enum Urgency {
    /// Within office hours.
    #[default]
    Routine,
    /// Today, and for this reason.
    Urgent {
        /// Why.
        basis: UrgencyBasis,
    },
    /// Now, by waking somebody, and for this reason.
    Flash {
        /// Why.
        basis: UrgencyBasis,
    },
}

/// Why a message is urgent. A code and not a sentence, since the header is not sealed: the words
/// belong in the body.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UrgencyBasis {
    /// Somebody may die or be hurt.
    LifeAtRisk,
    /// A service on which people depend is down or about to be.
    EssentialService,
    /// The damage goes on or spreads.
    OngoingDamage,
    /// What could be looked into is about to vanish.
    PerishableEvidence,
    /// A misunderstanding between States could grow.
    RiskOfEscalation,
}

impl Urgency {
    /// `routine`, `urgent` or `flash`.
    pub const fn level(self) -> &'static str {
        match self {
            Self::Routine => "routine",
            Self::Urgent { .. } => "urgent",
            Self::Flash { .. } => "flash",
        }
    }

    /// Why, where it is more than routine.
    pub const fn basis(self) -> Option<UrgencyBasis> {
        match self {
            Self::Routine => None,
            Self::Urgent { basis } | Self::Flash { basis } => Some(basis),
        }
    }
}
