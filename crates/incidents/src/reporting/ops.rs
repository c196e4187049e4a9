//! What the party chose, and reminders.

use access::policy::{self, Act};
use audit::Ground;
use db::{Tx, setting};
use kernel::{IncidentId, Timestamp, Viewer, boxed};
use uuid::Uuid;

use super::{
    by_mail,
    choice::Choice,
    jobs::{REMIND, REMIND_ALL, RemindAllJob, RemindJob},
    remind::{Reminder, Step, next, reached, steps},
    store,
    wire::ChoiceBody,
};
use crate::{
    clocks::{Clocks, Due, Duty, ROWS_MAX, Reckoned},
    error::Error,
    model::{Incident, Line},
    ops::sight,
    record::{self, Code},
    store::{calendar, clocks as sql},
    wire::DutyBody,
};

/// Where the choice is kept.
const CHOICE: &str = "incidents.reporting";
/// Entries for which reminders are planned at once.
const PORTION: i64 = 100;

/// By what the party reports.
#[boxed]
pub async fn choice(ground: &Ground, viewer: &Viewer) -> Result<Choice, Error> {
    policy::check_house(viewer, Act::CaseRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    chosen(&mut tx).await
}

/// Chooses by what the party reports. It holds for incidents that are entered or edited from now on,
/// and for all reminders that are still to come.
#[boxed]
pub async fn choose(ground: &Ground, viewer: &Viewer, choice: Choice) -> Result<Choice, Error> {
    policy::check_house(viewer, Act::ReportingManage).map_err(Error::Refused)?;
    let choice = choice.checked()?;
    let body = ChoiceBody::from(&choice);
    let text = serde_json::to_string(&body).map_err(Error::Unwritable)?;
    let mut tx = ground.db.begin().await?;
    setting::write(&mut tx, CHOICE, &text).await?;
    plan_all_in(&mut tx, ground).await?;
    audit::act(
        &mut tx,
        ground,
        viewer,
        "reporting.chosen",
        "reporting",
        &body,
    )
    .await?;
    tx.commit().await?;
    Ok(choice)
}

async fn chosen(tx: &mut Tx) -> Result<Choice, Error> {
    match setting::read(tx, CHOICE).await? {
        None => Ok(Choice::unmade()?),
        Some(text) => {
            let body: ChoiceBody = serde_json::from_str(&text).map_err(Error::Unwritable)?;
            Ok(Choice::try_from(body)?)
        }
    }
}

/// Takes the duties that the party's choice gives to an entry with these facts. One that was dropped
/// is not taken again.
pub(crate) async fn take_chosen(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Vec<Duty>, Error> {
    let choice = chosen(tx).await?;
    if choice.regimes.is_empty() {
        return Ok(Vec::new());
    }
    let there = sql::clocks(tx, incident.id).await?.duties;
    let mut ordinal = there.len();
    let mut taken = Vec::new();
    for regime in choice.of(&incident.facts)? {
        let known = there.iter().any(|duty| duty.regime.as_str() == regime.key);
        if known || ordinal >= ROWS_MAX {
            continue;
        }
        let duty = Duty {
            regime: Line::required(&regime.key, "regime")?,
            zone: choice.zone.clone(),
            by: viewer.label().parse()?,
            entered_at: ground.now(),
            dropped: None,
        };
        let number = i64::try_from(ordinal).unwrap_or(i64::MAX);
        sql::add_duty(tx, incident.id, number, &duty).await?;
        ordinal = ordinal.saturating_add(1);
        taken.push(duty);
    }
    Ok(taken)
}

/// Records the duties that were taken by the party's choice.
pub(crate) async fn record_taken(
    tx: &mut Tx,
    (ground, viewer): (&Ground, &Viewer),
    incident: &Incident,
    duties: &[Duty],
) -> Result<(), Error> {
    for duty in duties {
        let body = DutyBody::from(duty);
        record::added(tx, ground, viewer, Code::DutyTaken, (incident, &body)).await?;
    }
    Ok(())
}

/// A report of an entry with when people are reminded of it.
pub(super) struct Told {
    reckoned: Reckoned,
    due: Timestamp,
    steps: Vec<(Timestamp, Step)>,
    /// The step that has come and was not told.
    untold: Option<Step>,
}

impl Told {
    /// The regime, the stage, and when it is due.
    pub(super) fn about(&self) -> (&'static str, &'static str, Timestamp) {
        let (regime, stage) = (self.reckoned.regime, self.reckoned.stage);
        (&regime.key, &stage.key, self.due)
    }

    /// Whether business days decide when it is due, and it is not filed.
    pub(super) const fn is_counted(&self) -> bool {
        self.reckoned.counted.is_some() && self.reckoned.filed.is_none()
    }
}

/// Plans the next look at an entry, in the transaction that changed what is due.
#[boxed]
pub(crate) async fn plan(tx: &mut Tx, ground: &Ground, id: IncidentId) -> Result<(), Error> {
    let told = look(tx, ground, id).await?;
    if told.iter().any(Told::is_counted) {
        // Asked for after the calendars were read: what is noted as newer than it is costs nothing.
        let changes = calendar::changes(tx).await?;
        for one in told.iter().filter(|one| one.is_counted()) {
            calendar::say_due(tx, id, one.about(), changes).await?;
        }
    }
    settle_steps(tx, ground, id, &told).await
}

/// Takes back what was told of other due times, and plans the next look.
pub(super) async fn settle_steps(
    tx: &mut Tx,
    ground: &Ground,
    id: IncidentId,
    told: &[Told],
) -> Result<(), Error> {
    for one in told {
        store::forget(tx, id, one.about()).await?;
    }
    plan_next(tx, ground, id, told).await
}

async fn plan_next(
    tx: &mut Tx,
    ground: &Ground,
    id: IncidentId,
    told: &[Told],
) -> Result<(), Error> {
    let now = ground.now();
    let wake = told.iter().filter_map(|one| match one.untold {
        Some(_) => Some(now),
        None => next(&one.steps, now),
    });
    let (wake, before) = (wake.min(), store::planned(tx, id).await?);
    if let Some((job, at)) = before {
        if wake == Some(at) && at > now {
            return Ok(());
        }
        queue::cancel(tx, job).await?;
    }
    let job = match wake {
        Some(at) => {
            let job = RemindJob { incident: id };
            Some((ground.enqueue(tx, REMIND, &job, at).await?, at))
        }
        None => None,
    };
    if job.is_some() || before.is_some() {
        store::set_planned(tx, id, job).await?;
    }
    Ok(())
}

/// The reports of an entry that are due and not filed; none of one that is closed or gone.
pub(super) async fn look(tx: &mut Tx, ground: &Ground, id: IncidentId) -> Result<Vec<Told>, Error> {
    let clocks: Clocks = sql::clocks(tx, id).await?;
    if clocks.duties.is_empty() || !store::hold(tx, id).await? {
        return Ok(Vec::new());
    }
    let (choice, before) = (chosen(tx).await?, store::told(tx, id).await?);
    let mut told = Vec::new();
    for reckoned in clocks.reckoned()? {
        let Due::At(due) = reckoned.due else { continue };
        let steps = steps(&reckoned, choice.leads(reckoned.regime));
        let is_told = |step: &Step| {
            before.iter().any(|(regime, stage, of, known)| {
                *regime == reckoned.regime.key
                    && *stage == reckoned.stage.key
                    && (*of, known) == (due, step)
            })
        };
        told.push(Told {
            untold: reached(&steps, ground.now()).filter(|step| !is_told(step)),
            reckoned,
            due,
            steps,
        });
    }
    Ok(told)
}

/// Tells what is to be told of an entry now, each once, and plans the next look.
#[boxed]
pub async fn remind(ground: &Ground, id: IncidentId) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    store::hold(&mut tx, id).await?;
    let mut told = look(&mut tx, ground, id).await?;
    for one in &mut told {
        if let Some(step) = one.untold.take() {
            let about = one.about();
            if store::tell(&mut tx, id, about, (step, ground.now())).await? {
                by_mail::enqueue(&mut tx, ground, id, about, step).await?;
            }
        }
    }
    plan_next(&mut tx, ground, id, &told).await?;
    tx.commit().await?;
    Ok(())
}

/// Plans the reminders of all entries: after a start, whose program may know other rules than the one
/// before, and after another choice.
#[boxed]
pub async fn plan_all(ground: &Ground) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    plan_all_in(&mut tx, ground).await?;
    tx.commit().await?;
    Ok(())
}

