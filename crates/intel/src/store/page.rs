//! Pages of a collection: put together from runs of indexes, so that nothing is read that is not on
//! the page.

use std::{collections::BTreeSet, sync::Arc};

use db::{DbError, Engine, Query, Tx, query};
use kernel::{Timestamp, Tlp};

use super::entry;
use crate::model::{Class, Cut, Entry, Fetched, Filter, Listed, holds};

/// More runs than this are read as one, in the order of places.
const RUNS_MAX: usize = 300;

db::row! {
    struct Page {
        content: Option<String>,
        taken: i64,
        found: i64,
        first: Option<i64>,
        last: Option<i64>,
    }
}

/// What a page is made from.
#[derive(Debug)]
pub(crate) struct Asked<'f> {
    pub(crate) slot: i64,
    /// The labels that the viewer sees.
    pub(crate) mask: i32,
    pub(crate) filter: &'f Filter,
    pub(crate) cut: Cut,
    /// The page ends before its objects have more bytes.
    pub(crate) bytes_max: i64,
    /// The newest first, and those before the place.
    pub(crate) is_backward: bool,
}

impl Asked<'_> {
    /// The order of the entries.
    const fn order(&self) -> &'static str {
        if self.is_backward {
            "added DESC"
        } else {
            "added"
        }
    }
}

/// The objects of a page as JSON, with commas between them.
pub(crate) async fn objects(tx: &mut Tx, asked: &Asked<'_>) -> Result<Fetched<String>, DbError> {
    let Some(mut statement) = runs(
        tx,
        asked,
        "SELECT string_agg(v.body, ',' ORDER BY p.added) FILTER (WHERE p.taken) AS content, \
         count(*) FILTER (WHERE p.taken) AS taken, count(*) AS found, \
         min(p.added) FILTER (WHERE p.taken) AS first, \
         max(p.added) FILTER (WHERE p.taken) AS last FROM (SELECT added, object, \
         place <= ",
    )
    .await?
    else {
        return Ok(empty(String::new()));
    };
    statement.push(") AS p JOIN stix_version AS v ON v.number = p.object");
    let page: Page = statement.fetch_one(tx).await?;
    Ok(Fetched {
        content: page.content.unwrap_or_default(),
        places: page.first.zip(page.last),
        more: page.found > page.taken,
    })
}

/// What a manifest says of the entries of a page.
pub(crate) async fn manifest(
    tx: &mut Tx,
    asked: &Asked<'_>,
) -> Result<Fetched<Vec<Entry>>, DbError> {
    let Some(mut statement) = runs(
        tx,
        asked,
        "SELECT stix_id, added, version, class, taken FROM (SELECT stix_id, added, version, class, \
         place <= ",
    )
    .await?
    else {
        return Ok(empty(Vec::new()));
    };
    statement.push(") AS p ORDER BY added");
    let rows: Vec<(String, i64, i64, i32, bool)> = statement.fetch_all(tx).await?;
    let found = rows.len();
    let content: Vec<_> = rows
        .into_iter()
        .filter(|(.., taken)| *taken)
        .map(|(stix_id, added, version, class, _)| Entry {
            stix_id,
            added: Timestamp::from_micros(added),
            version: Timestamp::from_micros(version),
            spec: Class::from_code(class).spec,
        })
        .collect();
    let place = |entry: &Entry| entry.added.as_micros();
    let places = content.first().map(place).zip(content.last().map(place));
    let more = found > content.len();
    Ok(Fetched {
        content,
        places,
        more,
    })
}

/// The entries of a page with their objects.
pub(crate) async fn listed(
    tx: &mut Tx,
    asked: &Asked<'_>,
) -> Result<Fetched<Vec<Listed>>, DbError> {
    let Some(mut statement) = runs(
        tx,
        asked,
        "SELECT p.stix_id, p.added, p.version, p.class, p.taken, v.revoked, \
         CASE WHEN p.taken THEN v.body ELSE '' END \
         FROM (SELECT stix_id, added, version, class, object, place <= ",
    )
    .await?
    else {
        return Ok(empty(Vec::new()));
    };
    statement.push(") AS p JOIN stix_version AS v ON v.number = p.object ORDER BY p.");
    statement.push(asked.order());
    let rows: Vec<(String, i64, i64, i32, bool, bool, String)> = statement.fetch_all(tx).await?;
    let found = rows.len();
    let taken = rows.into_iter().filter(|(_, _, _, _, taken, ..)| *taken);
    let content: Vec<_> = taken
        .map(|(stix_id, added, version, class, _, is_revoked, body)| {
            let class = Class::from_code(class);
            Listed {
                stix_id,
                added: Timestamp::from_micros(added),
                version: Timestamp::from_micros(version),
                spec: class.spec,
                tlp: class.tlp,
                is_revoked,
                body,
                is_aside: class.aside,
            }
        })
        .collect();
    let place = |entry: &Listed| entry.added.as_micros();
    let places = content.first().map(place).zip(content.last().map(place));
    let more = found > content.len();
    Ok(Fetched {
        content,
        places,
        more,
    })
}

const fn empty<T>(content: T) -> Fetched<T> {
    Fetched {
        content,
        places: None,
        more: false,
    }
}

