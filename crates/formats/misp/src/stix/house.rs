//! What may not leave the house: parts whose own distribution says so.

use std::collections::BTreeSet;

use stix::marking::Tlp;

use super::out::Out;
use crate::{
    cluster_tag,
    full::{Attribute, Distribution, Event, Galaxy, GalaxyCluster, Rest},
    transfer::is_strange,
};

/// Whether a distribution keeps a part in the house. Who belongs to a sharing group, is not known here;
/// nor is what a number means that MISP does not have.
pub(super) fn stays(distribution: Option<Distribution>, rest: &Rest) -> bool {
    match distribution {
        Some(Distribution::Organisation | Distribution::SharingGroup) => true,
        Some(_) => false,
        None => is_strange(rest),
    }
}

/// Whether a cluster stays in the house: also one that was only given locally.
pub(super) fn cluster_stays(galaxy: &Galaxy, cluster: &GalaxyCluster) -> bool {
    cluster.local == Some(true)
        || galaxy.local_only == Some(true)
        || stays(cluster.distribution, &cluster.rest)
}

/// The tags that name clusters which stay in the house.
pub(super) fn kept_tags(event: &Event) -> BTreeSet<String> {
    let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
    let attributes = event.attributes.iter().chain(of_objects);
    let galaxies = attributes.flat_map(|attribute: &Attribute| &attribute.galaxies);
    let galaxies = event.galaxies.iter().chain(galaxies);
    let clusters = galaxies.flat_map(|galaxy| galaxy.clusters.iter().map(move |one| (galaxy, one)));
    let kept = clusters.filter(|(galaxy, cluster)| cluster_stays(galaxy, cluster));
    let names = kept.map(|(galaxy, cluster)| {
        let kind = cluster.kind.as_deref().or(galaxy.kind.as_deref());
        let value = cluster.value.as_deref().unwrap_or_default();
        let name = cluster.tag_name.clone();
        name.unwrap_or_else(|| cluster_tag(kind.unwrap_or_default(), value))
    });
    names.collect()
}

impl Out<'_> {
    /// The label of a part of something that has a label: that, or a stricter one.
    pub(super) fn part_label(&self, around: Option<Tlp>, stays: bool) -> Option<Tlp> {
        let around = around.max(self.tlp);
        if stays {
            around.max(Some(Tlp::AmberStrict))
        } else {
            around
        }
    }
}
