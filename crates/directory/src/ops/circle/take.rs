//! Versions that other parties' stewards send.

use audit::Ground;
use db::Tx;
use kernel::{PartyCode, Viewer, boxed};
use serde_json::json;

use super::{ASIDE_MAX, CIRCLES_MAX, Wish};
use crate::{
    Error,
    circle::SignedCircle,
    error::CircleRefusal,
    model::Place,
    ops::chain_in,
    state::{Standing, weigh},
    store::circle::{self as rows, travel},
};

/// Whether a version that `from` sent may be taken. What is refused although it is that party's to
/// send is kept as evidence.
#[boxed]
pub async fn judge_in(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    from: &PartyCode,
    offered: &SignedCircle,
) -> Result<Result<Standing, CircleRefusal>, Error> {
    let version = offered.version();
    let theirs = version.steward == *from && *from != node.party;
    if !theirs || version.mode() != node.mode {
        return Ok(Err(CircleRefusal::Foreign));
    }
    let judged = match verify(tx, node, offered).await? {
        Ok(()) => stand(tx, node, offered).await?,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = &judged {
        refuse(tx, ground, node, (offered, refusal.code())).await?;
    }
    Ok(judged)
}

async fn verify(
    tx: &mut Tx,
    node: &Viewer,
    offered: &SignedCircle,
) -> Result<Result<(), CircleRefusal>, Error> {
    let chain = chain_in(tx, &offered.version().steward, node.mode).await?;
    Ok(chain
        .ok_or(CircleRefusal::Signature)
        .and_then(|chain| offered.verify(&chain)))
}

async fn stand(
    tx: &mut Tx,
    node: &Viewer,
    offered: &SignedCircle,
) -> Result<Result<Standing, CircleRefusal>, Error> {
    let version = offered.version();
    let other = rows::mode_of(tx, version.id).await?;
    if other.is_some_and(|mode| mode != node.mode) {
        return Ok(Err(CircleRefusal::Foreign));
    }
    let newest = rows::newest(tx, version.id, node.mode).await?;
    let same = rows::version(tx, version.id, version.version).await?;
    let same = same.map(|held| held.sha256());
    let standing = match weigh(&node.party, newest.as_ref(), same, offered) {
        Ok(standing) => standing,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let crowded = match standing {
        Standing::Known => false,
        Standing::Next => {
            let many = rows::count(tx, node.mode).await?;
            newest.is_none() && usize::try_from(many).is_ok_and(|many| many >= CIRCLES_MAX)
        }
        Standing::Early => rows::count_early(tx, &version.steward, node.mode).await? >= ASIDE_MAX,
    };
    Ok(if crowded {
        Err(CircleRefusal::Crowded)
    } else {
        Ok(standing)
    })
}

async fn refuse(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    (offered, code): (&SignedCircle, &str),
) -> Result<(), Error> {
    let version = offered.version();
    if rows::count_refused(tx, &version.steward, node.mode).await? >= ASIDE_MAX {
        return Ok(());
    }
    let from = &version.steward;
    if rows::keep_refused(tx, (offered, from), code, ground.now()).await? {
        let detail = json!({
            "version": version.version,
            "sha256": offered.sha256(),
            "from": from,
            "code": code,
        });
        audit::act(tx, ground, node, "circle.refused", &version.id, &detail).await?;
    }
    Ok(())
}

/// Takes a version that [`judge_in`] let through, and whatever waited for it.
#[boxed]
pub async fn take_in(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    offered: &SignedCircle,
) -> Result<(), Error> {
    match stand(tx, node, offered).await?? {
        Standing::Known => return Ok(()),
        Standing::Early => {
            rows::keep(tx, offered, false, ground.now()).await?;
            return Ok(());
        }
        Standing::Next => put_in_force(tx, ground, node, offered).await?,
    }
    for waiting in rows::early(tx, offered.version().id).await? {
        let (id, number) = (waiting.version().id, waiting.version().version);
        let newest = rows::newest(tx, id, node.mode).await?;
        match weigh(&node.party, newest.as_ref(), None, &waiting) {
            Ok(Standing::Next) => put_in_force(tx, ground, node, &waiting).await?,
            Ok(Standing::Early | Standing::Known) => {}
            Err(refusal) => {
                rows::drop_early(tx, id, number).await?;
                refuse(tx, ground, node, (&waiting, refusal.code())).await?;
            }
        }
    }
    Ok(())
}

async fn put_in_force(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    signed: &SignedCircle,
) -> Result<(), Error> {
    let (version, us) = (signed.version(), &node.party);
    let before = rows::newest(tx, version.id, node.mode).await?;
    let raised = match &before {
        None => rows::begin(tx, signed, ground.now()).await?,
        Some(before) => rows::raise(tx, signed, before.version().version).await?,
    };
    if !raised {
        return Err(CircleRefusal::Foreign.into());
    }
    rows::keep(tx, signed, true, ground.now()).await?;
    rows::put_members(tx, signed).await?;
    let place = version.place(us);
    let asked = travel::asked(tx, node.mode).await?;
    let granted = asked
        .iter()
        .find(|asked| asked.circle == version.id)
        .is_some_and(|asked| match (asked.wish, place) {
            (Wish::Join, Place::Member) | (Wish::Leave, Place::Out) => true,
            // What was wished of an earlier stay does not outlast it.
            (Wish::Join, Place::Out) => version.dissolved || before.is_some(),
            (Wish::Join | Wish::Leave, _) => false,
        });
    if granted {
        travel::drop_asked(tx, version.id).await?;
    }
    let detail = json!({
        "version": version.version,
        "sha256": signed.sha256(),
        "steward": version.steward,
        "place": place,
    });
    audit::act(tx, ground, node, "circle.received", &version.id, &detail).await?;
    tx.wake();
    Ok(())
}
