//! One incident with its tabs, and what is added to it there.

use access::{http::CsrfForm, policy::Act};
use audit::ActEntry;
use axum::{
    extract::{Path, State},
    response::Response,
};
use incidents::{
    model::{
        Bound, Case, HarmFigure, Incident as Entry, Line, LinkKind, Statement as Said,
        StatementKind, TimelineEntry as Event,
    },
    ops,
};
use kernel::{IncidentRef, PageRequest, Timestamp};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, choices, refuse},
    go, incident_edit,
    incidents::{countries, known},
    nothing,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Link, Section, Tab},
        incident::{
            Attachment, Change, Figure, Incident, IncidentHead, IncidentLink, Part, Statement,
            Summary, TimelineEntry,
        },
    },
    words::Words,
};

const TABS: [&str; 6] = [
    "summary",
    "timeline",
    "sources",
    "links",
    "attachments",
    "history",
];

pub(super) async fn summary(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    show(&house, &reader, named(&id)?, "summary", None).await
}

pub(super) async fn tab(
    State(house): State<House>,
    reader: Reader,
    Path((id, tab)): Path<(String, String)>,
) -> Answer {
    let id = named(&id)?;
    if tab == "edit" {
        return incident_edit::show(&house, &reader, id).await;
    }
    let tab = TABS
        .iter()
        .find(|&&known| known == tab)
        .ok_or_else(nothing)?;
    show(&house, &reader, id, tab, None).await
}

/// `POST /incidents/{id}/{tab}`: what is added on a tab, the facts, or a step of the life cycle.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, tab)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let viewer = &reader.viewer;
    let done = match tab.as_str() {
        "edit" => return incident_edit::save(&house, &reader, id, &answers).await,
        "status" => {
            let event = answers
                .of("event")
                .parse()
                .map_err(incidents::Error::from)?;
            let version = answers.of("version").parse().unwrap_or_default();
            ops::advance(&house.ground, viewer, id, version, event).await?;
            return Ok(go(&reader, &format!("/incidents/{id}"), "saved"));
        }
        "timeline" => match event(&answers) {
            Ok(event) => ops::add_timeline(&house.ground, viewer, id, &event).await,
            Err(error) => Err(error),
        },
        "sources" => match statement(&answers) {
            Ok(said) => ops::add_statement(&house.ground, viewer, id, &said).await,
            Err(error) => Err(error),
        },
        "links" => match link(&answers) {
            Ok(link) => ops::link(&house.ground, viewer, id, &link).await,
            Err(error) => Err(error),
        },
        _ => return Err(nothing()),
    };
    match done {
        Ok(_) => Ok(added(&reader, id, &tab)),
        Err(error) => {
            let tab = TABS
                .iter()
                .find(|&&known| known == tab)
                .ok_or_else(nothing)?;
            show(&house, &reader, id, tab, Some((answers, error))).await
        }
    }
}

fn added(reader: &Reader, id: IncidentRef, tab: &str) -> Response {
    go(reader, &format!("/incidents/{id}/{tab}"), "added")
}

pub(super) fn named(id: &str) -> Result<IncidentRef, access::http::Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

fn event(answers: &Answers) -> Result<Event, incidents::Error> {
    Ok(Event {
        at: answers
            .of("at")
            .parse()
            .map_err(|invalid: incidents::model::Invalid| invalid.at("at"))?,
        what: Line::required(answers.of("what"), "what")?,
        source: Line::optional(answers.given("source").as_deref(), "source")?,
    })
}

fn statement(answers: &Answers) -> Result<Said, incidents::Error> {
    let optional = |name: &'static str| answers.given(name);
    Ok(Said {
        kind: answers.of("kind").parse()?,
        by: Line::required(answers.of("by"), "by")?,
        country: None,
        role: None,
        actor: Line::optional(optional("actor").as_deref(), "actor")?,
        says: Line::required(answers.of("says"), "says")?,
        cites: None,
        document: Line::optional(optional("document").as_deref(), "document")?,
        line: None,
        at: optional("at")
            .map(|at| at.parse())
            .transpose()
            .map_err(|invalid: incidents::model::Invalid| invalid.at("at"))?,
        note: Line::optional(optional("note").as_deref(), "note")?,
    })
}

