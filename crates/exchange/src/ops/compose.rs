//! Making a message of what was decided, and keeping our own copy of it.

use db::Tx;
use federation::compose::{Draft, Message, SealedAttachment};
use kernel::{IncidentRef, MessageId, Viewer};

use super::{
    links,
    prepare::Prepared,
    refresh,
    sealed::{self, Part},
};
use crate::{
    Exchange,
    error::Error,
    model::NewMessage,
    record,
    state::Said,
    store::{
        Place,
        message::{self, Kept},
    },
};

/// How a message is to be made, beyond what was decided about it.
pub(super) struct Making<'a> {
    pub(super) id: MessageId,
    pub(super) new: &'a NewMessage,
    pub(super) attachments: Vec<SealedAttachment>,
    /// Those that it names and the viewer may read.
    pub(super) incidents: &'a [IncidentRef],
}

/// A message that was made.
pub(super) struct Composed {
    pub(super) message: Message,
    /// False for a withdrawal of what never left: the other party has nothing to remove, and learns
    /// of neither.
    pub(super) leaves: bool,
}

/// Puts a message that was sealed and signed into the outbox, and keeps our copy.
pub(super) async fn make_in(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    (mut prepared, message): (Prepared, Message),
    making: Making<'_>,
) -> Result<Composed, Error> {
    let place = prepared.place.clone();
    let leaves = match prepared.statement.details.withdraws() {
        Some(target) => !x.post.withdraw(tx, target).await?,
        None => true,
    };
    if leaves {
        x.post.submit(tx, &message).await?;
    }
    keep(x, tx, viewer, (&prepared, &message)).await?;
    take_back(tx, &x.ground, &place, &prepared).await?;
    let said = Said::new(&message.header, &prepared.statement.details);
    prepared
        .thread
        .add(said)
        .map_err(|_stranger| Error::Unreadable)?;
    refresh(tx, &x.ground, (&place, &prepared.thread), &viewer.party).await?;
    links::tie(
        tx,
        &x.ground,
        viewer,
        (&message.header, true),
        making.incidents,
    )
    .await?;
    // The ledger of acts comes last: whoever appends holds it until he commits.
    record::sent(tx, &x.ground, viewer, (&message.header, message.digest)).await?;
    tx.wake();
    Ok(Composed { message, leaves })
}

/// Seals and signs a message.
pub(super) fn seal(
    x: &Exchange,
    prepared: &Prepared,
    making: &Making<'_>,
) -> Result<Message, Error> {
    let mode = prepared.place.mode();
    let word = prepared.kind.in_header().ok_or(Error::Unreadable)?;
    let draft = Draft {
        id: making.id,
        thread: prepared.place.thread,
        kind: word,
        from: prepared.from.clone(),
        to: prepared.to.clone(),
        sent: prepared.sent,
        parent: prepared.parent.clone(),
        urgency: making.new.urgency,
        ack_due: prepared.ack_due,
        answer_due: prepared.answer_due,
        tlp: making.new.tlp,
        exercise: mode.is_exercise(),
        content: prepared.statement.to_value()?,
        attachments: making.attachments.clone(),
    };
    Ok(x.post.compose(draft)?)
}

/// Our own copy, sealed under the data key.
async fn keep(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    (prepared, message): (&Prepared, &Message),
) -> Result<(), Error> {
    let header = &message.header;
    let of = (&prepared.place.party, header.id);
    let key = (&x.data_key, x.ground.rng.as_ref());
    let title = prepared.statement.title.as_str();
    let kept = Kept {
        place: prepared.place.clone(),
        id: header.id,
        ours: true,
        tlp: header.tlp,
        author: viewer.user(),
        desk: prepared.desk,
        at: x.ground.now(),
        header: header.clone(),
        sha256: message.digest,
        said: Said::new(header, &prepared.statement.details),
        title: Some(sealed::seal(key, Part::Title, of, title.as_bytes())),
        gone_at: None,
    };
    let body = sealed::seal(key, Part::Body, of, &message.plaintext);
    message::insert(tx, &kept, Some(&body)).await?;
    let (_, plain) = sealed::read_body(prepared.kind, &message.plaintext)?;
    sealed::index(tx, &x.data_key, header.id, &plain).await?;
    Ok(())
}

/// A withdrawal marks what it takes back. Our own words stay in the house.
async fn take_back(
    tx: &mut Tx,
    ground: &audit::Ground,
    place: &Place,
    prepared: &Prepared,
) -> Result<(), Error> {
    if let Some(target) = prepared.statement.details.withdraws() {
        message::take_back(tx, place, target, (ground.now(), false)).await?;
    }
    Ok(())
}
