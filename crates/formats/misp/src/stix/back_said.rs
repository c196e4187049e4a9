//! Notes and opinions, as what people say of an event and its parts.

use serde_json::Value;

use super::{
    back::{Back, label, list, moment, number, said, seconds, uuid},
    back_context::{Subject, put, seen, subject},
    out::text,
    time,
};
use crate::full::{AnalystNote, AnalystOpinion, EventReport, SightingType};

pub(super) fn opinion(back: &mut Back<'_>, at: usize, object: &Value) {
    let Some(of) = list(object, "object_refs").next() else {
        return;
    };
    let sighting = label(object, "misp:context-layer").is_none()
        && text(object, "explanation") == "False positive Sighting";
    if let Some(of) = back.became.get(of).copied().filter(|_| sighting) {
        let sighting = seen(
            back,
            object,
            SightingType::FalsePositive,
            object.get("x_misp_author_ref").and_then(Value::as_str),
        );
        put(back, of, |attribute| attribute.sightings.push(sighting));
        back.carry(
            at,
            &[
                "explanation",
                "object_refs",
                "opinion",
                "x_misp_author_ref",
                "x_misp_source",
            ],
        );
        return;
    }
    let level = match text(object, "opinion") {
        "strongly-disagree" => 0,
        "disagree" => 25,
        "neutral" => 50,
        "agree" => 75,
        _ => 100,
    };
    let opinion = AnalystOpinion {
        uuid: uuid(object),
        authors: list(object, "authors").next().map(str::to_owned),
        created: moment(object, "created").map(time::misp),
        modified: moment(object, "modified").map(time::misp),
        opinion: number(object, "x_misp_opinion").or(Some(level)),
        comment: said(object, "explanation"),
        ..AnalystOpinion::default()
    };
    match subject(back, of) {
        Some(Subject::Attribute(of)) => put(back, of, |attribute| attribute.opinions.push(opinion)),
        Some(Subject::Object(of)) => {
            back.event
                .objects
                .get_mut(of)
                .into_iter()
                .for_each(|of| of.opinions.push(opinion.clone()));
        }
        Some(Subject::Event) => back.event.opinions.push(opinion),
        None => return,
    }
    carry_said(
        back,
        at,
        object,
        &["explanation", "opinion", "x_misp_opinion"],
    );
}

/// Notes of analysts are notes; others are reports of the event.
pub(super) fn note(back: &mut Back<'_>, at: usize, object: &Value) {
    let of = list(object, "object_refs")
        .next()
        .and_then(|of| subject(back, of));
    let analyst = label(object, "misp:context-layer") == Some("Analyst Note");
    let of = of.filter(|of| analyst || !matches!(of, Subject::Event));
    let Some(of) = of else {
        back.event.reports.push(EventReport {
            uuid: uuid(object),
            name: said(object, "abstract").or_else(|| Some("Note".to_owned())),
            content: said(object, "content"),
            timestamp: seconds(object, "modified"),
            deleted: object.get("revoked").and_then(Value::as_bool),
            ..EventReport::default()
        });
        back.carry(at, &["abstract", "content", "object_refs", "revoked"]);
        return;
    };
    let note = AnalystNote {
        uuid: uuid(object),
        authors: list(object, "authors").next().map(str::to_owned),
        created: moment(object, "created").map(time::misp),
        modified: moment(object, "modified").map(time::misp),
        language: said(object, "lang"),
        note: said(object, "content"),
        ..AnalystNote::default()
    };
    match of {
        Subject::Attribute(of) => put(back, of, |attribute| attribute.notes.push(note)),
        Subject::Object(of) => {
            back.event
                .objects
                .get_mut(of)
                .into_iter()
                .for_each(|of| of.notes.push(note.clone()));
        }
        Subject::Event => back.event.notes.push(note),
    }
    carry_said(back, at, object, &["content", "lang"]);
}

/// One author and one subject have a place.
fn carry_said(back: &mut Back<'_>, at: usize, object: &Value, own: &[&str]) {
    let one = |name| list(object, name).count() <= 1;
    let mut carried = own.to_vec();
    carried.extend(one("authors").then_some("authors"));
    carried.extend(one("object_refs").then_some("object_refs"));
    back.carry(at, &carried);
}
