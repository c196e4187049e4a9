//! Warninglists: values that are mostly no threat.

use formats_misp::ListKind;
use kernel::Timestamp;

/// A warninglist that the node has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warninglist {
    /// Its number, which stays until it is imported anew.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// What it is about.
    pub description: String,
    /// How its entries are meant.
    pub kind: ListKind,
    /// Types of MISP attributes to which it applies; all if there are none.
    pub attributes: Vec<String>,
    /// Whether values are held against it.
    pub enabled: bool,
    /// How many entries it has.
    pub entries: i64,
    /// How many of them cannot be used: no network, no name, no expression.
    pub unusable: i64,
    /// When it was imported.
    pub imported_at: Timestamp,
}

/// A list that has a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listing {
    /// The number of the list.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// Words and stored forms of how entries are meant, in the order of the codes.
const KINDS: [(ListKind, &str); 5] = [
    (ListKind::String, "string"),
    (ListKind::Substring, "substring"),
    (ListKind::Hostname, "hostname"),
    (ListKind::Cidr, "cidr"),
    (ListKind::Regex, "regex"),
];

/// The word of MISP.
pub fn list_kind_word(kind: ListKind) -> &'static str {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    known.map_or("", |(_, word)| word)
}

pub(crate) fn list_kind_code(kind: ListKind) -> i32 {
    let place = KINDS.iter().position(|(known, _)| *known == kind);
    place
        .and_then(|place| i32::try_from(place).ok())
        .unwrap_or(0)
}

pub(crate) fn list_kind_from_code(code: i32) -> ListKind {
    let place = usize::try_from(code).ok();
    let known = place.and_then(|place| KINDS.get(place));
    known.map_or(ListKind::String, |(kind, _)| *kind)
}
