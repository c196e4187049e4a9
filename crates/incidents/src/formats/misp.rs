//! Events of MISP as incidents, and incidents as events.
//!
//! An event is kept whole under `/misp`. Its attributes are no figures of an incident: whoever wants
//! them as indicators takes the event into a collection too.

mod attributes;
mod write;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    clean::{kept, line, prose},
    model::{Draft, Found, Key, Read, Remark, Settings, Why},
};
use crate::{
    model::{Dated, Determination, Facts, Kind, Period, Prose, Rsit},
    state::Stage,
    taxonomy::Tag,
};

pub use write::write;

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

/// The value of the first attribute of a type.
fn attribute<'d>(event: &'d Value, kind: &str) -> Option<&'d str> {
    items(event, "Attribute")
        .find(|one| text(one, "type") == Some(kind))
        .and_then(|one| text(one, "value"))
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
    let told = items(&event, "EventReport").find_map(|report| text(report, "content"));
    let told = told.or_else(|| attribute(&event, "text"));
    let facts = Facts {
        kind: Kind::Incident,
        title,
        description: told.map_or_else(Prose::default, |text| {
            prose(text, "/Event/EventReport", &mut remarks)
        }),
        victims: attribute(&event, "target-location")
            .and_then(|code| code.parse().ok())
            .into_iter()
            .collect(),
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
        tlp: label(&tags, settings),
        pap: None,
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
        links: Vec::new(),
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

/// The strictest label among the tags.
fn label(tags: &[&str], settings: &Settings) -> kernel::Tlp {
    let labels = tags.iter().filter(|tag| {
        let start = tag.get(..4).unwrap_or_default();
        start.eq_ignore_ascii_case("tlp:")
    });
    labels
        .map(|tag| kernel::Tlp::from_foreign(Some(tag)))
        .max()
        .unwrap_or(settings.tlp)
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::formats::tests::case;

    fn event() -> Value {
        json!({ "Event": {
            "uuid": "5a1f0f2c-3c5e-4a7e-9a54-0000000000aa",
            "info": "Ransomware at a clinic",
            "date": "2024-05-08",
            "analysis": "1",
            "Tag": [{ "name": "tlp:green" }, { "name": "TLP:AMBER" },
                    { "name": "rsit:availability=\"ddos\"" }],
            "Attribute": [{ "type": "target-org", "value": "A clinic" },
                          { "type": "ip-dst", "value": "192.0.2.1" }],
        }})
    }

    #[test]
    fn an_event_becomes_an_incident_with_its_strictest_label() {
        let found = read(event(), &Settings::default());
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.facts.tlp, kernel::Tlp::Amber);
        assert_eq!(draft.facts.rsit.unwrap().to_string(), "availability/ddos");
        assert_eq!(draft.stage, Stage::Investigating);
        assert_eq!(
            draft.facts.organisation.as_ref().unwrap().as_str(),
            "A clinic"
        );
        assert_eq!(draft.kept[POINTER], event()["Event"]);
        let answer = json!({ "response": [event(), event()] });
        assert_eq!(read(answer, &Settings::default()).len(), 2);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for doc in [
            json!(null),
            json!({}),
            json!({ "Event": { "uuid": "x", "info": "y" } }),
            json!({ "Event": { "uuid": "5a1f0f2c-3c5e-4a7e-9a54-0000000000aa" } }),
            json!({ "response": "no" }),
        ] {
            assert!(
                read(doc.clone(), &Settings::default())[0].read.is_err(),
                "{doc}"
            );
        }
        let mut marked = event();
        marked["Event"]["Tag"] = json!([{ "name": "tlp:ultraviolet" }]);
        let found = read(marked, &Settings::default());
        assert_eq!(found[0].read.as_ref().unwrap().facts.tlp, kernel::Tlp::Red);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut given = case("A title");
        given.incident.facts.rsit = "fraud/phishing".parse().ok();
        given.incident.facts.organisation = "A bank".parse().ok();
        given.incident.facts.description = "It happened.".parse().unwrap();
        let day = "2024-05-08".parse().ok();
        given.incident.facts.period = Period::new(day, None, None).unwrap();
        let written = write(&given, &[], None);
        let found = read(written, &Settings::default());
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.facts, given.incident.facts);
        assert_eq!(draft.key, Key::Own(given.incident.public));
        // What came as an event goes out as it came.
        assert_eq!(
            write(&given, &[], Some(&event()["Event"]))["Event"]["Attribute"],
            event()["Event"]["Attribute"]
        );
    }
}
