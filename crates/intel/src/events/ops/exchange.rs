//! Events that come from other instances and go to them.

use std::collections::HashMap;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full;
use kernel::{Viewer, Who, boxed};
use serde::Serialize;
use uuid::Uuid;

use super::{curtain::Curtain, org::is_of_house, view};
use crate::{
    Error,
    events::{
        model::{self, Exchanged, Indexed, Scope},
        store::{self, page::PageOf},
    },
    model::Shown,
    ops::look::{seen_in, writable_in},
    remotes::{Step, Visit},
};

/// Events of an index that are read with one statement.
const PAGE: u32 = 5_000;
/// The most events of an index, which is held in memory.
pub const INDEX_MAX: usize = 2_000_000;

/// All events that the viewer sees, in short, by collection and number.
#[boxed]
pub async fn index(ground: &Ground, viewer: &Viewer, scope: &Scope) -> Result<Vec<Indexed>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let mut all = Vec::new();
    for shown in seen_in(&mut tx, viewer, scope.as_place()).await? {
        index_in(&mut tx, (shown.collection.slot, shown.mask), &mut all).await?;
    }
    Ok(all)
}

/// Whether the viewer may hand on what others made, as another instance does: one of the house who may
/// write. What a guest hands in is his.
pub fn may_sync(viewer: &Viewer) -> bool {
    is_of_house(viewer) && policy::check_house(viewer, Act::IntelWrite).is_ok()
}

/// When each event of a collection was changed, in seconds since 1970: for whoever may add to it.
#[boxed]
pub async fn changed(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
) -> Result<HashMap<Uuid, i64>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = open_in(&mut tx, viewer, place).await?;
    let mut events = Vec::new();
    index_in(&mut tx, (shown.collection.slot, shown.mask), &mut events).await?;
    Ok(events
        .into_iter()
        .map(|one| (one.uuid, one.timestamp))
        .collect())
}

/// The collection of a place, if the viewer may add events to it. The node itself may add to all, for
/// the people who told it to: to exchange events with a remote, or to take them in.
pub(super) async fn open_in(
    tx: &mut Tx,
    viewer: &Viewer,
    (root, name): (&str, &str),
) -> Result<Shown, Error> {
    if !matches!(viewer.who, Who::Node(_)) {
        return writable_in(tx, viewer, (root, name), Act::IntelWrite).await;
    }
    policy::check_house(viewer, Act::IntelWrite)?;
    let found = crate::store::collection::find(tx, (root, viewer.mode), name).await?;
    let collection = found.ok_or(Error::NotFound { what: "collection" })?;
    Ok(Shown {
        collection,
        mask: ALL_LABELS,
        can_write: true,
    })
}

async fn index_in(tx: &mut Tx, place: (i64, i32), all: &mut Vec<Indexed>) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = store::exchange::index(tx, place, (after, PAGE)).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        if all.len().saturating_add(page.len()) > INDEX_MAX {
            return Err(Error::TooMany {
                what: "events",
                max: INDEX_MAX,
            });
        }
        all.extend(page);
    }
}

impl Visit {
    /// The place of the remote's collection.
    pub fn place(&self) -> (String, String) {
        let here = &self.remote.here;
        (here.root.to_string(), here.collection.uuid().to_string())
    }

    /// The events of the remote's collection, in short: all, whoever may see them.
    pub async fn events(&self) -> Result<Vec<Indexed>, Error> {
        policy::check_house(&self.viewer, Act::IntelRead)?;
        let mut tx = self.remotes.ground.db.begin_read().await?;
        let mut all = Vec::new();
        index_in(&mut tx, (self.remote.slot, ALL_LABELS), &mut all).await?;
        Ok(all)
    }

    /// An event of the remote's collection with all that may go there by its label; nothing if it is
    /// not there any more, or may not go any more.
    pub async fn whole(&self, id: i64) -> Result<Option<Box<full::Event>>, Error> {
        policy::check_house(&self.viewer, Act::IntelRead)?;
        let mut tx = self.remotes.ground.db.begin_read().await?;
        let mask = self.mask();
        let row = store::read::event(&mut tx, id).await?;
        let row = row.filter(|row| row.slot == self.remote.slot && mask & (1 << row.tlp) != 0);
        match row {
            Some(row) => whole_in(&mut tx, &self.viewer, row, mask).await.map(Some),
            None => Ok(None),
        }
    }

    /// How events stand with this remote.
    pub async fn exchanged(&self) -> Result<Vec<Exchanged>, Error> {
        let mut tx = self.remotes.ground.db.begin_read().await?;
        let (mut all, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let page = (after, i64::from(PAGE));
            let page = store::exchange::page(&mut tx, self.remote.id, page).await?;
            let Some(last) = page.last() else {
                return Ok(all);
            };
            after = last.uuid;
            all.extend(page);
        }
    }

    /// Notes how events stand from now on, with a part of the run and how far the exchange has come.
    pub async fn note_events(
        &mut self,
        events: &[Exchanged],
        step: Step,
        state: &impl Serialize,
    ) -> Result<(), Error> {
        let ground = self.remotes.ground.clone();
        let mut tx = ground.db.begin().await?;
        let at = ground.now().as_micros();
        store::exchange::write(&mut tx, self.remote.id, (events, at)).await?;
        self.note_in(&mut tx, step, state).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// All labels there are.
const ALL_LABELS: i32 = i32::MAX;

/// The event with its parts, but those whose label is not of the mask.
pub(super) async fn whole_in(
    tx: &mut Tx,
    viewer: &Viewer,
    row: model::Event,
    mask: i32,
) -> Result<Box<full::Event>, Error> {
    let seen = view::seen_of(tx, viewer, (row, mask), &mut view::Beside::default()).await?;
    whole_of(tx, &seen).await
}

/// The event with all its parts that are seen.
pub(super) async fn whole_of(tx: &mut Tx, seen: &view::Seen) -> Result<Box<full::Event>, Error> {
    let (id, mask) = (seen.event.id, seen.mask);
    let mut event = Box::new(view::head(seen)?);
    let curtain = Curtain::of(seen);
    let mut page = PageOf {
        event: id,
        mask,
        deleted: None,
        to_ids: None,
        data: true,
        after: 0,
        most: view::PARTS_PAGE_MAX,
    };
    loop {
        let mut rows = store::page::attributes(tx, &page, &[0]).await?;
        let Some(last) = rows.last() else { break };
        page.after = last.id;
        curtain.draw(&mut rows);
        for row in rows {
            event.attributes.push(attribute_of(row)?);
        }
    }
    let mut after = 0;
    loop {
        (page.after, page.most) = (after, view::PARTS_PAGE_MAX);
        let mut rows = store::page::objects(tx, &page).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        curtain.draw(&mut rows);
        for (row, mut attributes) in view::with_attributes(tx, &mut page, rows).await? {
            curtain.draw(&mut attributes);
            let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &row.id);
            let mut object: full::Object = serde_json::from_str(&row.body).map_err(unreadable)?;
            for row in attributes {
                object.attributes.push(attribute_of(row)?);
            }
            event.objects.push(object);
        }
    }
    Ok(event)
}

fn attribute_of(row: model::Attribute) -> Result<full::Attribute, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &row.id);
    let mut attribute: full::Attribute = serde_json::from_str(&row.body).map_err(unreadable)?;
    attribute.data = row.data;
    Ok(attribute)
}
