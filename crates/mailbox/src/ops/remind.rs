use std::sync::Arc;

use incidents::reporting::by_mail::{self, ByMail, Mailing};
use kernel::{Tlp, Viewer, boxed};
use mail::{Address, MessageId, Outgoing, encrypted};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    ring,
    send::{hand_over, note},
};
use crate::{Error, Mailbox};

/// What a reminder says: its subject and its text, in the language of its reader.
pub type Write = Arc<dyn Fn(&ByMail) -> (String, String) + Send + Sync>;

/// Where the viewer is reminded by mail.
#[boxed]
pub async fn reminded_at(mailbox: &Mailbox, viewer: &Viewer) -> Result<Option<Address>, Error> {
    Ok(by_mail::address(&mailbox.ground, viewer).await?)
}

/// Chooses where the viewer is reminded by mail, or that he is not.
#[boxed]
pub async fn remind_at(
    mailbox: &Mailbox,
    viewer: &Viewer,
    address: Option<&str>,
) -> Result<Option<Address>, Error> {
    if address.is_some() && !mailbox.sends() {
        return Err(Error::Unset {
            what: "server of SMTP",
        });
    }
    Ok(by_mail::choose(&mailbox.ground, viewer, address).await?)
}

/// Sends somebody a reminder of a report, if he still wants it and it still holds. Without a server of
/// SMTP nothing is sent. It is handed over at least once, under one id, and encrypted where the key of
/// its reader is known; of what is RED nothing is sent otherwise.
#[boxed]
pub async fn remind(mailbox: &Mailbox, mailing: &Mailing, write: &Write) -> Result<(), Error> {
    let Some(settings) = mailbox.settings.as_deref() else {
        return Ok(());
    };
    let Some(server) = settings.smtp.as_ref() else {
        return Ok(());
    };
    let Some(told) = by_mail::prepare(&mailbox.ground, &mailbox.party, mailing).await? else {
        return Ok(());
    };
    let mut tx = mailbox.ground.db.begin_read().await?;
    let ring = ring(&mut tx, mailbox).await?;
    drop(tx);
    let (subject, text) = write(&told);
    let outgoing = Outgoing {
        from: settings.address.clone(),
        name: settings.name.clone(),
        to: told.to,
        subject,
        text,
        id: MessageId::new(&name_of(mailing).to_string(), &settings.address),
        thread: Vec::new(),
        at: mailbox.ground.now(),
        is_automatic: true,
    };
    let mut senders = ring.senders.iter();
    let bytes = match senders.find(|key| key.address.is_same(&outgoing.to)) {
        // Not a word of what is RED leaves the house in clear.
        None if told.tlp == Tlp::Red => return Ok(()),
        Some(reader) => {
            let outside = (reader, settings.name.as_str());
            encrypted(&outgoing, outside, &*mailbox.ground.rng).map_err(Error::Key)?
        }
        None => outgoing.to_bytes(),
    };
    let handed = hand_over(mailbox, (settings, server), (&outgoing.to, &bytes)).await;
    let mut tx = mailbox.ground.db.begin().await?;
    note(&mut tx, (settings, server), &handed, mailbox.ground.now()).await?;
    tx.commit().await?;
    Ok(handed?)
}

/// The id of the mail: the same for one reminder to one person, however often it is sent.
fn name_of(mailing: &Mailing) -> Uuid {
    let Mailing {
        user,
        incident,
        regime,
        stage,
        due,
        hours,
    } = mailing;
    let text = format!("comity/reminder/v1 {user} {incident} {regime} {stage} {due} {hours}");
    let digest = Sha256::digest(text);
    let half = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(half).into_uuid()
}
