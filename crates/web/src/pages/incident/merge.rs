//! Merging an incident into another, and taking it back.

use access::http::{CsrfForm, Refusal};
use axum::extract::{Path, Query, State};
use incidents::{
    Error,
    merge::{
        model::{Merged, Order, Preview},
        ops,
    },
    model::Line,
};
use kernel::IncidentRef;

use super::{
    named,
    tabs::{value_of, who},
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
        merge::{Band, DifferenceRow, Foreseen, Gone, Merge},
    },
    words::Words,
};

/// How an incident stands to others, as its page shows it.
pub(crate) async fn band(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    may_edit: bool,
) -> Result<Band, Refusal> {
    let merges = ops::merges(&house.ground, &reader.viewer, id).await?;
    Ok(Band {
        into: merges.into.map(|one| gone(reader, &one, may_edit)),
        from: merges.from.iter().map(link).collect(),
    })
}

/// The other incident of a merge or of a split.
pub(crate) fn link(one: &Merged) -> Link {
    Link {
        text: one.title.clone(),
        url: format!("/incidents/{}", one.other),
    }
}

/// Where an incident went, or where it came from: who did it, and why.
pub(crate) fn gone(reader: &Reader, one: &Merged, may_undo: bool) -> Gone {
    Gone {
        other: link(one),
        by: (who(reader.w, &one.by), one.at),
        reason: one.reason.clone(),
        may_undo,
    }
}

/// `GET /incidents/{id}/merge`: with `from`, what would happen.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Answers>,
) -> Answer {
    page(&house, &reader, named(&id)?, None, &asked).await
}

/// `POST /incidents/{id}/merge`: first what would happen, then that it happens.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    if !answers.is_on("confirm") {
        return page(&house, &reader, id, None, &answers).await;
    }
    let done = match order(&house, &reader, id, &answers).await {
        Ok(order) => ops::merge(&house.ground, &reader.viewer, id, &order).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go(&reader, &format!("/incidents/{id}"), "saved")),
        Err(error) => page(&house, &reader, id, Some(error), &answers).await,
    }
}

async fn order(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Order, Error> {
    let from = other(answers)?;
    let seen = ops::preview(&house.ground, &reader.viewer, id, from).await?;
    let fields = seen.differences.into_iter().map(|one| one.field);
    Ok(Order {
        from: (from, answers.of("from_version").parse().unwrap_or_default()),
        version: answers.of("version").parse().unwrap_or_default(),
        take: fields
            .filter(|field| answers.of(field) == "there")
            .collect(),
        reason: Line::required(answers.of("reason"), "reason")?,
    })
}

/// The incident that was named, by its id or the address of its page.
fn other(answers: &Answers) -> Result<IncidentRef, Error> {
    let given = answers.of("from");
    let last = given.rsplit('/').next().unwrap_or(given);
    let read = last.parse();
    read.map_err(|_no_id| {
        let (field, rule) = (
            "from",
            "the id of an incident, such as incident--1b6f0c1e-…",
        );
        incidents::model::Invalid { field, rule }.into()
    })
}

async fn page(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    refused: Option<Error>,
    answers: &Answers,
) -> Answer {
    let w = reader.w;
    let case = incidents::ops::view(&house.ground, &reader.viewer, id).await?;
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let url = format!("/incidents/{id}");
    let mut ask = Form {
        action: format!("{url}/merge"),
        csrf: shell.csrf.clone(),
        fields: vec![
            Field::new("from", w.t("merge-which"), Control::Text)
                .hint(w.t("merge-which-hint"))
                .required()
                .value(answers.of("from")),
        ],
        submit: w.t("merge-look"),
        cancel: url.clone(),
    };
    let mut foreseen = None;
    if !answers.of("from").is_empty() {
        let seen = match other(answers) {
            Ok(from) => ops::preview(&house.ground, &reader.viewer, id, from).await,
            Err(error) => Err(error),
        };
        match seen {
            Ok(seen) => foreseen = Some(of(w, &seen, answers)),
            Err(Error::NotFound) => {
                ask.refuse("from", w.t("error-incident-not-found"));
            }
            Err(error) => {
                let text = refuse(w, &mut ask, error.into())?;
                shell.flash = (!text.is_empty()).then_some(Flash { good: false, text });
            }
        }
    }
    if let (Some(seen), Some(error)) = (&mut foreseen, refused) {
        let mut whole = Form {
            fields: vec![Field::new("reason", String::new(), Control::Text)],
            ..ask.clone()
        };
        let text = refuse(w, &mut whole, error.into())?;
        seen.wrong = whole.wrongs().map(|field| field.wrong.clone()).collect();
        shell.flash = (!text.is_empty()).then_some(Flash { good: false, text });
    }
    draw(&Merge {
        w,
        shell,
        into: Link {
            text: case.incident.facts.title.to_string(),
            url,
        },
        ask,
        foreseen,
    })
}

fn of(w: Words, seen: &Preview, answers: &Answers) -> Foreseen {
    let difference = |one: &incidents::merge::model::Difference| DifferenceRow {
        label: w.word("changed", &one.field),
        here: value_of(w, &one.field, &one.here),
        there: value_of(w, &one.field, &one.there),
        taken: answers.of(&one.field) == "there",
        field: one.field.clone(),
    };
    let parts = seen.parts.iter();
    Foreseen {
        from: Link {
            text: seen.from.facts.title.to_string(),
            url: format!("/incidents/{}", seen.from.public),
        },
        id: seen.from.public.to_string(),
        versions: (seen.into.version, seen.from.version),
        differences: seen.differences.iter().map(difference).collect(),
        parts: parts
            .map(|(what, count)| {
                (
                    w.word("merge-part", what),
                    u64::try_from(*count).unwrap_or(0),
                )
            })
            .collect(),
        reason: answers.of("reason").to_owned(),
        wrong: String::new(),
    }
}

/// `POST /incidents/{id}/unmerge`.
pub(crate) async fn undo(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let why = Line::required(answers.of("reason"), "reason").map_err(Error::from)?;
    ops::unmerge(&house.ground, &reader.viewer, id, &why).await?;
    Ok(go(&reader, &format!("/incidents/{id}"), "saved"))
}
