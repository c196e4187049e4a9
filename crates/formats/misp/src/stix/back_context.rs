//! What stands around attributes: objects of MISP, clusters, sightings, relationships.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    back::{Back, label, list, number, party, said, seconds, uuid},
    back_said,
    galaxy::foreign,
    out::text,
};
use crate::full::{
    Attribute, Distribution, Galaxy, GalaxyCluster, Object, ObjectReference, Sighting,
    SightingType, Tag,
};

/// Objects of MISP and clusters.
pub(super) fn context<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    let kind = text(object, "type");
    match kind {
        "x-misp-object" => {
            let truth = object.get("revoked").and_then(Value::as_bool);
            back.objects_of
                .insert(text(object, "id"), back.event.objects.len());
            back.event.objects.push(Object {
                uuid: uuid(object),
                name: said(object, "x_misp_name"),
                meta_category: said(object, "x_misp_meta_category"),
                description: said(object, "x_misp_description"),
                template_uuid: said(object, "x_misp_template_uuid"),
                template_version: said(object, "x_misp_template_version"),
                comment: said(object, "x_misp_comment"),
                first_seen: said(object, "x_misp_first_seen"),
                last_seen: said(object, "x_misp_last_seen"),
                timestamp: seconds(object, "modified"),
                distribution: number(object, "x_misp_distribution")
                    .and_then(Distribution::from_number),
                deleted: truth,
                ..Object::default()
            });
            back.carry(
                at,
                &[
                    "revoked",
                    "x_misp_attribute_refs",
                    "x_misp_comment",
                    "x_misp_description",
                    "x_misp_distribution",
                    "x_misp_first_seen",
                    "x_misp_last_seen",
                    "x_misp_meta_category",
                    "x_misp_name",
                    "x_misp_template_uuid",
                    "x_misp_template_version",
                ],
            );
        }
        _ if back.used.get(at) == Some(&true) => {}
        _ => cluster(back, at, object),
    }
}

fn cluster<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    let kind = text(object, "type");
    let Some(galaxy_type) = label(object, "misp:galaxy-type")
        .map(str::to_owned)
        .or_else(|| foreign(kind))
    else {
        return;
    };
    let name = text(object, "name");
    let tag_name = list(object, "labels").find(|label| label.starts_with("misp-galaxy:"));
    let tag_name = tag_name.map_or_else(
        || format!("misp-galaxy:{galaxy_type}=\"{name}\""),
        str::to_owned,
    );
    let meta = object.get("x_misp_meta").cloned().unwrap_or_default();
    let mut meta: std::collections::BTreeMap<String, Vec<String>> =
        serde_json::from_value(meta).unwrap_or_default();
    let mut carried = vec!["description", "name", "x_misp_meta"];
    if meta.is_empty() {
        let aliases: Vec<String> = list(object, "aliases").map(str::to_owned).collect();
        if !aliases.is_empty() {
            meta.insert("synonyms".to_owned(), aliases);
        }
        carried.push("aliases");
    } else {
        // These were made of it.
        carried.extend([
            "aliases",
            "country",
            "external_references",
            "identity_class",
            "is_family",
        ]);
    }
    if label(object, "misp:galaxy-type").is_some() {
        carried.extend(["identity_class", "is_family"]);
    }
    let cluster = GalaxyCluster {
        uuid: uuid(object),
        kind: Some(galaxy_type.clone()),
        value: said(object, "name"),
        tag_name: Some(tag_name.clone()),
        description: said(object, "description"),
        meta,
        ..GalaxyCluster::default()
    };
    back.clusters.insert(text(object, "id"), tag_name.clone());
    let next = back.event.galaxies.len();
    let of = *back.galaxies.entry(galaxy_type.clone()).or_insert(next);
    if of == next {
        let name = label(object, "misp:galaxy-name").unwrap_or(&galaxy_type);
        back.event.galaxies.push(Galaxy {
            name: Some(name.to_owned()),
            kind: Some(galaxy_type),
            ..Galaxy::default()
        });
    }
    if let Some(galaxy) = back.event.galaxies.get_mut(of) {
        galaxy.clusters.push(cluster);
    }
    back.carry(at, &carried);
}

/// What refers to the others.
pub(super) fn links<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    match text(object, "type") {
        "relationship" => relationship(back, at, object),
        "sighting" => {
            let Some(of) = back.became.get(text(object, "sighting_of_ref")).copied() else {
                return;
            };
            let sighting = seen(
                back,
                object,
                SightingType::Seen,
                list(object, "where_sighted_refs").next(),
            );
            put(back, of, |attribute| attribute.sightings.push(sighting));
            let once = number(object, "count").is_none_or(|count| count == 1);
            let mut carried = vec!["sighting_of_ref", "last_seen", "x_misp_source"];
            carried.extend(once.then_some("count"));
            if list(object, "where_sighted_refs").count() <= 1 {
                carried.push("where_sighted_refs");
            }
            if object.get("first_seen") == object.get("last_seen") {
                carried.push("first_seen");
            }
            back.carry(at, &carried);
        }
        "opinion" => back_said::opinion(back, at, object),
        "note" => back_said::note(back, at, object),
        _ => {}
    }
}

