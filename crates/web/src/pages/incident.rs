//! One incident with its tabs, and what is added to it there.

pub(super) mod briefing;
pub(super) mod care;
pub(super) mod classes;
pub(super) mod clocks;
pub(super) mod close;
pub(super) mod course;
pub(super) mod curve;
pub(super) mod edit;
pub(super) mod evidence;
pub(super) mod evidence_put;
pub(super) mod exchange;
pub(super) mod form;
pub(super) mod hand;
pub(super) mod harm;
pub(super) mod harm_form;
mod harm_value;
pub(super) mod history;
pub(super) mod hold;
pub(super) mod import;
mod import_why;
pub(super) mod merge;
pub(super) mod parts;
pub(super) mod print;
pub(super) mod routes;
pub(super) mod said;
pub(super) mod severity;
pub(super) mod severity_form;
pub(super) mod split;
pub(super) mod submission_form;
pub(super) mod submissions;
pub(super) mod tabs;
pub(super) mod work;
pub(super) mod work_form;

use access::http::{CsrfForm, Refusal};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use incidents::{
    model::{Case, TimelineEntry as Event},
    ops,
};
use kernel::IncidentRef;

use self::{
    exchange::Exchanged,
    parts::{head_of, summary_of},
    said::{event, form, link, statement},
    tabs::{files, harm, linked, source, timeline},
    work::Asked,
};
use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse_below},
    go, nothing,
};
use crate::{
    views::{
        form::Form,
        frame::{Pager, Section},
        incident::{Incident, Part},
    },
    words::Words,
};

/// Events on a page of the timeline.
const EVENTS: usize = 200;

pub(super) const TABS: [&str; 14] = [
    "summary",
    "harm",
    "severity",
    "care",
    "clocks",
    "timeline",
    "tasks",
    "notes",
    "indicators",
    "evidence",
    "sources",
    "links",
    "attachments",
    "history",
];

/// The tabs of those who may read how it is worked on.
pub(super) const INNER: [&str; 4] = ["tasks", "notes", "indicators", "evidence"];

pub(super) async fn summary(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let asked = Asked::default();
    show(&house, &reader, named(&id)?, "summary", asked).await
}

pub(super) async fn tab(
    State(house): State<House>,
    reader: Reader,
    Path((id, tab)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let id = named(&id)?;
    if tab == "edit" {
        return edit::show(&house, &reader, id).await;
    }
    if tab == "export" {
        return import::formats(&house, &reader, id).await;
    }
    if tab == "print" {
        return print::show(&house, &reader, id, query.is_on("inner")).await;
    }
    if tab == "briefing" {
        return briefing::page(&house, &reader, id, query.is_on("live")).await;
    }
    let tab = TABS
        .iter()
        .find(|&&known| known == tab)
        .ok_or_else(nothing)?;
    let asked = Asked {
        form: query.of("form").to_owned(),
        from: query.of("from").parse().unwrap_or_default(),
        after: query.of("after").to_owned(),
        ..Asked::default()
    };
    show(&house, &reader, id, tab, asked).await
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
        "tasks" | "notes" | "indicators" => {
            let tab = work::tab_of(&tab)?;
            let done = work::change(&house, &reader, (id, tab), answers).await?;
            return match done {
                Ok(asked) => show(&house, &reader, id, tab, asked).await,
                Err(response) => Ok(response),
            };
        }
        "edit" => return edit::save(&house, &reader, id, &answers).await,
        "status" => return close::step(&house, &reader, id, &answers).await,
        "timeline" => match event(&answers) {
            Ok(event) => ops::add_timeline(&house.ground, viewer, id, &event).await,
            Err(error) => Err(error),
        },
        "sources" => match statement(&answers) {
            Ok(said) => ops::add_statement(&house.ground, viewer, id, &said).await,
            Err(error) => Err(error),
        },
        "harm" => harm_form::take(&house, &reader, id, &answers).await,
        "care" => course::take(&house, &reader, id, &answers).await,
        "severity" => severity_form::take(&house, &reader, id, &answers).await,
        "clocks" => clocks::take(&house, &reader, id, &answers).await,
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
            let asked = Asked {
                form: answers.of("form").to_owned(),
                refused: Some((answers, error)),
                ..Asked::default()
            };
            show(&house, &reader, id, tab, asked).await
        }
    }
}

