//! What belongs to an incident.

use std::{fmt, str::FromStr};

use kernel::Country;

use super::{Dated, Invalid, Line, words};

words! {
    /// What a statement does.
    StatementKind, "account, attribution, claim or denial", {
        /// It tells what happened.
        Account = "account",
        /// It also says who did it.
        Attribution = "attribution",
        /// It passes on what an actor says of itself.
        Claim = "claim",
        /// It rejects an attribution.
        Denial = "denial",
    }
}

/// Something that happened in the course of an incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimelineEntry {
    /// When.
    pub at: Dated,
    /// What.
    pub what: Line<500>,
    /// Where it is told.
    pub source: Option<Line<200>>,
}

/// What somebody said of an incident. Attribution is always a statement of somebody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// The delegation or organisation; never a person.
    pub by: Line<200>,
    /// The State, where a State speaks.
    pub country: Option<Country>,
    /// What the speaker was: representative, minister, national reply.
    pub role: Option<Line<200>>,
    /// The actor as stated.
    pub actor: Option<Line<300>>,
    /// What is said.
    pub says: Line<2000>,
    /// Whom the speaker cites.
    pub cites: Option<Line<200>>,
    /// The document: a symbol of the United Nations or a title.
    pub document: Option<Line<200>>,
    /// The line of the document.
    pub line: Option<u32>,
    /// When it was said.
    pub at: Option<Dated>,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
}

/// Something that another room holds on an incident: a thread, a dossier.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// What is linked, such as `thread`.
    pub kind: LinkKind,
    /// Its id, as it stands in addresses.
    pub target: Line<200>,
    /// What to show; whoever may see the incident may read it.
    pub label: Line<200>,
}

/// What a link leads to: a short word of lower-case letters and hyphens.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct LinkKind(String);

/// A file that belongs to an incident. The bytes lie in the object store under their digest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attachment {
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// The name of the file.
    pub name: Line<200>,
    /// The media type, as told.
    pub media_type: Line<100>,
}

impl LinkKind {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LinkKind {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let right = (1..=40).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid {
                field: "kind",
                rule: "1 to 40 of a-z and '-'",
            })
        }
    }
}

impl fmt::Display for LinkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Statement {
    /// The statement, if it names an actor only where its kind does.
    pub fn checked(self) -> Result<Self, Invalid> {
        let names = matches!(self.kind, StatementKind::Attribution | StatementKind::Claim);
        if self.actor.is_some() == names {
            return Ok(self);
        }
        Err(Invalid {
            field: "actor",
            rule: "stands with an attribution or a claim, and with nothing else",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_kind_is_a_plain_word() {
        assert!("thread".parse::<LinkKind>().is_ok());
        for text in ["", "Thread", "a b", "../x"] {
            assert!(text.parse::<LinkKind>().is_err(), "{text}");
        }
    }
}
