//! UUIDs of parts that came, and what stands under them already.

use std::collections::{HashMap, HashSet};

use db::Tx;
use uuid::Uuid;

use crate::{
    Error,
    events::{model::Fault, parts, store},
};

/// What is known of UUIDs that came.
pub(super) struct Known<T> {
    pub(super) stored: HashMap<Uuid, T>,
    buried: HashSet<Uuid>,
    seen: HashSet<Uuid>,
}

impl<T> Known<T> {
    pub(super) async fn new(
        tx: &mut Tx,
        slot: i64,
        (uuids, stored): (&[Uuid], Vec<(Uuid, T)>),
    ) -> Result<Self, Error> {
        Ok(Self {
            stored: stored.into_iter().collect(),
            buried: store::read::buried(tx, slot, uuids)
                .await?
                .into_iter()
                .collect(),
            seen: HashSet::new(),
        })
    }

    /// Why something of this UUID cannot be taken.
    pub(super) fn fault(&mut self, uuid: Option<&str>) -> Option<Fault> {
        if parts::is_bad(uuid) {
            return Some(Fault::Uuid);
        }
        let uuid = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok())?;
        // Neither is told apart from one that stands in another event, which may be hidden.
        let is_taken = self.buried.contains(&uuid) || !self.seen.insert(uuid);
        is_taken.then_some(Fault::Elsewhere)
    }
}

/// Those texts that are UUIDs.
pub(super) fn uuids<'u>(all: impl Iterator<Item = Option<&'u str>>) -> Vec<Uuid> {
    let all = all.flatten().filter_map(|uuid| Uuid::try_parse(uuid).ok());
    all.collect()
}
