//! Small facts that a node remembers about itself, by name.

use crate::{DbError, Tx, query};

/// The value under a name.
pub async fn read(tx: &mut Tx, name: &str) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT value FROM setting WHERE name = $1";
    let row: Option<(String,)> = query(SQL).bind(name).fetch_optional(tx).await?;
    Ok(row.map(|(value,)| value))
}

/// Sets the value under a name.
pub async fn write(tx: &mut Tx, name: &str, value: &str) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    query(SQL).bind(name).bind(value).execute(tx).await?;
    Ok(())
}
