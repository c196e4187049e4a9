//! Placing and lifting legal holds.

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Timestamp, Viewer, boxed};
use serde_json::json;

use super::{HOLDS_MAX, Hold, store};
use crate::{
    error::Error,
    model::{Invalid, Line},
    ops::load_even_merged,
    store::work::stir,
};

/// The holds of an incident, the last first.
#[boxed]
pub async fn holds(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Result<Vec<Hold>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load_even_merged(&mut tx, viewer, Act::CaseRead, id).await?;
    Ok(store::holds(&mut tx, incident.id).await?)
}

/// Places a hold. Gives its number.
#[boxed]
pub async fn place(
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentRef,
    (why, until): (&Line<500>, Option<Timestamp>),
) -> Result<i64, Error> {
    let now = ground.now();
    if until.is_some_and(|until| until <= now) {
        let (field, rule) = ("until", "lies ahead");
        return Err(Invalid { field, rule }.into());
    }
    let mut tx = ground.db.begin().await?;
    let incident = load_even_merged(&mut tx, viewer, Act::IncidentEdit, id).await?;
    stir(&mut tx, incident.id, now).await?;
    if store::holds(&mut tx, incident.id).await?.len() >= HOLDS_MAX {
        let (what, max) = ("legal holds", HOLDS_MAX);
        return Err(Error::TooMany { what, max });
    }
    let said = (viewer.label(), now, why.as_str());
    let number = store::add(&mut tx, incident.id, (&said.0, said.1, said.2), until).await?;
    let body = json!({ "hold": number, "until": until.map(|until| until.to_string()) });
    audit::act(&mut tx, ground, viewer, "incident.hold_placed", &id, &body).await?;
    tx.commit().await?;
    Ok(number)
}

/// Lifts a hold.
#[boxed]
pub async fn lift(
    ground: &Ground,
    viewer: &Viewer,
    (id, number): (IncidentRef, i64),
    why: &Line<500>,
) -> Result<(), Error> {
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    let incident = load_even_merged(&mut tx, viewer, Act::IncidentEdit, id).await?;
    stir(&mut tx, incident.id, now).await?;
    let said = (viewer.label(), now, why.as_str());
    let at = (incident.id, number);
    if !store::lift(&mut tx, at, (&said.0, said.1, said.2)).await? {
        return Err(Error::NotHeld);
    }
    let body = json!({ "hold": number });
    audit::act(&mut tx, ground, viewer, "incident.hold_lifted", &id, &body).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses to destroy or erase anything of an incident on which a hold lasts.
pub(crate) async fn spare(tx: &mut Tx, ground: &Ground, id: IncidentId) -> Result<(), Error> {
    if store::is_held(tx, id, ground.now()).await? {
        Err(Error::Held)
    } else {
        Ok(())
    }
}
