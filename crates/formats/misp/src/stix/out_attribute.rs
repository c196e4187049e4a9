//! Attributes as objects of STIX.

use serde_json::{Map, Value, json};

use super::{
    observed,
    out::{Marks, Out, fault, is_uuid},
    out_context, out_said, terms, time,
};
use crate::full::Attribute;

/// Members of an attribute that are carried over, or whose parts say what is lost.
const CARRIED: &[&str] = &[
    "Galaxy",
    "Note",
    "Opinion",
    "Sighting",
    "Tag",
    "category",
    "comment",
    "data",
    "deleted",
    "disable_correlation",
    "distribution",
    "first_seen",
    "last_seen",
    "object_relation",
    "timestamp",
    "to_ids",
    "type",
    "uuid",
    "value",
];

/// Types that are patterns of their own, and the types of pattern that they are.
pub(super) const PATTERNS: &[(&str, &str)] = &[
    ("sigma", "sigma"),
    ("snort", "snort"),
    ("stix2-pattern", "stix"),
    ("suricata", "suricata"),
    ("yara", "yara"),
];

/// The id of what became of it.
pub(super) fn attribute(out: &mut Out<'_>, attribute: &Attribute, place: &str) -> Option<String> {
    let Some(uuid) = attribute.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
        out.losses.add(place, "an attribute without a UUID");
        return None;
    };
    let (Some(kind), Some(value)) = (attribute.kind.as_deref(), attribute.value.as_deref()) else {
        out.losses
            .add(place, "an attribute without a type or a value");
        return None;
    };
    let mut marks = out.marks(&attribute.tags, place);
    let mut labels = vec![format!("misp:type=\"{kind}\"")];
    labels.extend(
        attribute
            .category
            .as_ref()
            .map(|name| format!("misp:category=\"{name}\"")),
    );
    let looked_for = if attribute.to_ids == Some(true) {
        "True"
    } else {
        "False"
    };
    labels.push(format!("misp:to_ids=\"{looked_for}\""));
    labels.append(&mut marks.labels);
    let marks = Marks { labels, ..marks };
    let object = choose(out, attribute, (uuid, kind, value), marks, place);
    let id = object.get("id").and_then(Value::as_str)?.to_owned();
    if !out.push(object, place) {
        return None;
    }
    out.made.insert(uuid.to_owned(), id.clone());
    out.losses.rest(place, attribute, CARRIED);
    out_said::said(out, &id, (&attribute.notes, &attribute.opinions), place);
    for (at, sighting) in attribute.sightings.iter().enumerate() {
        out_context::sighting(out, sighting, &id, &format!("{place}/Sighting/{at}"));
    }
    let word = if id.starts_with("indicator--") {
        "indicates"
    } else {
        "related-to"
    };
    for (at, galaxy) in attribute.galaxies.iter().enumerate() {
        for cluster in out_context::galaxy(out, galaxy, &format!("{place}/Galaxy/{at}")) {
            let fits = !matches!(
                cluster.split_once("--"),
                Some((
                    "course-of-action" | "identity" | "location" | "vulnerability",
                    _
                ))
            );
            let word = if fits { word } else { "related-to" };
            out.relate(&id, word, &cluster, place);
        }
    }
    Some(id)
}

