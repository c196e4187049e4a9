//! The work on an entry. What is written here raises no version; see [`crate::work`].

mod indicators;
mod lessons;
mod notes;
mod tasks;

use access::{
    model::Person,
    policy::{self, Act},
};
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Timestamp, Viewer, boxed};
use serde::Serialize;
use uuid::Uuid;

use super::{list::sight, load};
use crate::{
    error::Error,
    model::Incident,
    record::{self, Code},
    severity::Author,
    store::{
        attention,
        work::{self as sql, Counted},
    },
    work::{self, Applied, FieldChange, Mine, Work},
};

pub use indicators::{find_indicators, indicators, keep_indicators};
pub use lessons::{add_lesson, apply_template};
pub use notes::{add_note, see_mentions, watch};
pub use tasks::{add_task, change_task};

/// How an entry is worked on.
#[boxed]
pub async fn work(ground: &Ground, viewer: &Viewer, public: IncidentRef) -> Result<Work, Error> {
    let mut tx = ground.db.begin_read().await?;
    let id = load(&mut tx, viewer, Act::CaseRead, public).await?.id;
    let user = viewer.user().map_or(Uuid::nil(), kernel::UserId::uuid);
    let (watchers, watched, unseen) = attention::attention(&mut tx, id, user).await?;
    let indicators = sql::count(&mut tx, id, Counted::Indicators).await?;
    let number = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(Work {
        tasks: sql::tasks(&mut tx, id).await?,
        notes: sql::notes(&mut tx, id).await?,
        indicators: number(indicators),
        lessons: sql::lessons(&mut tx, id).await?,
        applied: applied(sql::applied(&mut tx, id).await?)?,
        watchers: number(watchers),
        watched: watched > 0,
        unseen: number(unseen),
    })
}

/// What waits for the viewer in the entries that he may see.
#[boxed]
pub async fn mine(ground: &Ground, viewer: &Viewer) -> Result<Mine, Error> {
    policy::check_house(viewer, Act::CaseRead).map_err(Error::Refused)?;
    let sight = sight(viewer)?;
    if viewer.user().is_none() {
        return Ok(Mine::default());
    }
    let mut tx = ground.db.begin_read().await?;
    Ok(Mine {
        tasks: attention::my_tasks(&mut tx, sight).await?,
        mentions: attention::my_mentions(&mut tx, sight).await?,
        watched: attention::my_watched(&mut tx, sight).await?,
    })
}

/// Who can be given a task of the entry, or be mentioned in it: the active users who may read the
/// work on it.
#[boxed]
pub async fn colleagues(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Vec<Person>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::CaseRead, public).await?;
    people(&mut tx, viewer, &incident).await
}

/// The fields that edits changed, with what stood there and what stands there since, the latest edit
/// first.
#[boxed]
pub async fn changes(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Vec<FieldChange>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let id = load(&mut tx, viewer, Act::IncidentRead, public).await?.id;
    Ok(sql::changes(&mut tx, id).await?)
}

async fn people(tx: &mut Tx, viewer: &Viewer, incident: &Incident) -> Result<Vec<Person>, Error> {
    let facts = &incident.facts;
    let label = (facts.tlp, facts.named.as_slice());
    Ok(access::ops::people_who_in(tx, viewer, Act::CaseRead, label).await?)
}

fn applied(rows: Vec<(String, String, i64)>) -> Result<Vec<Applied>, Error> {
    let all = work::templates()?;
    let mut known = Vec::new();
    for (key, by, at) in rows {
        // A template that a newer program no longer has left its tasks behind, which stay.
        if let Some(template) = all.iter().find(|one| one.key == key) {
            known.push(Applied {
                template,
                by: (by.parse()?, Timestamp::from_micros(at)),
            });
        }
    }
    Ok(known)
}

/// The entry, if the viewer may work on it; nobody else adds to it until the transaction ends.
async fn begin(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<(Tx, Incident), Error> {
    let mut tx = ground.db.begin().await?;
    let mut incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    incident.updated_at = ground.now();
    sql::stir(&mut tx, incident.id, incident.updated_at).await?;
    Ok((tx, incident))
}

/// Records what was done, and ends the transaction.
async fn finish(
    mut tx: Tx,
    ground: &Ground,
    viewer: &Viewer,
    (code, incident): (Code, Incident),
    body: &(impl Serialize + Sync),
) -> Result<Incident, Error> {
    record::added(&mut tx, ground, viewer, code, (&incident, body)).await?;
    tx.commit().await?;
    Ok(incident)
}

fn hand(ground: &Ground, viewer: &Viewer) -> Result<(Author, Timestamp), Error> {
    Ok((viewer.label().parse()?, ground.now()))
}

/// The number of the next one of a kind, if there is room for so many more.
async fn next(
    tx: &mut Tx,
    incident: &Incident,
    (kind, what, max): (Counted, &'static str, usize),
    more: usize,
) -> Result<i64, Error> {
    let there = sql::count(tx, incident.id, kind).await?;
    let after = usize::try_from(there)
        .unwrap_or(usize::MAX)
        .saturating_add(more);
    if after <= max {
        Ok(there)
    } else {
        Err(Error::TooMany { what, max })
    }
}
