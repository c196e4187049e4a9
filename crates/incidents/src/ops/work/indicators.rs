use std::collections::HashSet;

use access::policy::Act;
use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};
use matcher::Value;

use super::{begin, finish, hand, next};
use crate::{
    error::Error,
    model::Incident,
    ops::load,
    record::Code,
    store::{indicators as sql, work::Counted},
    wire::IndicatorBody,
    work::{self, FOUND_MAX, Found, INDICATORS_MAX, Indicator},
};

/// What a pasted text holds that the entry does not have yet. Nothing is kept: people look first.
#[boxed]
pub async fn find_indicators(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    text: &str,
) -> Result<Vec<Found>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let known = sql::known(&mut tx, incident.id).await?;
    let mut found = work::extract(text)?;
    found.retain(|one| !known.contains(&one.value));
    Ok(found)
}

/// Keeps indicators. What the entry has already stays as it is.
#[boxed]
pub async fn keep_indicators(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    values: Vec<Value>,
) -> Result<Incident, Error> {
    if values.len() > FOUND_MAX {
        return Err(Error::TooMany {
            what: "indicators at a time",
            max: FOUND_MAX,
        });
    }
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let mut there: HashSet<Value> = sql::known(&mut tx, incident.id).await?;
    let fresh: Vec<Value> = values
        .into_iter()
        .filter(|value| there.insert(value.clone()))
        .collect();
    if fresh.is_empty() {
        return Ok(incident);
    }
    let room = (Counted::Indicators, "indicators", INDICATORS_MAX);
    let first = next(&mut tx, &incident, room, fresh.len()).await?;
    let (by, at) = hand(ground, viewer)?;
    sql::add(&mut tx, incident.id, first, (&fresh, by.as_str(), at)).await?;
    let body: Vec<IndicatorBody> = fresh.iter().map(IndicatorBody::from).collect();
    finish(tx, ground, viewer, (Code::IndicatorsKept, incident), &body).await
}

/// Indicators in the order in which they were kept, from that number on, and the number at which the
/// next page begins.
#[boxed]
pub async fn indicators(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (from, limit): (i64, u16),
) -> Result<(Vec<Indicator>, Option<i64>), Error> {
    let mut tx = ground.db.begin_read().await?;
    let id = load(&mut tx, viewer, Act::CaseRead, public).await?.id;
    let limit = i64::from(limit.max(1));
    let mut found = sql::page(&mut tx, id, from, limit.saturating_add(1)).await?;
    let more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
    let next = more.then(|| found.pop()).flatten();
    Ok((found, next.map(|indicator| indicator.ordinal)))
}
