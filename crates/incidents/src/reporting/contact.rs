//! What a single point of contact sees: the incidents that cross borders, what is due of them, and
//! what was passed on to whom.

use access::policy::{self, Act};
use audit::Ground;
use kernel::{Cursor, Page, PageRequest, Timestamp, Viewer, boxed};

use super::{
    store,
    submission::{Part, store::submissions},
};
use crate::{
    clocks::Clocks,
    error::Error,
    model::{Incident, Line},
    ops::sight,
    store::{clocks::clocks, find},
};

/// Something that was passed on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passed {
    /// To whom.
    pub authority: Line<200>,
    /// The key of the regime.
    pub regime: Line<60>,
    /// The key of the stage.
    pub stage: Line<60>,
    /// The part of a report; nothing for a filing as a whole.
    pub part: Option<Part>,
    /// When.
    pub at: Timestamp,
}

/// An incident that crosses borders.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Crossing {
    /// The entry.
    pub incident: Incident,
    /// What is due of it.
    pub clocks: Clocks,
    /// What was passed on, in order of time.
    pub passed: Vec<Passed>,
}

/// A page of the incidents that cross borders and that the viewer may read, newest first.
#[boxed]
pub async fn crossings(
    ground: &Ground,
    viewer: &Viewer,
    request: PageRequest,
) -> Result<Page<Crossing>, Error> {
    policy::check_house(viewer, Act::CaseRead).map_err(Error::Refused)?;
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = store::crossing(&mut tx, sight, request).await?;
    let page = Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.2,
        id: last.0.uuid(),
    });
    let mut items = Vec::with_capacity(page.items.len());
    for (id, public, _) in page.items {
        let Some(incident) = find(&mut tx, public).await? else {
            continue;
        };
        let clocks = clocks(&mut tx, id).await?;
        let filed = clocks.filings.iter().map(|filing| Passed {
            authority: filing.authority.clone(),
            regime: filing.regime.clone(),
            stage: filing.stage.clone(),
            part: None,
            at: filing.at,
        });
        let mut passed: Vec<Passed> = filed.collect();
        for one in submissions(&mut tx, id).await? {
            for recipient in &one.recipients {
                let gone = recipient.shares.iter().filter_map(|share| {
                    let (_, at) = share.released.as_ref()?;
                    Some(Passed {
                        authority: recipient.name.clone(),
                        regime: one.regime.clone(),
                        stage: one.stage.clone(),
                        part: Some(share.part),
                        at: *at,
                    })
                });
                passed.extend(gone);
            }
        }
        passed.sort_by_key(|one| one.at);
        items.push(Crossing {
            incident,
            clocks,
            passed,
        });
    }
    Ok(Page {
        items,
        next: page.next,
    })
}
