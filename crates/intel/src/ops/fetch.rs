//! Reading pages.

use audit::Ground;
use kernel::{Viewer, boxed};

use super::look::collection_in;
use crate::{
    Error,
    model::{Cut, Entry, Fetched, Filter, Invalid, PAGE_ENTRIES_MAX, WORDS_MAX},
    store::page::{self, Asked},
};

/// The objects of a page, as JSON with commas between them, each as it was given.
#[boxed]
pub async fn objects(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    filter: &Filter,
    cut: Cut,
) -> Result<Fetched<String>, Error> {
    let cut = checked(filter, cut)?;
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let asked = Asked {
        slot: shown.collection.slot,
        mask: shown.mask,
        filter,
        cut,
    };
    Ok(page::objects(&mut tx, &asked).await?)
}

/// What the entries of a page are.
#[boxed]
pub async fn manifest(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    filter: &Filter,
    cut: Cut,
) -> Result<Fetched<Vec<Entry>>, Error> {
    let cut = checked(filter, cut)?;
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let asked = Asked {
        slot: shown.collection.slot,
        mask: shown.mask,
        filter,
        cut,
    };
    Ok(page::manifest(&mut tx, &asked).await?)
}

/// The cut, if the question is one that can be answered.
fn checked(filter: &Filter, cut: Cut) -> Result<Cut, Invalid> {
    let words = [
        filter.ids.len(),
        filter.types.len(),
        filter.specs.len(),
        filter.moments().len(),
    ];
    if words.into_iter().any(|words| words > WORDS_MAX) {
        return Err(Invalid {
            field: "match",
            rule: "at most 100 values",
        });
    }
    let entries = cut.entries.clamp(1, PAGE_ENTRIES_MAX);
    Ok(Cut { entries, ..cut })
}
