//! Entries as documents of VERIS.

use serde_json::{Map, Value, json};

use super::{EXERCISE, TITLE, facts, title};
use crate::{
    formats::model::Settings,
    harm::sum::{standing, stated},
    model::{Case, Dated, Determination, Facts, Fidelity},
};

/// The unit of records.
const RECORD: &str = "record";
/// The version that documents are written in.
const VERSION: &str = "1.4.0";

/// An entry as a document. One that came from a document is that document, with what was edited
/// since; any other says what VERIS has a place for.
pub fn write(case: &Case, kept: Option<&Value>) -> Value {
    let ours = &case.incident.facts;
    let mut doc = kept
        .filter(|doc| doc.is_object())
        .map_or_else(|| blank(case), Value::clone);
    let known = Known::of(&doc);
    if known.determination != Some(ours.determination) {
        put(
            &mut doc,
            "/security_incident",
            json!(word(ours.determination)),
        );
    }
    if known.began != ours.period.from()
        && let Some(began) = ours.period.from()
    {
        put(&mut doc, "/timeline/incident", parts(began));
    }
    if let Some(theirs) = &known.facts {
        if theirs.description != ours.description {
            put(&mut doc, "/summary", json!(ours.description.as_str()));
        }
        if theirs.victims != ours.victims {
            put(&mut doc, "/victim/country", countries(ours));
        }
        if theirs.organisation != ours.organisation {
            let name = ours.organisation.as_ref().map(crate::model::Line::as_str);
            put(
                &mut doc,
                "/victim/victim_id",
                json!(name.unwrap_or_default()),
            );
        }
    }
    let organisation = ours.organisation.as_ref();
    if title(&doc, organisation).as_ref() != Some(&ours.title) {
        put(&mut doc, TITLE, json!(ours.title.as_str()));
    }
    if kept.is_some() {
        edit_records(&mut doc, case);
    }
    if case.incident.mode.is_exercise() {
        put(&mut doc, EXERCISE, json!(true));
    }
    doc
}

/// What the register would take from a document.
struct Known {
    determination: Option<Determination>,
    began: Option<Dated>,
    facts: Option<Facts>,
}

impl Known {
    fn of(doc: &Value) -> Self {
        let mut wrong = Vec::new();
        let determination = super::determination(doc, &mut wrong);
        let began = super::date(doc, "/timeline/incident", &mut wrong);
        let given = (determination.unwrap_or(Determination::Suspected), began);
        Self {
            determination,
            began,
            facts: facts(doc, given, &Settings::default(), &mut wrong),
        }
    }
}

/// Puts a value to its place, and objects where there are none on the way.
fn put(doc: &mut Value, pointer: &str, value: Value) {
    let mut place = doc;
    for name in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Some(members) = place.as_object_mut() else {
            return;
        };
        place = members.entry(name).or_insert(Value::Null);
    }
    *place = value;
}

/// A document of an entry that came from none: what VERIS asks for and the register does not hold is
/// said to be unknown.
fn blank(case: &Case) -> Value {
    let incident = &case.incident;
    let facts = &incident.facts;
    let year = Dated::new(facts.sort_at(incident.created_at), Fidelity::Year);
    let began = facts.period.from().unwrap_or(year);
    let mut doc = json!({
        "schema_version": VERSION,
        "incident_id": incident.public.to_string(),
        "source_id": "comity",
        "security_incident": word(facts.determination),
        "summary": facts.description.as_str(),
        "action": { "unknown": {} },
        "actor": { "unknown": {} },
        "asset": { "assets": [{ "variety": "Unknown" }], "cloud": ["Unknown"] },
        "discovery_method": { "unknown": true },
        "timeline": { "incident": parts(began) },
        "victim": {
            "country": countries(facts),
            "employee_count": "Unknown",
            "government": ["Unknown"],
            "industry": industry(facts).unwrap_or("000"),
        },
    });
    if let Some(name) = &facts.organisation {
        put(&mut doc, "/victim/victim_id", json!(name.as_str()));
    }
    if let Some(records) = records(case) {
        let at = "/attribute/confidentiality";
        put(
            &mut doc,
            at,
            json!({ "data_disclosure": "Unknown", "data_total": records }),
        );
    }
    let addresses: Vec<&str> = case
        .links
        .iter()
        .filter(|link| link.kind.as_str() == "url")
        .map(|link| link.target.as_str())
        .collect();
    if !addresses.is_empty() {
        put(&mut doc, "/reference", json!(addresses.join("; ")));
    }
    doc
}

/// How many records the register states.
fn records(case: &Case) -> Option<u64> {
    stated(case, RECORD)?.to_string().parse().ok()
}

/// Brings the number of records up to what stands, where the figure that was taken from the document
/// does not stand any more.
fn edit_records(doc: &mut Value, case: &Case) {
    let read = super::figures::harm(doc, &mut Vec::new());
    let Some(read) = read.iter().find(|figure| figure.unit.as_str() == RECORD) else {
        return;
    };
    let stands = standing(&case.harm)
        .iter()
        .any(|(_, figure)| figure.unit == read.unit && figure.bound == read.bound);
    let members = doc.pointer_mut("/attribute/confidentiality");
    if let (false, Some(members)) = (stands, members.and_then(Value::as_object_mut)) {
        match records(case) {
            Some(records) => members.insert("data_total".to_owned(), json!(records)),
            None => members.remove("data_total"),
        };
    }
}

/// The code of NAICS that the sector in words names.
fn industry(facts: &Facts) -> Option<&str> {
    let text = facts.sector_text.as_ref()?.as_str();
    text.strip_prefix("NAICS ")
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
}

fn countries(facts: &Facts) -> Value {
    let codes: Vec<&str> = facts.victims.iter().map(kernel::Country::as_str).collect();
    if codes.is_empty() {
        json!(["Unknown"])
    } else {
        json!(codes)
    }
}

/// A date in the parts that VERIS has for it.
fn parts(date: Dated) -> Value {
    let text = date.to_string();
    let mut parts = Map::new();
    let day = text.get(..10).unwrap_or(&text);
    for (name, part) in ["year", "month", "day"].into_iter().zip(day.split('-')) {
        if let Ok(number) = part.parse::<u16>() {
            parts.insert(name.to_owned(), json!(number));
        }
    }
    Value::Object(parts)
}

const fn word(determination: Determination) -> &'static str {
    match determination {
        Determination::Confirmed => "Confirmed",
        Determination::Suspected => "Suspected",
        Determination::FalsePositive => "False positive",
        Determination::Blocked | Determination::FailedAttempt => "Near miss",
    }
}
