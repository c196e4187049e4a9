//! What arrives.
//!
//! `federation` hands a message up once, in the transaction that gives its receipt the leaf. The
//! order is not ours to choose: an answer may come before its question, a withdrawal before what it
//! takes back.

use std::sync::Arc;

use audit::Ground;
use db::{Tx, search};
use federation::{
    body::Body,
    model::Header,
    post::{Delivered, Room, Taken},
    state::RefusalCode,
};
use kernel::{FileId, MessageId, Problem, Viewer, boxed};
use seal::data::DataKey;

use super::{
    desk_bits, links, refresh,
    sealed::{self, Part},
    thread_of,
};
use crate::{
    error::Error,
    jobs::{self, ConfirmJob, UnpackJob},
    model::{Details, FileState, Kind, Statement},
    record,
    state::{Act, Said},
    store::{
        Place,
        file::{self, KeptFile},
        message::{self, Kept},
    },
};

/// The handler of all kinds of messages, for the table that `federation` hands messages down by.
pub fn room(data_key: &DataKey) -> Room {
    let key = data_key.clone();
    Room {
        check: Arc::new(check),
        judge: None,
        leave: None,
        take: Arc::new(move |tx, ground, delivered| -> Taken<'_> {
            let key = key.clone();
            Box::pin(async move {
                take_in(tx, ground, &key, delivered)
                    .await
                    .map_err(Problem::from)
            })
        }),
    }
}

/// Whether a body keeps the rules of its kind.
fn check(header: &Header, body: &Body) -> Result<(), RefusalCode> {
    if Kind::from_code(header.kind.as_str()).is_none() {
        return Err(RefusalCode::KindUnknown);
    }
    read(header, body)
        .map(drop)
        .map_err(|_broken| RefusalCode::BodyInvalid)
}

fn read(header: &Header, body: &Body) -> Result<(Kind, Statement), Error> {
    let kind = Kind::of(header)?;
    let statement = Statement::read(kind, body.content.clone())?;
    Ok((kind, statement))
}

/// Takes a message. One that was taken before changes nothing.
#[boxed]
async fn take_in(
    tx: &mut Tx,
    ground: &Ground,
    key: &DataKey,
    delivered: &Delivered,
) -> Result<(), Error> {
    let (header, body) = (&delivered.header, &delivered.body);
    let (_, statement) = read(header, body)?;
    let us = &header.to.party;
    let node = Viewer::node("exchange", us.clone(), header.mode());
    let place = Place::new(header.mode(), delivered.peer.clone(), header.thread);
    let said = Said::new(header, &statement.details);
    // Its withdrawal may have come first.
    let mut thread = thread_of(us, &place, message::said(tx, &place).await?);
    if thread.add(said.clone()).is_err() {
        return Ok(());
    }
    let gone = thread.withdrawn(header.id);
    let contact = directory::ops::contact_in(tx, header.to.contact).await?;
    let of = (&place.party, header.id);
    let sealer = (key, ground.rng.as_ref());
    let seal = |part, text: &[u8]| (!gone).then(|| sealed::seal(sealer, part, of, text));
    let kept = Kept {
        place: place.clone(),
        id: header.id,
        ours: false,
        tlp: header.tlp,
        author: None,
        desk: desk_bits(contact.as_ref()),
        at: ground.now(),
        header: header.clone(),
        sha256: delivered.digest,
        said,
        title: seal(Part::Title, statement.title.as_str().as_bytes()),
        gone_at: gone.then(|| ground.now()),
    };
    let sealed_body = seal(Part::Body, &delivered.plaintext);
    if !message::insert(tx, &kept, sealed_body.as_deref()).await? {
        return Ok(());
    }
    if gone {
        // The envelope is written after this; the job finds it.
        let job = jobs::RemoveJob::of(&place, header);
        ground.enqueue(tx, jobs::REMOVE, &job, ground.now()).await?;
    } else {
        sealed::index(tx, key, header.id, body).await?;
        take_files(tx, ground, &place, delivered).await?;
        let mut named = statement.incidents.clone();
        named.extend(statement.details.incident());
        named.sort_unstable();
        named.dedup();
        links::tie(tx, ground, &node, (header, false), &named).await?;
    }
    react(tx, ground, (&node, &place), (header.id, &statement.details)).await?;
    refresh(tx, ground, (&place, &thread), us).await?;
    tx.wake();
    Ok(())
}

/// Files the attachments. They are opened by a job, since that takes long.
async fn take_files(
    tx: &mut Tx,
    ground: &Ground,
    place: &Place,
    delivered: &Delivered,
) -> Result<(), Error> {
    let header = &delivered.header;
    let attachments = header.sealed.iter().skip(1);
    for (number, sealed) in (1..).zip(attachments) {
        let kept = KeptFile {
            id: FileId::random(ground.rng.as_ref()),
            exercise: place.exercise,
            of: Some((place.party.clone(), header.id, number)),
            owner: None,
            named: None,
            size: None,
            sha256: None,
            blob: sealed.sha256,
            travels: None,
            state: FileState::Unread,
            created_at: ground.now(),
        };
        file::insert(tx, &kept).await?;
    }
    if header.sealed.len() > 1 {
        let job = UnpackJob {
            party: place.party.clone(),
            mode: place.mode(),
            id: header.id,
        };
        ground.enqueue(tx, jobs::UNPACK, &job, ground.now()).await?;
    }
    Ok(())
}

/// What a message does beyond being read: a withdrawal removes, a confirmation is kept.
async fn react(
    tx: &mut Tx,
    ground: &Ground,
    (node, place): (&Viewer, &Place),
    (id, details): (MessageId, &Details),
) -> Result<(), Error> {
    match details {
        Details::Withdraw(withdrawal) => {
            remove(tx, ground, (node, place), (id, withdrawal.target)).await?;
            let job = ConfirmJob {
                party: place.party.clone(),
                mode: place.mode(),
                withdrawal: id,
            };
            ground
                .enqueue(tx, jobs::CONFIRM, &job, ground.now())
                .await?;
        }
        Details::Ack(ack) => {
            if let Some(removed_at) = ack.removed_at {
                let at = (&place.party, place.mode());
                message::put_removal(tx, at, ack.refers_to, removed_at).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Removes the words of a message that its sender took back, and what was made of them: title, body,
/// words to search for, files. The row stays, so that nothing brings it back.
async fn remove(
    tx: &mut Tx,
    ground: &Ground,
    (node, place): (&Viewer, &Place),
    (withdrawal, target): (MessageId, MessageId),
) -> Result<(), Error> {
    let at = (&place.party, place.mode());
    let found = message::find_of(tx, at, target).await?;
    let theirs = |kept: &Kept| {
        kept.place == *place && !kept.ours && !matches!(kept.said.act, Act::Withdraw { .. })
    };
    let Some(kept) = found.filter(theirs) else {
        return Ok(());
    };
    message::take_back(tx, place, target, (ground.now(), true)).await?;
    search::remove(tx, search::Area::Exchange, target.uuid()).await?;
    let files = file::of_message(tx, at, target).await?;
    file::drop_of_message(tx, at, target).await?;
    let job = jobs::RemoveJob::of(place, &kept.header);
    ground.enqueue(tx, jobs::REMOVE, &job, ground.now()).await?;
    let what = (&place.party, withdrawal, files.len());
    record::removed(tx, ground, node, target, what).await
}