/// Only what a browser can open is linked by hand; threads are linked by themselves.
fn link(answers: &Answers) -> Result<incidents::model::Link, incidents::Error> {
    let target = answers.of("target");
    if !target.starts_with("https://") && !target.starts_with("http://") {
        return Err(incidents::model::Invalid {
            field: "target",
            rule: "an address that begins with https://",
        }
        .into());
    }
    Ok(incidents::model::Link {
        kind: "url".parse::<LinkKind>()?,
        target: Line::required(target, "target")?,
        label: Line::required(answers.of("label"), "label")?,
    })
}

/// A tab; where something was refused on it, with what was typed and why it was.
async fn show(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    tab: &'static str,
    refused: Option<(Answers, incidents::Error)>,
) -> Answer {
    let case = ops::view(&house.ground, &reader.viewer, id).await?;
    let w = reader.w;
    let may_edit = reader.may(Act::IncidentEdit);
    let head = head(w, &case, tab, (may_edit, reader.may(Act::ExchangeCompose)));
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let csrf = shell.csrf.clone();
    let mut form = may_edit.then(|| form(w, &csrf, &head.url, tab)).flatten();
    if let (Some(form), Some((answers, error))) = (&mut form, refused) {
        answers.fill(form);
        let sentence = refuse(w, form, error.into())?;
        if !sentence.is_empty() {
            shell.flash = Some(crate::views::frame::Flash {
                good: false,
                text: sentence,
            });
        }
    }
    let part = match tab {
        "timeline" => Part::Timeline {
            entries: case.timeline.iter().map(timeline).collect(),
            form,
        },
        "sources" => Part::Sources {
            statements: case.statements.iter().map(|said| source(w, said)).collect(),
            figures: case.harm.iter().map(|figure| harm(w, figure)).collect(),
            form,
        },
        "links" => Part::Links {
            links: case.links.iter().map(linked).collect(),
            form,
        },
        "attachments" => Part::Attachments {
            files: files(&case),
            form: None,
        },
        "history" => {
            let page =
                ops::history(&house.ground, &reader.viewer, id, PageRequest::default()).await?;
            Part::History(page.items.iter().map(|entry| change_of(w, entry)).collect())
        }
        _ => Part::Summary(summary_of(w, &case)),
    };
    draw(&Incident {
        w,
        shell,
        head,
        part,
    })
}

fn head(w: Words, case: &Case, here: &str, (may_edit, may_send): (bool, bool)) -> IncidentHead {
    let Entry {
        facts,
        status,
        public,
        ..
    } = &case.incident;
    let url = format!("/incidents/{public}");
    let count = |items: usize| u64::try_from(items).ok().filter(|&items| items > 0);
    let tab = |name: &'static str| Tab {
        text: w.word("tab", name),
        url: if name == "summary" {
            url.clone()
        } else {
            format!("{url}/{name}")
        },
        count: match name {
            "timeline" => count(case.timeline.len()),
            "sources" => count(case.statements.len()),
            "links" => count(case.links.len()),
            "attachments" => count(case.attachments.len()),
            _ => None,
        },
        here: name == here,
    };
    let country = |country: &kernel::Country| Link {
        text: country.name(w.language()).to_owned(),
        url: format!("/incidents?country={country}"),
    };
    let steps = status
        .stage()
        .allows()
        .iter()
        .map(|step| step.as_str().to_owned());
    IncidentHead {
        id: public.to_string(),
        title: facts.title.to_string(),
        countries: facts.victims.iter().map(country).collect(),
        worldwide: facts.worldwide,
        sectors: facts.sectors.iter().map(ToString::to_string).collect(),
        class: facts
            .rsit
            .map_or_else(|| "none".to_owned(), |rsit| rsit.to_string()),
        state: status.stage().as_str().to_owned(),
        level: None,
        tlp: facts.tlp,
        version: u64::try_from(case.incident.version).unwrap_or(0),
        changed: case.incident.updated_at,
        may_edit,
        may_send,
        steps: if may_edit {
            steps.collect()
        } else {
            Vec::new()
        },
        band: band(w, case),
        tabs: TABS.map(tab).to_vec(),
        url,
    }
}

