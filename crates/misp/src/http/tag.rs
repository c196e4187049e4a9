//! Tags, and what has them.

use std::collections::BTreeMap;

use axum::{http::StatusCode, response::Response};
use formats_misp::{CLUSTER_TAG, full};
use intel::events::{
    model::{Tag, Which},
    ops,
};
use serde_json::{Value, json};

use crate::{
    answer::{Fail, json_answer},
    call::Call,
    out::json::put,
};

/// So many tags are looked up in taxonomies at once.
const TAGS: usize = 1_000;

pub(super) fn value(tag: &Tag) -> Value {
    json!({
        "id": tag.id.to_string(), "name": tag.name, "colour": tag.colour, "exportable": true,
        "org_id": "0", "user_id": "0", "hide_tag": false, "numerical_value": null,
        "is_galaxy": tag.name.starts_with(CLUSTER_TAG), "is_custom_galaxy": false,
        "local_only": false, "favourite": false,
    })
}

pub(super) async fn all(call: &Call) -> Result<Vec<Tag>, Fail> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = ops::tags(&call.ground, &call.viewer, &call.scope, after).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = last.id;
        all.extend(page);
    }
}

pub(super) async fn index(call: &Call) -> Result<Response, Fail> {
    let tags = all(call).await?;
    let tags = with_taxonomies(call, &tags).await?;
    Ok(json_answer(&json!({ "Tag": tags })))
}

/// Tags with what enabled taxonomies say of them.
async fn with_taxonomies(call: &Call, tags: &[Tag]) -> Result<Vec<Value>, Fail> {
    let all = intel::ops::taxonomies(&call.ground, &call.viewer).await?;
    let all: BTreeMap<i64, _> = all.iter().map(|one| (one.number, one)).collect();
    let mut values = Vec::with_capacity(tags.len());
    for page in tags.chunks(TAGS) {
        let names: Vec<_> = page.iter().map(|tag| tag.name.as_str()).collect();
        let known = intel::ops::tags_known(&call.ground, &call.viewer, &names).await?;
        let known: BTreeMap<_, _> = known
            .iter()
            .map(|(taxonomy, tag)| (tag.name.as_str(), (*taxonomy, tag)))
            .collect();
        for tag in page {
            let mut value = value(tag);
            if let Some((taxonomy, said)) = known.get(tag.name.as_str())
                && let Some(taxonomy) = all.get(taxonomy)
            {
                let mut taxonomy = super::taxonomy::value(taxonomy);
                put(&mut taxonomy, "expanded", json!(said.expanded));
                put(&mut value, "Taxonomy", taxonomy);
                put(&mut value, "numerical_value", json!(said.numerical));
            }
            values.push(value);
        }
    }
    Ok(values)
}

pub(super) async fn view(call: &Call) -> Result<Response, Fail> {
    let Which::Id(id) = call.which("tag")? else {
        return Err(Fail::missing("Invalid tag"));
    };
    let page = ops::tags(&call.ground, &call.viewer, &call.scope, id - 1).await?;
    let found = page.iter().find(|tag| tag.id == id);
    let found = found.ok_or_else(|| Fail::missing("Invalid tag"))?;
    Ok(json_answer(&value(found)))
}

pub(super) async fn search(call: &Call) -> Result<Response, Fail> {
    let asked = call.asked()?;
    let sought = text(&asked, "tagname").or_else(|| call.argument().map(str::to_owned));
    let sought = sought.unwrap_or_default().to_lowercase();
    let strict = matches!(asked.get("strict_tagname"), Some(Value::Bool(true)));
    let sought = sought.trim_matches('%').to_owned();
    let fits = |tag: &Tag| {
        let name = tag.name.to_lowercase();
        if strict {
            name == sought
        } else {
            name.contains(&sought)
        }
    };
    let tags = all(call).await?;
    let found: Vec<_> = tags.into_iter().filter(fits).collect();
    let found = with_taxonomies(call, &found).await?;
    let found = found.into_iter().map(|mut tag| {
        let taxonomy = tag.as_object_mut().and_then(|tag| tag.remove("Taxonomy"));
        let mut found = json!({ "Tag": tag });
        if let Some(taxonomy) = taxonomy {
            put(&mut found, "Taxonomy", taxonomy);
        }
        found
    });
    Ok(json_answer(&Value::Array(found.collect())))
}

