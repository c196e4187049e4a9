//! Telling a party of a collection: what is new to it, what is gone, and that nothing more comes.
//!
//! A step looks at what there is to say, seals it without a lock, and then, in one transaction that
//! holds the peer's row, looks again whether all is as it was. Only then is there a message. A step
//! that was interrupted leaves nothing behind but a sealed file.

mod say;

use std::collections::BTreeSet;

use db::Tx;
use intel::{
    jobs::Changed,
    model::Collection,
    ops::{Given, ITEMS_MAX, Item},
};
use kernel::{CollectionRef, Mode, PartyCode, ShareId, boxed};
use serde::{Deserialize, Serialize};

use super::{
    letter::{attach, discard},
    rule::{Entitled, entitled_in, reached_in},
};
use crate::{
    Error, Sharing, jobs,
    model::{OutShare, OutState, Tally, write_given, write_named},
    store::{item, out},
};

/// One message takes objects of so many bytes, or one object.
const MESSAGE_BYTES_MAX: i64 = 8 << 20;
/// So many steps are taken before others have their turn.
const STEPS_MAX: usize = 50;
/// How long what is for a party that gets no messages waits before it is looked at again.
const UNTRUSTED_WAIT: std::time::Duration = std::time::Duration::from_hours(1);

/// A party is to be told of a collection.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct SendJob {
    pub(crate) collection: CollectionRef,
    pub(crate) mode: Mode,
    pub(crate) party: PartyCode,
}

/// A collection has changed: whoever gets it, or got it until now, is to be told.
#[boxed]
pub(crate) async fn changed(x: &Sharing, job: Changed) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    intel::ops::seen_in(&mut tx, job.slot).await?;
    let us = x.post.keys().party().clone();
    let mut parties = BTreeSet::new();
    let found = intel::ops::collection_by_ref_in(&mut tx, job.collection, job.mode).await?;
    if let Some(collection) = found {
        let readers = intel::ops::readers_in(&mut tx, &collection).await?;
        let reached = reached_in(&mut tx, &us, (&collection, &readers)).await?;
        parties.extend(reached.into_keys());
    }
    for share in out::of_collection(&mut tx, job.collection, job.mode).await? {
        if share.state == OutState::Active {
            parties.insert(share.party);
        }
    }
    for party in parties {
        let one = SendJob {
            collection: job.collection,
            mode: job.mode,
            party,
        };
        x.ground
            .enqueue(&mut tx, jobs::SEND, &one, x.ground.now())
            .await?;
    }
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Tells a party everything that there is to tell.
#[boxed]
pub(crate) async fn send(x: &Sharing, job: SendJob) -> Result<(), Error> {
    let mut again = x.ground.now();
    for _ in 0..STEPS_MAX {
        match step(x, &job).await? {
            Step::Done => return Ok(()),
            Step::Went => {}
            Step::Later => {
                again = again.plus(UNTRUSTED_WAIT);
                break;
            }
        }
    }
    let mut tx = x.ground.db.begin().await?;
    x.ground.enqueue(&mut tx, jobs::SEND, &job, again).await?;
    tx.commit().await?;
    Ok(())
}

enum Step {
    /// There is nothing to say.
    Done,
    /// There may be more to say.
    Went,
    /// Messages do not go to the party.
    Later,
}

/// What is to be said next.
enum What {
    /// Objects, or something new about the collection; looked at up to this place.
    Give(Vec<Given>, i64),
    /// What has to go, with the places that it had, and up to which place goings were looked at.
    Remove(Vec<(i64, Item)>, i64),
    /// Everything has to go.
    RemoveAll,
    /// Nothing: what was looked at does not concern the party.
    Look { place: i64, gone: i64, mask: i32 },
}

/// How all was when it was looked at.
struct Looked {
    share: OutShare,
    collection: Option<Collection>,
    entitled: Option<Entitled>,
    newest_gone: i64,
}

async fn step(x: &Sharing, job: &SendJob) -> Result<Step, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let looked = look(x, &mut tx, job).await?;
    let Some(looked) = looked else {
        return Ok(Step::Done);
    };
    let trusted = looked.entitled.is_none_or(|entitled| entitled.trusted);
    let Some(what) = what(&mut tx, &looked).await? else {
        return Ok(Step::Done);
    };
    drop(tx);
    let reachable = x.post.peer(&job.party, job.mode).is_some();
    if !trusted || !reachable {
        return Ok(Step::Later);
    }
    let attachment = match &what {
        What::Give(given, _) if !given.is_empty() => Some(write_given(given)),
        What::Remove(items, _) => {
            let items: Vec<Item> = items.iter().map(|(_, item)| item.clone()).collect();
            Some(write_named(&items))
        }
        What::Give(..) | What::RemoveAll | What::Look { .. } => None,
    };
    let attachment = match attachment {
        Some(text) => Some(attach(x, (&job.party, job.mode), text).await?),
        None => None,
    };
    let file = attachment.as_ref().map(|sealed| sealed.file.sha256);
    let done = say::say(x, job, (looked, what), attachment).await;
    if !matches!(done, Ok(true)) {
        discard(x, file.into_iter().collect()).await?;
    }
    done.map(|_said| Step::Went)
}

