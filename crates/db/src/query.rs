//! Statements: one text with its values, run on whichever engine the transaction belongs to.
//!
//! Nothing here depends on what a caller asks for, except the few lines that make its rows: a
//! statement is sent, and its rows are fetched, by code that is compiled once.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use kernel::Cursor;
use sqlx::{Arguments as _, AssertSqlSafe, Database, Encode, SqlSafeStr as _, SqlStr, Type};
use uuid::Uuid;

use crate::{DbError, FromRow, Tx};

/// A statement that is not run yet.
///
/// ```
/// # async fn example(tx: &mut db::Tx) -> Result<(), db::DbError> {
/// const COUNT: &str = "SELECT count(*) FROM job WHERE kind = $1";
/// let (count,): (i64,) = db::query(COUNT).bind("poll").fetch_one(tx).await?;
/// # Ok(())
/// # }
/// ```
///
/// A text that depends on the question is put together with [`push`](Self::push) and
/// [`push_bind`](Self::push_bind). Only text of the program itself gets into it.
#[must_use = "a statement does nothing until it is run"]
pub struct Query<'q> {
    text: Cow<'static, str>,
    values: Vec<Value<'q>>,
}

/// Shows the text and how many values there are, never a value: it may be a secret.
impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("text", &self.text)
            .field("values", &self.values.len())
            .finish()
    }
}

/// A value of a statement: the types that SQLite and PostgreSQL have for it.
#[non_exhaustive]
pub enum Value<'q> {
    /// `INTEGER` of 0 or 1, or `BOOLEAN`.
    Boolean(Option<bool>),
    /// `INTEGER`.
    Small(Option<i32>),
    /// `INTEGER` or `BIGINT`.
    Integer(Option<i64>),
    /// `TEXT`.
    Text(Option<Cow<'q, str>>),
    /// `BLOB` or `BYTEA`.
    Bytes(Option<Cow<'q, [u8]>>),
    /// `BLOB` of 16 bytes, or `UUID`.
    Id(Option<Uuid>),
}

/// A statement with this text.
pub const fn query<'q>(text: &'static str) -> Query<'q> {
    Query {
        text: Cow::Borrowed(text),
        values: Vec::new(),
    }
}

impl<'q> Query<'q> {
    /// Gives the next of `$1`, `$2`, … its value.
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Adds the place of a value, and the value.
    pub fn push_bind(&mut self, value: impl Into<Value<'q>>) -> &mut Self {
        self.values.push(value.into());
        // Writing to a string cannot fail.
        let _written = write!(self.text.to_mut(), "${}", self.values.len());
        self
    }

    /// Adds that rows of a list that is ordered by these columns, key and id, the largest first, come
    /// after the end of a page.
    pub fn push_after(
        &mut self,
        (key, id): (&'static str, &'static str),
        end: Option<Cursor>,
    ) -> &mut Self {
        if let Some(end) = end {
            self.push(" AND (").push(key).push(", ").push(id);
            self.push(") < (").push_bind(end.key);
            self.push(", ").push_bind(end.id).push(")");
        }
        self
    }

