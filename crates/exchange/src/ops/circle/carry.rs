//! The jobs that send what the directory has planned. Each can run twice without harm.

use std::time::Duration;

use db::Tx;
use directory::{
    model::Trust,
    ops::{self as rows, Wish},
};
use federation::compose::Message;
use kernel::{CircleId, MessageId, Mode, PartyCode, Viewer};
use serde::{Deserialize, Serialize};

use super::{begin, pen, tell_all};
use crate::{Exchange, error::Error, jobs, model::CircleMessage, record};

/// How long what is for a party that gets no messages waits before it is tried again.
const UNTRUSTED_WAIT: Duration = Duration::from_hours(1);

/// A copy of a version is to be sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct CopyJob {
    pub(crate) circle: CircleId,
    pub(crate) version: u64,
    pub(crate) mode: Mode,
    pub(crate) party: PartyCode,
}

/// What this party wishes is to be sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct WishJob {
    pub(crate) circle: CircleId,
    pub(crate) mode: Mode,
}

/// A wish that came is to be granted.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AnswerJob {
    pub(crate) circle: CircleId,
    pub(crate) mode: Mode,
    pub(crate) party: PartyCode,
    pub(crate) wish: Wish,
    pub(crate) seen: Option<u64>,
}

/// Sends the copy of a version to a party, once.
pub(crate) async fn send_copy(x: &Exchange, job: CopyJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &job.party, job.mode).await?;
    if !gets_messages(x, &mut tx, (&job.party, job.mode)).await? {
        return later(x, tx, jobs::CIRCLE_COPY, &job).await;
    }
    let at = (job.circle, job.mode);
    let Some(signed) = rows::copy_in(&mut tx, at, job.version).await? else {
        return Ok(());
    };
    let id = MessageId::random(x.ground.rng.as_ref());
    if !rows::sent_copy_in(&mut tx, (job.circle, job.version), &job.party, id).await? {
        return Ok(());
    }
    let said = CircleMessage::Version(Box::new(signed));
    let message = submit(x, &mut tx, (&job.party, job.mode), (id, &said)).await?;
    tx.commit().await?;
    x.post.sent(&message);
    Ok(())
}

/// Sends what this party wishes of a steward, once.
pub(crate) async fn send_wish(x: &Exchange, job: WishJob) -> Result<(), Error> {
    let node = node(x, job.mode);
    let mut tx = x.ground.db.begin().await?;
    let Some(asked) = rows::wish_in(&mut tx, &node, job.circle).await? else {
        return Ok(());
    };
    federation::store::lock_peer(&mut tx, &asked.steward, job.mode).await?;
    if !gets_messages(x, &mut tx, (&asked.steward, job.mode)).await? {
        return later(x, tx, jobs::CIRCLE_WISH, &job).await;
    }
    let id = MessageId::random(x.ground.rng.as_ref());
    if !rows::sent_wish_in(&mut tx, &asked, id).await? {
        return Ok(());
    }
    let said = CircleMessage::Wish {
        circle: asked.circle,
        wish: asked.wish,
        seen: asked.version,
    };
    let message = submit(x, &mut tx, (&asked.steward, job.mode), (id, &said)).await?;
    tx.commit().await?;
    x.post.sent(&message);
    Ok(())
}

/// Makes the version that grants a wish, and has everybody told; nothing if it was granted before.
pub(crate) async fn answer(x: &Exchange, job: AnswerJob) -> Result<(), Error> {
    let node = node(x, job.mode);
    let (own, mut tx) = begin(x).await?;
    let pen = pen(&own, job.mode);
    let about = (job.circle, &job.party);
    let wish = (job.wish, job.seen);
    let issued = rows::answer_in(&mut tx, &x.ground, &node, &pen, about, wish).await?;
    if let Some(issued) = issued {
        tell_all(&mut tx, &x.ground, job.mode, &issued).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn node(x: &Exchange, mode: Mode) -> Viewer {
    Viewer::node("circles", x.post.keys().party().clone(), mode)
}

/// Whether messages go to a party: it is listed and trusted.
async fn gets_messages(
    x: &Exchange,
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
) -> Result<bool, Error> {
    let listed = rows::find_in(tx, party, mode).await?;
    let trusted = listed.is_some_and(|party| party.trust == Trust::Trusted);
    Ok(trusted && x.post.peer(party, mode).is_some())
}

/// Plans a job anew. What is for a party that people have frozen waits until they have talked, for
/// however long that takes; it does not become a dead letter.
async fn later<T: Serialize>(x: &Exchange, mut tx: Tx, kind: &str, job: &T) -> Result<(), Error> {
    let at = x.ground.now().plus(UNTRUSTED_WAIT);
    x.ground.enqueue(&mut tx, kind, job, at).await?;
    tx.commit().await?;
    Ok(())
}

/// Seals and signs a message about a circle, and puts it into the outbox.
async fn submit(
    x: &Exchange,
    tx: &mut Tx,
    (to, mode): (&PartyCode, Mode),
    (id, said): (MessageId, &CircleMessage),
) -> Result<Message, Error> {
    let message = seal(x, (to, mode), (id, said))?;
    x.post.submit(tx, &message).await?;
    let node = node(x, mode);
    record::sent(tx, &x.ground, &node, (&message.header, message.digest)).await?;
    tx.wake();
    Ok(message)
}

fn seal(
    x: &Exchange,
    (to, mode): (&PartyCode, Mode),
    (id, said): (MessageId, &CircleMessage),
) -> Result<Message, Error> {
    let kind = said.kind().map_err(|_word| Error::Unreadable)?;
    let place = (id, said.thread());
    let draft = x.post.node_draft((to, mode), place, (kind, said.content()));
    Ok(x.post.compose(draft)?)
}