async fn plan_all_in(tx: &mut Tx, ground: &Ground) -> Result<(), Error> {
    let first = RemindAllJob { after: None };
    ground.enqueue(tx, REMIND_ALL, &first, ground.now()).await?;
    Ok(())
}

/// Plans the reminders of the next entries in the order of their ids, and goes on from there.
#[boxed]
pub(crate) async fn plan_from(ground: &Ground, after: Option<IncidentId>) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let after = after.map_or(Uuid::nil(), IncidentId::uuid);
    let ids = store::reported(&mut tx, after, PORTION).await?;
    for id in &ids {
        plan(&mut tx, ground, *id).await?;
    }
    if let Some(last) = ids.last() {
        let job = RemindAllJob { after: Some(*last) };
        ground
            .enqueue(&mut tx, REMIND_ALL, &job, ground.now())
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What people were reminded of since then, of reports that are still to be filed: of each report the
/// last reminder, the latest first, up to 200.
#[boxed]
pub async fn reminders(
    ground: &Ground,
    viewer: &Viewer,
    since: Timestamp,
) -> Result<Vec<Reminder>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let mut all: Vec<Reminder> = Vec::new();
    for one in store::reminders(&mut tx, sight, since).await? {
        let same = |known: &Reminder| {
            (known.public, &known.regime, &known.stage) == (one.public, &one.regime, &one.stage)
        };
        if !all.iter().any(same) {
            all.push(one);
        }
    }
    Ok(all)
}
