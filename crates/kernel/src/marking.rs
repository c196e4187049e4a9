//! Who may pass information on (TLP) and what may be done with it (PAP).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A label of the Traffic Light Protocol 2.0 (FIRST, August 2022), from the freest to the
/// strictest. AMBER and AMBER+STRICT are distinct: AMBER may go to clients of the recipient,
/// AMBER+STRICT stays in the recipient's organisation.
///
/// What comes unmarked is AMBER+STRICT, which is therefore the default; what comes with a label that
/// nobody knows is RED.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
pub enum Tlp {
    /// May be disclosed to all.
    #[serde(rename = "CLEAR")]
    Clear,
    /// May go to the community.
    #[serde(rename = "GREEN")]
    Green,
    /// May go to the recipient's organisation and its clients, on a need-to-know basis.
    #[serde(rename = "AMBER")]
    Amber,
    /// May go to the recipient's organisation only.
    #[default]
    #[serde(rename = "AMBER+STRICT")]
    AmberStrict,
    /// For the eyes and ears of the named recipients only.
    #[serde(rename = "RED")]
    Red,
}

/// A level of the Permissible Actions Protocol, from the freest to the strictest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Pap {
    /// No restriction.
    Clear,
    /// Active actions are allowed.
    Green,
    /// Passive cross-checks through third parties are allowed.
    Amber,
    /// Passive actions that cannot be detected, inside one's own house.
    Red,
}

/// A word that is no label.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a marking; use one of {allowed}")]
pub struct MarkingError {
    /// The labels that exist.
    pub allowed: &'static str,
}

impl Tlp {
    /// All labels, from the freest to the strictest.
    pub const ALL: [Self; 5] = [
        Self::Clear,
        Self::Green,
        Self::Amber,
        Self::AmberStrict,
        Self::Red,
    ];

    /// The label as TLP 2.0 writes it, without `TLP:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::AmberStrict => "AMBER+STRICT",
            Self::Red => "RED",
        }
    }

    /// The stored form: 0 for CLEAR to 4 for RED.
    pub const fn code(self) -> i32 {
        match self {
            Self::Clear => 0,
            Self::Green => 1,
            Self::Amber => 2,
            Self::AmberStrict => 3,
            Self::Red => 4,
        }
    }

    /// The label of a stored form; whatever is unknown is RED.
    pub const fn from_code(code: i32) -> Self {
        match code {
            0 => Self::Clear,
            1 => Self::Green,
            2 => Self::Amber,
            3 => Self::AmberStrict,
            _ => Self::Red,
        }
    }

    /// The label that a foreign text means, with or without `TLP:`, in any case, TLP 1's `WHITE`
    /// included. No text is AMBER+STRICT, an unknown one is RED.
    pub fn from_foreign(text: Option<&str>) -> Self {
        text.map_or(Self::default(), |text| text.parse().unwrap_or(Self::Red))
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tlp {
    type Err = MarkingError;

    fn from_str(text: &str) -> Result<Self, MarkingError> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.strip_prefix("TLP:").unwrap_or(&upper) {
            "CLEAR" | "WHITE" => Ok(Self::Clear),
            "GREEN" => Ok(Self::Green),
            "AMBER" => Ok(Self::Amber),
            "AMBER+STRICT" => Ok(Self::AmberStrict),
            "RED" => Ok(Self::Red),
            _ => Err(MarkingError {
                allowed: "CLEAR, GREEN, AMBER, AMBER+STRICT, RED",
            }),
        }
    }
}

impl Pap {
    /// All levels, from the freest to the strictest.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Green, Self::Amber, Self::Red];

    /// The level without `PAP:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::Red => "RED",
        }
    }

    /// The stored form: 0 for CLEAR to 3 for RED.
    pub const fn code(self) -> i32 {
        match self {
            Self::Clear => 0,
            Self::Green => 1,
            Self::Amber => 2,
            Self::Red => 3,
        }
    }

    /// The level of a stored form; whatever is unknown is RED.
    pub const fn from_code(code: i32) -> Self {
        match code {
            0 => Self::Clear,
            1 => Self::Green,
            2 => Self::Amber,
            _ => Self::Red,
        }
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Pap {
    type Err = MarkingError;

    fn from_str(text: &str) -> Result<Self, MarkingError> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.strip_prefix("PAP:").unwrap_or(&upper) {
            "CLEAR" | "WHITE" => Ok(Self::Clear),
            "GREEN" => Ok(Self::Green),
            "AMBER" => Ok(Self::Amber),
            "RED" => Ok(Self::Red),
            _ => Err(MarkingError {
                allowed: "CLEAR, GREEN, AMBER, RED",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_ordered_and_distinct() {
        assert!(Tlp::ALL.is_sorted());
        assert!(Tlp::Amber < Tlp::AmberStrict);
        assert!(Pap::ALL.is_sorted());
    }

    #[test]
    fn every_form_round_trips() {
        for tlp in Tlp::ALL {
            assert_eq!(Tlp::from_code(tlp.code()), tlp);
            assert_eq!(tlp.as_str().parse(), Ok(tlp));
            assert_eq!(serde_json::to_value(tlp).unwrap(), tlp.as_str());
        }
        for pap in Pap::ALL {
            assert_eq!(Pap::from_code(pap.code()), pap);
            assert_eq!(pap.as_str().parse(), Ok(pap));
            assert_eq!(serde_json::to_value(pap).unwrap(), pap.as_str());
        }
    }

    #[test]
    fn unmarked_is_amber_strict_and_unknown_is_red() {
        assert_eq!(Tlp::from_foreign(None), Tlp::AmberStrict);
        assert_eq!(Tlp::from_foreign(Some("tlp:purple")), Tlp::Red);
        assert_eq!(Tlp::from_foreign(Some("tlp:white")), Tlp::Clear);
        assert_eq!(Tlp::from_code(9), Tlp::Red);
        assert_eq!(Pap::from_code(-1), Pap::Red);
    }
}
