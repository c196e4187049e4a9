use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    cve::{Entry, Extent, Named},
    model::Tally,
    ops::Ranges,
};

/// What an import of affected versions did.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RangesBody {
    /// Vulnerabilities of which the file says something else than the last one of its kind.
    pub taken: usize,
    /// Vulnerabilities of which it says the same.
    pub unchanged: usize,
    /// Vulnerabilities of which it names no product.
    pub empty: usize,
    /// Products that it names.
    pub products: usize,
    /// What cannot be read: its place, from 1 (a record, or a line of a table), and the field.
    pub refused: Vec<(i64, String)>,
}

/// How many assets of a match are affected and not, of the first thousand.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = constituency::TallyBody)]
pub struct TallyBody {
    /// Those whose version is stated to be affected.
    pub affected: i64,
    /// Those of whose version nobody can say.
    pub unknown: i64,
    /// Those whose version is stated not to be.
    pub unaffected: i64,
}

/// What a file says of the versions of a product.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NamedBody {
    /// Who makes it.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// What is said of versions that no entry holds: `affected`, `unaffected` or `unknown`.
    pub default: String,
    /// The entries.
    pub entries: Vec<EntryBody>,
    /// Who says so.
    pub source: String,
}

/// What is said of some versions.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct EntryBody {
    /// The first version, or the one; empty for every one before the end.
    pub since: String,
    /// The end; empty where there is none.
    pub until: String,
    /// `one` (the one version), `on` (every one from the first on), `before` and `to` (up to the end,
    /// without and with it), or `odd`: it cannot be compared with a version.
    pub extent: String,
    /// `affected`, `unaffected` or `unknown`.
    pub status: String,
}

impl From<Ranges> for RangesBody {
    fn from(done: Ranges) -> Self {
        Self {
            taken: done.taken,
            unchanged: done.unchanged,
            empty: done.empty,
            products: done.products,
            refused: done.refused,
        }
    }
}

impl From<Tally> for TallyBody {
    fn from(tally: Tally) -> Self {
        Self {
            affected: tally.affected,
            unknown: tally.unknown,
            unaffected: tally.unaffected,
        }
    }
}

impl From<&Named> for NamedBody {
    fn from(named: &Named) -> Self {
        Self {
            vendor: named.vendor.clone(),
            product: named.product.clone(),
            default: named.fallback.as_str().to_owned(),
            entries: named.entries.iter().map(EntryBody::from).collect(),
            source: named.source.clone(),
        }
    }
}

impl From<&Entry> for EntryBody {
    fn from(entry: &Entry) -> Self {
        let extent = match entry.extent {
            Extent::One => "one",
            Extent::On => "on",
            Extent::Before => "before",
            Extent::To => "to",
            Extent::Odd => "odd",
        };
        Self {
            since: entry.since.clone(),
            until: entry.until.clone(),
            extent: extent.to_owned(),
            status: entry.status.as_str().to_owned(),
        }
    }
}
