//! Entries as objects of STIX.

use std::collections::{HashMap, HashSet};

use kernel::{IncidentRef, Tlp};
use serde_json::{Map, Value, json};

use super::{figure, is_statement, kind, known_label, own_label, text};
use crate::{
    harm::sum,
    model::Case,
    taxonomy::shipped::{RSIT, SECTORS},
    wire::stix::{self, INCIDENT, another_id, impact_id, marking, moment},
};

/// Where objects of STIX say who else knows them.
const REFERENCES: &str = "external_references";
/// Where an incident names its impacts.
const IMPACTS: &str = "impact_refs";

/// The objects of an entry. One that came as STIX is as it came, with what was edited since; no label
/// of it is weaker than that of the entry, and each figure goes out once.
pub fn objects(case: &Case, kept: Option<Value>) -> Vec<Value> {
    let mut ours = stix::objects(case);
    let theirs = kept.and_then(|mut kept| kept.get_mut("objects").map(Value::take));
    let Some(Value::Array(mut theirs)) = theirs else {
        return ours;
    };
    once(case, &mut ours, &mut theirs);
    let statements: Vec<Value> = theirs
        .iter()
        .filter(|one| is_statement(one))
        .cloned()
        .collect();
    let named = ours.iter().enumerate();
    let named = named.filter_map(|(place, one)| Some((text(one, "id")?.to_owned(), place)));
    let places: HashMap<String, usize> = named.collect();
    for mut object in theirs {
        let place = text(&object, "id").and_then(|id| places.get(id));
        if let Some(one) = place.and_then(|place| ours.get_mut(*place)) {
            date(case, one, &object);
            merge(one, &mut object, &statements);
        } else {
            mark(&mut object, case.incident.facts.tlp, &statements);
            ours.push(object);
        }
    }
    // STIX knows no empty lists.
    for members in ours.iter_mut().filter_map(extension) {
        members.retain(|name, value| name != IMPACTS || value != &json!([]));
    }
    ours
}

/// What the extension says of an incident.
fn extension(object: &mut Value) -> Option<&mut Map<String, Value>> {
    object
        .get_mut("extensions")?
        .get_mut(INCIDENT)?
        .as_object_mut()
}

/// Takes out what would be told twice: our impact of a figure that still stands as it came, and the
/// impact that it came with where it stands no more. What of ours is left has no id of theirs.
fn once(case: &Case, ours: &mut Vec<Value>, theirs: &mut Vec<Value>) {
    let public = case.incident.public;
    let ids = theirs.iter().filter_map(|one| text(one, "id"));
    let taken: HashSet<String> = ids.map(str::to_owned).collect();
    let mut standing = sum::standing(&case.harm);
    let (mut told, mut stale) = (HashSet::new(), HashSet::new());
    for object in theirs.iter().filter(|one| kind(one) == "impact") {
        let Some(figure) = figure(object, &mut Vec::new()) else {
            continue;
        };
        let same = standing.iter().position(|(_, one)| {
            one.what == figure.what && one.bound == figure.bound && one.unit == figure.unit
        });
        match same {
            Some(place) => told.insert(impact_id(public, standing.remove(place).0)),
            None => stale.insert(text(object, "id").unwrap_or_default().to_owned()),
        };
    }
    leave_out(ours, &told);
    leave_out(theirs, &stale);
    set_apart(public, ours, &taken);
}

/// The impacts that an incident names.
fn impact_refs(object: &mut Value) -> Option<&mut Vec<Value>> {
    extension(object)?.get_mut(IMPACTS)?.as_array_mut()
}

/// Leaves objects out, and what names them.
fn leave_out(objects: &mut Vec<Value>, gone: &HashSet<String>) {
    let stays = |id: Option<&str>| id.is_none_or(|id| !gone.contains(id));
    objects.retain(|object| stays(text(object, "id")));
    for refs in objects.iter_mut().filter_map(impact_refs) {
        refs.retain(|one| stays(one.as_str()));
    }
}

