//! Background jobs. Each can run twice without harm.

use audit::Ground;
use kernel::{ImportId, Mode, PartyCode};
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use crate::ops;

/// Takes a file of assets in.
pub(crate) const IMPORT: &str = "constituency.import";

/// A file of assets that is taken in.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Work {
    /// The import.
    pub(crate) import: ImportId,
    /// Real or exercise.
    pub(crate) mode: Mode,
    /// Whose node this is.
    pub(crate) party: PartyCode,
}

/// The runner with the jobs of this room.
pub fn jobs(runner: Runner, ground: &Ground) -> Runner {
    let ground = ground.clone();
    runner.with(IMPORT, move |job| {
        let ground = ground.clone();
        async move {
            let work: Work = job.read()?;
            let done = ops::take_in(&ground, work.party, work.mode, work.import).await;
            done.map_err(|error| JobFailure::Again(kernel::chain(&error)))
        }
    })
}
