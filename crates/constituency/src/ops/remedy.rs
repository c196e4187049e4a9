use audit::Ground;
use kernel::{AssetId, Cursor, Page, PageRequest, RemedyId, Viewer, boxed};

use super::{may_edit, may_read};
use crate::{
    Error,
    model::{Cve, Invalid, Plan, Remedy, State},
    store::{self, remedy as sql},
};

/// A vulnerability that is to be mended somewhere.
#[derive(Clone, Debug)]
pub struct NewRemedy {
    /// The vulnerability.
    pub cve: Cve,
    /// The number of the organisation; not needed beside an asset.
    pub organisation: Option<i64>,
    /// The asset; nothing for all of the organisation that are concerned.
    pub asset: Option<AssetId>,
    /// What was decided.
    pub plan: Plan,
}

/// Puts something into the calendar.
#[boxed]
pub async fn plan(ground: &Ground, viewer: &Viewer, new: NewRemedy) -> Result<Remedy, Error> {
    may_edit(viewer)?;
    let decided = new.plan.checked()?;
    let mut tx = ground.db.begin().await?;
    let asset = match new.asset {
        None => None,
        Some(id) => {
            let found = store::asset(&mut tx, viewer.mode, id).await?;
            let (organisation, name) = found.ok_or(Error::NotFound { what: "asset" })?;
            Some((organisation, (id, name)))
        }
    };
    let number = match (&asset, new.organisation) {
        (Some((of, _)), None) => *of,
        (Some((of, _)), Some(number)) if *of == number => number,
        (None, Some(number)) => number,
        _ => {
            let rule = "the number of the asset's organisation";
            return Err(Invalid {
                field: "organisation",
                rule,
            }
            .into());
        }
    };
    let found = store::organisation::find(&mut tx, viewer.mode, number).await?;
    let organisation = found.ok_or(Error::NotFound {
        what: "organisation",
    })?;
    let remedy = Remedy {
        id: RemedyId::random(&*ground.rng),
        organisation: (number, organisation.name),
        cve: new.cve,
        asset: asset.map(|(_, asset)| asset),
        plan: decided,
        version: 1,
        changed_at: ground.now(),
        changed_by: viewer.label(),
    };
    sql::insert(&mut tx, viewer.mode, &remedy).await?;
    record(&mut tx, ground, viewer, ("remedy.planned", &remedy)).await?;
    tx.commit().await?;
    Ok(remedy)
}

/// Changes what was decided, at the version that the caller has.
#[boxed]
pub async fn change(
    ground: &Ground,
    viewer: &Viewer,
    (id, given): (RemedyId, i64),
    plan: Plan,
) -> Result<Remedy, Error> {
    may_edit(viewer)?;
    let plan = plan.checked()?;
    let missing = Error::NotFound { what: "remedy" };
    let mut tx = ground.db.begin().await?;
    let found = sql::find(&mut tx, viewer.mode, id).await?.ok_or(missing)?;
    let current = found.version;
    let remedy = Remedy {
        plan,
        version: given.saturating_add(1),
        changed_at: ground.now(),
        changed_by: viewer.label(),
        ..found
    };
    if current != given || !sql::save(&mut tx, &remedy, given).await? {
        return Err(Error::Stale { given, current });
    }
    record(&mut tx, ground, viewer, ("remedy.changed", &remedy)).await?;
    tx.commit().await?;
    Ok(remedy)
}

async fn record(
    tx: &mut db::Tx,
    ground: &Ground,
    viewer: &Viewer,
    (code, remedy): (&str, &Remedy),
) -> Result<(), Error> {
    let plan = &remedy.plan;
    let until = plan.until.map(|day| day.to_string());
    let said = (
        remedy.version,
        plan.state.as_str(),
        plan.due_on.to_string(),
        until,
    );
    audit::act(tx, ground, viewer, code, &remedy.id, &said).await?;
    Ok(())
}

/// A page of the calendar, the earliest first.
#[boxed]
pub async fn remedies(
    ground: &Ground,
    viewer: &Viewer,
    wanted: (Option<State>, Option<i64>),
    request: PageRequest,
) -> Result<Page<Remedy>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = sql::page(&mut tx, viewer.mode, wanted, request).await?;
    Ok(Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.plan.due_on.number(),
        id: last.id.uuid(),
    }))
}

/// What was decided about one vulnerability.
#[boxed]
pub async fn remedy(ground: &Ground, viewer: &Viewer, id: RemedyId) -> Result<Remedy, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let found = sql::find(&mut tx, viewer.mode, id).await?;
    found.ok_or(Error::NotFound { what: "remedy" })
}
