//! The calendars by which business days are counted: the party's own, kept as data.
//!
//! A change of a calendar is an act. Every report whose due time it moves is told of it in its incident,
//! by an act of the node, in the job that the change enqueued; people are reminded by the new times.

mod days;
pub mod http;
mod ical;
mod table;
pub mod wire;

use std::collections::BTreeMap;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use jiff::civil::Date;
use kernel::{IncidentId, IncidentRef, PartyCode, Viewer, boxed};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

pub use days::{FILE_BYTES_MAX, LeftOut, NoDayOff, Read, read, typed};

use super::{
    jobs::{RECKON, ReckonJob},
    ops::{look, settle_steps},
};
use crate::{
    clocks::{CALENDARS_MAX, CalendarFault, Calendars, DaysOff, Reach, all},
    error::Error,
    model::Line,
    ops::{settle, touch},
    record::{self, Code},
    store::{self, calendar as sql},
    work::FieldChange,
};

/// Entries that are reckoned anew at once.
const PORTION: i64 = 50;

/// What became of a file of days off.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Taken {
    /// Days that were not there before.
    pub added: usize,
    /// Days that have another name now.
    pub renamed: usize,
    /// What of the file was left out.
    pub left_out: Vec<LeftOut>,
    /// How many that are.
    pub left_out_count: usize,
}

/// What an act says of a calendar.
#[derive(Serialize)]
struct Changed<'a> {
    calendar: String,
    weekend: Option<String>,
    added: Vec<String>,
    removed: Vec<String>,
    renamed: Vec<(String, &'a str)>,
}

