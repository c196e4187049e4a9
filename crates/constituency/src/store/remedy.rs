//! SQL of the calendar of remedies.

use db::{Corrupt, DbError, Tx, query};
use kernel::{AssetId, Mode, PageRequest, RemedyId, Timestamp};
use uuid::Uuid;

use super::vulnerability::cve;
use crate::{
    day::Day,
    model::{Plan, Remedy, State},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.organisation, o.name AS organisation_name, r.cve, r.asset, \
             a.name AS asset_name, r.due_on, r.owner, r.state, r.reason, r.until_on, r.version, \
             r.changed_at, r.changed_by FROM constituency_remedy r \
             JOIN constituency_organisation o ON o.number = r.organisation \
             LEFT JOIN constituency_asset a ON a.id = r.asset WHERE r.exercise = $1",
            $rest
        )
    };
}

db::row! {
    struct Row {
        id: Uuid,
        organisation: i64,
        organisation_name: String,
        cve: String,
        asset: Option<Uuid>,
        asset_name: Option<String>,
        due_on: i64,
        owner: String,
        state: String,
        reason: String,
        until_on: Option<i64>,
        version: i64,
        changed_at: i64,
        changed_by: String,
    }
}

impl TryFrom<Row> for Remedy {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let state = State::from_word(&row.state);
        Ok(Self {
            id: RemedyId::from_uuid(row.id),
            organisation: (row.organisation, row.organisation_name),
            cve: cve(&row.cve)?,
            asset: row.asset.map(|id| {
                let name = row.asset_name.unwrap_or_default();
                (AssetId::from_uuid(id), name)
            }),
            plan: Plan {
                due_on: Day::from_number(row.due_on),
                owner: row.owner,
                state: state
                    .ok_or_else(|| Corrupt::new("constituency_remedy", "state", &row.id))?,
                reason: row.reason,
                until: row.until_on.map(Day::from_number),
            },
            version: row.version,
            changed_at: Timestamp::from_micros(row.changed_at),
            changed_by: row.changed_by,
        })
    }
}

/// Enters a remedy.
pub(crate) async fn insert(tx: &mut Tx, mode: Mode, remedy: &Remedy) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO constituency_remedy (id, exercise, organisation, cve, asset, \
                       due_on, owner, state, reason, until_on, version, changed_at, changed_by) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let plan = &remedy.plan;
    query(SQL)
        .bind(remedy.id.uuid())
        .bind(mode.is_exercise())
        .bind(remedy.organisation.0)
        .bind(remedy.cve.as_str())
        .bind(remedy.asset.as_ref().map(|(id, _)| id.uuid()))
        .bind(plan.due_on.number())
        .bind(&plan.owner)
        .bind(plan.state.as_str())
        .bind(&plan.reason)
        .bind(plan.until.map(Day::number))
        .bind(remedy.version)
        .bind(remedy.changed_at.as_micros())
        .bind(&remedy.changed_by)
        .execute(tx)
        .await?;
    Ok(())
}

/// Saves what was decided under the next version. False if somebody else was first.
pub(crate) async fn save(tx: &mut Tx, remedy: &Remedy, given: i64) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE constituency_remedy SET due_on = $2, owner = $3, state = $4, \
                       reason = $5, until_on = $6, version = $7, changed_at = $8, changed_by = $9 \
                       WHERE id = $1 AND version = $10";
    let plan = &remedy.plan;
    let written = query(SQL)
        .bind(remedy.id.uuid())
        .bind(plan.due_on.number())
        .bind(&plan.owner)
        .bind(plan.state.as_str())
        .bind(&plan.reason)
        .bind(plan.until.map(Day::number))
        .bind(remedy.version)
        .bind(remedy.changed_at.as_micros())
        .bind(&remedy.changed_by)
        .bind(given)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// A remedy.
pub(crate) async fn find(tx: &mut Tx, mode: Mode, id: RemedyId) -> Result<Option<Remedy>, DbError> {
    let statement = query(select!(" AND r.id = $2"))
        .bind(mode.is_exercise())
        .bind(id.uuid());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(Remedy::try_from).transpose()
}

/// A page of the calendar, the earliest first; one row more than the page holds.
pub(crate) async fn page(
    tx: &mut Tx,
    mode: Mode,
    (state, organisation): (Option<State>, Option<i64>),
    request: PageRequest,
) -> Result<Vec<Remedy>, DbError> {
    let mut sql = query(select!("")).bind(mode.is_exercise());
    if let Some(state) = state {
        sql.push(" AND r.state = ").push_bind(state.as_str());
    }
    if let Some(number) = organisation {
        sql.push(" AND r.organisation = ").push_bind(number);
    }
    if let Some(end) = request.after {
        sql.push(" AND (r.due_on, r.id) > (").push_bind(end.key);
        sql.push(", ").push_bind(end.id).push(")");
    }
    sql.push(" ORDER BY r.due_on, r.id LIMIT ")
        .push_bind(request.limit.probe());
    let rows: Vec<Row> = sql.fetch_all(tx).await?;
    rows.into_iter().map(Remedy::try_from).collect()
}

/// What is to be done up to a day: what is open, and accepted risks whose end is over.
pub(crate) async fn due(
    tx: &mut Tx,
    mode: Mode,
    (today, up_to, most): (Day, Day, i64),
) -> Result<Vec<Remedy>, DbError> {
    let statement = query(select!(
        " AND r.due_on <= $2 AND (r.state = 'open' OR (r.state = 'accepted' AND r.until_on < $3)) \
         ORDER BY r.due_on, r.id LIMIT $4"
    ))
    .bind(mode.is_exercise())
    .bind(up_to.number())
    .bind(today.number())
    .bind(most);
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    rows.into_iter().map(Remedy::try_from).collect()
}
