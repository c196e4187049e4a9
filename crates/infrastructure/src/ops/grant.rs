use access::policy::{self, Act};
use kernel::{Timestamp, UserId, Viewer, boxed};

use crate::{
    Error, Register,
    model::{Grant, Rights},
    store,
};

fn may_grant(viewer: &Viewer) -> Result<(), Error> {
    Ok(policy::check_house(viewer, Act::InfrastructureGrant)?)
}

/// Whom the register names. That tells nothing of what is in it.
#[boxed]
pub async fn grants(register: &Register, viewer: &Viewer) -> Result<Vec<Grant>, Error> {
    may_grant(viewer)?;
    let mut tx = register.ground.db.begin_read().await?;
    let rows = store::grants(&mut tx).await?;
    drop(tx);
    let mut found = Vec::new();
    for (id, rights, at, by) in rows {
        let user = access::ops::read_user(&register.ground, viewer, id).await;
        found.push(Grant {
            user: user.map_or_else(|_gone| String::new(), |user| user.name.to_string()),
            id,
            rights,
            granted_at: Timestamp::from_micros(at),
            granted_by: by,
        });
    }
    found.sort_by(|one, other| one.user.cmp(&other.user));
    Ok(found)
}

/// Names somebody, or says anew what he may do. His roles must reach the register too.
#[boxed]
pub async fn grant(
    register: &Register,
    viewer: &Viewer,
    user: UserId,
    rights: Rights,
) -> Result<(), Error> {
    may_grant(viewer)?;
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    let rights = Rights {
        is_named: true,
        ..rights
    };
    store::grant(&mut tx, user, rights, (ground.now(), &viewer.label())).await?;
    let said = (rights.may_edit, rights.may_export);
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
pub async fn revoke(register: &Register, viewer: &Viewer, user: UserId) -> Result<(), Error> {
    may_grant(viewer)?;
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    if !store::revoke(&mut tx, user).await? {
        return Err(Error::NotFound);
    }
    audit::act(&mut tx, ground, viewer, "infrastructure.revoked", &user, "").await?;
    tx.commit().await?;
    Ok(())
}
