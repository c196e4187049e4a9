//! Background jobs of the exchange. Each can run twice without harm.

use federation::model::{Digest, Header};
use kernel::{CircleId, FileId, MessageId, Mode, PartyCode};
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use crate::{Exchange, error::Error, ops, store::Place};

/// Opens the files of a received message and holds them against what was committed to.
pub(crate) const UNPACK: &str = "exchange.unpack";
/// Removes the sealed bytes of what was taken back.
pub(crate) const REMOVE: &str = "exchange.remove";
/// Tells the sender that what he took back was removed.
pub(crate) const CONFIRM: &str = "exchange.confirm";
/// Drops a file that was put and never sent.
pub(crate) const DROP_UNSENT: &str = "exchange.drop_unsent";
/// Sends the copy of a circle's version to a party.
pub(crate) const CIRCLE_COPY: &str = "exchange.circle_copy";
/// Sends what this party wishes of a circle's steward.
pub(crate) const CIRCLE_WISH: &str = "exchange.circle_wish";
/// Makes the version of a circle that grants a wish.
pub(crate) const CIRCLE_ANSWER: &str = "exchange.circle_answer";

/// Told when another version of a circle is in force; the room that shares with circles registers it.
pub const CIRCLE_CHANGED: &str = "exchange.circle_changed";

/// A circle of which another version is in force.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CircleChanged {
    /// The circle.
    pub circle: CircleId,
    /// Real or exercise.
    pub mode: Mode,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct UnpackJob {
    pub(crate) party: PartyCode,
    pub(crate) mode: Mode,
    pub(crate) id: MessageId,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RemoveJob {
    pub(crate) party: PartyCode,
    pub(crate) mode: Mode,
    pub(crate) id: MessageId,
    pub(crate) blobs: Vec<Digest>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ConfirmJob {
    pub(crate) party: PartyCode,
    pub(crate) mode: Mode,
    pub(crate) withdrawal: MessageId,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct DropJob {
    pub(crate) id: FileId,
}

impl RemoveJob {
    /// What is to be removed of a message: the body and all attachments, as they came.
    pub(crate) fn of(place: &Place, header: &Header) -> Self {
        Self {
            party: place.party.clone(),
            mode: place.mode(),
            id: header.id,
            blobs: header.sealed.iter().map(|file| file.sha256).collect(),
        }
    }
}

/// The runner with the jobs of the exchange.
#[must_use]
pub fn jobs(runner: Runner, x: &Exchange) -> Runner {
    let (unpack, remove, confirm, unsent) = (x.clone(), x.clone(), x.clone(), x.clone());
    let (copy, wish, answer) = (x.clone(), x.clone(), x.clone());
    runner
        .with(CIRCLE_COPY, move |job| {
            let x = copy.clone();
            async move { done(ops::send_copy(&x, job.read()?).await) }
        })
        .with(CIRCLE_WISH, move |job| {
            let x = wish.clone();
            async move { done(ops::send_wish(&x, job.read()?).await) }
        })
        .with(CIRCLE_ANSWER, move |job| {
            let x = answer.clone();
            async move { done(ops::answer(&x, job.read()?).await) }
        })
        .with(UNPACK, move |job| {
            let x = unpack.clone();
            async move { done(ops::unpack(&x, job.read()?).await) }
        })
        .with(REMOVE, move |job| {
            let x = remove.clone();
            async move { done(ops::remove_blobs(&x, job.read()?).await) }
        })
        .with(CONFIRM, move |job| {
            let x = confirm.clone();
            async move { done(ops::confirm(&x, job.read()?).await) }
        })
        .with(DROP_UNSENT, move |job| {
            let x = unsent.clone();
            async move {
                let job: DropJob = job.read()?;
                done(ops::drop_unsent(&x, job.id).await)
            }
        })
}

/// The text of a failure names no content: it is the error's code.
fn done(outcome: Result<(), Error>) -> Result<(), JobFailure> {
    outcome.map_err(|error| JobFailure::Again(error.code().to_owned()))
}
