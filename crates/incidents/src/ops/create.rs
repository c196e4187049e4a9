use access::policy::{self, Act, Subject};
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Viewer, boxed};

use super::keep_reader;
use crate::{
    error::Error,
    model::{Facts, Incident},
    record, reporting,
    state::Status,
    store,
};

/// Enters an incident. It is real or exercise as the viewer is.
#[boxed]
pub async fn create(ground: &Ground, viewer: &Viewer, facts: Facts) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = create_in(&mut tx, ground, viewer, facts).await?;
    tx.commit().await?;
    Ok(incident)
}

/// [`create`] as part of a larger transaction.
#[boxed]
pub async fn create_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    facts: Facts,
) -> Result<Incident, Error> {
    let facts = keep_reader(viewer, facts.checked(viewer.mode)?);
    facts.in_order()?;
    let subject = Subject::content(viewer.mode, facts.tlp, super::is_named(viewer, &facts));
    policy::check(viewer, Act::IncidentCreate, &subject).map_err(Error::Refused)?;
    let now = ground.clock.now();
    let incident = Incident {
        id: IncidentId::new(&*ground.clock, &*ground.rng),
        public: IncidentRef::random(&*ground.rng),
        mode: viewer.mode,
        facts,
        status: Status::Open { since: now },
        version: 1,
        created_at: now,
        updated_at: now,
        shipped: None,
    };
    store::save(tx, &incident).await?;
    let duties = reporting::take_chosen(tx, ground, viewer, &incident).await?;
    super::tally::settle(tx, &incident).await?;
    record::act(tx, ground, viewer, record::Code::Created, &incident).await?;
    reporting::record_taken(tx, (ground, viewer), &incident, &duties).await?;
    Ok(incident)
}
