//! Events of a collection, the newest first.

use std::collections::HashMap;

use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use crate::{
    Error,
    events::{
        model::{Brief, Browsed, Row, Tag},
        norm, store,
    },
    model::Shown,
    ops::{SEARCH_CHARS_MAX, look::collection_in},
};

/// So many events are looked at in one search.
pub const BROWSED_MAX: i64 = 20_000;
/// Events that are read at once.
const PAGE: u32 = 1_000;

/// Events of a collection, those first that were changed last, after the end of a page: all, or those
/// whose title has a text, in capitals or not. One search looks at 20,000 events and says where to go
/// on.
#[boxed]
pub async fn newest(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    text: &str,
    (end, most): (Option<(i64, i64)>, u32),
) -> Result<Browsed, Error> {
    let wanted = wanted(text);
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let at = (shown.collection.slot, shown.mask);
    let shown_max = usize::try_from(most).unwrap_or(usize::MAX);
    let entries = if wanted.is_empty() { most + 1 } else { PAGE };
    let (mut found, mut browsed) = (Vec::new(), Browsed::default());
    let mut end = end;
    'pages: loop {
        let page = store::newest::newest(&mut tx, at, end, entries).await?;
        let ends = !u32::try_from(page.len()).is_ok_and(|count| count == entries);
        for event in page {
            if found.len() == shown_max {
                browsed.end = end;
                break 'pages;
            }
            end = Some((event.timestamp, event.id));
            browsed.searched += 1;
            if wanted.is_empty() || event.info.to_lowercase().contains(&wanted) {
                found.push(event);
            }
        }
        if ends {
            break;
        }
        if browsed.searched >= BROWSED_MAX {
            browsed.end = end;
            break;
        }
    }
    browsed.rows = rows(&mut tx, &shown, found).await?;
    Ok(browsed)
}

/// Events of a collection that have a value, in any spelling, those first that were changed last; and
/// whether there are more.
#[boxed]
pub async fn with_value(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    value: &str,
    most: u32,
) -> Result<(Vec<Row>, bool), Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    if value.trim().is_empty() {
        return Ok((Vec::new(), false));
    }
    let norms: Vec<_> = norm::of_question(value).into_iter().collect();
    let at = (shown.collection.slot, shown.mask);
    let mut ids = store::common::events_with(&mut tx, at, &norms, most + 1).await?;
    let shown_max = usize::try_from(most).unwrap_or(usize::MAX);
    let more = ids.len() > shown_max;
    ids.truncate(shown_max);
    let events = store::newest::these(&mut tx, &ids).await?;
    Ok((rows(&mut tx, &shown, events).await?, more))
}

/// The events behind an object of STIX that stands beside them in a collection.
#[boxed]
pub async fn behind(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
    most: u32,
) -> Result<Vec<Brief>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let slot = shown.collection.slot;
    let mut events = store::newest::behind(&mut tx, slot, stix_id, most).await?;
    events.retain(|event| shown.mask & (1 << event.tlp) != 0);
    Ok(events)
}

fn wanted(text: &str) -> String {
    let text: String = text.trim().chars().take(SEARCH_CHARS_MAX).collect();
    text.to_lowercase()
}

async fn rows(tx: &mut Tx, shown: &Shown, events: Vec<Brief>) -> Result<Vec<Row>, Error> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let mut events = events;
    events.retain(|event| shown.mask & (1 << event.tlp) != 0);
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    let mut counts = store::page::counts(tx, &ids).await?;
    let mut tags: HashMap<i64, Vec<Tag>> = HashMap::new();
    for (event, tag) in store::newest::tags(tx, &ids).await? {
        tags.entry(event).or_default().push(tag);
    }
    let names = names(tx, events.iter().map(|event| event.orgc)).await?;
    let row = |event: Brief| {
        let counts = counts.remove(&event.id).unwrap_or_default();
        let (attributes, objects) = visible(&counts, shown.mask);
        Row {
            orgc: names.get(&event.orgc).cloned().unwrap_or_default(),
            tags: tags.remove(&event.id).unwrap_or_default(),
            attributes,
            objects,
            event,
        }
    };
    Ok(events.into_iter().map(row).collect())
}

/// How many attributes and objects have labels of a mask.
pub(super) fn visible(counts: &[(i32, i64, i64)], mask: i32) -> (i64, i64) {
    let seen = counts.iter().filter(|(tlp, ..)| mask & (1 << tlp) != 0);
    seen.fold((0, 0), |total, (_, attributes, objects)| {
        (total.0 + attributes, total.1 + objects)
    })
}

/// The names of organisations.
pub(super) async fn names(
    tx: &mut Tx,
    orgs: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, String>, Error> {
    let mut names = HashMap::new();
    for id in orgs {
        if !names.contains_key(&id)
            && let Some(org) = store::org::by_id(tx, id).await?
        {
            names.insert(id, org.name);
        }
    }
    Ok(names)
}
