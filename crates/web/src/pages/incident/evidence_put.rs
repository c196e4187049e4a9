//! Evidence that is put in on its tab.

use access::http::Refusal;
use axum::extract::{
    Multipart, Path, State,
    multipart::{Field as PartOf, MultipartError},
};
use incidents::{
    Error,
    evidence::{model::Kind, ops as evidence, wire::PutQuery},
};
use kernel::IncidentRef;

use super::{evidence::locker, named};
use crate::{
    pages::{
        Answer, House, Reader,
        forms::{Answers, choices, tlps, unreadable},
        go,
    },
    views::form::{Control, Field, Form},
    words::Words,
};

pub(super) fn put_form(w: Words, csrf: &str, id: IncidentRef) -> Form {
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text);
    let kinds = choices(w, "item-kind", Kind::ALL.iter().map(|kind| kind.as_str()));
    Form {
        action: format!("/incidents/{id}/evidence"),
        csrf: csrf.to_owned(),
        // The files come last: what is said of them is known when their bytes come.
        fields: vec![
            Field::new("kind", w.t("field-item-kind"), Control::Select(kinds))
                .required()
                .short(),
            line("collected_at", "field-collected-at")
                .hint(w.t("hint-dated"))
                .short(),
            line("collected_by", "field-collected-by").longest(200),
            line("place", "field-place").longest(300),
            Field::new("description", w.t("field-item-about"), Control::Area(3)).longest(20_000),
            Field::new("tlp", w.t("field-tlp"), Control::Select(tlps()))
                .required()
                .short(),
            line("sha256", "field-sha256")
                .hint(w.t("hint-sha256"))
                .longest(64),
            Field::new("file", w.t("field-file"), Control::Files).required(),
        ],
        submit: w.t("item-put"),
        cancel: String::new(),
    }
}

/// `POST /incidents/{id}/evidence`. Each file becomes an item, with what was said of all of them.
pub(crate) async fn put(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    parts: Multipart,
) -> Answer {
    let id = named(&id)?;
    match take(&house, &reader, id, parts).await? {
        Ok(()) => Ok(go(&reader, &format!("/incidents/{id}/evidence"), "added")),
        Err(refused) => {
            crate::pages::incident::show_refused(&house, &reader, id, ("evidence", refused)).await
        }
    }
}

async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    mut parts: Multipart,
) -> Result<Result<(), (Answers, Error)>, Refusal> {
    let failed = |error: MultipartError| unreadable(error.status(), error.body_text());
    let (mut answers, mut is_ours, mut taken) = (Answers::default(), false, 0_u32);
    while let Some(mut part) = parts.next_field().await.map_err(failed)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(_) if !is_ours => return Err(access::Error::Forged.into()),
            Some(name) if !name.is_empty() => {
                match keep(house, reader, (id, &answers), (&name, &mut part)).await? {
                    Ok(()) => taken = taken.saturating_add(1),
                    Err(error) => return Ok(Err((answers, error))),
                }
            }
            Some(_) => {}
            None => {
                let text = part.text().await.map_err(failed)?;
                if field == "csrf" {
                    is_ours = reader.session.csrf_matches(text.trim());
                }
                answers.0.push((field, text));
            }
        }
    }
    if !is_ours {
        return Err(access::Error::Forged.into());
    }
    if taken == 0 {
        let (field, rule) = ("file", "is a file of at least one byte");
        return Ok(Err((
            answers,
            incidents::model::Invalid { field, rule }.into(),
        )));
    }
    Ok(Ok(()))
}

/// Takes one file, piece by piece as it comes.
async fn keep(
    house: &House,
    reader: &Reader,
    (id, answers): (IncidentRef, &Answers),
    (name, part): (&str, &mut PartOf<'_>),
) -> Result<Result<(), Error>, Refusal> {
    let failed = |error: MultipartError| unreadable(error.status(), error.body_text());
    let said = PutQuery {
        name: name.to_owned(),
        kind: answers.of("kind").to_owned(),
        collected_at: answers.given("collected_at"),
        collected_by: answers.given("collected_by"),
        place: answers.given("place"),
        description: answers.given("description"),
        tlp: answers.given("tlp"),
        sha256: answers.given("sha256"),
    };
    let (facts, announced) = match said.read() {
        Ok(read) => read,
        Err(mut invalid) => {
            if invalid.field == "name" {
                invalid.field = "file";
            }
            return Ok(Err(invalid.into()));
        }
    };
    let mut upload = match evidence::begin(&locker(house), &reader.viewer, id, &facts).await {
        Ok(upload) => upload,
        Err(error) => return Ok(Err(error)),
    };
    while let Some(bytes) = part.chunk().await.map_err(failed)? {
        if let Err(error) = upload.piece(&bytes).await {
            return Ok(Err(error));
        }
    }
    Ok(upload.finish(announced).await.map(|_item| ()))
}
