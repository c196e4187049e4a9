//! Background jobs of evidence. Each can run twice without harm.

use kernel::EvidenceRef;
use queue::{JobFailure, Runner};
use seal::Digest;
use serde::{Deserialize, Serialize};

use super::{Locker, ops};
use crate::error::Error;

/// Forgets an upload that did not end.
pub(crate) const FORGET: &str = "evidence.forget";
/// Removes sealed files whose item is gone.
pub(crate) const REMOVE: &str = "evidence.remove";

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ForgetJob {
    pub(crate) id: EvidenceRef,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RemoveJob {
    pub(crate) files: Vec<Digest>,
}

/// The runner with the jobs of evidence.
#[must_use]
pub fn jobs(runner: Runner, locker: &Locker) -> Runner {
    let (forget, remove) = (locker.clone(), locker.clone());
    runner
        .with(FORGET, move |job| {
            let locker = forget.clone();
            async move {
                let job: ForgetJob = job.read()?;
                done(ops::forget(&locker, job.id).await)
            }
        })
        .with(REMOVE, move |job| {
            let locker = remove.clone();
            async move {
                let job: RemoveJob = job.read()?;
                done(ops::remove_files(&locker, job.files).await)
            }
        })
}

/// A node that is busy or short of space may do it later.
pub(crate) fn done(result: Result<(), Error>) -> Result<(), JobFailure> {
    result.map_err(|error| JobFailure::Again(kernel::chain(&error)))
}
