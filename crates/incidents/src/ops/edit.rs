use access::policy::{self, Act};
use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};

use super::{assess::resettle, keep_reader, load_at, save, subject};
use crate::{
    error::Error,
    model::{Facts, Incident},
    record, reporting, store,
};

/// Changes the facts of an entry that is at that version.
#[boxed]
pub async fn edit(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    version: i64,
    facts: Facts,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let mut incident = load_at(&mut tx, viewer, public, version).await?;
    let facts = keep_reader(viewer, facts.checked(incident.mode)?);
    let before = std::mem::replace(&mut incident.facts, facts);
    // Nobody may give an entry a label under which he could not have written it.
    policy::check(viewer, Act::IncidentEdit, &subject(viewer, &incident))
        .map_err(Error::Refused)?;
    let duties = reporting::take_chosen(&mut tx, ground, viewer, &incident).await?;
    let incident = save(&mut tx, ground, incident).await?;
    reporting::plan(&mut tx, ground, incident.id).await?;
    resettle(&mut tx, &incident).await?;
    record::edit(&mut tx, ground, viewer, &before, &incident).await?;
    reporting::record_taken(&mut tx, (ground, viewer), &incident, &duties).await?;
    let changes = record::differences(&before, &incident)?;
    store::work::add_changes(&mut tx, incident.id, &changes).await?;
    tx.commit().await?;
    Ok(incident)
}
