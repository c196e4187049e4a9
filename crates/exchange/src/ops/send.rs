use access::policy::check_house;
use db::Tx;
use federation::compose::SealedAttachment;
use kernel::{IncidentRef, MessageId, Viewer, boxed};

use super::{
    compose::{Composed, Making, make_in, seal},
    files::{Sealed, seal_for},
    prepare::{Named, Prepared, act_of, gather, prepare_in, stands_in},
};
use crate::{
    Exchange,
    error::Error,
    model::{NewMessage, Sent},
    store::{file, message},
};

/// Sends a message in the party's name: it is in the outbox when this returns, and on its way.
///
/// Whether it may be said is decided on the thread as it is then. What a colleague said meanwhile
/// makes it [`Error::Meanwhile`]; an answer that is to take the place of an earlier one names that
/// one as its parent.
#[boxed]
pub async fn send(x: &Exchange, viewer: &Viewer, new: NewMessage) -> Result<Sent, Error> {
    check_house(viewer, act_of(new.statement.kind()))?;
    let known = gather(x, viewer, &new).await?;
    // Sealing takes long, and whoever writes keeps others from writing: so what is to be sent is
    // decided and sealed before, and looked at once more in the transaction that counts.
    let mut tx = x.ground.db.begin_read().await?;
    if let Some(sent) = sent_before(&mut tx, viewer, &new).await? {
        return Ok(sent);
    }
    let prepared = allowed_in(x, &mut tx, viewer, &new, &known).await?;
    drop(tx);
    let sealed = seal_for(x, viewer, &new.to, &new.files).await?;
    let made = make(x, viewer, &new, (&known, &sealed, prepared)).await;
    match made {
        Ok(Made::New(made)) => {
            if made.leaves {
                x.post.sent(&made.message);
            }
            let header = &made.message.header;
            Ok(Sent {
                id: header.id,
                thread: header.thread,
            })
        }
        Ok(Made::Before(sent)) => {
            sealed.discard(x).await;
            Ok(sent)
        }
        Err(error) => {
            sealed.discard(x).await;
            Err(error)
        }
    }
}

/// What a sending comes to.
enum Made {
    New(Box<Composed>),
    Before(Sent),
}

/// The message that this person sent under this id before.
async fn sent_before(
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewMessage,
) -> Result<Option<Sent>, Error> {
    let Some(id) = new.id else { return Ok(None) };
    let Some(kept) = message::find(tx, viewer.mode, id).await? else {
        return Ok(None);
    };
    let same = kept.ours && kept.author == viewer.user() && kept.place.party == new.to;
    if same {
        let thread = kept.place.thread;
        Ok(Some(Sent { id, thread }))
    } else {
        Err(Error::Invalid {
            field: "id",
            rule: "is not that of another message",
        })
    }
}

/// What is decided about a message that may leave.
async fn allowed_in(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewMessage,
    known: &Named,
) -> Result<Prepared, Error> {
    let mut prepared = prepare_in(x, tx, viewer, new, known).await?;
    match prepared.refused.take() {
        Some(refused) => Err(refused.into()),
        None => Ok(prepared),
    }
}

async fn make(
    x: &Exchange,
    viewer: &Viewer,
    new: &NewMessage,
    (known, sealed, mut prepared): (&Named, &Sealed, Prepared),
) -> Result<Made, Error> {
    let id = new
        .id
        .unwrap_or_else(|| MessageId::random(x.ground.rng.as_ref()));
    let attachments: Vec<SealedAttachment> =
        sealed.files.iter().map(|(_, one)| one.clone()).collect();
    let named: Vec<IncidentRef> = known.iter().map(|(public, _)| *public).collect();
    let making = Making {
        id,
        new,
        attachments,
        incidents: &named,
    };
    let mut message = seal(x, &prepared, &making)?;
    let mut tx = x.ground.db.begin().await?;
    // The peer's row before all else: two who answer at once come one after the other, and whatever
    // arrives meanwhile takes the same row first.
    federation::store::lock_peer(&mut tx, &new.to, viewer.mode).await?;
    if let Some(sent) = sent_before(&mut tx, viewer, new).await? {
        return Ok(Made::Before(sent));
    }
    if !stands_in(&mut tx, viewer, new, &prepared).await? {
        prepared = allowed_in(x, &mut tx, viewer, new, known).await?;
        message = seal(x, &prepared, &making)?;
    }
    for (number, (file_id, attachment)) in (1..).zip(&sealed.files) {
        let travels = &attachment.file.sha256;
        if !file::give(&mut tx, *file_id, (&new.to, id, number), travels).await? {
            return Err(Error::NoFile);
        }
    }
    let made = make_in(x, &mut tx, viewer, (prepared, message), making).await?;
    tx.commit().await?;
    Ok(Made::New(Box::new(made)))
}
