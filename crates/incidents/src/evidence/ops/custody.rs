//! Evidence that goes from hand to hand, and the record of it.

use access::policy::Act;
use kernel::{EvidenceRef, IncidentRef, Viewer, boxed};

use super::{Said, hold, record};
use crate::{
    error::{Error, EvidenceFault},
    evidence::{
        Locker,
        model::{Deed, Entry, Item, Reason, Receiver},
        store,
    },
    model::{Invalid, Line},
};

/// Hands an item over. Who has it in hand changes when the receiver says that he has it.
#[boxed]
pub async fn hand_over(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
    (to, why): (Receiver, &Reason),
) -> Result<Entry, Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (incident, item) = hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
    super::here(&item)?;
    if item.pending.is_some() {
        return Err(EvidenceFault::Pending.into());
    }
    let (receiver, user) = match to {
        Receiver::Other(name) => (name.as_str().to_owned(), None),
        Receiver::User(name) => {
            let facts = &incident.facts;
            let tlp = item.facts.tlp.max(facts.tlp);
            let label = (tlp, facts.named.as_slice());
            let act = Act::CaseRead;
            let people = access::ops::people_who_in(&mut tx, viewer, act, label).await?;
            let found = people.iter().find(|one| one.name.as_str() == name);
            let rule = "names a user who may see the evidence of this incident";
            let field = "user";
            let one = found.ok_or(Invalid { field, rule })?;
            (format!("user:{name}"), Some(one.id))
        }
    };
    let said = Said {
        receiver: Some(receiver),
        user,
        ..Said::why(why)
    };
    let deed = (Deed::HandedOver, said);
    let line = record(&mut tx, &locker.ground, viewer, at, deed).await?;
    tx.commit().await?;
    Ok(line)
}

/// Answers a hand-over: the receiver has it, or he does not. A user of this node answers himself; for
/// anybody else an officer writes down how he did.
#[boxed]
pub async fn answer(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
    (number, has_it): (i64, bool),
    note: Option<&Line<500>>,
) -> Result<Item, Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::CaseRead, at).await?;
    if item.pending != Some(number) {
        return Err(EvidenceFault::NotPending.into());
    }
    let lines = store::lines(&mut tx, item.id).await?;
    let found = lines.into_iter().find(|line| line.number == number);
    let handed = found.ok_or(EvidenceFault::NotPending)?;
    match handed.user {
        Some(user) if viewer.user() == Some(user) => {}
        Some(_) => return Err(EvidenceFault::NotPending.into()),
        None => {
            hold(&mut tx, viewer, Act::IncidentEdit, at).await?;
            if note.is_none() {
                let rule = "says how the receiver answered, such as the number of his receipt";
                let field = "note";
                return Err(Invalid { field, rule }.into());
            }
        }
    }
    let receiver = handed.receiver.unwrap_or_default();
    let said = Said {
        reason: note.map_or_else(String::new, |note| note.as_str().to_owned()),
        receiver: Some(receiver.clone()),
        answers: Some(number),
        ..Said::default()
    };
    let deed = if has_it {
        store::set_holder(&mut tx, item.id, &receiver).await?;
        Deed::Received
    } else {
        Deed::Declined
    };
    record(&mut tx, &locker.ground, viewer, at, (deed, said)).await?;
    tx.commit().await?;
    Ok(Item {
        holder: if has_it { Some(receiver) } else { item.holder },
        pending: None,
        ..item
    })
}

/// An item with its custody, for a record that leaves the house. That it was written out is a line too.
#[boxed]
pub async fn export(
    locker: &Locker,
    viewer: &Viewer,
    at: (IncidentRef, EvidenceRef),
) -> Result<(Item, Vec<Entry>), Error> {
    let mut tx = locker.ground.db.begin().await?;
    let (_, item) = hold(&mut tx, viewer, Act::IncidentExport, at).await?;
    let deed = (Deed::Exported, Said::default());
    record(&mut tx, &locker.ground, viewer, at, deed).await?;
    let lines = store::lines(&mut tx, item.id).await?;
    tx.commit().await?;
    Ok((item, lines))
}
