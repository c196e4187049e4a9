use access::policy::{Act, check_house};
use db::Tx;
use federation::model::Urgency;
use kernel::{Cursor, Limit, Page, PageRequest, ThreadId, Timestamp, Viewer, boxed};

use super::{clocks_of, links, sealed, sight, thread_of};
use crate::{
    Exchange,
    error::Error,
    model::{Clocked, Counts, ListedThread, NextClock, ThreadFilter, Timeless, Verb},
    state::RequestState,
    store::{
        Place,
        list::{self as sql, Narrow},
        message::{self, Kept},
        thread,
    },
};

/// A page of the threads in which the viewer sees something, the liveliest first.
#[boxed]
pub async fn list_threads(
    x: &Exchange,
    viewer: &Viewer,
    filter: &ThreadFilter,
    request: PageRequest,
) -> Result<Page<ListedThread>, Error> {
    let sight = sight(viewer)?;
    let now = x.ground.now();
    let narrow = Narrow {
        party: filter.party.clone(),
        tab: filter.state,
        tokens: filter
            .text
            .as_deref()
            .map(|text| sealed::query(&x.data_key, text))
            .unwrap_or_default(),
        threads: threads_of(x, viewer, filter).await?,
    };
    if narrow.threads.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    }
    let mut tx = x.ground.db.begin_read().await?;
    let rows = sql::page(&mut tx, sight, &narrow, (request, now)).await?;
    let page = Page::from_probe(rows, request.limit, |(place, last_at)| Cursor {
        key: last_at.as_micros(),
        id: place.thread.uuid(),
    });
    let places: Vec<Place> = page.items.iter().map(|(place, _)| place.clone()).collect();
    let seen = message::seen(&mut tx, sight, &places).await?;
    let mut items = Vec::with_capacity(places.len());
    for place in &places {
        let messages: Vec<&Kept> = seen.iter().filter(|kept| kept.place == *place).collect();
        items.extend(listed(x, &mut tx, viewer, (place, &messages), now).await?);
    }
    Ok(Page {
        items,
        next: page.next,
    })
}

/// The threads to which an incident links, if the filter names one that the viewer may read.
async fn threads_of(
    x: &Exchange,
    viewer: &Viewer,
    filter: &ThreadFilter,
) -> Result<Option<Vec<ThreadId>>, Error> {
    let Some(public) = filter.incident else {
        return Ok(None);
    };
    let case = incidents::ops::view(&x.ground, viewer, public).await?;
    let threads = case
        .links
        .iter()
        .filter(|link| link.kind.as_str() == links::THREAD)
        .filter_map(|link| link.target.as_str().parse().ok());
    Ok(Some(threads.collect()))
}

async fn listed(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    (place, seen): (&Place, &[&Kept]),
    now: Timestamp,
) -> Result<Option<ListedThread>, Error> {
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else {
        return Ok(None);
    };
    let thread = thread_of(&viewer.party, place, message::said(tx, place).await?);
    let next = thread
        .requests(now)
        .iter()
        .filter(|request| seen.iter().any(|kept| kept.id == request.id))
        .filter_map(|request| next_of(viewer, request, now))
        .min_by_key(|clock| clock.due);
    let asked = seen.iter().rev().find(|kept| kept.said.kind.asks());
    let read = match viewer.user() {
        Some(user) => thread::read_until(tx, user, place).await?,
        None => None,
    };
    let came = seen.iter().rev().find(|kept| !kept.ours);
    Ok(Some(ListedThread {
        id: place.thread,
        party: place.party.clone(),
        title: sealed::title(
            &x.data_key,
            (&place.party, first.id),
            first.title.as_deref(),
        ),
        state: thread.state(now),
        last_kind: last.said.kind,
        last_ours: last.ours,
        last_at: last.at,
        next,
        tlp: seen.iter().map(|kept| kept.tlp).max().unwrap_or_default(),
        unread: came.is_some_and(|kept| read.is_none_or(|read| read < kept.at)),
        messages: u32::try_from(seen.len()).unwrap_or(u32::MAX),
        urgency: asked.map_or(Urgency::Routine, |kept| kept.header.urgency),
    }))
}

