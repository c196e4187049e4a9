//! Taxonomies: lists of classes that incidents are given, each with its version, and cross-walks from
//! the classes of one to those of another.
//!
//! Some ship with the program ([`shipped`]); others are imported from files ([`read`]). A version never
//! changes once it is here: a newer one stands beside it, and an incident keeps the version of which it
//! was given a class. What a cross-walk says is shown; a person adopts it or does not.

pub mod error;
pub mod http;
pub mod ops;
pub mod read;
pub mod shipped;
pub(crate) mod store;
pub mod table;
mod tag;
mod walk;
pub mod wire;

use std::{fmt, str::FromStr};

use kernel::Timestamp;

pub use tag::Tag;
pub use walk::{Relation, Walk, WalkRow};

use crate::model::{Invalid, Line};

/// The most bytes of a file.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most entries of a taxonomy, and rows of a cross-walk.
pub const ENTRIES_MAX: usize = 20_000;
/// The most versions of taxonomies, and the most cross-walks, that a node holds.
pub const TAXONOMIES_MAX: usize = 1_000;
/// The most classes of an incident, beside RSIT and its sectors.
pub const CLASSES_MAX: usize = 100;
/// The longest code, in characters.
pub const CODE_CHARS_MAX: usize = 500;
/// The longest name of an entry, in characters.
pub const NAME_CHARS_MAX: usize = 300;
/// How much of a description is kept, in characters.
pub const ABOUT_CHARS_MAX: usize = 1_000;

/// What an entry is known by within its taxonomy.
pub type Code = Line<CODE_CHARS_MAX>;

macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $max:literal, $extra:literal, $field:literal, $rule:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
                let fits = |c: char| c.is_ascii_alphanumeric() || $extra.contains(c);
                if begins && text.len() <= $max && text.chars().all(fits) {
                    Ok(Self(text.to_owned()))
                } else {
                    let (field, rule) = ($field, $rule);
                    Err(Invalid { field, rule })
                }
            }
        }
    };
}

token! {
    /// What a taxonomy or a cross-walk is called: `rsit`, `enterprise-attack`.
    Name, 64, "._-", "name",
    "1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit"
}
token! {
    /// A version as its maker writes it: `1003`, `17.1`.
    Version, 32, "._+-", "version",
    "1 to 32 letters, digits, dots, dashes, underscores and plus signs, the first a letter or digit"
}

/// A taxonomy of one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Taxonomy {
    /// What it is called.
    pub name: Name,
    /// Its version.
    pub version: Version,
    /// Its name in words.
    pub title: String,
    /// Where it is from.
    pub source: Option<String>,
    /// On what terms it may be used.
    pub licence: Option<String>,
    /// How many entries it has.
    pub entries: i64,
    /// Who brought it in and when; nothing where it ships with the program.
    pub imported: Option<(String, Timestamp)>,
}

/// An entry of a taxonomy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// What it is known by.
    pub code: Code,
    /// The entry above it.
    pub parent: Option<Code>,
    /// It in words.
    pub name: Line<NAME_CHARS_MAX>,
    /// What it means.
    pub about: Option<Line<ABOUT_CHARS_MAX>>,
}

/// A class that an incident was given.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Class {
    /// The taxonomy.
    pub taxonomy: Name,
    /// Its version when the class was given.
    pub version: Version,
    /// The class.
    pub code: Code,
    /// It in words, as that version has it.
    pub name: Line<NAME_CHARS_MAX>,
}

/// A class, said to be one of an incident whose classes it is not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Suggestion {
    /// The class.
    pub class: Class,
    /// The class of the incident from which it follows.
    pub from: Class,
    /// How the two stand to each other.
    pub relation: Relation,
    /// The cross-walk that says so, and its version.
    pub walk: (Name, Version),
    /// Where that is from.
    pub source: Option<String>,
    /// What it says of the two.
    pub note: Option<String>,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.taxonomy, self.version, self.code)
    }
}

/// Classes in their order, each once.
pub(crate) fn sorted(mut classes: Vec<Class>) -> Vec<Class> {
    classes.sort();
    classes.dedup_by(|one, other| {
        (&one.taxonomy, &one.version, &one.code) == (&other.taxonomy, &other.version, &other.code)
    });
    classes
}

impl Entry {
    /// What is searched: code and name in small letters.
    pub(crate) fn folded(&self) -> String {
        format!("{}\n{}", self.code, self.name).to_lowercase()
    }
}

/// The codes nearest to one that a taxonomy does not have, the nearest first.
pub(crate) fn nearest(entries: &[Entry], wanted: &str) -> Vec<String> {
    const SHOWN: usize = 3;
    let wanted = wanted.trim().to_lowercase();
    let wanted: String = wanted.chars().take(CODE_CHARS_MAX).collect();
    let mut ranked: Vec<(usize, &str)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let code = entry.code.as_str().to_lowercase();
        let name = entry.name.as_str().to_lowercase();
        let last = code.rsplit('/').next().unwrap_or(&code);
        let part = !wanted.is_empty() && (code.contains(&wanted) || name.contains(&wanted));
        let apart = [code.as_str(), last, &name].map(|text| distance(text, &wanted));
        let apart = apart.into_iter().min().unwrap_or(usize::MAX);
        let far = !part && apart > wanted.chars().count() / 2;
        if !far {
            ranked.push((if part { 0 } else { apart }, entry.code.as_str()));
        }
    }
    ranked.sort_by_key(|&(rank, code)| (rank, code.len()));
    let codes = ranked.into_iter().take(SHOWN);
    codes.map(|(_, code)| code.to_owned()).collect()
}

/// How many characters are to be changed, added or taken away; at least the difference of the lengths,
/// and that alone where it is large.
fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 12;
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let apart = one.len().abs_diff(other.len());
    if apart > FAR {
        return apart;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, here) in one.iter().enumerate() {
        let mut before = at + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(before);
        for ((there, above), corner) in other.iter().zip(row.iter().skip(1)).zip(&row) {
            let changed = corner + usize::from(here != there);
            before = changed.min(above + 1).min(before + 1);
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or(apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_can_stand_in_an_address() {
        for good in ["rsit", "CERT-XLM", "iab-content-3.1", "a_b"] {
            assert_eq!(good.parse::<Name>().unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "a b", "a/b", "-a", "ä", "a\u{202e}b"] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
        assert!("a".repeat(65).parse::<Name>().is_err());
        for good in ["1003", "17.1", "1.4.1+b"] {
            assert_eq!(good.parse::<Version>().unwrap().as_str(), good);
        }
        assert!("1 0".parse::<Version>().is_err());
    }

    #[test]
    fn a_distance_is_that_of_editing() {
        for (one, other, apart) in [
            ("", "", 0),
            ("a", "", 1),
            ("phishing", "fishing", 2),
            ("dos", "ddos", 1),
            ("abc", "cba", 2),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
            assert_eq!(distance(other, one), apart, "{one} {other}");
        }
    }

    #[test]
    fn the_nearest_codes_are_told() {
        let rsit = shipped::all();
        let (_, entries) = rsit.first().unwrap();
        let near = nearest(entries, "fraud/fishing");
        assert_eq!(near.first().map(String::as_str), Some("fraud/phishing"));
        let near = nearest(entries, "DDOS");
        assert_eq!(near.first().map(String::as_str), Some("availability/ddos"));
        assert!(nearest(entries, "zzzzzzzzzzzz").is_empty());
    }
}
