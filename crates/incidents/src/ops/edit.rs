use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
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
    let incident = load_at(&mut tx, viewer, public, version).await?;
    // What came with times at odds may be edited with them.
    let times = |facts: &Facts| (facts.period.clone(), facts.detected, facts.reported);
    if times(&facts) != times(&incident.facts) {
        facts.in_order()?;
    }
    let incident = edit_in(&mut tx, ground, viewer, incident, facts).await?;
    tx.commit().await?;
    Ok(incident)
}

/// [`edit`] as part of a larger transaction, of an entry that the viewer may change.
pub(crate) async fn edit_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    mut incident: Incident,
    facts: Facts,
) -> Result<Incident, Error> {
    let facts = keep_reader(viewer, facts.checked(incident.mode)?);
    let before = std::mem::replace(&mut incident.facts, facts);
    // Nobody may give an entry a label under which he could not have written it.
    policy::check(viewer, Act::IncidentEdit, &subject(viewer, &incident))
        .map_err(Error::Refused)?;
    let duties = reporting::take_chosen(tx, ground, viewer, &incident).await?;
    let incident = save(tx, ground, incident).await?;
    reporting::plan(tx, ground, incident.id).await?;
    resettle(tx, &incident).await?;
    record::edit(tx, ground, viewer, &before, &incident).await?;
    reporting::record_taken(tx, (ground, viewer), &incident, &duties).await?;
    let changes = record::differences(&before, &incident)?;
    store::work::add_changes(tx, incident.id, &changes).await?;
    Ok(incident)
}
