//! Reading circles. A circle of the other mode is not there.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{CircleId, Mode, PartyCode, Viewer, boxed};

use super::{Asked, CircleView};
use crate::{
    Error,
    circle::SignedCircle,
    model::CircleVersion,
    store::circle::{self as rows, travel},
};

/// The circles of the viewer's mode, oldest first, and what this party asks for.
#[boxed]
pub async fn list_circles(
    ground: &Ground,
    viewer: &Viewer,
) -> Result<(Vec<SignedCircle>, Vec<Asked>), Error> {
    check_house(viewer, Act::CircleRead)?;
    let mut tx = ground.db.begin_read().await?;
    let circles = rows::all(&mut tx, viewer.mode).await?;
    let asked = travel::asked(&mut tx, viewer.mode).await?;
    Ok((circles, asked))
}

/// A circle with everything that is kept of it.
#[boxed]
pub async fn read_circle(
    ground: &Ground,
    viewer: &Viewer,
    id: CircleId,
) -> Result<CircleView, Error> {
    check_house(viewer, Act::CircleRead)?;
    let mut tx = ground.db.begin_read().await?;
    let newest = rows::newest(&mut tx, id, viewer.mode).await?;
    let newest = newest.ok_or(Error::NoCircle)?;
    let asked = travel::asked(&mut tx, viewer.mode).await?;
    Ok(CircleView {
        newest,
        versions: rows::versions(&mut tx, id).await?,
        asked: asked.into_iter().find(|one| one.circle == id),
        requests: travel::requests(&mut tx, id).await?,
        copies: travel::newest_copies(&mut tx, id).await?,
        refused: rows::refused(&mut tx, id, viewer.mode).await?,
    })
}

/// A version of a circle, as it was signed.
#[boxed]
pub async fn read_version(
    ground: &Ground,
    viewer: &Viewer,
    id: CircleId,
    version: u64,
) -> Result<SignedCircle, Error> {
    check_house(viewer, Act::CircleRead)?;
    let mut tx = ground.db.begin_read().await?;
    let there = rows::newest(&mut tx, id, viewer.mode).await?.is_some();
    let found = rows::version(&mut tx, id, version).await?;
    found.filter(|_version| there).ok_or(Error::NoCircle)
}

/// The version in force of a circle, for a room that asked the policy already.
#[boxed]
pub async fn circle_in(
    tx: &mut Tx,
    id: CircleId,
    mode: Mode,
) -> Result<Option<SignedCircle>, Error> {
    Ok(rows::newest(tx, id, mode).await?)
}

/// What a version of a circle says of its members, for a room that asked the policy already.
#[boxed]
pub async fn members_in(
    tx: &mut Tx,
    (id, mode): (CircleId, Mode),
    version: u64,
) -> Result<Option<CircleVersion>, Error> {
    if rows::newest(tx, id, mode).await?.is_none() {
        return Ok(None);
    }
    let found = rows::version(tx, id, version).await?;
    Ok(found.map(|signed| signed.version().clone()))
}

/// Whether a party has joined the circle, by the version in force here. False for a circle that is
/// not known, dissolved or of the other mode.
#[boxed]
pub async fn is_member_in(
    tx: &mut Tx,
    id: CircleId,
    mode: Mode,
    party: &PartyCode,
) -> Result<bool, Error> {
    Ok(rows::is_member(tx, id, mode, party).await?)
}

/// The circles that a party has joined, by the versions in force here.
#[boxed]
pub async fn circles_of_in(
    tx: &mut Tx,
    party: &PartyCode,
    mode: Mode,
) -> Result<Vec<CircleId>, Error> {
    Ok(rows::of_party(tx, party, mode).await?)
}
