//! One incident with its tabs, and what is added to it there.

use access::http::{CsrfForm, Refusal};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use incidents::{
    model::{Case, StatementKind, TimelineEntry as Event},
    ops,
};
use kernel::IncidentRef;

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, choices, refuse_below},
    go, incident_briefing, incident_care, incident_clocks, incident_course, incident_edit,
    incident_evidence,
    incident_exchange::Exchanged,
    incident_harm, incident_harm_form, incident_history, incident_import,
    incident_parts::{head_of, summary_of},
    incident_print,
    incident_said::{event, link, statement},
    incident_severity, incident_severity_form,
    incident_tabs::{files, harm, linked, source, timeline},
    incident_work::{self, Asked},
    nothing,
};
use crate::{
    views::{
        form::{Control, Field, Form},
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
        return incident_edit::show(&house, &reader, id).await;
    }
    if tab == "export" {
        return incident_import::formats(&house, &reader, id).await;
    }
    if tab == "print" {
        return incident_print::show(&house, &reader, id, query.is_on("inner")).await;
    }
    if tab == "briefing" {
        return incident_briefing::page(&house, &reader, id, query.is_on("live")).await;
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
            let tab = incident_work::tab_of(&tab)?;
            let done = incident_work::change(&house, &reader, (id, tab), answers).await?;
            return match done {
                Ok(asked) => show(&house, &reader, id, tab, asked).await,
                Err(response) => Ok(response),
            };
        }
        "edit" => return incident_edit::save(&house, &reader, id, &answers).await,
        "status" => {
            let event = answers
                .of("event")
                .parse()
                .map_err(incidents::Error::from)?;
            let version = answers.of("version").parse().unwrap_or_default();
            let here = format!("/incidents/{id}");
            let done = ops::advance(&house.ground, viewer, id, version, event).await;
            if matches!(done, Err(incidents::Error::Stale { .. })) {
                // Something was added meanwhile: the page as it is now, and no dead end.
                return Ok(go(&reader, &here, "not-moved"));
            }
            done?;
            let said = if event == incidents::state::Event::Close {
                incident_work::closed(&house, &reader, id).await
            } else {
                "saved"
            };
            return Ok(go(&reader, &here, said));
        }
        "timeline" => match event(&answers) {
            Ok(event) => ops::add_timeline(&house.ground, viewer, id, &event).await,
            Err(error) => Err(error),
        },
        "sources" => match statement(&answers) {
            Ok(said) => ops::add_statement(&house.ground, viewer, id, &said).await,
            Err(error) => Err(error),
        },
        "harm" => incident_harm_form::take(&house, &reader, id, &answers).await,
        "care" => incident_course::take(&house, &reader, id, &answers).await,
        "severity" => incident_severity_form::take(&house, &reader, id, &answers).await,
        "clocks" => incident_clocks::take(&house, &reader, id, &answers).await,
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

/// `GET /incidents/{id}/evidence`.
pub(super) async fn evidence(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let asked = Asked::default();
    show(&house, &reader, named(&id)?, "evidence", asked).await
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
    if incident_work::TABS.contains(&tab) {
        return incident_work::show(house, reader, (&case, head), tab, asked).await;
    }
    if tab == "evidence" {
        return incident_evidence::tab(house, reader, (&case, head), asked.refused).await;
    }
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let csrf = shell.csrf.clone();
    let zone = incident_clocks::zone(house, reader, tab).await?;
    let mut form = may_edit
        .then(|| match tab {
            "severity" => incident_severity_form::form(reader, &case, &asked.form),
            "harm" => incident_harm_form::form(reader, &case, &asked.form),
            "care" => incident_care::form(reader, &case, &asked.form),
            "clocks" => incident_clocks::form(reader, &case, &asked.form, &zone),
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
            incident_severity_form::renew(form, &case);
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
        incident_history::tab(house, reader, id, &asked.after).await?
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
        "severity" => Part::Severity(Box::new(incident_severity::tab(
            w,
            case,
            may_edit,
            form.map(|form| (asked.to_owned(), form)),
        ))),
        "harm" | "care" => {
            let form = form.map(|form| (asked.to_owned(), form));
            let tab = if tab == "harm" {
                incident_harm::tab
            } else {
                incident_care::tab
            };
            Part::Sheet(Box::new(tab(w, case, may_edit, form)))
        }
        "clocks" => Part::Clocks(Box::new(incident_clocks::tab(
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