/// Gives our impacts other ids than those that came: an impact of a register has the id of the incident
/// and of the number of its figure, and another register numbers its figures itself.
fn set_apart(public: IncidentRef, ours: &mut [Value], taken: &HashSet<String>) {
    let mut others = HashMap::new();
    for object in ours.iter_mut().filter(|one| kind(one) == "impact") {
        let before = text(object, "id").unwrap_or_default().to_owned();
        let mut id = before.clone();
        while taken.contains(&id) {
            id = another_id(public, &id);
        }
        if let Some(members) = object.as_object_mut().filter(|_| id != before) {
            members.insert("id".to_owned(), json!(id));
            others.insert(before, id);
        }
    }
    let refs = ours.iter_mut().filter_map(impact_refs).flatten();
    for one in refs {
        if let Some(other) = one.as_str().and_then(|id| others.get(id)) {
            *one = json!(other);
        }
    }
}

/// When an object was made says whoever made it; when it was changed, too, until it is changed here.
fn date(case: &Case, ours: &mut Value, theirs: &Value) {
    let incident = &case.incident;
    let is_edited = incident.updated_at != incident.created_at;
    let created = text(theirs, "created").unwrap_or_default();
    let changed = moment(incident.updated_at);
    let modified = match text(theirs, "modified") {
        Some(theirs) if !is_edited || changed.as_str() <= theirs => theirs,
        _ => &changed,
    };
    if let (Some(members), false) = (ours.as_object_mut(), created.is_empty()) {
        members.insert("created".to_owned(), json!(created));
        members.insert("modified".to_owned(), json!(modified));
    }
}

/// Gives an object the label of its entry, where its own is weaker or it has none.
fn mark(object: &mut Value, label: Tlp, statements: &[Value]) {
    let strict = own_label(object, statements).is_some_and(|own| own >= label);
    if strict || kind(object) == "marking-definition" {
        return;
    }
    let Some(members) = object.as_object_mut() else {
        return;
    };
    let refs = members
        .entry("object_marking_refs")
        .or_insert_with(|| json!([]));
    if let Some(refs) = refs.as_array_mut() {
        refs.retain(|one| one.as_str().and_then(known_label).is_none());
        refs.push(json!(marking(label)));
    }
}

/// Gives an object the members that only the other has, and lists all that either has.
fn merge(ours: &mut Value, theirs: &mut Value, statements: &[Value]) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, value) in theirs.iter_mut() {
                match ours.get_mut(name) {
                    Some(one) if name == REFERENCES => add_references(one, value),
                    Some(one) => merge(one, value, statements),
                    None => {
                        ours.insert(name.clone(), value.take());
                    }
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.iter().all(Value::is_string) => {
            for value in theirs.iter_mut() {
                // A label that was changed here is not joined with the one that it had; a statement,
                // such as terms of use, is no label.
                let label = value.as_str().is_some_and(|id| {
                    id.starts_with("marking-definition--")
                        && statements.iter().all(|one| text(one, "id") != Some(id))
                });
                if !label && !ours.contains(value) {
                    ours.push(value.take());
                }
            }
        }
        _ => {}
    }
}

/// Adds the references that an entry came with, but for what the register says itself: RSIT and sectors.
fn add_references(ours: &mut Value, theirs: &mut Value) {
    let (Some(ours), Some(theirs)) = (ours.as_array_mut(), theirs.as_array_mut()) else {
        return;
    };
    let source = |one: &Value| one.get("source_name").cloned();
    let facts = [RSIT, SECTORS].map(|name| Some(json!(name)));
    let same = |one: &Value, other: &Value| {
        let members = ["source_name", "external_id", "url"];
        members.iter().all(|name| one.get(name) == other.get(name))
    };
    for one in theirs
        .iter_mut()
        .filter(|one| !facts.contains(&source(one)))
    {
        if !ours.iter().any(|other| same(other, one)) {
            ours.push(one.take());
        }
    }
}
