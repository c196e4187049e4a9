//! SQL of cross-walks.

use db::{Corrupt, DbError, Tx, Value, query};
use kernel::Timestamp;

use crate::{
    model::Invalid,
    taxonomy::{Walk, WalkRow},
};

db::row! {
    struct Head {
        number: i64,
        name: String,
        version: String,
        from_name: String,
        from_version: Option<String>,
        to_name: String,
        to_version: Option<String>,
        source: Option<String>,
        licence: Option<String>,
        entries: i64,
        imported_by: String,
        imported_at: i64,
    }
}

/// From, to, relation, note.
type Row = (String, String, String, Option<String>);

/// The cross-walks, the first imported first, each with its number.
pub(crate) async fn walks(tx: &mut Tx) -> Result<Vec<(i64, Walk)>, DbError> {
    const SQL: &str = "SELECT number, name, version, from_name, from_version, to_name, to_version, \
                       source, licence, entries, imported_by, imported_at FROM crosswalk \
                       ORDER BY number LIMIT 1000";
    let rows: Vec<Head> = query(SQL).fetch_all(tx).await?;
    let walk = |row: Head| {
        let number = row.number;
        let unfit = |_broken: Invalid| Corrupt::new("crosswalk", "name", &number);
        let version = |text: Option<String>| text.map(|text| text.parse()).transpose();
        let one = Walk {
            name: row.name.parse().map_err(unfit)?,
            version: row.version.parse().map_err(unfit)?,
            from: (
                row.from_name.parse().map_err(unfit)?,
                version(row.from_version).map_err(unfit)?,
            ),
            to: (
                row.to_name.parse().map_err(unfit)?,
                version(row.to_version).map_err(unfit)?,
            ),
            source: row.source,
            licence: row.licence,
            rows: row.entries,
            imported: Some((row.imported_by, Timestamp::from_micros(row.imported_at))),
        };
        Ok((number, one))
    };
    rows.into_iter().map(walk).collect()
}

/// Writes a cross-walk and its rows.
pub(crate) async fn insert(
    tx: &mut Tx,
    walk: &Walk,
    rows: &[WalkRow],
    (by, at): (&str, Timestamp),
) -> Result<(), DbError> {
    const ROWS: &str = "INSERT INTO crosswalk_row (crosswalk, from_code, to_code, relation, note)";
    const SQL: &str = "INSERT INTO crosswalk (number, name, version, from_name, from_version, \
                       to_name, to_version, source, licence, entries, imported_by, imported_at) \
                       VALUES ((SELECT coalesce(max(number), 0) + 1 FROM crosswalk), $1, $2, $3, $4, \
                       $5, $6, $7, $8, $9, $10, $11) RETURNING number";
    let text = |version: &Option<super::Version>| version.as_ref().map(ToString::to_string);
    let sql = query(SQL)
        .bind(walk.name.as_str())
        .bind(walk.version.as_str())
        .bind(walk.from.0.as_str())
        .bind(text(&walk.from.1))
        .bind(walk.to.0.as_str())
        .bind(text(&walk.to.1))
        .bind(walk.source.clone())
        .bind(walk.licence.clone())
        .bind(walk.rows);
    let (number,): (i64,) = sql.bind(by).bind(at.as_micros()).fetch_one(tx).await?;
    let rows = rows.iter().map(|row| -> [Value<'_>; 5] {
        [
            number.into(),
            row.from.to_string().into(),
            row.to.to_string().into(),
            row.relation.as_str().into(),
            row.note.as_ref().map(ToString::to_string).into(),
        ]
    });
    db::rows((ROWS, ""), rows).insert(tx).await
}

/// Takes a cross-walk out, with its rows.
pub(crate) async fn delete(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM crosswalk WHERE number = $1";
    query(SQL).bind(number).execute(tx).await?;
    Ok(())
}

/// All rows of a cross-walk.
pub(crate) async fn rows(tx: &mut Tx, number: i64) -> Result<Vec<WalkRow>, DbError> {
    const SQL: &str = "SELECT from_code, to_code, relation, note FROM crosswalk_row \
                       WHERE crosswalk = $1 ORDER BY from_code, to_code LIMIT 20000";
    let rows: Vec<Row> = query(SQL).bind(number).fetch_all(tx).await?;
    rows.into_iter().map(|one| read(number, one)).collect()
}

/// The rows of a cross-walk that lead from a code.
pub(crate) async fn row(tx: &mut Tx, number: i64, from: &str) -> Result<Vec<WalkRow>, DbError> {
    const SQL: &str = "SELECT from_code, to_code, relation, note FROM crosswalk_row \
                       WHERE crosswalk = $1 AND from_code = $2 ORDER BY to_code LIMIT 100";
    let rows: Vec<Row> = query(SQL).bind(number).bind(from).fetch_all(tx).await?;
    rows.into_iter().map(|one| read(number, one)).collect()
}

fn read(number: i64, (from, to, relation, note): Row) -> Result<WalkRow, DbError> {
    let unfit = |_broken: Invalid| Corrupt::new("crosswalk_row", "from_code", &number);
    Ok(WalkRow {
        from: from.parse().map_err(unfit)?,
        to: to.parse().map_err(unfit)?,
        relation: relation.parse().map_err(unfit)?,
        note: note.map(|note| note.parse()).transpose().map_err(unfit)?,
    })
}
