//! API keys of one's own, and those that an administrator makes for guests, who make none.

use std::time::Duration;

use audit::Ground;
use db::Tx;
use kernel::{ApiKeyId, Mode, Role, Roles, Scope, Scopes, UserId, Viewer, boxed};
use serde_json::json;

use crate::{
    Error,
    model::{ApiKey, Invalid, KEY_DAYS_MAX, KEYS_MAX, Label},
    policy::{Act, check_house},
    secret::KeySecret,
    store::{self, key},
};

/// What a key of a guest may be used for.
const FOR_GUESTS: [Scope; 2] = [Scope::IntelRead, Scope::IntelWrite];

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
    let mut tx = ground.db.begin().await?;
    let made = make(&mut tx, ground, (viewer, user), new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a key for a guest, such as the programs of another party that collections name, for
/// intelligence alone. Who may make keys makes his own.
#[boxed]
pub async fn create_key_for(
    ground: &Ground,
    viewer: &Viewer,
    guest: UserId,
    new: NewKey,
) -> Result<(ApiKey, KeySecret), Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin().await?;
    guest_in(&mut tx, guest).await?;
    let wanted: Scopes = FOR_GUESTS.into_iter().collect();
    if new.scopes.iter().any(|scope| !wanted.contains(scope)) {
        return Err(Error::Invalid(Invalid {
            field: "scopes",
            rule: "intel_read and intel_write, for a guest",
        }));
    }
    let made = make(&mut tx, ground, (viewer, guest), new).await?;
    tx.commit().await?;
    Ok(made)
}

/// The keys of a guest, newest first.
#[boxed]
pub async fn list_keys_of(
    ground: &Ground,
    viewer: &Viewer,
    guest: UserId,
) -> Result<Vec<ApiKey>, Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin_read().await?;
    guest_in(&mut tx, guest).await?;
    Ok(key::list(&mut tx, guest).await?)
}

/// Revokes a key of a guest.
#[boxed]
pub async fn revoke_key_of(
    ground: &Ground,
    viewer: &Viewer,
    (guest, id): (UserId, ApiKeyId),
) -> Result<(), Error> {
    check_house(viewer, Act::UserManage)?;
    let mut tx = ground.db.begin().await?;
    guest_in(&mut tx, guest).await?;
    if !key::revoke(&mut tx, id, guest, ground.clock.now()).await? {
        return Err(Error::NoKey);
    }
    let (subject, detail) = (id.to_string(), json!({ "user": guest.to_string() }));
    audit::act(&mut tx, ground, viewer, "key.revoked", &subject, &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses a user who is no guest: with a key of his somebody else would read what is his alone.
async fn guest_in(tx: &mut Tx, id: UserId) -> Result<(), Error> {
    let account = store::find_user(tx, id).await?.ok_or(Error::NoUser)?;
    let guest: Roles = [Role::Reporter].into_iter().collect();
    if account.user.roles == guest {
        return Ok(());
    }
    Err(Error::Invalid(Invalid {
        field: "user",
        rule: "a guest, whose only role is reporter: others make their own keys",
    }))
}

async fn make(
    tx: &mut Tx,
    ground: &Ground,
    (viewer, user): (&Viewer, UserId),
    new: NewKey,
) -> Result<(ApiKey, KeySecret), Error> {
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
    if key::count(tx, user, now).await? >= KEYS_MAX {
        return Err(Error::TooManyKeys { max: KEYS_MAX });
    }
    key::insert(tx, &made, &secret.hash()).await?;
    let scopes = made.scopes.to_words();
    let detail = if viewer.user() == Some(user) {
        json!({ "prefix": made.prefix, "scopes": scopes })
    } else {
        json!({ "prefix": made.prefix, "scopes": scopes, "user": user.to_string() })
    };
    let subject = made.id.to_string();
    audit::act(tx, ground, viewer, "key.created", &subject, &detail).await?;
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
