//! A collection's events for a feed that is written to a folder.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full;
use kernel::{Tlp, Viewer, boxed};

use super::{
    exchange::{whole_in, whole_of},
    search::masks,
    view,
};
use crate::{
    Error,
    events::{model::Indexed, store},
    ops::look::seen_in,
    record,
};

/// Events of a collection that are read at once.
const PAGE: u32 = 1_000;

/// The events of a collection that the viewer sees and whose label is not stricter than that, by
/// number; and how many are stricter. The ledger of acts is told that they leave the house.
#[boxed]
pub async fn begin_feed(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    max_marking: Tlp,
) -> Result<(Vec<Indexed>, usize), Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin().await?;
    let shown = seen_in(&mut tx, viewer, Some(place)).await?;
    let missing = Error::NotFound { what: "collection" };
    let collection = shown.first().ok_or(missing)?.collection.clone();
    let (mut events, mut stricter) = (Vec::new(), 0);
    for seen in masks(&shown) {
        let mut after = 0;
        loop {
            let page = store::exchange::index(&mut tx, seen, (after, PAGE)).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let all = page.len();
            events.extend(page.into_iter().filter(|one| one.tlp <= max_marking.code()));
            stricter += all;
        }
    }
    stricter -= events.len();
    record::feed(&mut tx, ground, viewer, &collection, max_marking).await?;
    tx.commit().await?;
    Ok((events, stricter))
}

/// An event with all its parts whose label is not stricter than that; nothing if it is not there any
/// more, or is stricter now.
#[boxed]
pub async fn feed_event(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    (id, max_marking): (i64, Tlp),
) -> Result<Option<Box<full::Event>>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, Some(place)).await?;
    let Some(row) = store::read::event(&mut tx, id).await? else {
        return Ok(None);
    };
    let free = Tlp::ALL.into_iter().filter(|tlp| *tlp <= max_marking);
    let free = free.fold(0, |mask, tlp| mask | (1 << tlp.code()));
    let seen = masks(&shown)
        .into_iter()
        .find(|(slot, _)| *slot == row.slot);
    let mask = seen.map_or(0, |(_, mask)| mask & free);
    if mask & (1 << row.tlp) == 0 {
        return Ok(None);
    }
    whole_in(&mut tx, viewer, row, mask).await.map(Some)
}

/// The next event of a collection behind a number, with its label and all its parts that have a label of
/// the mask. What is for the own organisation or a group alone is for the caller to leave out.
pub(crate) async fn next_in(
    tx: &mut Tx,
    viewer: &Viewer,
    (slot, mask): (i64, i32),
    after: i64,
) -> Result<Option<(i64, i32, Box<full::Event>)>, Error> {
    let page = store::exchange::index(tx, (slot, mask), (after, 1)).await?;
    let Some(indexed) = page.first() else {
        return Ok(None);
    };
    let Some(row) = store::read::event(tx, indexed.id).await? else {
        return Ok(None);
    };
    let (id, tlp) = (row.id, row.tlp);
    let mut seen = view::seen_of(tx, viewer, (row, mask), &mut view::Beside::default()).await?;
    seen.of_house = true;
    let event = whole_of(tx, &seen).await?;
    Ok(Some((id, tlp, event)))
}
