//! The directory as cards that go from one node of a party to another.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{Mode, Viewer, boxed};
use seal::{
    data::DataKey,
    keys::{Fingerprint, KeySetChain, Purpose},
};
use serde::Serialize;
use serde_json::json;

use super::{
    add_peer,
    keys::load,
    look::{open_in, require_listed},
    peer::{card_of, enter_contact, home_mode},
};
use crate::{
    Card, Error,
    card::CardContact,
    model::{Party, Trust},
    store,
};

/// What became of a card.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenCard {
    /// The party was not listed.
    Added,
    /// Something on it was new.
    Updated,
    /// Everything on it was there.
    Unchanged,
    /// The party is not listed under this root key, and nobody said that the fingerprint was
    /// compared: left out.
    NotCompared,
}

/// The cards of all parties that are not removed, the node's own too. Contact data is on them only
/// if asked for, and then each card is recorded as a look.
#[boxed]
pub async fn export_cards(
    ground: &Ground,
    viewer: &Viewer,
    with_reach: Option<&DataKey>,
) -> Result<Vec<Card>, Error> {
    check_house(viewer, Act::DirectoryRead)?;
    if with_reach.is_some() {
        check_house(viewer, Act::ContactLook)?;
    }
    let mut tx = ground.db.begin().await?;
    if with_reach.is_some() {
        require_listed(&mut tx, viewer).await?;
    }
    let mut parties = store::all(&mut tx).await?;
    parties.retain(|party| party.trust != Trust::Removed);
    let mut cards = Vec::new();
    for of_party in parties
        .chunk_by(|one, other| one.code == other.code && one.fingerprint == other.fingerprint)
    {
        let card = card_of(&mut tx, of_party, with_reach).await?;
        let detail = json!({ "contacts": card.contacts.len(), "with_reach": with_reach.is_some() });
        let (code, subject) = ("directory.card_exported", card.party.as_str());
        audit::act(&mut tx, ground, viewer, code, subject, &detail).await?;
        cards.push(card);
    }
    tx.commit().await?;
    Ok(cards)
}

/// Takes in a card from such a file. A file makes nobody trusted: a party that is not listed under
/// this root key is added only if its fingerprint is among those that people compared. Of the node's
/// own card the contacts alone are taken. The same card a second time changes nothing.
pub async fn take_card(
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    card: &Card,
    compared: &[Fingerprint],
) -> Result<TakenCard, Error> {
    check_house(viewer, Act::PeerManage)?;
    let chains = card.chains(&card.fingerprint)?;
    let mut tx = ground.db.begin().await?;
    let mut listed = store::all(&mut tx).await?;
    listed.retain(|party| party.code == card.party && party.trust != Trust::Removed);
    let same_root = listed
        .iter()
        .all(|party| party.fingerprint == card.fingerprint);
    let known = !listed.is_empty() && same_root;
    if !known && !compared.contains(&card.fingerprint) {
        return Ok(TakenCard::NotCompared);
    }
    if known && holds_all(&mut tx, key, card, &chains, &listed).await? {
        return Ok(TakenCard::Unchanged);
    }
    if known && listed.iter().any(|party| party.own) {
        return own_contacts(tx, ground, key, viewer, (card, &listed)).await;
    }
    drop(tx);
    add_peer(ground, key, viewer, card, &card.fingerprint).await?;
    Ok(if known {
        TakenCard::Updated
    } else {
        TakenCard::Added
    })
}

async fn own_contacts(
    mut tx: Tx,
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    (card, listed): (&Card, &[Party]),
) -> Result<TakenCard, Error> {
    check_house(viewer, Act::ContactEdit)?;
    let home = listed
        .iter()
        .find(|party| party.mode == home_mode(&viewer.party, &card.party));
    let Some(home) = home.or(listed.first()) else {
        return Ok(TakenCard::Unchanged);
    };
    let mut changed = 0_u32;
    for contact in &card.contacts {
        if !holds(&mut tx, key, contact).await? {
            enter_contact(&mut tx, ground, key, home, contact).await?;
            changed += 1;
        }
    }
    if changed == 0 {
        return Ok(TakenCard::Unchanged);
    }
    let (code, subject) = ("directory.contacts_taken", card.party.as_str());
    audit::act(
        &mut tx,
        ground,
        viewer,
        code,
        subject,
        &json!({ "contacts": changed }),
    )
    .await?;
    tx.commit().await?;
    Ok(TakenCard::Updated)
}

/// Whether everything on the card is in the directory.
async fn holds_all(
    tx: &mut Tx,
    key: &DataKey,
    card: &Card,
    chains: &[KeySetChain],
    listed: &[Party],
) -> Result<bool, Error> {
    for chain in chains {
        let newest = chain.latest();
        let mode = Mode::from_exercise(newest.set().purpose == Purpose::Exercise);
        let Some(party) = listed.iter().find(|party| party.mode == mode) else {
            return Ok(false);
        };
        let as_told = party.own
            || (party.title == card.title
                && party.federation == card.federation
                && party.web == card.web);
        let held = load(tx, party).await?;
        let seq = held.map_or(0, |held| held.latest().set().seq);
        if !as_told || seq < newest.set().seq {
            return Ok(false);
        }
    }
    for contact in &card.contacts {
        if !holds(tx, key, contact).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn holds(tx: &mut Tx, key: &DataKey, contact: &CardContact) -> Result<bool, Error> {
    let Some(there) = store::contact::find(tx, contact.id).await? else {
        return Ok(false);
    };
    if there.profile != contact.profile {
        return Ok(false);
    }
    match &contact.reach {
        None => Ok(true),
        Some(reach) => Ok(open_in(tx, key, contact.id).await? == *reach),
    }
}
