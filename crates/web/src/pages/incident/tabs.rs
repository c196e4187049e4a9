//! What stands on the tabs of one incident, beside its summary.

use audit::ActEntry;
use incidents::{
    model::{Bound, Case, HarmFigure, Statement as Said, TimelineEntry as Event},
    work::FieldChange,
};

use super::exchange::Exchanged;
use crate::{
    pages::incidents::{dated, known},
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

/// The version of the facts that an act made.
pub(super) fn version_of(entry: &ActEntry) -> Option<i64> {
    let told = TOLD.contains(&entry.code.as_str());
    entry.what().filter(|_| told)?.get("version")?.as_i64()
}

/// An act as a line of history, with what it changed.
pub(crate) fn change_of(w: Words, entry: &ActEntry, changes: &[FieldChange]) -> Change {
    let what = entry.what();
    let reason = what
        .as_ref()
        .and_then(|what| Some(what.get("reason")?.as_str()?.to_owned()));
    let version = version_of(entry);
    let fields = changes.iter().filter(|one| Some(one.version) == version);
    let field = |one: &FieldChange| {
        let label = w.word("changed", &one.field);
        let said = |text: &str| value_of(w, &one.field, text);
        (label, said(&one.before), said(&one.after))
    };
    Change {
        at: entry.at,
        who: who(w, &entry.who),
        what: w.word("act", &entry.code),
        why: reason.unwrap_or_default(),
        fields: fields.map(field).collect(),
    }
}

/// What stands in a field of the register, in the reader's words; a text of people as it is.
pub(super) fn value_of(w: Words, field: &str, text: &str) -> String {
    let each = |word: &dyn Fn(&str) -> String| {
        let all: Vec<String> = text.split(", ").map(word).collect();
        all.join(&w.t("comma"))
    };
    let date = |text: &str| match text.parse() {
        Ok(at) => dated(w, at),
        Err(_) => text.to_owned(),
    };
    match (field, text) {
        (_, "") => String::new(),
        ("kind", code) => w.word("incident-kind", code),
        ("determination", code) => w.word("determination", code),
        ("rsit", code) => w.word("rsit", code),
        ("sectors", _) => each(&|code| w.word("sector", code)),
        ("victims", _) => each(&|code| w.state(code)),
        ("detected" | "reported", at) => date(at),
        ("period", _) => {
            let all: Vec<String> = text.split(" – ").map(date).collect();
            all.join(" – ")
        }
        ("tlp", label) => format!("TLP:{label}"),
        // Their names stand in the form; the history says how many they were.
        ("named", _) => text.split(", ").count().to_string(),
        ("cross_border" | "worldwide", "true") => w.t("yes"),
        ("cross_border" | "worldwide", "false") => w.t("no"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_field_is_told_in_words() {
        let w = Words::new(kernel::Language::Zh, kernel::Timestamp::from_micros(0));
        for (field, text, said) in [
            ("determination", "suspected", "疑似"),
            ("sectors", "health, energy", "卫生，能源"),
            ("victims", "FR, KE", "法国，肯尼亚"),
            ("cross_border", "true", "是"),
            ("detected", "2026-11-19T04Z", "2026年11月19日 04–05 时 UTC"),
            ("period", "2024-05 – before noon", "2024年5月 – before noon"),
            ("tlp", "AMBER+STRICT", "TLP:AMBER+STRICT"),
            ("title", "true, FR", "true, FR"),
            ("rsit", "", ""),
        ] {
            assert_eq!(value_of(w, field, text), said, "{field}");
        }
    }

    #[test]
    fn sizes_are_read_by_people() {
        for (bytes, text) in [(12, "12 B"), (1_536, "1.5 KiB"), (52_428_800, "50.0 MiB")] {
            assert_eq!(size(bytes), text);
        }
    }
}
