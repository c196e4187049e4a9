//! What becomes of an event on its way from one instance to another.
//!
//! Distribution counts in steps: what may go to "this community only" is for the organisation alone
//! where it arrives, what may go to "connected communities" is for that community only. Tags that
//! were given locally, and what means something on one instance alone, stay where they are.

use std::collections::BTreeSet;

use crate::full::{
    AnalystNote, AnalystOpinion, AnalystRelationship, Attribute, Distribution, Event, EventReport,
    Galaxy, Object, Rest, Tag,
};

/// Why an event is not sent to another instance.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Withheld {
    /// It is not published.
    #[error("it is not published")]
    Unpublished,
    /// It is for the own organisation or community only.
    #[error("its distribution ends at this instance")]
    Distribution,
    /// It is for a sharing group.
    #[error("it is for a sharing group")]
    SharingGroup,
    /// Nothing is left of it that may go.
    #[error("nothing in it may be sent")]
    Empty,
    /// It is one that its instance signs, which cannot be done here.
    #[error("it is protected by a signature")]
    Protected,
}

impl Withheld {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unpublished => "misp.unpublished",
            Self::Distribution => "misp.distribution",
            Self::SharingGroup => "misp.sharing_group",
            Self::Empty => "misp.empty",
            Self::Protected => "misp.protected",
        }
    }
}

/// Makes an event that came from another instance what it is here: its distribution and that of all
/// in it is a step lower, and what means something there alone is taken out.
pub fn receive(event: &mut Event) {
    strip(event, Way::In);
    lower(&mut event.distribution);
    for attribute in attributes(event) {
        lower(&mut attribute.distribution);
    }
    for object in &mut event.objects {
        lower(&mut object.distribution);
    }
    for report in &mut event.reports {
        lower(&mut report.distribution);
    }
}

/// Takes out of an event what means something alone on the instance that wrote it. How far it may go
/// stays as it is.
pub fn unbind(event: &mut Event) {
    strip(event, Way::In);
}

/// Leaves out what an event and its parts say for the own organisation or a sharing group alone: reports,
/// what analysts say, and clusters. Attributes and objects stay.
pub fn leave_own(event: &mut Event) {
    event
        .reports
        .retain(|one| !is_own(one.distribution, &one.rest));
    for report in &mut event.reports {
        own_said(
            (&mut report.notes, &mut report.opinions),
            &mut report.relationships,
        );
    }
    own_said(
        (&mut event.notes, &mut event.opinions),
        &mut event.relationships,
    );
    own_clusters(&mut event.galaxies);
    for object in &mut event.objects {
        own_said(
            (&mut object.notes, &mut object.opinions),
            &mut object.relationships,
        );
    }
    for attribute in attributes(event) {
        own_said(
            (&mut attribute.notes, &mut attribute.opinions),
            &mut attribute.relationships,
        );
        own_clusters(&mut attribute.galaxies);
    }
}

/// Whether something is for the own organisation or a group; so is what says a distribution that is
/// none.
pub fn is_own(distribution: Option<Distribution>, rest: &Rest) -> bool {
    match distribution {
        Some(distribution) => matches!(
            distribution,
            Distribution::Organisation | Distribution::SharingGroup
        ),
        None => is_strange(rest),
    }
}

/// Whether a record says a distribution that is none; what is not known is kept beside its members.
pub fn is_strange(rest: &Rest) -> bool {
    rest.get("distribution").is_some_and(|json| json != "null")
}

fn own_clusters(galaxies: &mut Vec<Galaxy>) {
    for galaxy in &mut *galaxies {
        galaxy
            .clusters
            .retain(|one| !is_own(one.distribution, &one.rest));
    }
    galaxies.retain(|galaxy| !galaxy.clusters.is_empty());
}

