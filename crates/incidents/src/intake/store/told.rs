//! SQL of the reports that led to an incident.

use db::{DbError, Tx, query};
use kernel::IncidentRef;

/// The numbers of those that say anything still.
pub(in crate::intake) async fn told_of(
    tx: &mut Tx,
    incident: IncidentRef,
) -> Result<Vec<String>, DbError> {
    const SQL: &str = "SELECT reference FROM report WHERE incident = $1 AND answers IS NOT NULL";
    let rows: Vec<(String,)> = query(SQL).bind(incident.uuid()).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(reference,)| reference).collect())
}
