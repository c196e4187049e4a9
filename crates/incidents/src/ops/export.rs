use access::policy::{self, Act};
use audit::Ground;
use kernel::{Cursor, Page, PageRequest, Viewer};

use super::{list::sight, subject, view::complete};
use crate::{
    error::Error,
    model::{Case, Filter},
    record, store,
    store::list,
};

/// A page of whole entries that the viewer may export and that match. Each page is recorded, since
/// what it holds leaves the house.
pub async fn export(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Case>, Error> {
    policy::check_house(viewer, Act::IncidentExport).map_err(Error::Refused)?;
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin().await?;
    let rows = list::page(&mut tx, sight, filter, request).await?;
    let page = Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.sort_at.as_micros(),
        id: last.id.uuid(),
    });
    let mut cases = Vec::with_capacity(page.items.len());
    for listed in &page.items {
        let Some(incident) = store::find(&mut tx, listed.public).await? else {
            continue;
        };
        let may = policy::decide(viewer, Act::IncidentExport, &subject(viewer, &incident));
        if may.is_allowed() {
            cases.push(complete(&mut tx, incident).await?);
        }
    }
    record::export(&mut tx, ground, viewer, &cases).await?;
    tx.commit().await?;
    Ok(Page {
        items: cases,
        next: page.next,
    })
}
