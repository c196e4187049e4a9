//! SQL of taxonomies, and of the classes of incidents.

mod walk;

use db::{Corrupt, DbError, Tx, Value, query};
use kernel::{IncidentId, Timestamp};

use super::{CLASSES_MAX, Class, Entry, Name, TAXONOMIES_MAX, Taxonomy, Version};

use crate::store::classed;

pub(crate) use walk::{delete as delete_walk, insert as insert_walk, row, rows, walks};

const _: () = assert!(
    TAXONOMIES_MAX == 1_000 && CLASSES_MAX == 100,
    "what can be written can be read"
);

/// Gives incidents classes.
const ADD: &str = "INSERT INTO incident_class (incident, taxonomy, version, code, name)";

db::row! {
    struct TaxonomyRow {
        number: i64,
        name: String,
        version: String,
        title: String,
        source: Option<String>,
        licence: Option<String>,
        entries: i64,
        imported_by: String,
        imported_at: i64,
    }
}

db::row! {
    struct EntryRow {
        ordinal: i64,
        code: String,
        parent: Option<String>,
        name: String,
        about: Option<String>,
    }
}

/// Lets nobody else import or take out a taxonomy or a cross-walk before the transaction ends, so that what
/// is here does not change between the look and the writing. SQLite has one writer.
pub(crate) async fn hold(tx: &mut Tx) -> Result<(), DbError> {
    const HOLD: db::dialect::Sql = db::dialect::Sql {
        sqlite: "SELECT 1",
        postgres: "LOCK TABLE taxonomy, crosswalk IN SHARE ROW EXCLUSIVE MODE",
    };
    query(HOLD.on(tx)).execute(tx).await?;
    Ok(())
}

/// The taxonomies, the first imported first, each with its number.
pub(crate) async fn taxonomies(tx: &mut Tx) -> Result<Vec<(i64, Taxonomy)>, DbError> {
    const SQL: &str = "SELECT number, name, version, title, source, licence, entries, imported_by, \
                       imported_at FROM taxonomy ORDER BY number LIMIT 1000";
    let rows: Vec<TaxonomyRow> = query(SQL).fetch_all(tx).await?;
    let taxonomy = |row: TaxonomyRow| {
        let corrupt = |column| Corrupt::new("taxonomy", column, &row.number);
        let unfit = |column| move |_broken: crate::model::Invalid| corrupt(column);
        let one = Taxonomy {
            name: row.name.parse().map_err(unfit("name"))?,
            version: row.version.parse().map_err(unfit("version"))?,
            title: row.title,
            source: row.source,
            licence: row.licence,
            entries: row.entries,
            imported: Some((row.imported_by, Timestamp::from_micros(row.imported_at))),
        };
        Ok((row.number, one))
    };
    rows.into_iter().map(taxonomy).collect()
}

/// Writes a taxonomy and its entries.
pub(crate) async fn insert(
    tx: &mut Tx,
    taxonomy: &Taxonomy,
    entries: &[Entry],
    (by, at): (&str, Timestamp),
) -> Result<(), DbError> {
    const ENTRIES: &str =
        "INSERT INTO taxonomy_entry (taxonomy, ordinal, code, parent, name, about, folded)";
    const SQL: &str = "INSERT INTO taxonomy (number, name, version, title, source, licence, entries, \
                       imported_by, imported_at) VALUES ((SELECT coalesce(max(number), 0) + 1 \
                       FROM taxonomy), $1, $2, $3, $4, $5, $6, $7, $8) RETURNING number";
    let sql = query(SQL)
        .bind(taxonomy.name.as_str())
        .bind(taxonomy.version.as_str())
        .bind(taxonomy.title.as_str())
        .bind(taxonomy.source.clone())
        .bind(taxonomy.licence.clone())
        .bind(taxonomy.entries);
    let (number,): (i64,) = sql.bind(by).bind(at.as_micros()).fetch_one(tx).await?;
    let rows = (1_i64..)
        .zip(entries)
        .map(|(ordinal, entry)| -> [Value<'_>; 7] {
            [
                number.into(),
                ordinal.into(),
                entry.code.to_string().into(),
                entry.parent.as_ref().map(ToString::to_string).into(),
                entry.name.to_string().into(),
                entry.about.as_ref().map(ToString::to_string).into(),
                entry.folded().into(),
            ]
        });
    db::rows((ENTRIES, ""), rows).insert(tx).await
}

/// Takes a taxonomy out, with its entries.
pub(crate) async fn delete(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM taxonomy WHERE number = $1";
    query(SQL).bind(number).execute(tx).await?;
    Ok(())
}

