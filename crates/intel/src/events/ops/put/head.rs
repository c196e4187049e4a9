//! What an event says of itself.

use std::collections::BTreeSet;

use db::Tx;
use formats_misp::full::{Analysis, Distribution, Event, Tag, ThreatLevel};
use kernel::Timestamp;
use uuid::Uuid;

use super::{Work, number_tags};
use crate::{
    Error,
    events::{
        model::{self, Fault, Origin},
        moments::is_day,
        parts,
        store::{self, write::clean},
    },
};

/// The row of an event that is to be added, as far as it does not depend on what it says.
pub(super) fn new_row(
    (slot, uuid): (i64, Uuid),
    (org, orgc): (i64, i64),
    creator: &str,
) -> model::Event {
    model::Event {
        id: 0,
        slot,
        uuid,
        tlp: 0,
        org,
        orgc,
        locked: false,
        published: false,
        info: String::new(),
        date: String::new(),
        timestamp: 0,
        publish_timestamp: 0,
        sighted_at: 0,
        threat_level: 4,
        analysis: 0,
        distribution: 0,
        attributes: 0,
        parts: 0,
        creator: creator.to_owned(),
        version: 0,
        head: String::new(),
        losses: "[]".to_owned(),
    }
}

/// The stored event with what came in its place. Of lists, what is named replaces what is there under
/// the same name, and the rest stays.
pub(super) fn merged(row: &model::Event, mut new: Event, origin: Origin) -> Result<Event, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_event", "head", &row.id);
    let stored: Event = serde_json::from_str(&row.head).map_err(unreadable)?;
    let published = new.published;
    let moment = new.publish_timestamp;
    new.tags = tags(stored.tags, new.tags, origin);
    macro_rules! join {
        ($($list:ident)+) => {$(
            new.$list = joined(stored.$list, new.$list, |one| one.uuid.as_deref());
        )+};
    }
    join!(reports notes opinions relationships proposals);
    let mut event: Event = parts::merged(&row.head, &new).map_err(unreadable)?;
    (event.published, event.publish_timestamp) = (published, moment);
    Ok(event)
}

/// Tags of an event: what a peer says replaces all but those that were given here alone; what a user
/// says is added, or taken away where it says that it is deleted.
fn tags(stored: Vec<Tag>, new: Vec<Tag>, origin: Origin) -> Vec<Tag> {
    let gone = |tag: &Tag| {
        let deleted = tag.rest.get("deleted");
        deleted.is_some_and(|json| matches!(json, "true" | "1" | "\"1\""))
    };
    let said = !new.is_empty();
    let (gone, new): (Vec<_>, Vec<_>) = new.into_iter().partition(gone);
    let names = |tags: &[Tag]| -> BTreeSet<String> {
        tags.iter().filter_map(|tag| tag.name.clone()).collect()
    };
    let (gone, given) = (names(&gone), names(&new));
    let stays = |tag: &Tag| {
        let name = tag.name.as_deref().unwrap_or_default();
        let replaced = origin == Origin::Sync && said && tag.local != Some(true);
        !gone.contains(name) && !given.contains(name) && !replaced
    };
    let mut tags: Vec<_> = stored.into_iter().filter(stays).collect();
    tags.extend(new);
    tags
}

fn joined<T>(stored: Vec<T>, new: Vec<T>, uuid: impl Fn(&T) -> Option<&str>) -> Vec<T> {
    let named: BTreeSet<String> = new.iter().filter_map(&uuid).map(str::to_owned).collect();
    let stays = |one: &T| uuid(one).is_none_or(|uuid| !named.contains(uuid));
    let mut all: Vec<_> = stored.into_iter().filter(stays).collect();
    all.extend(new);
    all
}

/// Writes the event without its parts, and its tags.
pub(super) async fn write(
    tx: &mut Tx,
    work: &mut Work<'_>,
    event: &mut Event,
    now: i64,
) -> Result<(), Error> {
    number_tags(tx, work, event.tags.iter_mut().collect()).await?;
    let row = &mut work.row;
    row.tlp = work.label.code();
    row.info = info(event, work.origin)?;
    row.date = day(event.date.as_deref(), now);
    event.date = Some(row.date.clone());
    row.published = event.published == Some(true);
    let moment = event.publish_timestamp.filter(|moment| *moment > 0);
    let moment = moment.or_else(|| row.published.then_some(now));
    row.publish_timestamp = moment.unwrap_or(row.publish_timestamp);
    row.threat_level = code(event.threat_level.map(ThreatLevel::number), 4);
    row.analysis = code(event.analysis.map(Analysis::number), 0);
    row.distribution = code(event.distribution.map(Distribution::number), 0);
    row.head = head(event);
    store::write::event(tx, row).await?;
    let tags = event.tags.iter().filter_map(|tag| tag.id);
    let given: Vec<_> = tags
        .filter_map(|id| i64::try_from(id).ok())
        .map(|id| (id, 0, row.tlp))
        .collect();
    store::tag::take_away(tx, row.id, &[0]).await?;
    store::tag::give(tx, (row.id, row.slot), &given).await?;
    Ok(())
}

/// What an event is called.
pub(super) fn info(event: &Event, origin: Origin) -> Result<String, Fault> {
    let info = clean(event.info.as_deref());
    match origin {
        _ if !info.trim().is_empty() => Ok(info),
        Origin::Own => Err(Fault::Invalid {
            field: "info",
            detail: "Info cannot be empty.".to_owned(),
        }),
        Origin::Sync => Ok("(no info)".to_owned()),
    }
}

fn code(number: Option<u64>, other: i32) -> i32 {
    number
        .and_then(|number| i32::try_from(number).ok())
        .unwrap_or(other)
}

/// The day of an event; today where it names none that is one.
fn day(date: Option<&str>, now: i64) -> String {
    let given = date.map(str::trim).filter(|text| is_day(text));
    given.map_or_else(
        || {
            let today = Timestamp::from_micros(now.saturating_mul(1_000_000)).to_string();
            today.chars().take(10).collect()
        },
        str::to_owned,
    )
}

/// The head as it is stored: without what stands in columns.
pub(super) fn head(event: &Event) -> String {
    let mut head = event.clone();
    (head.id, head.org_id, head.orgc_id) = (None, None, None);
    (head.timestamp, head.published, head.publish_timestamp) = (None, None, None);
    (head.attribute_count, head.locked, head.event_creator_email) = (None, None, None);
    (head.org, head.uuid) = (None, None);
    head.related.clear();
    serde_json::to_string(&head).unwrap_or_default()
}
