//! The parties that this node knows.

use std::collections::HashMap;

use access::policy::Act;
use axum::extract::State;
use directory::{
    model::{Party, Trust},
    ops,
};
use federation::{protocol::Standing, store::PeerRow};
use kernel::PartyCode;

use super::{Answer, House, Reader, draw};
use crate::{
    views::{
        directory::{Directory, PartyRow},
        frame::{PartyName, Section},
    },
    words::Words,
};

pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    let parties = ops::list_parties(&house.ground, &reader.viewer).await?;
    let peers = peers(&house, &reader).await?;
    let mut rows = Vec::with_capacity(parties.len());
    for party in &parties {
        let (_, contacts) = ops::read_party(&house.ground, &reader.viewer, &party.code).await?;
        let peer = peers.get(&party.code);
        rows.push(PartyRow {
            party: name(reader.w, party),
            ours: party.own,
            state: state(party, peer).to_owned(),
            address: party
                .federation
                .as_ref()
                .map(|address| address.as_str().to_owned())
                .unwrap_or_default(),
            desks: u64::try_from(contacts.len()).unwrap_or(u64::MAX),
            heard: peer.and_then(|peer| peer.heard_at),
        });
    }
    rows.sort_by(|one, other| (!one.ours, &one.party.name).cmp(&(!other.ours, &other.party.name)));
    draw(&Directory {
        w: reader.w,
        shell: reader.shell(&house, Section::Directory).await?,
        rows,
        may_add: reader.may(Act::PeerManage),
        may_share: reader.may(Act::IntelManage),
    })
}

/// What is known of each peer's node.
pub(super) async fn peers(
    house: &House,
    reader: &Reader,
) -> Result<HashMap<PartyCode, PeerRow>, access::http::Refusal> {
    let mut tx = house.ground.db.begin_read().await?;
    let rows = federation::store::peers(&mut tx, reader.viewer.mode).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.party.clone(), row))
        .collect())
}

/// How far a party is trusted, as a code of the pages.
pub(super) fn state(party: &Party, peer: Option<&PeerRow>) -> &'static str {
    let frozen = peer.is_some_and(|peer| matches!(peer.standing, Standing::Frozen { .. }));
    match party.trust {
        Trust::Removed => "removed",
        Trust::Frozen => "frozen",
        Trust::Trusted if frozen => "frozen",
        Trust::Trusted if party.federation.is_none() && !party.own => "no-node",
        Trust::Trusted => "active",
    }
}

/// A party as links show it.
pub(super) fn name(w: Words, party: &Party) -> PartyName {
    PartyName {
        code: party.code.to_string(),
        name: party.name(w.language()).to_owned(),
    }
}
