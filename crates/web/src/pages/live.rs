//! News as they come: one line on the page, which nothing moves.
//!
//! A stream lives for a minute; the browser asks again by itself. So a page left open costs little,
//! and a node that stops does not wait for its readers.

use std::{convert::Infallible, time::Duration};

use access::policy::Act;
use axum::{
    extract::State,
    http::HeaderName,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use kernel::{Limit, PageRequest, Timestamp};
use serde_json::json;
use tokio::time::{Interval, interval};

use super::{Answer, House, Reader, desk::news::arrived};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(10);
/// How often in one stream.
const LOOKS: u8 = 6;

struct Watch {
    house: House,
    reader: Reader,
    since: Timestamp,
    told: usize,
    looks: u8,
    clock: Interval,
}

/// `GET /live`.
pub(super) async fn stream(State(house): State<House>, reader: Reader) -> Answer {
    let mut clock = interval(EVERY);
    clock.tick().await;
    let since = house.ground.now();
    let watch = Watch {
        house,
        reader,
        since,
        told: 0,
        looks: 0,
        clock,
    };
    let events = stream::unfold(watch, |mut watch| async move {
        while watch.looks < LOOKS {
            watch.looks = watch.looks.saturating_add(1);
            watch.clock.tick().await;
            if let Some(event) = watch.look().await {
                return Some((Ok::<_, Infallible>(event), watch));
            }
        }
        None
    });
    // A proxy that gathers an answer before it passes it on would hold news back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((
        unbuffered,
        Sse::new(events).keep_alive(KeepAlive::default()),
    )
        .into_response())
}

impl Watch {
    /// What is new since the stream began, where it is more than was told.
    async fn look(&mut self) -> Option<Event> {
        let count = new_items(&self.house, &self.reader, self.since).await;
        if count <= self.told {
            return None;
        }
        self.told = count;
        let w = self.reader.w;
        let text = w.t1("news-line", "n", count);
        let counts = self.reader.counts(&self.house).await;
        let counts = json!({
            "desk": w.number(&counts.desk),
            "exchange": w.number(&counts.threads),
            "incidents": w.number(&counts.reports),
        });
        Some(
            Event::default()
                .event("news")
                .data(json!({ "text": text, "counts": counts }).to_string()),
        )
    }
}

/// Entries of the register and alarms that the reader may see and that came after `since`. What
/// cannot be read now is looked at again the next time.
async fn new_items(house: &House, reader: &Reader, since: Timestamp) -> usize {
    let request = PageRequest {
        after: None,
        limit: Limit::default(),
    };
    let mut count = 0_usize;
    if reader.may(Act::IncidentRead) {
        let filter = incidents::model::Filter::default();
        let page = incidents::ops::list(&house.ground, &reader.viewer, &filter, request).await;
        let is_new = |listed: &&incidents::model::Listed| listed.updated_at > since;
        count =
            count.saturating_add(page.map_or(0, |page| page.items.iter().filter(is_new).count()));
    }
    let reminded = super::desk::reports::reminded(house, reader, since).await;
    count = count.saturating_add(reminded.map_or(0, |news| news.len()));
    if reader.may(Act::ExchangeRead) {
        let threads = arrived(house, reader, since).await.unwrap_or_default();
        count = count.saturating_add(threads);
    }
    if reader.may(Act::ExchangeRead)
        && let Ok(mut tx) = house.ground.db.begin_read().await
    {
        let page = federation::store::alarms(&mut tx, reader.viewer.mode, request).await;
        count = count.saturating_add(page.map_or(0, |page| {
            page.items.iter().filter(|alarm| alarm.at > since).count()
        }));
    }
    count
}
