//! Who a request comes from.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use kernel::{Timestamp, Viewer, Who, boxed};
use subtle::ConstantTimeEq;

use crate::{
    Error,
    model::{Session, Status},
    ops::{node_party_in, sign_in::session_of},
    secret::{KeySecret, Token},
    store,
};

/// A session that nobody used for so long is over.
const IDLE: Duration = Duration::from_hours(1);
/// Use is noted only so often, so that reading a page does not write.
const NOTE_SESSION: Duration = Duration::from_mins(1);
const NOTE_KEY: Duration = Duration::from_mins(5);

/// The viewer and session of a cookie's token.
#[boxed]
pub async fn authenticate(ground: &Ground, token: &Token) -> Result<(Viewer, Session), Error> {
    let now = ground.clock.now();
    let mut tx = ground.db.begin_read().await?;
    let stored = store::session::find(&mut tx, &token.hash())
        .await?
        .filter(|stored| now < stored.expires_at && now < stored.used_at.plus(IDLE))
        .ok_or(Error::Unauthenticated)?;
    let account = store::find_user(&mut tx, stored.user)
        .await?
        .filter(|account| account.user.status == Status::Active)
        .ok_or(Error::Unauthenticated)?;
    let party = node_party_in(&mut tx).await?;
    drop(tx);
    if due(stored.used_at, now, NOTE_SESSION) {
        let mut tx = ground.db.begin().await?;
        store::session::touch(&mut tx, stored.id, now).await?;
        tx.commit().await?;
    }
    let session = session_of(&stored, account, token);
    Ok((session.viewer(party), session))
}

/// The viewer of an API key.
#[boxed]
pub async fn authenticate_key(ground: &Ground, secret: &KeySecret) -> Result<Viewer, Error> {
    let now = ground.clock.now();
    let found = key_of(ground, secret.prefix(), now).await?;
    let store::key::Found {
        key,
        secret_sha256,
        owner,
    } = found.as_ref().as_ref().ok_or(Error::Unauthenticated)?;
    let right: bool = secret_sha256.ct_eq(&secret.hash()).into();
    let is_over = key.revoked_at.is_some() || now >= key.expires_at;
    if !right || is_over || owner.status != Status::Active {
        return Err(Error::Unauthenticated);
    }
    let party = owner.party.clone().ok_or(Error::NoParty)?;
    if key.last_used_at.is_none_or(|last| due(last, now, NOTE_KEY)) {
        let mut tx = ground.db.begin().await?;
        store::key::touch(&mut tx, key.id, now).await?;
        tx.commit().await?;
    }
    Ok(Viewer {
        who: Who::Key {
            id: key.id,
            user: key.user,
            name: format!("{}/{}", owner.name, key.label.as_str()),
            scopes: key.scopes,
        },
        roles: owner.roles,
        party,
        circles: Vec::new(),
        mode: key.mode,
    })
}

/// The key with that prefix, as it is or was a moment ago.
async fn key_of(
    ground: &Ground,
    prefix: &str,
    now: Timestamp,
) -> Result<Arc<Option<store::key::Found>>, Error> {
    if let Some(found) = ground.db.recall(prefix, now) {
        return Ok(found);
    }
    let mut tx = ground.db.begin_glance(now).await?;
    let found = Arc::new(store::key::find(&mut tx, prefix).await?);
    tx.keep(prefix, Arc::clone(&found));
    Ok(found)
}

fn due(last: Timestamp, now: Timestamp, every: Duration) -> bool {
    now.since(last) >= every
}
