//! The names of parties and desks, from the directory.

use directory::{
    model::{Contact, ContactKind},
    ops,
};
use kernel::{Mode, PartyCode};

use super::{House, Reader, thread::parts::Names};
use crate::words::Words;

/// All parties that the reader may know. Whoever may not read the directory sees codes.
pub(super) async fn all(house: &House, reader: &Reader) -> Names {
    let parties = ops::list_parties(&house.ground, &reader.viewer)
        .await
        .unwrap_or_default();
    let language = reader.w.language();
    Names {
        parties: parties
            .iter()
            .map(|party| (party.code.clone(), party.name(language).to_owned()))
            .collect(),
        desks: std::collections::HashMap::new(),
    }
}

/// This party and another one, with their desks.
pub(super) async fn both(house: &House, reader: &Reader, other: &PartyCode) -> Names {
    let language = reader.w.language();
    let mut names = Names::default();
    for code in [other, &reader.viewer.party] {
        if let Ok((party, contacts)) = ops::read_party(&house.ground, &reader.viewer, code).await {
            names
                .parties
                .insert(code.clone(), party.name(language).to_owned());
            let desks = contacts
                .iter()
                .map(|contact| (contact.id, desk_name(contact)));
            names.desks.extend(desks);
        }
    }
    names
}

/// A desk as links and sentences show it.
pub(super) fn desk_name(contact: &Contact) -> String {
    let entity = contact.profile.entity.as_str();
    match &contact.profile.department {
        Some(department) => format!("{}, {entity}", department.as_str()),
        None => entity.to_owned(),
    }
}

/// True for a desk of diplomats.
pub(super) fn is_diplomatic(contact: &Contact) -> bool {
    contact.profile.kind == ContactKind::Diplomatic
}

/// What the party of this node is called. Without a directory, a State still has its name.
pub(super) async fn own(house: &House, w: Words, code: &PartyCode) -> String {
    let find = async {
        let mut tx = house.ground.db.begin_read().await.ok()?;
        let own = ops::find_in(&mut tx, code, Mode::Real).await;
        own.ok().flatten()
    };
    find.await.map_or_else(
        || w.state(code.as_str()),
        |own| own.name(w.language()).to_owned(),
    )
}
