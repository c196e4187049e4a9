use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};

use super::{load, touch};
use crate::{
    error::Error,
    model::{Incident, PARTS_MAX, Statement, TIMELINE_MAX, TimelineEntry},
    record,
    store::{
        parts::{self, Numbered},
        writing,
    },
};

/// Adds to the timeline. An entry that turns out wrong is followed by one that says so.
#[boxed]
pub async fn add_timeline(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    entry: &TimelineEntry,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = add_timeline_in(&mut tx, ground, viewer, public, entry).await?;
    tx.commit().await?;
    Ok(incident)
}

/// [`add_timeline`] as part of a larger transaction, such as the one that sends a message.
#[boxed]
pub async fn add_timeline_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    entry: &TimelineEntry,
) -> Result<Incident, Error> {
    let incident = load(tx, viewer, Act::IncidentEdit, public).await?;
    let ordinal = next(tx, &incident, Numbered::Timeline, "timeline entries").await?;
    writing::add_timeline(tx, [(incident.id, ordinal, entry)]).await?;
    let incident = touch(tx, ground, incident).await?;
    record::act(tx, ground, viewer, record::Code::TimelineAdded, &incident).await?;
    Ok(incident)
}

/// Adds what somebody said.
#[boxed]
pub async fn add_statement(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    statement: &Statement,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let ordinal = next(&mut tx, &incident, Numbered::Statements, "statements").await?;
    writing::add_statements(&mut tx, [(incident.id, ordinal, statement)]).await?;
    finish(tx, ground, viewer, incident, record::Code::StatementAdded).await
}

pub(super) async fn next(
    tx: &mut Tx,
    incident: &Incident,
    kind: Numbered,
    what: &'static str,
) -> Result<i64, Error> {
    let there = parts::count(tx, incident.id, kind).await?;
    let max = match kind {
        Numbered::Timeline => TIMELINE_MAX,
        Numbered::Harm | Numbered::Statements => PARTS_MAX,
    };
    if usize::try_from(there).is_ok_and(|there| there < max) {
        Ok(there)
    } else {
        Err(Error::TooMany { what, max })
    }
}

async fn finish(
    mut tx: Tx,
    ground: &Ground,
    viewer: &Viewer,
    incident: Incident,
    code: record::Code,
) -> Result<Incident, Error> {
    let incident = touch(&mut tx, ground, incident).await?;
    record::act(&mut tx, ground, viewer, code, &incident).await?;
    tx.commit().await?;
    Ok(incident)
}
