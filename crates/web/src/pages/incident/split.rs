//! Splitting parts of an incident into one of their own.

use access::http::{CsrfForm, Refusal};
use axum::extract::{Path, State};
use incidents::{
    Error,
    model::{Invalid, Line},
    split::{
        model::{Name, Order, Part, PartKind},
        ops,
    },
};
use kernel::IncidentRef;

use super::{
    merge::{self, gone},
    named,
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, refuse},
        go,
    },
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Link, Section},
        split::{Split, SplitBand, SplitKind, SplitPart},
    },
    words::Words,
};

/// Kinds with no more parts than this are shown from the start.
const SHOWN: usize = 12;

/// How an incident stands to others, as its page shows it.
pub(crate) async fn band(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    may_edit: bool,
) -> Result<SplitBand, Refusal> {
    let splits = ops::splits(&house.ground, &reader.viewer, id).await?;
    Ok(SplitBand {
        from: splits.from.map(|one| gone(reader, &one, may_edit)),
        off: splits.off.iter().map(merge::link).collect(),
    })
}

/// `GET /incidents/{id}/split`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    choosing(&house, &reader, named(&id)?, &Answers::default(), None).await
}

/// `POST /incidents/{id}/split`: what would happen, that it happens, or another choice.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let done = match answers.of("step") {
        "split" => match order(&answers) {
            Ok(order) => ops::split(&house.ground, &reader.viewer, id, &order).await,
            Err(invalid) => Err(invalid.into()),
        },
        "look" => return look(&house, &reader, id, &answers).await,
        _ => return choosing(&house, &reader, id, &answers, None).await,
    };
    match done {
        Ok((new, _)) => Ok(go(&reader, &format!("/incidents/{}", new.public), "saved")),
        Err(error) => choosing(&house, &reader, id, &answers, Some(error)).await,
    }
}

fn order(answers: &Answers) -> Result<Order, Invalid> {
    Ok(Order {
        version: answers.of("version").parse().unwrap_or_default(),
        title: Line::required(answers.of("title"), "title")?,
        reason: Line::required(answers.of("reason"), "reason")?,
        parts: wanted(answers),
    })
}

fn wanted(answers: &Answers) -> Vec<Name> {
    let of = |kind: PartKind| {
        let ticked = answers.all(kind.as_str());
        ticked.map(move |value| (kind, value.to_owned()))
    };
    PartKind::ALL.iter().copied().flat_map(of).collect()
}

/// What would happen.
async fn look(house: &House, reader: &Reader, id: IncidentRef, answers: &Answers) -> Answer {
    let foreseen = match order(answers) {
        Ok(order) => ops::preview(&house.ground, &reader.viewer, id, &order.parts).await,
        Err(invalid) => Err(invalid.into()),
    };
    let seen = match foreseen {
        Ok(seen) => seen,
        Err(error) => return choosing(house, reader, id, answers, Some(error)).await,
    };
    let w = reader.w;
    let along = seen.along.iter();
    let along = along.map(|one| (label(w, one.name.0), part(one, true)));
    draw(&Split {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        from: link(seen.incident.facts.title.as_str(), id),
        version: seen.incident.version,
        kinds: kinds(w, &seen.parts, &|_| true),
        along: along.collect(),
        looked: true,
        title: answers.of("title").to_owned(),
        reason: answers.of("reason").to_owned(),
        wrongs: Vec::new(),
    })
}

/// The parts, with those ticked that were chosen, and why it was refused.
async fn choosing(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
    refused: Option<Error>,
) -> Answer {
    let w = reader.w;
    let (incident, parts) = ops::parts(&house.ground, &reader.viewer, id).await?;
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let chosen: std::collections::BTreeSet<Name> = wanted(answers).into_iter().collect();
    let mut wrongs = Vec::new();
    if let Some(error) = refused {
        let fields = ["title", "reason", "parts"];
        let field = |name: &str| Field::new(name, String::new(), Control::Text);
        let mut form = Form {
            action: String::new(),
            csrf: String::new(),
            fields: fields.map(field).into(),
            submit: String::new(),
            cancel: String::new(),
        };
        let text = refuse(w, &mut form, error.into())?;
        let told = form
            .wrongs()
            .map(|one| (one.name.clone(), one.wrong.clone()));
        wrongs = told.collect();
        shell.flash = (!text.is_empty()).then_some(Flash { good: false, text });
    }
    draw(&Split {
        w,
        shell,
        from: link(incident.facts.title.as_str(), id),
        version: incident.version,
        kinds: kinds(w, &parts, &|part: &Part| chosen.contains(&part.name)),
        along: Vec::new(),
        looked: false,
        title: answers.of("title").to_owned(),
        reason: answers.of("reason").to_owned(),
        wrongs,
    })
}

fn link(title: &str, id: IncidentRef) -> Link {
    Link {
        text: title.to_owned(),
        url: format!("/incidents/{id}"),
    }
}

fn label(w: Words, kind: PartKind) -> String {
    match kind {
        PartKind::Links => w.t("tab-links"),
        kind => w.word("merge-part", kind.as_str()),
    }
}

fn part(part: &Part, chosen: bool) -> SplitPart {
    SplitPart {
        value: part.name.1.clone(),
        text: part.text.clone(),
        about: part.about.clone(),
        chosen,
    }
}

fn kinds(w: Words, parts: &[Part], chosen: &dyn Fn(&Part) -> bool) -> Vec<SplitKind> {
    let of = |kind: PartKind| {
        let own = parts.iter().filter(|one| one.name.0 == kind);
        let own: Vec<_> = own.map(|one| part(one, chosen(one))).collect();
        SplitKind {
            kind: kind.as_str(),
            label: label(w, kind),
            count: u64::try_from(own.len()).unwrap_or(u64::MAX),
            open: own.len() <= SHOWN || own.iter().any(|one| one.chosen),
            parts: own,
        }
    };
    let all = PartKind::ALL.iter().copied().map(of);
    all.filter(|kind| !kind.parts.is_empty()).collect()
}
