//! Who saw what, when, and how often.

use kernel::{PartyCode, Timestamp, Tlp};
use sha2::{Digest, Sha256};
use uuid::Builder;

/// What is said of an object: the three types of sightings of MISP.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SightingKind {
    /// It was seen (type 0).
    #[default]
    Seen,
    /// It was seen and is no threat (type 1).
    FalsePositive,
    /// It is a threat no more (type 2).
    Expiration,
}

/// What an object says of another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sighted {
    pub(crate) of: String,
    pub(crate) kind: SightingKind,
    pub(crate) count: i64,
    pub(crate) first_us: i64,
    pub(crate) last_us: i64,
    /// The identity that it names; may be empty.
    pub(crate) author: String,
}

/// A sighting to be recorded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewSighting {
    /// What was seen.
    pub of: Seen,
    /// What is said of it.
    pub kind: SightingKind,
    /// How often; from 1 to 999,999,999 (STIX 2.1 §5.2).
    pub count: i64,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
    /// The ids of identities and locations where it was seen. The party's own if there are none.
    pub where_sighted: Vec<String>,
    /// The label; at least that of the object. That of the object if nothing is said.
    pub tlp: Option<Tlp>,
    /// Whether the object that is shared names nobody. This node remembers the party, to count it.
    pub unnamed: bool,
}

/// What was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Seen {
    /// An object, by its id.
    Object(String),
    /// All objects of the collection that have this value.
    Value(String),
}

/// Counts of one kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SightingCount {
    /// How often it was seen.
    pub seen: i64,
    /// How often it was said to be no threat.
    pub false_positives: i64,
    /// How often it was said to be a threat no more.
    pub expirations: i64,
}

/// What is known of who saw an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sightings {
    /// All together.
    pub total: SightingCount,
    /// How many different parties there are, with those that are not named.
    pub parties: usize,
    /// By party, as far as the viewer may know who it is; sorted by name.
    pub by_party: Vec<(String, SightingCount)>,
    /// Of those who are not named to the viewer.
    pub unnamed: SightingCount,
    /// When it was first and last seen; sightings of the first kind only.
    pub seen: Option<(Timestamp, Timestamp)>,
    /// True if there are more than were counted.
    pub more: bool,
}

impl SightingKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Seen, Self::FalsePositive, Self::Expiration];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::FalsePositive => "false_positive",
            Self::Expiration => "expiration",
        }
    }

    /// The number that MISP gives it.
    pub const fn code(self) -> i32 {
        match self {
            Self::Seen => 0,
            Self::FalsePositive => 1,
            Self::Expiration => 2,
        }
    }

    /// The kind of a number.
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How an opinion says it, which is what stands for it in STIX: the first as it is usual for
    /// events of MISP.
    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Seen => "Sighting",
            Self::FalsePositive => "False positive Sighting",
            Self::Expiration => "Expiration Sighting",
        }
    }

    pub(crate) fn of_explanation(text: &str) -> Option<Self> {
        [Self::FalsePositive, Self::Expiration]
            .into_iter()
            .find(|kind| kind.explanation() == text)
    }
}

impl Sighted {
    /// The largest `count` (STIX 2.1 §5.2).
    pub(crate) const COUNT_MAX: i64 = 999_999_999;
}

impl SightingCount {
    /// Counts more of a kind.
    pub(crate) fn add(&mut self, kind: SightingKind, count: i64) {
        match kind {
            SightingKind::Seen => self.seen += count,
            SightingKind::FalsePositive => self.false_positives += count,
            SightingKind::Expiration => self.expirations += count,
        }
    }
}

/// The id of the identity that stands for a party: the same at every node.
pub fn identity_of(party: &PartyCode) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("comity:party:{party}"));
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    for (byte, found) in bytes.iter_mut().zip(digest.iter()) {
        *byte = *found;
    }
    // RFC 9562 §5.8: version 8, of what a node makes by rules of its own.
    let id = Builder::from_custom_bytes(bytes).into_uuid();
    format!("identity--{id}")
}
