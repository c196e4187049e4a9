//! What a steward does with a circle of its own.

use std::collections::BTreeSet;

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{CircleId, MessageId, Mode, PartyCode, Viewer, boxed};
use serde_json::json;

use super::CIRCLES_MAX;
use crate::{
    Error,
    circle::{Pen, SignedCircle},
    model::{CircleVersion, Line, Member, Text, Trust},
    ops::find_in,
    state::{Change, advance},
    store::circle::{self as rows, travel},
};

/// A circle to be.
#[derive(Clone, Debug)]
pub struct NewCircle {
    /// What it is called.
    pub name: Line,
    /// What it is for.
    pub purpose: Text,
}

/// A version that was made, and the parties that get a copy.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The version.
    pub circle: SignedCircle,
    /// Who gets it: everybody in it, and whoever is put out by it.
    pub to: Vec<PartyCode>,
}

/// Makes a circle that this party keeps, in the viewer's mode. The steward is its first member.
#[boxed]
pub async fn create_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    pen: &Pen<'_>,
    new: NewCircle,
) -> Result<Issued, Error> {
    check_house(viewer, Act::CircleSteward)?;
    let many = rows::count(tx, viewer.mode).await?;
    if usize::try_from(many).is_ok_and(|many| many >= CIRCLES_MAX) {
        return Err(Error::TooMany {
            what: "circles",
            max: CIRCLES_MAX,
        });
    }
    let (now, us) = (ground.now(), &viewer.party);
    let first = CircleVersion {
        changed: now,
        created: now,
        dissolved: false,
        exercise: viewer.mode.is_exercise(),
        id: CircleId::random(&*ground.rng),
        keyset: pen.keyset,
        members: vec![Member {
            invited_by: us.clone(),
            joined: Some(now),
            party: us.clone(),
            since: 1,
        }],
        name: new.name,
        previous_sha256: None,
        purpose: new.purpose,
        steward: us.clone(),
        version: 1,
    };
    let signed = SignedCircle::sign(&first, pen.keys)?;
    rows::begin(tx, &signed, now).await?;
    let detail = json!({ "name": first.name, "version": 1, "sha256": signed.sha256() });
    save(tx, ground, viewer, &signed, ("circle.created", &detail)).await?;
    Ok(Issued {
        circle: signed,
        to: Vec::new(),
    })
}

/// Changes a circle of this party that is at version `given`. To invite a party that asked to be let
/// in is to let it in.
#[boxed]
pub async fn change_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    pen: &Pen<'_>,
    (id, given): (CircleId, u64),
    change: Change,
) -> Result<Issued, Error> {
    check_house(viewer, Act::CircleSteward)?;
    let held = own(tx, viewer, id).await?;
    let current = held.version().version;
    if current != given {
        return Err(stale(given, current));
    }
    let change = match change {
        Change::Invite(party) => {
            trusted(tx, &party, viewer.mode).await?;
            if travel::drop_request(tx, id, &party).await? {
                Change::Admit(party)
            } else {
                Change::Invite(party)
            }
        }
        Change::Admit(party) => {
            trusted(tx, &party, viewer.mode).await?;
            if !travel::drop_request(tx, id, &party).await? {
                return Err(Error::NoRequest { party });
            }
            Change::Admit(party)
        }
        other => other,
    };
    issue(tx, ground, viewer, pen, (&held, &change)).await
}

/// Forgets that a party asked to be let in.
#[boxed]
pub async fn decline_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    id: CircleId,
    party: &PartyCode,
) -> Result<(), Error> {
    check_house(viewer, Act::CircleSteward)?;
    own(tx, viewer, id).await?;
    if !travel::drop_request(tx, id, party).await? {
        return Err(Error::NoRequest {
            party: party.clone(),
        });
    }
    let detail = json!({ "party": party });
    audit::act(tx, ground, viewer, "circle.declined", &id, &detail).await?;
    Ok(())
}

/// The next version of a circle that this party keeps.
pub(super) async fn issue(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    pen: &Pen<'_>,
    (held, change): (&SignedCircle, &Change),
) -> Result<Issued, Error> {
    let before = held.version();
    let next = advance(held, change, (ground.now(), pen.keyset))?;
    let signed = SignedCircle::sign(&next, pen.keys)?;
    if !rows::raise(tx, &signed, before.version).await? {
        return Err(stale(before.version, next.version));
    }
    let concerned = before.members.iter().chain(&next.members);
    let to: BTreeSet<&PartyCode> = concerned
        .map(|member| &member.party)
        .filter(|party| **party != next.steward)
        .collect();
    for party in &to {
        travel::plan_copy(tx, next.id, next.version, party).await?;
    }
    let detail = json!({
        "party": change.party(),
        "version": next.version,
        "sha256": signed.sha256(),
    });
    save(tx, ground, viewer, &signed, (change.code(), &detail)).await?;
    Ok(Issued {
        circle: signed,
        to: to.into_iter().cloned().collect(),
    })
}

async fn save(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    signed: &SignedCircle,
    (code, detail): (&str, &serde_json::Value),
) -> Result<(), Error> {
    rows::keep(tx, signed, true, ground.now()).await?;
    rows::put_members(tx, signed).await?;
    audit::act(tx, ground, viewer, code, &signed.version().id, detail).await?;
    tx.wake();
    Ok(())
}

/// The version in force of a circle that this party keeps.
pub(super) async fn own(tx: &mut Tx, viewer: &Viewer, id: CircleId) -> Result<SignedCircle, Error> {
    let held = rows::newest(tx, id, viewer.mode).await?;
    let held = held.ok_or(Error::NoCircle)?;
    let steward = &held.version().steward;
    if *steward == viewer.party {
        Ok(held)
    } else {
        Err(Error::NotSteward {
            steward: steward.clone(),
        })
    }
}

/// Whether messages go to that party.
pub(super) async fn trusted(tx: &mut Tx, code: &PartyCode, mode: Mode) -> Result<(), Error> {
    let party = find_in(tx, code, mode).await?;
    let goes = party.is_some_and(|party| !party.own && party.trust == Trust::Trusted);
    if goes {
        Ok(())
    } else {
        Err(Error::NotTrusted {
            party: code.clone(),
        })
    }
}

fn stale(given: u64, current: u64) -> Error {
    let number = |version: u64| i64::try_from(version).unwrap_or(i64::MAX);
    Error::Stale {
        given: number(given),
        current: number(current),
    }
}

/// The version to be sent as a copy, unless it travels already; for the room that sends it.
#[boxed]
pub async fn copy_in(
    tx: &mut Tx,
    (id, mode): (CircleId, Mode),
    version: u64,
) -> Result<Option<SignedCircle>, Error> {
    if rows::newest(tx, id, mode).await?.is_none() {
        return Ok(None);
    }
    Ok(rows::version(tx, id, version).await?)
}

/// Notes the message in which a copy travels. False if it travels already: then nothing is to be
/// sent.
#[boxed]
pub async fn sent_copy_in(
    tx: &mut Tx,
    (id, version): (CircleId, u64),
    to: &PartyCode,
    message: MessageId,
) -> Result<bool, Error> {
    Ok(travel::set_copy(tx, (id, version), to, message).await?)
}
