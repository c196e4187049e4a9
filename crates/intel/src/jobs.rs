//! Background jobs. Each can run twice without harm.

use audit::Ground;
use queue::{JobFailure, Runner};

use crate::ops;

/// Looks at objects that were handed in.
pub(crate) const IMPORT: &str = "intel.import";

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
