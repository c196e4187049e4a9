//! Which indicators hold, at a moment that is asked for.

use std::collections::HashMap;

use access::policy::{self, Act};
use audit::Ground;
use db::{Corrupt, DbError, Tx};
use kernel::{Timestamp, Viewer, boxed};
use stix::json::{Document, Value};

use super::{fetch::objects_in, look::collection_in};
use crate::{
    Error,
    model::{Cut, Decay, Fetched, Filter, Life, Shown, SightingKind, State, Vital},
    record,
    store::{self, sighting, value::Sees},
};

/// Objects whose sightings are read at once.
const IDS_MAX: usize = 1_000;

/// The model by which what a collection has grows old, and its version: 0 where none was chosen.
#[boxed]
pub async fn decay(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
) -> Result<(i64, Decay), Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    model_of(&mut tx, &shown).await
}

/// Chooses another model for a collection; the caller has seen the one of `version`.
#[boxed]
pub async fn set_decay(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    version: i64,
    model: Decay,
) -> Result<(i64, Decay), Error> {
    let model = model.checked()?;
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let slot = shown.collection.slot;
    let text = serde_json::json!(model).to_string();
    if !store::decay::set(&mut tx, slot, version, &text).await? {
        let (current, _) = model_of(&mut tx, &shown).await?;
        return Err(Error::Stale {
            given: version,
            current,
        });
    }
    record::decay(&mut tx, ground, viewer, &shown.collection, version + 1).await?;
    tx.commit().await?;
    Ok((version + 1, model))
}

/// The life of the newest version of an object at a moment.
#[boxed]
pub async fn life(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
    at: Timestamp,
) -> Result<Life, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let place = (shown.collection.slot, shown.mask);
    let newest = store::value::newest(&mut tx, place, stix_id).await?;
    let body = newest.ok_or(Error::NotFound { what: "object" })?.body;
    let (_, model) = model_of(&mut tx, &shown).await?;
    let mut vitals = vec![(stix_id.to_owned(), read(&body))];
    see(&mut tx, &shown, &mut vitals, at).await?;
    let vital = vitals.pop().and_then(|(_, vital)| vital);
    Ok(of(&model, vital.as_ref(), at))
}

/// The objects of a page that hold at a moment, as JSON with commas between them, each as it was
/// given. Objects that are no indicators hold until they are revoked. The places and `more` are those
/// of the whole page, so that whoever goes on after the last misses nothing.
#[boxed]
pub async fn live_objects(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    (filter, cut): (&Filter, Cut),
    at: Timestamp,
) -> Result<Fetched<String>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let page = objects_in(&mut tx, viewer, (root, name), (filter, cut)).await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let (_, model) = model_of(&mut tx, &shown).await?;
    let text = format!("[{}]", page.content);
    let document = Document::parse(text.as_bytes()).map_err(|error| Error::Unreadable {
        detail: kernel::chain(&error),
    })?;
    let objects: Vec<Value<'_>> = document.root().items().collect();
    let mut vitals: Vec<_> = objects
        .iter()
        .map(|object| {
            (
                object.text("id").unwrap_or_default().to_owned(),
                vital(*object),
            )
        })
        .collect();
    see(&mut tx, &shown, &mut vitals, at).await?;
    let live = objects
        .iter()
        .zip(&vitals)
        .filter(|(_, (_, vital))| of(&model, vital.as_ref(), at).state == State::Live);
    let live: Vec<_> = live.map(|(object, _)| object.raw()).collect();
    Ok(Fetched {
        content: live.join(","),
        places: page.places,
        more: page.more,
    })
}

/// What is no indicator does not decay, and has no sightings that end it.
fn of(model: &Decay, vital: Option<&Vital>, at: Timestamp) -> Life {
    let lasting = Vital::default();
    match vital {
        Some(vital) => model.life(vital, at),
        None => Decay::Validity.life(&lasting, at),
    }
}

async fn model_of(tx: &mut Tx, shown: &Shown) -> Result<(i64, Decay), Error> {
    let Some((version, text)) = store::decay::find(tx, shown.collection.slot).await? else {
        return Ok((0, Decay::default()));
    };
    let slot = shown.collection.slot;
    let model = serde_json::from_str(&text)
        .map_err(|_unread| DbError::from(Corrupt::new("collection_decay", "model", &slot)))?;
    Ok((version, model))
}

fn read(body: &str) -> Option<Vital> {
    let document = Document::parse(body.as_bytes()).ok()?;
    vital(document.root())
}

/// What an object says of its life; nothing for one that lasts.
fn vital(object: Value<'_>) -> Option<Vital> {
    let moment = |name| {
        let micros = stix::Timestamp::parse(object.text(name)?).ok()?.micros()?;
        Some(Timestamp::from_micros(micros))
    };
    let revoked = object.get("revoked").and_then(Value::as_bool) == Some(true);
    if object.text("type") != Some("indicator") {
        return revoked.then(|| Vital {
            revoked,
            ..Vital::default()
        });
    }
    let confidence = object.get("confidence").and_then(Value::as_i64);
    let labels = object.get("labels").into_iter().flat_map(Value::items);
    Some(Vital {
        revoked,
        valid_from: moment("valid_from"),
        valid_until: moment("valid_until"),
        changed: moment("modified").or_else(|| moment("created")),
        confidence: confidence.and_then(|number| u8::try_from(number).ok()),
        labels: labels
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        last_seen: None,
        expired: None,
    })
}

/// Adds what the viewer sees of sightings until that moment, in this collection.
async fn see(
    tx: &mut Tx,
    shown: &Shown,
    vitals: &mut [(String, Option<Vital>)],
    at: Timestamp,
) -> Result<(), Error> {
    let sees = Sees::new([(shown.collection.slot, shown.mask)]);
    let mut last: HashMap<(String, SightingKind), Timestamp> = HashMap::new();
    let ids: Vec<&str> = vitals
        .iter()
        .filter(|(_, vital)| vital.is_some())
        .map(|(id, _)| id.as_str())
        .collect();
    for ids in ids.chunks(IDS_MAX) {
        for (id, kind, moment) in sighting::last(tx, ids, &sees, at.as_micros()).await? {
            if let Some(kind) = SightingKind::from_code(kind) {
                last.insert((id, kind), Timestamp::from_micros(moment));
            }
        }
    }
    for (id, vital) in vitals {
        if let Some(vital) = vital {
            vital.last_seen = last.get(&(id.clone(), SightingKind::Seen)).copied();
            vital.expired = last.get(&(id.clone(), SightingKind::Expiration)).copied();
        }
    }
    Ok(())
}
