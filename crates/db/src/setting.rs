//! Small facts that a node remembers about itself, by name.

use sqlx::{query, query_as};

use crate::{DbError, Tx, on};

/// The value under a name.
pub async fn read(tx: &mut Tx, name: &str) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT value FROM setting WHERE name = $1";
    let row: Option<(String,)> =
        on!(tx, conn => query_as(SQL).bind(name).fetch_optional(conn).await)?;
    Ok(row.map(|(value,)| value))
}

/// Sets the value under a name.
pub async fn write(tx: &mut Tx, name: &str, value: &str) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    on!(tx, conn => query(SQL).bind(name).bind(value).execute(conn).await.map(drop))?;
    Ok(())
}
