//! Coming in and going out.

use access::{
    http::{ClientAddress, CsrfForm, Refusal, clear_cookie, set_cookie},
    model::Password,
    ops::{self, SignIn as Attempt},
};
use axum::{
    Extension, Form as FormBody,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse, Redirect},
};
use kernel::Language;

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse},
    reader::{Guest, within},
};
use crate::{
    views::{
        entry::SignIn,
        form::{Control, Field, Form},
    },
    words::WRITTEN,
};

fn form(guest: &Guest, next: &str) -> Form {
    let w = guest.w;
    Form {
        action: "/sign-in".to_owned(),
        csrf: String::new(),
        fields: vec![
            Field::new("name", w.t("field-name"), Control::Text)
                .required()
                .longest(100),
            Field::new("password", w.t("field-password"), Control::Password)
                .required()
                .longest(512),
            Field::new("next", String::new(), Control::Hidden).value(within(Some(next))),
        ],
        submit: w.t("sign-in-button"),
        cancel: String::new(),
    }
}

pub(super) async fn show(
    State(house): State<House>,
    guest: Guest,
    Query(query): Query<Answers>,
) -> Answer {
    let form = form(&guest, query.of("next"));
    draw(&SignIn {
        w: guest.w,
        shell: guest.shell(&house).await,
        form,
        refused: String::new(),
    })
}

pub(super) async fn enter(
    State(house): State<House>,
    guest: Guest,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    FormBody(answers): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let attempt = Attempt {
        name: answers.of("name").to_owned(),
        password: Password::typed(answers.of("password").to_owned()),
        address: address.map(|Extension(ClientAddress(address))| address),
        mode: None,
        language: chosen(&guest, &headers),
    };
    match ops::sign_in(&house.ground, attempt).await {
        Ok((token, session)) => {
            let cookie = (
                header::SET_COOKIE,
                set_cookie(&guest.door, &token, &session),
            );
            Ok((
                AppendHeaders([cookie]),
                Redirect::to(within(Some(answers.of("next")))),
            )
                .into_response())
        }
        Err(error) => {
            let mut form = form(&guest, answers.of("next"));
            let name = answers.of("name");
            if let Some(field) = form.fields.first_mut() {
                name.clone_into(&mut field.value);
            }
            let refused = refuse(guest.w, &mut form, error.into())?;
            draw(&SignIn {
                w: guest.w,
                shell: guest.shell(&house).await,
                form,
                refused,
            })
        }
    }
}

pub(super) async fn leave(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    ops::sign_out(&house.ground, &reader.viewer, &reader.session).await?;
    let cookie = (header::SET_COOKIE, clear_cookie(&reader.guest().door));
    Ok((AppendHeaders([cookie]), Redirect::to("/sign-in")).into_response())
}

/// A language that the reader chose on the page, if it is one that the pages are written in; else
/// the one kept with the user stays.
fn chosen(guest: &Guest, headers: &HeaderMap) -> Option<Language> {
    let language = guest.w.language();
    let written = WRITTEN.iter().any(|(written, _)| *written == language);
    (written && language != super::reader::accepted(headers)).then_some(language)
}

/// A form that no session guards must come from a page of this node.
pub(super) fn from_here(headers: &HeaderMap) -> Result<(), Refusal> {
    let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = of("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = of("origin").is_none_or(|origin| {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Some(host) == of("host") || of("sec-fetch-site") == Some("same-origin")
    });
    if site && origin {
        Ok(())
    } else {
        Err(access::Error::Forged.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_form_from_elsewhere_is_refused() {
        let host = ("host", "aldoria.localhost:8080");
        assert!(from_here(&headers(&[host])).is_ok());
        assert!(
            from_here(&headers(&[
                host,
                ("origin", "http://aldoria.localhost:8080")
            ]))
            .is_ok()
        );
        assert!(from_here(&headers(&[host, ("origin", "https://elsewhere.example")])).is_err());
        assert!(from_here(&headers(&[host, ("sec-fetch-site", "cross-site")])).is_err());
        assert!(from_here(&headers(&[host, ("origin", "null")])).is_err());
    }
}
