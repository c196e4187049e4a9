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
    by: String,
    /// Who gave the event.
    #[serde(default)]
    giver: i64,
}

/// Which event stood behind objects: its number, that of who gave it, and the version before which it
/// did.
pub(super) type Was = (i64, i64, i64);

/// Takes out what an event that is gone stood behind.
#[boxed]
pub(crate) async fn withdraw_on(ground: &Ground, job: &Withdrawing) -> Result<(), Error> {
    withdraw_all(ground, (job.event, job.giver, i64::MAX), &job.by).await
}

/// Takes out what an event stood behind, now as far as it is little, and by a job the rest.
pub(in crate::events::ops) async fn withdraw_in(
    tx: &mut Tx,
    ground: &Ground,
    (event, giver): (i64, i64),
    by: &str,
) -> Result<(), Error> {
    if withdraw_some(tx, ground, (event, giver, i64::MAX), by).await? {
        let job = Withdrawing {
            event,
            by: by.to_owned(),
            giver,
        };
        ground
            .enqueue(tx, jobs::EVENT_WITHDRAW, &job, ground.now())
            .await?;
    }
    Ok(())
}

pub(super) async fn withdraw_all(ground: &Ground, which: Was, by: &str) -> Result<(), Error> {
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
    (event, giver, before): Was,
    by: &str,
) -> Result<bool, Error> {
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
            *is_changed |= object
                .withdraw(tx, ground, (collection, (event, giver, before)), by)
                .await?;
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
        (collection, was): (&Collection, Was),
        by: &str,
    ) -> Result<bool, Error> {
        let (slot, stix_id) = (collection.slot, self.stix_id);
        let rows = store::stix::of(tx, slot, &[stix_id]).await?;
        let mut versions = versions_of(tx, slot, &[stix_id]).await?;
        let all = versions.remove(stix_id).unwrap_or_default();
        let goes = self.going(&rows, &all, was);
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
        if left.is_empty() && !self.shared && is_gone(tx, slot, (stix_id, was.2)).await? {
            let mark = (ground.now().as_micros(), by);
            let what = (stix_id, loosest(&gone));
            crate::store::entry::bury(tx, slot, what, mark).await?;
        }
        Ok(true)
    }

    /// The places of the versions that go: what another gave is his.
    fn going(&self, rows: &[Row], all: &[Held], (event, giver, before): Was) -> BTreeSet<i64> {
        let stands = |row: &&Row| row.event != event || row.version >= before;
        let standing: BTreeSet<_> = rows.iter().filter(stands).map(|row| &row.sha256).collect();
        let now: Vec<_> = all
            .iter()
            .filter(|held| standing.contains(&held.sha256))
            .collect();
        let freest = now.iter().map(|held| held.tlp).min();
        let goes = |held: &&Held| {
            if held.giver != giver || standing.contains(&held.sha256) {
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

/// Whether the object stood for what was deleted for good, or for a part of such.
async fn is_gone(tx: &mut Tx, slot: i64, (stix_id, before): (&str, i64)) -> Result<bool, Error> {
    if before == i64::MAX {
        return Ok(true);
    }
    let uuid = stix_id.split_once("--").map(|(_, uuid)| uuid);
    let Some(uuid) = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok()) else {
        return Ok(false);
    };
    Ok(!store::read::buried(tx, slot, &[uuid]).await?.is_empty())
}
