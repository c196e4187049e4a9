//! What people say of an event and its parts: notes, opinions, reports.

use serde_json::{Map, Value, json};
use stix::marking::Tlp;

use super::{
    house,
    out::{Marks, Out, is_uuid},
    out_context::set,
    time,
};
use crate::full::{AnalystNote, AnalystOpinion};

/// What analysts say of something.
pub(super) fn said(
    out: &mut Out<'_>,
    (of, around): (&str, Option<Tlp>),
    (notes, opinions): (&[AnalystNote], &[AnalystOpinion]),
    place: &str,
) {
    const CARRIED: &[&str] = &[
        "authors",
        "comment",
        "created",
        "language",
        "modified",
        "note",
        "object_type",
        "object_uuid",
        "opinion",
        "uuid",
    ];
    for (at, note) in notes.iter().enumerate() {
        let place = format!("{place}/Note/{at}");
        let times = [note.created.as_deref(), note.modified.as_deref()];
        let own = (note.uuid.as_deref(), times, note.authors.as_deref());
        let tlp = out.part_label(around, house::stays(note.distribution, &note.rest));
        let of = (of, tlp);
        let Some(mut object) = opened(out, ("note", "Analyst Note"), own, of, &place) else {
            continue;
        };
        object.insert(
            "content".to_owned(),
            json!(note.note.as_deref().unwrap_or_default()),
        );
        set(&mut object, "lang", note.language.as_deref());
        out.push(object, &place);
        out.losses.rest(&place, note, CARRIED);
    }
    for (at, opinion) in opinions.iter().enumerate() {
        let place = format!("{place}/Opinion/{at}");
        let times = [opinion.created.as_deref(), opinion.modified.as_deref()];
        let own = (opinion.uuid.as_deref(), times, opinion.authors.as_deref());
        let tlp = out.part_label(around, house::stays(opinion.distribution, &opinion.rest));
        let of = (of, tlp);
        let Some(mut object) = opened(out, ("opinion", "Analyst Opinion"), own, of, &place) else {
            continue;
        };
        let number = opinion.opinion.unwrap_or(50);
        object.insert("opinion".to_owned(), json!(level(number)));
        object.insert("x_misp_opinion".to_owned(), json!(number));
        set(&mut object, "explanation", opinion.comment.as_deref());
        out.push(object, &place);
        out.losses.rest(&place, opinion, CARRIED);
    }
}

/// The beginning of what an analyst says.
fn opened(
    out: &mut Out<'_>,
    (kind, layer): (&str, &str),
    (uuid, [created, modified], authors): (Option<&str>, [Option<&str>; 2], Option<&str>),
    (of, tlp): (&str, Option<Tlp>),
    place: &str,
) -> Option<Map<String, Value>> {
    let Some(uuid) = uuid.filter(|uuid| is_uuid(uuid)) else {
        out.losses.add(place, "no UUID");
        return None;
    };
    let seconds = |text: Option<&str>| text.and_then(time::parse).map(stix::Timestamp::seconds);
    let created = seconds(created);
    let mut object = out.begin(kind, uuid, created);
    let modified = out.moment(seconds(modified).max(created));
    object.insert("modified".to_owned(), json!(modified));
    object.insert("object_refs".to_owned(), json!([of]));
    if let Some(authors) = authors.filter(|authors| !authors.is_empty()) {
        object.insert("authors".to_owned(), json!([authors]));
    }
    let labels = vec![format!("misp:context-layer=\"{layer}\"")];
    out.mark(&mut object, Marks { tlp, labels });
    Some(object)
}

/// How far an opinion of 0 to 100 agrees.
fn level(number: u64) -> &'static str {
    match number {
        0..=20 => "strongly-disagree",
        21..=40 => "disagree",
        41..=60 => "neutral",
        61..=80 => "agree",
        _ => "strongly-agree",
    }
}

/// The event's reports, as notes on it.
pub(super) fn reports(out: &mut Out<'_>, of: &str) {
    for (at, report) in out.event.reports.iter().enumerate() {
        let place = format!("/Event/EventReport/{at}");
        let Some(uuid) = report.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
            out.losses.add(&place, "a report without a UUID");
            continue;
        };
        let mut object = out.begin("note", uuid, report.timestamp);
        set(&mut object, "abstract", report.name.as_deref());
        object.insert(
            "content".to_owned(),
            json!(report.content.as_deref().unwrap_or_default()),
        );
        object.insert("object_refs".to_owned(), json!([of]));
        if report.deleted == Some(true) {
            object.insert("revoked".to_owned(), json!(true));
        }
        let labels = vec!["misp:data-layer=\"Event Report\"".to_owned()];
        let tlp = out.part_label(out.tlp, house::stays(report.distribution, &report.rest));
        out.mark(&mut object, Marks { tlp, labels });
        out.push(object, &place);
        let carried = ["content", "deleted", "name", "timestamp", "uuid"];
        out.losses.rest(&place, report, &carried);
    }
}
