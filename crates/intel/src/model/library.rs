//! Taxonomies and galaxies that the house has taken in: the words that tags are made of.

use formats_misp::full;
use kernel::Timestamp;
use uuid::Uuid;

/// A family of tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Taxonomy {
    /// Its number, which stays until it is taken out.
    pub number: i64,
    /// What its tags begin with.
    pub namespace: String,
    /// What it is about.
    pub description: String,
    /// Its version.
    pub version: i64,
    /// Whether only one of its tags may be given.
    pub exclusive: bool,
    /// Whether its tags are offered.
    pub enabled: bool,
    /// How many tags it has.
    pub tags: i64,
    /// When it was imported.
    pub imported_at: Timestamp,
}

/// What a taxonomy says of one of its tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TaxonomyTag {
    /// The tag.
    pub name: String,
    /// It in words.
    pub expanded: String,
    /// What it counts, from 0 to 100.
    pub numerical: Option<i64>,
}

/// A galaxy: clusters of one type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Galaxy {
    /// Its number, which stays until it is taken out.
    pub number: i64,
    /// The type of its clusters.
    pub kind: String,
    /// Its id, the same everywhere.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// The version of its clusters; 0 where there are none yet.
    pub cluster_version: i64,
    /// How many clusters it has.
    pub clusters: i64,
    /// What it says of itself, in MISP's format.
    pub record: full::Galaxy,
    /// When it was imported, or its clusters were.
    pub imported_at: Timestamp,
}

/// A cluster of a galaxy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cluster {
    /// Its number, which stays as long as its galaxy has it.
    pub number: i64,
    /// The number of its galaxy.
    pub galaxy: i64,
    /// Its id, the same everywhere.
    pub uuid: Uuid,
    /// The tag that names it.
    pub tag: String,
    /// What it is, in MISP's format.
    pub record: full::GalaxyCluster,
}
