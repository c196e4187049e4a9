//! What a report says, for officers, and what is decided on it.

use access::{
    http::{CsrfForm, Refusal},
    model::Person,
    policy::{Act, check_house},
};
use axum::extract::{Path, State};
use incidents::{
    intake::{
        model::{Door, Reference, Report, ReportKind, ReportState},
        ops::{Whole, officer},
        wire::personal,
    },
    model::{Invalid, Line},
    ops,
};

use super::forms::{Forms, label};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, refuse, refuse_below},
        go, incident, mails, nothing, report,
        settings::form_of,
    },
    views::{
        form::Form,
        frame::{Flash, Section},
        reports::{ReportAccept, ReportPage},
    },
    words::Words,
};

/// The page of a report.
pub(crate) fn page_of(reference: &Reference) -> String {
    format!("/reports/{reference}")
}

fn number(text: &str) -> Result<Reference, Refusal> {
    text.parse().map_err(|_no_number| nothing())
}

/// `GET /reports/{reference}`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(reference): Path<String>,
) -> Answer {
    let whole = officer::view(&house.ground, &reader.viewer, &number(&reference)?).await?;
    shown(&house, &reader, &whole, None).await
}

/// `GET /reports/{reference}/accept`: the facts of a new incident, as the report states them.
pub(crate) async fn accepting(
    State(house): State<House>,
    reader: Reader,
    Path(reference): Path<String>,
) -> Answer {
    check_house(&reader.viewer, Act::IncidentCreate)?;
    let whole = officer::view(&house.ground, &reader.viewer, &number(&reference)?).await?;
    let facts = officer::prefill(&whole.report)?;
    let mut answers = incident::form::written(&facts);
    let version = whole.report.version.to_string();
    answers.0.push(("version".to_owned(), version));
    let people = ops::readers(&house.ground, &reader.viewer).await?;
    let mut form = accept_form(&reader, &whole.report, &people);
    answers.fill(&mut form);
    accept_page(&house, &reader, &whole.report, (form, String::new())).await
}

/// `POST /reports/{reference}/{act}`.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((reference, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let reference = number(&reference)?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let at = (
        &reference,
        answers.of("version").parse().unwrap_or_default(),
    );
    let url = page_of(&reference);
    let text = answers.of("text");
    let done = match act.as_str() {
        "look" => officer::look(ground, viewer, at).await.map(|_| url),
        "refuse" => match Line::required(text, "text") {
            Ok(reason) => officer::refuse(ground, viewer, at, reason)
                .await
                .map(|_| url),
            Err(invalid) => Err(invalid.into()),
        },
        "answer" => officer::answer(ground, viewer, at, text).await.map(|_| url),
        "merge" => merge(&house, &reader, at, &answers).await,
        "label" => {
            let done = async {
                let label = label(&answers)?;
                officer::label(ground, viewer, at, label).await
            };
            done.await.map(|_| url)
        }
        "split" => {
            let parts = (
                answers.of("title").to_owned(),
                answers.of("what").to_owned(),
            );
            let second = officer::split(ground, viewer, at, parts).await;
            second.map(|second| page_of(&second.reference))
        }
        "erase" => {
            let erased = officer::erase(ground, viewer, at).await;
            erased.map(|report| match report.state {
                ReportState::Draft => "/reports".to_owned(),
                _ => url,
            })
        }
        _ => return Err(nothing()),
    };
    match done {
        Ok(to) => Ok(go(&reader, &to, "saved")),
        Err(error) => {
            let whole = officer::view(ground, viewer, &reference).await?;
            shown(
                &house,
                &reader,
                &whole,
                Some((&act, &answers, error.into())),
            )
            .await
        }
    }
}

async fn merge(
    house: &House,
    reader: &Reader,
    at: (&Reference, i64),
    answers: &Answers,
) -> Result<String, incidents::Error> {
    let invalid = Invalid {
        field: "incident",
        rule: "the id of an incident, such as incident--1b6f0c1e-…",
    };
    let given = answers.of("incident");
    // The address of its page will do.
    let id = given
        .rsplit('/')
        .find(|part| part.starts_with("incident--"));
    let incident = id.unwrap_or(given).parse().map_err(|_no_id| invalid)?;
    let what = Line::required(answers.of("what"), "what")?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let incident = officer::merge(ground, viewer, at, (incident, what)).await?;
    Ok(format!("/incidents/{}", incident.public))
}

