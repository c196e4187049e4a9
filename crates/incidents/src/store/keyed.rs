//! Conditions that an index of their own answers, and how a list is read by them.

use db::{DbError, Query, Tx, query, search};

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

impl Keyed {
    /// The column of `d` that names the entry.
    pub(super) const fn key(&self) -> &'static str {
        match self {
            Self::Victim(_) | Self::Sector(_) => "d.incident",
            Self::Token(_) => "d.id",
        }
    }

    /// Pushes the table of the condition as `d`.
    pub(super) fn push_table(&self, sql: &mut Query<'_>) {
        sql.push(match self {
            Self::Victim(_) => "incident_victim d",
            Self::Sector(_) => "incident_sector d",
            Self::Token(_) => "search_token d",
        });
    }

    /// Pushes what a row of that table must be to match.
    pub(super) fn push_match<'k>(&'k self, sql: &mut Query<'k>, table: &'static str) {
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

/// How many entries match all of the conditions, counted up to [`FEW`].
async fn matches(tx: &mut Tx, all: &[Keyed]) -> Result<i64, DbError> {
    let Some((first, rest)) = all.split_first() else {
        return Ok(0);
    };
    let mut sql = query("SELECT count(*) FROM (SELECT 1 FROM ");
    first.push_table(&mut sql);
    sql.push(" WHERE ");
    first.push_match(&mut sql, "d");
    for keyed in rest {
        keyed.push_also(&mut sql, first.key());
    }
    sql.push(" LIMIT ").push_bind(FEW).push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}
