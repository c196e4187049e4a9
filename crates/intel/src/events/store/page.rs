use std::collections::HashMap;

use db::{DbError, Engine, Query, Tx, query};
use serde_json::json;

use super::{
    read::{attribute_columns, object_columns},
    search::labels,
};
use crate::events::model::{Attribute, Object};

/// A page of what belongs to an event or object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageOf {
    pub(crate) event: i64,
    /// The labels that the viewer sees.
    pub(crate) mask: i32,
    /// Whether deleted ones are meant, only they, or only others.
    pub(crate) deleted: Option<bool>,
    pub(crate) to_ids: Option<bool>,
    /// Whether files are wanted.
    pub(crate) data: bool,
    pub(crate) after: i64,
    pub(crate) most: u32,
}

/// Attributes of the event itself, or those of some objects, by number.
pub(crate) async fn attributes(
    tx: &mut Tx,
    page: &PageOf,
    objects: &[i64],
) -> Result<Vec<Attribute>, DbError> {
    let mut statement = query("");
    of_attributes(&mut statement, tx.engine(), page, objects);
    statement.fetch_all(tx).await
}

fn of_attributes(statement: &mut Query<'_>, engine: Engine, page: &PageOf, objects: &[i64]) {
    head(statement, page);
    attribute_runs(statement, engine, page, objects);
    statement.push(") ORDER BY a.id");
}

fn head(statement: &mut Query<'_>, page: &PageOf) {
    statement.push(concat!("SELECT ", attribute_columns!()));
    statement.push(if page.data {
        ", a.data"
    } else {
        ", CAST(NULL AS text) AS data"
    });
    statement.push(" FROM misp_attribute AS a WHERE a.id IN (");
}

fn attribute_runs(statement: &mut Query<'_>, engine: Engine, page: &PageOf, objects: &[i64]) {
    let of_objects = |statement: &mut Query<'_>| match objects {
        [one] => {
            statement.push(" AND object = ").push_bind(*one);
        }
        some => {
            statement.push(" AND object IN (");
            statement.push_list(some.iter().copied()).push(")");
        }
    };
    let from = match engine {
        Engine::Sqlite => "misp_attribute INDEXED BY misp_attribute_page",
        Engine::Postgres => "misp_attribute",
    };
    runs(statement, from, page, of_objects);
}

/// The terms of one statement; SQLite takes 500.
const RUNS_MAX: usize = 400;

/// The first attributes of each of these objects.
pub(crate) async fn attributes_of_each(
    tx: &mut Tx,
    page: &PageOf,
    objects: &[i64],
) -> Result<Vec<Attribute>, DbError> {
    let runs = labels(page.mask).len().max(1) * 2;
    let mut all = Vec::new();
    for objects in objects.chunks(RUNS_MAX / runs) {
        let mut statement = query("");
        head(&mut statement, page);
        for (number, object) in objects.iter().enumerate() {
            statement.push(if number > 0 {
                " UNION ALL SELECT id FROM ("
            } else {
                "SELECT id FROM ("
            });
            attribute_runs(&mut statement, tx.engine(), page, &[*object]);
            statement.push(") AS one");
        }
        statement.push(") ORDER BY a.id");
        all.extend(statement.fetch_all::<Attribute>(tx).await?);
    }
    Ok(all)
}

/// Objects of an event, by number.
pub(crate) async fn objects(tx: &mut Tx, page: &PageOf) -> Result<Vec<Object>, DbError> {
    let mut statement = query("");
    of_objects(&mut statement, tx.engine(), page);
    statement.fetch_all(tx).await
}

fn of_objects(statement: &mut Query<'_>, engine: Engine, page: &PageOf) {
    statement.push(concat!(
        "SELECT ",
        object_columns!(),
        " FROM misp_object AS o WHERE o.id IN ("
    ));
    let from = match engine {
        Engine::Sqlite => "misp_object INDEXED BY misp_object_page",
        Engine::Postgres => "misp_object",
    };
    let page = PageOf {
        to_ids: None,
        ..*page
    };
    runs(statement, from, &page, |_| {});
    statement.push(") ORDER BY o.id");
}

