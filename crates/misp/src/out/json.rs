//! Attributes, objects and sightings in JSON. What is stored is already what is sent: the node's
//! numbers are put before it.

use std::fmt::Write as _;

use intel::events::{
    model::{Attribute, Org, Sighting},
    ops::WholeObject,
};
use serde_json::{Value, json};

use super::warned::Warned;
use crate::{answer::Fail, call::unreadable};

/// Sightings with who saw it.
pub(crate) type Sighted = [(Sighting, Org)];

/// Writes an attribute; `event` stands in it where it is asked for on its own, and what warninglists
/// have of it where that is asked.
pub(crate) fn attribute(
    out: &mut String,
    row: &Attribute,
    sightings: &Sighted,
    (warned, event): (&Warned, Option<&Value>),
) -> Result<(), Fail> {
    // Writing to a string cannot fail.
    let _written = write!(
        out,
        "{{\"id\":\"{}\",\"event_id\":\"{}\",\"object_id\":\"{}\",",
        row.id, row.event, row.object
    );
    if let Some(data) = &row.data {
        let _written = write!(out, "\"data\":{},", json!(data));
    }
    if let Some(event) = event {
        let _written = write!(out, "\"Event\":{event},");
    }
    if let Some(said) = warned.said(row) {
        let _written = write!(out, "\"warnings\":{said},");
    }
    let mut own = sightings
        .iter()
        .filter(|(one, _)| one.attribute == row.id)
        .peekable();
    if own.peek().is_some() {
        out.push_str("\"Sighting\":[");
        for (number, (sighting, org)) in own.enumerate() {
            if number > 0 {
                out.push(',');
            }
            let _written = write!(out, "{}", sighting_value(sighting, org)?);
        }
        out.push_str("],");
    }
    out.push_str(inner(&row.body));
    Ok(())
}

/// The members of an object of JSON, with its end.
fn inner(body: &str) -> &str {
    body.strip_prefix('{').unwrap_or("}")
}

/// Writes an object with its attributes.
pub(crate) fn object(
    out: &mut String,
    (object, attributes): &WholeObject,
    sightings: &Sighted,
    warned: &Warned,
) -> Result<(), Fail> {
    let _written = write!(
        out,
        "{{\"id\":\"{}\",\"event_id\":\"{}\",\"Attribute\":[",
        object.id, object.event
    );
    let shown = attributes.iter().filter(|row| !warned.hides(row));
    for (number, row) in shown.enumerate() {
        if number > 0 {
            out.push(',');
        }
        attribute(out, row, sightings, (warned, None))?;
    }
    out.push_str("],");
    out.push_str(inner(&object.body));
    Ok(())
}

/// An attribute by itself.
pub(crate) fn attribute_value(row: &Attribute, sightings: &Sighted) -> Result<Value, Fail> {
    let mut text = String::new();
    attribute(&mut text, row, sightings, (&Warned::default(), None))?;
    serde_json::from_str(&text).map_err(|error| unreadable(&error))
}

/// An object by itself.
pub(crate) fn object_value(whole: &WholeObject) -> Result<Value, Fail> {
    let mut text = String::new();
    object(&mut text, whole, &[], &Warned::default())?;
    serde_json::from_str(&text).map_err(|error| unreadable(&error))
}

/// Sets a member of an object of JSON.
pub(crate) fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// A sighting.
pub(crate) fn sighting_value(row: &Sighting, org: &Org) -> Result<Value, Fail> {
    let mut value: Value = serde_json::from_str(&row.body).map_err(|error| unreadable(&error))?;
    for (name, number) in [
        ("id", row.id),
        ("event_id", row.event),
        ("attribute_id", row.attribute),
        ("org_id", row.org),
        ("date_sighting", row.date),
    ] {
        put(&mut value, name, json!(number.to_string()));
    }
    put(&mut value, "uuid", json!(row.uuid.to_string()));
    put(&mut value, "source", json!(row.source));
    put(&mut value, "type", json!(row.kind.to_string()));
    put(
        &mut value,
        "Organisation",
        json!({ "id": org.id.to_string(), "uuid": org.uuid.to_string(), "name": org.name }),
    );
    Ok(value)
}
