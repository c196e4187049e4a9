//! Saying what was found to be said, if all is still as it was.

use db::Tx;
use federation::{compose::SealedAttachment, state::Delivery};
use intel::{
    model::Collection,
    ops::{Given, ITEMS_MAX, Item},
};
use kernel::{MessageId, Tlp};

use super::{
    super::{ConfirmJob, letter::submit, rule::Entitled},
    Looked, SendJob, What, look,
};
use crate::{
    Error, Sharing, jobs,
    model::{About, Letter, OutShare, OutState, Said, Sent, SentRow, Tally, Unshared},
    store::{into, item, out},
};

/// So many of the newest messages are looked at for ones that have not left.
const LOOKED_BACK_MAX: i64 = 1_000;

/// Says it, if all is still as it was. False if it is not.
pub(super) async fn say(
    x: &Sharing,
    job: &SendJob,
    (before, what): (Looked, What),
    attachment: Option<SealedAttachment>,
) -> Result<bool, Error> {
    let at = (&job.party, job.mode);
    let mut tx = x.ground.db.begin().await?;
    federation::store::lock_peer(&mut tx, &job.party, job.mode).await?;
    let Some(now) = look(x, &mut tx, job).await? else {
        return Ok(false);
    };
    if !same(&before, &now) {
        return Ok(false);
    }
    let Looked {
        mut share,
        collection,
        entitled,
        newest_gone,
    } = now;
    if share.sequence == 0 {
        share.id = before.share.id;
    }
    share.changed_at = x.ground.now();
    if let What::Look { place, gone, mask } = what {
        (share.place, share.gone, share.mask) = (place, gone, mask);
        out::put(&mut tx, &share).await?;
        state_again(x, &mut tx, &share).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let gone_after = share.gone;
    share.sequence += 1;
    let about = (collection.as_ref(), entitled, newest_gone);
    let Some((letter, kind, items, tlp)) = tell(x, &mut tx, &mut share, about, what).await? else {
        tx.commit().await?;
        return Ok(true);
    };
    share.resume = false;
    out::put(&mut tx, &share).await?;
    let id = MessageId::random(x.ground.rng.as_ref());
    let row = SentRow {
        sequence: share.sequence,
        kind,
        message: id,
        items,
        sent_at: x.ground.now(),
        confirmed_at: None,
        removed: None,
        onward: None,
    };
    out::insert_sent(&mut tx, share.id, &row, (gone_after, share.gone)).await?;
    let attachments = (tlp, attachment.into_iter().collect());
    let message = submit(x, &mut tx, at, (id, &letter), attachments).await?;
    tx.commit().await?;
    x.post.sent(&message);
    Ok(true)
}

/// Whether all is as it was when it was looked at.
fn same(before: &Looked, now: &Looked) -> bool {
    let version = |looked: &Looked| looked.collection.as_ref().map(|found| found.version);
    let stands = |looked: &Looked| {
        let share = &looked.share;
        (
            share.sequence,
            share.state,
            share.place,
            share.gone,
            share.mask,
        )
    };
    stands(now) == stands(before)
        && now.entitled == before.entitled
        && version(now) == version(before)
        && now.newest_gone == before.newest_gone
}

/// What the next message says, noted at the share; nothing if there is nobody to say it to.
async fn tell(
    x: &Sharing,
    tx: &mut Tx,
    share: &mut OutShare,
    (collection, entitled, newest_gone): (Option<&Collection>, Option<Entitled>, i64),
    what: What,
) -> Result<Option<Told>, Error> {
    let entered = (
        share.sequence,
        share.resume || share.state == OutState::Ended,
    );
    Ok(match (what, collection, entitled) {
        (What::Give(given, until), Some(collection), Some(entitled)) => {
            if share.state == OutState::Ended {
                share.gone = newest_gone;
                share.state = OutState::Active;
            }
            let about = (collection, entitled);
            Some(give(tx, share, about, (given, until), entered).await?)
        }
        (What::Remove(items, gone), ..) => {
            share.gone = gone;
            let mask = entitled.map_or(0, |entitled| entitled.mask);
            Some(remove(tx, share, (items, mask), entered).await?)
        }
        (What::RemoveAll, ..) => {
            share.gone = newest_gone;
            let left = take_back(x, tx, share).await?;
            left.then(|| {
                let letter = Letter::Unshare(Unshared {
                    collection: share.collection,
                    sequence: share.sequence,
                    resume: true,
                    whole: true,
                    items: 0,
                    digest: Tally::default(),
                });
                (letter, Sent::RemoveAll, 0, Tlp::Amber)
            })
        }
        (What::Give(..) | What::Look { .. }, ..) => None,
    })
}

type Told = (Letter, Sent, i64, Tlp);

async fn give(
    tx: &mut Tx,
    share: &mut OutShare,
    (collection, entitled): (&Collection, Entitled),
    (given, until): (Vec<Given>, i64),
    (sequence, resume): (i64, bool),
) -> Result<Told, Error> {
    let settings = &collection.settings;
    let items: Vec<(i64, Item)> = given
        .into_iter()
        .map(|given| (given.place, given.item))
        .collect();
    share.title = settings.title.to_string();
    share.via = entitled.via;
    share.told = collection.version;
    if !items.is_empty() {
        share.place = until;
        share.mask = entitled.mask;
    }
    let strictest = items.iter().map(|(_, item)| item.tlp).max();
    for (_, item) in &items {
        share.tally.add(item);
    }
    // The row comes first: what was given refers to it.
    out::put(tx, share).await?;
    item::insert(tx, share.id, &items).await?;
    let letter = Letter::Share(Said {
        collection: About {
            id: collection.public,
            title: settings.title.to_string(),
            description: settings.description.to_string(),
            ceiling: settings.ceiling,
            unmarked: settings.unmarked,
            onward: collection.onward,
        },
        via: entitled.via,
        sequence,
        resume,
        items: u64::try_from(items.len()).unwrap_or(u64::MAX),
        digest: share.tally,
    });
    let many = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let tlp = strictest.unwrap_or(Tlp::Amber).max(Tlp::Amber);
    Ok((letter, Sent::Share, many, tlp))
}

async fn remove(
    tx: &mut Tx,
    share: &mut OutShare,
    (items, mask): (Vec<(i64, Item)>, i32),
    (sequence, resume): (i64, bool),
) -> Result<Told, Error> {
    let places: Vec<i64> = items.iter().map(|(place, _)| *place).collect();
    for (_, item) in items.iter().filter(|(place, _)| *place >= 0) {
        share.tally.remove(item);
    }
    item::remove(tx, share.id, &places).await?;
    if places.iter().any(|place| *place < 0) {
        item::clear_gaps(tx, share.id).await?;
    }
    let most = i64::try_from(ITEMS_MAX).unwrap_or(i64::MAX);
    if item::beyond(tx, share.id, mask, most).await?.is_empty() {
        share.mask &= mask;
    }
    let letter = Letter::Unshare(Unshared {
        collection: share.collection,
        sequence,
        resume,
        whole: false,
        items: u64::try_from(items.len()).unwrap_or(u64::MAX),
        digest: share.tally,
    });
    let many = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Ok((letter, Sent::Remove, many, Tlp::Amber))
}

/// Whoever told this party of the collection waits for those whom it told.
async fn state_again(x: &Sharing, tx: &mut Tx, share: &OutShare) -> Result<(), Error> {
    if let Some(source) = into::kept_as(tx, share.collection).await? {
        for sequence in into::unstated(tx, source.id).await? {
            let job = ConfirmJob {
                share: source.id,
                sequence,
            };
            x.ground
                .enqueue(tx, jobs::CONFIRM, &job, x.ground.now())
                .await?;
        }
    }
    Ok(())
}

/// Nothing more goes to the party: what has not left is taken back, and what it was given is
/// forgotten. False if nothing ever left, so that there is nothing to remove.
async fn take_back(x: &Sharing, tx: &mut Tx, share: &mut OutShare) -> Result<bool, Error> {
    let floor = out::floor(tx, share.id).await?;
    let mut left = false;
    for row in out::sent(tx, share.id, LOOKED_BACK_MAX).await? {
        if row.sequence <= floor {
            break;
        }
        let found = federation::store::delivery(tx, row.message).await?;
        let settled = found
            .is_some_and(|found| matches!(found.outgoing.delivery, Delivery::Receipted { .. }));
        left |= settled || !x.post.withdraw(tx, row.message).await?;
    }
    share.state = OutState::Ended;
    share.tally = Tally::default();
    (share.place, share.mask, share.told) = (0, 0, 0);
    item::clear(tx, share.id).await?;
    if !left {
        share.sequence -= 1;
        out::put(tx, share).await?;
    }
    Ok(left)
}
