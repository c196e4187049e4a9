//! The daily job. It can run twice without harm, and end anywhere.

use audit::Ground;
use db::{Tx, setting};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Mode, PartyCode, Timestamp, Viewer, boxed};
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use super::{Shredder, model::day_of, ops};
use crate::{error::Error, evidence::jobs::done};

/// Deletes what is due, and plans itself for the next day.
pub const DAILY: &str = "retention.daily";

/// The setting that holds the day for which the job is planned.
const SETTING: &str = "retention.planned";
/// The hour of the day, in UTC.
const HOUR: i8 = 2;
/// How many things a run deletes at most: the rest goes on the next day, or by command.
const RUN_MAX: u64 = 100_000;

/// The job of a day.
#[derive(Debug, Deserialize, Serialize)]
struct Daily {
    day: String,
}

/// The runner with the job of retention.
#[must_use]
pub fn jobs(runner: Runner, shredder: &Shredder, party: &PartyCode) -> Runner {
    let (shredder, party) = (shredder.clone(), party.clone());
    runner.with(DAILY, move |job| {
        let (shredder, party) = (shredder.clone(), party.clone());
        async move {
            let daily: Daily = job.read()?;
            let day = daily.day.parse();
            let day: Date = day.map_err(|_unreadable| JobFailure::Final(daily.day.clone()))?;
            done(of_day(&shredder, &party, day).await)
        }
    })
}

#[boxed]
async fn of_day(shredder: &Shredder, party: &PartyCode, day: Date) -> Result<(), Error> {
    for mode in [Mode::Real, Mode::Exercise] {
        let viewer = Viewer::node("retention", party.clone(), mode);
        let run = ops::run(shredder, &viewer, RUN_MAX).await?;
        if run.deleted > 0 {
            let (deleted, held) = (run.deleted, run.held);
            tracing::info!(deleted, held, "deleted what the rules of retention ask for");
        }
    }
    let mut tx = shredder.ground.db.begin().await?;
    plan_after(&mut tx, &shredder.ground, day).await?;
    tx.commit().await?;
    Ok(())
}

/// Plans the job, if it is not planned for a day that is to come.
#[boxed]
pub async fn plan(ground: &Ground) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let today = day_of(ground.now());
    plan_after(&mut tx, ground, today.yesterday().unwrap_or(today)).await?;
    tx.commit().await?;
    Ok(())
}

/// Plans the job for the first day after that one whose hour has not passed. Once for each day, however
/// often it is asked for.
async fn plan_after(tx: &mut Tx, ground: &Ground, day: Date) -> Result<(), Error> {
    let now = ground.now();
    let mut next = day.tomorrow().unwrap_or(day).max(day_of(now));
    let mut at = moment(next);
    if at <= now {
        next = next.tomorrow().unwrap_or(next);
        at = moment(next);
    }
    let planned = setting::read(tx, SETTING).await?;
    let planned: Option<Date> = planned.and_then(|day| day.parse().ok());
    // What was planned for a day that is over was lost.
    if planned.is_some_and(|planned| planned >= day_of(now) && planned > day) {
        return Ok(());
    }
    let day = next.to_string();
    setting::write(tx, SETTING, &day).await?;
    ground.enqueue(tx, DAILY, &Daily { day }, at).await?;
    Ok(())
}

/// The hour of a day.
fn moment(day: Date) -> Timestamp {
    let at = day.at(HOUR, 0, 0, 0).to_zoned(TimeZone::UTC);
    at.map_or(Timestamp::from_micros(i64::MAX), |at| {
        Timestamp::from_micros(at.timestamp().as_microsecond())
    })
}
