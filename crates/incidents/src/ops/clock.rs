use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Timestamp, Viewer, boxed};
use serde::Serialize;

use super::{list::sight, load, touch};
use crate::{
    clocks::{
        Clocks, Dropped, Due, Duty, Filing, Moment, Occurred, ROWS_MAX, Reckoned, Request, past,
    },
    error::Error,
    model::{Incident, Invalid, Line},
    record::{self, Code},
    reporting,
    store::clocks as sql,
    wire::{DutyBody, FilingBody, MomentBody, RequestBody},
};

/// How many entries are looked at for reports that are due.
const WATCHED: i64 = 200;

const NOT_FOLLOWED: Invalid = Invalid {
    field: "regime",
    rule: "a regime by which this incident is reported",
};

/// A report that is due and not filed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outstanding {
    /// The entry.
    pub public: IncidentRef,
    /// What it is called.
    pub title: String,
    /// The stage.
    pub reckoned: Reckoned,
    /// When it is due.
    pub due: Timestamp,
}

/// Enters when a moment of an incident was, from which clocks run. An earlier entry of the same moment
/// stays and no longer holds.
#[boxed]
pub async fn occurred(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (moment, at): (Moment, Timestamp),
) -> Result<Incident, Error> {
    past(at, ground.now())?;
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    let ordinal = next(there.occurred.len(), "moments")?;
    let row = Occurred {
        moment,
        at,
        by: viewer.label().parse()?,
        entered_at: ground.now(),
    };
    sql::add_moment(&mut tx, incident.id, ordinal, &row).await?;
    let body = MomentBody::from(&row);
    finish(tx, ground, viewer, (Code::MomentEntered, incident), &body).await
}

/// Decides that an incident is reported by a regime, whose days are counted in that zone. A second
/// time changes nothing.
#[boxed]
pub async fn follow(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (regime, zone): (Line<60>, Line<60>),
) -> Result<Incident, Error> {
    let row = Duty {
        regime,
        zone,
        by: viewer.label().parse()?,
        entered_at: ground.now(),
        dropped: None,
    };
    let row = row.checked()?;
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    if there.follows(row.regime.as_str()) {
        return Ok(incident);
    }
    let ordinal = next(there.duties.len(), "duties")?;
    sql::add_duty(&mut tx, incident.id, ordinal, &row).await?;
    let body = DutyBody::from(&row);
    finish(tx, ground, viewer, (Code::DutyTaken, incident), &body).await
}

/// Says that a regime by which an incident is reported does not apply after all. What was filed by it
/// stays.
#[boxed]
pub async fn drop_duty(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (regime, why): (Line<60>, Line<500>),
) -> Result<Incident, Error> {
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    if !there.follows(regime.as_str()) {
        return Err(NOT_FOLLOWED.into());
    }
    let dropped = Dropped {
        by: viewer.label().parse()?,
        at: ground.now(),
        why,
    };
    sql::drop_duty(&mut tx, incident.id, regime.as_str(), &dropped).await?;
    let body = serde_json::json!({ "regime": regime.as_str(), "reason": dropped.why.as_str() });
    finish(tx, ground, viewer, (Code::DutyDropped, incident), &body).await
}

/// Enters that a report was filed: with which authority, when, and under which reference. One report may
/// be filed with several.
#[boxed]
pub async fn file(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    filing: Filing,
) -> Result<Incident, Error> {
    past(filing.at, ground.now())?;
    let row = Filing {
        by: viewer.label().parse()?,
        entered_at: ground.now(),
        ..filing
    };
    let row = row.checked()?;
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    if !there.follows(row.regime.as_str()) {
        return Err(NOT_FOLLOWED.into());
    }
    enter_filing(&mut tx, incident.id, &there, &row).await?;
    let body = FilingBody::from(&row);
    finish(tx, ground, viewer, (Code::Filed, incident), &body).await
}

/// Enters that an authority asked for a report which is due only then: when it asked, and until when it
/// wants the report, if it said so.
#[boxed]
pub async fn request(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    request: Request,
) -> Result<Incident, Error> {
    past(request.at, ground.now())?;
    let row = Request {
        by: viewer.label().parse()?,
        entered_at: ground.now(),
        ..request
    };
    let row = row.checked()?;
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    if !there.follows(row.regime.as_str()) {
        return Err(NOT_FOLLOWED.into());
    }
    let ordinal = next(there.requests.len(), "requests")?;
    sql::add_request(&mut tx, incident.id, ordinal, &row).await?;
    let body = RequestBody::from(&row);
    let code = Code::ReportRequested;
    finish(tx, ground, viewer, (code, incident), &body).await
}

/// The reports that are due by a clock and not filed, of incidents on which work goes on and that the
/// viewer may read, the earliest first. Looks at the latest 200 incidents that are reported.
#[boxed]
pub async fn outstanding(ground: &Ground, viewer: &Viewer) -> Result<Vec<Outstanding>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let mut all = Vec::new();
    for (id, public, title) in sql::watched(&mut tx, sight, WATCHED).await? {
        let clocks = sql::clocks(&mut tx, id).await?;
        for reckoned in clocks.reckoned()? {
            if let (Due::At(due), None) = (&reckoned.due, reckoned.filed) {
                all.push(Outstanding {
                    public,
                    title: title.clone(),
                    due: *due,
                    reckoned,
                });
            }
        }
    }
    all.sort_by_key(|one| one.due);
    Ok(all)
}

/// The entry and its clocks, if the viewer may change it.
pub(crate) async fn begin(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<(Tx, Incident, Clocks), Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let there = sql::clocks(&mut tx, incident.id).await?;
    Ok((tx, incident, there))
}

/// Writes a filing after those that are there.
pub(crate) async fn enter_filing(
    tx: &mut Tx,
    id: IncidentId,
    there: &Clocks,
    filing: &Filing,
) -> Result<(), Error> {
    let ordinal = next(there.filings.len(), "filings")?;
    Ok(sql::add_filing(tx, id, ordinal, filing).await?)
}

fn next(there: usize, what: &'static str) -> Result<i64, Error> {
    let max = ROWS_MAX;
    if there < max {
        Ok(i64::try_from(there).unwrap_or(i64::MAX))
    } else {
        Err(Error::TooMany { what, max })
    }
}

/// Ends what changed an entry or what belongs to its clocks.
pub(crate) async fn finish(
    mut tx: Tx,
    ground: &Ground,
    viewer: &Viewer,
    (code, incident): (Code, Incident),
    body: &impl Serialize,
) -> Result<Incident, Error> {
    let incident = touch(&mut tx, ground, incident).await?;
    super::tally::settle(&mut tx, &incident).await?;
    reporting::plan(&mut tx, ground, incident.id).await?;
    record::added(&mut tx, ground, viewer, code, (&incident, body)).await?;
    tx.commit().await?;
    Ok(incident)
}