/// The calendars that the party keeps.
#[boxed]
pub async fn calendars(ground: &Ground, viewer: &Viewer) -> Result<Calendars, Error> {
    policy::check_house(viewer, Act::CaseRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(sql::calendars(&mut tx, |_| true).await?)
}

/// Keeps a calendar, in the place of the one with that reach.
#[boxed]
pub async fn keep(
    ground: &Ground,
    viewer: &Viewer,
    reach: Reach,
    kept: DaysOff,
) -> Result<DaysOff, Error> {
    policy::check_house(viewer, Act::ReportingManage).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    sql::hold(&mut tx).await?;
    let kept = keep_in(&mut tx, (ground, viewer), reach, kept).await?;
    tx.commit().await?;
    Ok(kept)
}

async fn keep_in(
    tx: &mut Tx,
    (ground, viewer): (&Ground, &Viewer),
    reach: Reach,
    kept: DaysOff,
) -> Result<DaysOff, Error> {
    let kept = kept.checked()?;
    let there = sql::calendars(tx, |_| true).await?;
    let before = there.get(&reach);
    if before == Some(&kept) {
        return Ok(kept);
    }
    if before.is_none() && there.len() >= CALENDARS_MAX {
        return Err(CalendarFault::TooMany.into());
    }
    sql::put(tx, (reach, &kept), (&viewer.label(), ground.now())).await?;
    tell(tx, (ground, viewer), reach, (before, Some(&kept))).await?;
    Ok(kept)
}

/// Keeps a calendar no longer.
#[boxed]
pub async fn remove(ground: &Ground, viewer: &Viewer, reach: Reach) -> Result<(), Error> {
    policy::check_house(viewer, Act::ReportingManage).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    sql::hold(&mut tx).await?;
    let there = sql::calendars(&mut tx, |one| one == reach).await?;
    if !sql::remove(&mut tx, reach).await? {
        return Err(CalendarFault::NotFound.into());
    }
    tell(&mut tx, (ground, viewer), reach, (there.get(&reach), None)).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds the days of a file, a table or iCalendar, to a calendar; its weekend stays.
#[boxed]
pub async fn import(
    ground: &Ground,
    viewer: &Viewer,
    reach: Reach,
    bytes: &[u8],
) -> Result<Taken, Error> {
    policy::check_house(viewer, Act::ReportingManage).map_err(Error::Refused)?;
    let found = read(bytes, ground.now())?;
    let mut tx = ground.db.begin().await?;
    sql::hold(&mut tx).await?;
    let mut there = sql::calendars(&mut tx, |one| one == reach).await?;
    let mut kept = there.remove(&reach).unwrap_or_default();
    let (mut added, mut renamed) = (0, 0);
    for (day, name) in found.days {
        match kept.days.insert(day, name.clone()) {
            None => added += 1,
            Some(before) if before != name => renamed += 1,
            Some(_) => {}
        }
    }
    keep_in(&mut tx, (ground, viewer), reach, kept).await?;
    tx.commit().await?;
    Ok(Taken {
        added,
        renamed,
        left_out: found.left_out,
        left_out_count: found.left_out_count,
    })
}

/// Records a change, and enqueues what follows from it.
async fn tell(
    tx: &mut Tx,
    (ground, viewer): (&Ground, &Viewer),
    reach: Reach,
    (before, after): (Option<&DaysOff>, Option<&DaysOff>),
) -> Result<(), Error> {
    let none = BTreeMap::new();
    let old = before.map_or(&none, |kept| &kept.days);
    let new = after.map_or(&none, |kept| &kept.days);
    let only = |days: &BTreeMap<Date, Line<120>>, other: &BTreeMap<Date, Line<120>>| {
        let days = days.keys().filter(|day| !other.contains_key(day));
        days.map(ToString::to_string).collect()
    };
    let renamed = new.iter().filter(|(day, name)| {
        let known = old.get(day);
        known.is_some_and(|known| known != *name)
    });
    let what = Changed {
        calendar: reach.to_string(),
        weekend: after.map(|kept| kept.weekend.to_string()),
        added: only(new, old),
        removed: only(old, new),
        renamed: renamed
            .map(|(day, name)| (day.to_string(), name.as_str()))
            .collect(),
    };
    sql::changed(tx).await?;
    let code = "reporting.calendar_changed";
    audit::act(tx, ground, viewer, code, "reporting", &what).await?;
    let job = ReckonJob {
        party: viewer.party.clone(),
        after: None,
    };
    ground.enqueue(tx, RECKON, &job, ground.now()).await?;
    Ok(())
}

/// Reckons the reports of the next entries anew, in the order of their ids, and goes on from there.
#[boxed]
pub(crate) async fn reckon_from(
    ground: &Ground,
    party: &PartyCode,
    after: Option<IncidentId>,
) -> Result<(), Error> {
    let regimes = all()?.iter().filter(|one| one.counts_business_days());
    let regimes: Vec<&str> = regimes.map(|one| one.key.as_str()).collect();
    if regimes.is_empty() {
        return Ok(());
    }
    let mut tx = ground.db.begin().await?;
    let after = after.map_or(Uuid::nil(), IncidentId::uuid);
    let entries = sql::reported_by(&mut tx, &regimes, after, PORTION).await?;
    for (id, public) in &entries {
        reckon(&mut tx, (ground, party), (*id, *public)).await?;
    }
    if let Some((last, _)) = entries.last() {
        let job = ReckonJob {
            party: party.clone(),
            after: Some(*last),
        };
        ground.enqueue(&mut tx, RECKON, &job, ground.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Reckons the reports of an entry anew: what it adds to counts, when people are reminded, and, where an
/// open report is due at another time by now, an act that says so.
async fn reckon(
    tx: &mut Tx,
    (ground, party): (&Ground, &PartyCode),
    (id, public): (IncidentId, IncidentRef),
) -> Result<(), Error> {
    let told = look(tx, ground, id).await?;
    let changes = sql::changes(tx).await?;
    let mut moved = Vec::new();
    for one in told.iter().filter(|one| one.is_counted()) {
        let (regime, stage, due) = one.about();
        let before = sql::say_due_anew(tx, id, (regime, stage, due), changes).await?;
        if let Some(before) = before.filter(|before| *before != due) {
            moved.push((regime.to_owned(), stage.to_owned(), before, due));
        }
    }
    let Some(incident) = store::find(tx, public).await? else {
        return Ok(());
    };
    settle(tx, &incident).await?;
    settle_steps(tx, ground, id, &told).await?;
    if moved.is_empty() {
        return Ok(());
    }
    let incident = touch(tx, ground, incident).await?;
    let line = |at: fn(&Move) -> kernel::Timestamp| {
        let each = moved
            .iter()
            .map(|one| format!("{} {} {}", one.0, one.1, at(one)));
        each.collect::<Vec<_>>().join("; ")
    };
    let change = FieldChange {
        version: incident.version,
        field: "due".to_owned(),
        before: line(|one| one.2),
        after: line(|one| one.3),
    };
    store::work::add_changes(tx, id, std::slice::from_ref(&change)).await?;
    let viewer = Viewer::node("reporting", party.clone(), incident.mode);
    let body = json!({ "before": change.before, "after": change.after });
    record::added(tx, ground, &viewer, Code::Reckoned, (&incident, &body)).await
}

/// A report that is due at another time: regime, stage, before and after.
type Move = (String, String, kernel::Timestamp, kernel::Timestamp);
