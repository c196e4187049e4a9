use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::{Galaxy, Taxonomy},
    ops::{TakenGalaxy, TakenTaxonomy},
};

/// A family of tags.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TaxonomyBody {
    /// Its number.
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
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
}

/// Taxonomies.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TaxonomiesBody {
    /// By namespace.
    pub items: Vec<TaxonomyBody>,
}

/// A taxonomy that was taken in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TakenTaxonomyBody {
    /// The taxonomy.
    pub taxonomy: TaxonomyBody,
    /// Tags that were left out, since they are longer than a tag may be.
    pub left_out: u64,
}

/// A galaxy.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GalaxyBody {
    /// Its number.
    pub number: i64,
    /// The type of its clusters.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id, the same everywhere.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// The version of its clusters; 0 where there are none yet.
    pub cluster_version: i64,
    /// How many clusters it has.
    pub clusters: i64,
    /// When it was imported, or its clusters were.
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
}

/// Galaxies.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GalaxiesBody {
    /// By number.
    pub items: Vec<GalaxyBody>,
}

/// A galaxy that was taken in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TakenGalaxyBody {
    /// The galaxy.
    pub galaxy: GalaxyBody,
    /// Clusters that were left out, since another of the galaxy has their name or id.
    pub doubles: u64,
}

impl From<&Taxonomy> for TaxonomyBody {
    fn from(taxonomy: &Taxonomy) -> Self {
        Self {
            number: taxonomy.number,
            namespace: taxonomy.namespace.clone(),
            description: taxonomy.description.clone(),
            version: taxonomy.version,
            exclusive: taxonomy.exclusive,
            enabled: taxonomy.enabled,
            tags: taxonomy.tags,
            imported_at: taxonomy.imported_at,
        }
    }
}

impl From<&Galaxy> for GalaxyBody {
    fn from(galaxy: &Galaxy) -> Self {
        Self {
            number: galaxy.number,
            kind: galaxy.kind.clone(),
            uuid: galaxy.uuid.to_string(),
            name: galaxy.name.clone(),
            version: galaxy.version,
            cluster_version: galaxy.cluster_version,
            clusters: galaxy.clusters,
            imported_at: galaxy.imported_at,
        }
    }
}

impl From<&TakenTaxonomy> for TakenTaxonomyBody {
    fn from(taken: &TakenTaxonomy) -> Self {
        Self {
            taxonomy: TaxonomyBody::from(&taken.taxonomy),
            left_out: u64::try_from(taken.left_out).unwrap_or(u64::MAX),
        }
    }
}

impl From<&TakenGalaxy> for TakenGalaxyBody {
    fn from(taken: &TakenGalaxy) -> Self {
        Self {
            galaxy: GalaxyBody::from(&taken.galaxy),
            doubles: u64::try_from(taken.doubles).unwrap_or(u64::MAX),
        }
    }
}
