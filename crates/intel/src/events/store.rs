//! SQL of events. Writing is in [`write`], reading one by one in [`read`], pages of an event in [`page`],
//! of a collection in [`newest`], what has values in common in [`common`], searching in [`search`], indexes and exchanges in [`exchange`], what they are in STIX in [`stix`], tags in [`tag`], organisations in [`org`].

pub(crate) mod common;
pub(crate) mod exchange;
pub(crate) mod newest;
pub(crate) mod org;
pub(crate) mod page;
#[cfg(test)]
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod search;
pub(crate) mod stix;
pub(crate) mod tag;
pub(crate) mod write;

use db::{DbError, Tx, query};

/// Takes numbers of a kind; gives the first of them. One that was given and committed is never given
/// again.
pub(crate) async fn take_numbers(tx: &mut Tx, name: &str, count: usize) -> Result<i64, DbError> {
    const SQL: &str = "UPDATE misp_counter SET last = last + $2 WHERE name = $1 RETURNING last";
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let statement = query(SQL).bind(name).bind(count);
    let (last,): (i64,) = statement.fetch_one(tx).await?;
    Ok(last - count + 1)
}
