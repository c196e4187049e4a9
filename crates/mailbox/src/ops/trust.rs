use access::policy::Act;
use kernel::{Viewer, boxed};
use mail::{MailKey, SenderKey};
use serde::Serialize;

use super::{SENDERS_MAX, check_real, key_place};
use crate::{Error, Mailbox, model::Trusted, store};

#[derive(Serialize)]
struct Vouched<'a> {
    fingerprint: &'a str,
}

/// Makes the key of the mailbox, where it has none, and the list of mails that wait. Called at each
/// start.
#[boxed]
pub async fn plan(mailbox: &Mailbox) -> Result<(), Error> {
    let Some(settings) = mailbox.settings.as_deref() else {
        return Ok(());
    };
    let (address, ground) = (settings.address.as_str(), &mailbox.ground);
    let mut tx = ground.db.begin().await?;
    store::wait_all(&mut tx).await?;
    if store::key(&mut tx, address).await?.is_none() {
        let key =
            MailKey::generate(&settings.address, ground.now(), &*ground.rng).map_err(Error::Key)?;
        let secret = key.to_bytes().map_err(Error::Key)?;
        let entropy = &mut |bytes: &mut [u8]| ground.rng.fill(bytes);
        let sealed = mailbox.data_key.seal(&secret, &key_place(address), entropy);
        let public = key.public().map_err(Error::Key)?;
        store::add_key(
            &mut tx,
            address,
            (&key.fingerprint(), &public),
            sealed,
            ground.now(),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The keys of senders that are known here.
#[boxed]
pub async fn trusted(mailbox: &Mailbox, viewer: &Viewer) -> Result<Vec<Trusted>, Error> {
    check_real(viewer, Act::MailRead)?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    Ok(store::trusted(&mut tx, SENDERS_MAX).await?)
}

/// Vouches for the key of a sender: its fingerprint was compared with him.
#[boxed]
pub async fn trust(
    mailbox: &Mailbox,
    viewer: &Viewer,
    (address, key): (&str, &str),
) -> Result<Trusted, Error> {
    check_real(viewer, Act::MailTrust)?;
    let address: mail::Address = address.trim().parse().map_err(|_bad| Error::Invalid {
        field: "address",
        rule: "NAME@HOST in ASCII",
    })?;
    let sender = SenderKey::from_armored(address, key).map_err(Error::Key)?;
    let trusted = Trusted {
        fingerprint: sender.fingerprint(),
        address: sender.address.to_string(),
        public_key: key.trim().to_owned(),
        by: viewer.label(),
        added_at: mailbox.ground.now(),
    };
    let mut tx = mailbox.ground.db.begin().await?;
    store::trust(&mut tx, &trusted).await?;
    let vouched = Vouched {
        fingerprint: &trusted.fingerprint,
    };
    audit::act(
        &mut tx,
        &mailbox.ground,
        viewer,
        "mail.trusted",
        &vouched.fingerprint,
        &vouched,
    )
    .await?;
    tx.commit().await?;
    Ok(trusted)
}

/// Takes the trust in a key back.
#[boxed]
pub async fn distrust(mailbox: &Mailbox, viewer: &Viewer, fingerprint: &str) -> Result<(), Error> {
    check_real(viewer, Act::MailTrust)?;
    let fingerprint = fingerprint.to_ascii_uppercase();
    let mut tx = mailbox.ground.db.begin().await?;
    if !store::distrust(&mut tx, &fingerprint).await? {
        return Err(Error::NotFound);
    }
    let vouched = Vouched {
        fingerprint: &fingerprint,
    };
    audit::act(
        &mut tx,
        &mailbox.ground,
        viewer,
        "mail.distrusted",
        &vouched.fingerprint,
        &vouched,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The key that people encrypt for.
#[boxed]
pub async fn public_key(mailbox: &Mailbox) -> Result<String, Error> {
    let settings = mailbox.settings()?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    let key = store::key(&mut tx, settings.address.as_str()).await?;
    key.map(|(_, public, _)| public).ok_or(Error::Unset {
        what: "key of the mailbox",
    })
}
