//! Whose node this is.

use audit::Ground;
use db::{Corrupt, Tx, setting};
use kernel::{PartyCode, boxed};

use crate::{Error, store::PARTY_SETTING};

/// The party that runs this node.
#[boxed]
pub async fn node_party_in(tx: &mut Tx) -> Result<PartyCode, Error> {
    let code = setting::read(tx, PARTY_SETTING)
        .await?
        .ok_or(Error::NoParty)?;
    let party = code
        .parse()
        .map_err(|_unreadable| Corrupt::new("setting", "value", &PARTY_SETTING))?;
    Ok(party)
}

/// The party that runs this node.
#[boxed]
pub async fn node_party(ground: &Ground) -> Result<PartyCode, Error> {
    let mut tx = ground.db.begin_read().await?;
    node_party_in(&mut tx).await
}

/// Says whose node this is, once, when it is set up.
#[boxed]
pub async fn set_node_party_in(tx: &mut Tx, party: &PartyCode) -> Result<(), Error> {
    setting::write(tx, PARTY_SETTING, party.as_str()).await?;
    Ok(())
}
