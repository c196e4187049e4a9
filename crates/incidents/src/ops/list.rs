use access::policy::{self, Act, Area};
use audit::Ground;
use kernel::{Cursor, Page, PageRequest, Viewer, boxed};
use uuid::Uuid;

use crate::{
    error::Error,
    model::{Filter, LinkKind, Listed, Titled},
    state::Stage,
    store::list::{self as sql, COUNT_MAX, Sight},
};

/// How many entries match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Count {
    /// How many, counted up to 1,000.
    pub count: u32,
    /// True if there are more.
    pub more: bool,
}

/// How many entries stand at one stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub count: u32,
}

/// A page of the entries that the viewer may read and that match, newest first.
#[boxed]
pub async fn list(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Listed>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = sql::page(&mut tx, sight, filter, request).await?;
    Ok(Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.sort_at.as_micros(),
        id: last.id.uuid(),
    }))
}

/// How many entries the viewer may read and match.
#[boxed]
pub async fn count(ground: &Ground, viewer: &Viewer, filter: &Filter) -> Result<Count, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let counted = sql::count(&mut tx, sight, filter).await?;
    Ok(Count {
        count: u32::try_from(counted.clamp(0, COUNT_MAX)).unwrap_or(0),
        more: counted > COUNT_MAX,
    })
}

/// How many entries at each stage the viewer may read; stages without any count zero.
#[boxed]
pub async fn stages(ground: &Ground, viewer: &Viewer) -> Result<Vec<StageCount>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let counted = sql::stages(&mut tx, sight).await?;
    let of = |stage: Stage| {
        let found = counted.iter().find(|&&(one, _)| one == stage);
        found.map_or(0, |&(_, count)| u32::try_from(count).unwrap_or(u32::MAX))
    };
    Ok(Stage::ALL
        .iter()
        .map(|&stage| StageCount {
            stage,
            count: of(stage),
        })
        .collect())
}

/// The entries that link to any of these things of another room, as far as the viewer may read them.
pub async fn titles(
    ground: &Ground,
    viewer: &Viewer,
    kind: &LinkKind,
    targets: &[String],
) -> Result<Vec<Titled>, Error> {
    let sight = sight(viewer)?;
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = ground.db.begin_read().await?;
    Ok(sql::titles(&mut tx, sight, kind.as_str(), targets).await?)
}

/// What the viewer sees of the register, if he may read it at all.
pub(crate) fn sight(viewer: &Viewer) -> Result<Sight, Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let visible = policy::visible(viewer, Area::Incidents);
    Ok(Sight {
        open_mask: visible.open_mask,
        named_mask: visible.named_mask,
        exercise: visible.exercise,
        // No user has the nil id, so whoever is no user is named nowhere.
        user: viewer.user().map_or(Uuid::nil(), kernel::UserId::uuid),
    })
}
