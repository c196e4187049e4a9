//! Attributes and objects of an event as its page shows them, with what is known of their values.

use std::collections::{BTreeSet, HashMap, HashSet};

use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::{
    curtain::Curtain,
    refs,
    search::masks,
    view::{Seen, event_in},
};
use crate::{
    Error,
    events::{
        model::{Asked, Attribute, Detail, Details, Filter, Scope, Terms, Which, Whole, Wholes},
        norm,
        store::{
            self,
            common::COMMON_OVER,
            page::{PageOf, SIGHTINGS_COUNTED_MAX},
        },
    },
    model::SightingCount,
    ops::{look::seen_in, warn::listed_in},
};

/// The most attributes of a page.
pub const DETAILS_MAX: u32 = 100;
/// The most objects of a page.
const OBJECTS_MAX: u32 = 20;
/// Attributes that are shown of each.
const OF_OBJECT_MAX: u32 = 25;

/// Attributes of an event that were not taken back, after a number: those of its own, or of one object.
#[boxed]
pub async fn details(
    ground: &Ground,
    viewer: &Viewer,
    (scope, which): (&Scope, Which),
    (object, after): (i64, i64),
) -> Result<Details, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = event_in(&mut tx, viewer, scope, which).await?;
    let page = page_of(&seen, after, DETAILS_MAX + 1);
    let rows = store::page::attributes(&mut tx, &page, &[object]).await?;
    cut(&mut tx, viewer, rows).await
}

/// Attributes of an event that have a value, in any spelling, after a number.
#[boxed]
pub async fn found_in(
    ground: &Ground,
    viewer: &Viewer,
    (scope, which): (&Scope, Which),
    (value, after): (&str, i64),
) -> Result<Details, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = event_in(&mut tx, viewer, scope, which).await?;
    // A value is meant as it stands, whatever signs are in it.
    if value.trim().is_empty() || value.contains('%') {
        return Ok(Details::default());
    }
    let filter = Filter {
        value: Terms::one(value),
        events: vec![Which::Id(seen.event.id)],
        ..Filter::default()
    };
    let asked = Asked {
        after,
        most: DETAILS_MAX + 1,
    };
    let at = [(seen.event.slot, seen.mask)];
    let rows = store::search::attributes(&mut tx, &at, (&filter, false), asked).await?;
    cut(&mut tx, viewer, rows).await
}

/// Objects of an event that were not taken back, after a number, each with its first attributes.
#[boxed]
pub async fn objects(
    ground: &Ground,
    viewer: &Viewer,
    (scope, which): (&Scope, Which),
    after: i64,
) -> Result<Wholes, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = event_in(&mut tx, viewer, scope, which).await?;
    let page = page_of(&seen, after, OBJECTS_MAX + 1);
    let mut objects = store::page::objects(&mut tx, &page).await?;
    Curtain::before(viewer).draw(&mut objects);
    let next = ended(&mut objects, OBJECTS_MAX).then(|| objects.last().map(|last| last.id));
    refs::keep_seen(&mut tx, seen.mask, &mut objects).await?;
    let ids: Vec<_> = objects.iter().map(|object| object.id).collect();
    let within = page_of(&seen, 0, OF_OBJECT_MAX + 1);
    let rows = store::page::attributes_of_each(&mut tx, &within, &ids).await?;
    let mut by_object: HashMap<i64, Vec<Attribute>> = HashMap::new();
    for row in rows {
        by_object.entry(row.object).or_default().push(row);
    }
    let (mut kept, mut longer) = (Vec::new(), HashSet::new());
    for (object, mut rows) in by_object {
        if ended(&mut rows, OF_OBJECT_MAX) {
            longer.insert(object);
        }
        kept.extend(rows);
    }
    kept.sort_by_key(|row| row.id);
    let mut known: HashMap<i64, Vec<Detail>> = HashMap::new();
    for detail in of_rows(&mut tx, viewer, kept).await? {
        let of_object = known.entry(detail.attribute.object).or_default();
        of_object.push(detail);
    }
    let mut whole = Vec::new();
    for object in objects {
        let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &object.id);
        let record = serde_json::from_str(&object.body).map_err(unreadable)?;
        whole.push(Whole {
            attributes: known.remove(&object.id).unwrap_or_default(),
            more: longer.contains(&object.id),
            record,
            object,
        });
    }
    Ok(Wholes {
        rows: whole,
        next: next.flatten(),
    })
}

