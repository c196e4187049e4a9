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
pub(crate) mod similar;
pub(crate) mod stix;
pub(crate) mod tag;
pub(crate) mod write;

use db::{DbError, Tx, query};
use kernel::Rng;

use crate::steps::Steps;

/// Takes numbers of a kind, in their order, with steps of chance between: who sees some of them learns
/// from their distance nothing of what he does not see.
pub(crate) async fn take_scattered(
    tx: &mut Tx,
    rng: &dyn Rng,
    name: &str,
    count: usize,
) -> Result<Vec<i64>, DbError> {
    let mut steps = Steps::new(rng);
    let mut sum = 0;
    let offsets: Vec<i64> = (0..count)
        .map(|_| {
            sum += steps.next();
            sum
        })
        .collect();
    let all = usize::try_from(sum).unwrap_or(usize::MAX);
    let before = take_numbers(tx, name, all).await? - 1;
    Ok(offsets.into_iter().map(|offset| before + offset).collect())
}

/// Takes one number as [`take_scattered`] does.
pub(crate) async fn take_number(tx: &mut Tx, rng: &dyn Rng, name: &str) -> Result<i64, DbError> {
    let step = Steps::new(rng).next();
    let first = take_numbers(tx, name, usize::try_from(step).unwrap_or(1)).await?;
    Ok(first + step - 1)
}

/// Takes numbers of a kind; gives the first of them. One that was given and committed is never given
/// again.
pub(crate) async fn take_numbers(tx: &mut Tx, name: &str, count: usize) -> Result<i64, DbError> {
    const SQL: &str = "UPDATE misp_counter SET last = last + $2 WHERE name = $1 RETURNING last";
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let statement = query(SQL).bind(name).bind(count);
    let (last,): (i64,) = statement.fetch_one(tx).await?;
    Ok(last - count + 1)
}