/// The entries of a taxonomy behind an ordinal whose code or name has a text in small letters.
pub(crate) async fn entries(
    tx: &mut Tx,
    number: i64,
    (text, after, most): (&str, i64, i64),
) -> Result<Vec<(i64, Entry)>, DbError> {
    const SQL: &str = "SELECT ordinal, code, parent, name, about FROM taxonomy_entry \
                       WHERE taxonomy = $1 AND ordinal > $2 AND folded LIKE $3 ESCAPE '!' \
                       ORDER BY ordinal LIMIT $4";
    let escaped = text
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    let sql = query(SQL).bind(number).bind(after);
    let sql = sql.bind(format!("%{escaped}%")).bind(most);
    let rows: Vec<EntryRow> = sql.fetch_all(tx).await?;
    rows.into_iter().map(|row| entry(number, row)).collect()
}

/// An entry by its code.
pub(crate) async fn entry_of(
    tx: &mut Tx,
    number: i64,
    code: &str,
) -> Result<Option<Entry>, DbError> {
    const SQL: &str = "SELECT ordinal, code, parent, name, about FROM taxonomy_entry \
                       WHERE taxonomy = $1 AND code = $2";
    let row: Option<EntryRow> = query(SQL)
        .bind(number)
        .bind(code)
        .fetch_optional(tx)
        .await?;
    let read = row.map(|row| entry(number, row)).transpose()?;
    Ok(read.map(|(_, entry)| entry))
}

fn entry(number: i64, row: EntryRow) -> Result<(i64, Entry), DbError> {
    let unfit = |_broken: crate::model::Invalid| Corrupt::new("taxonomy_entry", "code", &number);
    let optional = |text: Option<String>| text.map(|text| text.parse()).transpose();
    let about = row.about.map(|text| text.parse()).transpose();
    let entry = Entry {
        code: row.code.parse().map_err(unfit)?,
        parent: optional(row.parent).map_err(unfit)?,
        name: row.name.parse().map_err(unfit)?,
        about: about.map_err(unfit)?,
    };
    Ok((row.ordinal, entry))
}

/// How many incidents have classes of a version of a taxonomy.
pub(crate) async fn used(tx: &mut Tx, name: &Name, version: &Version) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(DISTINCT incident) FROM incident_class \
                       WHERE taxonomy = $1 AND version = $2";
    let sql = query(SQL).bind(name.as_str()).bind(version.as_str());
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// The classes of an incident.
pub(crate) async fn classes(tx: &mut Tx, id: IncidentId) -> Result<Vec<Class>, DbError> {
    const SQL: &str = "SELECT taxonomy, version, code, name FROM incident_class \
                       WHERE incident = $1 ORDER BY taxonomy, version, code LIMIT 1000";
    let rows: Vec<(String, String, String, String)> =
        query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let unfit = |_broken: crate::model::Invalid| Corrupt::new("incident_class", "code", &id);
    let class = |(taxonomy, version, code, name): (String, String, String, String)| {
        Ok(Class {
            taxonomy: taxonomy.parse().map_err(unfit)?,
            version: version.parse().map_err(unfit)?,
            code: code.parse().map_err(unfit)?,
            name: name.parse().map_err(unfit)?,
        })
    };
    rows.into_iter().map(class).collect()
}

/// Gives an incident a class.
pub(crate) async fn add_class(tx: &mut Tx, id: IncidentId, class: &Class) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_class (incident, taxonomy, version, code, name) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let sql = query(SQL).bind(id.uuid()).bind(class.taxonomy.as_str());
    let sql = sql.bind(class.version.as_str()).bind(class.code.as_str());
    sql.bind(class.name.as_str()).execute(tx).await?;
    classed::place(tx, id).await
}

/// Takes a class from an incident; false where it has none such.
pub(crate) async fn drop_class(
    tx: &mut Tx,
    id: IncidentId,
    class: (&Name, &Version, &str),
) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM incident_class \
                       WHERE incident = $1 AND taxonomy = $2 AND version = $3 AND code = $4";
    let sql = query(SQL).bind(id.uuid()).bind(class.0.as_str());
    let sql = sql.bind(class.1.as_str()).bind(class.2);
    let dropped = sql.execute(tx).await? == 1;
    classed::place(tx, id).await?;
    Ok(dropped)
}

/// The classes of an incident, in place of those that it has.
pub(crate) async fn replace(tx: &mut Tx, id: IncidentId, all: &[Class]) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM incident_class WHERE incident = $1";
    let dropped = query(SQL).bind(id.uuid()).execute(tx).await?;
    if dropped == 0 && all.is_empty() {
        return Ok(());
    }
    let rows = all.iter().map(|class| -> [Value<'_>; 5] {
        [
            id.uuid().into(),
            class.taxonomy.as_str().into(),
            class.version.as_str().into(),
            class.code.as_str().into(),
            class.name.as_str().into(),
        ]
    });
    db::rows((ADD, " ON CONFLICT DO NOTHING"), rows)
        .insert(tx)
        .await?;
    classed::place(tx, id).await
}
