//! Messages about collections that arrive, and messages of ours that may not leave any more.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use db::Tx;
use directory::ops::is_member_in;
use federation::{
    body::Body,
    model::Header,
    post::{Delivered, Fates, Judged, Leaves, Room, Taken},
    state::{Delivery, RefusalCode},
};
use kernel::{Mode, PartyCode, Problem, ShareId, Timestamp, Tlp, boxed};

use super::{
    ApplyJob, ConfirmJob, compare::CompareJob, drop::became, letter::parts, rule::entitled_in,
};
use crate::{
    Error, jobs,
    model::{Confirmation, Held, InShare, InState, Letter, OutShare, OutState, Said, Tally},
    store::{
        into::{self, Waiting},
        item, out,
    },
};

/// How many collections one party shares with this one at most.
const SHARES_MAX: i64 = 500;
/// Several removals are often confirmed one after another: they are compared once the last of them is.
const COMPARE_WAIT: Duration = Duration::from_secs(2);
/// How far ahead of what was carried out a message may be.
const AHEAD_MAX: i64 = 10_000;

/// The handler of messages about collections, for the table that `federation` hands messages down by.
pub fn room() -> Room {
    Room {
        check: Arc::new(check),
        judge: Some(Arc::new(|tx, _ground, delivered| -> Judged<'_> {
            Box::pin(async move { judge(tx, delivered).await.map_err(Problem::from) })
        })),
        take: Arc::new(|tx, ground, delivered| -> Taken<'_> {
            Box::pin(async move { take(tx, ground, delivered).await.map_err(Problem::from) })
        }),
        leave: Some(Arc::new(|tx, header| -> Leaves<'_> {
            Box::pin(async move { leaves(tx, header).await.map_err(Problem::from) })
        })),
    }
}

/// Who is told what became of messages about collections.
pub fn fates() -> Fates {
    vec![Arc::new(|tx, ground, id, fate| -> Taken<'_> {
        Box::pin(async move { became(tx, ground, id, fate).await.map_err(Problem::from) })
    })]
}

fn check(header: &Header, body: &Body) -> Result<(), RefusalCode> {
    Letter::read(header, body).map(drop)
}

/// Whether a message of ours may still leave: objects only for as long as the collection is for the
/// party, and not once they were taken back; attachments only until the party has taken them.
#[boxed]
async fn leaves(tx: &mut Tx, header: &Header) -> Result<bool, Error> {
    let Some(sent) = out::of_message(tx, header.id).await? else {
        return Ok(true);
    };
    let (id, sequence, mode) = (sent.share, sent.sequence, header.mode());
    let Some(share) = out::by_id(tx, id, mode).await? else {
        return Ok(false);
    };
    // Its attachments went when its receipt came.
    if sent.items > 0 {
        let row = federation::store::delivery(tx, header.id).await?;
        if row.is_some_and(|row| matches!(row.outgoing.delivery, Delivery::Receipted { .. })) {
            return Ok(false);
        }
    }
    if header.kind.as_str() != crate::model::SHARE {
        return Ok(true);
    }
    if share.state != OutState::Active || sequence <= out::floor(tx, id).await? {
        return Ok(false);
    }
    let collection = intel::ops::collection_by_ref_in(tx, share.collection, mode).await?;
    let Some(collection) = collection else {
        return Ok(false);
    };
    let pair = (&header.from.party, &share.party);
    let entitled = entitled_in(tx, pair, &collection).await?;
    Ok(entitled.is_some_and(|entitled| entitled.trusted))
}

fn refusal(code: &str) -> Result<(), RefusalCode> {
    Err(RefusalCode::from_foreign(code))
}

