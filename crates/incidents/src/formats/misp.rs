//! Events of MISP as incidents, and incidents as events.
//!
//! An event is kept whole under `/misp`. Its attributes are no figures of an incident: whoever wants
//! them as indicators takes the event into a collection too.

mod attributes;
mod write;

use kernel::Country;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    clean::{kept, line, prose},
    csv::{country, link},
    model::{Draft, Found, Key, Read, Remark, Settings, Why},
};
use crate::{
    model::{Dated, Determination, Facts, Kind, Link, Period, Prose, Rsit},
    state::Stage,
    taxonomy::Tag,
};

pub use write::write;

/// The attributes that name States.
const LOCATION: &str = "target-location";
/// Links that are taken from an event.
const LINKS_MAX: usize = 20;

/// Where the event is kept.
pub const POINTER: &str = "/misp";

/// The events of a document: one, or those of an answer to a search.
pub fn read(doc: Value, settings: &Settings) -> Vec<Found> {
    let events = match doc {
        Value::Object(mut members) => match members.remove("response") {
            Some(Value::Array(events)) => events,
            Some(other) => vec![other],
            None => vec![Value::Object(members)],
        },
        other => vec![other],
    };
    events
        .into_iter()
        .map(|event| found(event, settings))
        .collect()
}

fn found(mut doc: Value, settings: &Settings) -> Found {
    let event = match doc.get_mut("Event") {
        Some(event) => event.take(),
        None => doc,
    };
    let name = text(&event, "uuid")
        .or_else(|| text(&event, "id"))
        .unwrap_or_default();
    Found {
        place: String::new(),
        name: name.chars().filter(|c| !c.is_control()).take(100).collect(),
        sha256: Sha256::digest(event.to_string()).into(),
        read: draft(event, settings),
    }
}

fn text<'d>(event: &'d Value, member: &str) -> Option<&'d str> {
    let text = event.get(member)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

fn items<'d>(event: &'d Value, member: &str) -> impl Iterator<Item = &'d Value> {
    event
        .get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The values of the attributes of a type.
fn attributes<'d>(event: &'d Value, kind: &str) -> impl Iterator<Item = &'d str> {
    items(event, "Attribute")
        .filter(move |one| text(one, "type") == Some(kind) && !is_deleted(one))
        .filter_map(|one| text(one, "value"))
}

/// Whether an attribute was taken back: MISP keeps it and says so.
fn is_deleted(attribute: &Value) -> bool {
    let said = attribute.get("deleted");
    said.is_some_and(|said| matches!(said.to_string().trim_matches('"'), "true" | "1"))
}

/// The value of the first attribute of a type.
fn attribute<'d>(event: &'d Value, kind: &str) -> Option<&'d str> {
    attributes(event, kind).next()
}

fn draft(event: Value, settings: &Settings) -> Read {
    let (mut wrong, mut remarks) = (Vec::new(), Vec::new());
    let uuid = text(&event, "uuid");
    let Some(uuid) = uuid.filter(|uuid| uuid.parse::<uuid::Uuid>().is_ok()) else {
        let remark = Remark::new("/Event/uuid", Why::Missing, "an event has a UUID");
        return Err(vec![remark]);
    };
    let at = "/Event/info";
    let title = text(&event, "info").and_then(|info| line(info, at, &mut remarks));
    let Some(title) = title else {
        let remark = Remark::new(at, Why::Missing, "it says not what it is about");
        return Err(vec![remark]);
    };
    let date = text(&event, "date").and_then(|date| {
        kept(
            date.parse::<Dated>(),
            "/Event/date",
            Why::Unreadable,
            &mut wrong,
        )
    });
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let tags: Vec<&str> = items(&event, "Tag")
        .filter_map(|tag| text(tag, "name"))
        .collect();
    let stage = stage(&event).unwrap_or(settings.stage);
    let (victims, links) = (victims(&event, &mut remarks), links(&event));
    let told = items(&event, "EventReport").find_map(|report| text(report, "content"));
    let told = told.or_else(|| attribute(&event, "text"));
    let facts = Facts {
        kind: Kind::Incident,
        title,
        description: told.map_or_else(Prose::default, |text| {
            prose(text, "/Event/EventReport", &mut remarks)
        }),
        victims,
        worldwide: false,
        organisation: attribute(&event, "target-org")
            .and_then(|name| line(name, "/Event/Attribute", &mut remarks)),
        sectors: Vec::new(),
        sector_text: None,
        rsit: tags.iter().find_map(|tag| class(tag, &mut remarks)),
        period: Period::new(date, date.filter(|_| stage == Stage::Closed), None)
            .unwrap_or_default(),
        detected: None,
        reported: None,
        determination: Determination::Suspected,
        tlp: label(&event, &tags, settings),
        pap: tags.iter().filter_map(|tag| pap(tag)).max(),
        named: Vec::new(),
        cross_border: None,
    };
    let exercise = is_exercise(&tags);
    let key = Key::of("misp", &format!("incident--{}", uuid.to_ascii_lowercase()));
    Ok(Box::new(Draft {
        key,
        facts,
        stage,
        timeline: Vec::new(),
        harm: Vec::new(),
        statements: Vec::new(),
        links,
        classes: classes(&tags),
        kept: Map::from_iter([(POINTER.to_owned(), event)]),
        exercise,
        remarks,
    }))
}

