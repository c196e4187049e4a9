//! Taking out what an event stood behind and no longer does.
//!
//! What only the event can have made goes with the part that it stood for, and so do its older versions
//! under a freer label when it is labelled more strictly. What others can have made too, such as
//! observables, goes as far as no other event yields it and nothing else is about it.

use std::collections::{BTreeMap, BTreeSet};

use audit::Ground;
use db::Tx;
use kernel::boxed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error,
    events::store::{self, stix::Row},
    jobs,
    model::Collection,
    ops::{
        changed_in,
        delete::remove_in,
        import::held::{Held, loosest, versions_of},
    },
};

/// So many versions are looked at in one transaction of a job.
const WITHDRAWN: u32 = 200;

/// What a job needs to take out what an event that is gone stood behind.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Withdrawing {
    event: i64,
    /// What is known of it outside of the house; nothing in jobs of older programs.
    #[serde(default)]
    uuid: Option<String>,
    by: String,
    /// Who gave the event.
    #[serde(default)]
    giver: i64,
}

/// What is taken out of what an event stands behind: all before one of its versions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stale {
    event: i64,
    /// The number of who gave the event.
    giver: i64,
    before: i64,
    /// The event, where it is gone.
    gone: Option<Uuid>,
}

impl Stale {
    /// What a newer version of an event does not yield any more.
    pub(super) const fn of((event, giver): (i64, i64), version: i64) -> Self {
        Self {
            event,
            giver,
            before: version,
            gone: None,
        }
    }

    /// All of an event that is gone.
    const fn all((event, giver): (i64, i64), gone: Option<Uuid>) -> Self {
        Self {
            event,
            giver,
            before: i64::MAX,
            gone,
        }
    }
}

/// Takes out what an event that is gone stood behind.
#[boxed]
pub(crate) async fn withdraw_on(ground: &Ground, job: &Withdrawing) -> Result<(), Error> {
    let uuid = job
        .uuid
        .as_deref()
        .and_then(|uuid| Uuid::try_parse(uuid).ok());
    withdraw_all(ground, Stale::all((job.event, job.giver), uuid), &job.by).await
}

/// Takes out what an event stood behind, now as far as it is little, and by a job the rest.
pub(in crate::events::ops) async fn withdraw_in(
    tx: &mut Tx,
    ground: &Ground,
    (event, giver, uuid): (i64, i64, Uuid),
    by: &str,
) -> Result<(), Error> {
    if withdraw_some(tx, ground, Stale::all((event, giver), Some(uuid)), by).await? {
        let job = Withdrawing {
            event,
            uuid: Some(uuid.to_string()),
            by: by.to_owned(),
            giver,
        };
        ground
            .enqueue(tx, jobs::EVENT_WITHDRAW, &job, ground.now())
            .await?;
    }
    Ok(())
}

