//! Entering an incident and changing its facts; what to do when somebody else was quicker.

use access::{http::CsrfForm, policy::Act};
use axum::extract::State;
use incidents::{Error, ops};
use kernel::{IncidentRef, Limit, PageRequest};

use super::{
    form::{facts, form, states_of, written},
    tabs::version_of,
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, refuse},
        go,
    },
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Section},
        incident::{IncidentConflict, IncidentEdit},
    },
};

pub(crate) async fn blank(State(house): State<House>, reader: Reader) -> Answer {
    access::policy::check_house(&reader.viewer, Act::IncidentCreate)?;
    let people = ops::readers(&house.ground, &reader.viewer).await?;
    let form = form(&reader, &people, ("/incidents/new", "/incidents"));
    edit_page(
        &house,
        &reader,
        (String::new(), "/incidents".to_owned()),
        form,
        String::new(),
    )
    .await
}

pub(crate) async fn create(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let people = ops::readers(&house.ground, &reader.viewer).await?;
    let done = match facts(&answers, (None, &people)) {
        Ok(facts) => ops::create(&house.ground, &reader.viewer, facts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(incident) => Ok(go(
            &reader,
            &format!("/incidents/{}", incident.public),
            "added",
        )),
        Err(error) => {
            let mut form = form(&reader, &people, ("/incidents/new", "/incidents"));
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            edit_page(
                &house,
                &reader,
                (String::new(), "/incidents".to_owned()),
                form,
                refused,
            )
            .await
        }
    }
}

/// `GET /incidents/{id}/edit`.
pub(crate) async fn show(house: &House, reader: &Reader, id: IncidentRef) -> Answer {
    access::policy::check_house(&reader.viewer, Act::IncidentEdit)?;
    let incident = ops::view(&house.ground, &reader.viewer, id).await?.incident;
    let back = format!("/incidents/{id}");
    let people = ops::readers(&house.ground, &reader.viewer).await?;
    let mut form = form(reader, &people, (&format!("{back}/edit"), &back));
    let mut answers = written(&incident.facts);
    answers
        .0
        .push(("version".to_owned(), incident.version.to_string()));
    answers.fill(&mut form);
    edit_page(
        house,
        reader,
        (incident.facts.title.to_string(), back),
        form,
        String::new(),
    )
    .await
}

/// `POST /incidents/{id}/edit`.
pub(crate) async fn save(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Answer {
    let viewer = &reader.viewer;
    let current = ops::view(&house.ground, viewer, id).await?.incident;
    let version = answers.of("version").parse().unwrap_or_default();
    let back = format!("/incidents/{id}");
    let people = ops::readers(&house.ground, viewer).await?;
    if answers.is_on("again") {
        // Whoever met another's version goes on writing from there, with what he has typed.
        let mut form = form(reader, &people, (&format!("{back}/edit"), &back));
        answers.fill(&mut form);
        let title = current.facts.title.to_string();
        return edit_page(house, reader, (title, back), form, String::new()).await;
    }
    let done = match facts(answers, (Some(&current.facts), &people)) {
        Ok(facts) => ops::edit(&house.ground, viewer, id, version, facts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go(reader, &back, "saved")),
        Err(Error::Stale { .. }) => conflict(house, reader, id, answers).await,
        Err(error) => {
            let mut form = form(reader, &people, (&format!("{back}/edit"), &back));
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            edit_page(
                house,
                reader,
                (current.facts.title.to_string(), back),
                form,
                refused,
            )
            .await
        }
    }
}

async fn edit_page(
    house: &House,
    reader: &Reader,
    (title, back): (String, String),
    form: Form,
    refused: String,
) -> Answer {
    let mut shell = reader.shell(house, Section::Incidents).await?;
    if !refused.is_empty() {
        shell.flash = Some(Flash {
            good: false,
            text: refused,
        });
    }
    draw(&IncidentEdit {
        w: reader.w,
        shell,
        title,
        back,
        form,
    })
}

/// Somebody saved the incident meanwhile: the two versions side by side, and a way to save nonetheless.
async fn conflict(house: &House, reader: &Reader, id: IncidentRef, answers: &Answers) -> Answer {
    let w = reader.w;
    let saved = ops::view(&house.ground, &reader.viewer, id).await?.incident;
    let last = PageRequest {
        after: None,
        limit: Limit::new(100).unwrap_or_default(),
    };
    let acts = ops::history(&house.ground, &reader.viewer, id, last).await?;
    // Tasks and notes may have come since: who saved is told by the act of that version.
    let saving = |act: &&_| version_of(act) == Some(saved.version);
    let saving = acts.items.iter().find(saving).or(acts.items.first());
    let who = saving.map_or("", |act| act.who.as_str());
    let theirs = written(&saved.facts);
    let people = ops::readers(&house.ground, &reader.viewer).await?;
    let mut labelled = form(reader, &people, ("", ""));
    labelled.fields.retain(|field| !field.is_hidden());
    let text = |answers: &Answers, field: &Field| {
        let given = answers.all(&field.name);
        // States stand on one line or each by itself, by code or by name.
        let said = given.flat_map(|one| match (field.name.as_str(), states_of(one)) {
            ("victims", Ok(states)) => states
                .iter()
                .map(|state| state.name(w.language()).to_owned())
                .collect(),
            _ => vec![field.said(one)],
        });
        let said: Vec<String> = said.collect();
        said.join(&w.t("comma"))
    };
    let differences = labelled.fields.iter().filter_map(|field| {
        let (saved, yours) = (text(&theirs, field), text(answers, field));
        let label = field.label.clone();
        (saved != yours).then_some((label, saved, yours))
    });
    let hidden = answers
        .0
        .iter()
        .filter(|(name, _)| name != "csrf" && name != "version")
        .map(|(name, value)| Field::new(name, String::new(), Control::Hidden).value(value));
    let version =
        Field::new("version", String::new(), Control::Hidden).value(&saved.version.to_string());
    let shell = reader.shell(house, Section::Incidents).await?;
    let current = u64::try_from(saved.version).unwrap_or(0);
    let url = format!("/incidents/{id}");
    draw(&IncidentConflict {
        w,
        title: saved.facts.title.to_string(),
        other: (
            who.strip_prefix("user:").unwrap_or(who).to_owned(),
            saved.updated_at,
        ),
        version: current,
        differences: differences.collect(),
        form: Form {
            action: format!("{url}/edit"),
            csrf: shell.csrf.clone(),
            fields: hidden.chain([version]).collect(),
            submit: w.t1("conflict-save", "version", current.saturating_add(1)),
            cancel: url.clone(),
        },
        shell,
        url,
    })
}
