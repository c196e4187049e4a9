//! Inserting many rows with few statements.

use std::{fmt, iter};

use sqlx::{
    Arguments as _, AssertSqlSafe, SqlSafeStr as _, SqlStr, Sqlite, error::BoxDynError,
    postgres::PgArguments, sqlite::SqliteArguments,
};

use crate::{DbError, Query, Tx, Value, query};

/// How many values one statement carries to SQLite, which takes 32,766 and gets no faster beyond a
/// few thousand.
const VALUES_MAX: usize = 4_096;
/// The same for PostgreSQL, where each column is one value however many rows there are: as many as do
/// not matter to the memory of either side.
const CELLS_MAX: usize = 32_768;

/// Rows that are to be inserted, as many with one statement as fit.
///
/// ```
/// # async fn example(tx: &mut db::Tx) -> Result<(), db::DbError> {
/// const INTO: &str = "INSERT INTO setting (name, value)";
/// let rows = [["zone".into(), "UTC".into()], ["language".into(), "ar".into()]];
/// db::rows((INTO, " ON CONFLICT DO NOTHING"), rows).insert(tx).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "rows are there once they are inserted"]
pub struct Rows<'q> {
    into: &'static str,
    after: &'static str,
    all: Vec<Row<'q>>,
}

/// Shows where they go and how many there are, never a value: it may be a secret.
impl fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("into", &self.into)
            .field("rows", &self.all.len())
            .finish()
    }
}

type Row<'q> = Vec<Value<'q>>;

/// Rows of one length, whose values have the same type in each column. `into` names the table and its
/// columns, and `after` is what follows the rows, such as `ON CONFLICT DO NOTHING`.
pub fn rows<'q, R: IntoIterator<Item = Value<'q>>>(
    (into, after): (&'static str, &'static str),
    rows: impl IntoIterator<Item = R>,
) -> Rows<'q> {
    let rows = rows.into_iter().map(|row| row.into_iter().collect());
    Rows {
        into,
        after,
        all: rows.collect(),
    }
}

/// A statement as an engine takes it.
type Ready<A> = Result<(SqlStr, A), sqlx::Error>;

impl Rows<'_> {
    /// Inserts them. Where there are none, nothing is sent.
    pub async fn insert(self, tx: &mut Tx) -> Result<(), DbError> {
        tx.inner().insert(self).await
    }

    /// SQLite's way: a place for each value.
    pub(crate) fn places(self) -> impl Iterator<Item = Ready<SqliteArguments>> {
        let (into, after) = (self.into, self.after);
        parts(self.all, VALUES_MAX).map(move |part| places((into, after), part).ready::<Sqlite>())
    }

    /// PostgreSQL's way: a place for each column, so that the text is the same however many rows there
    /// are, and is parsed and planned once for a connection.
    pub(crate) fn columns(self) -> impl Iterator<Item = Ready<PgArguments>> {
        let (into, after) = (self.into, self.after);
        parts(self.all, CELLS_MAX).map(move |part| columns((into, after), &part))
    }
}

/// As many rows at a time as have at most so many values, and at least one.
fn parts<'q>(rows: Vec<Row<'q>>, values_max: usize) -> impl Iterator<Item = Vec<Row<'q>>> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    let count = (values_max / width).max(1);
    let mut rows = rows.into_iter();
    iter::from_fn(move || {
        let part: Vec<Row<'q>> = rows.by_ref().take(count).collect();
        (!part.is_empty()).then_some(part)
    })
}

fn places<'q>((into, after): (&'static str, &'static str), part: Vec<Row<'q>>) -> Query<'q> {
    let mut sql = query(into);
    for (number, row) in part.into_iter().enumerate() {
        sql.push(if number == 0 { " VALUES (" } else { ", (" });
        sql.push_list(row).push(")");
    }
    sql.push(after);
    sql
}

fn columns((into, after): (&str, &str), part: &[Row<'_>]) -> Ready<PgArguments> {
    let (mut places, mut names) = (Vec::new(), Vec::new());
    let mut values = PgArguments::default();
    for (number, first) in (1..).zip(part.first().into_iter().flatten()) {
        let cells = part.iter().filter_map(|row| row.get(number - 1));
        let kind = add_column(&mut values, first, cells).map_err(sqlx::Error::Encode)?;
        places.push(format!("${number}::{kind}[]"));
        names.push(format!("c{number}"));
    }
    let (places, names) = (places.join(", "), names.join(", "));
    // Text of the program and numbers.
    let text = format!("{into} SELECT {names} FROM unnest({places}) AS new ({names}){after}");
    Ok((AssertSqlSafe(text).into_sql_str(), values))
}

/// Adds the cells of a column as one value and gives the name of their type.
fn add_column<'a>(
    values: &mut PgArguments,
    first: &Value<'_>,
    cells: impl Iterator<Item = &'a Value<'a>>,
) -> Result<&'static str, BoxDynError> {
    macro_rules! column {
        ($variant:ident, $kind:literal, $cell:ident => $made:expr) => {{
            let cells = cells.map(|cell| match cell {
                Value::$variant($cell) => Ok($made),
                _ => Err("a column of rows has values of two types"),
            });
            values.add(cells.collect::<Result<Vec<_>, _>>()?)?;
            Ok($kind)
        }};
    }
    match first {
        Value::Boolean(_) => column!(Boolean, "bool", cell => *cell),
        Value::Small(_) => column!(Small, "int4", cell => *cell),
        Value::Integer(_) => column!(Integer, "int8", cell => *cell),
        Value::Text(_) => column!(Text, "text", cell => cell.as_deref()),
        Value::Bytes(_) => column!(Bytes, "bytea", cell => cell.as_deref()),
        Value::Id(_) => column!(Id, "uuid", cell => *cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(count: i64) -> Rows<'static> {
        let rows = (0..count).map(|number| [number.into(), Value::Text(None)]);
        super::rows(("INSERT INTO t (a, b)", " RETURNING a"), rows)
    }

    fn texts<A>(ready: impl Iterator<Item = Ready<A>>) -> Vec<String> {
        let text = |one: Ready<A>| one.unwrap().0.as_str().to_owned();
        ready.map(text).collect()
    }

    #[test]
    fn rows_go_together_as_far_as_they_fit() {
        assert!(texts(all(0).places()).is_empty());
        let two = texts(all(2).places());
        let whole = "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) RETURNING a";
        assert_eq!(two, [whole]);
        let many = texts(all(2_049).places());
        assert_eq!(many.len(), 2);
        assert_eq!(many[0].matches('?').count(), 4_096);
        assert!(many[1].ends_with("VALUES ($1, $2) RETURNING a"));
    }

    #[test]
    fn columns_have_one_text_for_any_number_of_rows() {
        assert!(texts(all(0).columns()).is_empty());
        let whole = "INSERT INTO t (a, b) SELECT c1, c2 \
                     FROM unnest($1::int8[], $2::text[]) AS new (c1, c2) RETURNING a";
        assert_eq!(texts(all(1).columns()), [whole]);
        assert_eq!(texts(all(16_385).columns()), [whole, whole]);
    }

    #[test]
    fn a_column_of_two_types_is_refused() {
        let rows = rows(("INSERT INTO t (a)", ""), [[1_i64.into()], ["1".into()]]);
        let refused = rows.columns().next().unwrap();
        assert!(refused.is_err_and(|error| error.to_string().contains("two types")));
    }
}
