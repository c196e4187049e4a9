//! Background jobs. Each can run twice without harm.

use audit::Ground;
use queue::{JobFailure, Runner};

use crate::{ops, remotes::Remotes};

/// Looks at objects that were handed in.
pub(crate) const IMPORT: &str = "intel.import";

/// Asks a server of another maker that is due.
pub(crate) const REMOTE: &str = "intel.remote";

/// The runner with the jobs of this room.
pub fn jobs(runner: Runner, ground: &Ground) -> Runner {
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