pub(super) async fn add(call: &Call) -> Result<Response, Fail> {
    let mut asked = call.asked()?;
    if let Some(Value::Object(inner)) = asked.remove("Tag") {
        asked = inner;
    }
    let name = text(&asked, "name").unwrap_or_default();
    let colour = text(&asked, "colour");
    let tag = ops::add_tag(&call.ground, &call.viewer, &name, colour.as_deref()).await?;
    Ok(json_answer(&json!({ "Tag": value(&tag) })))
}

fn text(asked: &serde_json::Map<String, Value>, name: &str) -> Option<String> {
    asked.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// What is tagged: an event, or an attribute of one.
async fn target(call: &Call, uuid: &str) -> Result<(i64, Option<i64>), Fail> {
    let missing = || Fail::missing("Invalid Target.");
    let which = Which::parse(uuid).filter(|which| matches!(which, Which::Uuid(_)));
    let which = which.ok_or_else(missing)?;
    match ops::event(&call.ground, &call.viewer, &call.scope, which).await {
        Ok(seen) => return Ok((seen.event.id, None)),
        Err(intel::Error::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    match ops::attribute(&call.ground, &call.viewer, &call.scope, which).await {
        Ok((attribute, _)) => Ok((attribute.event, Some(attribute.id))),
        Err(intel::Error::NotFound { .. }) => Err(missing()),
        Err(error) => Err(error.into()),
    }
}

/// The UUID of what is meant, and the name of the tag.
async fn named(call: &Call) -> Result<(String, String, serde_json::Map<String, Value>), Fail> {
    let asked = call.asked()?;
    let behind = |at: usize| call.path.arguments.get(at).cloned();
    let uuid = text(&asked, "uuid")
        .or_else(|| behind(0))
        .unwrap_or_default();
    let mut tag = match asked.get("tag") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => behind(1).unwrap_or_default(),
    };
    // A tag may be named by its number.
    if let Some(Which::Id(id)) = Which::parse(&tag) {
        let page = ops::tags(&call.ground, &call.viewer, &call.scope, id - 1).await?;
        let found = page.into_iter().find(|known| known.id == id);
        tag = found.ok_or_else(|| Fail::missing("Invalid Tag."))?.name;
    }
    Ok((uuid, tag, asked))
}

pub(super) async fn attach(call: &Call) -> Result<Response, Fail> {
    let (uuid, name, asked) = named(call).await?;
    let about = target(call, &uuid).await?;
    let is_local = match asked.get("local") {
        Some(Value::Bool(is)) => *is,
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        _ => false,
    };
    let tag = full::Tag {
        name: Some(name.clone()),
        local: is_local.then_some(true),
        relationship_type: text(&asked, "relationship_type").filter(|word| !word.is_empty()),
        ..full::Tag::default()
    };
    let new = ops::tag_with(&call.ground, &call.viewer, about, tag).await?;
    let kind = if about.1.is_some() {
        "Attribute"
    } else {
        "Event"
    };
    let message = if new {
        let how = if is_local { "Local tag" } else { "Global tag" };
        format!(
            "{how} {name} successfully attached to {kind}({}).",
            about.1.unwrap_or(about.0)
        )
    } else {
        format!(
            "{kind} already has the requested tag attached, no changes had to be made for tag {name}."
        )
    };
    Ok(json_answer(&json!({
        "saved": true, "success": message, "name": message, "message": message, "url": call.url,
    })))
}

pub(super) async fn remove(call: &Call) -> Result<Response, Fail> {
    let (uuid, name, _) = named(call).await?;
    let about = target(call, &uuid).await?;
    if !ops::untag(&call.ground, &call.viewer, about, &name).await? {
        let message = format!("Invalid Tag. {name} is not attached.");
        return Err(Fail::Said(StatusCode::NOT_FOUND, message));
    }
    let kind = if about.1.is_some() {
        "Attribute"
    } else {
        "Event"
    };
    let message = format!(
        "Tag {name} successfully removed from {kind}({}).",
        about.1.unwrap_or(about.0)
    );
    Ok(json_answer(&json!({
        "saved": true, "success": message, "name": message, "message": message, "url": call.url,
    })))
}
