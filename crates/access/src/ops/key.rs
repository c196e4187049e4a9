//! API keys of one's own.

use std::time::Duration;

use audit::Ground;
use kernel::{ApiKeyId, Mode, Scopes, Viewer, boxed};
use serde_json::json;

use crate::{
    Error,
    model::{ApiKey, Invalid, KEY_DAYS_MAX, KEYS_MAX, Label},
    policy::{Act, check_house},
    secret::KeySecret,
    store::key,
};

/// A key to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub label: Label,
    /// What it may be used for; it never may more than its user.
    pub scopes: Scopes,
    /// Whether it reads and writes real or exercise data.
    pub mode: Mode,
    /// For how many days it is valid: 1 to 366.
    pub days: u16,
}

/// Makes a key. Its secret is given once and not kept.
#[boxed]
pub async fn create_key(
    ground: &Ground,
    viewer: &Viewer,
    new: NewKey,
) -> Result<(ApiKey, KeySecret), Error> {
    check_house(viewer, Act::ApiKeyOwn)?;
    let user = viewer.user().ok_or(Error::Unauthenticated)?;
    let refuse = |field, rule| Err(Error::Invalid(Invalid { field, rule }));
    if new.days == 0 || new.days > KEY_DAYS_MAX {
        return refuse("days", "1 to 366");
    }
    if new.scopes.is_empty() {
        return refuse("scopes", "at least one scope");
    }
    let now = ground.clock.now();
    let secret = KeySecret::generate(&*ground.rng);
    let made = ApiKey {
        id: ApiKeyId::new(&*ground.clock, &*ground.rng),
        user,
        label: new.label,
        prefix: secret.prefix().to_owned(),
        scopes: new.scopes,
        mode: new.mode,
        created_at: now,
        expires_at: now.plus(Duration::from_secs(u64::from(new.days) * 86_400)),
        last_used_at: None,
        revoked_at: None,
    };
    let mut tx = ground.db.begin().await?;
    if key::count(&mut tx, user, now).await? >= KEYS_MAX {
        return Err(Error::TooManyKeys { max: KEYS_MAX });
    }
    key::insert(&mut tx, &made, &secret.hash()).await?;
    let detail = json!({ "prefix": made.prefix, "scopes": made.scopes.to_words() });
    let subject = made.id.to_string();
    audit::act(&mut tx, ground, viewer, "key.created", &subject, &detail).await?;
    tx.commit().await?;
    Ok((made, secret))
}

/// The viewer's own keys, newest first.
#[boxed]
pub async fn list_keys(ground: &Ground, viewer: &Viewer) -> Result<Vec<ApiKey>, Error> {
    check_house(viewer, Act::ApiKeyOwn)?;
    let user = viewer.user().ok_or(Error::Unauthenticated)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(key::list(&mut tx, user).await?)
}

/// Revokes a key of the viewer's own.
#[boxed]
pub async fn revoke_key(ground: &Ground, viewer: &Viewer, id: ApiKeyId) -> Result<(), Error> {
    check_house(viewer, Act::ApiKeyOwn)?;
    let user = viewer.user().ok_or(Error::Unauthenticated)?;
    let mut tx = ground.db.begin().await?;
    if !key::revoke(&mut tx, id, user, ground.clock.now()).await? {
        return Err(Error::NoKey);
    }
    let subject = id.to_string();
    audit::act(&mut tx, ground, viewer, "key.revoked", &subject, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
