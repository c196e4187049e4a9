//! Comparing with a peer what both hold of each other's collections: once an hour, after a start, and
//! when people ask.
//!
//! The two sides first compare a digest for each collection. Only where both have carried out the
//! same messages and the digests differ are objects named, page by page over ranges of ids. What
//! differs is written down and shown until it is resolved; it is resolved by people, who have it sent
//! again.

use std::{collections::BTreeMap, time::Duration};

use access::policy::{Act, check_house};
use db::setting;
use federation::post::Gate;
use intel::ops::Item;
use kernel::{CollectionRef, Mode, PartyCode, ShareId, Viewer, boxed};
use serde::{Deserialize, Serialize};

use super::{apply::kept, review};
use crate::{
    Error, Sharing, jobs,
    model::{Gap, Held, InState, OutShare, Tally, Verdict},
    store::{into, item, out},
    wire::{HeldBody, NamesBody, StatementBody},
};

/// How often is compared.
const EVERY: Duration = Duration::from_hours(1);
/// The name under which the node remembers which plan of comparisons counts.
const PLAN: &str = "share.compare_plan";
/// The most pages of one comparison.
const PAGES_MAX: usize = 10_000;
/// So many differences are named; they are counted to the last by the digests.
const GAPS_MAX: usize = 10_000;
/// So many entries are read at a time when all of them are counted anew.
const COUNTED_AT_ONCE: i64 = 5_000;

/// The comparisons of a node. Those of an earlier start no longer count.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Plan {
    number: u64,
}

/// A comparison with one peer.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct CompareJob {
    pub(crate) party: PartyCode,
    pub(crate) mode: Mode,
}

/// Plans what a node does of its own accord from its start on.
#[boxed]
pub async fn plan(x: &Sharing) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let last = setting::read(&mut tx, PLAN).await?;
    let last: u64 = last.and_then(|last| last.parse().ok()).unwrap_or_default();
    let plan = Plan {
        number: last.saturating_add(1),
    };
    setting::write(&mut tx, PLAN, &plan.number.to_string()).await?;
    let at = x.ground.now().plus(EVERY);
    x.ground
        .enqueue(&mut tx, jobs::COMPARE_ALL, &plan, at)
        .await?;
    review::plan_in(&mut tx, x).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Plans a comparison with each peer that shares anything with this node, and the next round.
#[boxed]
pub(crate) async fn compare_all(x: &Sharing, plan: Plan) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    if setting::read(&mut tx, PLAN).await? != Some(plan.number.to_string()) {
        return Ok(());
    }
    for mode in [Mode::Real, Mode::Exercise] {
        let told = out::of_party(&mut tx, None, mode).await?;
        let heard = into::of_party(&mut tx, None, mode).await?;
        let told = told.into_iter().map(|share| share.party);
        let mut parties: Vec<_> = told
            .chain(heard.into_iter().map(|share| share.party))
            .collect();
        parties.sort();
        parties.dedup();
        for party in parties {
            let job = CompareJob { party, mode };
            x.ground
                .enqueue(&mut tx, jobs::COMPARE, &job, x.ground.now())
                .await?;
        }
    }
    let next = x.ground.now().plus(EVERY);
    x.ground
        .enqueue(&mut tx, jobs::COMPARE_ALL, &plan, next)
        .await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Compares with one peer. One that does not answer is asked in the next round.
