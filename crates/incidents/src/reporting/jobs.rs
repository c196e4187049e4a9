//! Background jobs of reporting. Each can run twice without harm.

use audit::Ground;
use kernel::IncidentId;
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use super::ops;

/// Looks whether something of an entry is to be reminded of.
pub(crate) const REMIND: &str = "incidents.remind";
/// Plans that for the next entries that are reported.
pub(crate) const REMIND_ALL: &str = "incidents.remind_all";

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RemindJob {
    pub(crate) incident: IncidentId,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RemindAllJob {
    pub(crate) after: Option<IncidentId>,
}

/// The runner with the jobs of reporting.
#[must_use]
pub fn jobs(runner: Runner, ground: &Ground) -> Runner {
    let (one, all) = (ground.clone(), ground.clone());
    runner
        .with(REMIND, move |job| {
            let ground = one.clone();
            async move {
                let job: RemindJob = job.read()?;
                let done = ops::remind(&ground, job.incident).await;
                done.map_err(|error| JobFailure::Again(kernel::chain(&error)))
            }
        })
        .with(REMIND_ALL, move |job| {
            let ground = all.clone();
            async move {
                let job: RemindAllJob = job.read()?;
                let done = ops::plan_from(&ground, job.after).await;
                done.map_err(|error| JobFailure::Again(kernel::chain(&error)))
            }
        })
}