/// The events of an incident over its time, each as long as it is exactly known. A single event
/// makes no band.
fn band(w: Words, case: &Case) -> Vec<(u32, u32, String)> {
    let span = |first: Timestamp, last: Timestamp| (first.as_seconds(), last.as_seconds());
    let mut parts: Vec<(i64, i64, String)> = case
        .timeline
        .iter()
        .map(|event| {
            let (first, last) = span(event.at.first(), event.at.last());
            let at = known(event.at);
            (
                first,
                last,
                format!("{} · {}", w.dated_to(&at.at, &at.fidelity), event.what),
            )
        })
        .collect();
    if let Some(from) = case.incident.facts.period.from() {
        let (first, last) = span(from.first(), from.last());
        let at = known(from);
        parts.push((first, last, w.dated_to(&at.at, &at.fidelity)));
    }
    let (Some(begin), Some(end)) = (
        parts.iter().map(|part| part.0).min(),
        parts.iter().map(|part| part.1).max(),
    ) else {
        return Vec::new();
    };
    if parts.len() < 2 {
        return Vec::new();
    }
    let whole = end.saturating_sub(begin).max(1);
    let place = |at: i64| {
        u32::try_from(at.saturating_sub(begin).saturating_mul(1_000) / whole).unwrap_or(0)
    };
    parts
        .into_iter()
        .map(|(first, last, what)| {
            (
                place(first).min(996),
                place(last).saturating_sub(place(first)).max(4),
                what,
            )
        })
        .collect()
}

fn summary_of(w: Words, case: &Case) -> Summary {
    let facts = &case.incident.facts;
    let dated = |dated: Option<incidents::model::Dated>| {
        dated
            .map(known)
            .map_or_else(String::new, |at| w.dated_to(&at.at, &at.fidelity))
    };
    let period = [dated(facts.period.from()), dated(facts.period.to())];
    let period: Vec<&str> = period
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    let period = if period.is_empty() {
        facts.period.text().unwrap_or_default().to_owned()
    } else {
        period.join(" – ")
    };
    let cross = facts
        .cross_border
        .map_or_else(String::new, |yes| w.t(if yes { "yes" } else { "no" }));
    let sectors: Vec<String> = facts
        .sectors
        .iter()
        .map(|sector| w.word("sector", sector.as_str()))
        .collect();
    let rows = [
        (
            "fact-organisation",
            facts
                .organisation
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (
            "fact-victims",
            countries(w, &facts.victims, facts.worldwide),
        ),
        ("fact-sectors", sectors.join(&w.t("comma"))),
        ("fact-period", period),
        ("fact-detected", dated(facts.detected)),
        ("fact-reported", dated(facts.reported)),
        (
            "fact-determination",
            w.word("determination", facts.determination.as_str()),
        ),
        ("fact-cross-border", cross),
        (
            "fact-pap",
            facts
                .pap
                .map(|pap| format!("PAP:{pap}"))
                .unwrap_or_default(),
        ),
        (
            "fact-source",
            if case.incident.shipped.is_some() {
                w.t("fact-shipped")
            } else {
                String::new()
            },
        ),
    ];
    let attribution = |said: &Said| {
        let key = format!("attribution-{}", said.kind.as_str());
        let actor = said.actor.as_ref()?.to_string();
        w.find(&key, &[("by", &said.by.to_string()), ("actor", &actor)])
    };
    let threads = case
        .links
        .iter()
        .filter(|link| link.kind.as_str() == "thread");
    Summary {
        text: facts.description.to_string(),
        facts: rows
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (w.t(key), value))
            .collect(),
        attributions: case.statements.iter().filter_map(attribution).collect(),
        threads: threads
            .map(|link| Link {
                text: link.label.to_string(),
                url: format!("/threads/{}", link.target),
            })
            .collect(),
    }
}

