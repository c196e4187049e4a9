use access::policy::Act;
use kernel::{Cursor, MailId, Page, PageRequest, Viewer, boxed};
use mail::Reference;
use uuid::Uuid;

use super::{check_real, fetch::place_of, item, mail_place, read, ring};
use crate::{
    Error, Mailbox,
    model::{Item, Shown, Status},
    store,
};

/// Mails of one direction, newest first.
#[boxed]
pub async fn list(
    mailbox: &Mailbox,
    viewer: &Viewer,
    is_incoming: bool,
    page: PageRequest,
) -> Result<Page<Item>, Error> {
    check_real(viewer, Act::MailRead)?;
    let before = page.after.map_or(Uuid::max(), |cursor| cursor.id);
    let mut tx = mailbox.ground.db.begin_read().await?;
    let rows = store::list(&mut tx, is_incoming, (before, page.limit.probe())).await?;
    let items: Result<Vec<Item>, Error> = rows.into_iter().map(|row| item(mailbox, row)).collect();
    Ok(Page::from_probe(items?, page.limit, |item| Cursor {
        key: 0,
        id: item.id.uuid(),
    }))
}

/// Mails that came in and wait for somebody, newest first.
#[boxed]
pub async fn waiting(
    mailbox: &Mailbox,
    viewer: &Viewer,
    page: PageRequest,
) -> Result<Page<Item>, Error> {
    check_real(viewer, Act::MailRead)?;
    let before = page.after.map_or(Uuid::max(), |cursor| cursor.id);
    let mut tx = mailbox.ground.db.begin_read().await?;
    let rows = store::waiting(&mut tx, (before, page.limit.probe())).await?;
    let items: Result<Vec<Item>, Error> = rows.into_iter().map(|row| item(mailbox, row)).collect();
    Ok(Page::from_probe(items?, page.limit, |item| Cursor {
        key: 0,
        id: item.id.uuid(),
    }))
}

/// The mails of a matter, oldest first, up to 200.
#[boxed]
pub async fn matter(
    mailbox: &Mailbox,
    viewer: &Viewer,
    reference: &str,
) -> Result<Vec<Item>, Error> {
    check_real(viewer, Act::MailRead)?;
    let reference = Reference::parse(reference).ok_or(Error::NotFound)?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    let rows = store::matter(&mut tx, &reference).await?;
    rows.into_iter().map(|row| item(mailbox, row)).collect()
}

/// How many mails wait for somebody. None for whoever may not read them.
#[boxed]
pub async fn count_new(mailbox: &Mailbox, viewer: &Viewer) -> Result<i64, Error> {
    if check_real(viewer, Act::MailRead).is_err() {
        return Ok(0);
    }
    let mut tx = mailbox.ground.db.begin_read().await?;
    Ok(store::count_waiting(&mut tx).await?)
}

/// A mail, without what it says.
#[boxed]
pub async fn mail(mailbox: &Mailbox, viewer: &Viewer, id: MailId) -> Result<Item, Error> {
    check_real(viewer, Act::MailRead)?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    item(
        mailbox,
        store::find(&mut tx, id).await?.ok_or(Error::NotFound)?,
    )
}

/// A mail with what it says, read anew with the keys that are known now.
#[boxed]
pub async fn view(mailbox: &Mailbox, viewer: &Viewer, id: MailId) -> Result<Shown, Error> {
    check_real(viewer, Act::MailRead)?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    let item = item(
        mailbox,
        store::find(&mut tx, id).await?.ok_or(Error::NotFound)?,
    )?;
    let sealed = store::whole(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let rows = store::matter(&mut tx, &item.reference).await?;
    let ring = ring(&mut tx, mailbox).await?;
    drop(tx);
    let matter: Result<Vec<Item>, Error> = rows
        .into_iter()
        .map(|row| self::item(mailbox, row))
        .collect();
    let mail = mailbox
        .data_key
        .open(&sealed, &mail_place(id))
        .map_err(Error::Sealed)?;
    let (_, letter) = read(mailbox, &ring, mail.to_vec()).await?;
    Ok(Shown {
        item,
        letter,
        matter: matter?,
    })
}

/// A mail as it came. Who took it out stands in the ledger: it may hold what harms.
#[boxed]
pub async fn whole(mailbox: &Mailbox, viewer: &Viewer, id: MailId) -> Result<Vec<u8>, Error> {
    check_real(viewer, Act::MailRead)?;
    let mut tx = mailbox.ground.db.begin().await?;
    let sealed = store::whole(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mail = mailbox
        .data_key
        .open(&sealed, &mail_place(id))
        .map_err(Error::Sealed)?;
    audit::act(&mut tx, &mailbox.ground, viewer, "mail.taken_out", &id, &()).await?;
    tx.commit().await?;
    Ok(mail.to_vec())
}

/// How the mailbox is. Nothing where there is none.
#[boxed]
pub async fn status(mailbox: &Mailbox, viewer: &Viewer) -> Result<Option<Status>, Error> {
    access::policy::check_house(viewer, Act::SettingsOwn)?;
    let Some(settings) = mailbox.settings.as_deref() else {
        return Ok(None);
    };
    let mut tx = mailbox.ground.db.begin_read().await?;
    let key = store::key(&mut tx, settings.address.as_str()).await?;
    let visit = match &settings.imap {
        Some(server) => store::health(&mut tx, &place_of(settings, server)).await?,
        None => None,
    };
    let (fingerprint, public_key) = key
        .map(|(fingerprint, public, _)| (fingerprint, public))
        .unzip();
    let visited_at = visit.as_ref().map(|visit| visit.tried_at);
    Ok(Some(Status {
        address: settings.address.to_string(),
        imap: settings.imap.as_ref().map(ToString::to_string),
        smtp: settings.smtp.as_ref().map(ToString::to_string),
        visited_at: visited_at.map(kernel::Timestamp::from_micros),
        failure: visit.and_then(|visit| visit.failure),
        fingerprint,
        public_key,
    }))
}
