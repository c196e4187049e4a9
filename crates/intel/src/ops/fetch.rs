//! Reading pages.

use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::look::collection_in;
use crate::{
    Error,
    model::{
        Cut, Entry, Fetched, Filter, Invalid, Listed, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, WORDS_MAX,
    },
    store::page::{self, Asked},
};

/// The objects of a page, as JSON with commas between them, each as it was given.
#[boxed]
pub async fn objects(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    filter: &Filter,
    cut: Cut,
) -> Result<Fetched<String>, Error> {
    let mut tx = ground.db.begin_glance(ground.now()).await?;
    let page = objects_in(&mut tx, viewer, place, (filter, cut)).await;
    if tx.is_still() {
        return page;
    }
    let mut tx = ground.db.begin_read().await?;
    objects_in(&mut tx, viewer, place, (filter, cut)).await
}

/// [`objects`] as part of a larger transaction.
pub(super) async fn objects_in(
    tx: &mut Tx,
    viewer: &Viewer,
    place: (&str, &str),
    question: (&Filter, Cut),
) -> Result<Fetched<String>, Error> {
    let asked = asked(tx, viewer, place, question).await?;
    Ok(page::objects(tx, &asked).await?)
}

/// The entries of a page with their objects, the newest first: those before the place of the cut.
#[boxed]
pub async fn newest(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    filter: &Filter,
    cut: Cut,
) -> Result<Fetched<Vec<Listed>>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let asked = asked(&mut tx, viewer, place, (filter, cut)).await?;
    let asked = Asked {
        is_backward: true,
        ..asked
    };
    Ok(page::listed(&mut tx, &asked).await?)
}

/// What the entries of a page are.
#[boxed]
pub async fn manifest(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    filter: &Filter,
    cut: Cut,
) -> Result<Fetched<Vec<Entry>>, Error> {
    let mut tx = ground.db.begin_glance(ground.now()).await?;
    let page = manifest_in(&mut tx, viewer, place, (filter, cut)).await;
    if tx.is_still() {
        return page;
    }
    let mut tx = ground.db.begin_read().await?;
    manifest_in(&mut tx, viewer, place, (filter, cut)).await
}

async fn manifest_in(
    tx: &mut Tx,
    viewer: &Viewer,
    place: (&str, &str),
    question: (&Filter, Cut),
) -> Result<Fetched<Vec<Entry>>, Error> {
    let asked = asked(tx, viewer, place, question).await?;
    Ok(page::manifest(tx, &asked).await?)
}

/// The question as it is put to the store, if it is one that can be answered.
async fn asked<'f>(
    tx: &mut Tx,
    viewer: &Viewer,
    (root, name): (&str, &str),
    (filter, cut): (&'f Filter, Cut),
) -> Result<Asked<'f>, Error> {
    let cut = checked(filter, cut)?;
    let shown = collection_in(tx, viewer, root, name).await?;
    Ok(Asked {
        slot: shown.collection.slot,
        mask: shown.mask,
        filter,
        cut,
        is_backward: false,
        bytes_max: PAGE_BYTES_MAX,
    })
}

/// The cut, if the question is one that can be answered.
pub(super) fn checked(filter: &Filter, cut: Cut) -> Result<Cut, Invalid> {
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
