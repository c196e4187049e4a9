use db::Tx;
use federation::compose::Message;
use kernel::{MessageId, Viewer};
use serde_json::json;

use super::{
    compose::{Making, make_in, seal},
    prepare::confirmation_in,
};
use crate::{
    Exchange,
    error::Error,
    jobs::ConfirmJob,
    model::{Kind, NewMessage, Statement, Urgency},
    state::Act,
    store::message::{self, Kept},
};

/// The title of a confirmation.
const REMOVED: &str = "Removed";
/// The words of a confirmation.
const REMOVED_TEXT: &str =
    "The message was removed, with its files and with what this node had made of it.";

/// Tells the sender that what he took back was removed: an ACK of the withdrawal, once.
pub(crate) async fn confirm(x: &Exchange, job: ConfirmJob) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &job.party, job.mode).await?;
    let at = (&job.party, job.mode);
    let Some(withdrawal) = message::find_of(&mut tx, at, job.withdrawal).await? else {
        return Ok(());
    };
    let Some(message) = confirm_in(x, &mut tx, &withdrawal).await? else {
        return Ok(());
    };
    tx.commit().await?;
    x.post.sent(&message);
    Ok(())
}

async fn confirm_in(
    x: &Exchange,
    tx: &mut Tx,
    withdrawal: &Kept,
) -> Result<Option<Message>, Error> {
    let place = &withdrawal.place;
    let us = &withdrawal.header.to.party;
    let said = message::said(tx, place).await?;
    let confirmed = said.iter().any(|said| {
        let act = Act::Acknowledge {
            request: withdrawal.id,
        };
        said.by == *us && said.act == act
    });
    if confirmed {
        return Ok(None);
    }
    let now = x.ground.now();
    let statement = Statement::read(
        Kind::Ack,
        json!({
            "title": REMOVED,
            "text": REMOVED_TEXT,
            "details": {
                "refers_to": withdrawal.id,
                "received_at": withdrawal.at,
                "removed_at": now,
            },
        }),
    )?;
    let new = NewMessage {
        id: None,
        thread: Some(place.thread),
        to: place.party.clone(),
        to_desk: None,
        from_desk: None,
        parent: Some(withdrawal.id),
        urgency: Urgency::Routine,
        ack_due: None,
        answer_due: None,
        tlp: withdrawal.tlp,
        statement,
        files: Vec::new(),
    };
    let node = Viewer::node("exchange", us.clone(), place.mode());
    let prepared = confirmation_in(tx, &node, &new, (withdrawal, now), said).await?;
    if let Some(refused) = prepared.refused {
        // The party is frozen or removed: tried again until people have talked, then a dead letter.
        return Err(refused.into());
    }
    let making = Making {
        id: MessageId::random(x.ground.rng.as_ref()),
        new: &new,
        attachments: Vec::new(),
        incidents: &[],
    };
    let message = seal(x, &prepared, &making)?;
    let made = make_in(x, tx, &node, (prepared, message), making).await?;
    Ok(Some(made.message))
}
