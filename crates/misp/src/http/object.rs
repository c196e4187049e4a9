//! Objects one by one.

use axum::response::Response;
use formats_misp::full::Object;
use intel::events::{
    model::{Scope, Which},
    ops,
};
use serde_json::json;

use super::attribute::is_hard;
use crate::{
    answer::{Fail, done, errors_of, json_answer},
    call::{Call, unreadable},
    out::json::{object_value, put},
};

pub(super) async fn view(call: &Call) -> Result<Response, Fail> {
    let which = call.which("object")?;
    shown(call, &call.scope, which).await
}

async fn shown(call: &Call, scope: &Scope, which: Which) -> Result<Response, Fail> {
    let (whole, _) = ops::object(&call.ground, &call.viewer, scope, which).await?;
    Ok(json_answer(&json!({ "Object": object_value(&whole)? })))
}

fn sent(call: &Call) -> Result<Object, Fail> {
    let mut sent = call.json()?;
    if let Some(inner) = sent.get_mut("Object") {
        sent = inner.take();
    }
    serde_json::from_value(sent).map_err(|error| unreadable(&error))
}

pub(super) async fn add(call: &Call) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    let object = sent(call)?;
    if object.name.as_deref().unwrap_or_default().trim().is_empty() {
        return Err(Fail::bad("An object with a name is expected."));
    }
    let given = (Vec::new(), vec![object]);
    let kept = ops::extend(&call.ground, &call.viewer, seen.event.id, given).await?;
    let Some(id) = kept.objects.first() else {
        return Err(Fail::unsaved("Could not save Object", &kept.refused));
    };
    let (whole, _) = ops::object(
        &call.ground,
        &call.viewer,
        &Scope::default(),
        Which::Id(*id),
    )
    .await?;
    let mut body = json!({ "Object": object_value(&whole)? });
    if !kept.refused.is_empty() {
        put(&mut body, "errors", errors_of(&kept.refused));
    }
    Ok(json_answer(&body))
}

pub(super) async fn edit(call: &Call) -> Result<Response, Fail> {
    let which = call.which("object")?;
    let (whole, _) = ops::object(&call.ground, &call.viewer, &call.scope, which).await?;
    let mut object = sent(call)?;
    // The address says which object is meant.
    object.uuid = Some(whole.0.uuid.to_string());
    let given = (Vec::new(), vec![object]);
    let kept = ops::extend(&call.ground, &call.viewer, whole.0.event, given).await?;
    if !kept.refused.is_empty() {
        return Err(Fail::unsaved("Could not save Object", &kept.refused));
    }
    shown(call, &Scope::default(), Which::Id(whole.0.id)).await
}

pub(super) async fn delete(call: &Call) -> Result<Response, Fail> {
    let which = call.which("object")?;
    let hard = is_hard(call)?;
    let (whole, _) = ops::object(&call.ground, &call.viewer, &call.scope, which).await?;
    ops::delete_object(&call.ground, &call.viewer, &whole, hard).await?;
    Ok(done("Object deleted", &call.url))
}
