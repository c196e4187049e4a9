//! What is asked of a collection, and a page of it.

use kernel::{Timestamp, Tlp};

use super::{Class, Spec};

/// The most entries of a page.
pub const PAGE_ENTRIES_MAX: u32 = 10_000;
/// A page ends before its objects have more bytes than this; it always has one object.
pub const PAGE_BYTES_MAX: i64 = 16 << 20;
/// The most types, ids, versions and specifications of a filter.
pub const WORDS_MAX: usize = 100;

/// Which versions of an object are meant (TAXII 2.1 §3.4.1, `match[version]`).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Versions {
    /// The newest.
    #[default]
    Last,
    /// All.
    All,
    /// Any of these: the newest, the oldest, and those of some moments.
    Some {
        /// The newest.
        last: bool,
        /// The oldest.
        first: bool,
        /// Those whose `modified`, or else `created`, or else place is one of these.
        at: Vec<Timestamp>,
    },
}

/// What is asked of a collection. What is empty asks for all.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Ids, in the spelling of the objects.
    pub ids: Vec<String>,
    /// Types.
    pub types: Vec<String>,
    /// Labels.
    pub labels: Vec<Tlp>,
    /// Versions.
    pub versions: Versions,
    /// Specifications; if none is named, the newest that there is of each object.
    pub specs: Vec<Spec>,
}

/// Which part of the answer: what was added after a place, and at most so much.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cut {
    /// The place after which the page begins, in microseconds since 1970.
    pub after: i64,
    /// How many entries, from 1 to [`PAGE_ENTRIES_MAX`].
    pub entries: u32,
}

/// An entry with its object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed {
    /// The id of the object.
    pub stix_id: String,
    /// Its place, as a moment.
    pub added: Timestamp,
    /// Its version: `modified`, or else `created`, or else its place.
    pub version: Timestamp,
    /// Its specification.
    pub spec: Spec,
    /// Its label.
    pub tlp: Tlp,
    /// Whether its maker took it back.
    pub is_revoked: bool,
    /// The object as it was given.
    pub body: String,
    /// Whether it stands beside what the owner of the object gave.
    pub is_aside: bool,
}

/// A page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fetched<T> {
    /// What was asked for.
    pub content: T,
    /// The places of the first and the last entry; nothing for an empty page.
    pub places: Option<(i64, i64)>,
    /// True if entries come after this page.
    pub more: bool,
}

/// What a manifest says of an entry (TAXII 2.1 §5.5.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The id of the object.
    pub stix_id: String,
    /// Its place, as a moment.
    pub added: Timestamp,
    /// Its version: `modified`, or else `created`, or else its place.
    pub version: Timestamp,
    /// Its specification.
    pub spec: Spec,
}

impl Filter {
    /// All versions of all specifications.
    pub fn everything() -> Self {
        Self {
            versions: Versions::All,
            specs: vec![Spec::V20, Spec::V21],
            ..Self::default()
        }
    }

    /// Whether an entry of this class can be meant by who sees the labels of a mask.
    pub(crate) fn wants(&self, class: Class, mask: i32) -> bool {
        if !self.labels.is_empty() && !self.labels.contains(&class.tlp) {
            return false;
        }
        let spec = if self.specs.is_empty() {
            class.top.to(mask)
        } else {
            self.specs.contains(&class.spec)
        };
        let is_timed = !self.moments().is_empty();
        spec && (is_timed || self.wants_any_version(class, mask))
    }

    /// Whether an entry of this class is meant whatever its version is.
    pub(crate) fn wants_any_version(&self, class: Class, mask: i32) -> bool {
        match &self.versions {
            Versions::Last => class.newest.to(mask),
            Versions::All => true,
            Versions::Some { last, first, .. } => {
                (*last && class.newest.to(mask)) || (*first && class.oldest.to(mask))
            }
        }
    }

    /// The moments that versions are asked for by.
    pub(crate) fn moments(&self) -> &[Timestamp] {
        match &self.versions {
            Versions::Last | Versions::All => &[],
            Versions::Some { at, .. } => at,
        }
    }
}
