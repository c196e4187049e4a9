//! Background jobs of reporting. Each can run twice without harm.

use audit::Ground;
use kernel::{IncidentId, PartyCode};
use queue::Runner;
use serde::{Deserialize, Serialize};

use super::{calendar, ops};
use crate::evidence::jobs::done;

/// Looks whether something of an entry is to be reminded of.
pub(crate) const REMIND: &str = "incidents.remind";
/// Plans that for the next entries that are reported.
pub(crate) const REMIND_ALL: &str = "incidents.remind_all";

/// Reckons the reports of the next entries anew, after a calendar changed.
pub(crate) const RECKON: &str = "incidents.reckon";

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ReckonJob {
    pub(crate) party: PartyCode,
    pub(crate) after: Option<IncidentId>,
}

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
    let (one, all, anew) = (ground.clone(), ground.clone(), ground.clone());
    runner
        .with(REMIND, move |job| {
            let ground = one.clone();
            async move {
                let job: RemindJob = job.read()?;
                done(ops::remind(&ground, job.incident).await)
            }
        })
        .with(REMIND_ALL, move |job| {
            let ground = all.clone();
            async move {
                let job: RemindAllJob = job.read()?;
                done(ops::plan_from(&ground, job.after).await)
            }
        })
        .with(RECKON, move |job| {
            let ground = anew.clone();
            async move {
                let job: ReckonJob = job.read()?;
                done(calendar::reckon_from(&ground, &job.party, job.after).await)
            }
        })
}
