//! Conditions that an index of their own answers, and how a list is read by them.
//!
//! Each of these indexes holds the entries of a key in the order of lists, so that several can be
//! followed side by side, from the newest entry on, and only as far as a page needs.

use db::{DbError, Engine, Query, Tx, dialect::Sql, query, search};
use kernel::Cursor;
use uuid::Uuid;

use crate::model::Filter;

/// Up to how many matches are worth fetching and sorting. Walking the order index visits about
/// `entries × page ÷ matches` entries instead: for 100,000 entries both cost the same at about
/// 2,000 matches.
pub(super) const FEW: i64 = 2_000;

/// One condition that an index of its own answers.
#[derive(Clone, Debug)]
pub(super) enum Keyed {
    Victim(String),
    Sector(&'static str),
    Class(String),
    Token(String),
}

/// How a list is read.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// What matches the first condition is found by its index and checked against the rest, fetched
    /// and sorted: at most [`FEW`] entries.
    Few { first: Keyed, rest: Vec<Keyed> },
    /// Each condition matches many; their indexes are followed side by side until the page is full.
    Together(Vec<Keyed>),
    /// The order index is walked and each entry checked until the page is full, which is soon,
    /// since many match the condition, if there is one.
    Many(Option<Keyed>),
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
    let mut all: Vec<Keyed> = counted.into_iter().map(|(_, keyed)| keyed).collect();
    if fewest < FEW {
        let first = all.remove(0);
        return Ok(Plan::Few { first, rest: all });
    }
    Ok(if all.len() > 1 {
        Plan::Together(all)
    } else {
        Plan::Many(all.pop())
    })
}

fn conditions(filter: &Filter) -> Vec<Keyed> {
    let victim = filter
        .country
        .map(|country| Keyed::Victim(country.to_string()));
    let sector = filter.sector.map(|sector| Keyed::Sector(sector.as_str()));
    let class = filter
        .class
        .as_ref()
        .map(|tag| Keyed::Class(tag.to_string()));
    let words = filter
        .text
        .as_deref()
        .map(search::query_tokens)
        .unwrap_or_default();
    let words = words.into_iter().map(Keyed::Token);
    let facets = victim.into_iter().chain(sector).chain(class);
    facets.chain(words).collect()
}

/// A table and its columns under an alias, as statements have them.
struct Names {
    table: &'static str,
    /// Up to the value of the key.
    key: &'static str,
    /// Where lists have the entry.
    at: Place,
}

/// The columns of a place in a list: the ordering key, and the id.
pub(super) type Place = (&'static str, &'static str);

impl Keyed {
    /// The names under the alias `d`, or `e` within a condition.
    const fn names(&self, within: bool) -> Names {
        macro_rules! names {
            ($alias:literal) => {
                match self {
                    Self::Victim(_) => Names {
                        table: concat!("incident_victim ", $alias),
                        key: concat!($alias, ".country = "),
                        at: (concat!($alias, ".sort_at"), concat!($alias, ".incident")),
                    },
                    Self::Sector(_) => Names {
                        table: concat!("incident_sector ", $alias),
                        key: concat!($alias, ".sector = "),
                        at: (concat!($alias, ".sort_at"), concat!($alias, ".incident")),
                    },
                    Self::Class(_) => Names {
                        table: concat!("incident_classed ", $alias),
                        key: concat!($alias, ".class = "),
                        at: (concat!($alias, ".sort_at"), concat!($alias, ".incident")),
                    },
                    Self::Token(_) => Names {
                        table: concat!("search_token ", $alias),
                        key: concat!($alias, ".area = 1 AND ", $alias, ".token = "),
                        at: (concat!($alias, ".rank"), concat!($alias, ".id")),
                    },
                }
            };
        }
        if within { names!("e") } else { names!("d") }
    }

