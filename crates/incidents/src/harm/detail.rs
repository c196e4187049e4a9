//! What is known of a figure of harm beside its number.

use std::{fmt, str::FromStr};

use kernel::Timestamp;

use super::groups::Cell;
use crate::{
    model::{Dated, Invalid, Line, words},
    severity::Author,
};

words! {
    /// How sure somebody is of a figure.
    Confidence, "low, moderate or high", {
        /// It may well be otherwise.
        Low = "low",
        /// It is plausible.
        Moderate = "moderate",
        /// It would be a surprise if it were otherwise.
        High = "high",
    }
}

words! {
    /// Who gives a figure.
    Origin, "operator, authority, study, press, party or attacker", {
        /// Whoever ran what was hit.
        Operator = "operator",
        /// An authority, from its records.
        Authority = "authority",
        /// A study.
        Study = "study",
        /// The press, or a speaker in a meeting.
        Press = "press",
        /// A party to a conflict or a dispute.
        Party = "party",
        /// Whoever says that he did it.
        Attacker = "attacker",
    }
}

impl Origin {
    /// Why what comes from there is a claim, of grade D; nothing where it need not be.
    pub(crate) const fn claims(self) -> Option<&'static str> {
        match self {
            Self::Attacker => Some("D: what an attacker says of himself is a claim"),
            Self::Party => Some("D: what a party to a conflict says is a claim"),
            Self::Operator | Self::Authority | Self::Study | Self::Press => None,
        }
    }
}

words! {
    /// What a number counts. Numbers of different nature are never added.
    #[schema(as = incidents::MoneyNature)]
    Nature, "what the number counts, such as affected or response", {
        /// Attempts.
        Attempt = "attempt",
        /// Incidents.
        Incident = "incident",
        /// What or who was hit.
        Affected = "affected",
        /// What could have been hit: the most that it can be.
        Exposed = "exposed",
        /// What was asked for as ransom.
        Demanded = "demanded",
        /// What was paid as ransom.
        Paid = "paid",
        /// What the response cost.
        Response = "response",
        /// Revenue that was lost.
        LostRevenue = "lost-revenue",
        /// What others paid or lost.
        ThirdParty = "third-party",
        /// Fines, settlements, courts.
        Legal = "legal",
        /// Something else.
        Other = "other",
    }
}

/// How the incident and the harm hang together. "Caused" needs a coroner, a clinical review or a
/// study, which is named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Causality {
    /// Both were seen together.
    Associated,
    /// The incident was one of the reasons.
    Contributed,
    /// The incident was the reason, as that says.
    Caused(Line<300>),
}

impl Causality {
    /// The word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Associated => "associated",
            Self::Contributed => "contributed",
            Self::Caused(_) => "caused",
        }
    }

    /// What says so, where it is stated to be the reason.
    pub const fn evidence(&self) -> Option<&Line<300>> {
        match self {
            Self::Caused(evidence) => Some(evidence),
            Self::Associated | Self::Contributed => None,
        }
    }

    /// The word with what says so.
    pub fn read(word: &str, evidence: Option<Line<300>>) -> Result<Self, Invalid> {
        let invalid = |field, rule| Err(Invalid { field, rule });
        match (word, evidence) {
            ("associated", None) => Ok(Self::Associated),
            ("contributed", None) => Ok(Self::Contributed),
            ("caused", Some(evidence)) => Ok(Self::Caused(evidence)),
            ("caused", None) => invalid(
                "causality_evidence",
                "\"caused\" needs a coroner, a clinical review or a study, by name",
            ),
            ("associated" | "contributed", Some(_)) => {
                invalid("causality_evidence", "stands with \"caused\" alone")
            }
            _ => invalid("causality", "associated, contributed or caused"),
        }
    }
}

/// What a figure counts, as a key: two figures under one key count the same once more.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Key(String);

impl Key {
    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=60).contains(&text.len());
        let right = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if fits && text.bytes().all(right) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid {
                field: "merge_key",
                rule: "1 to 60 of a-z, 0-9 and '-'",
            })
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which earlier one it takes the place of, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correction {
    /// The number of the earlier one.
    pub number: u32,
    /// Why.
    pub reason: Line<500>,
}

impl Correction {
    /// The correction as it is told: both, or nothing.
    pub fn read(number: Option<u32>, reason: Option<&str>) -> Result<Option<Self>, Invalid> {
        let reason = Line::optional(reason, "correction")?;
        match (number, reason) {
            (None, None) => Ok(None),
            (Some(number), Some(reason)) => Ok(Some(Self { number, reason })),
            (Some(_), None) => Err(Invalid {
                field: "correction",
                rule: "why it is corrected",
            }),
            (None, Some(_)) => Err(Invalid {
                field: "corrects",
                rule: "the number of what is corrected",
            }),
        }
    }
}

/// What is known of a figure beside its number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Detail {
    /// How the number was found.
    pub method: Option<Line<500>>,
    /// As of when.
    pub as_of: Option<Dated>,
    /// How sure whoever entered it is.
    pub confidence: Option<Confidence>,
    /// Who gives it.
    pub origin: Option<Origin>,
    /// How incident and harm hang together.
    pub causality: Option<Causality>,
    /// What it is compared with, such as the same weekdays of the eight weeks before.
    pub baseline: Option<Line<300>>,
    /// What the number counts.
    pub nature: Option<Nature>,
    /// Under which key it counts once.
    pub merge_key: Option<Key>,
    /// The same number by groups of people.
    pub cells: Vec<Cell>,
    /// How many people of each group use what was hit.
    pub among: Vec<Cell>,
    /// Which earlier figure it takes the place of.
    pub corrects: Option<Correction>,
    /// Who entered it and when; not known of what was entered before this was kept.
    pub entered: Option<(Author, Timestamp)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caused_needs_its_evidence() {
        let evidence = || "inquest 4 of 2024".parse().ok();
        assert_eq!(
            Causality::read("caused", None).unwrap_err().field,
            "causality_evidence"
        );
        assert!(Causality::read("caused", evidence()).is_ok());
        assert!(Causality::read("associated", evidence()).is_err());
        assert!(Causality::read("proved", None).is_err());
    }

    #[test]
    fn a_correction_says_why() {
        assert_eq!(Correction::read(None, None), Ok(None));
        assert!(Correction::read(Some(1), None).is_err());
        assert!(Correction::read(None, Some("a slip")).is_err());
        assert!(Correction::read(Some(1), Some("a slip")).unwrap().is_some());
    }
}
