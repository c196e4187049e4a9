use access::policy::Act;
use audit::Ground;
use incidents::{
    error::ReportFault,
    intake::{
        model,
        ops::{mailed, officer},
    },
};
use kernel::{MailId, Viewer, boxed};
use mail::Reference;
use serde::Serialize;

use super::{
    check_real, head_place, item,
    list::view,
    take::{begin, named, said},
};
use crate::{
    Error, Mailbox,
    model::{Head, Item},
    store,
};

/// The longest reason why a mail is set aside.
const REASON_CHARS_MAX: usize = 500;

#[derive(Serialize)]
struct Filed<'a> {
    reference: &'a str,
}

/// Makes a report of a mail that is in none, or adds it to the report of that number. Nothing goes
/// out. Whoever holds the code of that report reads what is added.
#[boxed]
pub async fn file(
    mailbox: &Mailbox,
    viewer: &Viewer,
    id: MailId,
    into: Option<&str>,
) -> Result<Item, Error> {
    check_real(viewer, Act::MailAnswer)?;
    let ground = &mailbox.ground;
    let into = match into {
        Some(into) => Some(number(ground, viewer, into).await?),
        None => None,
    };
    let shown = view(mailbox, viewer, id).await?;
    check_waits(&shown.item)?;
    if !shown.item.can_be_filed() {
        return Err(Error::Filed);
    }
    let mut tx = ground.db.begin().await?;
    let reference = match &into {
        None => begin(&mut tx, mailbox, viewer, &shown.letter).await?,
        Some(reference) => {
            let text = said(&shown.letter);
            mailed::attach(&mut tx, ground, viewer, (reference, &text)).await?;
            named(reference)?
        }
    };
    let what = Filed {
        reference: reference.as_str(),
    };
    audit::act(&mut tx, ground, viewer, "mail.filed", &id, &what).await?;
    // From here on it is in a report like any other.
    let head = Head {
        begins: into.is_none(),
        why: None,
        ..shown.item.head
    };
    settled(&mut tx, mailbox, viewer, (id, &reference, head)).await?;
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    item(mailbox, row)
}

/// Says that nothing is to be done with a mail, and why.
#[boxed]
pub async fn set_aside(
    mailbox: &Mailbox,
    viewer: &Viewer,
    id: MailId,
    reason: &str,
) -> Result<Item, Error> {
    check_real(viewer, Act::MailAnswer)?;
    let reason = mail_line(reason);
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return Err(Error::Invalid {
            field: "reason",
            rule: "1 to 500 characters",
        });
    }
    let ground = &mailbox.ground;
    let mut tx = ground.db.begin().await?;
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let before = item(mailbox, row)?;
    check_waits(&before)?;
    let head = Head {
        reason: Some(reason),
        ..before.head
    };
    audit::act(&mut tx, ground, viewer, "mail.set_aside", &id, &()).await?;
    settled(&mut tx, mailbox, viewer, (id, &before.reference, head)).await?;
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    item(mailbox, row)
}

/// The number of a report that the viewer may handle.
async fn number(ground: &Ground, viewer: &Viewer, text: &str) -> Result<model::Reference, Error> {
    let number: model::Reference = text.parse().map_err(|_bad| Error::NoReport)?;
    match officer::view(ground, viewer, &number).await {
        Ok(_) => Ok(number),
        Err(incidents::Error::Report(ReportFault::NotFound)) => Err(Error::NoReport),
        Err(other) => Err(other.into()),
    }
}

fn check_waits(item: &Item) -> Result<(), Error> {
    if !item.is_incoming {
        return Err(Error::Ours);
    }
    if item.waits() {
        Ok(())
    } else {
        Err(Error::Filed)
    }
}

async fn settled(
    tx: &mut db::Tx,
    mailbox: &Mailbox,
    viewer: &Viewer,
    (id, reference, head): (MailId, &Reference, Head),
) -> Result<(), Error> {
    let ground = &mailbox.ground;
    let entropy = &mut |bytes: &mut [u8]| ground.rng.fill(bytes);
    let head = serde_json::to_vec(&head).map_err(Error::Record)?;
    let sealed = mailbox.data_key.seal(&head, &head_place(id), entropy);
    let by = viewer.label();
    if store::refile(tx, id, (reference, sealed), (&by, ground.now())).await? {
        Ok(())
    } else {
        Err(Error::Filed)
    }
}

/// A text as one line, without control characters.
fn mail_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    line.trim().to_owned()
}
