//! A new password by a one-time code.

use access::{http::ClientAddress, model::Password, ops};
use axum::{
    Extension, Form as FormBody,
    extract::State,
    http::HeaderMap,
    response::{AppendHeaders, IntoResponse, Redirect},
};

use super::{
    Answer, House, draw,
    forms::{Answers, refuse},
    reader::Guest,
    sign_in::from_here,
};
use crate::views::{
    entry::Reset,
    form::{Control, Field, Form},
};

fn form(guest: &Guest) -> Form {
    let w = guest.w;
    Form {
        action: "/reset".to_owned(),
        csrf: String::new(),
        fields: vec![
            Field::new("name", w.t("field-name"), Control::Text)
                .required()
                .longest(100),
            Field::new("code", w.t("field-code"), Control::Text)
                .required()
                .longest(100),
            Field::new("password", w.t("field-new-password"), Control::NewPassword)
                .hint(w.t("hint-new-password"))
                .required()
                .longest(512),
        ],
        submit: w.t("reset-button"),
        cancel: "/sign-in".to_owned(),
    }
}

pub(super) async fn show(State(house): State<House>, guest: Guest) -> Answer {
    let form = form(&guest);
    draw(&Reset {
        w: guest.w,
        shell: guest.shell(&house).await,
        form,
        refused: String::new(),
    })
}

pub(super) async fn redeem(
    State(house): State<House>,
    guest: Guest,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    FormBody(answers): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let address = address.map(|Extension(ClientAddress(address))| address);
    let done = match Password::new(answers.of("password").to_owned()) {
        Ok(new) => {
            ops::redeem_code(
                &house.ground,
                answers.of("name"),
                answers.of("code"),
                new,
                address,
            )
            .await
        }
        Err(invalid) => Err(invalid.into()),
    };
    if let Err(error) = done {
        let mut form = form(&guest);
        for field in form
            .fields
            .iter_mut()
            .filter(|field| field.name != "password")
        {
            answers.of(&field.name).clone_into(&mut field.value);
        }
        let refused = refuse(guest.w, &mut form, error.into())?;
        return draw(&Reset {
            w: guest.w,
            shell: guest.shell(&house).await,
            form,
            refused,
        });
    }
    Ok((
        AppendHeaders([guest.say("password-changed")]),
        Redirect::to("/sign-in"),
    )
        .into_response())
}
