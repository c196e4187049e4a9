use access::policy::{Act, check_house};
use db::Tx;
use federation::{body::Attachment, state::Delivery, store as post};
use kernel::{IncidentRef, MessageId, PartyCode, ThreadId, Viewer, boxed};

use super::{
    files::info,
    load, place_of,
    sealed::{self, Part},
    thread_of,
};
use crate::{
    Exchange,
    error::Error,
    model::{FileInfo, Gone, MessageView, Statement, ThreadView},
    state::{Said, Thread},
    store::{
        file,
        message::{self, Kept},
        thread,
    },
};

/// A thread with one party: the one named, or the first with whom it was begun. Marks nothing as
/// read.
pub async fn read_thread(
    x: &Exchange,
    viewer: &Viewer,
    id: ThreadId,
    party: Option<&PartyCode>,
) -> Result<ThreadView, Error> {
    check_house(viewer, Act::ExchangeRead)?;
    let now = x.ground.now();
    let mut tx = x.ground.db.begin_read().await?;
    let (place, others, seen) = place_of(&mut tx, viewer, id, party).await?;
    let all = message::said(&mut tx, &place).await?;
    let thread = thread_of(&viewer.party, &place, all.clone());
    let title = seen.first().and_then(|first| {
        let of = (&place.party, first.id);
        sealed::title(&x.data_key, of, first.title.as_deref())
    });
    let tlp = seen.iter().map(|kept| kept.tlp).max().unwrap_or_default();
    let mut messages = Vec::with_capacity(seen.len());
    for kept in &seen {
        messages.push(show(x, &mut tx, (kept, &all)).await?);
    }
    Ok(ThreadView {
        id,
        others,
        title,
        state: thread.state(now),
        closes_at: thread.closes_at(now),
        tlp,
        requests: requests(&thread, &seen, now),
        allowed: allowed(viewer, &thread, &seen, now),
        incidents: incidents(&messages),
        mode: viewer.mode,
        messages,
        party: place.party,
    })
}

/// One message.
#[boxed]
pub async fn read_message(
    x: &Exchange,
    viewer: &Viewer,
    id: MessageId,
) -> Result<MessageView, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let kept = load(&mut tx, viewer, Act::ExchangeRead, id).await?;
    let all = message::said(&mut tx, &kept.place).await?;
    show(x, &mut tx, (&kept, &all)).await
}

