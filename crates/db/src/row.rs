//! What a statement gives back, of whichever engine.

use sqlx::{ColumnIndex, Row as _, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::DbError;

/// One row.
pub struct Row(Inner);

enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").finish_non_exhaustive()
    }
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self(Inner::Sqlite(row))
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self(Inner::Postgres(row))
    }
}

impl Row {
    /// The value of the column with that name.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, DbError> {
        T::read(self, At::Name(name))
    }

    /// The value of a column by its place, from 0.
    pub fn at<T: Column>(&self, place: usize) -> Result<T, DbError> {
        T::read(self, At::Place(place))
    }
}

/// What a row becomes. Tuples take the columns by their place; [`row!`](crate::row) makes a
/// `struct` that takes them by the names of its fields.
pub trait FromRow: Sized {
    /// Reads it.
    fn from_row(row: &Row) -> Result<Self, DbError>;
}

/// A type that both engines have.
pub trait Column: Sized {
    #[doc(hidden)]
    fn read(row: &Row, at: At<'_>) -> Result<Self, DbError>;
}

/// Which column.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum At<'n> {
    Name(&'n str),
    Place(usize),
}

/// As errors name a column.
impl std::fmt::Debug for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Place(place) => write!(f, "{place}"),
        }
    }
}

impl ColumnIndex<SqliteRow> for At<'_> {
    fn index(&self, row: &SqliteRow) -> Result<usize, sqlx::Error> {
        match self {
            Self::Name(name) => name.index(row),
            Self::Place(place) => place.index(row),
        }
    }
}

impl ColumnIndex<PgRow> for At<'_> {
    fn index(&self, row: &PgRow) -> Result<usize, sqlx::Error> {
        match self {
            Self::Name(name) => name.index(row),
            Self::Place(place) => place.index(row),
        }
    }
}

macro_rules! column {
    ($($type:ty),+ $(,)?) => {
        $(
            impl Column for Option<$type> {
                fn read(row: &Row, at: At<'_>) -> Result<Self, DbError> {
                    Ok(match &row.0 {
                        Inner::Sqlite(row) => row.try_get(at)?,
                        Inner::Postgres(row) => row.try_get(at)?,
                    })
                }
            }

            // Left to itself, SQLite makes an empty text or a zero of NULL.
            impl Column for $type {
                fn read(row: &Row, at: At<'_>) -> Result<Self, DbError> {
                    let value: Option<$type> = Column::read(row, at)?;
                    value.ok_or_else(|| null(at))
                }
            }
        )+
    };
}

column!(bool, i32, i64, String, Vec<u8>, Uuid);

fn null(at: At<'_>) -> DbError {
    DbError::from(sqlx::Error::ColumnDecode {
        index: format!("{at:?}"),
        source: Box::new(sqlx::error::UnexpectedNullError),
    })
}

macro_rules! tuple {
    ($($type:ident $place:literal),+) => {
        impl<$($type: Column),+> FromRow for ($($type,)+) {
            fn from_row(row: &Row) -> Result<Self, DbError> {
                Ok(($(row.at::<$type>($place)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// Makes a `struct` of columns: a field a column, by its name.
///
/// ```
/// db::row! {
///     struct JobRow {
///         kind: String,
///         attempts: i64,
///     }
/// }
/// # async fn example(tx: &mut db::Tx) -> Result<(), db::DbError> {
/// let jobs: Vec<JobRow> = db::query("SELECT kind, attempts FROM job").fetch_all(tx).await?;
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type),+
        }

        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> Result<Self, $crate::DbError> {
                Ok(Self {
                    $($field: row.get(stringify!($field))?),+
                })
            }
        }
    };
}
