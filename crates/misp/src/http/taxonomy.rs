//! Taxonomies of the house; a guest is told of none.

use std::collections::BTreeMap;

use axum::response::Response;
use intel::model::Taxonomy;
use serde_json::{Value, json};

use super::{house::reader, tag};
use crate::{
    answer::{Fail, json_answer},
    call::Call,
};

/// What is said of a taxonomy everywhere.
pub(super) fn value(taxonomy: &Taxonomy) -> Value {
    json!({
        "id": taxonomy.number.to_string(),
        "namespace": taxonomy.namespace,
        "description": taxonomy.description,
        "version": taxonomy.version.to_string(),
        "enabled": taxonomy.enabled,
        "exclusive": taxonomy.exclusive,
        "required": false,
        "highlighted": false,
    })
}

pub(super) async fn index(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let all = intel::ops::taxonomies(&call.ground, &call.viewer).await?;
    let all = all.iter().map(|one| {
        // MISP counts the tags that are in use; here all that are offered can be given at once.
        let offered = if one.enabled { one.tags } else { 0 };
        json!({ "Taxonomy": value(one), "total_count": one.tags, "current_count": offered })
    });
    Ok(json_answer(&Value::Array(all.collect())))
}

pub(super) async fn view(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let name = call.argument().unwrap_or_default();
    let missing = || Fail::missing("Taxonomy not found.");
    let found = intel::ops::taxonomy(&call.ground, &call.viewer, name).await;
    let (taxonomy, source) = match found {
        Err(intel::Error::NotFound { .. }) => return Err(missing()),
        other => other?,
    };
    let tags = tag::all(call).await?;
    let tags: BTreeMap<_, _> = tags.iter().map(|tag| (tag.name.as_str(), tag)).collect();
    let entries = source.entries().map(|entry| {
        let there = tags.get(entry.name.as_str());
        json!({
            "tag": entry.name,
            "expanded": entry.expanded,
            "description": entry.term.description.clone().unwrap_or_default(),
            "exclusive_predicate": entry.predicate.exclusive,
            "colour": entry.term.colour,
            "numerical_value": entry.term.numerical_value,
            "existing_tag": there.map_or(json!(false), |tag| json!({ "Tag": tag::value(tag) })),
        })
    });
    let mut shown = value(&taxonomy);
    crate::out::json::put(
        &mut shown,
        "expanded",
        json!(source.expanded.as_deref().unwrap_or_default()),
    );
    let entries: Vec<_> = entries.collect();
    Ok(json_answer(
        &json!({ "Taxonomy": shown, "entries": entries }),
    ))
}
