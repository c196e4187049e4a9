use db::{DbError, Tx, query};

/// The model of a collection, with its version; nothing where none was chosen.
pub(crate) async fn find(tx: &mut Tx, slot: i64) -> Result<Option<(i64, String)>, DbError> {
    const SQL: &str = "SELECT version, model FROM collection_decay WHERE slot = $1";
    query(SQL).bind(slot).fetch_optional(tx).await
}

/// Writes the model that follows the one of `version`; 0 stands for none. False if that has changed.
pub(crate) async fn set(
    tx: &mut Tx,
    slot: i64,
    version: i64,
    model: &str,
) -> Result<bool, DbError> {
    const NEW: &str = "INSERT INTO collection_decay (slot, version, model) VALUES ($1, 1, $2) \
                       ON CONFLICT (slot) DO NOTHING";
    const SQL: &str = "UPDATE collection_decay SET version = version + 1, model = $2 \
                       WHERE slot = $1 AND version = $3";
    let written = if version == 0 {
        query(NEW).bind(slot).bind(model).execute(tx).await?
    } else {
        let statement = query(SQL).bind(slot).bind(model);
        statement.bind(version).execute(tx).await?
    };
    Ok(written == 1)
}