#[boxed]
pub(crate) async fn compare_one(x: &Sharing, job: CompareJob) -> Result<(), Error> {
    if x.post.gate().await? != Gate::Open || x.post.peer(&job.party, job.mode).is_none() {
        return Ok(());
    }
    match run(x, (&job.party, job.mode)).await {
        Ok(()) | Err(Error::Silent { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Compares with a peer now: all traffic, and each shared collection.
#[boxed]
pub async fn compare(x: &Sharing, viewer: &Viewer, party: &PartyCode) -> Result<(), Error> {
    check_house(viewer, Act::IntelManage)?;
    let at = (party, viewer.mode);
    if x.post.peer(party, viewer.mode).is_none() {
        return Err(Error::NotFound);
    }
    if !x.post.reconcile(at).await? {
        return Err(Error::Silent {
            party: party.clone(),
        });
    }
    run(x, at).await
}

async fn run(x: &Sharing, at: (&PartyCode, Mode)) -> Result<(), Error> {
    let stated = statement_of(x, at).await?;
    let mut tx = x.ground.db.begin_read().await?;
    let told = out::of_party(&mut tx, Some(at.0), at.1).await?;
    let heard = into::of_party(&mut tx, Some(at.0), at.1).await?;
    drop(tx);
    for share in told {
        let theirs = stated.held.get(&share.collection);
        compare_told(x, at, share, theirs).await?;
    }
    for share in heard {
        recount(x, share.id).await?;
        let mut tx = x.ground.db.begin().await?;
        let Some(mut share) = into::locked(&mut tx, share.id).await? else {
            continue;
        };
        if let Some(theirs) = stated.given.get(&share.collection)
            && theirs.sequence == share.sequence
            && share.state == InState::Accepted
        {
            share.stated = theirs.tally;
        }
        share.compared_at = Some(x.ground.now());
        into::put(&mut tx, &share).await?;
        tx.wake();
        tx.commit().await?;
    }
    Ok(())
}

#[derive(Default)]
struct Stated {
    given: BTreeMap<CollectionRef, Held>,
    held: BTreeMap<CollectionRef, Held>,
}

async fn statement_of(x: &Sharing, at: (&PartyCode, Mode)) -> Result<Stated, Error> {
    let silent = || Error::Silent {
        party: at.0.clone(),
    };
    let mut stated = Stated::default();
    let mut after: Option<CollectionRef> = None;
    loop {
        let cut = after.map_or_else(String::new, |after| format!("&after={after}"));
        let path = format!("/federation/v1/shares?mode={}{cut}", at.1.as_str());
        let body = x.post.ask_room(at, path).await?.ok_or_else(silent)?;
        let page: StatementBody = serde_json::from_slice(&body).map_err(|_unreadable| silent())?;
        let newest = page.newest();
        let list = |bodies: Vec<HeldBody>| bodies.into_iter().map(HeldBody::into_held);
        stated.given.extend(list(page.given));
        stated.held.extend(list(page.held));
        match newest {
            Some(newest) if page.more && after.is_none_or(|after| newest > after) => {
                after = Some(newest);
            }
            _ => return Ok(stated),
        }
    }
}

async fn compare_told(
    x: &Sharing,
    at: (&PartyCode, Mode),
    before: OutShare,
    theirs: Option<&Held>,
) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let Some(mut share) = out::by_id(&mut tx, before.id, at.1).await? else {
        return Ok(());
    };
    out::compared(&mut tx, share.id, x.ground.now(), theirs).await?;
    share.compared_at = Some(x.ground.now());
    share.theirs = theirs.cloned();
    let verdict = share.verdict();
    if verdict == Verdict::Agrees {
        item::clear_gaps(&mut tx, share.id).await?;
    }
    tx.wake();
    tx.commit().await?;
    if verdict == Verdict::Differs && share.sequence == before.sequence {
        name(x, at, &share).await?;
    }
    Ok(())
}

/// Names what differs.
async fn name(x: &Sharing, at: (&PartyCode, Mode), share: &OutShare) -> Result<(), Error> {
    let mut gaps: Vec<(Item, Gap)> = Vec::new();
    let mut after = String::new();
    for _ in 0..PAGES_MAX {
        let path = format!(
            "/federation/v1/shares/{}/names?mode={}&after={after}",
            share.collection,
            at.1.as_str()
        );
        let silent = || Error::Silent {
            party: at.0.clone(),
        };
        let body = x.post.ask_room(at, path).await?.ok_or_else(silent)?;
        let page: NamesBody = serde_json::from_slice(&body).map_err(|_unreadable| silent())?;
        let until = page.items.last().map(|one| one.id.clone());
        let mut tx = x.ground.db.begin_read().await?;
        let ours = item::between(&mut tx, share.id, (&after, until.as_deref())).await?;
        drop(tx);
        let key = |item: &Item| (item.stix_id.clone(), item.sha256.clone(), item.tlp);
        let mut given: BTreeMap<_, Item> = ours
            .into_iter()
            .map(|(_, item)| (key(&item), item))
            .collect();
        for one in page.items {
            let theirs = one.into_item();
            if given.remove(&key(&theirs)).is_none() {
                gaps.push((theirs, Gap::TheyKeep));
            }
        }
        gaps.extend(given.into_values().map(|item| (item, Gap::TheyMiss)));
        match until {
            Some(until) if until > after && gaps.len() < GAPS_MAX => after = until,
            _ => break,
        }
    }
    // Under another label it is one object that both have: what was given counts.
    let mut tx = x.ground.db.begin().await?;
    let now = out::by_id(&mut tx, share.id, at.1).await?;
    if now.is_none_or(|now| now.sequence != share.sequence) {
        return Ok(());
    }
    let known = item::gaps(&mut tx, share.id, i64::MAX).await?;
    item::clear_gaps(&mut tx, share.id).await?;
    gaps.truncate(GAPS_MAX);
    gaps.sort_by_key(|(_, gap)| *gap == Gap::TheyMiss);
    for (item, gap) in &gaps {
        let same = known
            .iter()
            .find(|(had, ..)| had.stix_id == item.stix_id && had.sha256 == item.sha256);
        let since = same.map_or_else(|| x.ground.now(), |(.., since)| *since);
        item::put_gap(&mut tx, share.id, (item, *gap), since).await?;
    }
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Counts anew what is held of what a party shares.
async fn recount(x: &Sharing, id: ShareId) -> Result<(), Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let Some(before) = into::by_id(&mut tx, id).await? else {
        return Ok(());
    };
    let Some(collection) = kept(&mut tx, &before).await? else {
        return Ok(());
    };
    let (mut tally, mut after) = (Tally::default(), String::new());
    loop {
        let items = intel::ops::items_in(&mut tx, &collection, &after, COUNTED_AT_ONCE).await?;
        let Some(last) = items.last() else { break };
        after.clone_from(&last.stix_id);
        tally.change(&[], &items);
    }
    drop(tx);
    let mut tx = x.ground.db.begin().await?;
    let now = into::locked(&mut tx, id).await?;
    if let Some(mut share) = now
        && (share.sequence, share.tally) == (before.sequence, before.tally)
        && share.tally != tally
    {
        tracing::warn!(share.id = %id, "what is held of a share is not what was counted");
        share.tally = tally;
        into::put(&mut tx, &share).await?;
        tx.commit().await?;
    }
    Ok(())
}