    /// Pushes `FROM … WHERE …` for what matches this condition.
    fn push_from<'k>(&'k self, sql: &mut Query<'k>, names: &Names) {
        sql.push(" FROM ").push(names.table).push(" WHERE ");
        sql.push(names.key);
        match self {
            Self::Victim(country) => sql.push_bind(country),
            Self::Sector(sector) => sql.push_bind(*sector),
            Self::Class(class) => sql.push_bind(class),
            Self::Token(token) => sql.push_bind(token),
        };
    }

    /// Pushes a query for what matches this condition, as `rank` and `id`.
    fn push_places<'k>(&'k self, sql: &mut Query<'k>, after: Option<Cursor>) {
        let names = self.names(false);
        sql.push("SELECT ").push(names.at.0).push(" AS rank, ");
        sql.push(names.at.1).push(" AS id");
        self.push_from(sql, &names);
        sql.push_after(names.at, after);
    }

    /// Pushes that the entry at a place also matches this condition, which is looked up for each
    /// entry: PostgreSQL, which takes key and id of a place for independent, expects next to no
    /// match and would join whole tables, but lets a condition with an offset stand alone.
    pub(super) fn push_also<'k>(&'k self, sql: &mut Query<'k>, at: Place) {
        self.push_at(sql, at);
        sql.push(" LIMIT 1 OFFSET 0)");
    }

    /// As [`Keyed::push_also`], to be read beside the other conditions from a place on.
    fn push_beside<'k>(&'k self, sql: &mut Query<'k>, at: Place, after: Option<Cursor>) {
        self.push_at(sql, at);
        sql.push_after(self.names(true).at, after);
        sql.push(")");
    }

    fn push_at<'k>(&'k self, sql: &mut Query<'k>, at: Place) {
        let names = self.names(true);
        sql.push(" AND EXISTS (SELECT 1");
        self.push_from(sql, &names);
        sql.push(" AND ").push(names.at.0).push(" = ").push(at.0);
        sql.push(" AND ").push(names.at.1).push(" = ").push(at.1);
    }
}

/// Pushes a query for what matches `first` and then all of `rest`, as `rank` and `id`.
pub(super) fn push_few<'k>(sql: &mut Query<'k>, first: &'k Keyed, rest: &'k [Keyed]) {
    first.push_places(sql, None);
    for keyed in rest {
        keyed.push_also(sql, first.names(false).at);
    }
}

/// Pushes a query for ids that are known already, as `id`.
pub(super) fn push_known(sql: &mut Query<'_>, tx: &Tx, ids: &[Uuid]) {
    const OPEN: Sql = Sql {
        sqlite: "SELECT unhex(value) AS id FROM json_each(",
        postgres: "SELECT CAST(value AS uuid) AS id FROM json_array_elements_text(CAST(",
    };
    const CLOSE: Sql = Sql {
        sqlite: ")",
        postgres: " AS json)) AS known (value)",
    };
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    sql.push(OPEN.on(tx))
        .push_bind(serde_json::json!(ids).to_string())
        .push(CLOSE.on(tx));
}

/// How many entries match the condition, counted up to [`FEW`].
async fn matches(tx: &mut Tx, keyed: &Keyed) -> Result<i64, DbError> {
    let mut sql = query("SELECT count(*) FROM (");
    keyed.push_places(&mut sql, None);
    sql.push(" LIMIT ").push_bind(FEW).push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// The places of entries that match all of the conditions, the newest first, from a place on; at
/// most `most`.
///
/// PostgreSQL merges the indexes by itself. SQLite does so where it intersects in an order; else it
/// would look up each entry of the first condition in the others.
pub(super) async fn together(
    tx: &mut Tx,
    all: &[Keyed],
    after: Option<Cursor>,
    most: i64,
) -> Result<Vec<Cursor>, DbError> {
    let mut sql = query("");
    match (tx.engine(), all) {
        (Engine::Postgres, [first, rest @ ..]) => {
            first.push_places(&mut sql, after);
            for keyed in rest {
                keyed.push_beside(&mut sql, first.names(false).at, after);
            }
        }
        (_, all) => {
            for (place, keyed) in all.iter().enumerate() {
                if place > 0 {
                    sql.push(" INTERSECT ");
                }
                keyed.push_places(&mut sql, after);
            }
        }
    }
    sql.push(" ORDER BY rank DESC, id DESC LIMIT ")
        .push_bind(most);
    let places: Vec<(i64, Uuid)> = sql.fetch_all(tx).await?;
    let places = places.into_iter();
    Ok(places.map(|(key, id)| Cursor { key, id }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_register() {
        let Names { key, .. } = Keyed::Token("word".to_owned()).names(false);
        let area = format!("d.area = {} AND", search::Area::Incidents.code());
        assert!(key.starts_with(&area), "{key}");
    }
}
