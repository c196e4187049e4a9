//! Searches.

use axum::response::Response;
use intel::events::ops;
use serde_json::{Map, Value};

use crate::{
    answer::{Fail, streamed},
    ask::{Ask, Format},
    call::Call,
    out::{event::EventStream, page::AttributeStream, stix::BundleStream},
};

const JSON: &str = "application/json; charset=UTF-8";

/// How many attributes an index shows that names no limit, as MISP does.
const INDEX: u32 = 60;

/// MISP lets the return format stand in the path: `events/restSearch/csv`.
fn asked(call: &Call) -> Result<Map<String, Value>, Fail> {
    let mut asked = call.asked()?;
    if let Some(format) = call.argument().filter(|format| *format != "download") {
        let format = Value::String(format.to_owned());
        asked.entry("returnFormat").or_insert(format);
    }
    Ok(asked)
}

fn media_type(format: Format) -> &'static str {
    match format {
        Format::Json => JSON,
        Format::Stix2 => "application/json; charset=UTF-8",
        Format::Csv => "text/csv; charset=UTF-8",
        Format::Text | Format::Suricata | Format::Hashes => "text/plain; charset=UTF-8",
    }
}

pub(super) async fn events(call: Call) -> Result<Response, Fail> {
    let mut ask = Ask::read(&asked(&call)?, true, call.ground.now())?;
    match ask.format {
        Format::Json | Format::Stix2 => {
            let limit = ask.limit.unwrap_or(0);
            let skipped = ask.page.saturating_sub(1).saturating_mul(limit);
            let (ground, viewer, scope) = (&call.ground, &call.viewer, &call.scope);
            let after = ops::events_after(ground, viewer, scope, &ask.filter, skipped).await?;
            let body = if ask.format == Format::Json {
                EventStream::of_search(call, ask, after).into_body()
            } else {
                BundleStream::new(call, ask, after).into_body()
            };
            Ok(streamed(body, JSON))
        }
        // What of an event stands in a list is its attributes.
        Format::Csv | Format::Text | Format::Suricata | Format::Hashes => {
            ask.filter.event_changed = std::mem::take(&mut ask.filter.changed);
            attributes_of(call, ask).await
        }
    }
}

pub(super) async fn attributes(call: Call) -> Result<Response, Fail> {
    let ask = Ask::read(&asked(&call)?, false, call.ground.now())?;
    attributes_of(call, ask).await
}

pub(super) async fn attribute_index(call: Call) -> Result<Response, Fail> {
    let mut ask = Ask::read(&call.asked()?, false, call.ground.now())?;
    ask.format = Format::Json;
    ask.limit.get_or_insert(INDEX);
    let stream = stream(call, ask).await?.into_list();
    Ok(streamed(stream.into_body(), JSON))
}

async fn attributes_of(call: Call, mut ask: Ask) -> Result<Response, Fail> {
    if ask.format == Format::Suricata {
        // What is not to be looked for makes no alarm.
        ask.filter.to_ids.get_or_insert(true);
    }
    let format = ask.format;
    let stream = stream(call, ask).await?;
    Ok(streamed(stream.into_body(), media_type(format)))
}

pub(super) async fn objects(call: Call) -> Result<Response, Fail> {
    let ask = Ask::read(&asked(&call)?, false, call.ground.now())?;
    if ask.format != Format::Json {
        return Err(Fail::bad("Objects have the return format json alone."));
    }
    let stream = stream(call, ask).await?.into_objects();
    Ok(streamed(stream.into_body(), JSON))
}

async fn stream(call: Call, ask: Ask) -> Result<AttributeStream, Fail> {
    let limit = ask.limit.unwrap_or(0);
    let skipped = ask.page.saturating_sub(1).saturating_mul(limit);
    let (ground, viewer, scope) = (&call.ground, &call.viewer, &call.scope);
    let after = ops::attributes_after(ground, viewer, scope, &ask.filter, skipped).await?;
    Ok(AttributeStream::new(call, ask, after))
}
