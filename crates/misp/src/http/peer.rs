//! What other instances ask, when they pull from this node and push to it.

use std::{collections::HashMap, collections::HashSet, ops::ControlFlow};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use formats_misp::{Limits, full, read_index};
use intel::events::{
    model::{Asked, Filter, Indexed, Origin, Which},
    ops::{self, Said},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    answer::{Fail, json_answer, streamed},
    call::Call,
    mark::mark,
    out::{Pieces, index::entry},
};

/// Entries of an index that are written at once.
const ENTRIES: usize = 1_000;
/// The most events that are compared, and sightings that are handed on, with one request.
const COMPARED_MAX: u64 = 500_000;
const SIGHTINGS_MAX: usize = 10_000;

/// Whether a search is for all events, or all published ones.
pub(super) fn is_whole(filter: &Filter) -> bool {
    let asked = Filter {
        published: None,
        ..filter.clone()
    };
    asked == Filter::default()
}

/// The minimal index of all events that the viewer sees; nothing but a status where it is the one
/// that he has.
pub(super) async fn index(call: &Call, published: Option<bool>) -> Result<Response, Fail> {
    let events = listed(call, published).await?;
    let mark = quoted(&events);
    if call.mark.as_deref() == Some(&*mark) {
        return Ok(marked(StatusCode::NOT_MODIFIED.into_response(), &mark));
    }
    let lines = Lines { events, written: 0 };
    let body = Pieces::into_body(lines);
    Ok(marked(
        streamed(body, "application/json; charset=UTF-8"),
        &mark,
    ))
}

/// All events, each once though it stand in several collections: the newest.
pub(super) async fn listed(call: &Call, published: Option<bool>) -> Result<Vec<Indexed>, Fail> {
    let mut events = ops::index(&call.ground, &call.viewer, &call.scope).await?;
    events.retain(|event| published.is_none_or(|wanted| event.published == wanted));
    if call.scope.place.is_none() {
        events.sort_by_key(|event| (event.uuid, -event.timestamp));
        events.dedup_by_key(|event| event.uuid);
    }
    Ok(events)
}

/// The mark of a list as it stands in an answer.
pub(super) fn quoted(events: &[Indexed]) -> String {
    format!("\"{}\"", mark(events))
}

/// An answer with its mark.
pub(super) fn marked(mut response: Response, mark: &str) -> Response {
    if let Ok(mark) = HeaderValue::from_str(mark) {
        response.headers_mut().insert(header::ETAG, mark);
    }
    response
}

struct Lines {
    events: Vec<Indexed>,
    written: usize,
}

impl Pieces for Lines {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        if self.written > self.events.len() {
            return Ok(None);
        }
        let mut out = String::new();
        if self.written == 0 {
            out.push('[');
        }
        for event in self.events.iter().skip(self.written).take(ENTRIES) {
            if self.written > 0 {
                out.push(',');
            }
            self.written += 1;
            out.push_str(&entry(event).to_string());
        }
        if self.written == self.events.len() {
            out.push(']');
            self.written += 1;
        }
        Ok(Some(out))
    }
}

/// Where an event comes from that is handed in: from another instance, if it is one that speaks and
/// the event names another organisation as its maker; else from the viewer.
pub(super) async fn origin(call: &Call, event: &full::Event) -> Result<Origin, Fail> {
    let speaks = call.path.named.contains_key("metadata") && ops::may_sync(&call.viewer);
    let maker = event.orgc.as_ref().and_then(|orgc| orgc.uuid.as_deref());
    let Some(maker) = maker.filter(|_| speaks) else {
        return Ok(Origin::Own);
    };
    let own = ops::own_org(&call.ground, &call.viewer).await?;
    let is_own = Uuid::try_parse(maker).is_ok_and(|maker| maker == own.uuid);
    Ok(if is_own { Origin::Own } else { Origin::Sync })
}

/// Which of these events this node would have: those that it has not, and those from elsewhere that it
/// has in an older form.
pub(super) async fn filter_event_ids(call: &Call) -> Result<Response, Fail> {
    may_sync(call)?;
    let limits = Limits {
        part_bytes_max: 1 << 16,
        parts_max: COMPARED_MAX,
    };
    let mut offered = Vec::new();
    let read = read_index(&call.body[..], &limits, |entry| {
        offered.push((entry.uuid, entry.timestamp));
        ControlFlow::Continue(())
    });
    read.map_err(|error| Fail::bad(format!("Invalid JSON input: {error}")))?;
    let here = ops::index(&call.ground, &call.viewer, &call.scope).await?;
    let here: HashMap<Uuid, (i64, bool)> = here
        .into_iter()
        .map(|one| (one.uuid, (one.timestamp, one.locked)))
        .collect();
    let wanted: Vec<String> = offered
        .into_iter()
        .filter(|(uuid, timestamp)| {
            let stored = Uuid::try_parse(uuid).ok().and_then(|uuid| here.get(&uuid));
            stored
                .is_none_or(|(stored, locked)| *locked && timestamp.is_some_and(|at| at > *stored))
        })
        .map(|(uuid, _)| uuid)
        .collect();
    Ok(json_answer(&json!(wanted)))
}

