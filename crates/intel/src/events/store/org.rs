use db::{DbError, Tx, query};
use uuid::Uuid;

use crate::events::model::Org;

/// The organisation of somebody of this node.
pub(crate) async fn of_owner(tx: &mut Tx, owner: &str) -> Result<Option<Org>, DbError> {
    const SQL: &str = "SELECT id, uuid, name, owner FROM misp_org WHERE owner = $1";
    query(SQL).bind(owner).fetch_optional(tx).await
}

/// The organisation with this UUID.
pub(crate) async fn by_uuid(tx: &mut Tx, uuid: Uuid) -> Result<Option<Org>, DbError> {
    const SQL: &str = "SELECT id, uuid, name, owner FROM misp_org WHERE uuid = $1";
    query(SQL).bind(uuid).fetch_optional(tx).await
}

/// The organisation with this number.
pub(crate) async fn by_id(tx: &mut Tx, id: i64) -> Result<Option<Org>, DbError> {
    const SQL: &str = "SELECT id, uuid, name, owner FROM misp_org WHERE id = $1";
    query(SQL).bind(id).fetch_optional(tx).await
}

/// Writes a new organisation.
pub(crate) async fn insert(tx: &mut Tx, org: &Org) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_org (id, uuid, name, owner) VALUES ($1, $2, $3, $4)";
    let owner = org.owner.as_deref().map(str::to_owned);
    let statement = query(SQL).bind(org.id).bind(org.uuid);
    statement.bind(&org.name).bind(owner).execute(tx).await?;
    Ok(())
}

/// Organisations of this node, and those that made an event which is seen; by number.
pub(crate) async fn seen(tx: &mut Tx, seen: &[(i64, i32)]) -> Result<Vec<Org>, DbError> {
    let mut statement =
        query("SELECT id, uuid, name, owner FROM misp_org AS o WHERE o.owner = 'house'");
    if !seen.is_empty() {
        statement.push(" OR EXISTS (SELECT 1 FROM misp_event AS e WHERE e.orgc = o.id AND ");
        super::search::push_seen(&mut statement, seen, super::search::EVENT);
        statement.push(")");
    }
    statement.push(" ORDER BY id");
    statement.fetch_all(tx).await
}