#[boxed]
async fn judge(tx: &mut Tx, delivered: &Delivered) -> Result<Result<(), RefusalCode>, Error> {
    let (header, from) = (&delivered.header, &delivered.peer);
    let letter = match Letter::read(header, &delivered.body) {
        Ok(letter) => letter,
        Err(code) => return Ok(Err(code)),
    };
    let mode = header.mode();
    if let Letter::Confirm(said) = &letter {
        return judge_confirmation(tx, (from, mode), said).await;
    }
    let (id, sequence) = (letter.collection(), letter.sequence());
    // A collection is told of by its steward, and by nobody else.
    for mode in [Mode::Real, Mode::Exercise] {
        if intel::ops::collection_by_ref_in(tx, id, mode)
            .await?
            .is_some()
        {
            return Ok(refusal("share.foreign"));
        }
    }
    if into::is_anothers(tx, id, from).await? {
        return Ok(refusal("share.foreign"));
    }
    let Some(known) = into::find(tx, (id, from), mode).await? else {
        if matches!(letter, Letter::Unshare(_)) {
            return Ok(refusal("share.unknown"));
        }
        let many = into::count_of(tx, from, mode).await?;
        return Ok(if many < SHARES_MAX {
            Ok(())
        } else {
            refusal("share.crowded")
        });
    };
    let waiting = into::waiting(tx, known.id).await?;
    let taken = waiting.iter().any(|one| one.sequence == sequence);
    if sequence <= known.sequence || taken {
        return Ok(refusal("share.sequence"));
    }
    if sequence > known.sequence.saturating_add(AHEAD_MAX) {
        return Ok(refusal("share.ahead"));
    }
    let resumes = matches!(&letter, Letter::Share(said) if said.resume);
    let closed = matches!(known.state, InState::Declined | InState::Ended);
    if closed && !resumes && matches!(letter, Letter::Share(_)) {
        return Ok(refusal("share.closed"));
    }
    Ok(Ok(()))
}

async fn judge_confirmation(
    tx: &mut Tx,
    (from, mode): (&PartyCode, Mode),
    said: &Confirmation,
) -> Result<Result<(), RefusalCode>, Error> {
    let share = out::find(tx, (said.collection, from), mode).await?;
    Ok(match share {
        Some(share) if said.sequence <= share.sequence => Ok(()),
        Some(_) | None => refusal("share.unknown"),
    })
}

#[boxed]
async fn take(tx: &mut Tx, ground: &Ground, delivered: &Delivered) -> Result<(), Error> {
    let header = &delivered.header;
    let letter = Letter::read(header, &delivered.body);
    let letter = letter.map_err(|_checked_before| Error::NotFound)?;
    let (from, mode, now) = (&delivered.peer, header.mode(), ground.now());
    if let Letter::Confirm(said) = &letter {
        return take_confirmation(tx, ground, (from, mode), said).await;
    }
    let found = match into::find(tx, (letter.collection(), from), mode).await? {
        Some(found) => into::locked(tx, found.id).await?,
        None => None,
    };
    let share = match (found, &letter) {
        (found, Letter::Share(said)) => {
            let us = &header.to.party;
            let before = found.clone();
            let mut share = found.unwrap_or_else(|| heard_of(ground, (from, mode), said));
            let closed = matches!(share.state, InState::Declined | InState::Ended);
            if before.is_none() || closed {
                offer_in(tx, ground, us, (&mut share, said)).await?;
            }
            share
        }
        (Some(share), _) => share,
        (None, _) => return Ok(()),
    };
    let salts = &delivered.body.salts;
    let waiting = Waiting {
        sequence: letter.sequence(),
        message: header.id.uuid(),
        kind: header.kind.to_string(),
        content: letter.content().to_string(),
        files: serde_json::to_string(&parts(header, salts)).unwrap_or_default(),
    };
    into::keep(tx, share.id, &waiting, now).await?;
    let job = ApplyJob { share: share.id };
    ground.enqueue(tx, jobs::APPLY, &job, now).await?;
    tx.wake();
    Ok(())
}