/// A tab on which something was refused.
pub(super) async fn show_refused(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    (tab, refused): (&'static str, (Answers, incidents::Error)),
) -> Answer {
    let refused = Some(refused);
    let asked = Asked {
        refused,
        ..Asked::default()
    };
    show(house, reader, id, tab, asked).await
}

fn added(reader: &Reader, id: IncidentRef, tab: &str) -> Response {
    go(reader, &format!("/incidents/{id}/{tab}"), "added")
}

pub(super) fn named(id: &str) -> Result<IncidentRef, Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

/// A tab; where something was refused on it, with what was typed and why it was.
async fn show(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    tab: &'static str,
    asked: Asked,
) -> Answer {
    let case = ops::view(&house.ground, &reader.viewer, id).await?;
    let w = reader.w;
    let told = Exchanged::about(house, reader, &case).await?;
    let head = head_of(house, reader, (&case, &told), tab).await?;
    let may_edit = head.may_edit;
    if work::TABS.contains(&tab) {
        return work::show(house, reader, (&case, head), tab, asked).await;
    }
    if tab == "evidence" {
        return evidence::tab(house, reader, (&case, head), asked.refused).await;
    }
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let csrf = shell.csrf.clone();
    let zone = clocks::zone(house, reader, tab).await?;
    let mut form = may_edit
        .then(|| match tab {
            "severity" => severity_form::form(reader, &case, &asked.form),
            "harm" => harm_form::form(reader, &case, &asked.form),
            "care" => care::form(reader, &case, &asked.form),
            "clocks" => clocks::form(reader, &case, &asked.form, &zone),
            _ => form(w, &csrf, &head.url, tab),
        })
        .flatten();
    if let Some((answers, error)) = asked.refused {
        // Whoever is shown no form has sent one nonetheless.
        let Some(form) = &mut form else {
            return Err(error.into());
        };
        answers.fill(form);
        if matches!(error, incidents::Error::AssessedMeanwhile { .. }) {
            // The reader sees now what the other judged, and may add his own after it.
            severity_form::renew(form, &case);
        }
        let sentence = refuse_below(w, form, error.into())?;
        if !sentence.is_empty() {
            shell.flash = Some(crate::views::frame::Flash {
                good: false,
                text: sentence,
            });
        }
    }
    let part = if tab == "history" {
        history::tab(house, reader, id, &asked.after).await?
    } else {
        part(
            w,
            (&case, &told),
            (tab, &asked.form, asked.from),
            (may_edit, form),
        )?
    };
    draw(&Incident {
        w,
        shell,
        head,
        part,
    })
}

/// What a tab holds beside the history; the form that was asked for on it, if the reader may edit.
fn part(
    w: Words,
    (case, told): (&Case, &Exchanged),
    (tab, asked, from): (&str, &str, i64),
    (may_edit, form): (bool, Option<Form>),
) -> Result<Part, incidents::Error> {
    Ok(match tab {
        "timeline" => Part::Timeline {
            entries: page_of(case, from)
                .map(|event| timeline(told, event))
                .collect(),
            pager: pager(case, from),
            form,
        },
        "sources" => Part::Sources {
            statements: case.statements.iter().map(|said| source(w, said)).collect(),
            figures: case.harm.iter().map(|figure| harm(w, figure)).collect(),
            form,
        },
        "severity" => Part::Severity(Box::new(severity::tab(
            w,
            case,
            may_edit,
            form.map(|form| (asked.to_owned(), form)),
        ))),
        "harm" | "care" => {
            let form = form.map(|form| (asked.to_owned(), form));
            let tab = if tab == "harm" { harm::tab } else { care::tab };
            Part::Sheet(Box::new(tab(w, case, may_edit, form)))
        }
        "clocks" => Part::Clocks(Box::new(clocks::tab(
            w,
            case,
            may_edit,
            form.map(|form| (asked.to_owned(), form)),
        )?)),
        "links" => Part::Links {
            links: case.links.iter().map(|link| linked(told, link)).collect(),
            form,
        },
        "attachments" => Part::Attachments {
            files: files(case),
            form: None,
        },
        _ => Part::Summary(summary_of(w, case, told)),
    })
}

/// The events of one page of the timeline.
fn page_of(case: &Case, from: i64) -> impl Iterator<Item = &Event> {
    let from = usize::try_from(from).unwrap_or(0);
    case.timeline.iter().skip(from).take(EVENTS)
}

fn pager(case: &Case, from: i64) -> Pager {
    let url = format!("/incidents/{}/timeline", case.incident.public);
    let next = usize::try_from(from).unwrap_or(0).saturating_add(EVENTS);
    Pager {
        first: (from > 0).then(|| url.clone()),
        next: (next < case.timeline.len()).then(|| format!("{url}?from={next}")),
    }
}
