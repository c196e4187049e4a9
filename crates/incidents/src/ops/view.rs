use access::policy::Act;
use audit::{ActEntry, Ground};
use db::Tx;
use kernel::{IncidentRef, Page, PageRequest, Viewer, boxed};

use super::load;
use crate::{
    error::Error,
    model::{Case, Incident},
    store::{clocks, course, harm, parts, severity},
    taxonomy,
};

/// An entry with everything that belongs to it.
#[boxed]
pub async fn view(ground: &Ground, viewer: &Viewer, public: IncidentRef) -> Result<Case, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, public).await?;
    complete(&mut tx, incident).await
}

/// What was done to an entry, newest first.
#[boxed]
pub async fn history(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    request: PageRequest,
) -> Result<Page<ActEntry>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, public).await?;
    Ok(audit::history(&mut tx, viewer, &incident.public, request).await?)
}

/// The entry with its parts.
pub(crate) async fn complete(tx: &mut Tx, incident: Incident) -> Result<Case, Error> {
    let id = incident.id;
    Ok(Case {
        timeline: parts::timeline(tx, id).await?,
        harm: harm::harm(tx, id).await?,
        statements: parts::statements(tx, id).await?,
        links: parts::links(tx, id).await?,
        attachments: parts::attachments(tx, id).await?,
        assessments: severity::assessments(tx, id).await?,
        ratings: severity::ratings(tx, id).await?,
        clocks: clocks::clocks(tx, id).await?,
        course: course::entries(tx, id).await?,
        classes: taxonomy::store::classes(tx, id).await?,
        incident,
    })
}
