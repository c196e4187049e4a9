//! Adding and changing contacts.

use access::policy::{Act, check_house};
use audit::Ground;
use kernel::{ContactId, PartyCode, Viewer, boxed};
use seal::data::DataKey;
use serde_json::json;

use super::look::{close, owner};
use crate::{
    Error,
    model::{CONTACTS_MAX, Contact, Profile, Reach, Standing},
    ops::find_in,
    store,
};

/// A contact to be, or to be changed.
#[derive(Clone, Debug)]
pub struct NewContact {
    /// What all see.
    pub profile: Profile,
    /// What only a look shows.
    pub reach: Reach,
    /// True if the data was confirmed with the contact just now.
    pub verified: bool,
}

/// Adds a contact to a party of the viewer's mode.
#[boxed]
pub async fn add_contact(
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    code: &PartyCode,
    new: NewContact,
) -> Result<Contact, Error> {
    check_house(viewer, Act::ContactEdit)?;
    new.profile.check()?;
    new.reach.check()?;
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    let party = find_in(&mut tx, code, viewer.mode)
        .await?
        .ok_or(Error::NoParty)?;
    if store::contact::of_party(&mut tx, party.id).await?.len() >= CONTACTS_MAX {
        return Err(Error::TooMany {
            what: "contacts",
            max: CONTACTS_MAX,
        });
    }
    let contact = Contact {
        id: ContactId::random(&*ground.rng),
        party: party.id,
        profile: new.profile,
        standing: Standing::Active,
        verified_at: new.verified.then_some(now),
        verified_by: new.verified.then(|| viewer.label()),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let sealed = close(ground, key, contact.id, &new.reach);
    store::contact::save(&mut tx, &contact, Some(&sealed)).await?;
    let detail = json!({ "party": code.as_str(), "kind": contact.profile.kind.as_str() });
    let subject = contact.id.to_string();
    audit::act(
        &mut tx,
        ground,
        viewer,
        "directory.contact_added",
        &subject,
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok(contact)
}

/// Changes a contact that is at this version, or removes it ([`Standing::Removed`]).
#[boxed]
pub async fn edit_contact(
    ground: &Ground,
    key: &DataKey,
    viewer: &Viewer,
    id: ContactId,
    version: i64,
    (change, standing): (NewContact, Standing),
) -> Result<Contact, Error> {
    check_house(viewer, Act::ContactEdit)?;
    change.profile.check()?;
    change.reach.check()?;
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    let before = store::contact::find(&mut tx, id)
        .await?
        .ok_or(Error::NoContact)?;
    let party = owner(&mut tx, viewer, &before).await?;
    let stale = Error::Stale {
        given: version,
        current: before.version,
    };
    if before.version != version {
        return Err(stale);
    }
    let contact = Contact {
        profile: change.profile,
        standing,
        verified_at: if change.verified {
            Some(now)
        } else {
            before.verified_at
        },
        verified_by: if change.verified {
            Some(viewer.label())
        } else {
            before.verified_by
        },
        version: version.saturating_add(1),
        updated_at: now,
        ..before
    };
    let sealed = close(ground, key, id, &change.reach);
    if !store::contact::save(&mut tx, &contact, Some(&sealed)).await? {
        return Err(stale);
    }
    let detail = json!({ "party": party.code.as_str(), "standing": standing.as_str() });
    audit::act(
        &mut tx,
        ground,
        viewer,
        "directory.contact_changed",
        &id.to_string(),
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok(contact)
}
