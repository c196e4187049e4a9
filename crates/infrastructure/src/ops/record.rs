use access::policy::Act;
use kernel::{InfrastructureId, Viewer, boxed};

use super::{RECORDS_MAX, all, check, find, refers, rights_in, seal, weigh};
use crate::{
    Error, Register,
    model::{Content, Record, Rights},
    store,
};

/// What the viewer may do here; nothing at all for whoever is not named.
#[boxed]
pub async fn rights(register: &Register, viewer: &Viewer) -> Result<Rights, Error> {
    let mut tx = register.ground.db.begin_read().await?;
    let rights = rights_in(&mut tx, viewer).await?;
    let may = weigh(viewer, Act::InfrastructureRead, rights.is_named).is_ok();
    Ok(if may { rights } else { Rights::default() })
}

/// All records. The look stands in the ledger before anything is shown.
#[boxed]
pub async fn list(register: &Register, viewer: &Viewer) -> Result<Vec<Record>, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureRead).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let said = records.len();
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.listed",
        "infrastructure",
        &said,
    )
    .await?;
    tx.commit().await?;
    Ok(records)
}

/// A record, and all others, which it may refer to. The look stands in the ledger before anything is
/// shown.
#[boxed]
pub async fn view(
    register: &Register,
    viewer: &Viewer,
    id: InfrastructureId,
) -> Result<(Record, Vec<Record>), Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureRead).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let record = find(&records, id)?.clone();
    let version = record.version;
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.viewed",
        &id,
        &version,
    )
    .await?;
    tx.commit().await?;
    Ok((record, records))
}

/// Enters a record.
#[boxed]
pub async fn create(
    register: &Register,
    viewer: &Viewer,
    content: Content,
) -> Result<Record, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let content = content.checked()?;
    let records = all(&mut tx, register, viewer.mode).await?;
    if records.len() >= RECORDS_MAX {
        return Err(Error::Full { max: RECORDS_MAX });
    }
    let record = Record {
        id: InfrastructureId::random(&*ground.rng),
        version: 1,
        updated_at: ground.now(),
        content,
    };
    refers(&records, record.id, &record.content)?;
    let sealed = seal(register, &record)?;
    store::put(&mut tx, viewer.mode, &sealed).await?;
    let act = "infrastructure.created";
    audit::act(&mut tx, ground, viewer, act, &record.id, &record.version).await?;
    tx.commit().await?;
    Ok(record)
}

/// Changes a record, at the version that the caller has. What it is, an operator or a service, does
/// not change.
#[boxed]
pub async fn change(
    register: &Register,
    viewer: &Viewer,
    (id, given): (InfrastructureId, i64),
    content: Content,
) -> Result<Record, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let content = content.checked()?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let before = find(&records, id)?;
    if before.content.service().is_some() != content.service().is_some() {
        let rule = "what the record is";
        return Err(crate::model::Invalid {
            field: "kind",
            rule,
        }
        .into());
    }
    refers(&records, id, &content)?;
    let current = before.version;
    let record = Record {
        id,
        version: given.saturating_add(1),
        updated_at: ground.now(),
        content,
    };
    let sealed = seal(register, &record)?;
    if current != given || !store::put(&mut tx, viewer.mode, &sealed).await? {
        return Err(Error::Stale { given, current });
    }
    let act = "infrastructure.changed";
    audit::act(&mut tx, ground, viewer, act, &id, &record.version).await?;
    tx.commit().await?;
    Ok(record)
}

/// Takes a record out, unless another one refers to it.
#[boxed]
pub async fn remove(
    register: &Register,
    viewer: &Viewer,
    id: InfrastructureId,
) -> Result<(), Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let version = find(&records, id)?.version;
    let refers = |record: &&Record| {
        record.id != id
            && record.content.service().is_some_and(|service| {
                service.operator == id || service.depends.iter().any(|one| one.service == Some(id))
            })
    };
    let count = records.iter().filter(refers).count();
    if count > 0 {
        return Err(Error::InUse { count });
    }
    store::remove(&mut tx, id).await?;
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.removed",
        &id,
        &version,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