async fn look(x: &Sharing, tx: &mut Tx, job: &SendJob) -> Result<Option<Looked>, Error> {
    let us = x.post.keys().party().clone();
    let collection = intel::ops::collection_by_ref_in(tx, job.collection, job.mode).await?;
    let (mut entitled, mut newest_gone) = (None, 0);
    if let Some(collection) = &collection {
        entitled = entitled_in(tx, (&us, &job.party), collection).await?;
        newest_gone = intel::ops::newest_gone_in(tx, collection).await?;
    }
    let share = out::find(tx, (job.collection, &job.party), job.mode).await?;
    let share = match (share, &collection, entitled) {
        (Some(share), ..) => share,
        (None, Some(collection), Some(_)) => OutShare {
            id: ShareId::random(&*x.ground.rng),
            collection: job.collection,
            title: collection.settings.title.to_string(),
            mode: job.mode,
            party: job.party.clone(),
            state: OutState::Active,
            via: None,
            sequence: 0,
            place: 0,
            gone: newest_gone,
            mask: 0,
            told: 0,
            resume: false,
            tally: Tally::default(),
            changed_at: x.ground.now(),
            compared_at: None,
            theirs: None,
        },
        (None, ..) => return Ok(None),
    };
    Ok(Some(Looked {
        share,
        collection,
        entitled,
        newest_gone,
    }))
}

async fn what(tx: &mut Tx, looked: &Looked) -> Result<Option<What>, Error> {
    let share = &looked.share;
    let (Some(collection), Some(entitled)) = (&looked.collection, looked.entitled) else {
        let told = share.state == OutState::Active;
        return Ok(told.then_some(What::RemoveAll));
    };
    match share.state {
        OutState::Declined => return Ok(None),
        OutState::Ended => return Ok(Some(What::Give(Vec::new(), 0))),
        OutState::Active => {}
    }
    let most = i64::try_from(ITEMS_MAX).unwrap_or(i64::MAX);
    if share.mask & !entitled.mask != 0 {
        let beyond = item::beyond(tx, share.id, entitled.mask, most).await?;
        if !beyond.is_empty() {
            let about = (collection, share, entitled.mask);
            let beyond = with_older(tx, about, beyond).await?;
            return Ok(Some(What::Remove(beyond, share.gone)));
        }
    }
    let gone = intel::ops::gone_in(tx, collection, share.gone).await?;
    if let Some(last) = gone.last().map(|gone| gone.gone) {
        let places: Vec<i64> = gone.iter().map(|gone| gone.place).collect();
        let given = item::at(tx, share.id, &places).await?;
        if !given.is_empty() {
            let about = (collection, share, entitled.mask);
            let given = with_older(tx, about, given).await?;
            return Ok(Some(What::Remove(given, last)));
        }
        return Ok(Some(What::Look {
            place: share.place,
            gone: last,
            mask: share.mask,
        }));
    }
    if share.resume {
        let kept: Vec<_> = item::gaps(tx, share.id, most)
            .await?
            .into_iter()
            .filter(|(_, gap, _)| *gap == crate::model::Gap::TheyKeep)
            .map(|(item, ..)| (-1, item))
            .collect();
        if !kept.is_empty() {
            return Ok(Some(What::Remove(kept, share.gone)));
        }
    }
    if let Some(fresh) = fresh(tx, (collection, share, entitled)).await? {
        return Ok(Some(fresh));
    }
    let new = share.told != collection.version || share.via != entitled.via || share.resume;
    Ok(new.then_some(What::Give(Vec::new(), share.place)))
}

/// What came since, and what of that takes back what went before.
async fn fresh(
    tx: &mut Tx,
    (collection, share, entitled): (&Collection, &OutShare, Entitled),
) -> Result<Option<What>, Error> {
    // Labels that did not go until now are looked for from the beginning.
    let from = if entitled.mask & !share.mask == 0 {
        share.place
    } else {
        0
    };
    let cut = (entitled.mask, from);
    if let Some((mut given, until)) =
        intel::ops::given_in(tx, collection, cut, MESSAGE_BYTES_MAX).await?
    {
        // What was labelled more strictly takes what went before with it.
        let cut = (from, until);
        let barred = intel::ops::barred_since_in(tx, collection, entitled.mask, cut).await?;
        let had = item::of(tx, share.id, &barred).await?;
        if !had.is_empty() {
            return Ok(Some(What::Remove(had, share.gone)));
        }
        let places: Vec<i64> = given.iter().map(|given| given.place).collect();
        let known = item::at(tx, share.id, &places).await?;
        let known: BTreeSet<i64> = known.into_iter().map(|(place, _)| place).collect();
        given.retain(|given| !known.contains(&given.place));
        if !given.is_empty() {
            return Ok(Some(What::Give(given, until)));
        }
        return Ok(Some(What::Look {
            place: until,
            gone: share.gone,
            mask: entitled.mask,
        }));
    }
    Ok(None)
}

/// What goes, and what else the party was given of the same objects, where their newest version is one
/// that it may not have.
async fn with_older(
    tx: &mut Tx,
    (collection, share, mask): (&Collection, &OutShare, i32),
    mut items: Vec<(i64, Item)>,
) -> Result<Vec<(i64, Item)>, Error> {
    let ids: BTreeSet<String> = items.iter().map(|(_, item)| item.stix_id.clone()).collect();
    let barred = intel::ops::barred_of_in(tx, collection, mask, &ids).await?;
    let places: BTreeSet<i64> = items.iter().map(|(place, _)| *place).collect();
    let older = item::of(tx, share.id, &barred).await?.into_iter();
    items.extend(older.filter(|(place, _)| !places.contains(place)));
    Ok(items)
}