pub(super) async fn withdraw_all(ground: &Ground, which: Stale, by: &str) -> Result<(), Error> {
    loop {
        let mut tx = ground.db.begin().await?;
        crate::store::lock_place(&mut tx).await?;
        let more = withdraw_some(&mut tx, ground, which, by).await?;
        tx.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Takes out some of what an event stood behind before a version. False if none is left.
pub(super) async fn withdraw_some(
    tx: &mut Tx,
    ground: &Ground,
    which: Stale,
    by: &str,
) -> Result<bool, Error> {
    let Stale { event, before, .. } = which;
    let rows = store::stix::stale(tx, (event, before), WITHDRAWN).await?;
    let count = rows.len();
    let mut objects: BTreeMap<(bool, i64, String), BTreeSet<Vec<u8>>> = BTreeMap::new();
    for row in rows {
        let object = objects.entry((row.shared, row.slot, row.stix_id));
        object.or_default().insert(row.sha256);
    }
    // Mostly one: an event stands in one collection.
    let slots: BTreeSet<_> = objects.keys().map(|(_, slot, _)| *slot).collect();
    let mut collections = BTreeMap::new();
    for slot in slots {
        let collection = crate::store::collection::in_slot(tx, slot).await?;
        collections.extend(collection.map(|collection| (slot, (collection, false))));
    }
    for ((shared, slot, stix_id), stale) in objects {
        if let Some((collection, is_changed)) = collections.get_mut(&slot) {
            let object = Object {
                stix_id: &stix_id,
                shared,
                stale,
            };
            *is_changed |= object.withdraw(tx, ground, (collection, which), by).await?;
        }
        store::stix::forget(tx, (event, before), &stix_id).await?;
    }
    for (collection, _) in collections.values().filter(|(_, is_changed)| *is_changed) {
        changed_in(tx, ground, collection, false).await?;
    }
    Ok(u32::try_from(count).is_ok_and(|count| count == WITHDRAWN))
}

/// An object of which an event does not stand behind some versions any more.
struct Object<'o> {
    stix_id: &'o str,
    shared: bool,
    /// The digests of these versions.
    stale: BTreeSet<Vec<u8>>,
}

impl Object<'_> {
    /// True if something went.
    async fn withdraw(
        &self,
        tx: &mut Tx,
        ground: &Ground,
        (collection, which): (&Collection, Stale),
        by: &str,
    ) -> Result<bool, Error> {
        let (slot, stix_id) = (collection.slot, self.stix_id);
        let rows = store::stix::of(tx, slot, &[stix_id]).await?;
        let mut versions = versions_of(tx, slot, &[stix_id]).await?;
        let all = versions.remove(stix_id).unwrap_or_default();
        let goes = self.going(&rows, &all, which);
        let (gone, left): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|held| goes.contains(&held.place));
        if gone.is_empty() {
            return Ok(false);
        }
        if left.is_empty()
            && self.shared
            && crate::store::reference::is_told_of(tx, slot, stix_id).await?
        {
            return Ok(false);
        }
        remove_in(tx, ground, collection, (stix_id, &gone, &left)).await?;
        if left.is_empty() && !self.shared {
            let part = match which.gone {
                Some(event) => Some(event),
                None => gone_part(tx, slot, stix_id).await?,
            };
            if part.is_some() || which.before == i64::MAX {
                let mark = (ground.now().as_micros(), by);
                let what = (stix_id, loosest(&gone));
                crate::store::entry::bury_with(tx, (slot, part), what, mark).await?;
            }
        }
        Ok(true)
    }

    /// The places of the versions that go: what another gave is his.
    fn going(&self, rows: &[Row], all: &[Held], which: Stale) -> BTreeSet<i64> {
        let stands = |row: &&Row| row.event != which.event || row.version >= which.before;
        let standing: BTreeSet<_> = rows.iter().filter(stands).map(|row| &row.sha256).collect();
        let now: Vec<_> = all
            .iter()
            .filter(|held| standing.contains(&held.sha256))
            .collect();
        let freest = now.iter().map(|held| held.tlp).min();
        let goes = |held: &&Held| {
            if held.giver != which.giver || standing.contains(&held.sha256) {
                return false;
            }
            match freest {
                _ if self.shared => self.stale.contains(&held.sha256),
                // The older versions of what was labelled more strictly.
                Some(freest) => held.tlp < freest,
                None => true,
            }
        };
        all.iter().filter(goes).map(|held| held.place).collect()
    }
}

/// The part of an event for which the object stood, if it was deleted for good.
async fn gone_part(tx: &mut Tx, slot: i64, stix_id: &str) -> Result<Option<Uuid>, Error> {
    let uuid = stix_id.split_once("--").map(|(_, uuid)| uuid);
    let Some(uuid) = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok()) else {
        return Ok(None);
    };
    let is_gone = !store::read::buried(tx, slot, &[uuid]).await?.is_empty();
    Ok(is_gone.then_some(uuid))
}
