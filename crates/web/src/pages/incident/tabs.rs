//! What stands on the tabs of one incident, beside its summary.

use audit::ActEntry;
use incidents::{
    model::{Bound, Case, HarmFigure, Statement as Said, TimelineEntry as Event},
    work::FieldChange,
};

use super::exchange::Exchanged;
use crate::{
    pages::incidents::known,
    views::incident::{Attachment, Change, Figure, IncidentLink, Statement, TimelineEntry},
    words::Words,
};

pub(super) fn timeline(exchanged: &Exchanged, event: &Event) -> TimelineEntry {
    TimelineEntry {
        at: known(event.at),
        text: match event.source {
            None => exchanged.line(event.what.as_str()),
            Some(_) => event.what.to_string(),
        },
        source: event
            .source
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

pub(crate) fn source(w: Words, said: &Said) -> Statement {
    let document = said
        .document
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let document = match said.line {
        Some(line) => w.t2(
            "statement-document-line",
            &("document", document),
            &("line", line.to_string()),
        ),
        None => document,
    };
    Statement {
        who: said.by.to_string(),
        document,
        at: said.at.map(known),
        kind: said.kind.as_str().to_owned(),
        text: said.says.to_string(),
        actor: said
            .actor
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        note: said
            .note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

pub(crate) fn harm(w: Words, figure: &HarmFigure) -> Figure {
    let number = |quantity: incidents::model::Quantity| {
        let text = quantity.to_string();
        text.parse::<u64>().map_or(text, |whole| w.number(&whole))
    };
    let (low, high) = figure.bound.ends();
    let unit = w.word("unit", figure.unit.as_str());
    let value = match figure.bound {
        Bound::Range(..) => w.t3(
            "bound-range",
            &("low", number(low)),
            &("high", number(high)),
            &("unit", unit),
        ),
        bound => {
            let key = crate::words::key("bound", bound.word());
            w.t2(&key, &("value", number(low)), &("unit", unit))
        }
    };
    Figure {
        what: figure.what.to_string(),
        value,
        grade: figure.grade.as_str().to_owned(),
        source: figure
            .source
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        note: figure
            .note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

pub(super) fn linked(exchanged: &Exchanged, link: &incidents::model::Link) -> IncidentLink {
    let target = link.target.to_string();
    let url = match link.kind.as_str() {
        "thread" => format!("/threads/{target}"),
        "incident" => format!("/incidents/{target}"),
        _ if target.starts_with("https://") || target.starts_with("http://") => target.clone(),
        _ => String::new(),
    };
    let (text, about) = match exchanged.thread(link) {
        Some(thread) => thread,
        None if link.kind.as_str() == "url" => (link.label.to_string(), target),
        None => (link.label.to_string(), String::new()),
    };
    IncidentLink {
        kind: link.kind.as_str().to_owned(),
        text,
        url,
        about,
    }
}

pub(crate) fn files(case: &Case) -> Vec<Attachment> {
    let file = |file: &incidents::model::Attachment| Attachment {
        name: file.name.to_string(),
        url: String::new(),
        size: size(file.size),
        media_type: file.media_type.to_string(),
        sha256: ledger::Hash::new(file.sha256).to_hex(),
        tlp: case.incident.facts.tlp,
        added: None,
    };
    case.attachments.iter().map(file).collect()
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        format!(
            "{}.{}",
            bytes / unit,
            (bytes % unit).saturating_mul(10) / unit
        )
    };
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", tenths(1_024)),
        _ => format!("{} MiB", tenths(1_048_576)),
    }
}

/// Who did something, from the label in the ledger of acts.
pub(crate) fn who(w: Words, label: &str) -> String {
    match label.split_once(':') {
        Some(("user", name)) => name.to_owned(),
        Some(("key", name)) => w.t1("who-key", "name", name),
        Some(("node", _part)) => w.t("who-node"),
        Some(("peer", code)) => w.state(code),
        None if label == "shipped" => w.t("who-shipped"),
        _ => label.to_owned(),
    }
}

/// The acts of which the history keeps what they changed.
const TOLD: [&str; 10] = [
    "incident.edited",
    "incident.classified",
    "incident.unclassified",
    "incident.took_over",
    "incident.merged_into",
    "incident.gave_back",
    "incident.unmerged",
    "incident.split_off",
    "incident.split_from",
    "incident.reckoned",
];

/// An act as a line of history, with what it changed.
pub(crate) fn change_of(w: Words, entry: &ActEntry, changes: &[FieldChange]) -> Change {
    let what = entry.what();
    let reason = what
        .as_ref()
        .and_then(|what| Some(what.get("reason")?.as_str()?.to_owned()));
    let version = what
        .as_ref()
        .filter(|_| TOLD.contains(&entry.code.as_str()))
        .and_then(|what| what.get("version")?.as_i64());
    let fields = changes.iter().filter(|one| Some(one.version) == version);
    let field = |one: &FieldChange| {
        let label = w.word("changed", &one.field);
        (label, one.before.clone(), one.after.clone())
    };
    Change {
        at: entry.at,
        who: who(w, &entry.who),
        what: w.word("act", &entry.code),
        why: reason.unwrap_or_default(),
        fields: fields.map(field).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_people() {
        for (bytes, text) in [(12, "12 B"), (1_536, "1.5 KiB"), (52_428_800, "50.0 MiB")] {
            assert_eq!(size(bytes), text);
        }
    }
}
