//! Joining and leaving: a party asks, the steward's node answers with the next version.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{CircleId, MessageId, PartyCode, Viewer, boxed};
use serde_json::json;

use super::{
    Asked, CIRCLES_MAX, Issued, REQUESTS_MAX, Wish,
    change::{issue, own, trusted},
};
use crate::{
    Error,
    circle::{Pen, SignedCircle},
    error::CircleRefusal,
    model::{CircleVersion, Place},
    state::Change,
    store::circle::{self as rows, travel},
};

/// What this party is to ask for.
#[derive(Clone, Debug)]
pub struct NewWish {
    /// The circle.
    pub circle: CircleId,
    /// Who keeps it; needed where it is not known here.
    pub steward: Option<PartyCode>,
    /// What is wished.
    pub wish: Wish,
}

/// Notes what this party asks a steward for; the message is the caller's to send.
#[boxed]
pub async fn ask_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    new: NewWish,
) -> Result<Asked, Error> {
    check_house(viewer, Act::CircleMember)?;
    let us = &viewer.party;
    let held = rows::newest(tx, new.circle, viewer.mode).await?;
    let held = held.as_ref().map(SignedCircle::version);
    let place = held.map_or(Place::Out, |version| version.place(us));
    if held.is_some_and(|version| version.dissolved) {
        return Err(Error::CircleDissolved);
    }
    let party = us.clone();
    match (new.wish, place) {
        (_, Place::Steward) => return Err(Error::StewardStays),
        (Wish::Join, Place::Member) => return Err(Error::AlreadyMember { party }),
        (Wish::Leave, Place::Out) => return Err(Error::NoMember { party }),
        (Wish::Join, Place::Invited | Place::Out)
        | (Wish::Leave, Place::Member | Place::Invited) => {}
    }
    let known = held.map(|version| version.steward.clone());
    let steward = known.or(new.steward).ok_or(Error::NoCircle)?;
    trusted(tx, &steward, viewer.mode).await?;
    let many = travel::asked(tx, viewer.mode).await?;
    let again = many.iter().any(|asked| asked.circle == new.circle);
    if !again && many.len() >= CIRCLES_MAX {
        return Err(Error::TooMany {
            what: "wishes",
            max: CIRCLES_MAX,
        });
    }
    let asked = Asked {
        circle: new.circle,
        mode: viewer.mode,
        steward,
        wish: new.wish,
        version: held.map(|version| version.version),
        message: None,
        asked_at: ground.now(),
    };
    travel::put_asked(tx, &asked).await?;
    let code = match asked.wish {
        Wish::Join => "circle.join_asked",
        Wish::Leave => "circle.leave_asked",
    };
    let detail = json!({ "steward": asked.steward, "version": asked.version });
    audit::act(tx, ground, viewer, code, &asked.circle, &detail).await?;
    tx.wake();
    Ok(asked)
}

/// The wish about a circle that is still to be sent, for the room that sends it.
#[boxed]
pub async fn wish_in(tx: &mut Tx, node: &Viewer, circle: CircleId) -> Result<Option<Asked>, Error> {
    let asked = travel::asked(tx, node.mode).await?;
    let mut asked = asked.into_iter();
    Ok(asked.find(|one| one.circle == circle && one.message.is_none()))
}

/// Notes the message in which a wish travels. False if another took its place: then nothing is to be
/// sent.
#[boxed]
pub async fn sent_wish_in(tx: &mut Tx, asked: &Asked, message: MessageId) -> Result<bool, Error> {
    Ok(travel::set_asked(tx, asked, message).await?)
}

/// Whether a wish can be taken: it is about a circle that this party keeps and that is there.
#[boxed]
pub async fn judge_wish_in(
    tx: &mut Tx,
    node: &Viewer,
    circle: CircleId,
    from: &PartyCode,
) -> Result<Result<(), CircleRefusal>, Error> {
    let held = match own(tx, node, circle).await {
        Ok(held) => held,
        Err(Error::NoCircle | Error::NotSteward { .. }) => {
            return Ok(Err(CircleRefusal::NotFound));
        }
        Err(other) => return Err(other),
    };
    if held.version().dissolved {
        return Ok(Err(CircleRefusal::NotFound));
    }
    let waiting = travel::requests(tx, circle).await?;
    let room = waiting.len() < REQUESTS_MAX || waiting.iter().any(|one| one.party == *from);
    Ok(room.then_some(()).ok_or(CircleRefusal::Crowded))
}

/// Takes a wish of a party. True if the circle changes by it: then [`answer_in`] is to follow, in a
/// transaction of its own. A party that is not invited waits for people.
#[boxed]
pub async fn take_wish_in(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    from: &PartyCode,
    (circle, wish, seen): (CircleId, Wish, Option<u64>),
) -> Result<bool, Error> {
    let held = own(tx, node, circle).await?;
    if granted(held.version(), from, wish, seen).is_some() {
        return Ok(true);
    }
    match wish {
        Wish::Join if held.version().place(from) == Place::Out => {
            travel::put_request(tx, circle, from, ground.now()).await?;
            let detail = json!({ "party": from });
            audit::act(tx, ground, node, "circle.asked", &circle, &detail).await?;
            tx.wake();
        }
        Wish::Join => {}
        Wish::Leave => {
            travel::drop_request(tx, circle, from).await?;
        }
    }
    Ok(false)
}

/// The change that grants a wish, if there is something to change. A wish says which version its
/// party had seen: one that is older than the party's present stay is about an earlier one.
fn granted(
    held: &CircleVersion,
    from: &PartyCode,
    wish: Wish,
    seen: Option<u64>,
) -> Option<Change> {
    let member = held.member(from).filter(|_member| !held.dissolved)?;
    if *from == held.steward || seen.is_none_or(|seen| seen < member.since) {
        return None;
    }
    match wish {
        Wish::Join if member.joined.is_none() => Some(Change::Join(from.clone())),
        Wish::Join => None,
        Wish::Leave => Some(Change::Leave(from.clone())),
    }
}

/// Makes the version that grants a wish; nothing if it was granted meanwhile.
#[boxed]
pub async fn answer_in(
    tx: &mut Tx,
    ground: &Ground,
    node: &Viewer,
    pen: &Pen<'_>,
    (circle, from): (CircleId, &PartyCode),
    (wish, seen): (Wish, Option<u64>),
) -> Result<Option<Issued>, Error> {
    check_house(node, Act::CircleSteward)?;
    let held = own(tx, node, circle).await?;
    let Some(change) = granted(held.version(), from, wish, seen) else {
        return Ok(None);
    };
    let issued = issue(tx, ground, node, pen, (&held, &change)).await?;
    Ok(Some(issued))
}