fn timeline(event: &Event) -> TimelineEntry {
    TimelineEntry {
        at: known(event.at),
        text: event.what.to_string(),
        source: event
            .source
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

fn source(w: Words, said: &Said) -> Statement {
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

fn harm(w: Words, figure: &HarmFigure) -> Figure {
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

fn linked(link: &incidents::model::Link) -> IncidentLink {
    let target = link.target.to_string();
    let url = match link.kind.as_str() {
        "thread" => format!("/threads/{target}"),
        "incident" => format!("/incidents/{target}"),
        _ if target.starts_with("https://") || target.starts_with("http://") => target.clone(),
        _ => String::new(),
    };
    let about = if link.kind.as_str() == "url" {
        target
    } else {
        String::new()
    };
    IncidentLink {
        kind: link.kind.as_str().to_owned(),
        text: link.label.to_string(),
        url,
        about,
    }
}

fn files(case: &Case) -> Vec<Attachment> {
    let file = |file: &incidents::model::Attachment| Attachment {
        name: file.name.to_string(),
        url: String::new(),
        size: size(file.size),
        media_type: file.media_type.to_string(),
        sha256: file
            .sha256
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        tlp: case.incident.facts.tlp,
        added: None,
    };
    case.attachments.iter().map(file).collect()
}

/// A number of bytes as people read it.
pub(super) fn size(bytes: u64) -> String {
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

/// An act as a line of history.
pub(super) fn change_of(w: Words, entry: &ActEntry) -> Change {
    let reason = entry
        .what()
        .and_then(|what| Some(what.get("reason")?.as_str()?.to_owned()));
    Change {
        at: entry.at,
        who: entry
            .who
            .strip_prefix("user:")
            .unwrap_or(&entry.who)
            .to_owned(),
        what: w.word("act", &entry.code),
        why: reason.unwrap_or_default(),
    }
}

fn form(w: Words, csrf: &str, url: &str, tab: &str) -> Option<Form> {
    let at = || {
        Field::new("at", w.t("field-at"), Control::Text)
            .hint(w.t("hint-dated"))
            .short()
    };
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text);
    let fields = match tab {
        "timeline" => vec![
            at().required(),
            line("what", "field-what").required(),
            line("source", "field-source").longest(200),
        ],
        "sources" => vec![
            Field::new(
                "kind",
                w.t("field-kind"),
                Control::Select(choices(
                    w,
                    "statement",
                    StatementKind::ALL.iter().map(|kind| kind.as_str()),
                )),
            )
            .required()
            .short(),
            line("by", "field-by")
                .hint(w.t("hint-by"))
                .required()
                .longest(200),
            Field::new("says", w.t("field-says"), Control::Area(3))
                .required()
                .longest(2_000),
            line("actor", "field-actor").longest(300),
            line("document", "field-document").longest(200),
            at(),
            line("note", "field-note").longest(1_000),
        ],
        "links" => vec![
            line("label", "field-link-label").required().longest(200),
            line("target", "field-link-target").required().longest(200),
        ],
        _ => return None,
    };
    Some(Form {
        action: format!("{url}/{tab}"),
        csrf: csrf.to_owned(),
        fields,
        submit: w.t("form-add"),
        cancel: String::new(),
    })
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

    #[test]
    fn a_link_by_hand_is_one_that_a_browser_opens() {
        let answers = |target: &str| {
            Answers(vec![
                ("target".to_owned(), target.to_owned()),
                ("label".to_owned(), "x".to_owned()),
            ])
        };
        assert!(link(&answers("https://example.org/report")).is_ok());
        assert!(link(&answers("javascript:alert(1)")).is_err());
    }
}
