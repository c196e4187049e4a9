//! The desk: what waits, how the State stands, what is new.

use access::{
    http::{CsrfForm, Refusal},
    policy::{Act, check_house},
};
use axum::{
    extract::State,
    response::{AppendHeaders, IntoResponse},
};
use exchange::model::{Clocked, ThreadFilter};
use federation::{
    state::Delivery,
    store::{self, AlarmRow},
};
use incidents::{ops, state::Stage};
use kernel::{Limit, MessageId, PageRequest, Timestamp};

use super::{
    Answer, House, Reader, directory::peers, draw, forms::Answers, names, thread::telephone,
    threads::verb,
};
use crate::{
    views::{
        desk::{Call, Desk, News, Phones, Share, StateFigures, Waiting},
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

/// Requests of each side on the desk.
const WAITING: usize = 30;

pub(super) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /desk/call`: the desk, with the telephone of whoever is late. The look is recorded before
/// anything is shown.
pub(super) async fn call(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let seen = telephone(&house, &reader, &answers).await?;
    page(&house, &reader, Some(seen)).await
}

async fn page(house: &House, reader: &Reader, seen: Option<(MessageId, Phones)>) -> Answer {
    check_house(&reader.viewer, Act::DeskRead)?;
    let w = reader.w;
    let look = Look::of(reader, w.now());
    let (troubles, mut news) = if reader.may(Act::ExchangeRead) || reader.may(Act::NodeManage) {
        machinery(house, reader).await?
    } else {
        (Vec::new(), Vec::new())
    };
    if let Some(since) = look.since {
        news.extend(register(house, reader, since).await?);
        news.extend(messages(house, reader, since).await?);
    }
    let (for_us, for_others) = waiting(house, reader, seen).await?;
    let page = Desk {
        w,
        shell: reader.shell(house, Section::Desk).await?,
        for_us,
        for_others,
        state: figures(house, reader).await?,
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

type Waits = (Option<Vec<Waiting>>, Vec<Waiting>);

/// The clocks that run, overdue ones first: those of this party, and those that it waits for.
async fn waiting(
    house: &House,
    reader: &Reader,
    seen: Option<(MessageId, Phones)>,
) -> Result<Waits, Refusal> {
    if !reader.may(Act::ExchangeRead) {
        return Ok((None, Vec::new()));
    }
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let page = exchange::ops::clocks(&house.exchange, &reader.viewer, request).await?;
    let names = names::all(house, reader).await;
    let may_look = reader.may(Act::ContactLook);
    let wait = |clock: &Clocked| Waiting {
        verb: verb(clock.verb),
        due: Some(clock.due),
        stands: false,
        kind: clock.kind.as_str().to_owned(),
        title: clock
            .title
            .clone()
            .unwrap_or_else(|| reader.w.t("thread-untitled")),
        url: format!(
            "/threads/{}?with={}#{}",
            clock.thread, clock.party, clock.message
        ),
        party: names.party(reader.w, &clock.party),
        incident: String::new(),
        tlp: clock.tlp,
        urgency: "routine".to_owned(),
        call: match &seen {
            Some((message, phones)) if *message == clock.message => Call::Seen(phones.clone()),
            _ if clock.overdue && may_look => Call::Ask {
                url: "/desk/call".to_owned(),
                message: clock.message.to_string(),
            },
            _ => Call::None,
        },
    };
    let (ours, theirs): (Vec<&Clocked>, Vec<&Clocked>) =
        page.items.iter().partition(|clock| clock.ours);
    Ok((
        Some(ours.into_iter().take(WAITING).map(wait).collect()),
        theirs.into_iter().take(WAITING).map(wait).collect(),
    ))
}

/// Threads in which something came since then.
async fn messages(
    house: &House,
    reader: &Reader,
    since: Timestamp,
) -> Result<Option<News>, Refusal> {
    if !reader.may(Act::ExchangeRead) {
        return Ok(None);
    }
    let count = arrived(house, reader, since).await?;
    Ok((count > 0).then(|| News {
        text: reader.w.t1("news-messages", "n", count),
        url: "/threads".to_owned(),
        bad: false,
    }))
}

/// In how many threads something came since then that is still unread.
pub(super) async fn arrived(
    house: &House,
    reader: &Reader,
    since: Timestamp,
) -> Result<usize, exchange::Error> {
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let filter = ThreadFilter::default();
    let page =
        exchange::ops::list_threads(&house.exchange, &reader.viewer, &filter, request).await?;
    Ok(page
        .items
        .iter()
        .filter(|thread| thread.unread && !thread.last_ours && thread.last_at > since)
        .count())
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
