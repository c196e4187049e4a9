//! What this node states to a peer that compares.

use intel::ops::Item;
use kernel::{CollectionRef, Mode, PartyCode, Tlp, boxed};
use seal::Digest;

use super::apply::kept;
use crate::{
    Error, Sharing,
    model::{Held, InShare, OutShare},
    store::{into, out},
    wire::{HeldBody, NameBody, NamesBody, StatementBody},
};

/// How many collections one page of a statement has.
const STATED_MAX: usize = 500;
/// How many objects one page of names has, but for the versions of its last one.
const NAMES_MAX: i64 = 500;

/// What this node states to a peer: what it gave and what it holds, page by page.
#[boxed]
pub async fn held(
    x: &Sharing,
    (party, mode): (&PartyCode, Mode),
    after: Option<CollectionRef>,
) -> Result<StatementBody, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let behind = |id: CollectionRef| after.is_none_or(|after| id > after);
    let told = out::of_party(&mut tx, Some(party), mode).await?;
    let mut given: Vec<HeldBody> = told
        .iter()
        .filter(|share| behind(share.collection))
        .map(HeldBody::given)
        .collect();
    let heard = into::of_party(&mut tx, Some(party), mode).await?;
    let mut held: Vec<HeldBody> = heard
        .iter()
        .filter(|share| behind(share.collection))
        .map(HeldBody::held)
        .collect();
    let mut ids: Vec<_> = given
        .iter()
        .chain(&held)
        .map(|one| one.collection)
        .collect();
    ids.sort();
    ids.dedup();
    let last = ids.get(STATED_MAX).copied();
    if let Some(last) = last {
        given.retain(|one| one.collection < last);
        held.retain(|one| one.collection < last);
    }
    Ok(StatementBody {
        given,
        held,
        more: last.is_some(),
    })
}

/// One page of what this node holds of a collection that a peer shares with it.
#[boxed]
pub async fn names(
    x: &Sharing,
    (party, mode): (&PartyCode, Mode),
    (collection, after): (CollectionRef, &str),
) -> Result<NamesBody, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let share = into::find(&mut tx, (collection, party), mode).await?;
    let share = share.ok_or(Error::NotFound)?;
    let items = match kept(&mut tx, &share).await? {
        Some(collection) => intel::ops::items_in(&mut tx, &collection, after, NAMES_MAX).await?,
        None => Vec::new(),
    };
    Ok(NamesBody {
        items: items.iter().map(NameBody::from).collect(),
    })
}

impl HeldBody {
    fn given(share: &OutShare) -> Self {
        Self {
            collection: share.collection,
            state: share.state.as_str().to_owned(),
            sequence: share.sequence,
            digest: share.tally,
        }
    }

    fn held(share: &InShare) -> Self {
        Self {
            collection: share.collection,
            state: share.state.as_str().to_owned(),
            sequence: share.sequence,
            digest: share.tally,
        }
    }

    pub(super) fn into_held(self) -> (CollectionRef, Held) {
        let held = Held {
            state: self.state.chars().take(20).collect(),
            sequence: self.sequence,
            tally: self.digest,
        };
        (self.collection, held)
    }
}

impl NameBody {
    pub(super) fn into_item(self) -> Item {
        Item {
            stix_id: self.id,
            sha256: self.sha256.as_bytes().to_vec(),
            tlp: Tlp::from_foreign(Some(&self.tlp)),
        }
    }
}

impl From<&Item> for NameBody {
    fn from(item: &Item) -> Self {
        let sha256 = <[u8; 32]>::try_from(item.sha256.as_slice()).unwrap_or_default();
        Self {
            id: item.stix_id.clone(),
            sha256: Digest::from_bytes(sha256),
            tlp: item.tlp.to_string(),
        }
    }
}
