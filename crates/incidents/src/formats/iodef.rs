//! The Incident Object Description Exchange Format, version 2: JSON (RFC 8727) and XML (RFC 7970).
//!
//! Written only. What has no place in it is listed by [`losses`](super::losses).

mod xml;

use serde_json::{Map, Value, json};

use crate::{
    harm::{Nature, sum},
    model::{Bound, Case, Dated, Determination},
    severity::Level,
    state::Stage,
};

pub use xml::xml;

/// The name of whoever numbers the incidents: each number is the same everywhere.
const NAME: &str = "comity";

/// How sure an assessment is.
const CONFIDENCE: &str = "Confidence";

/// Entries as a document of a party.
pub fn json<'c>(cases: impl Iterator<Item = &'c Case>, party: &str) -> Value {
    let mut incidents: Vec<Value> = cases.map(|case| incident(case, party)).collect();
    let assessments = incidents.iter_mut();
    let assessments = assessments.filter_map(|one| one.pointer_mut("/Assessment/0"));
    for members in assessments.filter_map(Value::as_object_mut) {
        // RFC 8727 asks for a number in it, which RFC 7970 forbids beside a word.
        members.remove(CONFIDENCE);
    }
    json!({ "version": "2.0", "lang": "en", "Incident": incidents })
}

/// An incident as RFC 8727 has it: members are the classes of RFC 7970; those that may stand several
/// times are lists.
fn incident(case: &Case, party: &str) -> Value {
    let incident = &case.incident;
    let facts = &incident.facts;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("purpose", json!("reporting"));
    put("status", json!(status(case)));
    put("restriction", json!(restriction(facts.tlp)));
    put(
        "IncidentID",
        json!({ "id": incident.public.to_string(), "name": NAME }),
    );
    let first = |date: Option<Dated>| date.map(moment);
    for (name, moment) in [
        ("DetectTime", first(facts.detected)),
        ("StartTime", first(facts.period.from())),
        // The last that it can mean, so that nothing ends before it begins.
        ("EndTime", facts.period.to().map(|to| to.last().to_string())),
        ("ReportTime", first(facts.reported)),
    ] {
        if let Some(moment) = moment {
            put(name, json!(moment));
        }
    }
    put("GenerationTime", json!(incident.updated_at.to_string()));
    let mut told = vec![facts.title.to_string()];
    told.extend(Some(facts.description.to_string()).filter(|text| !text.is_empty()));
    put("Description", json!(told));
    put("Assessment", json!([assessment(case)]));
    put("Contact", contacts(case, party));
    let history: Vec<Value> = case.timeline.iter().map(step).collect();
    if !history.is_empty() {
        put("History", json!({ "HistoryItem": history }));
    }
    let addresses: Vec<Value> = case
        .links
        .iter()
        .filter(|link| link.kind.as_str() == "url")
        .map(|link| json!({ "URL": [link.target.as_str()] }))
        .collect();
    if !addresses.is_empty() {
        put("RelatedActivity", json!(addresses));
    }
    let more = additional(case);
    if !more.is_empty() {
        put("AdditionalData", json!(more));
    }
    Value::Object(out)
}

const fn status(case: &Case) -> &'static str {
    match case.incident.status.stage() {
        Stage::Open => "new",
        Stage::Investigating | Stage::Contained => "in-progress",
        Stage::Closed => "resolved",
    }
}

/// The colours that IODEF has are those of TLP 1; where it has none, the stricter one stands.
const fn restriction(tlp: kernel::Tlp) -> &'static str {
    match tlp {
        kernel::Tlp::Clear => "white",
        kernel::Tlp::Green => "green",
        kernel::Tlp::Amber => "amber",
        kernel::Tlp::AmberStrict | kernel::Tlp::Red => "red",
    }
}

/// IODEF has moments alone: of a date the first that it can mean.
fn moment(date: Dated) -> String {
    date.first().to_string()
}

