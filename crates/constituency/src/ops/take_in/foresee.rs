//! What a file that is a whole list would retire: all of it is read, and nothing is written.

use std::collections::{BTreeMap, HashSet};

use audit::Ground;
use kernel::{PartyCode, boxed};
use uuid::Uuid;

use super::{File, Run};
use crate::{
    Error,
    model::{Foreseen, Import},
    names,
    store::{self, retire as sql},
};

/// Assets that are looked at at once.
const PAGE: i64 = 5_000;

/// What an import would retire, which stands as it would begin.
#[boxed]
pub(in crate::ops) async fn foresee(
    ground: &Ground,
    import: Import,
    party: PartyCode,
) -> Result<Foreseen, Error> {
    let mode = import.mode;
    let mut tx = ground.db.begin_read().await?;
    let mut file = File::open(&mut tx, &import).await?;
    drop(tx);
    let mut run = Run::new(ground, import, party);
    run.read_header().await?;
    let mut found = Foreseen::default();
    let mut named: HashSet<Uuid> = HashSet::new();
    // The organisations by name, so that each name is made a key once.
    let mut organisations: BTreeMap<String, String> = BTreeMap::new();
    let whose = run.import.organisation.clone();
    if !whose.is_empty() {
        organisations.insert(whose.clone(), names::key(&whose));
    }
    loop {
        let (batch, ended) = run.batch(&mut file).await?;
        found.refused += batch.count;
        for (_, line) in &batch.lines {
            named.insert(line.id(mode).uuid());
            if !organisations.contains_key(&line.organisation) {
                let key = names::key(&line.organisation);
                organisations.insert(line.organisation.clone(), key);
            }
        }
        if ended {
            break;
        }
    }
    let keys: HashSet<String> = organisations.into_values().collect();
    for key in &keys {
        let mut tx = ground.db.begin_read().await?;
        let Some(number) = store::organisation::known(&mut tx, mode, key).await? else {
            continue;
        };
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = sql::there(&mut tx, number, (&after, PAGE)).await?;
            let Some(last) = page.last().cloned() else {
                break;
            };
            after = last;
            for (_, id) in &page {
                found.there += 1;
                found.gone += i64::from(!named.contains(id));
            }
        }
    }
    Ok(found)
}
