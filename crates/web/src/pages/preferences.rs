//! Language, colours, real or exercise.

use access::{
    http::CsrfForm,
    ops::{self, SessionChange},
};
use axum::{
    Form as FormBody,
    extract::State,
    http::HeaderMap,
    response::{AppendHeaders, IntoResponse, Redirect},
};
use kernel::{Language, Mode};

use super::{
    Answer, House, Reader,
    forms::Answers,
    reader::{Guest, Turned, within},
    sign_in::from_here,
};
use crate::{views::frame::Theme, words::WRITTEN};

/// `POST /preferences`: kept in the browser, and with the session where there is one. Whoever is not
/// signed in may choose too, so that no token can be asked for.
pub(super) async fn keep(
    State(house): State<House>,
    guest: Guest,
    reader: Result<Reader, Turned>,
    headers: HeaderMap,
    FormBody(answers): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let mut kept = Vec::new();
    let written = |language: &Language| WRITTEN.iter().any(|(written, _)| written == language);
    if let Some(language) = Language::from_tag(answers.of("language")).filter(written) {
        kept.push(guest.keep("language", language.tag()));
        if let Ok(reader) = reader {
            let change = SessionChange {
                mode: None,
                language: Some(language),
            };
            ops::change_session(&house.ground, &reader.viewer, &reader.session, change).await?;
        }
    }
    if let Some(theme) = answers.given("theme") {
        kept.push(guest.keep("theme", Theme::from_word(&theme).as_str()));
    }
    let mut response = Redirect::to(within(Some(answers.of("back")))).into_response();
    for (name, value) in kept {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// `POST /mode`: lists show one mode or the other, never both.
pub(super) async fn switch(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let mode = Mode::from_exercise(answers.of("mode") == Mode::Exercise.as_str());
    let change = SessionChange {
        mode: Some(mode),
        language: None,
    };
    ops::change_session(&house.ground, &reader.viewer, &reader.session, change).await?;
    let said = format!("mode-{}", mode.as_str());
    Ok((AppendHeaders([reader.say(&said)]), Redirect::to("/desk")).into_response())
}
