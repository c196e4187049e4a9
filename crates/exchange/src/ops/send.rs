use access::policy::check_house;
use db::Tx;
use federation::compose::SealedAttachment;
use kernel::{IncidentRef, MessageId, Viewer};

use super::{
    compose::{Composed, Making, make_in},
    files::{Sealed, seal_for},
    prepare::{Named, act_of, gather, prepare_in},
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
pub async fn send(x: &Exchange, viewer: &Viewer, new: NewMessage) -> Result<Sent, Error> {
    check_house(viewer, act_of(new.statement.kind()))?;
    let known = gather(x, viewer, &new).await?;
    if !new.files.is_empty() {
        // Sealing takes long: what cannot be sent is found before it, and once more in the
        // transaction that counts.
        let mut tx = x.ground.db.begin_read().await?;
        if let Some(sent) = sent_before(&mut tx, viewer, &new).await? {
            return Ok(sent);
        }
        let prepared = prepare_in(x, &mut tx, viewer, &new, &known).await?;
        if let Some(refused) = prepared.refused {
            return Err(refused.into());
        }
    }
    let sealed = seal_for(x, viewer, &new.to, &new.files).await?;
    let made = make(x, viewer, &new, (&known, &sealed)).await;
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

async fn make(
    x: &Exchange,
    viewer: &Viewer,
    new: &NewMessage,
    (known, sealed): (&Named, &Sealed),
) -> Result<Made, Error> {
    let mut tx = x.ground.db.begin().await?;
    // The peer's row before all else: two who answer at once come one after the other, and whatever
    // arrives meanwhile takes the same row first.
    federation::store::lock_peer(&mut tx, &new.to, viewer.mode).await?;
    if let Some(sent) = sent_before(&mut tx, viewer, new).await? {
        return Ok(Made::Before(sent));
    }
    let prepared = prepare_in(x, &mut tx, viewer, new, known).await?;
    if let Some(refused) = prepared.refused {
        return Err(refused.into());
    }
    let id = new
        .id
        .unwrap_or_else(|| MessageId::random(x.ground.rng.as_ref()));
    for (number, (file_id, attachment)) in (1..).zip(&sealed.files) {
        let travels = &attachment.file.sha256;
        if !file::give(&mut tx, *file_id, (&new.to, id, number), travels).await? {
            return Err(Error::NoFile);
        }
    }
    let attachments: Vec<SealedAttachment> =
        sealed.files.iter().map(|(_, one)| one.clone()).collect();
    let named: Vec<IncidentRef> = known.iter().map(|(public, _)| *public).collect();
    let making = Making {
        id,
        new,
        attachments,
        incidents: &named,
    };
    let made = make_in(x, &mut tx, viewer, prepared, making).await?;
    tx.commit().await?;
    Ok(Made::New(Box::new(made)))
}
