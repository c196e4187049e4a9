use db::Tx;
use incidents::intake::{
    model::ReportState,
    ops::mailed::{self, Telling, Told, Words},
};
use kernel::{MailId, boxed};
use mail::{Letter, MessageId, Reference};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    item, mail_place, read, ring,
    take::{Draft, blind_id, named, send_off},
};
use crate::{Error, Mailbox, store};

const ACCEPTED: &str = include_str!("../../../../data/mail/accepted.txt");
const MERGED: &str = include_str!("../../../../data/mail/merged.txt");
const REFUSED: &str = include_str!("../../../../data/mail/refused.txt");

/// Tells a reporter who writes mails what an officer did with the report, or forgets the mails of one
/// that was erased. Once, however often it is asked for.
#[boxed]
pub async fn tell(mailbox: &Mailbox, telling: &Telling) -> Result<(), Error> {
    let reference = named(&telling.reference)?;
    if telling.what == Told::Erased {
        let mut tx = mailbox.ground.db.begin().await?;
        store::remove_matter(&mut tx, &reference).await?;
        return Ok(tx.commit().await?);
    }
    let settings = mailbox.settings()?;
    if settings.smtp.is_none() {
        return Err(Error::Unset {
            what: "server of SMTP",
        });
    }
    let name = name_of(telling);
    let id = MessageId::new(&name.to_string(), &settings.address);
    let mut tx = mailbox.ground.db.begin_read().await?;
    let words = mailed::words(&mut tx, telling).await?;
    let there = store::matter_of(&mut tx, &blind_id(mailbox, &id)).await?;
    let first = begun_by(&mut tx, mailbox, &reference).await?;
    let (Some(words), None, Some(first)) = (words, there, first) else {
        return Ok(());
    };
    let sealed = store::whole(&mut tx, first).await?.ok_or(Error::NotFound)?;
    let keys = ring(&mut tx, mailbox).await?;
    drop(tx);
    let mail = mailbox
        .data_key
        .open(&sealed, &mail_place(first))
        .map_err(Error::Sealed)?;
    let (_, letter) = read(mailbox, &keys, mail.to_vec()).await?;
    let Letter {
        answer_to,
        id: answered,
        mut thread,
        ..
    } = letter;
    let to = answer_to
        .filter(|to| !to.is_same(&settings.address))
        .ok_or(Error::NoReader)?;
    thread.extend(answered);
    let draft = Draft {
        to,
        // Not a word of what was written goes back: who wrote it is not proven.
        subject: format!("Re: [{reference}]"),
        text: text(&words, &reference),
        thread,
        reference: &reference,
        by: Some("report"),
        name: Some(name),
    };
    let mut tx = mailbox.ground.db.begin().await?;
    send_off(&mut tx, mailbox, settings, draft).await?;
    Ok(tx.commit().await?)
}

/// The mail with which the report began. Others may write under its number too, programs among them;
/// what becomes of the report is not theirs to know.
async fn begun_by(
    tx: &mut Tx,
    mailbox: &Mailbox,
    reference: &Reference,
) -> Result<Option<MailId>, Error> {
    for row in store::matter(tx, reference).await? {
        let item = item(mailbox, row)?;
        if item.is_incoming && item.head.begins {
            return Ok(Some(item.id));
        }
    }
    Ok(None)
}

fn text(words: &Words, reference: &Reference) -> String {
    let (text, reason) = match words {
        Words::Answer(text) => return text.clone(),
        Words::Became(ReportState::Refused, reason) => (REFUSED, reason.as_ref()),
        Words::Became(ReportState::Merged, _) => (MERGED, None),
        Words::Became(..) => (ACCEPTED, None),
    };
    let text = text.replace("{reference}", reference.as_str());
    text.replace("{reason}", reason.map_or("–", |reason| reason.as_str()))
}

/// The id of the mail that says it: always the same, so that it is written once.
fn name_of(telling: &Telling) -> Uuid {
    let (reference, version) = (&telling.reference, telling.version);
    let digest = Sha256::digest(format!("comity/report-told/v1 {reference} {version}"));
    let half = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(half).into_uuid()
}