fn page_of(seen: &Seen, after: i64, most: u32) -> PageOf {
    PageOf {
        event: seen.event.id,
        mask: seen.mask & seen.labels,
        deleted: Some(false),
        to_ids: None,
        data: false,
        after,
        most,
    }
}

/// Takes off what is beyond the most, and says whether there was anything.
fn ended<T>(rows: &mut Vec<T>, most: u32) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    more
}

async fn cut(tx: &mut Tx, viewer: &Viewer, mut rows: Vec<Attribute>) -> Result<Details, Error> {
    let more = ended(&mut rows, DETAILS_MAX);
    let next = rows.last().map(|last| last.id).filter(|_| more);
    Ok(Details {
        rows: of_rows(tx, viewer, rows).await?,
        next,
    })
}

/// What is known of attributes that the viewer sees. It takes as many statements for many as for one.
async fn of_rows(
    tx: &mut Tx,
    viewer: &Viewer,
    mut rows: Vec<Attribute>,
) -> Result<Vec<Detail>, Error> {
    Curtain::before(viewer).draw(&mut rows);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let sighted = store::page::sighted(tx, &ids).await?;
    let mut sighted: HashMap<_, _> = sighted.into_iter().map(|row| (row.0, row)).collect();
    let mut details = Vec::new();
    for attribute in rows {
        let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &attribute.id);
        let record = serde_json::from_str(&attribute.body).map_err(unreadable)?;
        let (_, seen, wrong, over) = sighted.remove(&attribute.id).unwrap_or_default();
        details.push(Detail {
            record,
            sightings: SightingCount {
                seen,
                false_positives: wrong,
                expirations: over,
            },
            more_sightings: seen + wrong + over >= SIGHTINGS_COUNTED_MAX,
            events: 0,
            common: false,
            listed: Vec::new(),
            attribute,
        });
    }
    list(tx, viewer, &mut details).await?;
    relate(tx, viewer, &mut details).await?;
    Ok(details)
}

/// Adds the warninglists that have the values, or parts of them.
async fn list(tx: &mut Tx, viewer: &Viewer, details: &mut [Detail]) -> Result<(), Error> {
    let mut values = Vec::new();
    for (place, detail) in details.iter().enumerate() {
        let attribute = &detail.attribute;
        match formats_misp::composite(&attribute.kind, &attribute.value) {
            Some(parts) => {
                values.extend(parts.map(|(_, part)| (place, part.to_owned())));
            }
            None => values.push((place, attribute.value.clone())),
        }
    }
    let (places, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let listed = listed_in(tx, viewer, &values).await?;
    for (place, lists) in places.into_iter().zip(listed) {
        if let Some(detail) = details.get_mut(place) {
            for list in lists {
                if !detail.listed.contains(&list) {
                    detail.listed.push(list);
                }
            }
        }
    }
    Ok(())
}

/// Adds how many other events have the values.
async fn relate(tx: &mut Tx, viewer: &Viewer, details: &mut [Detail]) -> Result<(), Error> {
    let norms: Vec<Vec<String>> = details.iter().map(norms).collect();
    let all: BTreeSet<&String> = norms.iter().flatten().collect();
    let all: Vec<String> = all.into_iter().cloned().collect();
    let seen = masks(&seen_in(tx, viewer, None).await?);
    let mut events: HashMap<String, Vec<i64>> = HashMap::new();
    for (norm, event) in store::common::holders(tx, &seen, &all).await? {
        events.entry(norm).or_default().push(event);
    }
    let most = usize::try_from(COMMON_OVER).unwrap_or(usize::MAX);
    for (detail, norms) in details.iter_mut().zip(norms) {
        let mut others: HashSet<i64> = HashSet::new();
        for found in norms.iter().filter_map(|norm| events.get(norm)) {
            if found.len() > most {
                detail.common = true;
            } else {
                others.extend(found.iter().filter(|id| **id != detail.attribute.event));
            }
        }
        detail.events = others.len();
    }
    Ok(())
}

/// The texts by which an attribute has something in common with others; none where it says so.
fn norms(detail: &Detail) -> Vec<String> {
    if detail.record.disable_correlation == Some(true) {
        return Vec::new();
    }
    let attribute = &detail.attribute;
    let found = norm::in_common(&attribute.kind, &attribute.value).into_iter();
    found.map(|(norm, _)| norm).collect()
}
