use std::collections::BTreeSet;

use audit::Ground;
use db::{Corrupt, Tx};
use kernel::{Viewer, boxed};
use uuid::Uuid;

use super::list::sight;
use crate::{
    clocks::Clocks,
    error::Error,
    merge::store::is_merged,
    model::Incident,
    store::{self, clocks::clocks, tally as sql},
    tally::{Fact, Question, Tally, count, rules},
};

/// Entries whose lines are written at once.
const PORTION: i64 = 500;

/// Counts the entries that the viewer may read and that a question asks for. With `outward`, for
/// people outside of the house: small groups are held back.
#[boxed]
pub async fn tally(
    ground: &Ground,
    viewer: &Viewer,
    question: &Question,
    outward: bool,
) -> Result<Tally, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    if sql::rules(&mut tx).await? != rules() {
        drop(tx);
        write_all(ground).await?;
        tx = ground.db.begin_read().await?;
    }
    let texts = sql::lines(&mut tx, sight).await?;
    drop(tx);
    let lines = texts.iter().flat_map(|text| text.split('\n'));
    let tally = count(lines, question, ground.now(), outward);
    tally.ok_or_else(|| {
        let corrupt = Corrupt::new("incident_fact", "line", &"a line");
        Error::from(db::DbError::from(corrupt))
    })
}

/// Writes what an entry adds to counts, as it now stands: nothing where it was merged into another.
pub(crate) async fn settle(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    if is_merged(tx, incident.id).await? {
        return Ok(sql::remove(tx, incident.id).await?);
    }
    let row = judged(tx, incident).await?;
    Ok(sql::put(tx, &[row]).await?)
}

/// The same for new entries, which have neither level nor clocks.
pub(crate) async fn settle_new(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(incidents.len());
    for incident in incidents {
        rows.push(row(
            incident,
            &Fact::of(incident, None, &Clocks::default())?,
        ));
    }
    Ok(sql::put(tx, &rows).await?)
}

/// The line of an entry with its level and its clocks.
async fn judged(tx: &mut Tx, incident: &Incident) -> Result<sql::Put, Error> {
    let level = sql::level(tx, incident.id).await?;
    let clocks = clocks(tx, incident.id).await?;
    Ok(row(incident, &Fact::of(incident, level, &clocks)?))
}

fn row(incident: &Incident, fact: &Fact) -> sql::Put {
    sql::Put {
        incident: incident.id,
        exercise: incident.mode.is_exercise(),
        tlp: incident.facts.tlp,
        line: fact.to_line(),
    }
}

/// Writes the lines of all entries: after the first start of a program that writes them otherwise.
/// Entries that change meanwhile write theirs as well.
async fn write_all(ground: &Ground) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let mut tx = ground.db.begin().await?;
        let entries = store::after(&mut tx, after, PORTION).await?;
        let Some(last) = entries.last() else {
            sql::set_rules(&mut tx, rules()).await?;
            tx.commit().await?;
            return Ok(());
        };
        let until = last.id.uuid();
        let merged: BTreeSet<Uuid> = sql::merged(&mut tx, (after, until))
            .await?
            .into_iter()
            .collect();
        let known = sql::judged(&mut tx, (after, until)).await?;
        let known: BTreeSet<Uuid> = known.into_iter().collect();
        let mut rows = Vec::with_capacity(entries.len());
        for incident in &entries {
            if merged.contains(&incident.id.uuid()) {
                continue;
            }
            rows.push(if known.contains(&incident.id.uuid()) {
                judged(&mut tx, incident).await?
            } else {
                row(incident, &Fact::of(incident, None, &Clocks::default())?)
            });
        }
        sql::put(&mut tx, &rows).await?;
        tx.commit().await?;
        after = until;
    }
}
