use access::policy::{self, Act, Subject};
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, Mode, Viewer, boxed};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{assess::settle, subject};
use crate::{
    error::Error,
    model::{Incident, ShippedMark},
    record,
    shipped::{self, Shipped},
    state::Status,
    store,
    store::{
        course, parts, severity,
        writing::{self, Parts},
    },
};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Imported {
    /// Entries that were not there.
    pub created: u32,
    /// Entries whose file has changed since they were imported.
    pub updated: u32,
    /// Entries that were there already.
    pub unchanged: u32,
    /// Entries whose file has changed and that were edited here: left as they are.
    pub kept: u32,
}

enum Outcome {
    Created,
    Updated,
    Unchanged,
    Kept,
}

/// Brings in the historical incidents that ship with the program. They are real, so whoever
/// looks at an exercise is refused. A second import changes nothing; what was edited here stays as it is.
#[boxed]
pub async fn import_shipped(ground: &Ground, viewer: &Viewer) -> Result<Imported, Error> {
    let files = shipped::all()?;
    policy::check(viewer, Act::IncidentImport, &Subject::house(Mode::Real))
        .map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    let mut done = Imported::default();
    for file in &files {
        match bring_in(&mut tx, ground, viewer, file).await? {
            Outcome::Created => done.created += 1,
            Outcome::Updated => done.updated += 1,
            Outcome::Unchanged => done.unchanged += 1,
            Outcome::Kept => done.kept += 1,
        }
    }
    if done.created + done.updated > 0 {
        record::import(&mut tx, ground, viewer, done).await?;
    }
    tx.commit().await?;
    Ok(done)
}

async fn bring_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    file: &Shipped,
) -> Result<Outcome, Error> {
    let sha256: [u8; 32] = Sha256::digest(file.text).into();
    let now = ground.clock.now();
    let there = store::find_shipped(tx, file.key).await?;
    let (mut incident, outcome) = match there {
        None => (entry(ground, viewer, file), Outcome::Created),
        Some(incident) => match incident.shipped.as_ref() {
            Some(mark) if mark.sha256 == sha256 => return Ok(Outcome::Unchanged),
            Some(mark) if mark.version == incident.version => (incident, Outcome::Updated),
            Some(_) | None => return Ok(Outcome::Kept),
        },
    };
    incident.facts = file.facts.clone();
    incident.version += 1;
    incident.updated_at = now;
    incident.shipped = Some(ShippedMark {
        key: file.key.to_owned(),
        sha256,
        version: incident.version,
    });
    policy::check(viewer, Act::IncidentImport, &subject(viewer, &incident))
        .map_err(Error::Refused)?;
    if !store::save(tx, &incident).await? {
        return Ok(Outcome::Kept);
    }
    parts::clear(tx, incident.id).await?;
    let all = Parts {
        incident: incident.id,
        timeline: &file.timeline,
        harm: &file.harm,
        statements: &file.statements,
    };
    writing::write(tx, &[all]).await?;
    course::replace(tx, incident.id, &file.course).await?;
    let assessed = file.assessment.as_slice();
    severity::replace(tx, incident.id, assessed, &[]).await?;
    settle(tx, &incident, assessed.last()).await?;
    Ok(outcome)
}

/// A new entry, before its first version. History is closed: nobody works on it here.
fn entry(ground: &Ground, viewer: &Viewer, file: &Shipped) -> Incident {
    let now = ground.clock.now();
    Incident {
        id: IncidentId::new(&*ground.clock, &*ground.rng),
        public: file.public,
        mode: Mode::Real,
        facts: file.facts.clone(),
        status: Status::Closed {
            at: now,
            by: viewer.label(),
        },
        version: 0,
        created_at: now,
        updated_at: now,
        shipped: None,
    }
}