/// Notes that this user has read a thread, with everybody with whom he sees it.
#[boxed]
pub async fn mark_read(x: &Exchange, viewer: &Viewer, id: ThreadId) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let (place, others, _seen) = place_of(&mut tx, viewer, id, None).await?;
    let Some(user) = viewer.user() else {
        return Ok(());
    };
    let now = x.ground.now();
    for party in std::iter::once(place.party.clone()).chain(others) {
        let place = crate::store::Place {
            party,
            ..place.clone()
        };
        thread::put_seen(&mut tx, user, &place, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The requests whose asking message the viewer sees.
fn requests(thread: &Thread, seen: &[Kept], now: kernel::Timestamp) -> Vec<crate::state::Request> {
    let mut requests = thread.requests(now);
    requests.retain(|request| seen.iter().any(|kept| kept.id == request.id));
    requests
}

/// What may be said now about what the viewer sees, by a viewer who may send.
fn allowed(
    viewer: &Viewer,
    thread: &Thread,
    seen: &[Kept],
    now: kernel::Timestamp,
) -> Vec<crate::state::Allowed> {
    use crate::state::Allowed;
    let may = |act| check_house(viewer, act).is_ok();
    let knows = |id: &MessageId| seen.iter().any(|kept| kept.id == *id);
    let mut allowed = thread.allowed(&viewer.party, now);
    allowed.retain(|one| match one {
        Allowed::Ask => may(Act::ExchangeSend),
        Allowed::Close => may(Act::ExchangeClose),
        Allowed::Acknowledge { request }
        | Allowed::Progress { request }
        | Allowed::Question { request }
        | Allowed::Respond { request, .. } => may(Act::ExchangeSend) && knows(request),
        Allowed::Answer { request, question } => {
            may(Act::ExchangeSend) && knows(request) && knows(question)
        }
        Allowed::Withdraw { target } => may(Act::ExchangeSend) && knows(target),
    });
    allowed
}

fn incidents(messages: &[MessageView]) -> Vec<IncidentRef> {
    let statements = messages.iter().filter_map(|one| one.statement.as_ref());
    let mut named: Vec<IncidentRef> = statements
        .flat_map(|statement| {
            let listed = statement.incidents.iter().copied();
            listed.chain(statement.details.incident())
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// A message that the viewer sees, in full.
#[boxed]
pub(super) async fn show(
    x: &Exchange,
    tx: &mut Tx,
    (kept, all): (&Kept, &[Said]),
) -> Result<MessageView, Error> {
    let words = open_words(x, tx, kept).await?;
    let gone = match (kept.gone_at, &words) {
        (Some(at), _) => Some(Gone::Withdrawn { at }),
        (None, None) => Some(Gone::Unreadable),
        (None, Some(_)) => None,
    };
    let (statement, named) = words.unzip();
    let at = (&kept.place.party, kept.place.mode());
    let rows = file::of_message(tx, at, kept.id).await?;
    let files: Vec<FileInfo> = rows
        .iter()
        .zip(named.unwrap_or_default())
        .map(|(row, named)| info(row, &named))
        .collect();
    let row = if kept.ours {
        post::delivery(tx, kept.id).await?
    } else {
        None
    };
    // A withdrawal of what never left is kept here, and was never in the outbox.
    let delivery = match &row {
        Some(row) => Some(row.outgoing.delivery.clone()),
        None => kept.ours.then_some(Delivery::Withdrawn),
    };
    let receipt = if kept.ours {
        post::receipt(tx, kept.id).await?
    } else {
        None
    };
    Ok(MessageView {
        id: kept.id,
        thread: kept.place.thread,
        party: kept.place.party.clone(),
        kind: kept.said.kind,
        ours: kept.ours,
        from: kept.header.from.clone(),
        to: kept.header.to.clone(),
        sent: kept.header.sent,
        at: kept.at,
        header: kept.header.clone(),
        statement,
        gone,
        files,
        attempts: row.as_ref().map_or(0, |row| row.outgoing.attempt),
        delivery,
        receipt: receipt.map(|(grade, _, at)| (grade, at)),
        removal: removal(tx, kept, all).await?,
    })
}

/// Who states that he removed a message of ours.
async fn removal(
    tx: &mut Tx,
    kept: &Kept,
    all: &[Said],
) -> Result<Vec<(PartyCode, kernel::Timestamp)>, Error> {
    let at = (&kept.place.party, kept.place.mode());
    let mut stated = Vec::new();
    if !kept.ours || kept.gone_at.is_none() {
        return Ok(stated);
    }
    for said in all.iter().filter(|said| {
        let target = crate::state::Act::Withdraw { target: kept.id };
        said.act == target && said.by == kept.said.by
    }) {
        if let Some(removed_at) = message::removal(tx, at, said.id).await? {
            stated.push((kept.place.party.clone(), removed_at));
        }
    }
    Ok(stated)
}

/// The words of a message and the names of its files; nothing if they were removed, or do not open.
pub(super) async fn open_words(
    x: &Exchange,
    tx: &mut Tx,
    kept: &Kept,
) -> Result<Option<(Statement, Vec<Attachment>)>, Error> {
    let Some(sealed_body) = message::body(tx, &kept.place, kept.id).await? else {
        return Ok(None);
    };
    let of = (&kept.place.party, kept.id);
    let opened = sealed::open(&x.data_key, Part::Body, of, &sealed_body)
        .and_then(|plaintext| sealed::read_body(kept.said.kind, &plaintext));
    match opened {
        Ok((statement, body)) => Ok(Some((statement, body.attachments))),
        Err(error) => {
            tracing::error!("the body of {} cannot be read: {error}", kept.id);
            Ok(None)
        }
    }
}

/// The names of a message's files.
pub(super) async fn attachments(
    x: &Exchange,
    tx: &mut Tx,
    kept: &Kept,
) -> Result<Vec<Attachment>, Error> {
    let words = open_words(x, tx, kept).await?;
    Ok(words.map(|(_, named)| named).unwrap_or_default())
}
