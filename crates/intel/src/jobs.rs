//! Background jobs. Each can run twice without harm.

use audit::Ground;
use kernel::{CollectionRef, Mode};
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use crate::ops;

/// Looks at objects that were handed in.
pub(crate) const IMPORT: &str = "intel.import";

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
