//! Incidents as events of MISP.

use matcher::Value as Found;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::{
    super::{classes, model::Settings},
    attributes::{add_indicators, edit, of_facts},
    draft, items, text,
};
use crate::{
    model::{Case, Dated, Fidelity},
    state::Stage,
};

/// An entry as an event. One that came from an event is that event, with what was edited since; any
/// other says what MISP has a place for; classes and indicators that the event does not have are added. It is for nobody but the organisation that takes it, until
/// somebody there says otherwise.
pub fn write(case: &Case, indicators: &[Found], kept: Option<&Value>) -> Value {
    let mut event = kept
        .filter(|event| event.is_object())
        .map_or_else(|| blank(case), Value::clone);
    let theirs = draft(event.clone(), &Settings::default()).ok();
    let facts = &case.incident.facts;
    if let (Some(theirs), Some(members)) = (theirs, event.as_object_mut()) {
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if theirs.facts.title != facts.title {
            put("info", json!(facts.title.as_str()));
        }
        if theirs.facts.period.from() != facts.period.from() {
            put("date", json!(day(case)));
        }
        if theirs.stage != case.incident.status.stage() {
            put("analysis", json!(analysis(case)));
        }
        if (theirs.facts.tlp, theirs.facts.rsit, theirs.facts.pap)
            != (facts.tlp, facts.rsit, facts.pap)
        {
            let others: Vec<Value> = items(&Value::Object(members.clone()), "Tag")
                .filter(|tag| !is_ours(text(tag, "name").unwrap_or_default()))
                .cloned()
                .collect();
            let tags: Vec<Value> = tags(case).into_iter().chain(others).collect();
            members.insert("Tag".to_owned(), Value::Array(tags));
        }
        edit(&mut event, case, &theirs.facts);
    }
    add_classes(&mut event, case);
    add_indicators(&mut event, case, indicators);
    // A MISP that has the event takes a later one alone.
    if let (Some(kept), Some(members)) = (kept, event.as_object_mut())
        && kept.as_object() != Some(&*members)
    {
        members.insert("timestamp".to_owned(), json!(changed(case)));
    }
    json!({ "Event": event })
}

/// Adds the tags of classes that an event does not have.
fn add_classes(event: &mut Value, case: &Case) {
    let there: Vec<String> = items(event, "Tag")
        .filter_map(|tag| Some(text(tag, "name")?.to_owned()))
        .collect();
    let wanted = classes::tags(case).into_iter().map(|tag| tag.machine());
    let new: Vec<Value> = wanted
        .filter(|name| !there.contains(name))
        .map(|name| json!({ "name": name }))
        .collect();
    if new.is_empty() {
        return;
    }
    if let Some(members) = event.as_object_mut() {
        let list = members.entry("Tag").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.extend(new);
        }
    }
}

/// Whether the register says what a tag says.
fn is_ours(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    ["tlp:", "rsit:", "pap:"]
        .iter()
        .any(|start| lower.starts_with(start))
}

fn blank(case: &Case) -> Value {
    let incident = &case.incident;
    let facts = &incident.facts;
    json!({
        "uuid": incident.public.uuid().to_string(),
        "info": facts.title.as_str(),
        "date": day(case),
        "timestamp": changed(case),
        "published": false,
        "analysis": analysis(case),
        "threat_level_id": "4",
        "distribution": "0",
        "Tag": tags(case),
        "Attribute": of_facts(case),
    })
}

/// When the entry was changed last, as MISP writes it.
pub(super) fn changed(case: &Case) -> String {
    case.incident.updated_at.as_seconds().to_string()
}

fn tags(case: &Case) -> Vec<Value> {
    let facts = &case.incident.facts;
    let label = format!("tlp:{}", facts.tlp.as_str().to_ascii_lowercase());
    let class = facts.rsit.map(|rsit| match rsit.kind() {
        Some(kind) => format!("rsit:{}=\"{kind}\"", rsit.class()),
        None => format!("rsit:{}", rsit.class()),
    });
    let pap = facts.pap.map(|pap| format!("PAP:{pap}"));
    let exercise = case.incident.mode.is_exercise();
    let exercise = exercise.then(|| "exercise:generic".to_owned());
    let names = [Some(label), class, pap, exercise].into_iter().flatten();
    names.map(|name| json!({ "name": name })).collect()
}

/// MISP asks for a day.
fn day(case: &Case) -> String {
    let facts = &case.incident.facts;
    Dated::new(facts.sort_at(case.incident.created_at), Fidelity::Day).to_string()
}

const fn analysis(case: &Case) -> &'static str {
    match case.incident.status.stage() {
        Stage::Open => "0",
        Stage::Investigating | Stage::Contained => "1",
        Stage::Closed => "2",
    }
}

/// The id of a part of an event: the same each time it is written.
pub(super) fn named(case: &Case, what: &str) -> String {
    let digest = Sha256::digest(format!("misp {} {what}", case.incident.public));
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