/// A share is offered, for the first time or anew after its end.
pub(super) async fn offer_in(
    tx: &mut Tx,
    ground: &Ground,
    us: &PartyCode,
    (share, said): (&mut InShare, &Said),
) -> Result<(), Error> {
    offer(tx, (us, ground.now()), share, said).await?;
    into::put(tx, share).await?;
    let node = kernel::Viewer::node("sharing", us.clone(), share.mode);
    let what = serde_json::json!({
        "from": share.party,
        "sequence": said.sequence,
        "state": share.state.as_str(),
    });
    let id = &said.collection.id;
    audit::act(tx, ground, &node, "share.offered", id, &what).await?;
    Ok(())
}

fn heard_of(ground: &Ground, (from, mode): (&PartyCode, Mode), said: &Said) -> InShare {
    InShare {
        id: ShareId::random(&*ground.rng),
        party: from.clone(),
        collection: said.collection.id,
        mode,
        state: InState::Offered,
        via: said.via,
        about: said.collection.clone(),
        kept_as: None,
        ceiling: Tlp::AmberStrict,
        sequence: 0,
        tally: Tally::default(),
        stated: Tally::default(),
        offered_at: ground.now(),
        decided_at: None,
        decided_by: None,
        compared_at: None,
    }
}

/// People decide whether they want it. Who has joined a circle has decided to get what its members
/// share with it.
async fn offer(
    tx: &mut Tx,
    (us, now): (&PartyCode, Timestamp),
    share: &mut InShare,
    said: &Said,
) -> Result<(), Error> {
    share.about = said.collection.clone();
    share.via = said.via;
    (share.state, share.decided_at, share.decided_by) = (InState::Offered, None, None);
    if let Some(circle) = said.via {
        let ours = is_member_in(tx, circle, share.mode, us).await?;
        let theirs = is_member_in(tx, circle, share.mode, &share.party).await?;
        if ours && theirs {
            share.state = InState::Accepted;
            share.decided_at = Some(now);
            share.decided_by = Some(circle.to_string());
        }
    }
    Ok(())
}

/// The party states that it has carried out the newest message, which was a removal: after the end of
/// a share it holds nothing, and otherwise the two sides are compared.
async fn carried_out(tx: &mut Tx, ground: &Ground, share: &OutShare) -> Result<(), Error> {
    let now = ground.now();
    if share.state == OutState::Ended {
        let theirs = Held {
            state: InState::Ended.as_str().to_owned(),
            sequence: share.sequence,
            tally: Tally::default(),
        };
        out::compared(tx, share.id, now, Some(&theirs)).await?;
    } else {
        let job = CompareJob {
            party: share.party.clone(),
            mode: share.mode,
        };
        let at = now.plus(COMPARE_WAIT);
        ground.enqueue(tx, jobs::COMPARE, &job, at).await?;
    }
    Ok(())
}

async fn take_confirmation(
    tx: &mut Tx,
    ground: &Ground,
    (from, mode): (&PartyCode, Mode),
    said: &Confirmation,
) -> Result<(), Error> {
    let now = ground.now();
    let Some(mut share) = out::find(tx, (said.collection, from), mode).await? else {
        return Ok(());
    };
    if said.declined {
        // What was sent after a new beginning is not meant.
        let newest = said.sequence > out::floor(tx, share.id).await?;
        if newest && share.state == OutState::Active {
            share.state = OutState::Declined;
            share.tally = Tally::default();
            (share.place, share.mask, share.changed_at) = (0, 0, now);
            item::clear(tx, share.id).await?;
            out::put(tx, &share).await?;
        }
    } else {
        let removed = i64::try_from(said.removed).unwrap_or(i64::MAX);
        let at = (share.id, said.sequence);
        let known = out::confirm(tx, at, now, (removed, said.onward)).await?;
        if known && said.sequence == share.sequence {
            carried_out(tx, ground, &share).await?;
        }
    }
    // Whoever told us waits for those whom we told.
    if let Some(source) = into::kept_as(tx, share.collection).await? {
        for sequence in into::unstated(tx, source.id).await? {
            let job = ConfirmJob {
                share: source.id,
                sequence,
            };
            ground.enqueue(tx, jobs::CONFIRM, &job, now).await?;
        }
    }
    tx.wake();
    Ok(())
}