/// An indicator where it is looked for, observed data where it was seen, and where STIX has neither
/// an object of MISP's own.
fn choose(
    out: &mut Out<'_>,
    attribute: &Attribute,
    (uuid, kind, value): (&str, &str, &str),
    marks: Marks,
    place: &str,
) -> Map<String, Value> {
    let terms = terms::terms(kind, value);
    let own = PATTERNS.iter().find(|(name, _)| *name == kind);
    let pattern = match (own, &terms) {
        (Some((_, language)), _) => Some((*language, value.to_owned())),
        (None, Some(terms)) => Some(("stix", terms::pattern(terms))),
        (None, None) => None,
    };
    if let Some((language, pattern)) = pattern.filter(|_| attribute.to_ids == Some(true)) {
        let mut object = out.begin("indicator", uuid, attribute.timestamp);
        object.insert("pattern".to_owned(), json!(pattern));
        object.insert("pattern_type".to_owned(), json!(language));
        if language == "stix" {
            object.insert("pattern_version".to_owned(), json!("2.1"));
        }
        valid(out, attribute, &mut object);
        let mut more = attribute.clone();
        if let Some(comment) = more.comment.take().filter(|comment| !comment.is_empty()) {
            object.insert("description".to_owned(), json!(comment));
        }
        (more.first_seen, more.last_seen) = (None, None);
        besides(&more, &mut object);
        if fault(&Value::Object(object.clone())).is_none() {
            out.mark(&mut object, marks);
            return object;
        }
    }
    if let Some(terms) = terms.filter(|_| attribute.to_ids != Some(true))
        && let Some(observables) = observed::observables(&terms, uuid)
    {
        let mut object = out.begin("observed-data", uuid, attribute.timestamp);
        let first = attribute.first_seen.as_deref().and_then(time::parse);
        let last = attribute.last_seen.as_deref().and_then(time::parse);
        let moment = |moment: Option<stix::Timestamp>| {
            moment.map_or_else(
                || out.moment(attribute.timestamp),
                |moment| moment.to_string(),
            )
        };
        object.insert("first_observed".to_owned(), json!(moment(first)));
        object.insert(
            "last_observed".to_owned(),
            json!(moment(last.or(first)).max(moment(first))),
        );
        object.insert("number_observed".to_owned(), json!(1));
        let ids = observables.iter().filter_map(|one| one.get("id"));
        object.insert("object_refs".to_owned(), json!(ids.collect::<Vec<_>>()));
        besides(attribute, &mut object);
        let faultless = fault(&Value::Object(object.clone())).is_none();
        if faultless {
            for mut observable in observables {
                out.mark(
                    &mut observable,
                    Marks {
                        tlp: marks.tlp,
                        ..Marks::default()
                    },
                );
                out.push(observable, place);
            }
            out.mark(&mut object, marks);
            return object;
        }
    }
    let mut object = out.begin("x-misp-attribute", uuid, attribute.timestamp);
    object.insert("x_misp_type".to_owned(), json!(kind));
    object.insert("x_misp_value".to_owned(), json!(value));
    besides(attribute, &mut object);
    out.mark(&mut object, marks);
    object
}

/// From when and until when an indicator holds.
fn valid(out: &Out<'_>, attribute: &Attribute, object: &mut Map<String, Value>) {
    let first = attribute.first_seen.as_deref().and_then(time::parse);
    let last = attribute.last_seen.as_deref().and_then(time::parse);
    let from = first.map_or_else(
        || out.moment(attribute.timestamp),
        |first| first.to_string(),
    );
    if let Some(last) = last {
        let from = stix::Timestamp::parse(&from).ok();
        if from.is_some_and(|from| last > from) {
            object.insert("valid_until".to_owned(), json!(last.to_string()));
        } else {
            object.insert("x_misp_last_seen".to_owned(), json!(attribute.last_seen));
        }
    }
    object.insert("valid_from".to_owned(), json!(from));
}

/// What STIX has no property for, as custom ones.
fn besides(attribute: &Attribute, object: &mut Map<String, Value>) {
    let texts = [
        ("x_misp_comment", &attribute.comment),
        ("x_misp_data", &attribute.data),
        ("x_misp_first_seen", &attribute.first_seen),
        ("x_misp_last_seen", &attribute.last_seen),
        ("x_misp_object_relation", &attribute.object_relation),
    ];
    for (name, member) in texts {
        if let Some(text) = member.as_deref().filter(|text| !text.is_empty()) {
            object.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(distribution) = attribute.distribution {
        object.insert(
            "x_misp_distribution".to_owned(),
            json!(distribution.number()),
        );
    }
    if attribute.disable_correlation == Some(true) {
        object.insert("x_misp_disable_correlation".to_owned(), json!(true));
    }
    if attribute.deleted == Some(true) {
        object.insert("revoked".to_owned(), json!(true));
    }
}
