//! Looking at contact data.

use access::policy::{Act, check_house};
use audit::Ground;
use db::Tx;
use kernel::{ContactId, Viewer, boxed};
use seal::data::DataKey;
use serde_json::json;

use crate::{
    Error,
    model::{Contact, Party, Reach, Standing, Trust},
    store,
};

/// How to reach a contact. Only users of a listed party may know, and each look is recorded with
/// the reason that was given; if it cannot be recorded, nothing is shown.
#[boxed]
pub async fn look(
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    id: ContactId,
    reason: &str,
) -> Result<(Contact, Reach), Error> {
    check_house(viewer, Act::ContactLook)?;
    let mut tx = ground.db.begin().await?;
    require_listed(&mut tx, viewer).await?;
    let contact = store::contact::find(&mut tx, id)
        .await?
        .filter(|contact| contact.standing != Standing::Removed)
        .ok_or(Error::NoContact)?;
    let party = owner(&mut tx, viewer, &contact).await?;
    let reach = open_in(&mut tx, key, id).await?;
    let reason: String = reason.chars().take(200).collect();
    let detail = json!({ "party": party.code.as_str(), "reason": reason });
    audit::act(
        &mut tx,
        ground,
        viewer,
        "directory.looked",
        &id.to_string(),
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok((contact, reach))
}

/// Opens what is sealed of a contact; empty if nothing is known.
pub(super) async fn open_in(tx: &mut Tx, key: &DataKey, id: ContactId) -> Result<Reach, Error> {
    let Some(sealed) = store::contact::reach(tx, id).await? else {
        return Ok(Reach::default());
    };
    let text = key.open(&sealed, &place(id))?;
    let reach = serde_json::from_slice(&text)
        .map_err(|_unreadable| db::Corrupt::new("directory_contact", "reach", &id))?;
    Ok(reach)
}

/// Seals what only a look shows of a contact.
pub(super) fn close(ground: &Ground, key: &DataKey, id: ContactId, reach: &Reach) -> Vec<u8> {
    let text = json!(reach).to_string();
    let mut entropy = |bytes: &mut [u8]| ground.rng.fill(bytes);
    key.seal(text.as_bytes(), &place(id), &mut entropy)
}

fn place(id: ContactId) -> String {
    format!("directory_contact.reach/{}", id.uuid())
}

/// The viewer's own party must be listed and trusted in his mode.
pub(super) async fn require_listed(tx: &mut Tx, viewer: &Viewer) -> Result<(), Error> {
    let own = store::find(tx, &viewer.party, viewer.mode).await?;
    match own {
        Some(party) if party.trust == Trust::Trusted => Ok(()),
        _ => Err(Error::NotListed),
    }
}

/// Whose contact it is; contacts of the other mode are not there.
pub(super) async fn owner(tx: &mut Tx, viewer: &Viewer, contact: &Contact) -> Result<Party, Error> {
    store::all(tx)
        .await?
        .into_iter()
        .find(|party| party.id == contact.party && party.mode == viewer.mode)
        .filter(|party| party.trust != Trust::Removed)
        .ok_or(Error::NoContact)
}
