//! Attributes one by one.

use axum::response::Response;
use formats_misp::full::Attribute;
use intel::events::{
    model::{self, Asked, Kept, Refused, Scope, Which},
    ops,
};
use serde_json::{Value, json};

use crate::{
    answer::{Fail, done, errors_of, json_answer},
    call::{Call, unreadable},
    out::json::{attribute_value, put},
};

const NOT_ADDED: &str = "Could not add Attribute";
const NOT_CHANGED: &str = "Could not save Attribute";

pub(super) async fn view(call: &Call) -> Result<Response, Fail> {
    let which = call.which("attribute")?;
    let (found, _) = ops::attribute(&call.ground, &call.viewer, &call.scope, which).await?;
    with(call, &found).await
}

async fn with(call: &Call, found: &model::Attribute) -> Result<Response, Fail> {
    let which = Some(Which::Id(found.id));
    let asked = Asked {
        after: 0,
        most: ops::PAGE_MAX,
    };
    let scope = Scope::default();
    let about = (None, which);
    let sightings = ops::sightings(&call.ground, &call.viewer, &scope, about, asked).await?;
    let value = attribute_value(found, &sightings)?;
    Ok(json_answer(&json!({ "Attribute": value })))
}

/// One attribute, or a list of them, of an event.
pub(super) async fn add(call: &Call) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    let (sent, many) = match call.json()? {
        Value::Array(all) => (all, true),
        Value::Object(mut members) => match members.remove("Attribute") {
            Some(Value::Array(all)) => (all, true),
            Some(one) => (vec![one], false),
            None => (vec![Value::Object(members)], false),
        },
        _ => {
            return Err(Fail::bad(
                "An attribute or a list of attributes is expected.",
            ));
        }
    };
    let mut attributes: Vec<Attribute> = Vec::with_capacity(sent.len());
    for mut one in sent {
        if let Some(inner) = one.get_mut("Attribute") {
            one = inner.take();
        }
        let read: Attribute = serde_json::from_value(one).map_err(|error| unreadable(&error))?;
        attributes.extend(lines(read));
    }
    let single = attributes.len() == 1;
    let given = (attributes, Vec::new());
    let kept = ops::extend(&call.ground, &call.viewer, seen.event.id, given).await?;
    if kept.attributes.is_empty() {
        let nothing = Refused {
            uuid: String::new(),
            field: "uuid",
            code: "intel.event_older",
            detail: "the attribute is here already, and not older".to_owned(),
        };
        let refused = if kept.refused.is_empty() {
            vec![nothing]
        } else {
            kept.refused
        };
        return Err(Fail::unsaved(NOT_ADDED, &refused));
    }
    let values = values(call, &kept).await?;
    let shown = if single {
        values.into_iter().next().unwrap_or_default()
    } else {
        Value::Array(values)
    };
    let mut body = json!({ "Attribute": shown });
    if many && !kept.refused.is_empty() {
        put(&mut body, "errors", errors_of(&kept.refused));
    }
    Ok(json_answer(&body))
}

/// MISP takes a value of many lines for as many attributes, where the type has values of one line.
fn lines(attribute: Attribute) -> Vec<Attribute> {
    let of_many = [
        "comment",
        "text",
        "other",
        "yara",
        "snort",
        "sigma",
        "email-body",
        "email-header",
        "pgp-public-key",
        "pgp-private-key",
        "stix2-pattern",
        "bro",
        "zeek",
        "http-method",
        "gene",
        "kusto-query",
        "dkim-signature",
        "whois-registrant-name",
        "attachment",
        "malware-sample",
    ];
    let kind = attribute.kind.as_deref().unwrap_or_default();
    let value = attribute.value.as_deref().unwrap_or_default();
    if of_many.contains(&kind) || !value.trim().contains('\n') {
        return vec![attribute];
    }
    let lines: Vec<_> = value
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    let one = |line: String| Attribute {
        uuid: None,
        value: Some(line),
        ..attribute.clone()
    };
    lines.into_iter().map(one).collect()
}

/// The attributes that were written, as far as their sender sees them.
async fn values(call: &Call, kept: &Kept) -> Result<Vec<Value>, Fail> {
    let mut values = Vec::new();
    for id in &kept.attributes {
        let scope = Scope::default();
        match ops::attribute(&call.ground, &call.viewer, &scope, Which::Id(*id)).await {
            Ok((found, _)) => values.push(attribute_value(&found, &[])?),
            Err(intel::Error::NotFound { .. }) => values.push(json!({ "id": id.to_string() })),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(values)
}

pub(super) async fn edit(call: &Call) -> Result<Response, Fail> {
    let mut sent = call.json()?;
    if let Some(inner) = sent.get_mut("Attribute") {
        sent = inner.take();
    }
    let change: Attribute = serde_json::from_value(sent).map_err(|error| unreadable(&error))?;
    change_to(call, change).await
}

pub(super) async fn restore(call: &Call) -> Result<Response, Fail> {
    let change = Attribute {
        deleted: Some(false),
        ..Attribute::default()
    };
    change_to(call, change).await
}

async fn change_to(call: &Call, mut change: Attribute) -> Result<Response, Fail> {
    let which = call.which("attribute")?;
    let (found, _) = ops::attribute(&call.ground, &call.viewer, &call.scope, which).await?;
    // The address says which attribute is meant.
    change.uuid = Some(found.uuid.to_string());
    let given = (vec![change], Vec::new());
    let kept = ops::extend(&call.ground, &call.viewer, found.event, given).await?;
    if !kept.refused.is_empty() {
        return Err(Fail::unsaved(NOT_CHANGED, &kept.refused));
    }
    let scope = Scope::default();
    let which = Which::Id(found.id);
    let (found, _) = ops::attribute(&call.ground, &call.viewer, &scope, which).await?;
    with(call, &found).await
}

pub(super) async fn delete(call: &Call) -> Result<Response, Fail> {
    let which = call.which("attribute")?;
    let hard = is_hard(call)?;
    let (found, _) = ops::attribute(&call.ground, &call.viewer, &call.scope, which).await?;
    ops::delete_attribute(&call.ground, &call.viewer, &found, hard).await?;
    Ok(done("Attribute deleted.", &call.url))
}

/// Whether something is to go for good: in the body, or as the argument behind it.
pub(super) fn is_hard(call: &Call) -> Result<bool, Fail> {
    let said = |value: &Value| match value {
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_u64() == Some(1),
        Value::String(text) => matches!(text.as_str(), "1" | "true"),
        _ => false,
    };
    let asked = call.asked()?;
    let behind = call.path.arguments.get(1).map(String::as_str);
    Ok(asked.get("hard").is_some_and(said) || matches!(behind, Some("1" | "true")))
}
