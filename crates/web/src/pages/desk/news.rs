//! What is new on the desk, and what needs a look at the machinery.

use access::{
    http::{CsrfForm, Refusal},
    policy::{Act, check_house},
};
use axum::extract::State;
use exchange::model::ThreadFilter;
use federation::{
    state::Delivery,
    store::{self, AlarmRow},
};
use incidents::{model::Filter, ops};
use kernel::{ActId, Limit, PageRequest, Timestamp};

use crate::{
    pages::{
        Answer, House, Reader, directory::peers, forms::Answers, go, nothing, thread::parts::Names,
    },
    views::desk::{News, Trouble},
    words::key,
};

/// How many alarms are named one by one.
const ALARMS: usize = 6;
/// After so long without a receipt a message is worth a look.
const PATIENCE: std::time::Duration = std::time::Duration::from_hours(1);

/// Threads in which something came since then.
pub(crate) async fn messages(
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
pub(crate) async fn arrived(
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

/// What changed in the register since then.
pub(crate) async fn register(
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
    let page = ops::list(&house.ground, &reader.viewer, &Filter::default(), request).await?;
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
pub(super) async fn machinery(
    house: &House,
    reader: &Reader,
    names: &Names,
) -> Result<(Vec<Trouble>, Vec<News>), Refusal> {
    let (w, mode) = (reader.w, reader.viewer.mode);
    let mut tx = house.ground.db.begin_read().await?;
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let alarms = store::alarms(&mut tx, mode, request).await?;
    let deliveries = store::deliveries(&mut tx, mode, request).await?;
    drop(tx);
    let unseen = alarms
        .items
        .iter()
        .filter(|alarm| alarm.seen.is_none())
        .take(ALARMS);
    let mut troubles: Vec<Trouble> = unseen.map(|alarm| trouble(reader, names, alarm)).collect();
    for peer in peers(house, reader).await?.values() {
        if peer
            .failed
            .as_ref()
            .is_some_and(|(at, _)| peer.heard_at.is_none_or(|heard| heard < *at))
        {
            troubles.push(Trouble {
                text: w.t1(
                    "news-unreachable",
                    "party",
                    names.party(w, &peer.party).name,
                ),
                url: format!("/directory/{}", peer.party),
                at: peer.failed.as_ref().map(|(at, _)| *at),
                alarm: String::new(),
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

fn trouble(reader: &Reader, names: &Names, alarm: &AlarmRow) -> Trouble {
    let w = reader.w;
    let party = names.party(w, &alarm.party).name;
    let text = w.find(&key("alarm", &alarm.code), &[("party", &party)]);
    let has_evidence = alarm.code == "split_view" && reader.may(Act::LedgerRead);
    Trouble {
        text: text.unwrap_or_else(|| w.t1("alarm-other", "party", &party)),
        url: if has_evidence {
            format!("/ledger/evidence/{}", alarm.party)
        } else {
            format!("/directory/{}", alarm.party)
        },
        at: Some(alarm.at),
        alarm: if may_note(reader) {
            alarm.id.to_string()
        } else {
            String::new()
        },
    }
}

/// Whoever speaks for the party, or runs its node, can say that an alarm was seen.
fn may_note(reader: &Reader) -> bool {
    reader.may(Act::ExchangeSend) || reader.may(Act::NodeManage)
}

/// `POST /desk/seen`: somebody has looked at an alarm; it leaves the desk of everybody. Who it was
/// is recorded.
pub(crate) async fn note(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    if !may_note(&reader) {
        check_house(&reader.viewer, Act::NodeManage)?;
    }
    let id: ActId = answers.of("alarm").parse().map_err(|_no_alarm| nothing())?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let mut tx = ground.db.begin().await?;
    let now = ground.now();
    let noted = store::mark_alarm_seen(&mut tx, id, &viewer.label(), now).await?;
    if noted {
        let nothing_more = serde_json::json!({});
        let code = "federation.alarm_seen";
        audit::act(&mut tx, ground, viewer, code, &id, &nothing_more).await?;
        tx.commit().await?;
    }
    Ok(go(&reader, "/desk", "seen"))
}