/// `POST /reports/{reference}/accept`: a new incident, with the facts as the officer sends them.
pub(crate) async fn accepted(
    State(house): State<House>,
    reader: Reader,
    Path(reference): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let reference = number(&reference)?;
    let version = answers.of("version").parse().unwrap_or_default();
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let report = officer::view(ground, viewer, &reference).await?.report;
    let people = ops::readers(ground, viewer).await?;
    let facts = officer::prefill(&report)
        .and_then(|before| incident::form::facts(&answers, (Some(&before), &people)));
    let done = match facts {
        Ok(facts) => officer::accept(ground, viewer, (&reference, version), facts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(incident) => Ok(go(
            &reader,
            &format!("/incidents/{}", incident.public),
            "added",
        )),
        Err(error) => {
            let mut form = accept_form(&reader, &report, &people);
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            accept_page(&house, &reader, &report, (form, refused)).await
        }
    }
}

fn accept_form(reader: &Reader, report: &Report, people: &[Person]) -> Form {
    let url = page_of(&report.reference);
    incident::form::form(reader, people, (&format!("{url}/accept"), &url))
}

async fn accept_page(
    house: &House,
    reader: &Reader,
    report: &Report,
    (mut form, refused): (Form, String),
) -> Answer {
    form.submit = reader.w.t("report-accept");
    let mut shell = reader.shell(house, Section::Incidents).await?;
    shell.flash = (!refused.is_empty()).then_some(Flash {
        good: false,
        text: refused,
    });
    draw(&ReportAccept {
        w: reader.w,
        shell,
        reference: report.reference.to_string(),
        personal: personal_in(reader, report),
        doubts: doubts(reader, report),
        form,
    })
}

fn personal_in(reader: &Reader, report: &Report) -> String {
    let found = report.answers.as_ref().map(personal).unwrap_or_default();
    let words = found
        .iter()
        .map(|kind| reader.w.word("report-personal", kind.as_str()));
    words.collect::<Vec<_>>().join(&reader.w.t("comma"))
}

/// Why the dates are doubtful, in words.
fn doubts(reader: &Reader, report: &Report) -> Vec<String> {
    let doubts = report.doubts().into_iter();
    doubts
        .map(|doubt| reader.w.word("incident-doubt", doubt.as_str()))
        .collect()
}

/// The page of a report; where an act was refused, with what was typed and why.
async fn shown(
    house: &House,
    reader: &Reader,
    whole: &Whole,
    refused: Option<(&str, &Answers, Refusal)>,
) -> Answer {
    let w = reader.w;
    let report = &whole.report;
    let people = officer::readers(&house.ground, &reader.viewer).await?;
    let mut forms = Forms::of(reader, report, &people);
    let mut shell = reader.shell(house, Section::Incidents).await?;
    if let Some((act, answers, refusal)) = refused {
        let mut none = form_of(reader, "", "form-save", Vec::new());
        let form = forms.by_name(act).unwrap_or(&mut none);
        let version = report.version.to_string();
        answers.fill(form);
        if let Some(field) = form.fields.iter_mut().find(|field| field.name == "version") {
            field.value = version;
        }
        let text = refuse_below(w, form, refusal)?;
        shell.flash = (!text.is_empty()).then_some(Flash { good: false, text });
    }
    let incident = match report.incident {
        Some(public) => ops::view(&house.ground, &reader.viewer, public).await.ok(),
        None => None,
    };
    let sent = report.state != ReportState::Draft;
    draw(&ReportPage {
        w,
        shell,
        mails: mails::of_report(house, reader, &report.reference).await,
        fate: report::fate(report),
        kind: kind_of(report),
        door: report.door.as_str(),
        note: report
            .note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        tlp: report.tlp,
        named: named(w, report, &people),
        version: report.version,
        answers: answered(reader, report),
        personal: personal_in(reader, report),
        doubts: doubts(reader, report),
        additions: report::said(whole),
        parts: parts(whole),
        incident: incident.map_or_else(String::new, |case| case.incident.public.to_string()),
        waits: report.state.waits() && report.answers.is_some(),
        fresh: report.state == ReportState::Received,
        erasable: report.answers.is_some() && report.state.is_decided()
            || !sent && report.door == Door::Link,
        label: forms.label,
        merge: forms.merge,
        split: forms.split,
        refuse: forms.refuse,
        answer: forms.answer,
    })
}

/// Who reads a report that is RED.
fn named(w: Words, report: &Report, people: &[Person]) -> String {
    let named = people.iter().filter(|one| report.named.contains(&one.id));
    let named: Vec<&str> = named.map(|one| one.display.as_str()).collect();
    named.join(&w.t("comma"))
}

fn parts(whole: &Whole) -> Vec<(String, String)> {
    let from = whole.report.split_from.iter();
    let parts = whole.parts.iter().map(|part| &part.reference);
    from.chain(parts)
        .map(|one| (one.to_string(), page_of(one)))
        .collect()
}

fn kind_of(report: &Report) -> &'static str {
    let kind = report
        .answers
        .as_ref()
        .and_then(|one| one.kind.parse().ok());
    kind.map_or("", |kind: ReportKind| kind.as_str())
}

/// What was answered, with the key of each question; nothing for what was left empty.
fn answered(reader: &Reader, report: &Report) -> Vec<(&'static str, String)> {
    let Some(one) = &report.answers else {
        return Vec::new();
    };
    let w = reader.w;
    let said = |answer: &str| match answer {
        known @ ("yes" | "no") => w.word("cross-border", known),
        _ => String::new(),
    };
    let country = if one.country.is_empty() {
        String::new()
    } else {
        w.state(&one.country)
    };
    [
        ("report-what", one.what.clone()),
        ("report-effect", one.effect.clone()),
        ("report-done", one.done.clone()),
        ("report-began", one.began.clone()),
        ("report-noticed", one.noticed.clone()),
        ("report-going-on", said(&one.going_on)),
        ("report-organisation", one.organisation.clone()),
        ("report-field", one.field.clone()),
        ("report-country", country),
        ("report-abroad", said(&one.abroad)),
        ("report-name", one.name.clone()),
        ("report-contact", one.contact.clone()),
    ]
    .into_iter()
    .filter(|(_, answer)| !answer.trim().is_empty())
    .collect()
}
