//! Background jobs. Each can run twice without harm.

use audit::Ground;
use queue::{JobFailure, Runner};

use crate::{events, ops, remotes::Remotes};

/// Looks at objects that were handed in.
pub(crate) const IMPORT: &str = "intel.import";

/// Puts a large event of MISP into STIX.
pub(crate) const EVENT_STIX: &str = "intel.event_stix";
/// Takes out what a large event stood behind.
pub(crate) const EVENT_WITHDRAW: &str = "intel.event_withdraw";
/// Asks a server of another maker that is due.
pub(crate) const REMOTE: &str = "intel.remote";

/// The runner with the jobs of this room.
pub fn jobs(runner: Runner, ground: &Ground) -> Runner {
    let (expressing, withdrawing) = (ground.clone(), ground.clone());
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
    let ground = ground.clone();
    runner.with(IMPORT, move |job| {
        let ground = ground.clone();
        async move {
            let progress: ops::Progress = job.read()?;
            let done = ops::go_on(&ground, &progress).await;
            done.map_err(|error| JobFailure::Again(error.to_string()))
        }
    })
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