/// The numbers of a page. An index has those of one label side by side in their order, apart from those
/// that were taken back: the page is put together from the beginnings of such runs, and costs what it
/// shows, whatever else the event has.
fn runs(
    statement: &mut Query<'_>,
    from: &'static str,
    page: &PageOf,
    more: impl Fn(&mut Query<'_>),
) {
    let deleted = page.deleted.map_or(vec![false, true], |one| vec![one]);
    let most = i64::from(page.most);
    statement.push("SELECT id FROM (SELECT 0 AS id WHERE 1 = 0");
    for tlp in labels(page.mask) {
        for deleted in &deleted {
            statement.push(" UNION ALL SELECT id FROM (SELECT id FROM ");
            statement.push(from).push(" WHERE event = ");
            statement.push_bind(page.event);
            more(statement);
            statement.push(" AND deleted = ").push_bind(*deleted);
            statement.push(" AND tlp = ").push_bind(tlp);
            statement.push(" AND id > ").push_bind(page.after);
            if let Some(to_ids) = page.to_ids {
                statement.push(" AND to_ids = ").push_bind(to_ids);
            }
            statement.push(" ORDER BY id LIMIT ").push_bind(most);
            statement.push(") AS run");
        }
    }
    statement
        .push(") AS runs ORDER BY id LIMIT ")
        .push_bind(most);
}

/// How many attributes and objects of each label an event has that were not taken back.
pub(crate) type Counts = Vec<(i32, i64, i64)>;

/// The counts of events.
pub(crate) async fn counts(tx: &mut Tx, events: &[i64]) -> Result<HashMap<i64, Counts>, DbError> {
    let mut statement =
        query("SELECT event, tlp, attributes, objects FROM misp_event_count WHERE event IN (");
    statement.push_list(events.iter().copied()).push(")");
    let rows: Vec<(i64, i32, i64, i64)> = statement.fetch_all(tx).await?;
    let mut counts: HashMap<i64, Counts> = events.iter().map(|id| (*id, Vec::new())).collect();
    for (event, tlp, attributes, objects) in rows {
        let of_event = counts.entry(event).or_default();
        of_event.push((tlp, attributes, objects));
    }
    Ok(counts)
}

/// Sightings of one attribute that are counted; more are not looked at.
pub(crate) const SIGHTINGS_COUNTED_MAX: i64 = 1_000;

/// How often each of these attributes was seen, said to be no threat, and said to be a threat no more.
pub(crate) async fn sighted(
    tx: &mut Tx,
    attributes: &[i64],
) -> Result<Vec<(i64, i64, i64, i64)>, DbError> {
    const SQL: db::dialect::Sql = db::dialect::Sql {
        sqlite: "SELECT w.value AS attribute, \
                 (SELECT count(*) FROM (SELECT s.type FROM misp_sighting AS s \
                 WHERE s.attribute = w.value LIMIT $2) AS c WHERE c.type = 0) AS seen, \
                 (SELECT count(*) FROM (SELECT s.type FROM misp_sighting AS s \
                 WHERE s.attribute = w.value LIMIT $2) AS c WHERE c.type = 1) AS wrong, \
                 (SELECT count(*) FROM (SELECT s.type FROM misp_sighting AS s \
                 WHERE s.attribute = w.value LIMIT $2) AS c WHERE c.type = 2) AS over \
                 FROM json_each($1) AS w",
        postgres: "SELECT w.attribute, count(*) FILTER (WHERE c.type = 0), \
                   count(*) FILTER (WHERE c.type = 1), count(*) FILTER (WHERE c.type = 2) \
                   FROM (SELECT CAST(value AS bigint) AS attribute \
                   FROM json_array_elements_text(CAST($1 AS json)) AS t(value)) AS w \
                   CROSS JOIN LATERAL (SELECT s.type FROM misp_sighting AS s \
                   WHERE s.attribute = w.attribute LIMIT $2) AS c GROUP BY w.attribute",
    };
    let statement = query(SQL.on(tx)).bind(json!(attributes).to_string());
    let statement = statement.bind(SIGHTINGS_COUNTED_MAX);
    let rows: Vec<(i64, i64, i64, i64)> = statement.fetch_all(tx).await?;
    let some = |row: &(i64, i64, i64, i64)| row.1 + row.2 + row.3 > 0;
    Ok(rows.into_iter().filter(some).collect())
}

#[cfg(test)]
mod tests;
