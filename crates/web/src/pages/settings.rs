//! One's own preferences and keys; for administrators the users and the node.

pub(super) mod calendars;
pub(super) mod mail;
pub(super) mod reminders;
pub(super) mod reporting;
pub(super) mod users;

use std::str::FromStr;

use access::{
    http::CsrfForm,
    model::{Invalid, KEY_DAYS_MAX, Label, Password},
    ops::{self, NewKey},
    policy::{Act, check_house},
};
use axum::extract::{Path, State};
use kernel::{ApiKeyId, Scope, Scopes};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, choices, refuse},
    go, nothing,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Section, Tab, Theme},
        settings::{KeyRow, Part, Settings},
    },
    words::WRITTEN,
};

pub(super) async fn own(State(house): State<House>, reader: Reader) -> Answer {
    let forms = (password_form(&reader), None);
    own_page(&house, &reader, forms, String::new()).await
}

pub(super) async fn password(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let current = Password::typed(answers.of("password").to_owned());
    let done = match Password::new(answers.of("new_password").to_owned()) {
        Ok(new) => {
            ops::change_password(
                &house.ground,
                &reader.viewer,
                reader.session.id,
                current,
                new,
            )
            .await
        }
        Err(invalid) => Err(Invalid {
            field: "new_password",
            ..invalid
        }
        .into()),
    };
    match done {
        Ok(()) => Ok(go(&reader, "/settings", "password-changed")),
        Err(error) => {
            let mut form = password_form(&reader);
            let refused = refuse(reader.w, &mut form, error.into())?;
            own_page(&house, &reader, (form, None), refused).await
        }
    }
}

pub(super) async fn keys(State(house): State<House>, reader: Reader) -> Answer {
    keys_page(
        &house,
        &reader,
        key_form(&reader),
        (String::new(), String::new()),
    )
    .await
}

pub(super) async fn make_key(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let scopes = answers
        .all("scopes")
        .filter_map(Scope::from_word)
        .fold(Scopes::default(), Scopes::with);
    let made = async {
        let new = NewKey {
            label: Label::from_str(answers.of("label")).map_err(|invalid| Invalid {
                field: "label",
                ..invalid
            })?,
            scopes,
            mode: reader.viewer.mode,
            days: answers.of("days").parse().unwrap_or(0),
        };
        ops::create_key(&house.ground, &reader.viewer, new).await
    };
    match made.await {
        Ok((_, secret)) => {
            keys_page(
                &house,
                &reader,
                key_form(&reader),
                (secret.to_text(), String::new()),
            )
            .await
        }
        Err(error) => {
            let mut form = key_form(&reader);
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            keys_page(&house, &reader, form, (String::new(), refused)).await
        }
    }
}

pub(super) async fn revoke_key(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id: ApiKeyId = id.parse().map_err(|_no_id| nothing())?;
    ops::revoke_key(&house.ground, &reader.viewer, id).await?;
    Ok(go(&reader, "/settings/keys", "key-revoked"))
}

pub(super) async fn node(State(house): State<House>, reader: Reader) -> Answer {
    check_house(&reader.viewer, Act::NodeManage)?;
    let w = reader.w;
    let keys = house.post.keys();
    let facts = vec![
        (w.t("node-version"), env!("CARGO_PKG_VERSION").to_owned()),
        (w.t("node-party"), keys.party().to_string()),
        (
            w.t("node-fingerprint"),
            keys.chain(reader.viewer.mode).fingerprint().to_string(),
        ),
        (
            w.t("node-mode"),
            w.word("mode", reader.viewer.mode.as_str()),
        ),
    ];
    page(&house, &reader, "node", Part::Node(facts), String::new()).await
}

pub(super) async fn page(
    house: &House,
    reader: &Reader,
    here: &str,
    part: Part,
    refused: String,
) -> Answer {
    let mut shell = reader.shell(house, Section::Settings).await?;
    if !refused.is_empty() {
        shell.flash = Some(Flash {
            good: false,
            text: refused,
        });
    }
    draw(&Settings {
        w: reader.w,
        shell,
        tabs: tabs(reader, here),
        part,
    })
}

