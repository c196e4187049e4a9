//! Conditions that an index of their own answers, and how a list is read by them.

use db::{DbError, Engine, Query, Tx, query, search};

use uuid::Uuid;

use crate::model::Filter;

/// Up to how many matches are worth fetching and sorting. Walking the order index visits about
/// `entries × page ÷ matches` entries instead: for 100,000 entries both cost the same at about
/// 2,000 matches.
const FEW: i64 = 2_000;

/// One condition that an index of its own answers.
#[derive(Clone, Debug)]
pub(super) enum Keyed {
    Victim(String),
    Sector(&'static str),
    Token(String),
}

/// How a list is read.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// What matches the first condition is found by its index and checked against the rest, fetched
    /// and sorted: at most [`FEW`] entries.
    Few { first: Keyed, rest: Vec<Keyed> },
    /// Each condition matches many, all together only these: at most [`FEW`].
    Together(Vec<Uuid>),
    /// The order index is walked and each entry checked until the page is full, which is soon,
    /// since many match.
    Many(Vec<Keyed>),
    /// Nothing matches.
    Nothing,
}

/// The plan for a filter, found by counting matches up to [`FEW`].
pub(super) async fn plan(tx: &mut Tx, filter: &Filter) -> Result<Plan, DbError> {
    let mut counted = Vec::new();
    for keyed in conditions(filter) {
        let matches = matches(tx, &keyed).await?;
        if matches == 0 {
            return Ok(Plan::Nothing);
        }
        counted.push((matches, keyed));
    }
    counted.sort_by_key(|&(matches, _)| matches);
    let fewest = counted.first().map_or(FEW, |&(matches, _)| matches);
    let all: Vec<Keyed> = counted.into_iter().map(|(_, keyed)| keyed).collect();
    if let Some((first, rest)) = all.split_first()
        && fewest < FEW
    {
        let (first, rest) = (first.clone(), rest.to_vec());
        return Ok(Plan::Few { first, rest });
    }
    if all.len() < 2 {
        return Ok(Plan::Many(all));
    }
    let together = together(tx, &all).await?;
    Ok(match i64::try_from(together.len()).unwrap_or(i64::MAX) {
        0 => Plan::Nothing,
        found if found < FEW => Plan::Together(together),
        _many => Plan::Many(all),
    })
}

fn conditions(filter: &Filter) -> Vec<Keyed> {
    let victim = filter
        .country
        .map(|country| Keyed::Victim(country.to_string()));
    let sector = filter.sector.map(|sector| Keyed::Sector(sector.as_str()));
    let words = filter
        .text
        .as_deref()
        .map(search::query_tokens)
        .unwrap_or_default();
    let words = words.into_iter().map(Keyed::Token);
    victim.into_iter().chain(sector).chain(words).collect()
}

impl Keyed {
    /// Pushes a query for the ids of what matches this condition, as `id`.
    fn push_ids<'k>(&'k self, sql: &mut Query<'k>) {
        sql.push(match self {
            Self::Victim(_) => "SELECT d.incident AS id FROM incident_victim d WHERE ",
            Self::Sector(_) => "SELECT d.incident AS id FROM incident_sector d WHERE ",
            Self::Token(_) => "SELECT d.id AS id FROM search_token d WHERE ",
        });
        self.push_match(sql, "d");
    }

    /// The column of `d` that names the entry.
    const fn key(&self) -> &'static str {
        match self {
            Self::Victim(_) | Self::Sector(_) => "d.incident",
            Self::Token(_) => "d.id",
        }
    }

    /// Pushes what a row of its table must be to match.
    fn push_match<'k>(&'k self, sql: &mut Query<'k>, table: &'static str) {
        sql.push(table);
        match self {
            Self::Victim(country) => {
                sql.push(".country = ").push_bind(country);
            }
            Self::Sector(sector) => {
                sql.push(".sector = ").push_bind(*sector);
            }
            Self::Token(token) => {
                sql.push(".area = ")
                    .push_bind(search::Area::Incidents.code());
                sql.push(" AND ")
                    .push(table)
                    .push(".token = ")
                    .push_bind(token);
            }
        }
    }

    /// Pushes that the entry of a key column also matches this condition.
    pub(super) fn push_also<'k>(&'k self, sql: &mut Query<'k>, key: &'static str) {
        sql.push(match self {
            Self::Victim(_) => " AND EXISTS (SELECT 1 FROM incident_victim e WHERE e.incident = ",
            Self::Sector(_) => " AND EXISTS (SELECT 1 FROM incident_sector e WHERE e.incident = ",
            Self::Token(_) => " AND EXISTS (SELECT 1 FROM search_token e WHERE e.id = ",
        });
        sql.push(key).push(" AND ");
        self.push_match(sql, "e");
        sql.push(")");
    }
}

/// Pushes a query for the ids of what matches `first` and then all of `rest`, as `id`.
pub(super) fn push_few<'k>(sql: &mut Query<'k>, first: &'k Keyed, rest: &'k [Keyed]) {
    first.push_ids(sql);
    for keyed in rest {
        keyed.push_also(sql, first.key());
    }
}

/// Pushes a query for the ids of what matches all conditions, as `id`; [`FEW`] at most.
///
/// PostgreSQL merges the indexes by itself. SQLite does so where it intersects in an order, and
/// keeps the order of a part where that has a limit; else it would look up each entry of the first
/// condition in the others.
fn push_together<'k>(sql: &mut Query<'k>, engine: Engine, all: &'k [Keyed]) {
    match (engine, all) {
        (Engine::Postgres, [first, rest @ ..]) => push_few(sql, first, rest),
        (_, all) => {
            for (place, keyed) in all.iter().enumerate() {
                if place > 0 {
                    sql.push(" INTERSECT ");
                }
                keyed.push_ids(sql);
            }
            sql.push(" ORDER BY id");
        }
    }
    sql.push(" LIMIT ").push_bind(FEW);
}

/// Pushes a query for ids that are known already, as `id`.
pub(super) fn push_known(sql: &mut Query<'_>, engine: Engine, ids: &[Uuid]) {
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    sql.push(match engine {
        Engine::Sqlite => "SELECT unhex(value) AS id FROM json_each(",
        Engine::Postgres => "SELECT CAST(value AS uuid) AS id FROM json_array_elements_text(CAST(",
    });
    sql.push_bind(serde_json::json!(ids).to_string());
    sql.push(match engine {
        Engine::Sqlite => ")",
        Engine::Postgres => " AS json)) AS known (value)",
    });
}

/// How many entries match the condition, counted up to [`FEW`].
async fn matches(tx: &mut Tx, keyed: &Keyed) -> Result<i64, DbError> {
    let mut sql = query("SELECT count(*) FROM (");
    keyed.push_ids(&mut sql);
    sql.push(" LIMIT ").push_bind(FEW).push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// Which entries match all of the conditions, [`FEW`] at most.
async fn together(tx: &mut Tx, all: &[Keyed]) -> Result<Vec<Uuid>, DbError> {
    let mut sql = query("");
    push_together(&mut sql, tx.engine(), all);
    let ids: Vec<(Uuid,)> = sql.fetch_all(tx).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}