/// Where the work stands, by the analysis of the event: a number, or one as text.
fn stage(event: &Value) -> Option<Stage> {
    let word = event.get("analysis")?.to_string().replace('"', "");
    match word.as_str() {
        "0" => Some(Stage::Open),
        "1" => Some(Stage::Investigating),
        "2" => Some(Stage::Closed),
        _ => None,
    }
}

/// Whether a tag says that all of it is an exercise.
fn is_exercise(tags: &[&str]) -> bool {
    tags.iter()
        .any(|tag| tag.to_ascii_lowercase().starts_with("exercise:"))
}

/// The strictest label among the tags of the event and of its attributes: what is taken of it may be
/// any of them.
fn label(event: &Value, tags: &[&str], settings: &Settings) -> kernel::Tlp {
    let objects = items(event, "Object").flat_map(|object| items(object, "Attribute"));
    let parts = items(event, "Attribute").chain(objects);
    let parts = parts.flat_map(|part| items(part, "Tag"));
    let parts = parts.filter_map(|tag| text(tag, "name"));
    let whole = strictest(tags.iter().copied()).unwrap_or(settings.tlp);
    strictest(parts).map_or(whole, |part| part.max(whole))
}

fn strictest<'t>(tags: impl Iterator<Item = &'t str>) -> Option<kernel::Tlp> {
    let labels = tags.filter(|tag| {
        let start = tag.get(..4).unwrap_or_default();
        start.eq_ignore_ascii_case("tlp:")
    });
    labels.map(|tag| kernel::Tlp::from_foreign(Some(tag))).max()
}

/// What may be done with it, as a tag of the taxonomy PAP says it.
fn pap(tag: &str) -> Option<kernel::Pap> {
    let start = tag.get(..4)?;
    let is_pap = start.eq_ignore_ascii_case("pap:");
    tag.parse().ok().filter(|_| is_pap)
}

/// The States concerned: MISP leaves open how they are written.
fn victims(event: &Value, remarks: &mut Vec<Remark>) -> Vec<Country> {
    let mut found = Vec::new();
    for named in attributes(event, LOCATION) {
        if let Some(country) = country(named) {
            found.push(country);
        } else {
            let shown: String = named.chars().take(80).collect();
            let detail = format!("{shown} is no State");
            remarks.push(Remark::new("/Event/Attribute", Why::UnknownTerm, detail));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Where it is told.
fn links(event: &Value) -> Vec<Link> {
    let links = attributes(event, "link").filter_map(link);
    links.take(LINKS_MAX).collect()
}

/// The tags that may be classes; the markings have fields of their own.
fn classes(tags: &[&str]) -> Vec<Tag> {
    let tags = tags.iter().filter_map(|tag| tag.parse::<Tag>().ok());
    let is_marking = |tag: &Tag| {
        let taxonomy = tag.taxonomy().as_str();
        taxonomy.eq_ignore_ascii_case("tlp") || taxonomy.eq_ignore_ascii_case("pap")
    };
    tags.filter(|tag| !is_marking(tag)).collect()
}

/// The class that a tag of the same taxonomy names.
fn class(tag: &str, remarks: &mut Vec<Remark>) -> Option<Rsit> {
    let rest = tag.strip_prefix("rsit:")?;
    let plain = rest.replace('"', "").replace('=', "/");
    let class = plain.parse::<Rsit>();
    kept(class, "/Event/Tag", Why::UnknownTerm, remarks)
}

#[cfg(test)]
mod tests;
