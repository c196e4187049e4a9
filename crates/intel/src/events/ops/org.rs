//! Who makes events.

use access::policy::{self, Act, Area};
use audit::Ground;
use db::Tx;
use formats_misp::full::Organisation;
use kernel::{PartyCode, Tlp, Viewer, Who, boxed, uuid_v4};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error,
    events::{
        model::{Org, Scope},
        store,
    },
    ops::look::seen_in,
};

/// The owner of the organisation that is the party of this node.
pub const OWN_OWNER: &str = "house";

/// Who hands events in, as they keep it: also where a job does the work for him later.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Hand {
    owner: String,
    name: String,
    creator: String,
}

impl Hand {
    /// Of who asks.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        let (owner, name) = owner(viewer);
        let user = viewer.user().map(|user| user.to_string());
        Self {
            owner,
            name,
            creator: user.unwrap_or_else(|| viewer.label()),
        }
    }

    /// Of a guest, or else of the house, of whom no more is known.
    pub(crate) fn of_guest(guest: Option<&str>, party: &PartyCode) -> Self {
        let named = |owner: &str, name: String| Self {
            owner: owner.to_owned(),
            creator: owner.to_owned(),
            name,
        };
        match guest {
            Some(guest) => named(guest, guest.to_owned()),
            None => named(OWN_OWNER, party.to_string()),
        }
    }

    /// Whether he is of the house.
    pub(crate) fn is_of_house(&self) -> bool {
        self.owner == OWN_OWNER
    }

    /// How an event names who added it.
    pub(crate) fn creator(&self) -> &str {
        &self.creator
    }

    /// His organisation, if it has a number already.
    pub(crate) async fn org(&self, tx: &mut Tx) -> Result<Option<Org>, Error> {
        Ok(store::org::of_owner(tx, &self.owner).await?)
    }
}

/// The organisation that the viewer acts for: the party of this node, or a guest by himself.
#[boxed]
pub async fn own_org(ground: &Ground, viewer: &Viewer) -> Result<Org, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin_read().await?;
    if let Some(org) = store::org::of_owner(&mut tx, &owner(viewer).0).await? {
        return Ok(org);
    }
    drop(tx);
    let mut tx = ground.db.begin().await?;
    crate::store::lock_place(&mut tx).await?;
    let org = own_in(&mut tx, ground, viewer).await?;
    tx.commit().await?;
    Ok(org)
}

/// The organisations that the viewer may know of: the party of this node, himself, and those that
/// made an event which he sees.
#[boxed]
pub async fn orgs(ground: &Ground, viewer: &Viewer, scope: &Scope) -> Result<Vec<Org>, Error> {
    let own = own_org(ground, viewer).await?;
    let mut tx = ground.db.begin_read().await?;
    let seen = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let seen: Vec<_> = seen
        .iter()
        .map(|shown| (shown.collection.slot, shown.mask))
        .collect();
    let mut all = store::org::seen(&mut tx, &seen).await?;
    if all.iter().all(|org| org.id != own.id) {
        all.push(own);
    }
    Ok(all)
}

/// The organisation with that number, which an event named that the viewer sees.
#[boxed]
pub async fn org(ground: &Ground, viewer: &Viewer, id: i64) -> Result<Option<Org>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::org::by_id(&mut tx, id).await?)
}

/// Whether the viewer is of the house and no guest.
pub fn is_of_house(viewer: &Viewer) -> bool {
    let mask = policy::visible(viewer, Area::Intel).open_mask;
    mask & (1 << Tlp::AmberStrict.code()) != 0
}

/// The name that a guest's organisation is known by here; nothing for the house.
pub(crate) fn guest(viewer: &Viewer) -> Option<String> {
    let (owner, _) = owner(viewer);
    (owner != OWN_OWNER).then_some(owner)
}

fn owner(viewer: &Viewer) -> (String, String) {
    match &viewer.who {
        Who::Peer(party) => (format!("party--{party}"), party.to_string()),
        Who::User { id, name } if !is_of_house(viewer) => (id.to_string(), name.clone()),
        Who::Key { user, name, .. } if !is_of_house(viewer) => {
            let name = name.split('/').next().unwrap_or_default();
            (user.to_string(), name.to_owned())
        }
        _ => (OWN_OWNER.to_owned(), viewer.party.to_string()),
    }
}

/// [`own_org`] as part of a larger transaction that holds the lock of places.
pub(crate) async fn own_in(tx: &mut Tx, ground: &Ground, viewer: &Viewer) -> Result<Org, Error> {
    own_of(tx, ground, &Hand::of(viewer)).await
}

/// The organisation that somebody acts for.
pub(crate) async fn own_of(tx: &mut Tx, ground: &Ground, hand: &Hand) -> Result<Org, Error> {
    if let Some(org) = hand.org(tx).await? {
        return Ok(org);
    }
    let org = Org {
        id: store::take_number(tx, &*ground.rng, "org").await?,
        uuid: uuid_v4(&*ground.rng),
        name: hand.name.clone(),
        owner: Some(hand.owner.clone()),
    };
    store::org::insert(tx, &org).await?;
    Ok(org)
}

/// The organisation that an event names as its maker. One that is not known is kept by its UUID and
/// the name that it first came with.
pub(crate) async fn named_in(
    tx: &mut Tx,
    ground: &Ground,
    named: Option<&Organisation>,
) -> Result<Option<Org>, Error> {
    let uuid = named.and_then(|org| org.uuid.as_deref());
    let uuid = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok());
    let name = named
        .and_then(|org| org.name.as_deref())
        .unwrap_or_default();
    let (Some(uuid), false) = (uuid, name.trim().is_empty()) else {
        return Ok(None);
    };
    if let Some(org) = store::org::by_uuid(tx, uuid).await? {
        return Ok(Some(org));
    }
    let org = Org {
        id: store::take_number(tx, &*ground.rng, "org").await?,
        uuid,
        name: store::write::clean(Some(name)).chars().take(255).collect(),
        owner: None,
    };
    store::org::insert(tx, &org).await?;
    Ok(Some(org))
}
