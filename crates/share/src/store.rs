//! SQL of sharing: what others are told in [`out`], what others tell in [`into`].

pub(crate) mod into;
pub(crate) mod item;
pub(crate) mod out;

use db::{Corrupt, DbError};
use seal::Digest;

use crate::model::Tally;

fn tally(items: i64, sum: &[u8], of: (&'static str, &str)) -> Result<Tally, DbError> {
    let corrupt = |column| Corrupt::new(of.0, column, &of.1);
    let sum = <[u8; 32]>::try_from(sum).map_err(|_length| corrupt("sum"))?;
    Ok(Tally {
        items: u64::try_from(items).map_err(|_negative| corrupt("items"))?,
        sum: Digest::from_bytes(sum),
    })
}

fn count(tally: &Tally) -> i64 {
    i64::try_from(tally.items).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
