use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};

use super::{load_at, save};
use crate::{error::Error, model::Incident, record, reporting, state::Event};

/// Moves an entry that is at that version on in its life.
#[boxed]
pub async fn advance(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    version: i64,
    event: Event,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let mut incident = load_at(&mut tx, viewer, public, version).await?;
    incident.status = incident
        .status
        .advance(event, ground.clock.now(), &viewer.label())?;
    let incident = save(&mut tx, ground, incident).await?;
    super::tally::settle(&mut tx, &incident).await?;
    reporting::plan(&mut tx, ground, incident.id).await?;
    record::act(
        &mut tx,
        ground,
        viewer,
        record::Code::Moved(event),
        &incident,
    )
    .await?;
    tx.commit().await?;
    Ok(incident)
}