    /// Adds the places of values with commas between them, and the values.
    pub fn push_list<V: Into<Value<'q>>>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        for (number, value) in values.into_iter().enumerate() {
            if number > 0 {
                self.push(", ");
            }
            self.push_bind(value);
        }
        self
    }

    /// Runs it and gives the number of rows that it wrote.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64, DbError> {
        Ok(tx.inner().run(self).await?.rows)
    }

    /// Runs it and gives the key of the row that it inserted, which only SQLite tells unasked.
    pub async fn insert(self, tx: &mut Tx) -> Result<Option<i64>, DbError> {
        Ok(tx.inner().run(self).await?.key)
    }

    /// Its rows, in their order.
    pub async fn fetch_all<T: FromRow>(self, tx: &mut Tx) -> Result<Vec<T>, DbError> {
        let rows = tx.inner().rows(self).await?;
        rows.iter().map(T::from_row).collect()
    }

    /// Its first row, if it has one.
    pub async fn fetch_optional<T: FromRow>(self, tx: &mut Tx) -> Result<Option<T>, DbError> {
        let row = tx.inner().row(self).await?;
        row.as_ref().map(T::from_row).transpose()
    }

    /// Its first row; to have none is an error.
    pub async fn fetch_one<T: FromRow>(self, tx: &mut Tx) -> Result<T, DbError> {
        let row = tx.inner().row(self).await?;
        T::from_row(&row.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// The text and the values as an engine takes them.
    pub(crate) fn ready<E: Database>(self) -> Result<(SqlStr, E::Arguments), sqlx::Error>
    where
        Option<bool>: for<'v> Encode<'v, E> + Type<E>,
        Option<i32>: for<'v> Encode<'v, E> + Type<E>,
        Option<i64>: for<'v> Encode<'v, E> + Type<E>,
        Option<Uuid>: for<'v> Encode<'v, E> + Type<E>,
        for<'v> Option<&'v str>: Encode<'v, E> + Type<E>,
        for<'v> Option<&'v [u8]>: Encode<'v, E> + Type<E>,
    {
        let mut values = E::Arguments::default();
        for value in &self.values {
            match value {
                Value::Boolean(value) => values.add(*value),
                Value::Small(value) => values.add(*value),
                Value::Integer(value) => values.add(*value),
                Value::Text(value) => values.add(value.as_deref()),
                Value::Bytes(value) => values.add(value.as_deref()),
                Value::Id(value) => values.add(*value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        let text = match self.text {
            Cow::Borrowed(text) => text.into_sql_str(),
            // Put together by `push` alone, from text of the program.
            Cow::Owned(text) => {
                let nameless = (E::NAME == sqlx::Sqlite::NAME)
                    .then(|| nameless(&text, self.values.len()))
                    .flatten();
                AssertSqlSafe(nameless.unwrap_or(text)).into_sql_str()
            }
        };
        Ok((text, values))
    }
}

/// The text with `?` in the place of `$1`, `$2`, … where each of many stands once and in this order:
/// to SQLite those are names, and finding out which name each place has costs the square of their
/// number. Nothing where it is otherwise.
fn nameless(text: &str, count: usize) -> Option<String> {
    const MANY: usize = 16;
    if count < MANY {
        return None;
    }
    let mut whole = String::with_capacity(text.len());
    let mut pieces = text.split('$');
    whole.push_str(pieces.next()?);
    let mut found = 0_usize;
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at_checked(digits)?;
        if number.is_empty() {
            // A dollar of another kind, such as the root of a JSON path.
            whole.push('$');
        } else {
            found += 1;
            if number.parse() != Ok(found) {
                return None;
            }
            whole.push('?');
        }
        whole.push_str(rest);
    }
    (found == count).then_some(whole)
}

macro_rules! value_from {
    ($($type:ty => $variant:ident($value:ident => $made:expr)),+ $(,)?) => {
        $(
            impl<'q> From<$type> for Value<'q> {
                fn from($value: $type) -> Self {
                    Self::$variant(Some($made))
                }
            }

            impl<'q> From<Option<$type>> for Value<'q> {
                fn from(value: Option<$type>) -> Self {
                    Self::$variant(value.map(|$value| $made))
                }
            }
        )+
    };
}

value_from! {
    bool => Boolean(value => value),
    i32 => Small(value => value),
    i64 => Integer(value => value),
    Uuid => Id(value => value),
    String => Text(value => Cow::Owned(value)),
    &'q str => Text(value => Cow::Borrowed(value)),
    &'q String => Text(value => Cow::Borrowed(value.as_str())),
    Vec<u8> => Bytes(value => Cow::Owned(value)),
    &'q [u8] => Bytes(value => Cow::Borrowed(value)),
    &'q Vec<u8> => Bytes(value => Cow::Borrowed(value.as_slice())),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(count: i64) -> String {
        let mut sql = query("SELECT id FROM t WHERE a ->> '$.b' IN (");
        sql.push_list(0..count).push(")");
        sql.text.into_owned()
    }

    #[test]
    fn many_places_in_their_order_need_no_names() {
        let text = nameless(&list(20), 20).unwrap();
        assert_eq!(text.matches('?').count(), 20);
        assert!(text.starts_with("SELECT id FROM t WHERE a ->> '$.b' IN (?, ?,"));
        assert!(text.ends_with("?)"), "{text}");
    }

    #[test]
    fn places_that_come_again_or_are_few_keep_their_names() {
        assert_eq!(nameless(&list(3), 3), None);
        assert_eq!(nameless(&(list(20) + " AND b = $1"), 20), None);
        assert_eq!(nameless(&(list(20) + " AND b = $22"), 21), None);
        assert_eq!(nameless(&list(20), 21), None);
    }
}
