use audit::Ground;
use kernel::{AssetId, Cursor, Page, PageRequest, Viewer, boxed};
use serde::Serialize;

use super::{CHOICES_MAX, may_edit, may_read};
use crate::{
    Error,
    model::{Asset, Count, Filter, Organisation, Product},
    store,
};

#[derive(Serialize)]
pub(super) struct Nothing {}

/// A page of assets by their names.
#[boxed]
pub async fn assets(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Asset>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = store::page(&mut tx, viewer.mode, filter, request).await?;
    Ok(Page::from_probe(rows, request.limit, |last| Cursor {
        key: 0,
        id: last.id.uuid(),
    }))
}

/// How many assets match.
#[boxed]
pub async fn count(ground: &Ground, viewer: &Viewer, filter: &Filter) -> Result<Count, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::count(&mut tx, viewer.mode, filter).await?.into())
}

/// Takes an asset out. The next import of a file that has it brings it back.
#[boxed]
pub async fn remove(ground: &Ground, viewer: &Viewer, id: AssetId) -> Result<(), Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    if !store::remove(&mut tx, viewer.mode, id).await? {
        return Err(Error::NotFound { what: "asset" });
    }
    audit::act(&mut tx, ground, viewer, "asset.removed", &id, &Nothing {}).await?;
    tx.commit().await?;
    Ok(())
}

/// Organisations whose names hold a text, up to fifty.
#[boxed]
pub async fn organisations(
    ground: &Ground,
    viewer: &Viewer,
    text: &str,
) -> Result<Vec<Organisation>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let wanted = (text, CHOICES_MAX);
    Ok(store::organisation::list(&mut tx, viewer.mode, wanted).await?)
}

/// Products whose names, or whose makers' names, hold a text, up to fifty.
#[boxed]
pub async fn products(ground: &Ground, viewer: &Viewer, text: &str) -> Result<Vec<Product>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::products(&mut tx, viewer.mode, (text, CHOICES_MAX)).await?)
}
