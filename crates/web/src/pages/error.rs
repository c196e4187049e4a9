//! The page for whatever could not be done.

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
};
use kernel::{Mode, Timestamp};

use super::{forms::sentences, reader::accepted};
use crate::{
    views::{
        entry::ErrorPage,
        frame::{Counts, Link, Section, Shell, Theme},
    },
    words::Words,
};

/// What happened, why and what to do, in the language that the browser asks for. It knows nobody: a
/// failure may have come before it was known who asks.
pub fn error_page(
    status: StatusCode,
    code: &str,
    incident: Option<&str>,
    headers: &HeaderMap,
) -> Response {
    // No sentence of this page tells a time, so that any moment will do.
    let w = Words::new(accepted(headers), Timestamp::from_micros(0));
    let (what, advice) = sentences(w, status.as_u16(), code, &[]);
    let way = |key: &str, url: &str| Link {
        text: w.t(key),
        url: url.to_owned(),
    };
    let page = ErrorPage {
        w,
        shell: Shell {
            section: Section::Nowhere,
            path: "/desk".to_owned(),
            party: String::new(),
            desk: String::new(),
            user: None,
            counts: Counts::default(),
            mode: Mode::Real,
            both_modes: false,
            offline_since: None,
            theme: Theme::Auto,
            csrf: String::new(),
            flash: None,
        },
        status: status.as_u16(),
        what,
        advice,
        code: code.to_owned(),
        id: incident.unwrap_or_default().to_owned(),
        ways: if status == StatusCode::UNAUTHORIZED {
            vec![way("way-sign-in", "/sign-in")]
        } else {
            vec![way("way-desk", "/desk")]
        },
    };
    match page.render() {
        Ok(markup) => (status, Html(markup)).into_response(),
        Err(_unrendered) => (status, code.to_owned()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_and_what_to_do_in_the_browsers_language() {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", "zh-CN".parse().unwrap());
        let w = Words::new(accepted(&headers), Timestamp::from_micros(0));
        let (what, advice) = sentences(w, 503, "db.full", &[]);
        assert_eq!(
            (what, advice),
            (w.t("error-db-full"), w.t("problem-503-advice"))
        );
        let (what, _) = sentences(w, 404, "never.heard_of", &[]);
        assert_eq!(what, w.t("problem-404"));
    }
}