fn next_of(viewer: &Viewer, request: &crate::state::Request, now: Timestamp) -> Option<NextClock> {
    let clocks = clocks_of(&viewer.party, request, now);
    let due = clocks.ack_by.into_iter().chain(clocks.answer_by).min()?;
    Some(NextClock {
        verb: if clocks.ack_by == Some(due) {
            Verb::Acknowledge
        } else {
            Verb::Answer
        },
        due,
        ours: clocks.waits == 1,
    })
}

/// A page of the clocks that run, those that have run out first.
#[boxed]
pub async fn clocks(
    x: &Exchange,
    viewer: &Viewer,
    request: PageRequest,
) -> Result<Page<Clocked>, Error> {
    let sight = sight(viewer)?;
    let now = x.ground.now();
    let mut tx = x.ground.db.begin_read().await?;
    let running = sql::clocks(&mut tx, sight, (request, now)).await?;
    let page = Page::from_probe(running, request.limit, |clock| Cursor {
        key: clock.due.as_micros(),
        id: clock.message.uuid(),
    });
    let mut items = Vec::with_capacity(page.items.len());
    for clock in page.items {
        let at = (&clock.place.party, viewer.mode);
        let Some(kept) = message::find_of(&mut tx, at, clock.message).await? else {
            continue;
        };
        items.push(Clocked {
            thread: clock.place.thread,
            message: clock.message,
            kind: kept.said.kind,
            title: sealed::title(
                &x.data_key,
                (&clock.place.party, kept.id),
                kept.title.as_deref(),
            ),
            verb: clock.verb,
            due: clock.due,
            overdue: clock.due < now,
            ours: clock.ours,
            tlp: kept.tlp,
            urgency: kept.header.urgency,
            party: clock.place.party,
        });
    }
    Ok(Page {
        items,
        next: page.next,
    })
}

/// What waits while no clock runs for it, the newest first; as many requests as the limit allows.
pub async fn timeless(x: &Exchange, viewer: &Viewer, limit: Limit) -> Result<Vec<Timeless>, Error> {
    let sight = sight(viewer)?;
    let now = x.ground.now();
    let mut tx = x.ground.db.begin_read().await?;
    let mut items = Vec::new();
    for (party, id) in sql::timeless(&mut tx, sight, (limit, now)).await? {
        let Some(kept) = message::find_of(&mut tx, (&party, viewer.mode), id).await? else {
            continue;
        };
        let thread = thread_of(
            &viewer.party,
            &kept.place,
            message::said(&mut tx, &kept.place).await?,
        );
        let requests = thread.requests(now);
        let Some(request) = requests.iter().find(|request| request.id == id) else {
            continue;
        };
        items.push(Timeless {
            thread: kept.place.thread,
            message: id,
            kind: kept.said.kind,
            title: sealed::title(&x.data_key, (&party, id), kept.title.as_deref()),
            questioned: matches!(request.state, RequestState::Clarifying { .. }),
            acknowledged: request.acknowledged.is_some(),
            ours: clocks_of(&viewer.party, request, now).waits == 1,
            tlp: kept.tlp,
            urgency: kept.header.urgency,
            party,
        });
    }
    Ok(items)
}

/// How many threads in which the viewer sees something are not closed, counted up to 1,000.
#[boxed]
pub async fn count_open(x: &Exchange, viewer: &Viewer) -> Result<u32, Error> {
    let sight = sight(viewer)?;
    let now = x.ground.now();
    let mut tx = x.ground.db.begin_read().await?;
    let open = sql::count_open(&mut tx, sight, now).await?;
    Ok(u32::try_from(open).unwrap_or(u32::MAX))
}

/// What waits, in numbers, of what the viewer sees; each counted up to 1,000.
#[boxed]
pub async fn counts(x: &Exchange, viewer: &Viewer) -> Result<Counts, Error> {
    check_house(viewer, Act::ExchangeRead)?;
    let sight = sight(viewer)?;
    let now = x.ground.now();
    let mut tx = x.ground.db.begin_read().await?;
    let [ours, theirs, overdue] = sql::count_waiting(&mut tx, sight, now).await?;
    let number = |count: i64| u32::try_from(count.max(0)).unwrap_or(u32::MAX);
    Ok(Counts {
        waiting_for_us: number(ours),
        waiting_for_them: number(theirs),
        overdue: number(overdue),
        undelivered: number(sql::count_stuck(&mut tx, sight).await?),
        unread: number(sql::count_unread(&mut tx, sight).await?),
    })
}
