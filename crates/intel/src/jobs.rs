//! Background jobs. Each can run twice without harm.

use audit::Ground;
use db::Tx;
use kernel::{CollectionRef, Mode};
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use crate::{Error, events, ops, remotes::Remotes};

/// Looks at objects that were handed in.
pub(crate) const IMPORT: &str = "intel.import";
/// Brings what was there before the index of values into it.
pub(crate) const INDEX: &str = "intel.index";

/// Puts a large event of MISP into STIX.
pub(crate) const EVENT_STIX: &str = "intel.event_stix";
/// Takes out what a large event stood behind.
pub(crate) const EVENT_WITHDRAW: &str = "intel.event_withdraw";

/// Labels what waited for a marking definition.
pub(crate) const MARK: &str = "intel.mark";

/// Asks a server of another maker that is due.
pub(crate) const REMOTE: &str = "intel.remote";

/// Told when a collection that others get has changed; the room that shares registers it.
pub const CHANGED: &str = "intel.changed";

/// A collection that has changed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Changed {
    /// Its id outside of the house.
    pub collection: CollectionRef,
    /// Its number; see [`ops::seen_in`].
    pub slot: i64,
    /// Real or exercise.
    pub mode: Mode,
}

/// The runner with the jobs of this room.
pub fn jobs(runner: Runner, ground: &Ground) -> Runner {
    let (imports, index) = (ground.clone(), ground.clone());
    let (expressing, withdrawing) = (ground.clone(), ground.clone());
    let marking = ground.clone();
    let runner = runner.with(EVENT_STIX, move |job| {
        let ground = expressing.clone();
        async move {
            let work: events::ops::Expressing = job.read()?;
            let done = events::ops::express_on(&ground, &work).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    });
    let runner = runner.with(EVENT_WITHDRAW, move |job| {
        let ground = withdrawing.clone();
        async move {
            let work: events::ops::Withdrawing = job.read()?;
            let done = events::ops::withdraw_on(&ground, &work).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    });
    let runner = runner.with(MARK, move |job| {
        let ground = marking.clone();
        async move {
            let work: ops::import::mark::Marking = job.read()?;
            let done = ops::import::mark::label_on(&ground, &work).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    });
    let runner = runner.with(IMPORT, move |job| {
        let ground = imports.clone();
        async move {
            let progress: ops::Progress = job.read()?;
            let done = ops::go_on(&ground, &progress).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    });
    runner.with(INDEX, move |_job| {
        let ground = index.clone();
        async move {
            let done = ops::index_all(&ground).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    })
}

/// Plans what has to be done once after an upgrade. A node calls it when it starts.
pub async fn plan(tx: &mut Tx, ground: &Ground) -> Result<(), Error> {
    ops::plan_index(tx, ground).await
}

/// The runner with exchanges with servers of other makers.
pub fn remote_jobs(runner: Runner, remotes: &Remotes) -> Runner {
    let remotes = remotes.clone();
    runner.with(REMOTE, move |job| {
        let remotes = remotes.clone();
        async move {
            let errand: ops::Errand = job.read()?;
            let done = ops::run_remote(&remotes, errand).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    })
}
