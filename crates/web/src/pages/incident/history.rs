//! The history of an incident, page by page.

use access::http::Refusal;
use incidents::ops;
use kernel::{IncidentRef, PageRequest};

use super::tabs::change_of;
use crate::{
    pages::{House, Reader},
    views::{frame::Pager, incident::Part},
};

/// What was done, the newest first, from a place on.
pub(crate) async fn tab(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    after: &str,
) -> Result<Part, Refusal> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let request = PageRequest {
        after: after.parse().ok(),
        ..PageRequest::default()
    };
    let page = ops::history(ground, viewer, id, request).await?;
    let changes = ops::changes(ground, viewer, id).await?;
    let change = |entry| change_of(reader.w, entry, &changes);
    let url = format!("/incidents/{id}/history");
    let pager = Pager {
        first: request.after.map(|_| url.clone()),
        next: page.next.map(|next| format!("{url}?after={next}")),
    };
    Ok(Part::History(
        page.items.iter().map(change).collect(),
        pager,
    ))
}