/// Which of these sightings an event has already.
pub(super) async fn filter_sightings(call: &Call) -> Result<Response, Fail> {
    may_sync(call)?;
    let offered: Vec<String> = call.read()?;
    let known = known_sightings(call).await?;
    let has = |text: &String| Uuid::try_parse(text).is_ok_and(|uuid| known.contains(&uuid));
    let there: Vec<_> = offered.into_iter().filter(has).collect();
    Ok(json_answer(&json!(there)))
}

/// Adds sightings that another instance has of an event.
pub(super) async fn save_sightings(call: &Call) -> Result<Response, Fail> {
    may_sync(call)?;
    let body = call.json()?;
    let body = body.get("Sighting").cloned().unwrap_or(body);
    let unreadable = |error: serde_json::Error| crate::call::unreadable(&error);
    let offered: Vec<full::Sighting> = serde_json::from_value(body).map_err(unreadable)?;
    if offered.len() > SIGHTINGS_MAX {
        let message = format!("More than {SIGHTINGS_MAX} sightings: hand them on in parts.");
        return Err(Fail::Said(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    let known = known_sightings(call).await?;
    let mut saved = 0;
    for sighting in offered {
        let attribute = sighting.attribute_uuid.as_deref().and_then(Which::parse);
        let uuid = sighting.uuid.as_deref().map(Uuid::try_parse);
        let uuid = uuid.and_then(Result::ok);
        let Some(attribute @ Which::Uuid(_)) = attribute else {
            continue;
        };
        if uuid.is_some_and(|uuid| known.contains(&uuid)) {
            continue;
        }
        let number = sighting.kind.map_or(0, full::SightingType::number);
        let said = Said {
            kind: i32::try_from(number).unwrap_or_default(),
            date: sighting.date_sighting,
            source: sighting.source.unwrap_or_default(),
            uuid,
            organisation: sighting.organisation,
        };
        let about = (Some(attribute), &[][..]);
        match ops::sight(&call.ground, &call.viewer, &call.scope, about, &said).await {
            Ok(_) => saved += 1,
            // Of an attribute that is not here, or was taken back.
            Err(intel::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let said = match saved {
        0 => "No sightings added.".to_owned(),
        many => format!("{many} sightings added."),
    };
    Ok(json_answer(&json!({ "saved": saved > 0, "success": said })))
}

async fn known_sightings(call: &Call) -> Result<HashSet<Uuid>, Fail> {
    let event = call.which("event")?;
    let (mut known, mut after) = (HashSet::new(), 0);
    loop {
        let asked = Asked {
            after,
            most: ops::PAGE_MAX,
        };
        let which = (Some(event), None);
        let (ground, viewer) = (&call.ground, &call.viewer);
        let page = ops::sightings(ground, viewer, &call.scope, which, asked).await?;
        let Some((last, _)) = page.last() else {
            return Ok(known);
        };
        after = last.id;
        known.extend(page.iter().map(|(sighting, _)| sighting.uuid));
    }
}

/// Says what was sent, and how, so that an instance sees that its requests arrive whole.
pub(super) async fn post_test(call: &Call) -> Result<Response, Fail> {
    super::house::reader(call).await?;
    let body: Value = call.read()?;
    // As MISP says it: 0 for a header that did not come.
    let header = |sent: &Option<String>| sent.as_ref().map_or(json!(0), |sent| json!(sent));
    Ok(json_answer(&json!({
        "body": { "testString": body.get("testString").cloned().unwrap_or_default() },
        "headers": {
            "Accept": header(&call.accept),
            "Content-type": header(&call.content_type),
        },
    })))
}

fn may_sync(call: &Call) -> Result<(), Fail> {
    if ops::may_sync(&call.viewer) {
        return Ok(());
    }
    let message = "This feature is only available to sync users: accounts of the house that may \
                   write.";
    Err(Fail::Said(
        StatusCode::METHOD_NOT_ALLOWED,
        message.to_owned(),
    ))
}
