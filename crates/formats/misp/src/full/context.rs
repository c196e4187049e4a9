//! Tags, galaxies and their clusters.

use std::collections::BTreeMap;

use super::{Distribution, Organisation, record::record};

record! {
    /// A tag.
    Tag "a tag" {
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its name, such as `tlp:amber`.
        name: Option<String> = "name",
        /// Its colour, such as `#0088cc`.
        colour: Option<String> = "colour",
        /// Whether it goes to other instances.
        exportable: Option<bool> = "exportable",
        /// Whether it was given here alone and stays.
        local: Option<bool> = "local",
        /// Whether it can only be given so.
        local_only: Option<bool> = "local_only",
        /// Whether it is not offered to users.
        hide_tag: Option<bool> = "hide_tag",
        /// What the tagged has to do with the cluster that the tag names.
        relationship_type: Option<String> = "relationship_type",
        /// Whether it names a cluster of a galaxy.
        is_galaxy: Option<bool> = "is_galaxy",
        /// Whether that is one of somebody's own.
        is_custom_galaxy: Option<bool> = "is_custom_galaxy",
        /// Whether it came from the event.
        inherited: Option<bool> = "inherited",
        /// The only user who may give it, there.
        user_id: Option<u64> = "user_id",
        /// The only organisation that may give it, there.
        org_id: Option<u64> = "org_id",
    }
}

record! {
    /// A galaxy: clusters of one kind.
    Galaxy "a galaxy" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its name.
        name: Option<String> = "name",
        /// Of which type its clusters are, such as `mitre-attack-pattern`.
        kind: Option<String> = "type",
        /// What it is about.
        description: Option<String> = "description",
        /// Its version.
        version: Option<String> = "version",
        /// The name of its picture.
        icon: Option<String> = "icon",
        /// Whose it is, such as `mitre-attack`.
        namespace: Option<String> = "namespace",
        /// Whether it is in use.
        enabled: Option<bool> = "enabled",
        /// Whether its clusters stay on the instance.
        local_only: Option<bool> = "local_only",
        /// Its clusters that are named here.
        clusters: Vec<GalaxyCluster> = "GalaxyCluster",
    }
}

record! {
    /// A cluster of a galaxy.
    GalaxyCluster "a cluster" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The collection that it is of.
        collection_uuid: Option<String> = "collection_uuid",
        /// The type of its galaxy.
        kind: Option<String> = "type",
        /// Its name.
        value: Option<String> = "value",
        /// The tag that names it.
        tag_name: Option<String> = "tag_name",
        /// That tag's id there.
        tag_id: Option<u64> = "tag_id",
        /// The id there of the event's having that tag.
        event_tag_id: Option<u64> = "event_tag_id",
        /// The id there of the attribute's having that tag.
        attribute_tag_id: Option<u64> = "attribute_tag_id",
        /// Its galaxy's id there.
        galaxy_id: Option<u64> = "galaxy_id",
        /// What it is.
        description: Option<String> = "description",
        /// Where it is from.
        source: Option<String> = "source",
        /// Who wrote it.
        authors: Vec<String> = "authors",
        /// Its version.
        version: Option<String> = "version",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, on the instance that wrote it.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// Whose copy it is, there.
        org_id: Option<u64> = "org_id",
        /// Who made it, there.
        orgc_id: Option<u64> = "orgc_id",
        /// Whether it ships with MISP.
        default: Option<bool> = "default",
        /// Whether it was taken back.
        deleted: Option<bool> = "deleted",
        /// Whether it came from another instance.
        locked: Option<bool> = "locked",
        /// Whether it was published.
        published: Option<bool> = "published",
        /// The cluster that it is a copy of.
        extends_uuid: Option<String> = "extends_uuid",
        /// The version of that.
        extends_version: Option<String> = "extends_version",
        /// Whether the tag was given locally.
        local: Option<bool> = "local",
        /// What the tagged has to do with it.
        relationship_type: Option<String> = "relationship_type",
        /// What else is said of it, by name.
        meta: BTreeMap<String, Vec<String>> = "meta",
        /// Whose copy it is.
        org: Option<Box<Organisation>> = "Org",
        /// Who made it.
        orgc: Option<Box<Organisation>> = "Orgc",
        /// Clusters that it relates to.
        relations: Vec<GalaxyClusterRelation> = "GalaxyClusterRelation",
        /// Clusters that relate to it.
        targeting: Vec<GalaxyClusterRelation> = "TargetingClusterRelation",
    }
}

record! {
    /// What a cluster has to do with another.
    GalaxyClusterRelation "a relation of clusters" {
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The one cluster, there.
        galaxy_cluster_id: Option<u64> = "galaxy_cluster_id",
        /// The one cluster.
        galaxy_cluster_uuid: Option<String> = "galaxy_cluster_uuid",
        /// The other, there.
        referenced_galaxy_cluster_id: Option<u64> = "referenced_galaxy_cluster_id",
        /// The other.
        referenced_galaxy_cluster_uuid: Option<String> = "referenced_galaxy_cluster_uuid",
        /// What it has to do with it, such as `uses`.
        referenced_galaxy_cluster_type: Option<String> = "referenced_galaxy_cluster_type",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, there.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// Whether it ships with MISP.
        default: Option<bool> = "default",
        /// Its tags.
        tags: Vec<Tag> = "Tag",
    }
}
