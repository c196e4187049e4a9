//! Galaxies and their clusters, as the files of MISP's library have them: `galaxies/NAME.json` says
//! what a galaxy is, `clusters/NAME.json` has its clusters. They come as the records of [`full`].
//!
//! [`full`]: crate::full

use std::{collections::BTreeMap, io::Read};

use serde::{Deserialize, de::Error};

use crate::{
    Limits, MispError,
    fields::{Scalar, Tags},
    full::{Galaxy, GalaxyCluster, GalaxyClusterRelation, Tag},
    texts::Texts,
    whole,
};

/// The clusters of a galaxy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClusterFile {
    /// The collection's id, the same everywhere.
    pub uuid: Option<String>,
    /// The type of the clusters, which is that of their galaxy.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// What its clusters are, such as `actor`.
    pub category: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The clusters.
    pub clusters: Vec<GalaxyCluster>,
}

/// What the tags begin with that name clusters.
pub const CLUSTER_TAG: &str = "misp-galaxy:";

/// The tag that names a cluster: `misp-galaxy:threat-actor="A name"`.
pub fn cluster_tag(kind: &str, value: &str) -> String {
    format!("{CLUSTER_TAG}{kind}=\"{value}\"")
}

/// The type and the name of the cluster that a tag names, if it names one.
pub fn cluster_named(tag: &str) -> Option<(&str, &str)> {
    let (kind, value) = tag.strip_prefix(CLUSTER_TAG)?.split_once('=')?;
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    (!kind.is_empty()).then_some((kind, value))
}

/// Reads what a galaxy is.
pub fn read_galaxy(source: impl Read, limits: &Limits) -> Result<Galaxy, MispError> {
    whole::read(source, limits, |_, json| {
        let file = GalaxyFile::deserialize(json)?;
        Ok(Galaxy {
            uuid: file.uuid.some(),
            name: Some(file.name),
            kind: Some(file.kind),
            description: file.description.some(),
            version: file.version.some(),
            icon: file.icon.some(),
            namespace: file.namespace.some(),
            ..Galaxy::default()
        })
    })
}

/// Reads the clusters of a galaxy. They are held whole: `part_bytes_max` is for all of them,
/// `parts_max` for the clusters and their relations together.
pub fn read_clusters(source: impl Read, limits: &Limits) -> Result<ClusterFile, MispError> {
    whole::read(source, limits, |walk, json| {
        let file = Clusters::deserialize(json)?;
        let relations = file.values.iter().map(|one| one.related.len());
        let parts = file.values.len().saturating_add(relations.sum());
        if u64::try_from(parts).is_ok_and(|parts| parts > walk.limits.parts_max) {
            walk.too_many = true;
            return Err(serde_json::Error::custom("too many"));
        }
        Ok(file.into())
    })
}

#[derive(Deserialize)]
struct GalaxyFile {
    #[serde(default)]
    uuid: Scalar,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    description: Scalar,
    #[serde(default)]
    version: Scalar,
    #[serde(default)]
    icon: Scalar,
    #[serde(default)]
    namespace: Scalar,
}

#[derive(Deserialize)]
struct Clusters {
    #[serde(default)]
    uuid: Scalar,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    description: Scalar,
    #[serde(default)]
    category: Scalar,
    #[serde(default)]
    version: Scalar,
    #[serde(default)]
    source: Scalar,
    #[serde(default)]
    authors: Texts,
    values: Vec<Cluster>,
}

#[derive(Deserialize)]
struct Cluster {
    #[serde(default)]
    uuid: Scalar,
    value: String,
    #[serde(default)]
    description: Scalar,
    #[serde(default)]
    meta: Option<BTreeMap<String, Texts>>,
    #[serde(default)]
    related: Vec<Relation>,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(default, rename = "dest-uuid")]
    to: Scalar,
    #[serde(default, rename = "type")]
    kind: Scalar,
    #[serde(default)]
    tags: Tags,
}

impl From<Clusters> for ClusterFile {
    fn from(file: Clusters) -> Self {
        let about = |cluster: &mut GalaxyCluster| {
            cluster.collection_uuid.clone_from(&file.uuid.0);
            cluster.source.clone_from(&file.source.0);
            cluster.authors.clone_from(&file.authors.0);
            cluster.version.clone_from(&file.version.0);
            cluster.default = Some(true);
        };
        let clusters = file
            .values
            .into_iter()
            .map(|one| {
                let mut cluster = one.of(&file.kind);
                about(&mut cluster);
                cluster
            })
            .collect();
        Self {
            uuid: file.uuid.some(),
            kind: file.kind,
            name: file.name.text(),
            description: file.description.text(),
            category: file.category.some(),
            version: file.version.some(),
            clusters,
        }
    }
}

impl Cluster {
    fn of(self, kind: &str) -> GalaxyCluster {
        let uuid = self.uuid.some();
        let relations = self.related.into_iter().map(|relation| {
            let named = |name| Tag {
                name: Some(name),
                ..Tag::default()
            };
            GalaxyClusterRelation {
                galaxy_cluster_uuid: uuid.clone(),
                referenced_galaxy_cluster_uuid: relation.to.some(),
                referenced_galaxy_cluster_type: relation.kind.some(),
                default: Some(true),
                tags: relation.tags.0.into_iter().map(named).collect(),
                ..GalaxyClusterRelation::default()
            }
        });
        let relations = relations.collect();
        let meta = self.meta.unwrap_or_default();
        GalaxyCluster {
            tag_name: Some(cluster_tag(kind, &self.value)),
            uuid,
            kind: Some(kind.to_owned()),
            value: Some(self.value),
            description: self.description.some(),
            meta: meta
                .into_iter()
                .map(|(name, texts)| (name, texts.0))
                .collect(),
            relations,
            ..GalaxyCluster::default()
        }
    }
}
