//! Attributes as objects of STIX.

use serde_json::{Map, Value, json};

use super::{
    observed,
    out::{Marks, Out, fault, is_uuid},
    out_context, out_said,
    terms::{self, Term},
    time,
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

/// An object, and the observables that it names.
type Made = (Map<String, Value>, Vec<Map<String, Value>>);

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
    let tlp = marks.tlp.max(out.tlp);
    let (mut object, observables) = choose(out, attribute, (uuid, kind, value));
    for mut observable in observables {
        let tlp = marks.tlp;
        let labels = Vec::new();
        out.mark(&mut observable, Marks { tlp, labels });
        out.push(observable, place);
    }
    out.mark(&mut object, marks);
    let id = object.get("id").and_then(Value::as_str)?.to_owned();
    if !out.push(object, place) {
        return None;
    }
    out.made.insert(uuid.to_owned(), id.clone());
    out.losses.rest(place, attribute, CARRIED);
    let of = (id.as_str(), tlp);
    out_said::said(out, of, (&attribute.notes, &attribute.opinions), place);
    for (at, sighting) in attribute.sightings.iter().enumerate() {
        out_context::sighting(out, sighting, of, &format!("{place}/Sighting/{at}"));
    }
    let word = if id.starts_with("indicator--") {
        "indicates"
    } else {
        "related-to"
    };
    for (at, galaxy) in attribute.galaxies.iter().enumerate() {
        let of = (galaxy, tlp);
        for (cluster, tlp) in out_context::galaxy(out, of, &format!("{place}/Galaxy/{at}")) {
            let fits = !matches!(
                cluster.split_once("--"),
                Some((
                    "course-of-action" | "identity" | "location" | "vulnerability",
                    _
                ))
            );
            let word = if fits { word } else { "related-to" };
            out.relate((&id, word, &cluster), tlp, place);
        }
    }
    Some(id)
}

/// An indicator where it is looked for, observed data where it was seen, and where STIX has neither
/// an object of MISP's own; and the observables that it names.
fn choose(out: &Out<'_>, attribute: &Attribute, (uuid, kind, value): (&str, &str, &str)) -> Made {
    let looked_for = attribute.to_ids == Some(true);
    let terms = terms::terms(kind, value);
    let found = match &terms {
        _ if kind == "vulnerability" => {
            let object = vulnerability(out, attribute, (uuid, value));
            Some((object, Vec::new()))
        }
        terms if looked_for => {
            let own = PATTERNS.iter().find(|(name, _)| *name == kind);
            let own = own.map(|(_, language)| (*language, value.to_owned()));
            let pattern = terms.as_ref().map(|terms| ("stix", terms::pattern(terms)));
            own.or(pattern)
                .map(|pattern| (indicator(out, attribute, uuid, &pattern), Vec::new()))
        }
        Some(terms) => observed(out, attribute, uuid, terms),
        None => None,
    };
    let found = found.filter(|(object, _)| fault(&Value::Object(object.clone())).is_none());
    found.unwrap_or_else(|| {
        let mut object = out.begin("x-misp-attribute", uuid, attribute.timestamp);
        object.insert("x_misp_type".to_owned(), json!(kind));
        object.insert("x_misp_value".to_owned(), json!(value));
        besides(attribute, &mut object);
        (object, Vec::new())
    })
}

fn indicator(
    out: &Out<'_>,
    attribute: &Attribute,
    uuid: &str,
    (language, pattern): &(&str, String),
) -> Map<String, Value> {
    let mut object = out.begin("indicator", uuid, attribute.timestamp);
    object.insert("pattern".to_owned(), json!(pattern));
    object.insert("pattern_type".to_owned(), json!(language));
    if *language == "stix" {
        object.insert("pattern_version".to_owned(), json!("2.1"));
    }
    valid(out, attribute, &mut object);
    let comment = attribute.comment.as_deref().unwrap_or_default();
    if !comment.is_empty() {
        object.insert("description".to_owned(), json!(comment));
    }
    // These have properties of their own.
    let more = Attribute {
        comment: None,
        first_seen: None,
        last_seen: None,
        ..attribute.clone()
    };
    besides(&more, &mut object);
    object
}

fn observed(out: &Out<'_>, attribute: &Attribute, uuid: &str, terms: &[Term]) -> Option<Made> {
    let observables = observed::observables(terms, uuid)?;
    let mut object = out.begin("observed-data", uuid, attribute.timestamp);
    let first = attribute.first_seen.as_deref().and_then(time::parse);
    let last = attribute.last_seen.as_deref().and_then(time::parse);
    let moment = |moment: Option<stix::Timestamp>| {
        moment.map_or_else(
            || out.moment(attribute.timestamp),
            |moment| moment.to_string(),
        )
    };
    let last = moment(last.or(first).max(first));
    object.insert("first_observed".to_owned(), json!(moment(first)));
    object.insert("last_observed".to_owned(), json!(last));
    object.insert("number_observed".to_owned(), json!(1));
    let ids = observables.iter().filter_map(|one| one.get("id"));
    object.insert("object_refs".to_owned(), json!(ids.collect::<Vec<_>>()));
    besides(attribute, &mut object);
    Some((object, observables))
}

fn vulnerability(
    out: &Out<'_>,
    attribute: &Attribute,
    (uuid, value): (&str, &str),
) -> Map<String, Value> {
    let mut object = out.begin("vulnerability", uuid, attribute.timestamp);
    object.insert("name".to_owned(), json!(value));
    let reference = json!([{"source_name": "cve", "external_id": value}]);
    object.insert("external_references".to_owned(), reference);
    besides(attribute, &mut object);
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
