//! SQL of collections and objects. Roots and collections are in [`collection`], what they hold in
//! [`entry`], pages in [`page`], what was handed in in [`import`],
//! what objects are found by in [`value`] and [`reference`], servers of other makers in [`remote`] and exchanges with
//! them in [`run`].

pub(crate) mod collection;
pub(crate) mod common;
pub(crate) mod decay;
pub(crate) mod entry;
pub(crate) mod given;
pub(crate) mod import;
pub(crate) mod library;
pub(crate) mod mark;
pub(crate) mod page;
pub(crate) mod reference;
pub(crate) mod remote;
pub(crate) mod run;
pub(crate) mod sighting;
pub(crate) mod upload;
pub(crate) mod value;
pub(crate) mod warninglist;

use db::{DbError, Tx, dialect, query};

/// The newest place of the node, locked until the transaction ends, so that places are committed in
/// their order and nobody who reads passes over one that comes later.
pub(crate) async fn lock_place(tx: &mut Tx) -> Result<i64, DbError> {
    let mut statement = query("SELECT last FROM intel_place WHERE id = 1");
    statement.push(dialect::FOR_UPDATE.on(tx));
    let (last,): (i64,) = statement.fetch_one(tx).await?;
    Ok(last)
}

/// Moves the newest place on.
pub(crate) async fn move_place(tx: &mut Tx, last: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_place SET last = $1 WHERE id = 1";
    query(SQL).bind(last).execute(tx).await?;
    Ok(())
}