fn own_said(
    (notes, opinions): (&mut Vec<AnalystNote>, &mut Vec<AnalystOpinion>),
    relationships: &mut Vec<AnalystRelationship>,
) {
    macro_rules! each {
        ($list:ident) => {
            $list.retain(|one| !is_own(one.distribution, &one.rest));
            for one in $list {
                let both = (&mut one.notes, &mut one.opinions);
                own_said(both, &mut one.relationships);
            }
        };
    }
    each!(notes);
    each!(opinions);
    each!(relationships);
}

/// Whether something may leave this instance.
fn may_go(distribution: Option<Distribution>) -> bool {
    matches!(
        distribution,
        None | Some(Distribution::Connected | Distribution::All | Distribution::Inherited)
    )
}

/// Makes an event what another instance may get of it.
///
/// What may not go is left out; what is for connected communities is for the receiver's alone. A
/// receiver that is handed an event takes the distribution as it comes.
pub fn send(event: &mut Event) -> Result<(), Withheld> {
    may_send(event)?;
    strip(event, Way::Out);
    let mut held = BTreeSet::new();
    event.attributes.retain(|one| goes(one, &mut held));
    event.objects.retain_mut(|object| {
        let had = object.attributes.len();
        object.attributes.retain(|one| goes(one, &mut held));
        let is_emptied = had > 0 && object.attributes.is_empty();
        let goes = may_go(object.distribution) && !is_emptied;
        if !goes {
            held.extend(object.uuid.clone());
            held.extend(object.attributes.iter().filter_map(|one| one.uuid.clone()));
        }
        goes
    });
    for object in &mut event.objects {
        object.references.retain(|reference| {
            let to = reference.referenced_uuid.as_ref();
            to.is_none_or(|to| !held.contains(to))
        });
    }
    event.reports.retain(|one| may_go(one.distribution));
    if event.attributes.is_empty() && event.objects.is_empty() && event.reports.is_empty() {
        return Err(Withheld::Empty);
    }
    nearer(&mut event.distribution);
    for attribute in attributes(event) {
        nearer(&mut attribute.distribution);
    }
    for object in &mut event.objects {
        nearer(&mut object.distribution);
    }
    for report in &mut event.reports {
        nearer(&mut report.distribution);
    }
    Ok(())
}

/// Whether an attribute may leave; one that may not is remembered.
fn goes(attribute: &Attribute, held: &mut BTreeSet<String>) -> bool {
    let goes = may_go(attribute.distribution);
    if !goes {
        held.extend(attribute.uuid.clone());
    }
    goes
}

/// Whether an event may be sent to another instance, as far as it says so itself.
pub fn may_send(event: &Event) -> Result<(), Withheld> {
    if event.published != Some(true) {
        return Err(Withheld::Unpublished);
    }
    if event.protected == Some(true) {
        return Err(Withheld::Protected);
    }
    match event.distribution {
        Some(Distribution::Connected | Distribution::All) => Ok(()),
        Some(Distribution::SharingGroup) => Err(Withheld::SharingGroup),
        _ => Err(Withheld::Distribution),
    }
}

/// A step lower on arrival.
fn lower(distribution: &mut Option<Distribution>) {
    *distribution = distribution.map(|distribution| match distribution {
        Distribution::Community => Distribution::Organisation,
        Distribution::Connected => Distribution::Community,
        other => other,
    });
}

/// Connected communities are those next to this one: for the receiver it is its own.
fn nearer(distribution: &mut Option<Distribution>) {
    if *distribution == Some(Distribution::Connected) {
        *distribution = Some(Distribution::Community);
    }
}

fn attributes(event: &mut Event) -> impl Iterator<Item = &mut Attribute> {
    let of_objects = event
        .objects
        .iter_mut()
        .flat_map(|object| &mut object.attributes);
    event.attributes.iter_mut().chain(of_objects)
}

/// Which way an event goes.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Way {
    In,
    Out,
}

