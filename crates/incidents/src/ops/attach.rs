use access::policy::Act;
use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};

use super::{load, touch};
use crate::{
    error::Error,
    model::{Attachment, Incident, PARTS_MAX},
    record,
    store::parts,
};

/// Adds what is known of a file, whose bytes are in the object store already. The same file a
/// second time changes nothing.
#[boxed]
pub async fn attach(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    file: &Attachment,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let there = parts::attachments(&mut tx, incident.id).await?;
    if there.iter().any(|known| known.sha256 == file.sha256) {
        return Ok(incident);
    }
    if there.len() >= PARTS_MAX {
        return Err(Error::TooMany {
            what: "attachments",
            max: PARTS_MAX,
        });
    }
    parts::add_attachment(&mut tx, incident.id, file, ground.clock.now()).await?;
    let incident = touch(&mut tx, ground, incident).await?;
    record::act(&mut tx, ground, viewer, record::Code::Attached, &incident).await?;
    tx.commit().await?;
    Ok(incident)
}
