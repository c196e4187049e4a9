//! Terms as observables, and observables as terms.

use serde_json::{Map, Value, json};
use stix::{json::Document, objects::observable_id};

use super::{
    out::fault,
    terms::{Term, is_number, paths},
};

/// The observables that have these terms, the one that they are about first. Nothing where no
/// observable of the specification has them so.
///
/// One whose facts make no id gets `uuid`.
pub(super) fn observables(terms: &[Term], uuid: &str) -> Option<Vec<Map<String, Value>>> {
    let (kind, _) = terms.first()?.path.split_once(':')?;
    let mut main = Map::new();
    main.insert("type".to_owned(), json!(kind));
    main.insert("spec_version".to_owned(), json!("2.1"));
    let mut others = Vec::new();
    for term in terms {
        let (_, path) = term.path.split_once(':')?;
        let value = if is_number(term.path) {
            json!(term.value.parse::<u32>().ok()?)
        } else {
            json!(term.value)
        };
        if let Some(reference) = path.strip_suffix(".value") {
            let other = named(&term.value, uuid)?;
            let id = other.get("id")?.clone();
            match reference.strip_suffix("[*]") {
                Some(list) => main.insert(list.to_owned(), json!([id])),
                None => main.insert(reference.to_owned(), id),
            };
            others.push(other);
        } else if let Some(algorithm) = path.strip_prefix("hashes.") {
            main.insert(
                "hashes".to_owned(),
                json!({algorithm.trim_matches('\''): value}),
            );
        } else if path == "values[*].data" {
            main.insert("values".to_owned(), json!([{"data": value}]));
        } else if path.contains('.') {
            return None;
        } else {
            main.insert(path.to_owned(), value);
        }
    }
    match kind {
        "email-message" => drop(main.insert("is_multipart".to_owned(), json!(false))),
        "network-traffic" => drop(main.insert("protocols".to_owned(), json!(["tcp"]))),
        _ => {}
    }
    let mut all = vec![identified(main, uuid)?];
    all.append(&mut others);
    all.iter()
        .all(|one| fault(&Value::Object(one.clone())).is_none())
        .then_some(all)
}

/// An address or a name of a domain.
fn named(value: &str, uuid: &str) -> Option<Map<String, Value>> {
    let kind = match value.parse::<std::net::IpAddr>() {
        Ok(address) if address.is_ipv4() => "ipv4-addr",
        Ok(_) => "ipv6-addr",
        Err(_) => "domain-name",
    };
    let mut object = Map::new();
    object.insert("type".to_owned(), json!(kind));
    object.insert("spec_version".to_owned(), json!("2.1"));
    object.insert("value".to_owned(), json!(value));
    identified(object, uuid)
}

fn identified(mut object: Map<String, Value>, uuid: &str) -> Option<Map<String, Value>> {
    let text = Value::Object(object.clone()).to_string();
    let document = Document::parse(text.as_bytes()).ok()?;
    let id = match observable_id(document.root()).ok()? {
        Some(id) => id.as_str().to_owned(),
        None => format!("{}--{uuid}", object.get("type")?.as_str()?),
    };
    object.insert("id".to_owned(), json!(id));
    Some(object)
}

/// The terms of an observable, and the names of its properties that have none.
///
/// `look_up` finds what it refers to.
pub(super) fn of_observable<'v>(
    observable: &'v Value,
    look_up: impl Fn(&str) -> Option<&'v Value>,
) -> (Vec<Term>, Vec<String>) {
    let kind = observable
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut terms = Vec::new();
    let mut read: Vec<&str> = vec!["type", "spec_version", "id", "object_marking_refs"];
    // What follows of the type and not of the facts.
    read.extend(match kind {
        "email-message" => Some("is_multipart"),
        "network-traffic" => Some("protocols"),
        _ => None,
    });
    for path in paths() {
        let Some((_, steps)) = path.split_once(':').filter(|(one, _)| *one == kind) else {
            continue;
        };
        let values = values(observable, steps, &look_up);
        if !values.is_empty() {
            read.extend(steps.split(['.', '[']).next());
        }
        terms.extend(values.into_iter().map(|value| Term { path, value }));
    }
    let members = observable.as_object().into_iter().flatten();
    let unread = members
        .map(|(name, _)| name)
        .filter(|name| !read.contains(&&***name));
    let mut unread: Vec<String> = unread.cloned().collect();
    let hashes = observable.get("hashes").and_then(Value::as_object);
    for (algorithm, _) in hashes.into_iter().flatten() {
        let known = terms
            .iter()
            .any(|term| term.path.trim_end_matches('\'').ends_with(&**algorithm));
        if !known {
            unread.push(format!("hashes/{algorithm}"));
        }
    }
    unread.retain(|name| name != "hashes");
    (terms, unread)
}

/// What stands at a path of [`paths`].
fn values<'v>(
    observable: &'v Value,
    steps: &str,
    look_up: &impl Fn(&str) -> Option<&'v Value>,
) -> Vec<String> {
    let mut at = vec![observable];
    let mut rest = steps;
    while !rest.is_empty() {
        let (step, after) = rest.split_once('.').unwrap_or((rest, ""));
        rest = after;
        let name = step.trim_end_matches("[*]").trim_matches('\'');
        let found = at.into_iter().filter_map(|value| value.get(name));
        at = if step.ends_with("[*]") {
            found.filter_map(Value::as_array).flatten().collect()
        } else {
            found.collect()
        };
        if name.ends_with("_ref") || name.ends_with("_refs") {
            at = at
                .into_iter()
                .filter_map(|id| look_up(id.as_str()?))
                .collect();
        }
    }
    let texts = at.into_iter().filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.collect()
}