/// What it did: everything is optional in it, but one item must stand there.
fn assessment(case: &Case) -> Value {
    let facts = &case.incident.facts;
    let severity = case.severity();
    let mut out = Map::new();
    let occurrence = match facts.determination {
        Determination::Blocked | Determination::FailedAttempt => Some("potential"),
        Determination::Suspected | Determination::Confirmed => Some("actual"),
        Determination::FalsePositive => None,
    };
    if let Some(occurrence) = occurrence {
        out.insert("occurrence".to_owned(), json!(occurrence));
    }
    let text = facts.rsit.map_or("unknown", |rsit| rsit.name());
    let mut system = json!({
        "type": "ext-value",
        "ext-type": facts.rsit.map_or_else(|| "unknown".to_owned(), |rsit| format!("rsit:{rsit}")),
        "Description": [text],
    });
    // What nobody judged, or judged to lie between two levels, is not said to be low.
    let word = severity.and_then(|severity| severity.level).map(grade);
    if let (Some(members), Some(word)) = (system.as_object_mut(), word) {
        members.insert("severity".to_owned(), json!(word));
    }
    let mut impacts = vec![json!({ "SystemImpact": system })];
    for (_, figure) in sum::standing(&case.harm) {
        let (Bound::Exact(amount) | Bound::About(amount)) = figure.bound else {
            continue;
        };
        // A demand is no loss, and a claim no fact; the schema takes amounts above zero alone.
        let is_loss = !sum::is_claim(figure) && figure.detail.nature != Some(Nature::Demanded);
        if figure.unit.is_money() && is_loss && amount.thousandths() > 0 {
            impacts.push(json!({
                "MonetaryImpact": { "currency": figure.unit.as_str(), "value": number(&amount.to_string()) }
            }));
        }
    }
    out.insert("Impact".to_owned(), Value::Array(impacts));
    let rating = match facts.determination {
        Determination::Confirmed => "high",
        Determination::Suspected => "low",
        Determination::Blocked | Determination::FailedAttempt | Determination::FalsePositive => {
            "unknown"
        }
    };
    out.insert(CONFIDENCE.to_owned(), json!({ "rating": rating }));
    Value::Object(out)
}

/// How severe it is in the three words that IODEF has.
const fn grade(level: Level) -> &'static str {
    match level.number() {
        0 | 1 => "low",
        2 | 3 => "medium",
        _ => "high",
    }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// Who writes, and who was hit; no person is named.
fn contacts(case: &Case, party: &str) -> Value {
    let contact = |role: &str, name: &str| json!({ "role": role, "type": "organization", "ContactName": [name] });
    let mut all = vec![contact("creator", party)];
    let hit = case.incident.facts.organisation.as_ref();
    all.extend(hit.map(|name| contact("victim", name.as_str())));
    Value::Array(all)
}

fn step(entry: &crate::model::TimelineEntry) -> Value {
    json!({
        "action": "other",
        "DateTime": moment(entry.at),
        "Description": [entry.what.as_str()],
    })
}

/// What IODEF has no class for and the register says in one word.
fn additional(case: &Case) -> Vec<Value> {
    let facts = &case.incident.facts;
    let mut found = Vec::new();
    let mut add = |meaning: &str, value: String| {
        if !value.is_empty() {
            found.push(json!({ "dtype": "string", "meaning": meaning, "value": value }));
        }
    };
    add("tlp", facts.tlp.to_string());
    add(
        "pap",
        facts.pap.map_or_else(String::new, |pap| pap.to_string()),
    );
    add("exercise", case.incident.mode.is_exercise().to_string());
    let words = |words: Vec<String>| words.join(" ");
    add(
        "countries",
        words(facts.victims.iter().map(ToString::to_string).collect()),
    );
    add(
        "sectors",
        words(facts.sectors.iter().map(ToString::to_string).collect()),
    );
    add("classes", super::classes::joined(case));
    add("determination", facts.determination.to_string());
    found
}

#[cfg(test)]
mod tests;
