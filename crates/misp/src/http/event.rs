//! Events: the index, one in full, and what is done with one.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use formats_misp::{full::Event, stix::from_stix};
use intel::events::{
    model::{Asked, Expected, Fault, Kept, Origin, Scope, Which},
    ops::{self, Seen},
};
use serde_json::{Value, json};

use super::peer;
use crate::{
    answer::{Fail, done, errors_of, json_answer, streamed},
    ask::{self, Ask},
    call::Call,
    out::{
        event::{EventStream, Options},
        index::line,
        json::put,
    },
};

/// The most events of an index that names no limit.
const INDEX_MAX: u32 = 10_000;
/// The largest bundle that is taken as one event, in objects.
const STIX_OBJECTS_MAX: usize = 100_000;

pub(super) async fn index(call: &Call) -> Result<Response, Fail> {
    let ask = Ask::read(&ask::of_index(call.asked()?), true, call.ground.now())?;
    if ask.minimal && ask.limit.is_none() && ask.page <= 1 && peer::is_whole(&ask.filter) {
        return peer::index(call, ask.filter.published).await;
    }
    let limit = ask.limit.unwrap_or(INDEX_MAX);
    let skipped = ask.page.saturating_sub(1).saturating_mul(limit);
    let (ground, viewer, scope) = (&call.ground, &call.viewer, &call.scope);
    let after = ops::events_after(ground, viewer, scope, &ask.filter, skipped).await?;
    let mut lines = Vec::new();
    let Some(mut after) = after else {
        return Ok(json_answer(&json!([])));
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    loop {
        let asked = Asked {
            after,
            most: u32::try_from(limit - lines.len()).unwrap_or(u32::MAX),
        };
        let page = ops::events(ground, viewer, scope, &ask.filter, asked).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.event.id;
        for seen in &page {
            lines.push(line(seen, ask.minimal)?);
        }
        if lines.len() >= limit {
            break;
        }
    }
    Ok(json_answer(&Value::Array(lines)))
}

pub(super) async fn view(call: Call) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    let asked = call.asked()?;
    let mut options = Options::of_view(&asked);
    options.sightings = !call.path.named.contains_key("noSightings");
    Ok(one(call, seen, options))
}

fn one(call: Call, seen: Seen, options: Options) -> Response {
    let stream = EventStream::of_one(call, seen, options);
    streamed(stream.into_body(), "application/json; charset=UTF-8")
}

pub(super) async fn add(call: Call) -> Result<Response, Fail> {
    let event = call.event()?;
    let place = ops::default_place(&call.ground, &call.viewer, &call.scope).await?;
    let place = (place.0.as_str(), place.1.as_str());
    let how = (peer::origin(&call, &event).await?, Expected::New);
    let kept = ops::put(&call.ground, &call.viewer, place, event, how).await;
    match kept {
        Ok(kept) => saved(call, kept).await,
        Err(error) => {
            let exists = match &error {
                intel::Error::Event(Fault::Exists { id }) => Some(*id),
                _ => None,
            };
            let mut response = Fail::from(error).into_answer(&call.url);
            let location = exists.map(|id| format!("/misp/events/view/{id}"));
            if let Some(Ok(location)) = location.map(|text| HeaderValue::from_str(&text)) {
                response.headers_mut().insert(header::LOCATION, location);
            }
            Ok(response)
        }
    }
}

pub(super) async fn edit(call: Call) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    let mut event = call.event()?;
    // The address says which event is meant.
    event.uuid = Some(seen.event.uuid.to_string());
    let place = ops::place_of(&call.ground, &call.viewer, &seen).await?;
    let place = (place.0.as_str(), place.1.as_str());
    let how = (peer::origin(&call, &event).await?, Expected::Known);
    let kept = ops::put(&call.ground, &call.viewer, place, event, how).await?;
    saved(call, kept).await
}

/// The event as it stands now; what was not taken of it is named.
async fn saved(call: Call, kept: Kept) -> Result<Response, Fail> {
    let scope = Scope::default();
    let seen = ops::event(&call.ground, &call.viewer, &scope, Which::Id(kept.id)).await;
    let seen = match seen {
        Ok(seen) => seen,
        // It is labelled so that he who sent it does not see it.
        Err(intel::Error::NotFound { .. }) => {
            return Ok(json_answer(&json!({
                "Event": { "id": kept.id.to_string(), "uuid": kept.uuid.to_string(), "info": "" },
                "errors": errors_of(&kept.refused),
            })));
        }
        Err(error) => return Err(error.into()),
    };
    let metadata = call.path.named.contains_key("metadata");
    let options = Options {
        metadata,
        sightings: true,
        errors: (!kept.refused.is_empty()).then(|| errors_of(&kept.refused)),
        ..Options::default()
    };
    Ok(one(call, seen, options))
}

pub(super) async fn delete(call: &Call) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    ops::delete(&call.ground, &call.viewer, seen.event.id).await?;
    Ok(done("Event deleted.", &call.url))
}

pub(super) async fn publish(call: &Call, published: bool) -> Result<Response, Fail> {
    let which = call.which("event")?;
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    ops::publish(&call.ground, &call.viewer, seen.event.id, published).await?;
    let message = if published {
        "Job queued"
    } else {
        "Event unpublished."
    };
    let mut body = json!({
        "saved": true, "success": true, "name": message, "message": message, "url": call.url,
    });
    put(&mut body, "id", json!(seen.event.id.to_string()));
    Ok(json_answer(&body))
}

/// A bundle of STIX 2.1 becomes an event.
pub(super) async fn upload_stix(call: Call) -> Result<Response, Fail> {
    if call.argument() != Some("2") {
        let message = "STIX 1 is not supported; upload STIX 2.1 to events/upload_stix/2.";
        return Err(Fail::Said(StatusCode::METHOD_NOT_ALLOWED, message.into()));
    }
    // PyMISP writes a bundle that it was given as text once more as JSON.
    let mut bundle = call.json()?;
    if let Value::String(text) = &bundle {
        bundle = serde_json::from_str(text).map_err(|error| crate::call::unreadable(&error))?;
    }
    let Some(Value::Array(objects)) = bundle.get_mut("objects").map(Value::take) else {
        return Err(Fail::bad("A bundle of STIX 2.1 with objects is expected."));
    };
    if objects.is_empty() || objects.len() > STIX_OBJECTS_MAX {
        let message = format!("A bundle of 1 to {STIX_OBJECTS_MAX} objects is expected.");
        return Err(Fail::bad(message));
    }
    let (mut event, losses) = from_stix(&objects);
    if event.info.as_deref().unwrap_or_default().trim().is_empty() {
        event.info = Some("STIX 2.1 import".to_owned());
    }
    // Who uploads it has it made; who made its objects stands in them.
    event.timestamp = None;
    let place = ops::default_place(&call.ground, &call.viewer, &call.scope).await?;
    let place = (place.0.as_str(), place.1.as_str());
    let how = (Origin::Own, Expected::Any);
    let event: Box<Event> = Box::new(event);
    let kept = ops::put(&call.ground, &call.viewer, place, event, how).await?;
    let scope = Scope::default();
    let seen = ops::event(&call.ground, &call.viewer, &scope, Which::Id(kept.id)).await?;
    let mut errors = errors_of(&kept.refused);
    if !losses.is_empty() {
        put(
            &mut errors,
            "stix",
            losses.iter().map(|loss| json!(loss.to_string())).collect(),
        );
    }
    let options = Options {
        errors: Some(errors),
        ..Options::default()
    };
    Ok(one(call, seen, options).into_response())
}
