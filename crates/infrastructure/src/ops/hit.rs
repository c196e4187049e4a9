use access::policy::Act;
use kernel::{IncidentRef, InfrastructureId, Viewer, boxed};

use super::{all, check, find, seal};
use crate::{
    Error, Register,
    graph::{self, Reach},
    model::{Content, Record},
    store,
};

/// What an incident hit, and what depends on that.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hit {
    /// What is reached.
    pub reach: Reach,
    /// All records, which that refers to.
    pub records: Vec<Record>,
}

/// What an incident hit, and what depends on that. The look stands in the ledger under the register,
/// not under the incident, whose history others read.
#[boxed]
pub async fn hit(
    register: &Register,
    viewer: &Viewer,
    incident: IncidentRef,
) -> Result<Hit, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureRead).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let hit = graph::hit_by(&records, incident);
    let reach = graph::reach(&records, &hit);
    let said = (hit.len(), reach.services.len());
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.hit_viewed",
        "infrastructure",
        &said,
    )
    .await?;
    tx.commit().await?;
    // Whether the incident may be read is the other register's to say.
    incidents::ops::view(ground, viewer, incident).await?;
    Ok(Hit { reach, records })
}

/// Says that an incident hit a service, or that it did not.
#[boxed]
pub async fn link(
    register: &Register,
    viewer: &Viewer,
    id: InfrastructureId,
    (incident, is_hit): (IncidentRef, bool),
) -> Result<Record, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin_read().await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    drop(tx);
    if is_hit {
        incidents::ops::view(ground, viewer, incident).await?;
    }
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let before = find(&records, id)?;
    let Content::Service(mut service) = before.content.clone() else {
        return Err(Error::NotFound);
    };
    let was = service.incidents.contains(&incident);
    if was == is_hit {
        return Ok(before.clone());
    }
    service.incidents.retain(|one| *one != incident);
    if is_hit {
        service.incidents.push(incident);
    }
    let record = Record {
        version: before.version + 1,
        updated_at: ground.now(),
        content: Content::Service(service).checked()?,
        id,
    };
    if !store::put(&mut tx, viewer.mode, &seal(register, &record)?).await? {
        let (given, current) = (before.version, before.version);
        return Err(Error::Stale { given, current });
    }
    let act = if is_hit {
        "infrastructure.linked"
    } else {
        "infrastructure.unlinked"
    };
    audit::act(&mut tx, ground, viewer, act, &id, &record.version).await?;
    tx.commit().await?;
    Ok(record)
}
