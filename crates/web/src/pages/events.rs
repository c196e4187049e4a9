//! The events of a collection.

use axum::extract::{Path, Query, State};
use formats_misp::full::{Analysis, ThreatLevel};
use intel::{
    events::{
        model::{Brief, Row},
        ops as events,
    },
    ops,
};
use kernel::{Timestamp, Tlp};

use super::{
    Answer, House, Reader, collection::head, draw, forms::Answers, object::stix_text::plain,
    reader::escaped,
};
use crate::views::{
    event::{EventRow, Events},
    frame::{Pager, Section},
};

/// Lines on a page.
const ROWS: u32 = 50;
/// Events with a value that are shown.
const WITH_VALUE: u32 = 20;
/// Tags of a line.
const TAGS: usize = 4;

/// `GET /collections/{root}/{name}/events`.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let place = (root.as_str(), name.as_str());
    let shown = ops::collection(ground, viewer, place.0, place.1).await?;
    let head = head(&reader, &shown);
    let text: String = query.of("q").chars().take(ops::SEARCH_CHARS_MAX).collect();
    let end = cursor(query.of("after"));
    let (mut with_value, mut more) = (Vec::new(), false);
    if !text.is_empty() && end.is_none() {
        let found = events::with_value(ground, viewer, place, &text, WITH_VALUE);
        (with_value, more) = found.await?;
    }
    let found = events::newest(ground, viewer, place, &text, (end, ROWS)).await?;
    let again = |end: Option<(i64, i64)>| {
        let mut pairs = Vec::new();
        if !text.is_empty() {
            pairs.push(format!("q={}", escaped(&text)));
        }
        pairs.extend(end.map(|(moment, id)| format!("after={moment}.{id}")));
        format!("{}/events?{}", head.url, pairs.join("&"))
    };
    let pager = Pager {
        first: end.map(|_| again(None)),
        next: found.end.map(|end| again(Some(end))),
    };
    let rows = |rows: &[Row]| rows.iter().map(|one| row(&head.url, one)).collect();
    draw(&Events {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        with_value: rows(&with_value),
        more_with_value: more,
        rows: rows(&found.rows),
        searched: u64::try_from(found.searched).unwrap_or_default(),
        text,
        pager,
        head,
    })
}

/// The end of the page before.
fn cursor(text: &str) -> Option<(i64, i64)> {
    let (moment, id) = text.split_once('.')?;
    Some((moment.parse().ok()?, id.parse().ok()?))
}

/// The page of an event.
pub(super) fn url_of(collection: &str, event: &Brief) -> String {
    format!("{collection}/events/{}", event.uuid)
}

fn row(collection: &str, row: &Row) -> EventRow {
    let event = &row.event;
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let tags = row.tags.iter().take(TAGS);
    EventRow {
        url: url_of(collection, event),
        info: plain(&event.info),
        date: event.date.clone(),
        org: plain(&row.orgc),
        tlp: Tlp::from_code(event.tlp),
        threat: threat(event.threat_level),
        analysis: analysis(event.analysis),
        is_published: event.published,
        changed: moment(event.timestamp),
        attributes: number(row.attributes),
        objects: number(row.objects),
        tags: tags.map(|tag| plain(&tag.name)).collect(),
        more_tags: u64::try_from(row.tags.len().saturating_sub(TAGS)).unwrap_or_default(),
    }
}

/// A moment that MISP counts in seconds.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds.saturating_mul(1_000_000))
}

pub(super) fn threat(number: i32) -> &'static str {
    let number = u64::try_from(number).unwrap_or_default();
    match ThreatLevel::from_number(number) {
        Some(ThreatLevel::High) => "high",
        Some(ThreatLevel::Medium) => "medium",
        Some(ThreatLevel::Low) => "low",
        Some(ThreatLevel::Undefined) | None => "undefined",
    }
}

pub(super) fn analysis(number: i32) -> &'static str {
    let number = u64::try_from(number).unwrap_or_default();
    match Analysis::from_number(number) {
        Some(Analysis::Ongoing) => "ongoing",
        Some(Analysis::Completed) => "completed",
        Some(Analysis::Initial) | None => "initial",
    }
}
