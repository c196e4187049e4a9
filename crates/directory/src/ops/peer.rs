//! Adding and removing parties, and the node's own card.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{Country, Mode, PartyCode, PartyId, Viewer, boxed};
use seal::{
    data::DataKey,
    keys::{Fingerprint, KeySetChain, Purpose, SignedKeySet},
};
use serde_json::json;

use super::{
    keys::load,
    look::{close, open_in},
};
use crate::{
    Card, Error,
    card::CardContact,
    model::{Address, Contact, Line, PARTIES_MAX, Party, Reach, Standing, Trust, WebAddress},
    store,
};

/// The node's own entry, as it is set up.
#[derive(Clone, Debug)]
pub struct OwnEntry {
    /// The party.
    pub code: PartyCode,
    /// What it calls itself.
    pub title: Line,
    /// The fingerprint of its root key.
    pub fingerprint: Fingerprint,
    /// Its key sets, of each purpose from the first on.
    pub key_sets: Vec<SignedKeySet>,
    /// Where its node listens for other nodes.
    pub federation: Option<Address>,
    /// Where its node listens for people.
    pub web: Option<WebAddress>,
}

/// Sets up the node's own entry, once for each purpose that it has keys for, and says whose node
/// this is. What is there already gets the new title and addresses.
#[boxed]
pub async fn set_up_own(ground: &Ground, viewer: &Viewer, own: OwnEntry) -> Result<(), Error> {
    check_house(viewer, Act::PeerManage)?;
    let mut card = Card::new(own.code, own.title, own.fingerprint, &own.key_sets);
    card.federation = own.federation;
    card.web = own.web;
    let chains = card.chains(&own.fingerprint)?;
    let mut tx = ground.db.begin().await?;
    access::ops::set_node_party_in(&mut tx, &card.party).await?;
    for chain in &chains {
        enter(&mut tx, ground, viewer, &card, chain, true).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Says where the node is reached from now on, in its own entries of both modes: its card tells
/// peers. True if that is new.
#[boxed]
pub async fn set_addresses(
    ground: &Ground,
    viewer: &Viewer,
    federation: Option<&Address>,
    web: Option<&WebAddress>,
) -> Result<bool, Error> {
    check_house(viewer, Act::PeerManage)?;
    let mut tx = ground.db.begin().await?;
    let mut changed = false;
    for before in store::all(&mut tx).await? {
        let same = before.federation.as_ref() == federation && before.web.as_ref() == web;
        if !before.own || same {
            continue;
        }
        let party = Party {
            federation: federation.cloned(),
            web: web.cloned(),
            version: before.version.saturating_add(1),
            ..before
        };
        save(&mut tx, &party).await?;
        let detail = json!({
            "mode": party.mode.as_str(),
            "federation": federation.map(Address::as_str),
            "web": web.map(WebAddress::as_str),
        });
        let subject = party.code.as_str();
        audit::act(
            &mut tx,
            ground,
            viewer,
            "directory.addresses",
            subject,
            &detail,
        )
        .await?;
        changed = true;
    }
    tx.commit().await?;
    Ok(changed)
}

/// Adds the party of a card, in each mode for which the card has keys, after people compared the
/// fingerprint of its root key over another channel. A party that is listed gets what is new on the
/// card; under another root it has to be removed first.
#[boxed]
pub async fn add_peer(
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    card: &Card,
    compared: &Fingerprint,
) -> Result<Vec<Party>, Error> {
    check_house(viewer, Act::PeerManage)?;
    let chains = card.chains(compared)?;
    let mut tx = ground.db.begin().await?;
    let mut parties = Vec::new();
    for chain in &chains {
        let party = enter(&mut tx, ground, viewer, card, chain, false).await?;
        parties.push(party);
    }
    // Contacts belong to one entry: the one of the mode that the party works in.
    let home = parties
        .iter()
        .find(|party| party.mode == home_mode(&viewer.party, &card.party));
    if let Some(home) = home.or(parties.first()) {
        for contact in &card.contacts {
            enter_contact(&mut tx, ground, key, home, contact).await?;
        }
    }
    tx.commit().await?;
    Ok(parties)
}

/// Removes a party of the viewer's mode. Its keys and messages stay, so that what was said can be
/// proved.
#[boxed]
pub async fn remove_peer(ground: &Ground, viewer: &Viewer, code: &PartyCode) -> Result<(), Error> {
    set_trust(ground, viewer, code, Trust::Removed, "removed").await?;
    Ok(())
}

/// Freezes, trusts again or removes a party of the viewer's mode, and records why.
#[boxed]
pub async fn set_trust(
    ground: &Ground,
    viewer: &Viewer,
    code: &PartyCode,
    trust: Trust,
    reason: &str,
) -> Result<Party, Error> {
    check_house(viewer, Act::PeerManage)?;
    let mut tx = ground.db.begin().await?;
    let before = store::find(&mut tx, code, viewer.mode)
        .await?
        .filter(|party| party.trust != Trust::Removed)
        .ok_or(Error::NoParty)?;
    if before.own {
        return Err(Error::Own);
    }
    let party = Party {
        trust,
        trust_at: ground.now(),
        version: before.version.saturating_add(1),
        ..before
    };
    save(&mut tx, &party).await?;
    let reason: String = reason.chars().take(200).collect();
    let detail = json!({ "trust": trust.as_str(), "reason": reason });
    audit::act(
        &mut tx,
        ground,
        viewer,
        "directory.trust",
        code.as_str(),
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok(party)
}

/// The node's own card, to be given to other parties. Contact data is on it only if asked for, and
/// then that is recorded as a look.
#[boxed]
pub async fn own_card(
    ground: &Ground,
    viewer: &Viewer,
    with_reach: Option<&DataKey>,
) -> Result<Card, Error> {
    check_house(viewer, Act::DirectoryRead)?;
    let mut tx = ground.db.begin().await?;
    let all = store::all(&mut tx).await?;
    let own: Vec<Party> = all.into_iter().filter(|party| party.own).collect();
    let card = card_of(&mut tx, &own, with_reach).await?;
    if with_reach.is_some() {
        check_house(viewer, Act::ContactLook)?;
        let detail = json!({ "contacts": card.contacts.len() });
        let subject = card.party.as_str();
        audit::act(
            &mut tx,
            ground,
            viewer,
            "directory.card_exported",
            subject,
            &detail,
        )
        .await?;
        tx.commit().await?;
    }
    Ok(card)
}

/// The card of a party, from its entries in both modes.
pub(super) async fn card_of(
    tx: &mut Tx,
    entries: &[Party],
    with_reach: Option<&DataKey>,
) -> Result<Card, Error> {
    let first = entries.first().ok_or(Error::NoParty)?;
    let mut sets = Vec::new();
    let mut contacts = Vec::new();
    for party in entries {
        if let Some(chain) = load(tx, party).await? {
            sets.extend(chain.sets().cloned());
        }
        contacts.extend(store::contact::of_party(tx, party.id).await?);
    }
    let (code, title) = (first.code.clone(), first.title.clone());
    let mut card = Card::new(code, title, first.fingerprint, &sets);
    card.federation.clone_from(&first.federation);
    card.web.clone_from(&first.web);
    for contact in contacts {
        let reach = match with_reach {
            // Nothing known is nothing to tell.
            Some(key) => {
                Some(open_in(tx, key, contact.id).await?).filter(|reach| *reach != Reach::default())
            }
            None => None,
        };
        card.contacts.push(CardContact {
            id: contact.id,
            profile: contact.profile,
            reach,
        });
    }
    Ok(card)
}

/// The mode that a party's contacts belong to in our directory: a fictional State lives in exercises,
/// and so does all that it knows of others.
pub(super) fn home_mode(us: &PartyCode, code: &PartyCode) -> Mode {
    let is_fictional = |party: &PartyCode| party.country().is_some_and(Country::is_exercise);
    Mode::from_exercise(is_fictional(us) || is_fictional(code))
}

async fn enter(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    card: &Card,
    chain: &KeySetChain,
    own: bool,
) -> Result<Party, Error> {
    let now = ground.now();
    let mode = Mode::from_exercise(chain.latest().set().purpose == Purpose::Exercise);
    let before = store::find(tx, &card.party, mode).await?;
    if let Some(before) = &before {
        if before.trust != Trust::Removed && before.fingerprint != card.fingerprint {
            return Err(Error::OtherRoot {
                code: card.party.clone(),
            });
        }
        if before.own != own {
            return Err(Error::Own);
        }
    } else if store::all(tx).await?.len() >= PARTIES_MAX {
        return Err(Error::TooMany {
            what: "parties",
            max: PARTIES_MAX,
        });
    }
    let known = before.as_ref();
    let frozen = known.filter(|party| party.trust == Trust::Frozen);
    let party = Party {
        id: known.map_or_else(
            || PartyId::new(&*ground.clock, &*ground.rng),
            |party| party.id,
        ),
        code: card.party.clone(),
        mode,
        own,
        title: card.title.clone(),
        // A card does not thaw what is frozen: people do.
        trust: frozen.map_or(Trust::Trusted, |party| party.trust),
        trust_at: frozen.map_or(now, |party| party.trust_at),
        fingerprint: card.fingerprint,
        federation: card.federation.clone(),
        web: card.web.clone(),
        version: known.map_or(0, |party| party.version).saturating_add(1),
        created_at: known.map_or(now, |party| party.created_at),
    };
    save(tx, &party).await?;
    keep_key_sets(tx, ground, &party, chain).await?;
    let detail = json!({
        "fingerprint": party.fingerprint,
        "mode": mode.as_str(),
        "key_set": chain.latest().set().seq,
        "own": own,
    });
    let subject = party.code.as_str();
    audit::act(
        tx,
        ground,
        viewer,
        "directory.party_added",
        subject,
        &detail,
    )
    .await?;
    Ok(party)
}

/// What is held already must go on: a chain with a fork of it is refused.
async fn keep_key_sets(
    tx: &mut Tx,
    ground: &Ground,
    party: &Party,
    chain: &KeySetChain,
) -> Result<(), Error> {
    let mut held = load(tx, party).await?;
    let first = held
        .as_ref()
        .and_then(|held| held.sets().next())
        .map_or(0, |set| set.set().seq);
    for set in chain.sets() {
        if let Some(held) = &mut held
            && set.set().seq >= first
        {
            held.accept(set.clone())?;
        }
        let (seq, document) = (set.set().seq, set.to_bytes());
        store::insert_key_set(tx, party, seq, &document, ground.now()).await?;
    }
    Ok(())
}

pub(super) async fn enter_contact(
    tx: &mut Tx,
    ground: &Ground,
    key: &DataKey,
    party: &Party,
    card: &CardContact,
) -> Result<(), Error> {
    card.profile.check()?;
    let now = ground.now();
    let before = store::contact::find(tx, card.id).await?;
    let known = before.as_ref();
    if known.is_some_and(|contact| contact.party != party.id) {
        return Err(Error::Card {
            why: "a contact has the id of another party's",
        });
    }
    let contact = Contact {
        id: card.id,
        party: party.id,
        profile: card.profile.clone(),
        standing: Standing::Active,
        verified_at: known.and_then(|contact| contact.verified_at),
        verified_by: known.and_then(|contact| contact.verified_by.clone()),
        version: known.map_or(0, |contact| contact.version).saturating_add(1),
        created_at: known.map_or(now, |contact| contact.created_at),
        updated_at: now,
    };
    let sealed = match &card.reach {
        Some(reach) => {
            reach.check()?;
            Some(close(ground, key, card.id, reach))
        }
        // A card without contact data leaves what is known as it is.
        None => store::contact::reach(tx, card.id).await?,
    };
    store::contact::save(tx, &contact, sealed.as_deref()).await?;
    Ok(())
}

async fn save(tx: &mut Tx, party: &Party) -> Result<(), Error> {
    if store::save(tx, party).await? {
        Ok(())
    } else {
        Err(Error::Stale {
            given: party.version.saturating_sub(1),
            current: party.version,
        })
    }
}
