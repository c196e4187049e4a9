//! Setting rules, looking ahead, and deleting.

mod erase;
mod run;

use access::policy::{self, Act, Area};
use audit::Ground;
use db::Tx;
use jiff::ToSpan;
use kernel::{IncidentId, Viewer, boxed};
use serde_json::json;
use uuid::Uuid;

pub use run::{compact, delete, run};

use super::{
    model::{Candidate, Deletion, Forecast, Held, Item, Kept, Kind, Period, Rule, Since, day_of},
    store,
};
use crate::{
    error::Error,
    model::{Invalid, Line},
};

/// How many days a preview looks ahead.
pub const DAYS_AHEAD: i64 = 30;
/// The most entries of each list of a preview.
pub const LISTED_MAX: usize = 200;

/// The rules, in the order in which they are followed.
#[boxed]
pub async fn rules(ground: &Ground, viewer: &Viewer) -> Result<Vec<Rule>, Error> {
    policy::check_house(viewer, Act::RetentionRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::rules(&mut tx, viewer.mode.is_exercise()).await?)
}

/// Sets a rule, in place of the one of its kind.
#[boxed]
pub async fn set(
    ground: &Ground,
    viewer: &Viewer,
    (kind, since, period): (Kind, Since, Period),
    basis: Line<500>,
) -> Result<Rule, Error> {
    policy::check_house(viewer, Act::RetentionManage).map_err(Error::Refused)?;
    if !kind.since().contains(&since) {
        let (field, rule) = ("since", "a moment from which this kind is counted");
        return Err(Invalid { field, rule }.into());
    }
    let set = (viewer.label(), ground.now());
    let rule = Rule {
        kind,
        since,
        period,
        basis,
        set,
    };
    let mut tx = ground.db.begin().await?;
    store::set(&mut tx, viewer.mode.is_exercise(), &rule).await?;
    let body = json!({
        "since": since.as_str(),
        "period": period.to_string(),
        "basis": rule.basis.as_str(),
    });
    act(&mut tx, ground, viewer, ("retention.rule_set", kind), &body).await?;
    tx.commit().await?;
    Ok(rule)
}

/// Removes a rule. False where there was none.
#[boxed]
pub async fn unset(ground: &Ground, viewer: &Viewer, kind: Kind) -> Result<bool, Error> {
    policy::check_house(viewer, Act::RetentionManage).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    let was = store::unset(&mut tx, viewer.mode.is_exercise(), kind).await?;
    if was {
        let code = ("retention.rule_removed", kind);
        act(&mut tx, ground, viewer, code, &json!({})).await?;
    }
    tx.commit().await?;
    Ok(was)
}

async fn act(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (code, kind): (&str, Kind),
    body: &serde_json::Value,
) -> Result<(), Error> {
    let subject = format!("retention-rule--{kind}");
    audit::act(tx, ground, viewer, code, &subject, body).await?;
    Ok(())
}

/// What was deleted, the last first.
#[boxed]
pub async fn deletions(ground: &Ground, viewer: &Viewer) -> Result<Vec<Deletion>, Error> {
    policy::check_house(viewer, Act::RetentionRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::deletions(&mut tx, viewer.mode.is_exercise()).await?)
}

/// What each rule would delete today and within the next days, and what holds it back.
#[boxed]
pub async fn preview(ground: &Ground, viewer: &Viewer) -> Result<Vec<Forecast>, Error> {
    policy::check_house(viewer, Act::RetentionRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let exercise = viewer.mode.is_exercise();
    let mut all = Vec::new();
    for rule in store::rules(&mut tx, exercise).await? {
        all.push(forecast(&mut tx, ground, viewer, rule).await?);
    }
    Ok(all)
}

async fn forecast(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    rule: Rule,
) -> Result<Forecast, Error> {
    let now = ground.now();
    let today = day_of(now);
    let ahead = today.checked_add(DAYS_AHEAD.days()).unwrap_or(today);
    let (mut due, mut soon, mut more) = (Vec::new(), Vec::new(), false);
    let exercise = viewer.mode.is_exercise();
    let most = i64::try_from(LISTED_MAX * 2).unwrap_or(i64::MAX);
    let found = match rule.before(ahead) {
        None => Vec::new(),
        Some(before) => store::candidates(tx, (&rule, exercise), before, (None, most + 1)).await?,
    };
    for one in found {
        let Some(day) = rule.due(one.at) else {
            continue;
        };
        let list = if day <= today { &mut due } else { &mut soon };
        if list.len() >= LISTED_MAX {
            more = true;
            continue;
        }
        let sees = policy::visible(viewer, Area::Incidents).sees(viewer.mode, one.tlp, false);
        let mut held = held(tx, ground, rule.kind, &one).await?;
        if !sees {
            for one in &mut held {
                one.reason = None;
            }
        }
        list.push(Item {
            title: one.title.filter(|_| sees),
            subject: one.subject,
            at: one.at,
            due: day,
            held,
        });
    }
    Ok(Forecast {
        rule,
        today: due,
        soon,
        more,
    })
}

/// What keeps something back that is due.
async fn held(
    tx: &mut Tx,
    ground: &Ground,
    kind: Kind,
    one: &Candidate,
) -> Result<Vec<Held>, Error> {
    match kind {
        Kind::Draft | Kind::WaitingReport | Kind::RefusedReport => {
            match store::incident_of_report(tx, one.id).await? {
                Some(id) => Ok(store::holds(tx, id, ground.now()).await?),
                None => Ok(Vec::new()),
            }
        }
        Kind::Evidence => match store::incident_of(tx, one.id).await? {
            Some((id, _)) => keeping(tx, ground, id, Some(one.id)).await,
            None => Ok(Vec::new()),
        },
        Kind::PersonalData | Kind::Incident => {
            let id = IncidentId::from_uuid(one.id);
            keeping(tx, ground, id, None).await
        }
    }
}

/// What keeps an incident back, or one piece of its evidence.
async fn keeping(
    tx: &mut Tx,
    ground: &Ground,
    id: IncidentId,
    item: Option<Uuid>,
) -> Result<Vec<Held>, Error> {
    let mut all = store::holds(tx, id, ground.now()).await?;
    let (sealed, waiting) = store::sealed(tx, id, item).await?;
    for (is, why) in [(sealed, Kept::Sealed), (waiting, Kept::HandedOver)] {
        if is {
            all.push(Held {
                why,
                reason: None,
                until: None,
            });
        }
    }
    Ok(all)
}