/// The pages of settings that the reader may see.
pub(super) fn tabs(reader: &Reader, here: &str) -> Vec<Tab> {
    let all = [
        ("own", Act::SettingsOwn),
        ("keys", Act::ApiKeyOwn),
        ("reporting", Act::CaseRead),
        ("users", Act::UserManage),
        ("node", Act::NodeManage),
        ("mail", Act::MailManage),
        ("retention", Act::RetentionRead),
        ("infrastructure", Act::InfrastructureGrant),
    ];
    let tab = |name: &str| Tab {
        text: reader.w.word("settings", name),
        url: if name == "own" {
            "/settings".to_owned()
        } else {
            format!("/settings/{name}")
        },
        count: None,
        here: name == here,
    };
    all.into_iter()
        .filter(|(_, act)| reader.may(*act))
        .map(|(name, _)| tab(name))
        .collect()
}

/// One's own settings; with a form of them as it was refused.
pub(super) async fn own_page(
    house: &House,
    reader: &Reader,
    (password, reminders): (Form, Option<Form>),
    refused: String,
) -> Answer {
    let w = reader.w;
    let reminders = match reminders {
        Some(refused) => Some(refused),
        None => reminders::form(house, reader).await?,
    };
    let languages = choices(
        w,
        "language",
        WRITTEN.iter().map(|(language, _)| language.tag()),
    );
    let themes = choices(w, "theme", Theme::ALL.iter().map(|theme| theme.as_str()));
    let theme = reader.guest().theme().as_str();
    let select = |name: &str, key: &str, choices, value: &str| {
        Field::new(name, w.t(key), Control::Select(choices))
            .required()
            .short()
            .value(value)
    };
    let preferences = Form {
        action: "/preferences".to_owned(),
        csrf: reader.session.csrf.clone(),
        fields: vec![
            Field::new("back", String::new(), Control::Hidden).value("/settings"),
            select(
                "language",
                "field-interface-language",
                languages,
                w.language().tag(),
            ),
            select("theme", "field-theme", themes, theme),
        ],
        submit: w.t("form-save"),
        cancel: String::new(),
    };
    page(
        house,
        reader,
        "own",
        Part::Own {
            preferences,
            password: Some(password),
            reminders,
        },
        refused,
    )
    .await
}

async fn keys_page(
    house: &House,
    reader: &Reader,
    form: Form,
    (made, refused): (String, String),
) -> Answer {
    let keys = ops::list_keys(&house.ground, &reader.viewer).await?;
    let rows = keys.iter().map(|key| KeyRow {
        label: key.label.as_str().to_owned(),
        scopes: key
            .scopes
            .iter()
            .map(|scope| scope.as_str().to_owned())
            .collect(),
        until: key.expires_at,
        used: key.last_used_at,
        revoke_url: if key.revoked_at.is_none() {
            format!("/settings/keys/{}/revoke", key.id)
        } else {
            String::new()
        },
    });
    page(
        house,
        reader,
        "keys",
        Part::Keys {
            rows: rows.collect(),
            form,
            made,
        },
        refused,
    )
    .await
}

pub(super) fn form_of(reader: &Reader, action: &str, submit: &str, fields: Vec<Field>) -> Form {
    Form {
        action: action.to_owned(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: reader.w.t(submit),
        cancel: String::new(),
    }
}

pub(super) fn password_form(reader: &Reader) -> Form {
    let w = reader.w;
    let fields = vec![
        Field::new("password", w.t("field-old-password"), Control::Password)
            .required()
            .longest(512),
        Field::new(
            "new_password",
            w.t("field-new-password"),
            Control::NewPassword,
        )
        .hint(w.t("hint-new-password"))
        .required()
        .longest(512),
    ];
    form_of(
        reader,
        "/settings/password",
        "settings-password-button",
        fields,
    )
}

fn key_form(reader: &Reader) -> Form {
    let w = reader.w;
    let fields = vec![
        Field::new("label", w.t("field-label"), Control::Text)
            .required()
            .longest(80),
        Field::new(
            "scopes",
            w.t("field-scopes"),
            Control::Many(choices(
                w,
                "scope",
                Scope::ALL.iter().map(|scope| scope.as_str()),
            )),
        ),
        Field::new(
            "days",
            w.t1("field-days", "max", KEY_DAYS_MAX.to_string()),
            Control::Text,
        )
        .required()
        .short()
        .longest(3)
        .value("90"),
    ];
    form_of(reader, "/settings/keys", "key-make", fields)
}