pub(super) fn seen(
    back: &mut Back<'_>,
    object: &Value,
    kind: SightingType,
    by: Option<&str>,
) -> Sighting {
    let party = by.and_then(|id| back.find(id)).map(|(at, identity)| {
        back.take(at);
        Box::new(party(identity))
    });
    Sighting {
        uuid: uuid(object),
        date_sighting: seconds(object, "last_seen").or_else(|| seconds(object, "modified")),
        source: said(object, "x_misp_source"),
        kind: Some(kind),
        organisation: party,
        ..Sighting::default()
    }
}

pub(super) fn put(back: &mut Back<'_>, of: usize, put: impl FnOnce(&mut Attribute)) {
    if let Some(attribute) = back.attributes.get_mut(of) {
        put(attribute);
    }
}

/// What a note or an opinion is about.
pub(super) enum Subject {
    Attribute(usize),
    Object(usize),
    Event,
}

pub(super) fn subject(back: &Back<'_>, id: &str) -> Option<Subject> {
    if let Some(at) = back.became.get(id) {
        return Some(Subject::Attribute(*at));
    }
    if let Some(at) = back.objects_of.get(id) {
        return Some(Subject::Object(*at));
    }
    (back.report == Some(id)).then_some(Subject::Event)
}

fn relationship(back: &mut Back<'_>, at: usize, object: &Value) {
    let (from, to) = (text(object, "source_ref"), text(object, "target_ref"));
    let carried = ["relationship_type", "source_ref", "target_ref"];
    if let Some(of) = back.objects_of.get(from).copied() {
        let kind = match subject(back, to) {
            Some(Subject::Attribute(_)) => 0,
            Some(Subject::Object(_)) => 1,
            _ => return,
        };
        let (_, target) = back.find(to).unzip();
        let attribute = back.became.get(to).and_then(|at| back.attributes.get(*at));
        let target = attribute.map_or_else(|| target.and_then(uuid), |one| one.uuid.clone());
        let reference = ObjectReference {
            uuid: uuid(object),
            timestamp: seconds(object, "modified"),
            object_uuid: from.split_once("--").map(|(_, uuid)| uuid.to_owned()),
            referenced_uuid: target,
            referenced_type: Some(kind),
            relationship_type: said(object, "x_misp_relationship_type")
                .or_else(|| said(object, "relationship_type")),
            comment: said(object, "description"),
            deleted: object.get("revoked").and_then(Value::as_bool),
            ..ObjectReference::default()
        };
        if let Some(object) = back.event.objects.get_mut(of) {
            object.references.push(reference);
        }
        let more = ["description", "revoked", "x_misp_relationship_type"];
        back.carry(at, &[&carried[..], &more].concat());
    } else if let (Some(of), Some(tag)) = (
        back.became.get(from).copied(),
        back.clusters.get(to).cloned(),
    ) && matches!(
        text(object, "relationship_type"),
        "indicates" | "related-to"
    ) {
        let tag = Tag {
            name: Some(tag),
            ..Tag::default()
        };
        put(back, of, |attribute| attribute.tags.push(tag));
        back.carry(at, &carried);
    }
}

/// Puts attributes into their objects, the others into the event. A cluster that nothing is tagged
/// with is the event's.
pub(super) fn bring_together(back: &mut Back<'_>) {
    for attribute in &mut back.attributes {
        let mut seen = HashSet::new();
        attribute.tags.retain(|tag| seen.insert(tag.name.clone()));
    }
    let all = back.attributes.iter().flat_map(|attribute| &attribute.tags);
    let all = all.chain(&back.event.tags);
    let mut given: HashSet<String> = all.filter_map(|tag| tag.name.clone()).collect();
    for object in back.objects {
        let Some(tag) = back.clusters.get(text(object, "id")) else {
            continue;
        };
        if given.insert(tag.clone()) {
            back.event.tags.push(Tag {
                name: Some(tag.clone()),
                ..Tag::default()
            });
        }
    }
    let mut attributes: Vec<Option<Attribute>> = back.attributes.drain(..).map(Some).collect();
    for (at, object) in back.objects.iter().enumerate() {
        let Some(of) = back.objects_of.get(text(object, "id")).copied() else {
            continue;
        };
        for id in list(object, "x_misp_attribute_refs") {
            let attribute = back
                .became
                .get(id)
                .and_then(|at| attributes.get_mut(*at)?.take());
            match (attribute, back.event.objects.get_mut(of)) {
                (Some(attribute), Some(object)) => object.attributes.push(attribute),
                _ => back
                    .losses
                    .add(&format!("/objects/{at}/x_misp_attribute_refs"), id),
            }
        }
    }
    back.event.attributes = attributes.into_iter().flatten().collect();
}
