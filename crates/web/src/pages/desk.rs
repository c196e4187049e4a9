//! The desk: what waits, how the State stands, what is new.

use access::{
    http::Refusal,
    policy::{Act, check_house},
};
use axum::{
    extract::State,
    response::{AppendHeaders, IntoResponse},
};
use federation::{
    state::Delivery,
    store::{self, AlarmRow},
};
use incidents::{ops, state::Stage};
use kernel::{Limit, PageRequest, Timestamp};

use super::{Answer, House, Reader, directory::peers, draw};
use crate::{
    views::{
        desk::{Desk, News, Share, StateFigures},
        frame::Section,
    },
    words::{Words, key},
};

/// How many alarms are named one by one.
const ALARMS: usize = 6;
/// After so long without a receipt a message is worth a look.
const PATIENCE: std::time::Duration = std::time::Duration::from_hours(1);
/// A look within so long of the last one is the same look.
const SAME_LOOK: std::time::Duration = std::time::Duration::from_mins(10);

pub(super) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    check_house(&reader.viewer, Act::DeskRead)?;
    let w = reader.w;
    let look = Look::of(&reader, w.now());
    let (troubles, mut news) = if reader.may(Act::ExchangeRead) || reader.may(Act::NodeManage) {
        machinery(&house, &reader).await?
    } else {
        (Vec::new(), Vec::new())
    };
    if let Some(since) = look.since {
        news.extend(register(&house, &reader, since).await?);
    }
    let page = Desk {
        w,
        shell: reader.shell(&house, Section::Desk).await?,
        for_us: None,
        for_others: Vec::new(),
        state: figures(&house, &reader).await?,
        looked: look.since,
        news,
        troubles,
    };
    let drawn = draw(&page)?;
    Ok((
        AppendHeaders([reader.guest().keep("looked", &look.to_text())]),
        drawn,
    )
        .into_response())
}

/// When the reader looked last, and since when news are told: until he has been away for a while,
/// news stay news.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Look {
    since: Option<Timestamp>,
    last: Timestamp,
}

impl Look {
    fn of(reader: &Reader, now: Timestamp) -> Self {
        Self::after(reader.guest().looked(), now)
    }

    fn after(kept: Option<&str>, now: Timestamp) -> Self {
        let mut moments = kept
            .unwrap_or_default()
            .split('.')
            .map(|text| text.parse().ok().map(Timestamp::from_micros));
        let (since, last) = (moments.next().flatten(), moments.next().flatten());
        let since = match last {
            Some(last) if now.since(last) < SAME_LOOK => since,
            last => last,
        };
        Self {
            since: since.filter(|since| *since <= now),
            last: now,
        }
    }

    fn to_text(self) -> String {
        let since = self.since.unwrap_or(self.last);
        format!("{}.{}", since.as_micros(), self.last.as_micros())
    }
}

/// What the reader may read of the register, in numbers.
async fn figures(house: &House, reader: &Reader) -> Result<StateFigures, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(StateFigures::default());
    }
    let stages = ops::stages(&house.ground, &reader.viewer).await?;
    let share = |stage: &ops::StageCount| Share {
        text: reader.w.word("investigation", stage.stage.as_str()),
        count: u64::from(stage.count),
        url: format!("/incidents?state={}", stage.stage.as_str()),
    };
    let open = stages
        .iter()
        .filter(|stage| stage.stage != Stage::Closed)
        .map(|stage| u64::from(stage.count))
        .sum();
    Ok(StateFigures {
        open: Some(open),
        shares: stages
            .iter()
            .filter(|stage| stage.count > 0)
            .map(share)
            .collect(),
        weeks: Vec::new(),
        threads: None,
    })
}

/// What changed in the register since then.
async fn register(
    house: &House,
    reader: &Reader,
    since: Timestamp,
) -> Result<Option<News>, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(None);
    }
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let page = ops::list(
        &house.ground,
        &reader.viewer,
        &incidents::model::Filter::default(),
        request,
    )
    .await?;
    let changed = page
        .items
        .iter()
        .filter(|listed| listed.updated_at > since)
        .count();
    Ok((changed > 0).then(|| News {
        text: reader.w.t1("news-incidents", "n", changed),
        url: "/incidents".to_owned(),
        bad: false,
    }))
}

/// Alarms that nobody has seen, peers out of reach, receipts that are missing.
async fn machinery(house: &House, reader: &Reader) -> Result<(Vec<News>, Vec<News>), Refusal> {
    let (w, mode) = (reader.w, reader.viewer.mode);
    let mut tx = house
        .ground
        .db
        .begin_read()
        .await
        .map_err(audit::Error::from)?;
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let alarms = store::alarms(&mut tx, mode, request)
        .await
        .map_err(audit::Error::from)?;
    let deliveries = store::deliveries(&mut tx, mode, request)
        .await
        .map_err(audit::Error::from)?;
    drop(tx);
    let unseen = alarms
        .items
        .iter()
        .filter(|alarm| alarm.seen.is_none())
        .take(ALARMS);
    let mut troubles: Vec<News> = unseen.map(|alarm| trouble(w, alarm)).collect();
    for peer in peers(house, reader).await?.values() {
        if peer
            .failed
            .as_ref()
            .is_some_and(|(at, _)| peer.heard_at.is_none_or(|heard| heard < *at))
        {
            troubles.push(News {
                text: w.t1("news-unreachable", "party", w.state(peer.party.as_str())),
                url: format!("/directory/{}", peer.party),
                bad: true,
            });
        }
    }
    let waits = |delivery: &Delivery| {
        matches!(
            delivery,
            Delivery::Queued | Delivery::Sent | Delivery::Undeliverable { .. }
        )
    };
    let late = |row: &&store::DeliveryRow| {
        waits(&row.row.outgoing.delivery) && w.now().since(row.row.queued_at) > PATIENCE
    };
    let missing = deliveries.items.iter().filter(late).count();
    let news = (missing > 0).then(|| News {
        text: w.t1("news-receipts-missing", "n", missing),
        url: "/threads".to_owned(),
        bad: true,
    });
    Ok((troubles, news.into_iter().collect()))
}

fn trouble(w: Words, alarm: &AlarmRow) -> News {
    let party = w.state(alarm.party.as_str());
    let text = w.find(&key("alarm", &alarm.code), &[("party", &party)]);
    News {
        text: text.unwrap_or_else(|| w.t1("alarm-other", "party", &party)),
        url: format!("/directory/{}", alarm.party),
        bad: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(minutes * 60_000_000)
    }

    #[test]
    fn news_stay_news_until_the_reader_was_away() {
        let first = Look::after(None, at(100));
        assert_eq!(first.since, None);
        let soon = Look::after(Some(&first.to_text()), at(105));
        assert_eq!(soon.since, Some(at(100)));
        let again = Look::after(Some(&soon.to_text()), at(109));
        assert_eq!(again.since, Some(at(100)));
        let later = Look::after(Some(&again.to_text()), at(300));
        assert_eq!(later.since, Some(at(109)));
    }

    #[test]
    fn a_cookie_that_cannot_be_read_is_no_look() {
        assert_eq!(Look::after(Some("x.y"), at(100)).since, None);
    }
}
