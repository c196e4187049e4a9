//! Setting passwords: by one-time code from an administrator, or one's own.

use std::{net::IpAddr, time::Duration};

use audit::Ground;
use kernel::{Mode, SessionId, Timestamp, UserId, Viewer, boxed};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::{
    Error,
    model::{Password, Status, UserName},
    ops::{
        node_party_in,
        sign_in::count_attempt,
        user::{load, save},
    },
    password,
    policy::{Act, check_house},
    secret::OneTimeCode,
    store,
};

/// For how long a one-time code works.
const CODE_LASTS: Duration = Duration::from_hours(24);

/// A new code, and until when it works.
pub(super) fn new_code(ground: &Ground) -> (OneTimeCode, Timestamp) {
    let code = OneTimeCode::generate(&*ground.rng);
    (code, ground.clock.now().plus(CODE_LASTS))
}

/// Takes a user's password away, ends the sessions, and gives a one-time code with which the user
/// sets a new one within 24 hours.
#[boxed]
pub async fn issue_code(
    ground: &Ground,
    viewer: &Viewer,
    id: UserId,
    version: i64,
) -> Result<OneTimeCode, Error> {
    check_house(viewer, Act::UserManage)?;
    let (code, until) = new_code(ground);
    let mut tx = ground.db.begin().await?;
    let mut account = load(&mut tx, id, version).await?;
    account.password = None;
    account.reset = Some((code.hash(), until));
    account.user.version = version.saturating_add(1);
    save(&mut tx, &account, version).await?;
    store::session::remove_all(&mut tx, id, None).await?;
    let subject = id.to_string();
    audit::act(&mut tx, ground, viewer, "user.reset", &subject, &json!({})).await?;
    tx.commit().await?;
    Ok(code)
}

/// Sets a password with a one-time code, which then is spent.
#[boxed]
pub async fn redeem_code(
    ground: &Ground,
    name: &str,
    code: &str,
    new: Password,
    address: Option<IpAddr>,
) -> Result<(), Error> {
    let _counted = count_attempt(ground, name, address).await?;
    // Hashed before it is known whether the code is right, so that the time does not tell.
    let hash = password::hash(ground, new).await?;
    let (Ok(name), Some(code)) = (name.parse::<UserName>(), OneTimeCode::typed(code)) else {
        return Err(Error::BadCredentials);
    };
    let now = ground.clock.now();
    let mut tx = ground.db.begin().await?;
    let mut account = store::find_name(&mut tx, &name)
        .await?
        .filter(|account| account.user.status == Status::Active)
        .ok_or(Error::BadCredentials)?;
    let right = account
        .reset
        .is_some_and(|(sha256, until)| now < until && sha256.ct_eq(&code.hash()).into());
    if !right {
        return Err(Error::BadCredentials);
    }
    let version = account.user.version;
    account.password = Some(hash);
    account.reset = None;
    account.user.version = version.saturating_add(1);
    save(&mut tx, &account, version).await?;
    store::session::remove_all(&mut tx, account.user.id, None).await?;
    let viewer = Viewer::node("reset", node_party_in(&mut tx).await?, Mode::Real);
    let subject = account.user.id.to_string();
    audit::act(
        &mut tx,
        ground,
        &viewer,
        "user.password_set",
        &subject,
        &json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Changes one's own password; other sessions end.
#[boxed]
pub async fn change_password(
    ground: &Ground,
    viewer: &Viewer,
    session: SessionId,
    current: Password,
    new: Password,
) -> Result<(), Error> {
    check_house(viewer, Act::SettingsOwn)?;
    let id = viewer.user().ok_or(Error::Unauthenticated)?;
    let account = {
        let mut tx = ground.db.begin_read().await?;
        store::find_user(&mut tx, id).await?.ok_or(Error::NoUser)?
    };
    count_attempt(ground, account.user.name.as_str(), None).await?;
    if !password::fits(account.password, current).await? {
        return Err(Error::BadCredentials);
    }
    let hash = password::hash(ground, new).await?;
    let mut tx = ground.db.begin().await?;
    let mut account = store::find_user(&mut tx, id).await?.ok_or(Error::NoUser)?;
    let version = account.user.version;
    account.password = Some(hash);
    account.reset = None;
    account.user.version = version.saturating_add(1);
    save(&mut tx, &account, version).await?;
    store::session::remove_all(&mut tx, id, Some(session)).await?;
    let subject = id.to_string();
    audit::act(
        &mut tx,
        ground,
        viewer,
        "user.password_set",
        &subject,
        &json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
