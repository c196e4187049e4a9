//! Types of the room.

mod import;
mod remedy;

use std::{fmt, str::FromStr};

use kernel::{AssetId, MatchId, Timestamp};
use serde::Serialize;

pub use import::{Foreseen, Import, Preview, RefusedLine, Whole};
pub use remedy::{Plan, Remedy};

use crate::{
    day::Day,
    names::Sure,
    version::{Range, Verdict, Version},
};

/// Up to what number rows are counted; a larger count is "more than".
pub const COUNT_MAX: i64 = 1_000;

/// A bad value.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field} is not {rule}")]
pub struct Invalid {
    /// The field.
    pub field: &'static str,
    /// What it should be.
    pub rule: &'static str,
}

/// A product that some organisation runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Product {
    /// Its number in this node.
    pub number: i64,
    /// Who makes it, as the first file wrote it.
    pub vendor: String,
    /// What it is called, as the first file wrote it.
    pub name: String,
}

/// An organisation whose assets are listed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organisation {
    /// Its number in this node.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// When its list was reviewed last.
    pub reviewed_on: Option<Day>,
    /// When it is to be reviewed next.
    pub review_due: Day,
}

/// A review of an organisation's list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Review {
    /// The day.
    pub held_on: Day,
    /// Who recorded it.
    pub by: String,
    /// What was found.
    pub found: String,
}

/// A product in a version that stands somewhere in an organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// The number and the name of the organisation.
    pub organisation: (i64, String),
    /// What it is called there.
    pub name: String,
    /// Its inventory number; may be empty.
    pub tag: String,
    /// The product.
    pub product: Product,
    /// The version; empty if it is not known.
    pub version: String,
    /// The CPE name; may be empty.
    pub cpe: String,
    /// The package URL; may be empty.
    pub purl: String,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// Where it stands; may be empty.
    pub place: String,
    /// When it was last stated otherwise than before.
    pub changed_at: Timestamp,
    /// Since when the whole list of its organisation does not name it any more.
    pub retired_at: Option<Timestamp>,
}

/// Which assets are looked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Those of this organisation.
    pub organisation: Option<i64>,
    /// Those of this product.
    pub product: Option<i64>,
    /// Those whose name begins with this.
    pub name: Option<String>,
    /// Those that are retired instead of those that are there.
    pub retired: bool,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Count {
    /// How many, counted up to 1,000.
    pub count: i64,
    /// True if there are more.
    pub more: bool,
}

impl From<i64> for Count {
    fn from(counted: i64) -> Self {
        Self {
            count: counted.min(COUNT_MAX),
            more: counted > COUNT_MAX,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The one of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// What a file of assets is.
    Form {
        /// Comma-separated values with a first record of names.
        Csv "csv"
        /// A JSON object a line.
        Lines "jsonl"
    }
}

words! {
    /// How far an import has come.
    Stage {
        /// Pieces come in.
        Receiving "receiving"
        /// It is whole and can be looked at.
        Waiting "waiting"
        /// A job takes it in.
        Running "running"
        /// Every line was looked at.
        Done "done"
        /// It cannot be read further.
        Failed "failed"
    }
}

words! {
    /// What is done about a vulnerability.
    State {
        /// It is to be mended.
        Open "open"
        /// It is mended.
        Done "done"
        /// Somebody bears the risk, until a day.
        Accepted "accepted"
    }
}

/// An identifier of the CVE Program.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Cve(String);

impl Cve {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Cve {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let text = text.trim().to_ascii_uppercase();
        let parts = text
            .strip_prefix("CVE-")
            .and_then(|rest| rest.split_once('-'));
        match parts {
            Some((year, number))
                if year.len() == 4
                    && digits(year)
                    && (4..=19).contains(&number.len())
                    && digits(number) =>
            {
                Ok(Self(text))
            }
            _ => Err(Invalid {
                field: "cve",
                rule: "an identifier such as CVE-2024-12345",
            }),
        }
    }
}

impl fmt::Display for Cve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An entry of the catalogue of known exploited vulnerabilities.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vulnerability {
    /// Its identifier.
    pub cve: Cve,
    /// Who makes the product.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What is to be done.
    pub action: String,
    /// Where more is said.
    pub notes: String,
    /// When it came into the catalogue.
    pub added_on: Day,
    /// Until when the catalogue asks its own readers to mend it.
    pub due_on: Option<Day>,
    /// Whether it is known to be used for ransomware.
    pub is_ransomware: bool,
}

/// What an import of the catalogue did.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Taken {
    /// The version that the catalogue gives itself.
    pub version: String,
    /// Entries that were not there.
    pub added: usize,
    /// Entries that say something else than before.
    pub changed: usize,
    /// Entries that are as they were.
    pub unchanged: usize,
    /// Entries that cannot be read: their place, from 1, and why.
    pub refused: Vec<(usize, String)>,
    /// Pairs of a product and an entry that are now known.
    pub matched: usize,
}

/// A product that is one of the catalogue's, perhaps.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Match {
    /// Stands for the pair.
    pub id: MatchId,
    /// The entry.
    pub cve: Cve,
    /// What the entry is called.
    pub name: String,
    /// When it came into the catalogue.
    pub added_on: Day,
    /// Until when the catalogue asks for it to be mended.
    pub due_on: Option<Day>,
    /// Whether it is known to be used for ransomware.
    pub is_ransomware: bool,
    /// The product.
    pub product: Product,
    /// How sure it is that the entry means the product.
    pub sure: Sure,
    /// How many assets are of the product.
    pub assets: Count,
    /// What is known of their versions; nothing where nobody stated any.
    pub tally: Option<Tally>,
}

/// How many assets of a match are affected and not, of the first thousand.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Those whose version is stated to be affected.
    pub affected: i64,
    /// Those of whose version nobody can say.
    pub unknown: i64,
    /// Those whose version is stated not to be.
    pub unaffected: i64,
}

/// Versions of a product that somebody stated to be affected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Affected {
    /// Its number.
    pub number: i64,
    /// The first version as it was written; empty for every one before the end.
    pub since: String,
    /// The end; empty where there is none.
    pub until: String,
    /// Whether the end itself is affected.
    pub inclusive: bool,
    /// Who says so.
    pub source: String,
}

impl Affected {
    /// The range, to be held against versions.
    pub fn range(&self) -> Range {
        Range {
            since: self.since.parse::<Version>().ok(),
            until: self.until.parse::<Version>().ok(),
            inclusive: self.inclusive,
        }
    }
}

/// A match with what is known of it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The match.
    pub matched: Match,
    /// The entry.
    pub vulnerability: Vulnerability,
    /// The versions that are stated here.
    pub affected: Vec<Affected>,
    /// The versions that files state of products of its name.
    pub named: Vec<crate::cve::Named>,
    /// A page of the assets, each with whether it is affected.
    pub assets: kernel::Page<(Asset, Verdict)>,
}

/// What waits on the desk.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Waiting {
    /// Lists that are to be reviewed within two weeks or should have been.
    pub reviews: Vec<Organisation>,
    /// Remedies that are due within two weeks or should have been done.
    pub remedies: Vec<Remedy>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_one_of_the_programme() {
        assert_eq!(
            "cve-2024-12345".parse::<Cve>().unwrap().as_str(),
            "CVE-2024-12345"
        );
        for text in ["", "CVE-24-1234", "CVE-2024-123", "CVE-2024-12a4", "GHSA-x"] {
            assert!(text.parse::<Cve>().is_err(), "{text}");
        }
    }
}