/// Takes out what means something on one instance alone; on the way out also what analysts say and
/// may not go, and what goes by itself: sightings and proposals.
fn strip(event: &mut Event, way: Way) {
    (event.id, event.org_id, event.orgc_id) = (None, None, None);
    (event.sharing_group_id, event.attribute_count) = (None, None);
    (event.locked, event.proposal_email_lock) = (None, None);
    (event.org, event.event_creator_email) = (None, None);
    event.related.clear();
    shared(&mut event.tags, &mut event.galaxies);
    said(
        (&mut event.notes, &mut event.opinions),
        &mut event.relationships,
        way,
    );
    for name in OF_EVENT {
        event.rest.remove(name);
    }
    if way == Way::Out {
        event.proposals.clear();
    }
    for one in &mut event.attributes {
        attribute(one, way);
    }
    for one in &mut event.objects {
        object(one, way);
    }
    for one in &mut event.reports {
        report(one, way);
    }
}

/// Members that speak of one instance and are not known here by name.
const OF_EVENT: [&str; 4] = ["user_id", "Feed", "Server", "sighting_timestamp"];
const OF_ATTRIBUTE: [&str; 7] = [
    "RelatedAttribute",
    "Feed",
    "Server",
    "Event",
    "warnings",
    "value1",
    "value2",
];

fn attribute(attribute: &mut Attribute, way: Way) {
    (attribute.id, attribute.event_id) = (None, None);
    (attribute.object_id, attribute.sharing_group_id) = (None, None);
    shared(&mut attribute.tags, &mut attribute.galaxies);
    said(
        (&mut attribute.notes, &mut attribute.opinions),
        &mut attribute.relationships,
        way,
    );
    for name in OF_ATTRIBUTE {
        attribute.rest.remove(name);
    }
    if way == Way::Out {
        attribute.sightings.clear();
        attribute.proposals.clear();
    }
}

fn object(object: &mut Object, way: Way) {
    (object.id, object.event_id, object.sharing_group_id) = (None, None, None);
    for reference in &mut object.references {
        (reference.id, reference.event_id) = (None, None);
        (reference.object_id, reference.referenced_id) = (None, None);
        // They show what they refer to once more, as one instance sees it.
        (reference.object, reference.attribute) = (None, None);
    }
    said(
        (&mut object.notes, &mut object.opinions),
        &mut object.relationships,
        way,
    );
    for one in &mut object.attributes {
        attribute(one, way);
    }
}

fn report(report: &mut EventReport, way: Way) {
    (report.id, report.event_id, report.sharing_group_id) = (None, None, None);
    said(
        (&mut report.notes, &mut report.opinions),
        &mut report.relationships,
        way,
    );
}

/// Only tags that are not local and may go, and only clusters whose tags are so.
fn shared(tags: &mut Vec<Tag>, galaxies: &mut Vec<Galaxy>) {
    let stays = |tag: &Tag| tag.local == Some(true) || tag.exportable == Some(false);
    let local: Vec<String> = tags
        .iter()
        .filter(|tag| stays(tag))
        .filter_map(|tag| tag.name.clone())
        .collect();
    tags.retain(|tag| !stays(tag));
    for tag in tags {
        (tag.id, tag.user_id, tag.org_id) = (None, None, None);
    }
    for galaxy in &mut *galaxies {
        galaxy.clusters.retain(|cluster| {
            let name = cluster.tag_name.as_ref();
            cluster.local != Some(true) && name.is_none_or(|name| !local.contains(name))
        });
    }
    galaxies.retain(|galaxy| !galaxy.clusters.is_empty());
}

/// What analysts say goes as far as it says itself; where it does not say, it stays.
fn said(
    (notes, opinions): (&mut Vec<AnalystNote>, &mut Vec<AnalystOpinion>),
    relationships: &mut Vec<AnalystRelationship>,
    way: Way,
) {
    macro_rules! each {
        ($list:ident) => {
            $list.retain(|one| {
                way == Way::In || one.distribution.is_some() && may_go(one.distribution)
            });
            for one in $list {
                (one.id, one.sharing_group_id) = (None, None);
                let both = (&mut one.notes, &mut one.opinions);
                said(both, &mut one.relationships, way);
            }
        };
    }
    each!(notes);
    each!(opinions);
    each!(relationships);
}
