//! Carrying out what a steward said, in the order in which it was said.
//!
//! A message waits for those before it, unless it says that it counts without them. Each piece of
//! work is a transaction and can be done again without effect; the number of what was carried out
//! moves with the last of them.

use intel::{
    model::{Collection, Settings},
    ops::Adopted,
};
use kernel::{CollectionRef, ShareId, Tlp, boxed};
use serde::{Deserialize, Serialize};

use super::{
    ConfirmJob,
    drop::drop_later,
    letter::{SealedPart, open},
    take::offer_in,
};
use crate::{
    Error, Sharing, jobs,
    model::{
        About, InShare, InState, SHARE, Said, Tally, UNSHARE, Unshared, read_given, read_named,
    },
    store::into::{self, Removal, Waiting},
};

/// So many objects are taken or taken out in one transaction.
const AT_ONCE: usize = 500;
/// How many messages are carried out before others have their turn.
const LETTERS_MAX: usize = 1_000;

/// Messages of a share are to be carried out.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ApplyJob {
    pub(crate) share: ShareId,
}

/// Carries out what waits, as far as nothing is missing.
#[boxed]
pub(crate) async fn apply(x: &Sharing, job: ApplyJob) -> Result<(), Error> {
    for _ in 0..LETTERS_MAX {
        let mut tx = x.ground.db.begin_read().await?;
        let Some(share) = into::by_id(&mut tx, job.share).await? else {
            return Ok(());
        };
        let waiting = into::waiting(&mut tx, share.id).await?;
        drop(tx);
        let Some(next) = next(&share, waiting) else {
            return Ok(());
        };
        match next {
            Next::Give(letter, said) => give(x, share, &letter, said).await?,
            Next::Remove(letter, said) => remove(x, share, &letter, &said).await?,
            Next::RemoveAll(said) => remove_all(x, share, &said).await?,
            Next::Offer(said) => offer_again(x, share, &said).await?,
            Next::Unreadable(letter) => {
                tracing::warn!(share.id = %share.id, "message {} of a share cannot be read", letter.message);
                pass_over(x, share, &letter).await?;
            }
        }
    }
    let mut tx = x.ground.db.begin().await?;
    x.ground
        .enqueue(&mut tx, jobs::APPLY, &job, x.ground.now())
        .await?;
    tx.commit().await?;
    Ok(())
}

enum Next {
    Give(Waiting, Said),
    Remove(Waiting, Unshared),
    RemoveAll(Unshared),
    Offer(Said),
    Unreadable(Waiting),
}

/// What is to be carried out next. That everything has to go counts whatever else is missing; what
/// counts without those before it makes them void.
fn next(share: &InShare, waiting: Vec<Waiting>) -> Option<Next> {
    let whole = waiting.iter().rev().find_map(|letter| {
        let said: Unshared = read(letter, UNSHARE)?;
        said.whole.then_some(said)
    });
    if let Some(said) = whole {
        return Some(Next::RemoveAll(said));
    }
    match share.state {
        InState::Accepted => {}
        InState::Offered => return None,
        // What begins anew came while the end was not carried out yet.
        InState::Declined | InState::Ended => {
            let anew = waiting
                .iter()
                .filter(|letter| letter.sequence > share.sequence);
            let mut said = anew.filter_map(|letter| read::<Said>(letter, SHARE));
            return said.find(|said| said.resume).map(Next::Offer);
        }
    }
    let resumes = |letter: &Waiting| {
        read::<Said>(letter, SHARE).is_some_and(|said| said.resume)
            || read::<Unshared>(letter, UNSHARE).is_some_and(|said| said.resume)
    };
    let in_turn = |letter: &Waiting| letter.sequence == share.sequence + 1;
    let letter = waiting
        .into_iter()
        .find(|letter| in_turn(letter) || resumes(letter))?;
    if let Some(said) = read(&letter, SHARE) {
        return Some(Next::Give(letter, said));
    }
    Some(match read(&letter, UNSHARE) {
        Some(said) => Next::Remove(letter, said),
        None => Next::Unreadable(letter),
    })
}

fn read<T: for<'de> Deserialize<'de>>(letter: &Waiting, kind: &str) -> Option<T> {
    if letter.kind != kind {
        return None;
    }
    serde_json::from_str(&letter.content).ok()
}

fn files(letter: &Waiting) -> Vec<SealedPart> {
    serde_json::from_str(&letter.files).unwrap_or_default()
}

