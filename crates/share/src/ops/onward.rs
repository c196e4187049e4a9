//! Sharing a collection, and who will see it before it leaves.

use std::collections::BTreeMap;

use access::policy::{Act, Decision, Reason, check_house};
use audit::Ground;
use directory::{model::Trust, ops::find_in};
use intel::model::{Collection, Reader};
use kernel::{CircleId, PartyCode, Tlp, Viewer, boxed};

use super::rule::{going, judge, reached_in};
use crate::Error;

/// Who will see a collection, and what of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Preview {
    /// The parties that will get it, by code.
    pub parties: Vec<Reached>,
    /// How many versions of objects it has under each label, and why those stay that do: nothing for
    /// those that go. Under one label some can go and some stay.
    pub labels: Vec<(Tlp, i64, Option<Stays>)>,
}

/// Why versions of objects stay in the house.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stays {
    /// Their label does not go.
    Label(Reason),
    /// The newest version of the object has a label that does not go.
    Newer,
}

impl Stays {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Label(reason) => reason.code(),
            Self::Newer => "share.newer_stays",
        }
    }
}

/// A party that will get a collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reached {
    /// Which.
    pub party: PartyCode,
    /// The circle by which; nothing where the collection names it.
    pub via: Option<CircleId>,
    /// False if it gets it already.
    pub new: bool,
    /// Why it gets nothing for the time being.
    pub waits: Option<Reason>,
}

/// Who would see a collection if it named these readers besides. Nothing leaves by asking.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    more: &[Reader],
) -> Result<Preview, Error> {
    check_house(viewer, Act::IntelManage)?;
    let shown = intel::ops::collection(ground, viewer, root, name).await?;
    let collection = &shown.collection;
    let mut counts: BTreeMap<Tlp, i64> = BTreeMap::new();
    for one in intel::ops::contents(ground, viewer, root, name).await? {
        *counts.entry(one.tlp).or_default() += one.versions;
    }
    let mut tx = ground.db.begin_read().await?;
    let mut readers = intel::ops::readers_in(&mut tx, collection).await?;
    let us = &viewer.party;
    let now = reached_in(&mut tx, us, (collection, &readers)).await?;
    readers.extend(more.iter().cloned());
    let then = reached_in(&mut tx, us, (collection, &readers)).await?;
    let mut parties = Vec::new();
    for (party, via) in then {
        let listed = find_in(&mut tx, &party, viewer.mode).await?;
        let trusted = listed.is_some_and(|party| party.trust == Trust::Trusted);
        parties.push(Reached {
            new: !now.contains_key(&party),
            waits: (!trusted).then_some(Reason::Untrusted),
            party,
            via,
        });
    }
    drop(tx);
    let place = (root, name);
    let barred = intel::ops::staying(ground, viewer, place, going(collection)).await?;
    let mut labels = Vec::new();
    for (tlp, many) in counts {
        let stay = barred.get(&tlp).copied().unwrap_or_default();
        let rest = (tlp, many.saturating_sub(stay), stays(collection, tlp));
        labels.extend((rest.1 > 0).then_some(rest));
        labels.extend((stay > 0).then_some((tlp, stay, Some(Stays::Newer))));
    }
    Ok(Preview { parties, labels })
}

fn stays(collection: &Collection, tlp: Tlp) -> Option<Stays> {
    match judge(collection, tlp, true) {
        Decision::Allowed => None,
        Decision::Refused(refused) => Some(Stays::Label(refused.reason)),
    }
}

/// Names a party or circle as reader of a collection, or no longer. The rest follows by itself.
#[boxed]
pub async fn set_shared(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    (reader, shared): (Reader, bool),
) -> Result<Collection, Error> {
    check_house(viewer, Act::IntelManage)?;
    if let Reader::Party(party) = &reader
        && shared
    {
        let mut tx = ground.db.begin_read().await?;
        let listed = find_in(&mut tx, party, viewer.mode).await?;
        if listed.is_none_or(|party| party.own) {
            return Err(Error::NotFound);
        }
    }
    let shown = intel::ops::collection(ground, viewer, root, name).await?;
    let mut readers = intel::ops::readers(ground, viewer, root, name).await?;
    let there = readers.iter().any(|(one, _)| *one == reader);
    if there == shared {
        return Ok(shown.collection);
    }
    if shared {
        readers.push((reader, false));
    } else {
        readers.retain(|(one, _)| *one != reader);
    }
    let version = shown.collection.version;
    let set = intel::ops::set_readers(ground, viewer, (root, name), version, readers);
    Ok(set.await?)
}
