use std::collections::HashSet;

use access::{
    model::Person,
    policy::{self, Act},
};
use db::Tx;
use kernel::{Timestamp, Tlp, UserId, Viewer, boxed};

use crate::{
    Error, Register,
    model::{Grant, Invalid, Naming, Rights},
    store,
};

/// The most people whom the register names.
pub const READERS_MAX: usize = 25;
/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;
/// The latest namings that are shown.
const NAMINGS_MAX: i64 = 100;

fn may_grant(viewer: &Viewer) -> Result<(), Error> {
    Ok(policy::check_house(viewer, Act::InfrastructureGrant)?)
}

/// Who of these can read the register: active users with a role that reaches it.
async fn reaching(
    tx: &mut Tx,
    viewer: &Viewer,
    named: &[UserId],
) -> Result<HashSet<UserId>, Error> {
    let label = (Tlp::Red, named);
    let found = access::ops::people_who_in(tx, viewer, Act::InfrastructureRead, label).await?;
    Ok(found.into_iter().map(|person| person.id).collect())
}

/// Whom the register names. That tells nothing of what is in it.
#[boxed]
pub async fn grants(register: &Register, viewer: &Viewer) -> Result<Vec<Grant>, Error> {
    may_grant(viewer)?;
    let mut tx = register.ground.db.begin_read().await?;
    let rows = store::grants(&mut tx).await?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.user).collect();
    let reaching = reaching(&mut tx, viewer, &ids).await?;
    drop(tx);
    let mut found = Vec::new();
    for row in rows {
        let user = access::ops::read_user(&register.ground, viewer, row.user).await;
        found.push(Grant {
            user: user.map_or_else(|_gone| String::new(), |user| user.name.to_string()),
            id: row.user,
            rights: row.rights,
            granted_at: Timestamp::from_micros(row.at),
            granted_by: row.by,
            reason: row.reason,
            reaches: reaching.contains(&row.user),
        });
    }
    found.sort_by(|one, other| one.user.cmp(&other.user));
    Ok(found)
}

/// Who was named and named no more, the latest first; up to a hundred.
#[boxed]
pub async fn namings(register: &Register, viewer: &Viewer) -> Result<Vec<Naming>, Error> {
    may_grant(viewer)?;
    let mut tx = register.ground.db.begin_read().await?;
    let rows = store::namings(&mut tx, NAMINGS_MAX).await?;
    drop(tx);
    let mut found = Vec::new();
    for row in rows {
        let user = access::ops::read_user(&register.ground, viewer, row.user).await;
        found.push(Naming {
            at: Timestamp::from_micros(row.at),
            user: user.map_or_else(|_gone| String::new(), |user| user.name.to_string()),
            rights: row.rights,
            by: row.by,
            reason: row.reason,
        });
    }
    Ok(found)
}

/// Active users who could read the register if it named them, by name.
#[boxed]
pub async fn candidates(register: &Register, viewer: &Viewer) -> Result<Vec<Person>, Error> {
    may_grant(viewer)?;
    let mut tx = register.ground.db.begin_read().await?;
    let act = Act::InfrastructureRead;
    // Their roles reach it where they reach what carries no label that names its readers.
    Ok(access::ops::people_who_in(&mut tx, viewer, act, (Tlp::Clear, &[])).await?)
}

/// Names somebody, or says anew what he may do, and why. His roles must reach the register too.
#[boxed]
pub async fn grant(
    register: &Register,
    viewer: &Viewer,
    user: UserId,
    (rights, reason): (Rights, &str),
) -> Result<(), Error> {
    may_grant(viewer)?;
    let reason = checked(reason)?;
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    let rights = Rights {
        is_named: true,
        ..rights
    };
    let named = store::grants_locked(&mut tx).await?;
    let is_new = named.iter().all(|(id, _)| *id != user);
    if is_new && named.len() >= READERS_MAX {
        return Err(Error::Named { max: READERS_MAX });
    }
    stays_open(&mut tx, viewer, &named, (user, rights.may_edit)).await?;
    let (at, by) = (ground.now(), viewer.label());
    store::grant(&mut tx, user, rights, (at, &by)).await?;
    store::say(&mut tx, (user, rights), (at, &by, reason)).await?;
    let said = (rights.may_edit, rights.may_export, reason);
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.granted",
        &user,
        &said,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Names somebody no more.
#[boxed]
pub async fn revoke(
    register: &Register,
    viewer: &Viewer,
    user: UserId,
    reason: &str,
) -> Result<(), Error> {
    may_grant(viewer)?;
    let reason = checked(reason)?;
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    let named = store::grants_locked(&mut tx).await?;
    stays_open(&mut tx, viewer, &named, (user, false)).await?;
    if !store::revoke(&mut tx, user).await? {
        return Err(Error::NotFound);
    }
    let (at, by) = (ground.now(), viewer.label());
    store::say(&mut tx, (user, Rights::default()), (at, &by, reason)).await?;
    let act = "infrastructure.revoked";
    audit::act(&mut tx, ground, viewer, act, &user, reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Why it is done, which has to be said.
fn checked(reason: &str) -> Result<&str, Invalid> {
    let reason = reason.trim();
    let is_text = !reason.is_empty()
        && reason.chars().count() <= REASON_CHARS_MAX
        && !reason.chars().any(char::is_control);
    is_text.then_some(reason).ok_or(Invalid {
        field: "reason",
        rule: "a text of 1 to 500 characters",
    })
}

/// Nobody locks everybody out: where somebody can read and change the register, somebody still can
/// afterwards. Whoever has the machine may do it all the same, and can name somebody again.
async fn stays_open(
    tx: &mut Tx,
    viewer: &Viewer,
    named: &[(UserId, Rights)],
    (user, may_edit): (UserId, bool),
) -> Result<(), Error> {
    if viewer.user().is_none() || may_edit {
        return Ok(());
    }
    let editors: Vec<UserId> = named
        .iter()
        .filter(|(_, rights)| rights.may_edit)
        .map(|(id, _)| *id)
        .collect();
    let reaching = reaching(tx, viewer, &editors).await?;
    let can = |id: &&UserId| reaching.contains(*id);
    let others = editors.iter().filter(can).filter(|id| **id != user).count();
    let is_one = editors.iter().filter(can).any(|id| *id == user);
    if is_one && others == 0 {
        return Err(Error::LastReader);
    }
    Ok(())
}
