//! Objects, galaxies and sightings as objects of STIX.

use serde_json::{Map, Value, json};
use stix::marking::Tlp;

use super::{
    galaxy::{has_aliases, stix_type},
    house,
    out::{Marks, Out, is_uuid},
    out_attribute, out_said,
};
use crate::full::{Galaxy, GalaxyCluster, Object, Sighting, SightingType};

/// An object of a template: its attributes, and what holds them together.
pub(super) fn object(out: &mut Out<'_>, object: &Object, place: &str) {
    let attributes = object.attributes.iter().enumerate();
    let refs: Vec<String> = attributes
        .filter_map(|(at, one)| {
            out_attribute::attribute(out, one, &format!("{place}/Attribute/{at}"))
        })
        .collect();
    let Some(uuid) = object.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
        out.losses.add(place, "an object without a UUID");
        return;
    };
    let mut whole = out.begin("x-misp-object", uuid, object.timestamp);
    let texts = [
        ("x_misp_name", &object.name),
        ("x_misp_meta_category", &object.meta_category),
        ("x_misp_description", &object.description),
        ("x_misp_template_uuid", &object.template_uuid),
        ("x_misp_template_version", &object.template_version),
        ("x_misp_comment", &object.comment),
        ("x_misp_first_seen", &object.first_seen),
        ("x_misp_last_seen", &object.last_seen),
    ];
    for (name, member) in texts {
        set(&mut whole, name, member.as_deref());
    }
    if let Some(distribution) = object.distribution {
        whole.insert(
            "x_misp_distribution".to_owned(),
            json!(distribution.number()),
        );
    }
    if object.deleted == Some(true) {
        whole.insert("revoked".to_owned(), json!(true));
    }
    if !refs.is_empty() {
        whole.insert("x_misp_attribute_refs".to_owned(), json!(refs));
    }
    out.mark(&mut whole, Marks::default());
    let id = format!("x-misp-object--{uuid}");
    if !out.push(whole, place) {
        return;
    }
    out.made.insert(uuid.to_owned(), id.clone());
    let of = (id.as_str(), out.tlp);
    out_said::said(out, of, (&object.notes, &object.opinions), place);
    out.losses.rest(
        place,
        object,
        &[
            "Attribute",
            "Note",
            "ObjectReference",
            "Opinion",
            "comment",
            "deleted",
            "description",
            "distribution",
            "first_seen",
            "last_seen",
            "meta-category",
            "name",
            "template_uuid",
            "template_version",
            "timestamp",
            "uuid",
        ],
    );
}

/// The references of an object, once all that they can lead to is there.
pub(super) fn references(out: &mut Out<'_>, object: &Object, place: &str) {
    let from = object
        .uuid
        .as_ref()
        .and_then(|uuid| out.made.get(uuid))
        .cloned();
    for (at, reference) in object.references.iter().enumerate() {
        let place = format!("{place}/ObjectReference/{at}");
        let to = reference.referenced_uuid.as_ref();
        let to = to.and_then(|uuid| out.made.get(uuid)).cloned();
        let (Some(from), Some(to)) = (&from, to) else {
            out.losses
                .add(&place, "a reference to what is not in the event");
            continue;
        };
        let Some(uuid) = reference.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
            out.losses.add(&place, "a reference without a UUID");
            continue;
        };
        let mut relationship = out.begin("relationship", uuid, reference.timestamp);
        let word = reference
            .relationship_type
            .as_deref()
            .unwrap_or("related-to");
        let plain = hyphenated(word);
        if plain != word {
            relationship.insert("x_misp_relationship_type".to_owned(), json!(word));
        }
        relationship.insert("relationship_type".to_owned(), json!(plain));
        relationship.insert("source_ref".to_owned(), json!(from));
        relationship.insert("target_ref".to_owned(), json!(to));
        set(
            &mut relationship,
            "description",
            reference.comment.as_deref(),
        );
        if reference.deleted == Some(true) {
            relationship.insert("revoked".to_owned(), json!(true));
        }
        out.mark(&mut relationship, Marks::default());
        out.push(relationship, &place);
        out.losses.rest(
            &place,
            reference,
            &[
                "Attribute",
                "Object",
                "comment",
                "deleted",
                "object_uuid",
                "referenced_id",
                "referenced_type",
                "referenced_uuid",
                "relationship_type",
                "source_uuid",
                "timestamp",
                "uuid",
            ],
        );
    }
}

/// A word as types of relationships are written.
fn hyphenated(word: &str) -> String {
    let letters = word.to_lowercase();
    let letters = letters
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let plain: String = letters.collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        "related-to".to_owned()
    } else {
        plain.to_owned()
    }
}

/// The clusters of a galaxy of what has a label; their ids and labels.
pub(super) fn galaxy(
    out: &mut Out<'_>,
    (galaxy, around): (&Galaxy, Option<Tlp>),
    place: &str,
) -> Vec<(String, Option<Tlp>)> {
    let mut ids = Vec::new();
    for (at, cluster) in galaxy.clusters.iter().enumerate() {
        let place = format!("{place}/GalaxyCluster/{at}");
        let tlp = out.part_label(around, house::cluster_stays(galaxy, cluster));
        let id = self::cluster(out, galaxy, (cluster, tlp), &place);
        ids.extend(id.map(|id| (id, tlp)));
    }
    out.losses
        .rest(place, galaxy, &["GalaxyCluster", "name", "type", "uuid"]);
    ids
}

