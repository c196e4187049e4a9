//! How other programs reach collections, and whether a key works.

use access::{http::CsrfForm, secret::KeySecret};
use axum::{extract::State, http::HeaderMap};
use intel::ops;
use kernel::{Viewer, Who};

use super::origin;
use crate::{
    pages::{Answer, House, Reader, collections::url_of, draw, forms::Answers, settings::form_of},
    views::{
        collections::{Checked, Tools},
        form::{Control, Field},
        frame::{Link, Section},
    },
};

/// `GET /collections/tools`.
pub(crate) async fn show(State(house): State<House>, reader: Reader, headers: HeaderMap) -> Answer {
    page(&house, &reader, &headers, None).await
}

/// `POST /collections/tools`: tries a key, which stays nowhere.
pub(crate) async fn check(
    State(house): State<House>,
    reader: Reader,
    headers: HeaderMap,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let checked = tried(&house, &reader, answers.of("key")).await;
    page(&house, &reader, &headers, Some(checked)).await
}

async fn tried(house: &House, reader: &Reader, key: &str) -> Checked {
    let w = reader.w;
    let bad = |text: String| Checked {
        is_good: false,
        text,
        collections: Vec::new(),
    };
    let Some(secret) = KeySecret::parse(key) else {
        return bad(w.t("tools-no-key"));
    };
    let Ok(viewer) = access::ops::authenticate_key(&house.ground, &secret).await else {
        return bad(w.t("tools-unknown-key"));
    };
    if !is_own(reader, &viewer) {
        return bad(w.t("tools-foreign-key"));
    }
    match ops::collections(&house.ground, &viewer, None).await {
        Err(error) => bad(crate::pages::forms::sentences(w, 403, error.code(), &[]).0),
        Ok(all) if viewer.mode != reader.viewer.mode => Checked {
            is_good: true,
            text: w.t1("tools-other-mode", "n", all.len()),
            collections: Vec::new(),
        },
        Ok(all) => Checked {
            is_good: true,
            text: w.t1("tools-works", "n", all.len()),
            collections: all
                .iter()
                .map(|shown| {
                    let link = Link {
                        text: shown.collection.settings.title.to_string(),
                        url: url_of(shown),
                    };
                    (link, shown.can_write)
                })
                .collect(),
        },
    }
}

/// Whether a key is the reader's own: what others' keys see is not for him.
fn is_own(reader: &Reader, viewer: &Viewer) -> bool {
    match (&reader.viewer.who, &viewer.who) {
        (Who::User { id, .. }, Who::Key { user, .. }) => id == user,
        _ => false,
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    headers: &HeaderMap,
    checked: Option<Checked>,
) -> Answer {
    let w = reader.w;
    let origin = origin(reader, headers);
    let roots = ops::roots(&house.ground, &reader.viewer).await?;
    let root = |root: &intel::model::Root| Link {
        text: root.title.to_string(),
        url: format!("{origin}/taxii2/{}/", root.name),
    };
    let key = Field::new("key", w.t("tools-key"), Control::Password)
        .hint(w.t("hint-tools-key"))
        .required()
        .longest(200);
    draw(&Tools {
        w,
        shell: reader.shell(house, Section::Intelligence).await?,
        roots: roots.iter().map(root).collect(),
        is_https: reader.guest().door.secure,
        taxii: format!("{origin}/taxii2/"),
        check: form_of(reader, "/collections/tools", "tools-check", vec![key]),
        checked,
    })
}