async fn texts(x: &Sharing, share: &InShare, letter: &Waiting) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    for part in files(letter) {
        match open(x, share.mode, part).await {
            Ok(text) => texts.push(text),
            // Not what was committed to: nothing of it is taken, and the digests will differ.
            Err(Error::Damaged | Error::Seal(_)) => {
                tracing::warn!(share.id = %share.id, "an attachment of message {} cannot be read", letter.message);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(texts)
}

/// The settings under which the collection is kept here: nothing above the ceilings of both sides.
pub(super) fn settings(about: &About, ceiling: Tlp) -> Result<Settings, Error> {
    let settings = about
        .settings()
        .map_err(|_checked_before| Error::NotFound)?;
    let ceiling = settings.ceiling.min(ceiling);
    Ok(Settings {
        unmarked: settings.unmarked.min(ceiling).max(Tlp::Green),
        ceiling: ceiling.max(Tlp::Green),
        ..settings
    })
}

async fn kept_in(x: &Sharing, tx: &mut db::Tx, share: &mut InShare) -> Result<Collection, Error> {
    let new = settings(&share.about, share.ceiling)?;
    if let Some(id) = share.kept_as
        && let Some(mut collection) = intel::ops::collection_by_ref_in(tx, id, share.mode).await?
    {
        let says = (new, share.about.onward);
        intel::ops::settle_in(tx, &x.ground, &mut collection, says).await?;
        return Ok(collection);
    }
    let adopted = Adopted {
        steward: share.party.clone(),
        settings: new,
        onward: share.about.onward,
    };
    let collection = intel::ops::adopt_in(tx, &x.ground, share.mode, adopted).await?;
    share.kept_as = Some(collection.public);
    let node = super::letter::node(x, share.mode);
    let what = serde_json::json!({ "from": share.party, "collection": share.collection });
    let (code, kept) = ("share.kept", &collection.public);
    audit::act(tx, &x.ground, &node, code, kept, &what).await?;
    Ok(collection)
}

async fn give(x: &Sharing, share: InShare, letter: &Waiting, said: Said) -> Result<(), Error> {
    let texts = texts(x, &share, letter).await?;
    for text in &texts {
        let Some(given) = read_given(text) else {
            tracing::warn!(share.id = %share.id, "an attachment of message {} is none", letter.message);
            continue;
        };
        for some in given.chunks(AT_ONCE) {
            let mut tx = x.ground.db.begin().await?;
            let Some(mut share) = unchanged(&mut tx, &share).await? else {
                return Ok(());
            };
            share.about = said.collection.clone();
            let collection = kept_in(x, &mut tx, &mut share).await?;
            let objects: Vec<(Tlp, &str)> =
                some.iter().map(|one| (one.tlp, one.object.get())).collect();
            let (outcome, before, after) =
                intel::ops::take_given_in(&mut tx, &x.ground, &collection, &objects).await?;
            share.tally.change(&before, &after);
            let held: Vec<String> = after.into_iter().map(|item| item.stix_id).collect();
            into::forget_unkept(&mut tx, share.id, Some(&held)).await?;
            for refusal in &outcome.refusals {
                let what = (
                    refusal.stix_id.as_str(),
                    refusal.version.as_str(),
                    refusal.code.as_str(),
                );
                into::put_unkept(&mut tx, share.id, what).await?;
            }
            into::put(&mut tx, &share).await?;
            tx.commit().await?;
        }
    }
    let mut tx = x.ground.db.begin().await?;
    let Some(mut share) = unchanged(&mut tx, &share).await? else {
        return Ok(());
    };
    share.about = said.collection;
    share.via = said.via;
    kept_in(x, &mut tx, &mut share).await?;
    finish(x, tx, share, (letter, said.digest)).await
}

async fn remove(
    x: &Sharing,
    share: InShare,
    letter: &Waiting,
    said: &Unshared,
) -> Result<(), Error> {
    let by = format!("party:{}", share.party);
    for text in texts(x, &share, letter).await? {
        let named = read_named(&text).unwrap_or_default();
        let named: Vec<(String, Vec<u8>)> = named
            .into_iter()
            .map(|one| (one.id, one.sha256.as_bytes().to_vec()))
            .collect();
        for some in named.chunks(AT_ONCE) {
            let mut tx = x.ground.db.begin().await?;
            let Some(mut share) = unchanged(&mut tx, &share).await? else {
                return Ok(());
            };
            let collection = kept_in(x, &mut tx, &mut share).await?;
            let before = intel::ops::newest_gone_in(&mut tx, &collection).await?;
            let gone =
                intel::ops::take_out_in(&mut tx, &x.ground, &collection, (&by, some)).await?;
            share.tally.change(&gone, &[]);
            let ids: Vec<String> = some.iter().map(|(id, _)| id.clone()).collect();
            into::forget_unkept(&mut tx, share.id, Some(&ids)).await?;
            let done = Removal {
                sequence: said.sequence,
                removed: i64::try_from(gone.len()).unwrap_or(i64::MAX),
                gone_after: before,
                gone_until: intel::ops::newest_gone_in(&mut tx, &collection).await?,
                done_at: x.ground.now().as_micros(),
                stated: None,
            };
            into::removed(&mut tx, share.id, &done).await?;
            into::put(&mut tx, &share).await?;
            tx.commit().await?;
        }
    }
    let mut tx = x.ground.db.begin().await?;
    let Some(share) = unchanged(&mut tx, &share).await? else {
        return Ok(());
    };
    state(x, &mut tx, &share, said.sequence).await?;
    finish(x, tx, share, (letter, said.digest)).await
}

async fn remove_all(x: &Sharing, share: InShare, said: &Unshared) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let Some(mut share) = unchanged(&mut tx, &share).await? else {
        return Ok(());
    };
    let mut done = Removal {
        sequence: said.sequence,
        removed: 0,
        gone_after: 0,
        gone_until: 0,
        done_at: x.ground.now().as_micros(),
        stated: None,
    };
    if let Some(collection) = kept(&mut tx, &share).await? {
        let by = format!("party:{}", share.party);
        done.gone_after = intel::ops::newest_gone_in(&mut tx, &collection).await?;
        let gone = intel::ops::empty_in(&mut tx, &x.ground, &collection, &by).await?;
        done.removed = i64::try_from(gone).unwrap_or(i64::MAX);
        done.gone_until = intel::ops::newest_gone_in(&mut tx, &collection).await?;
    }
    into::removed(&mut tx, share.id, &done).await?;
    into::forget_unkept(&mut tx, share.id, None).await?;
    let node = super::letter::node(x, share.mode);
    let what = serde_json::json!({
        "from": share.party,
        "sequence": said.sequence,
        "removed": done.removed,
    });
    let (code, id) = ("share.removed", &share.collection);
    audit::act(&mut tx, &x.ground, &node, code, id, &what).await?;
    share.state = InState::Ended;
    share.sequence = said.sequence;
    share.tally = Tally::default();
    share.stated = Tally::default();
    into::put(&mut tx, &share).await?;
    let dropped = into::drop_letters(&mut tx, share.id, said.sequence).await?;
    drop_later(&mut tx, &x.ground, &dropped).await?;
    state(x, &mut tx, &share, said.sequence).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

async fn offer_again(x: &Sharing, share: InShare, said: &Said) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let Some(mut share) = unchanged(&mut tx, &share).await? else {
        return Ok(());
    };
    let us = x.post.keys().party().clone();
    offer_in(&mut tx, &x.ground, &us, (&mut share, said)).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// What cannot be read is passed over: the digests differ then, and are shown to do so.
async fn pass_over(x: &Sharing, share: InShare, letter: &Waiting) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let Some(share) = unchanged(&mut tx, &share).await? else {
        return Ok(());
    };
    let stated = share.stated;
    finish(x, tx, share, (letter, stated)).await
}

/// The message is carried out: its number moves on, and its sealed files go.
async fn finish(
    x: &Sharing,
    mut tx: db::Tx,
    mut share: InShare,
    (letter, stated): (&Waiting, Tally),
) -> Result<(), Error> {
    share.sequence = letter.sequence;
    share.stated = stated;
    into::put(&mut tx, &share).await?;
    let dropped = into::drop_letters(&mut tx, share.id, letter.sequence).await?;
    drop_later(&mut tx, &x.ground, &dropped).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// The share as it stands now, unless something else was carried out meanwhile.
async fn unchanged(tx: &mut db::Tx, seen: &InShare) -> Result<Option<InShare>, Error> {
    let now = into::locked(tx, seen.id).await?;
    Ok(now.filter(|now| now.sequence == seen.sequence && now.state == seen.state))
}

/// The collection in which a share is kept.
pub(super) async fn kept(tx: &mut db::Tx, share: &InShare) -> Result<Option<Collection>, Error> {
    let id: Option<CollectionRef> = share.kept_as;
    Ok(match id {
        Some(id) => intel::ops::collection_by_ref_in(tx, id, share.mode).await?,
        None => None,
    })
}

/// Has the steward told that the removal was done.
async fn state(x: &Sharing, tx: &mut db::Tx, share: &InShare, sequence: i64) -> Result<(), Error> {
    let job = ConfirmJob {
        share: share.id,
        sequence,
    };
    x.ground
        .enqueue(tx, jobs::CONFIRM, &job, x.ground.now())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
