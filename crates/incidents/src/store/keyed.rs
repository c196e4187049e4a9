//! Conditions that an index of their own answers, and how a list is read by them.

use db::{DbError, Tx, on, search};
use sqlx::QueryBuilder;

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
    /// What matches is found by the first condition's index, checked against the rest, fetched and
    /// sorted: at most [`FEW`] entries.
    Few { first: Keyed, rest: Vec<Keyed> },
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
        let matches = matches(tx, std::slice::from_ref(&keyed)).await?;
        if matches == 0 {
            return Ok(Plan::Nothing);
        }
        counted.push((matches, keyed));
    }
    counted.sort_by_key(|&(matches, _)| matches);
    let fewest = counted.first().map_or(FEW, |&(matches, _)| matches);
    let all: Vec<Keyed> = counted.into_iter().map(|(_, keyed)| keyed).collect();
    let few = if fewest < FEW || all.len() < 2 {
        fewest < FEW
    } else {
        // Each matches many, all together may match few or none.
        match matches(tx, &all).await? {
            0 => return Ok(Plan::Nothing),
            together => together < FEW,
        }
    };
    Ok(match all.split_first() {
        Some((first, rest)) if few => Plan::Few {
            first: first.clone(),
            rest: rest.to_vec(),
        },
        Some(_) | None => Plan::Many(all),
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

/// Pushes the table of a condition as `d`.
macro_rules! push_table {
    ($sql:ident, $keyed:expr) => {
        $sql.push(match $keyed {
            Keyed::Victim(_) => "incident_victim d",
            Keyed::Sector(_) => "incident_sector d",
            Keyed::Token(_) => "search_token d",
        });
    };
}
pub(super) use push_table;

/// Pushes what a row of that table must be to match.
macro_rules! push_match {
    ($sql:ident, $table:literal, $keyed:expr) => {
        match $keyed {
            Keyed::Victim(country) => {
                $sql.push(concat!($table, ".country = "))
                    .push_bind(country.clone());
            }
            Keyed::Sector(sector) => {
                $sql.push(concat!($table, ".sector = ")).push_bind(*sector);
            }
            Keyed::Token(token) => {
                $sql.push(concat!($table, ".area = "))
                    .push_bind(db::search::Area::Incidents.code());
                $sql.push(concat!(" AND ", $table, ".token = "))
                    .push_bind(token.clone());
            }
        }
    };
}
pub(super) use push_match;

/// Pushes that the entry of a key column also matches another condition.
macro_rules! push_also {
    ($sql:ident, $keyed:expr, $key:expr) => {
        $sql.push(match $keyed {
            Keyed::Victim(_) => " AND EXISTS (SELECT 1 FROM incident_victim e WHERE e.incident = ",
            Keyed::Sector(_) => " AND EXISTS (SELECT 1 FROM incident_sector e WHERE e.incident = ",
            Keyed::Token(_) => " AND EXISTS (SELECT 1 FROM search_token e WHERE e.id = ",
        });
        $sql.push($key).push(" AND ");
        push_match!($sql, "e", $keyed);
        $sql.push(")");
    };
}
pub(super) use push_also;

impl Keyed {
    /// The column of `d` that names the entry.
    pub(super) const fn key(&self) -> &'static str {
        match self {
            Self::Victim(_) | Self::Sector(_) => "d.incident",
            Self::Token(_) => "d.id",
        }
    }
}

/// How many entries match all of the conditions, counted up to [`FEW`].
async fn matches(tx: &mut Tx, all: &[Keyed]) -> Result<i64, DbError> {
    let Some((first, rest)) = all.split_first() else {
        return Ok(0);
    };
    let (count,): (i64,) = on!(tx, conn => {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM ");
        push_table!(sql, first);
        sql.push(" WHERE ");
        push_match!(sql, "d", first);
        for keyed in rest {
            push_also!(sql, keyed, first.key());
        }
        sql.push(" LIMIT ").push_bind(FEW).push(") AS counted");
        sql.build_query_as().fetch_one(conn).await
    })?;
    Ok(count)
}