/// A statement over the runs of a page and one entry more; nothing if there is nothing to look at.
/// `head` ends where the number of entries belongs.
async fn runs(
    tx: &mut Tx,
    asked: &Asked<'_>,
    head: &'static str,
) -> Result<Option<Query<'static>>, DbError> {
    let runs = plan(tx, asked).await?;
    if runs.is_empty() {
        return Ok(None);
    }
    let entries = i64::from(asked.cut.entries);
    let mut statement = query(head);
    statement.push_bind(entries);
    statement
        .push(" AND (place = 1 OR total <= ")
        .push_bind(asked.bytes_max);
    statement.push(
        ") AS taken FROM (SELECT added, object, stix_id, version, class, \
         row_number() OVER (ORDER BY ",
    );
    statement.push(asked.order());
    statement.push(") AS place, sum(bytes) OVER (ORDER BY ");
    statement.push(asked.order());
    // The page is cut before it is counted: each run has as many entries as a page at most.
    statement.push(") AS total FROM (SELECT added, object, stix_id, version, class, bytes FROM (");
    for (number, run) in runs.iter().enumerate() {
        if number > 0 {
            statement.push(" UNION ALL ");
        }
        run.push(&mut statement, tx.engine(), asked);
    }
    statement
        .push(") AS runs ORDER BY ")
        .push(asked.order())
        .push(" LIMIT ")
        .push_bind(entries + 1);
    statement.push(") AS cut");
    statement.push(") AS placed");
    Ok(Some(statement))
}

/// Entries that one index has side by side, in the order of their places.
#[derive(Debug, Default)]
struct Run {
    /// Any class, if empty.
    classes: Vec<i32>,
    /// Any type, if empty.
    types: Vec<String>,
    /// Any id, if empty.
    ids: Vec<String>,
    /// Any version, if empty.
    versions: Vec<i64>,
}

impl Run {
    /// The index that has the run side by side. SQLite is told, since without statistics it would
    /// rather read the whole collection in order; PostgreSQL has statistics.
    fn index(&self) -> &'static str {
        if !self.ids.is_empty() {
            " INDEXED BY collection_entry_id"
        } else if !self.versions.is_empty() {
            " INDEXED BY collection_entry_version"
        } else if self.types.len() == 1 {
            " INDEXED BY collection_entry_type"
        } else if self.types.is_empty() && self.classes.len() == 1 {
            " INDEXED BY collection_entry_class"
        } else {
            ""
        }
    }

    fn push(&self, statement: &mut Query<'static>, engine: Engine, asked: &Asked<'_>) {
        statement.push(
            "SELECT added, object, stix_id, version, class, bytes FROM \
             (SELECT added, object, stix_id, version, class, bytes \
             FROM collection_entry",
        );
        if engine == Engine::Sqlite {
            statement.push(self.index());
        }
        statement.push(" WHERE slot = ").push_bind(asked.slot);
        let beyond = if asked.is_backward {
            " AND added < "
        } else {
            " AND added > "
        };
        statement.push(beyond).push_bind(asked.cut.after);
        push_one_of(statement, " AND class", self.classes.iter().copied());
        push_one_of(statement, " AND type", self.types.iter().cloned());
        push_one_of(statement, " AND stix_id", self.ids.iter().cloned());
        push_one_of(statement, " AND version", self.versions.iter().copied());
        statement
            .push(" ORDER BY ")
            .push(asked.order())
            .push(" LIMIT ");
        statement.push_bind(i64::from(asked.cut.entries) + 1);
        statement.push(") AS run");
    }
}

/// A single value is compared, so that an index gives what comes behind it in order.
fn push_one_of<V: Into<db::Value<'static>>>(
    statement: &mut Query<'static>,
    column: &'static str,
    values: impl ExactSizeIterator<Item = V>,
) {
    match values.len() {
        0 => {}
        1 => {
            statement.push(column).push(" = ").push_list(values);
        }
        _ => {
            statement.push(column).push(" IN (").push_list(values);
            statement.push(")");
        }
    }
}

/// Which runs hold what is asked for and may be seen.
async fn plan(tx: &mut Tx, asked: &Asked<'_>) -> Result<Vec<Run>, DbError> {
    let filter = asked.filter;
    let kinds: Vec<&str> = if filter.types.is_empty() {
        vec![""]
    } else {
        filter.types.iter().map(String::as_str).collect()
    };
    let about = format!("{:?}", (asked.slot, &kinds));
    let counts: Arc<Vec<(String, i32, i64)>> = if let Some(counts) = tx.recall(&about) {
        counts
    } else {
        let counts = Arc::new(entry::counts(tx, asked.slot, &kinds).await?);
        tx.keep(&about, Arc::clone(&counts));
        counts
    };
    let seen = |class: Class| holds(asked.mask, class.tlp) && class.tlp <= Tlp::Red;
    let held: Vec<(String, Class)> = counts
        .iter()
        .map(|(kind, class, _)| (kind.clone(), Class::from_code(*class)))
        .filter(|(_, class)| seen(*class) && filter.wants(*class, asked.mask))
        .collect();
    let (any, some): (Vec<_>, Vec<_>) = held
        .into_iter()
        .partition(|(_, class)| filter.wants_any_version(*class, asked.mask));
    let mut runs = Vec::new();
    if filter.ids.is_empty() && any.len() <= RUNS_MAX {
        runs.extend(any.into_iter().map(|(kind, class)| Run {
            classes: vec![class.code()],
            types: if kind.is_empty() {
                Vec::new()
            } else {
                vec![kind]
            },
            ..Run::default()
        }));
    } else if !any.is_empty() {
        runs.push(Run {
            classes: distinct(&any),
            types: filter.types.clone(),
            ids: filter.ids.clone(),
            versions: Vec::new(),
        });
    }
    if !some.is_empty() {
        runs.push(Run {
            classes: distinct(&some),
            types: filter.types.clone(),
            ids: filter.ids.clone(),
            versions: filter.moments().iter().map(|at| at.as_micros()).collect(),
        });
    }
    Ok(runs)
}

fn distinct(classes: &[(String, Class)]) -> Vec<i32> {
    let codes: BTreeSet<_> = classes.iter().map(|(_, class)| class.code()).collect();
    codes.into_iter().collect()
}

#[cfg(test)]
mod tests;
