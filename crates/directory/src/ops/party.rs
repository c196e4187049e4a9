//! Reading parties and what all may see of their contacts.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{ContactId, Mode, PartyCode, Viewer, boxed};

use crate::{
    Error,
    model::{Contact, Party, Trust},
    store,
};

/// The parties of the viewer's mode by code, frozen ones too.
#[boxed]
pub async fn list_parties(ground: &Ground, viewer: &Viewer) -> Result<Vec<Party>, Error> {
    check_house(viewer, Act::DirectoryRead)?;
    let mut tx = ground.db.begin_read().await?;
    let mut parties = store::all(&mut tx).await?;
    parties.retain(|party| party.mode == viewer.mode && party.trust != Trust::Removed);
    Ok(parties)
}

/// A party of the viewer's mode, and its contacts.
#[boxed]
pub async fn read_party(
    ground: &Ground,
    viewer: &Viewer,
    code: &PartyCode,
) -> Result<(Party, Vec<Contact>), Error> {
    check_house(viewer, Act::DirectoryRead)?;
    let mut tx = ground.db.begin_read().await?;
    let found = read_in(&mut tx, code, viewer.mode).await?;
    found.ok_or(Error::NoParty)
}

/// A party that is not removed, and its contacts, for a room that asked the policy already.
#[boxed]
pub async fn read_in(
    tx: &mut Tx,
    code: &PartyCode,
    mode: Mode,
) -> Result<Option<(Party, Vec<Contact>)>, Error> {
    let Some(party) = find_in(tx, code, mode).await? else {
        return Ok(None);
    };
    let contacts = store::contact::of_party(tx, party.id).await?;
    Ok(Some((party, contacts)))
}

/// A party that is not removed, for a room that asked the policy already.
#[boxed]
pub async fn find_in(tx: &mut Tx, code: &PartyCode, mode: Mode) -> Result<Option<Party>, Error> {
    let party = store::find(tx, code, mode).await?;
    Ok(party.filter(|party| party.trust != Trust::Removed))
}

/// A contact without its contact data, for a room that asked the policy already.
#[boxed]
pub async fn contact_in(tx: &mut Tx, id: ContactId) -> Result<Option<Contact>, Error> {
    Ok(store::contact::find(tx, id).await?)
}
