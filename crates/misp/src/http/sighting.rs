//! Sightings.

use std::collections::HashMap;

use axum::{http::StatusCode, response::Response};
use intel::events::{
    model::{Asked, Org, Scope, Sighting, Which},
    ops::{self, Said},
};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Fail, json_answer},
    ask::{flag, moments, text_of},
    call::Call,
    out::json::{put, sighting_value},
};

/// A sighting of one attribute, or of all that have a value.
pub(super) async fn add(call: &Call) -> Result<Response, Fail> {
    let mut asked = call.asked()?;
    if let Some(Value::Object(inner)) = asked.remove("Sighting") {
        asked = inner;
    }
    let kind = asked.get("type").and_then(text_of);
    let kind = kind.map_or(Ok(0), |kind| kind.parse());
    let kind = kind.map_err(|_word| Fail::bad("The type of a sighting is 0, 1 or 2."))?;
    let said = Said {
        kind,
        date: date(&asked),
        source: asked.get("source").and_then(text_of).unwrap_or_default(),
        uuid: None,
        organisation: None,
    };
    let named = ["id", "uuid", "attribute_id", "attribute_uuid"];
    let named = named
        .iter()
        .find_map(|name| asked.get(*name).and_then(text_of));
    let which = call.argument().map(str::to_owned).or(named);
    let values: Vec<String> = match asked.get("values").or_else(|| asked.get("value")) {
        Some(Value::Array(all)) => all.iter().filter_map(text_of).collect(),
        Some(one) => text_of(one).into_iter().collect(),
        None => Vec::new(),
    };
    let which = match which {
        Some(text) => {
            let which = Which::parse(&text);
            Some(which.ok_or_else(|| Fail::missing("Invalid attribute."))?)
        }
        None => None,
    };
    let about = (which, &*values);
    let sighted = ops::sight(&call.ground, &call.viewer, &call.scope, about, &said).await?;
    let Some(first) = sighted.first() else {
        let message = "Could not add the Sighting. Reason: No valid attributes found that would \
                       match the sighting criteria.";
        return Err(Fail::Said(StatusCode::BAD_REQUEST, message.to_owned()));
    };
    if which.is_some() {
        let all = of_attribute(call, *first).await?;
        if let Some((sighting, org)) = all.last() {
            let value = sighting_value(sighting, org)?;
            return Ok(json_answer(&json!({ "Sighting": value })));
        }
    }
    let message = format!("{} sightings successfully added.", sighted.len());
    Ok(json_answer(&json!({
        "saved": true, "success": true, "name": message, "message": message, "url": call.url,
    })))
}

fn date(asked: &Map<String, Value>) -> Option<i64> {
    let stamp = asked
        .get("timestamp")
        .or_else(|| asked.get("date_sighting"));
    stamp.and_then(text_of).and_then(|text| text.parse().ok())
}

async fn of_attribute(call: &Call, id: i64) -> Result<Vec<(Sighting, Org)>, Fail> {
    let asked = Asked {
        after: 0,
        most: ops::PAGE_MAX,
    };
    let about = (None, Some(Which::Id(id)));
    let scope = Scope::default();
    Ok(ops::sightings(&call.ground, &call.viewer, &scope, about, asked).await?)
}

async fn found(call: &Call, context: &str, id: &str) -> Result<Vec<(Sighting, Org)>, Fail> {
    let which = Which::parse(id);
    let which = which.ok_or_else(|| Fail::missing(&format!("Invalid {context}.")))?;
    let about = match context {
        "event" => (Some(which), None),
        "attribute" => (None, Some(which)),
        _ => return Err(Fail::bad("The context is event or attribute.")),
    };
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let asked = Asked {
            after,
            most: ops::PAGE_MAX,
        };
        let page = ops::sightings(&call.ground, &call.viewer, &call.scope, about, asked).await?;
        let Some((last, _)) = page.last() else {
            return Ok(all);
        };
        after = last.id;
        all.extend(page);
    }
}

pub(super) async fn list(call: &Call) -> Result<Response, Fail> {
    let asked = call.asked()?;
    let id = asked
        .get("id")
        .and_then(text_of)
        .or_else(|| call.argument().map(str::to_owned));
    let context = asked.get("context").and_then(text_of);
    let context = context.unwrap_or_else(|| "attribute".to_owned());
    let all = found(call, &context, &id.unwrap_or_default()).await?;
    let mut values = Vec::new();
    for (sighting, org) in &all {
        if wanted(&asked, sighting, org) {
            values.push(json!({ "Sighting": sighting_value(sighting, org)? }));
        }
    }
    Ok(json_answer(&Value::Array(values)))
}

