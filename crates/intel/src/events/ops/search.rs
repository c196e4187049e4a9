//! Searching events and attributes.

use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::{
    curtain::Curtain,
    view::{Beside, Seen, seen_of},
};
use crate::{
    Error,
    events::{
        model::{Asked, Attribute, Filter, Scope, Which},
        store,
    },
    ops::look::seen_in,
};

/// The most events or attributes that are given at once.
pub const PAGE_MAX: u32 = 1_000;

/// Events that the viewer sees and asks for, by number.
#[boxed]
pub async fn events(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    asked: Asked,
) -> Result<Vec<Seen>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let seen = masks(&shown);
    let rows = store::search::events(&mut tx, &seen, filter, within(asked)).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut known = Beside::default();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    known.count(&mut tx, &ids).await?;
    for row in rows {
        let mask = seen.iter().find(|(slot, _)| *slot == row.slot);
        let mask = mask.map_or(0, |(_, mask)| *mask);
        all.push(seen_of(&mut tx, viewer, (row, mask), &mut known).await?);
    }
    Ok(all)
}

/// Attributes that the viewer sees and asks for, by number; with their files where those are wanted.
#[boxed]
pub async fn attributes(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    (filter, data): (&Filter, bool),
    asked: Asked,
) -> Result<Vec<Attribute>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let seen = masks(&shown);
    let asked = within(asked);
    let filter = &resolved(&mut tx, filter).await?;
    let mut found = store::search::attributes(&mut tx, &seen, (filter, data), asked).await?;
    Curtain::before(viewer).draw(&mut found);
    Ok(found)
}

/// After which number the events begin that come behind the first so many; nothing if there are not
/// more than these.
#[boxed]
pub async fn events_after(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    skipped: u32,
) -> Result<Option<i64>, Error> {
    after(ground, viewer, scope, (filter, true), skipped).await
}

/// After which number the attributes begin that come behind the first so many; nothing if there are
/// not so many.
#[boxed]
pub async fn attributes_after(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    skipped: u32,
) -> Result<Option<i64>, Error> {
    after(ground, viewer, scope, (filter, false), skipped).await
}

async fn after(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    what: (&Filter, bool),
    skipped: u32,
) -> Result<Option<i64>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
    if skipped == 0 {
        return Ok(Some(0));
    }
    let first = Asked {
        after: 0,
        most: skipped,
    };
    let what = (&resolved(&mut tx, what.0).await?, what.1);
    let found = store::search::after(&mut tx, &masks(&shown), what, first).await?;
    let found = found.filter(|(count, _)| *count == i64::from(skipped));
    Ok(found.map(|(_, last)| last))
}

/// The filter with events by their numbers.
async fn resolved(tx: &mut Tx, filter: &Filter) -> Result<Filter, Error> {
    let mut filter = filter.clone();
    let mut events = Vec::new();
    for which in &filter.events {
        match which {
            Which::Id(_) => events.push(*which),
            Which::Uuid(uuid) => {
                let found = store::read::events_of(tx, *uuid).await?;
                events.extend(found.iter().map(|event| Which::Id(event.id)));
                if found.is_empty() {
                    // No event has this number.
                    events.push(Which::Id(0));
                }
            }
        }
    }
    filter.events = events;
    Ok(filter)
}

pub(super) fn masks(shown: &[crate::model::Shown]) -> Vec<(i64, i32)> {
    let masks = shown.iter();
    let masks = masks.map(|shown| (shown.collection.slot, shown.mask));
    masks.collect()
}

fn within(asked: Asked) -> Asked {
    Asked {
        most: asked.most.min(PAGE_MAX),
        ..asked
    }
}
