//! What of a collection goes to whom, as it is at this moment.

use std::collections::BTreeMap;

use access::policy::{Decision, Origin, Sharing as Asked, may_share};
use db::Tx;
use directory::{
    model::Trust,
    ops::{circle_in, find_in},
};
use intel::model::{Collection, Reader};
use kernel::{CircleId, PartyCode, Tlp};

use crate::Error;

/// A party that a collection is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Entitled {
    /// The circle by which it gets the collection; nothing where the collection names it.
    pub(crate) via: Option<CircleId>,
    /// The labels that it gets: bit `n` for the label of code `n`.
    pub(crate) mask: i32,
    /// False while messages do not go to it.
    pub(crate) trusted: bool,
}

/// The parties that a collection is for, by the readers that it names and the versions of circles in
/// force here. A circle that this party does not belong to reaches nobody, and so does a collection of
/// another party that does not let others pass it on.
pub(crate) async fn reached_in(
    tx: &mut Tx,
    us: &PartyCode,
    (collection, readers): (&Collection, &[Reader]),
) -> Result<BTreeMap<PartyCode, Option<CircleId>>, Error> {
    let mut reached = BTreeMap::new();
    if collection.steward.is_some() && !collection.onward {
        return Ok(reached);
    }
    for reader in readers {
        match reader {
            Reader::User(_) | Reader::Key(_) => {}
            Reader::Party(party) => {
                reached.insert(party.clone(), None);
            }
            Reader::Circle(id) => {
                let Some(circle) = circle_in(tx, *id, collection.mode).await? else {
                    continue;
                };
                let version = circle.version();
                let joined: Vec<&PartyCode> = version.joined().collect();
                if version.dissolved || !joined.contains(&us) {
                    continue;
                }
                for member in joined {
                    reached.entry(member.clone()).or_insert(Some(*id));
                }
            }
        }
    }
    reached.remove(us);
    if let Some(steward) = &collection.steward {
        reached.remove(steward);
    }
    Ok(reached)
}

/// What a party gets of a collection; nothing if the collection is not for it.
pub(crate) async fn entitled_in(
    tx: &mut Tx,
    (us, party): (&PartyCode, &PartyCode),
    collection: &Collection,
) -> Result<Option<Entitled>, Error> {
    let readers = intel::ops::readers_in(tx, collection).await?;
    let reached = reached_in(tx, us, (collection, &readers)).await?;
    let Some(via) = reached.get(party).copied() else {
        return Ok(None);
    };
    let listed = find_in(tx, party, collection.mode).await?;
    let trusted = listed.is_some_and(|party| party.trust == Trust::Trusted);
    let mask = going(collection);
    Ok(Some(Entitled { via, mask, trusted }))
}

/// The labels of a collection that go: bit `n` for the label of code `n`. Whether messages go at all is
/// asked apart: it says nothing of what has to be taken back.
pub(crate) fn going(collection: &Collection) -> i32 {
    let goes = |tlp: &Tlp| judge(collection, *tlp, true).is_allowed();
    let labels = Tlp::ALL.into_iter().filter(goes);
    labels.map(|tlp| 1 << tlp.code()).sum()
}

/// Whether objects of a label go to a party of whom the collection is.
pub(crate) fn judge(collection: &Collection, tlp: Tlp, trusted: bool) -> Decision {
    let origin = if collection.steward.is_some() {
        Origin::Received(tlp)
    } else {
        Origin::Own
    };
    may_share(&Asked {
        tlp,
        ceiling: collection.settings.ceiling,
        trusted,
        origin,
        onward: collection.onward,
    })
}
