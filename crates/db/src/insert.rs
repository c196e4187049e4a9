//! Inserting many rows with few statements.

use crate::{DbError, Query, Tx, Value, query};

/// How many values one statement carries: SQLite takes 32,766 and PostgreSQL 65,535, and neither
/// gets faster beyond a few thousand.
const VALUES_MAX: usize = 4_096;

/// Rows that are to be inserted, as many with one statement as fit.
///
/// ```
/// # async fn example(tx: &mut db::Tx) -> Result<(), db::DbError> {
/// const BEFORE: &str = "INSERT INTO setting (name, value) VALUES ";
/// let rows = [["zone".into(), "UTC".into()], ["language".into(), "ar".into()]];
/// db::rows((BEFORE, " ON CONFLICT DO NOTHING"), rows).insert(tx).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "rows are there once they are inserted"]
pub struct Rows<'q>(Vec<Query<'q>>);

/// Rows of one length. `before` is the text up to and with `VALUES`, and `after` what follows the rows,
/// such as `ON CONFLICT DO NOTHING`.
pub fn rows<'q, R: IntoIterator<Item = Value<'q>>>(
    (before, after): (&'static str, &'static str),
    rows: impl IntoIterator<Item = R>,
) -> Rows<'q> {
    let mut all: Vec<Query<'q>> = Vec::new();
    let mut room = 0;
    for row in rows {
        let row: Vec<Value<'q>> = row.into_iter().collect();
        let fits = row.len() <= room;
        room = if fits { room } else { VALUES_MAX }.saturating_sub(row.len());
        let sql = match all.last_mut().filter(|_| fits) {
            Some(sql) => sql.push(", ("),
            None => all.push_mut(query(before)).push("("),
        };
        sql.push_list(row).push(")");
    }
    for sql in &mut all {
        sql.push(after);
    }
    Rows(all)
}

impl Rows<'_> {
    /// Inserts them. Where there are none, nothing is sent.
    pub async fn insert(self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in self.0 {
            statement.execute(tx).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(count: i64) -> Vec<String> {
        let rows = (0..count).map(|number| [number.into(), Value::Text(None)]);
        let all = super::rows(("INSERT INTO t (a, b) VALUES ", " RETURNING a"), rows).0;
        all.iter().map(|one| format!("{one:?}")).collect()
    }

    #[test]
    fn rows_go_together_as_far_as_they_fit() {
        assert!(texts(0).is_empty());
        let whole = "VALUES ($1, $2), ($3, $4) RETURNING a\", values: 4 }";
        assert!(texts(2)[0].ends_with(whole), "{:?}", texts(2));
        let many = texts(2_049);
        assert_eq!(many.len(), 2);
        assert!(many[0].ends_with("values: 4096 }"));
        assert!(many[1].ends_with("VALUES ($1, $2) RETURNING a\", values: 2 }"));
    }
}
