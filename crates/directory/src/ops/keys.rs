//! Key sets of parties.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{Mode, PartyCode, Viewer, boxed};
use seal::keys::{Acceptance, KeySetChain, Purpose, SignedKeySet};
use serde_json::json;

use crate::{
    Card, Error, card,
    model::{Party, Trust},
    ops::find_in,
    store,
};

/// A party with everything that is needed to verify what it sends.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The party.
    pub party: Party,
    /// Its key sets.
    pub chain: KeySetChain,
}

/// What key sets of a mode are for.
pub(crate) const fn purpose(mode: Mode) -> Purpose {
    match mode {
        Mode::Real => Purpose::Real,
        Mode::Exercise => Purpose::Exercise,
    }
}

/// All parties of both modes with their key sets, the node's own and frozen ones too.
#[boxed]
pub async fn peers_for_federation(ground: &Ground) -> Result<Vec<Peer>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let mut peers = Vec::new();
    for party in store::all(&mut tx).await? {
        if party.trust == Trust::Removed {
            continue;
        }
        if let Some(chain) = load(&mut tx, &party).await? {
            peers.push(Peer { party, chain });
        }
    }
    Ok(peers)
}

/// The key sets of a party, for a room that asked the policy already. Removed parties have theirs
/// still, so that old messages can be verified.
#[boxed]
pub async fn chain_in(
    tx: &mut Tx,
    code: &PartyCode,
    mode: Mode,
) -> Result<Option<KeySetChain>, Error> {
    match store::find(tx, code, mode).await? {
        Some(party) => load(tx, &party).await,
        None => Ok(None),
    }
}

/// Takes the next key set of a party: signed by the same root, with the next number.
#[boxed]
pub async fn accept_key_set(
    ground: &Ground,
    viewer: &Viewer,
    code: &PartyCode,
    set: SignedKeySet,
) -> Result<Acceptance, Error> {
    check_house(viewer, Act::PeerManage)?;
    let mut tx = ground.db.begin().await?;
    let party = find_in(&mut tx, code, viewer.mode).await?;
    let party = party.ok_or(Error::NoParty)?;
    let acceptance = accept_in(&mut tx, ground, viewer, &party, set).await?;
    tx.commit().await?;
    Ok(acceptance)
}

/// Takes what a party's card has of newer key sets, in each mode in which the party is listed. They
/// count by the root that people compared when they added the party, so it does not matter who hands
/// over the card; nothing else of it is taken. Gives the modes in which something was new.
#[boxed]
pub async fn renew(
    ground: &Ground,
    viewer: &Viewer,
    code: &PartyCode,
    card: &Card,
) -> Result<Vec<Mode>, Error> {
    check_house(viewer, Act::PeerManage)?;
    if card.party != *code {
        return Err(Error::Card {
            why: "it is another party's",
        });
    }
    let mut tx = ground.db.begin().await?;
    let (mut listed, mut renewed) = (false, Vec::new());
    for mode in [Mode::Real, Mode::Exercise] {
        let party = find_in(&mut tx, code, mode).await?;
        let Some(party) = party.filter(|party| !party.own) else {
            continue;
        };
        listed = true;
        let chains = card.chains(&party.fingerprint)?;
        let of_mode = |chain: &&KeySetChain| chain.latest().set().purpose == purpose(mode);
        let Some(offered) = chains.iter().find(of_mode) else {
            continue;
        };
        let held = load(&mut tx, &party).await?.ok_or(Error::NoParty)?;
        let first = held.sets().next().map_or(0, |set| set.set().seq);
        let offered = offered.sets().filter(|set| set.set().seq >= first);
        for set in offered.cloned() {
            let acceptance = accept_in(&mut tx, ground, viewer, &party, set).await?;
            if acceptance == Acceptance::New && renewed.last() != Some(&mode) {
                renewed.push(mode);
            }
        }
    }
    if !listed {
        return Err(Error::NoParty);
    }
    tx.commit().await?;
    Ok(renewed)
}

async fn accept_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    party: &Party,
    set: SignedKeySet,
) -> Result<Acceptance, Error> {
    let mut chain = load(tx, party).await?.ok_or(Error::NoParty)?;
    let (seq, sha256, document) = (set.set().seq, set.sha256(), set.to_bytes());
    let acceptance = chain.accept(set)?;
    if acceptance == Acceptance::New {
        store::insert_key_set(tx, party, seq, &document, ground.now()).await?;
        let detail = json!({ "seq": seq, "sha256": sha256, "purpose": purpose(party.mode) });
        let subject = party.code.as_str();
        audit::act(tx, ground, viewer, "directory.key_set", subject, &detail).await?;
    }
    Ok(acceptance)
}

pub(super) async fn load(tx: &mut Tx, party: &Party) -> Result<Option<KeySetChain>, Error> {
    let sets = store::key_sets(tx, party).await?;
    let sets = sets
        .iter()
        .map(|document| SignedKeySet::parse(document))
        .collect::<Result<Vec<_>, _>>()?;
    card::chain(sets, &party.fingerprint, purpose(party.mode))
}
