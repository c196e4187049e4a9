//! From which desk a message goes to which.

use directory::model::{Contact, ContactKind, Standing};
use federation::model::Desk;
use kernel::{ContactId, PartyCode, Viewer};

use super::{desk_bits, prepare::Sides};
use crate::{
    error::Error,
    model::{Kind, NewMessage},
    store::message::Kept,
};

/// From which desk to which, whether theirs was named, and the kind of ours.
pub(super) fn desks(
    viewer: &Viewer,
    new: &NewMessage,
    known: &Sides,
    (kind, parent): (Kind, Option<&Kept>),
) -> Result<(Desk, Desk, bool, i32), Error> {
    // What answers goes back to the desk that wrote, from the one that was written to.
    let before = parent.map(|kept| {
        if kept.ours {
            (&kept.header.from, &kept.header.to)
        } else {
            (&kept.header.to, &kept.header.from)
        }
    });
    let find = |contacts: &[Contact], id: ContactId| {
        contacts.iter().find(|contact| contact.id == id).cloned()
    };
    let none = |party: &PartyCode| Error::NoDesk {
        party: party.clone(),
    };
    let named = new.to_desk.is_some() || before.is_some();
    let to = match (new.to_desk, before) {
        (Some(id), Some((_, theirs))) if theirs.contact == id => id,
        (Some(id), _) => find(&known.theirs, id).ok_or_else(|| none(&new.to))?.id,
        (None, Some((_, theirs))) => theirs.contact,
        (None, None) => choose(&known.theirs, kind).ok_or_else(|| none(&new.to))?.id,
    };
    let us = &viewer.party;
    let own = match (new.from_desk, before) {
        (Some(id), _) => find(&known.own, id),
        (None, Some((ours, _))) => {
            find(&known.own, ours.contact).or_else(|| choose(&known.own, kind).cloned())
        }
        (None, None) => choose(&known.own, kind).cloned(),
    };
    let own = own.ok_or_else(|| none(us))?;
    let from = Desk {
        contact: own.id,
        party: us.clone(),
    };
    let to = Desk {
        contact: to,
        party: new.to.clone(),
    };
    Ok((from, to, named, desk_bits(Some(&own))))
}

/// The desk for a kind: diplomatic for notifications, technical for the rest, else any; one that can
/// be relied on first.
fn choose(contacts: &[Contact], kind: Kind) -> Option<&Contact> {
    let wanted = match kind {
        Kind::NotifyInc | Kind::NotifyOrig => ContactKind::Diplomatic,
        Kind::Rfi
        | Kind::Rfm
        | Kind::Ack
        | Kind::Resp
        | Kind::Clarify
        | Kind::Update
        | Kind::Withdraw
        | Kind::Close
        | Kind::Ping
        | Kind::Pong => ContactKind::Technical,
    };
    contacts.iter().min_by_key(|contact| {
        let standing = match contact.standing {
            Standing::Active => 0,
            Standing::Stale => 1,
            Standing::Suspended => 2,
            Standing::Removed => 3,
        };
        (contact.profile.kind != wanted, standing)
    })
}
