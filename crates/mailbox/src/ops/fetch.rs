use std::{sync::Arc, time::Duration};

use kernel::boxed;
use mail::{Imap, Server};
use outward::Client;
use rustls::ClientConfig;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::take::take;
use crate::{Error, Mailbox, Settings, store};

/// So many mails are taken at one visit; the next one goes on.
const MAILS_A_VISIT: usize = 500;

/// Visits the mailbox again and again until it is told to stop.
pub async fn run(mailbox: Mailbox, stop: CancellationToken) {
    let Some(settings) = mailbox.settings.clone() else {
        return;
    };
    if settings.imap.is_none() {
        return;
    }
    let (mut was_well, mut pause) = (true, settings.every);
    // Cancelled means stop; elapsed means look again.
    while timeout(pause, stop.cancelled()).await.is_err() {
        let visited = tokio::select! {
            () = stop.cancelled() => return,
            visited = visit(&mailbox) => visited,
        };
        // Who took as many as one visit takes has more before him.
        let is_full = matches!(visited, Ok(taken) if taken >= MAILS_A_VISIT);
        pause = if is_full {
            Duration::ZERO
        } else {
            settings.every
        };
        match visited {
            Ok(0) => was_well = true,
            Ok(taken) => {
                was_well = true;
                info!(mails = taken, "mails were taken");
            }
            // Said once, not at every visit while a server is away.
            Err(error) if was_well => {
                was_well = false;
                warn!("the mailbox cannot be read: {}", kernel::chain(&error));
            }
            Err(_) => {}
        }
    }
}

/// Takes what is new in the mailbox, and says how many mails that was.
pub async fn visit(mailbox: &Mailbox) -> Result<usize, Error> {
    let settings = mailbox.settings()?;
    let server = settings.imap.as_ref().ok_or(Error::Unset {
        what: "server of IMAP",
    })?;
    let visited = take_new(mailbox, settings, server).await;
    let failure = visited.as_ref().err();
    let failure = failure.map(|error| (error.code(), kernel::chain(error)));
    let mut tx = mailbox.ground.db.begin().await?;
    store::note_health(
        &mut tx,
        &place_of(settings, server),
        failure.as_ref().map(|(code, why)| (*code, why.as_str())),
        mailbox.ground.now(),
    )
    .await?;
    tx.commit().await?;
    visited
}

#[boxed]
async fn take_new(mailbox: &Mailbox, settings: &Settings, server: &Server) -> Result<usize, Error> {
    let tls = tls(&mailbox.client, settings).await?;
    let mut imap = Imap::connect(server, &tls).await?;
    if let Some(login) = &settings.login {
        imap.login(login).await?;
    }
    let place = place_of(settings, server);
    let selected = imap.select(&settings.folder).await?;
    let mut tx = mailbox.ground.db.begin_read().await?;
    let there = store::place(&mut tx, &place).await?;
    drop(tx);
    let last = there.filter(|(validity, _)| *validity == i64::from(selected.uid_validity));
    let last = last
        .and_then(|(_, uid)| u32::try_from(uid).ok())
        .unwrap_or(0);
    if last > 0 {
        // It was taken, and perhaps the process ended before it could say so.
        imap.mark_seen(last).await?;
    }
    let uids = imap.uids_after(last).await?;
    let mut taken = 0;
    for uid in uids.into_iter().take(MAILS_A_VISIT) {
        let mail = imap.fetch(uid).await?;
        if take(mailbox, (&place, selected.uid_validity, uid), mail)
            .await?
            .is_some()
        {
            taken += 1;
        }
        imap.mark_seen(uid).await?;
    }
    imap.logout().await;
    Ok(taken)
}

pub(super) async fn tls(
    client: &Client,
    settings: &Settings,
) -> Result<Arc<ClientConfig>, mail::Error> {
    let made = client.tls(settings.authority.as_deref()).await;
    made.map_err(mail::Error::Authorities)
}

/// What a mailbox is called where it is noted how far it was read.
pub(super) fn place_of(settings: &Settings, server: &Server) -> String {
    let user = settings
        .login
        .as_ref()
        .map_or("", |login| login.user.as_str());
    format!("{server}/{user}/{}", settings.folder)
}
