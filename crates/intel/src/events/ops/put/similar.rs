//! Attributes that say what an event says already.

use std::collections::HashSet;

use db::Tx;

use super::Work;
use crate::{
    Error,
    events::{
        model::Fault,
        parts::NewAttribute,
        store::{self, write::clean},
    },
};

/// Refuses what a user adds to an event that says it already, or says twice.
pub(super) async fn without(
    tx: &mut Tx,
    work: &mut Work<'_>,
    taken: Vec<NewAttribute>,
) -> Result<Vec<NewAttribute>, Error> {
    let is_new = |one: &NewAttribute| one.id == 0 && one.object == 0;
    let said = |one: &NewAttribute| {
        let record = &one.record;
        [&record.kind, &record.category, &record.value].map(|text| clean(text.as_deref()))
    };
    let all: Vec<_> = taken.iter().filter(|one| is_new(one)).map(said).collect();
    let asked: Vec<_> = all
        .iter()
        .map(|[kind, category, value]| (&**kind, &**category, &**value))
        .collect();
    let similar = store::similar::similar(tx, work.row.id, &asked).await?;
    let mut seen: HashSet<_> = similar.into_iter().filter_map(|at| all.get(at)).collect();
    let mut new = all.iter();
    let mut left = Vec::new();
    for one in taken {
        let is_similar = is_new(&one) && !new.next().is_none_or(|said| seen.insert(said));
        if is_similar {
            work.refuse(one.record.uuid.as_deref(), &Fault::Similar);
        } else {
            left.push(one);
        }
    }
    Ok(left)
}
