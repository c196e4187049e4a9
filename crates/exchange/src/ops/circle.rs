//! Circles: what the directory decides and keeps, and the messages that carry it.
//!
//! A change is one transaction: the version, the act, and a job for each copy. Each copy is then
//! sealed, signed and put into the outbox by its job, in a transaction of its own, so that a circle
//! of many parties holds nobody up.

mod carry;
mod take;

use audit::Ground;
use db::Tx;
use directory::{
    Pen,
    ops::{self as rows, Asked, CircleCopy, CircleView, Issued, NewCircle, NewWish},
    state::Change,
};
use federation::{own::OwnKeys, post::Gate, state::Delivery};
use kernel::{CircleId, MessageId, Mode, PartyCode, Viewer, boxed};

use crate::{
    Exchange,
    error::Error,
    jobs::{self, CircleChanged},
};

pub(crate) use carry::{AnswerJob, CopyJob, WishJob, answer, send_copy, send_wish};
pub use take::circle_room;

/// A copy of a version, and where it stands.
#[derive(Clone, Debug)]
pub struct SentCopy {
    /// The copy.
    pub copy: CircleCopy,
    /// Where it stands; nothing until its envelope is made.
    pub delivery: Option<Delivery>,
}

/// A circle with the state of what travels about it.
#[derive(Clone, Debug)]
pub struct CircleState {
    /// The circle.
    pub view: CircleView,
    /// At the steward: the newest copy for each party.
    pub copies: Vec<SentCopy>,
    /// Where the message stands in which this party asks for something.
    pub asked: Option<Delivery>,
}

/// Makes a circle that this party keeps.
#[boxed]
pub async fn create_circle(x: &Exchange, viewer: &Viewer, new: NewCircle) -> Result<Issued, Error> {
    let (own, mut tx) = begin(x).await?;
    let pen = pen(&own, viewer.mode);
    let issued = rows::create_in(&mut tx, &x.ground, viewer, &pen, new).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Changes a circle of this party that is at version `given`, and has everybody told.
#[boxed]
pub async fn change_circle(
    x: &Exchange,
    viewer: &Viewer,
    at: (CircleId, u64),
    change: Change,
) -> Result<Issued, Error> {
    let (own, mut tx) = begin(x).await?;
    let pen = pen(&own, viewer.mode);
    let issued = rows::change_in(&mut tx, &x.ground, viewer, &pen, at, change).await?;
    tell_all(&mut tx, &x.ground, viewer.mode, &issued).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Forgets that a party asked to be let in.
#[boxed]
pub async fn decline_request(
    x: &Exchange,
    viewer: &Viewer,
    id: CircleId,
    party: &PartyCode,
) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    rows::decline_in(&mut tx, &x.ground, viewer, id, party).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks a steward to be let in, or to be let go.
#[boxed]
pub async fn ask_steward(x: &Exchange, viewer: &Viewer, new: NewWish) -> Result<Asked, Error> {
    let mut tx = x.ground.db.begin().await?;
    let asked = rows::ask_in(&mut tx, &x.ground, viewer, new).await?;
    let job = WishJob {
        circle: asked.circle,
        mode: asked.mode,
    };
    x.ground
        .enqueue(&mut tx, jobs::CIRCLE_WISH, &job, x.ground.now())
        .await?;
    tx.commit().await?;
    Ok(asked)
}

/// A circle, and where its messages stand.
#[boxed]
pub async fn read_circle(
    x: &Exchange,
    viewer: &Viewer,
    id: CircleId,
) -> Result<CircleState, Error> {
    let view = rows::read_circle(&x.ground, viewer, id).await?;
    let mut tx = x.ground.db.begin_read().await?;
    let mut copies = Vec::with_capacity(view.copies.len());
    for copy in view.copies.clone() {
        let delivery = delivery(&mut tx, copy.message).await?;
        copies.push(SentCopy { copy, delivery });
    }
    let message = view.asked.as_ref().and_then(|asked| asked.message);
    let asked = delivery(&mut tx, message).await?;
    Ok(CircleState {
        view,
        copies,
        asked,
    })
}

async fn delivery(tx: &mut Tx, id: Option<MessageId>) -> Result<Option<Delivery>, Error> {
    let Some(id) = id else { return Ok(None) };
    let row = federation::store::delivery(tx, id).await?;
    Ok(row.map(|row| row.outgoing.delivery))
}

/// A node that comes back from a backup makes no version: it may have made that number before.
async fn begin(x: &Exchange) -> Result<(std::sync::Arc<OwnKeys>, Tx), Error> {
    if x.post.gate().await? != Gate::Open {
        return Err(Error::Federation(federation::error::Error::Returning));
    }
    Ok((x.post.keys(), x.ground.db.begin().await?))
}

fn pen(own: &OwnKeys, mode: Mode) -> Pen<'_> {
    Pen {
        keys: &own.of(mode).signing,
        keyset: own.chain(mode).latest().set().seq,
    }
}

/// Has a copy of a version sent to each party that it concerns.
async fn tell_all(tx: &mut Tx, ground: &Ground, mode: Mode, issued: &Issued) -> Result<(), Error> {
    let version = issued.circle.version();
    let changed = CircleChanged {
        circle: version.id,
        mode,
    };
    ground
        .enqueue(tx, jobs::CIRCLE_CHANGED, &changed, ground.now())
        .await?;
    for party in &issued.to {
        let job = CopyJob {
            circle: version.id,
            version: version.version,
            mode,
            party: party.clone(),
        };
        ground
            .enqueue(tx, jobs::CIRCLE_COPY, &job, ground.now())
            .await?;
    }
    Ok(())
}
