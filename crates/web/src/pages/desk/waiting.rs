//! What waits for this party, and what it waits for.

use std::collections::HashMap;

use access::{http::Refusal, policy::Act};
use exchange::model::{Clocked, Kind, Timeless};
use federation::model::Urgency;
use kernel::{Limit, MessageId, PageRequest, PartyCode, ThreadId, Timestamp, Tlp};

use crate::{
    pages::{
        House, Reader,
        thread::parts::{Names, urgency_word},
        threads::verb,
    },
    views::{
        desk::{Call, Phones, Waiting},
        frame::Link,
    },
};

/// Requests of each side on the desk.
const WAITING: usize = 30;

/// What waits on both sides.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    /// For this party, those beyond their time first; nothing for a reader who takes no part.
    pub(crate) for_us: Option<Vec<Waiting>>,
    /// For others.
    pub(crate) for_others: Vec<Waiting>,
    /// How many wait for this party, as far as they were looked at.
    pub(crate) all: u64,
    /// How many of these are beyond their time.
    pub(crate) late: u64,
}

/// One request that waits, with a clock or without.
struct Item {
    thread: ThreadId,
    party: PartyCode,
    message: MessageId,
    kind: Kind,
    title: Option<String>,
    verb: &'static str,
    due: Option<Timestamp>,
    overdue: bool,
    stands: bool,
    ours: bool,
    tlp: Tlp,
    urgency: Urgency,
}

impl From<Clocked> for Item {
    fn from(clock: Clocked) -> Self {
        Self {
            thread: clock.thread,
            party: clock.party,
            message: clock.message,
            kind: clock.kind,
            title: clock.title,
            verb: verb(clock.verb),
            due: Some(clock.due),
            overdue: clock.overdue,
            stands: false,
            ours: clock.ours,
            tlp: clock.tlp,
            urgency: clock.urgency,
        }
    }
}

impl From<Timeless> for Item {
    fn from(request: Timeless) -> Self {
        Self {
            thread: request.thread,
            party: request.party,
            message: request.message,
            kind: request.kind,
            title: request.title,
            verb: match (request.questioned, request.acknowledged) {
                (true, _) => "clarify",
                (false, true) => "answer",
                (false, false) => "acknowledge",
            },
            due: None,
            overdue: false,
            stands: request.questioned,
            ours: request.ours,
            tlp: request.tlp,
            urgency: request.urgency,
        }
    }
}

pub(crate) async fn waiting(
    house: &House,
    reader: &Reader,
    names: &Names,
    seen: Option<(MessageId, Phones)>,
) -> Result<Waits, Refusal> {
    if !reader.may(Act::ExchangeRead) {
        return Ok(Waits::default());
    }
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let clocked = exchange::ops::clocks(&house.exchange, &reader.viewer, request).await?;
    let timeless = exchange::ops::timeless(&house.exchange, &reader.viewer, Limit::MAX).await?;
    let clocked = clocked.items.into_iter().map(Item::from);
    let (ours, theirs): (Vec<Item>, Vec<Item>) = clocked
        .chain(timeless.into_iter().map(Item::from))
        .partition(|item| item.ours);
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let (all, late) = (ours.len(), ours.iter().filter(|item| item.overdue).count());
    let shown: Vec<&Item> = ours
        .iter()
        .take(WAITING)
        .chain(theirs.iter().take(WAITING))
        .collect();
    let incidents = incidents_of(house, reader, &shown).await?;
    let may_look = reader.may(Act::ContactLook);
    let wait = |item: &&Item| Waiting {
        verb: item.verb,
        due: item.due,
        stands: item.stands,
        kind: item.kind.as_str().to_owned(),
        title: item
            .title
            .clone()
            .unwrap_or_else(|| reader.w.t("thread-untitled")),
        url: format!(
            "/threads/{}?with={}#{}",
            item.thread, item.party, item.message
        ),
        party: names.party(reader.w, &item.party),
        incident: incidents.get(&item.thread.to_string()).cloned(),
        tlp: item.tlp,
        urgency: urgency_word(item.urgency).to_owned(),
        call: match &seen {
            Some((message, phones)) if *message == item.message => Call::Seen(phones.clone()),
            _ if item.overdue && may_look => Call::Ask {
                url: "/desk/call".to_owned(),
                message: item.message.to_string(),
            },
            _ => Call::None,
        },
    };
    let (ours, theirs): (Vec<&Item>, Vec<&Item>) = shown.into_iter().partition(|item| item.ours);
    Ok(Waits {
        for_us: Some(ours.iter().map(wait).collect()),
        for_others: theirs.iter().map(wait).collect(),
        all: number(all),
        late: number(late),
    })
}

/// The incident of each thread, where the register links one that the reader may see.
async fn incidents_of(
    house: &House,
    reader: &Reader,
    shown: &[&Item],
) -> Result<HashMap<String, Link>, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(HashMap::new());
    }
    let mut threads: Vec<String> = shown.iter().map(|item| item.thread.to_string()).collect();
    threads.sort();
    threads.dedup();
    let kind = "thread".parse().map_err(incidents::Error::from)?;
    let titled = incidents::ops::titles(&house.ground, &reader.viewer, &kind, &threads).await?;
    let mut links = HashMap::new();
    for one in titled {
        links.entry(one.target).or_insert(Link {
            text: one.title,
            url: format!("/incidents/{}", one.public),
        });
    }
    Ok(links)
}
