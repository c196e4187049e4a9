use access::policy::{self, Act};
use audit::{ActEntry, Ground};
use db::Tx;
use kernel::{IncidentRef, Page, PageRequest, Viewer, boxed};

use super::{load, subject};
use crate::{
    error::Error,
    model::{Case, Incident},
    store::{clocks, course, harm, parts, severity},
    taxonomy,
};

/// How the codes of acts begin that are of the work on an entry.
const WORK: &[&str] = &[
    "evidence.",
    "incident.hold_",
    "incident.indicators_",
    "incident.lesson_",
    "incident.note_",
    "incident.submission_",
    "incident.task_",
    "incident.template_",
];

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
    // Who may not read the work on it does not learn from its acts what work there is.
    let sees = policy::decide(viewer, Act::CaseRead, &subject(viewer, &incident)).is_allowed();
    let hidden = if sees { &[] } else { WORK };
    Ok(audit::history_without(&mut tx, viewer, &incident.public, hidden, request).await?)
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
