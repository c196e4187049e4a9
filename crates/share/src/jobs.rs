//! Background jobs of sharing. Each can run twice without harm.

use exchange::jobs::{CIRCLE_CHANGED, CircleChanged};
use intel::jobs::CHANGED;
use queue::{JobFailure, Runner};

use crate::{Error, Sharing, ops};

/// Tells a party of a collection.
pub(crate) const SEND: &str = "share.send";
/// Carries out what a steward said.
pub(crate) const APPLY: &str = "share.apply";
/// States a removal to the steward.
pub(crate) const CONFIRM: &str = "share.confirm";
/// Plans the comparisons with all peers, once an hour.
pub(crate) const COMPARE_ALL: &str = "share.compare_all";
/// Compares with one peer.
pub(crate) const COMPARE: &str = "share.compare";
/// Removes sealed files.
pub(crate) const DROP: &str = "share.drop";
/// Takes back, once, what was given by a laxer rule.
pub(crate) const REVIEW: &str = "share.review";
/// Puts right what a party has lost.
pub(crate) const REPAIR: &str = "share.repair";

/// The runner with the jobs of sharing.
#[must_use]
pub fn jobs(runner: Runner, x: &Sharing) -> Runner {
    let (changed, circle, send, apply) = (x.clone(), x.clone(), x.clone(), x.clone());
    let (confirm, all, one) = (x.clone(), x.clone(), x.clone());
    let (drop, repair, review) = (x.clone(), x.clone(), x.clone());
    runner
        .with(CHANGED, move |job| {
            let x = changed.clone();
            async move { done(ops::changed(&x, job.read()?).await) }
        })
        .with(CIRCLE_CHANGED, move |job| {
            let x = circle.clone();
            async move { done(circle_changed(&x, job.read()?).await) }
        })
        .with(SEND, move |job| {
            let x = send.clone();
            async move { done(ops::send(&x, job.read()?).await) }
        })
        .with(APPLY, move |job| {
            let x = apply.clone();
            async move { done(ops::apply(&x, job.read()?).await) }
        })
        .with(CONFIRM, move |job| {
            let x = confirm.clone();
            async move { done(ops::confirm(&x, job.read()?).await) }
        })
        .with(DROP, move |job| {
            let x = drop.clone();
            async move { done(ops::drop_files(&x, job.read()?).await) }
        })
        .with(REPAIR, move |job| {
            let x = repair.clone();
            async move { done(ops::repair(&x, job.read()?).await) }
        })
        .with(REVIEW, move |_job| {
            let x = review.clone();
            async move { done(ops::review(&x).await) }
        })
        .with(COMPARE_ALL, move |job| {
            let x = all.clone();
            async move { done(ops::compare_all(&x, job.read()?).await) }
        })
        .with(COMPARE, move |job| {
            let x = one.clone();
            async move { done(ops::compare_one(&x, job.read()?).await) }
        })
}

async fn circle_changed(x: &Sharing, job: CircleChanged) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    intel::ops::changed_by_circle_in(&mut tx, &x.ground, job.circle).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// The text of a failure names no content: it is the error's code.
fn done(outcome: Result<(), Error>) -> Result<(), JobFailure> {
    outcome.map_err(|error| JobFailure::Again(error.code().to_owned()))
}
