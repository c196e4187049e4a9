//! Legal holds on an incident.

use access::http::{CsrfForm, Refusal};
use axum::extract::{Path, State};
use incidents::{
    Error,
    hold::{Hold, ops},
    model::{Invalid, Line},
};
use kernel::IncidentRef;

use super::{named, tabs::who};
use crate::{
    pages::{Answer, House, Reader, forms::Answers, go, nothing, saying::moment_of},
    views::{
        custody::HoldRow,
        form::{Control, Field, Form},
    },
};

/// The holds of an incident, and the form for another one.
pub(crate) async fn section(
    house: &House,
    reader: &Reader,
    (id, may_edit): (IncidentRef, bool),
    csrf: &str,
) -> Result<(Vec<HoldRow>, Option<Form>), Refusal> {
    let w = reader.w;
    let why = || {
        Field::new("reason", w.t("field-custody-reason"), Control::Text)
            .required()
            .longest(500)
    };
    let form = |action: String, fields: Vec<Field>, submit: &str| Form {
        action,
        csrf: csrf.to_owned(),
        fields,
        submit: w.t(submit),
        cancel: String::new(),
    };
    let url = format!("/incidents/{id}/hold");
    let row = |hold: &Hold| {
        let lasts = hold.lasts(w.now());
        let lifted = hold.lifted.clone();
        HoldRow {
            lasts,
            placed: (who(w, &hold.placed.0), hold.placed.1),
            reason: hold.reason.clone(),
            until: hold.until,
            lifted: lifted.map(|(by, at, why)| (who(w, &by), at, why)),
            lift: (lasts && may_edit).then(|| {
                form(
                    format!("{url}/{}", hold.number),
                    vec![why().within(&hold.number.to_string())],
                    "hold-lift",
                )
            }),
        }
    };
    let holds = ops::holds(&house.ground, &reader.viewer, id).await?;
    let until = Field::new("until", w.t("hold-until"), Control::Moment)
        .hint(w.t("hold-until-hint"))
        .short();
    let place =
        may_edit.then(|| form(url.clone(), vec![why().within("hold"), until], "hold-place"));
    Ok((holds.iter().map(row).collect(), place))
}

/// `POST /incidents/{id}/hold`.
pub(crate) async fn place(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let until = match answers.of("until") {
        "" => None,
        text => {
            let (field, rule) = ("until", "a moment in UTC");
            let read = moment_of(text);
            Some(read.ok_or(Error::from(Invalid { field, rule }))?)
        }
    };
    let why = Line::required(answers.of("reason"), "reason").map_err(Error::from)?;
    ops::place(&house.ground, &reader.viewer, id, (&why, until)).await?;
    Ok(go(&reader, &format!("/incidents/{id}/evidence"), "saved"))
}

/// `POST /incidents/{id}/hold/{number}`.
pub(crate) async fn lift(
    State(house): State<House>,
    reader: Reader,
    Path((id, number)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let why = Line::required(answers.of("reason"), "reason").map_err(Error::from)?;
    ops::lift(&house.ground, &reader.viewer, (id, number), &why).await?;
    Ok(go(&reader, &format!("/incidents/{id}/evidence"), "saved"))
}
