use audit::Ground;
use kernel::{AssetId, Cursor, Limit, Page, PageRequest, Viewer, boxed};
use serde::Serialize;

use super::{CHOICES_MAX, may_edit, may_read};
use crate::{
    Error, csv,
    model::{Asset, Count, Filter, Organisation, Product},
    store,
};

/// The first record of an export, which an import understands.
const HEADER: [&str; 10] = [
    "organisation",
    "name",
    "tag",
    "vendor",
    "product",
    "version",
    "cpe",
    "purl",
    "owner",
    "place",
];

#[derive(Serialize)]
pub(super) struct Nothing {}

/// How much an export wrote.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Counted {
    /// Assets.
    pub assets: u64,
}

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

/// Writes assets as comma-separated values that an import takes in again, one piece at a time. The
/// export stands in the ledger.
#[boxed]
pub async fn export<F: FnMut(String) -> bool + Send>(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    mut write: F,
) -> Result<Counted, Error> {
    may_edit(viewer)?;
    let mut done = Counted { assets: 0 };
    let mut request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let mut text = String::new();
    csv::push_record(&mut text, HEADER);
    loop {
        let page = assets(ground, viewer, filter, request).await?;
        for asset in &page.items {
            let cells = [
                asset.organisation.1.as_str(),
                &asset.name,
                &asset.tag,
                &asset.product.vendor,
                &asset.product.name,
                &asset.version,
                &asset.cpe,
                &asset.purl,
                &asset.owner,
                &asset.place,
            ];
            csv::push_record(&mut text, cells);
            done.assets += 1;
        }
        let goes_on = write(std::mem::take(&mut text));
        match page.next {
            Some(next) if goes_on => request.after = Some(next),
            _ => break,
        }
    }
    let mut tx = ground.db.begin().await?;
    audit::act(
        &mut tx,
        ground,
        viewer,
        "asset.exported",
        "constituency",
        &done,
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}