fn wanted(asked: &Map<String, Value>, sighting: &Sighting, org: &Org) -> bool {
    let fits = |name: &str, text: String| {
        let asked = asked.get(name).and_then(text_of);
        asked.is_none_or(|asked| asked.is_empty() || asked.eq_ignore_ascii_case(&text))
    };
    let of_org = asked.get("org_id").and_then(text_of).is_none_or(|asked| {
        asked == org.id.to_string() || asked.eq_ignore_ascii_case(&org.uuid.to_string())
    });
    of_org && fits("type", sighting.kind.to_string()) && fits("source", sighting.source.clone())
}

/// The most events or attributes whose sightings are asked for at once.
const NAMED_MAX: usize = 1_000;

/// Of what the sightings are asked for: one by `id`, or several by `uuid`, as instances ask that pull
/// sightings.
fn named(asked: &Map<String, Value>) -> Result<Vec<String>, Fail> {
    let texts = |name: &str| match asked.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(text_of).collect(),
        Some(one) => text_of(one).into_iter().collect::<Vec<_>>(),
        None => Vec::new(),
    };
    let mut ids = texts("id");
    ids.extend(texts("uuid"));
    ids.sort();
    ids.dedup();
    match ids.len() {
        0 => Err(Fail::bad("Name the id of an event or attribute.")),
        count if count > NAMED_MAX => {
            Err(Fail::bad(format!("uuid: at most {NAMED_MAX} are taken.")))
        }
        _ => Ok(ids),
    }
}

/// The UUIDs of what was sighted, and of its event.
async fn uuids_of(
    call: &Call,
    sighting: &Sighting,
    known: &mut HashMap<i64, (String, String)>,
) -> Result<(String, String), Fail> {
    if let Some(uuids) = known.get(&sighting.attribute) {
        return Ok(uuids.clone());
    }
    let scope = Scope::default();
    let which = Which::Id(sighting.attribute);
    let (attribute, seen) = ops::attribute(&call.ground, &call.viewer, &scope, which).await?;
    let uuids = (attribute.uuid.to_string(), seen.event.uuid.to_string());
    known.insert(sighting.attribute, uuids.clone());
    Ok(uuids)
}

pub(super) async fn search(call: &Call) -> Result<Response, Fail> {
    let asked = call.asked()?;
    let context = call.argument().unwrap_or("event").to_owned();
    let ids = named(&asked)?;
    let now = call.ground.now().as_seconds();
    let mut within = moments(asked.get("last"), now)?;
    for (name, bound) in [("from", &mut within.from), ("to", &mut within.to)] {
        if let Some(moment) = asked.get(name).filter(|value| !value.is_null()) {
            *bound = moments(Some(moment), now)?.from;
        }
    }
    let mut all = Vec::new();
    for id in &ids {
        match found(call, &context, id).await {
            Ok(found) => all.extend(found),
            // Of many, those that the asker sees.
            Err(Fail::Said(StatusCode::NOT_FOUND, _)) if ids.len() > 1 => {}
            Err(fail) => return Err(fail),
        }
    }
    let with_uuids = asked.get("includeUuid").is_some_and(flag);
    let mut uuids = HashMap::new();
    let mut values = Vec::new();
    for (sighting, org) in &all {
        let early = within.from.is_some_and(|from| sighting.date < from);
        let late = within.to.is_some_and(|to| sighting.date > to);
        if early || late || !wanted(&asked, sighting, org) {
            continue;
        }
        let mut value = sighting_value(sighting, org)?;
        let said = |name: &str| asked.get(name).is_some_and(flag);
        if with_uuids {
            let uuids = uuids_of(call, sighting, &mut uuids).await?;
            put(&mut value, "attribute_uuid", json!(uuids.0));
            put(&mut value, "event_uuid", json!(uuids.1));
        }
        if said("includeAttribute") || said("includeEvent") {
            let which = Which::Id(sighting.attribute);
            let scope = Scope::default();
            let found = ops::attribute(&call.ground, &call.viewer, &scope, which).await?;
            if said("includeAttribute") {
                put(
                    &mut value,
                    "Attribute",
                    crate::out::json::attribute_value(&found.0, &[])?,
                );
            }
            if said("includeEvent") {
                put(&mut value, "Event", crate::out::index::stub(&found.1));
            }
        }
        values.push(json!({ "Sighting": value }));
    }
    Ok(json_answer(&json!({ "response": values })))
}