fn cluster(
    out: &mut Out<'_>,
    galaxy: &Galaxy,
    (cluster, tlp): (&GalaxyCluster, Option<Tlp>),
    place: &str,
) -> Option<String> {
    let uuid = cluster.uuid.as_deref().filter(|uuid| is_uuid(uuid));
    let name = cluster.value.as_deref().filter(|name| !name.is_empty());
    let (Some(uuid), Some(name)) = (uuid, name) else {
        out.losses.add(place, "a cluster without a UUID or a name");
        return None;
    };
    let galaxy_type = cluster
        .kind
        .as_deref()
        .or(galaxy.kind.as_deref())
        .unwrap_or_default();
    let first = |name: &str| cluster.meta.get(name).and_then(|values| values.first());
    let country = first("ISO").or_else(|| first("country"));
    let kind = match stix_type(galaxy_type) {
        Some("location") if country.is_none() => None,
        other => other,
    };
    let kind = kind.unwrap_or("x-misp-galaxy-cluster");
    let id = format!("{kind}--{uuid}");
    let mut object = out.begin(kind, uuid, None);
    object.remove("created_by_ref");
    object.insert("name".to_owned(), json!(name));
    set(&mut object, "description", cluster.description.as_deref());
    match kind {
        "malware" => drop(object.insert("is_family".to_owned(), json!(true))),
        "identity" => drop(object.insert("identity_class".to_owned(), json!("class"))),
        "location" => drop(object.insert("country".to_owned(), json!(country))),
        _ => {}
    }
    let synonyms = cluster.meta.get("synonyms").filter(|all| !all.is_empty());
    if let Some(synonyms) = synonyms.filter(|_| has_aliases(kind)) {
        object.insert("aliases".to_owned(), json!(synonyms));
    }
    let ids = cluster.meta.get("external_id").into_iter().flatten();
    let ids = ids.map(|id| json!({"source_name": source_of(id, galaxy_type), "external_id": id}));
    let refs = cluster.meta.get("refs").into_iter().flatten();
    let refs = refs.map(|url| json!({"source_name": galaxy_type, "url": url}));
    let external: Vec<Value> = ids
        .chain(refs)
        .filter(|_| !galaxy_type.is_empty())
        .collect();
    if !external.is_empty() {
        object.insert("external_references".to_owned(), json!(external));
    }
    if !cluster.meta.is_empty() {
        object.insert("x_misp_meta".to_owned(), json!(cluster.meta));
    }
    let mut labels = vec![format!("misp:galaxy-type=\"{galaxy_type}\"")];
    labels.extend(
        galaxy
            .name
            .as_ref()
            .map(|name| format!("misp:galaxy-name=\"{name}\"")),
    );
    labels.extend(cluster.tag_name.clone());
    out.mark(&mut object, Marks { tlp, labels });
    let carried = ["description", "meta", "tag_name", "type", "uuid", "value"];
    out.losses.rest(place, cluster, &carried);
    out.push(object, place).then_some(id)
}

/// Who gives an id: STIX has its own names for two of them (§2.9 of version 2.1).
fn source_of<'a>(id: &str, otherwise: &'a str) -> &'a str {
    if id.starts_with("CAPEC-") {
        "capec"
    } else if id.starts_with("CVE-") {
        "cve"
    } else {
        otherwise
    }
}

/// That something was seen is a sighting; that it is no threat, an opinion.
pub(super) fn sighting(
    out: &mut Out<'_>,
    sighting: &Sighting,
    (of, tlp): (&str, Option<Tlp>),
    place: &str,
) {
    let Some(uuid) = sighting.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
        out.losses.add(place, "a sighting without a UUID");
        return;
    };
    let party = sighting.organisation.as_deref();
    let party = party.and_then(|party| out.party(party, &format!("{place}/Organisation")));
    let moment = out.moment(sighting.date_sighting);
    let mut object = match sighting.kind.unwrap_or(SightingType::Seen) {
        SightingType::Seen => {
            let mut object = out.begin("sighting", uuid, sighting.date_sighting);
            object.insert("sighting_of_ref".to_owned(), json!(of));
            object.insert("first_seen".to_owned(), json!(moment));
            object.insert("last_seen".to_owned(), json!(moment));
            object.insert("count".to_owned(), json!(1));
            if let Some(party) = party {
                object.insert("where_sighted_refs".to_owned(), json!([party]));
            }
            object
        }
        SightingType::FalsePositive => {
            let mut object = out.begin("opinion", uuid, sighting.date_sighting);
            object.insert("object_refs".to_owned(), json!([of]));
            object.insert("opinion".to_owned(), json!("strongly-disagree"));
            object.insert("explanation".to_owned(), json!("False positive Sighting"));
            if let Some(party) = party {
                object.insert("x_misp_author_ref".to_owned(), json!(party));
            }
            object
        }
        SightingType::Expiration => {
            out.losses
                .add(place, "a sighting that says that it expired");
            return;
        }
    };
    set(&mut object, "x_misp_source", sighting.source.as_deref());
    let labels = Vec::new();
    out.mark(&mut object, Marks { tlp, labels });
    out.push(object, place);
    let carried = [
        "Organisation",
        "attribute_uuid",
        "date_sighting",
        "source",
        "type",
        "uuid",
    ];
    out.losses.rest(place, sighting, &carried);
}

pub(super) fn set(object: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        object.insert(name.to_owned(), json!(text));
    }
}
