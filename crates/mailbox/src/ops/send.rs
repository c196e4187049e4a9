use db::{DbError, Tx};
use kernel::{MailId, Timestamp, boxed};
use mail::{Address, MessageId, Outgoing, Server, Smtp, encrypted};

use super::{
    fetch::{place_of, tls},
    item, mail_place, read, ring, without_addresses,
};
use crate::{Error, Mailbox, Settings, model::State, store};

/// Hands a mail of ours over to the server, encrypted where its reader's key is known. It is handed
/// over at least once, under one id. What the server refuses for good is marked as failed.
#[boxed]
pub async fn send(mailbox: &Mailbox, id: MailId) -> Result<(), Error> {
    let settings = mailbox.settings()?;
    let server = settings.smtp.as_ref().ok_or(Error::Unset {
        what: "server of SMTP",
    })?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let sealed = store::whole(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let ring = ring(&mut tx, mailbox).await?;
    drop(tx);
    let item = item(mailbox, row)?;
    if item.is_incoming || item.state != State::Waiting {
        return Ok(());
    }
    let mail = mailbox
        .data_key
        .open(&sealed, &mail_place(id))
        .map_err(Error::Sealed)?;
    let to: Address = item.head.address.parse().map_err(|_bad| Error::NoReader)?;
    let (mut bytes, letter) = read(mailbox, &ring, mail.to_vec()).await?;
    if let Some(reader) = ring.senders.iter().find(|key| key.address.is_same(&to)) {
        let outgoing = Outgoing {
            from: settings.address.clone(),
            name: settings.name.clone(),
            to: to.clone(),
            subject: letter.subject,
            text: letter.text,
            id: letter
                .id
                .unwrap_or_else(|| MessageId::new(&id.uuid().to_string(), &settings.address)),
            thread: letter.thread,
            at: item.at,
            is_automatic: letter.is_automatic,
        };
        let subject = format!("[{}]", item.reference);
        bytes =
            encrypted(&outgoing, (reader, &subject), &*mailbox.ground.rng).map_err(Error::Key)?;
    }
    let handed = hand_over(mailbox, (settings, server), (&to, &bytes)).await;
    let state = match &handed {
        Ok(()) => State::Sent,
        Err(error) if error.is_final() => State::Failed,
        Err(_) => State::Waiting,
    };
    let now = mailbox.ground.now();
    let mut tx = mailbox.ground.db.begin().await?;
    note(&mut tx, (settings, server), &handed, now).await?;
    if state != State::Waiting {
        store::advance(&mut tx, id, (State::Waiting, state), (None, now)).await?;
    }
    tx.commit().await?;
    Ok(handed?)
}

/// Notes how the server does. One that refuses one mail does well.
pub(super) async fn note(
    tx: &mut Tx,
    (settings, server): (&Settings, &Server),
    handed: &Result<(), mail::Error>,
    now: Timestamp,
) -> Result<(), DbError> {
    let ill = handed.as_ref().err();
    let ill = ill.filter(|error| !error.is_of_one_mail());
    let ill = ill.map(|error| (error.code(), without_addresses(&kernel::chain(error))));
    let ill = ill.as_ref().map(|(code, why)| (*code, why.as_str()));
    store::note_health(tx, &place_of(settings, server), ill, now).await
}

/// Hands a mail over to the server.
pub(super) async fn hand_over(
    mailbox: &Mailbox,
    (settings, server): (&Settings, &Server),
    (to, mail): (&Address, &[u8]),
) -> Result<(), mail::Error> {
    let tls = tls(&mailbox.client, settings).await?;
    let mut smtp = Smtp::connect(server, &tls, settings.address.domain()).await?;
    if let Some(login) = &settings.login {
        smtp.login(login).await?;
    }
    let handed = smtp.send(&settings.address, to, mail).await;
    smtp.quit().await;
    handed
}
