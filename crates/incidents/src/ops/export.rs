use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Cursor, Page, PageRequest, Viewer, boxed};
use serde_json::Value;

use super::{list::sight, past::past, subject, view::complete};
use crate::{
    error::Error,
    model::{Case, Filter},
    record, store,
    store::{list, taken},
    wire::transfer,
};

/// A page of whole entries that the viewer may export and that match. Each page is recorded, since
/// what it holds leaves the house.
#[boxed]
pub async fn export(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Case>, Error> {
    let mut tx = ground.db.begin().await?;
    let page = cases(&mut tx, ground, viewer, filter, request).await?;
    tx.commit().await?;
    Ok(page)
}

/// [`export`], each entry as the line that `take_in` reads, with what became of it, and with what was
/// kept of it when it was taken in.
#[boxed]
pub async fn export_lines(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Value>, Error> {
    let mut tx = ground.db.begin().await?;
    let page = cases(&mut tx, ground, viewer, filter, request).await?;
    let mut lines = Vec::with_capacity(page.items.len());
    for case in &page.items {
        let taken = taken::find(&mut tx, case.incident.id).await?;
        let kept = taken.map(|taken| taken.kept).unwrap_or_default();
        let past = past(&mut tx, ground, viewer, &case.incident).await?;
        lines.push(transfer::written(case, past, kept));
    }
    tx.commit().await?;
    Ok(Page {
        items: lines,
        next: page.next,
    })
}

/// [`export`] within a transaction.
pub(crate) async fn cases(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Case>, Error> {
    policy::check_house(viewer, Act::IncidentExport).map_err(Error::Refused)?;
    let sight = sight(viewer)?;
    let rows = list::page(tx, sight, filter, request).await?;
    let page = Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.sort_at.as_micros(),
        id: last.id.uuid(),
    });
    let mut cases = Vec::with_capacity(page.items.len());
    for listed in &page.items {
        let Some(incident) = store::find(tx, listed.public).await? else {
            continue;
        };
        let may = policy::decide(viewer, Act::IncidentExport, &subject(viewer, &incident));
        if may.is_allowed() {
            cases.push(complete(tx, incident).await?);
        }
    }
    record::export(tx, ground, viewer, &cases).await?;
    Ok(Page {
        items: cases,
        next: page.next,
    })
}
