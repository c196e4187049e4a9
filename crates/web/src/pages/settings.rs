//! One's own preferences and keys; for administrators the users and the node.

use std::str::FromStr;

use access::{
    http::CsrfForm,
    model::{Invalid, KEY_DAYS_MAX, Label, Password, Status, User, UserName},
    ops::{self, NewKey, NewUser, UserChange},
    policy::{Act, check_house},
};
use axum::extract::{Path, State};
use kernel::{ApiKeyId, Language, Limit, PageRequest, Role, Roles, Scope, Scopes, UserId};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, choices, refuse},
    go, nothing,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Section, Tab, Theme},
        settings::{KeyRow, Part, Settings, UserRow},
    },
    words::WRITTEN,
};

pub(super) async fn own(State(house): State<House>, reader: Reader) -> Answer {
    own_page(&house, &reader, password_form(&reader), String::new()).await
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
            own_page(&house, &reader, form, refused).await
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
                (secret.to_text().to_string(), String::new()),
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

pub(super) async fn users(State(house): State<House>, reader: Reader) -> Answer {
    users_page(&house, &reader, user_form(&reader), None, String::new()).await
}

pub(super) async fn add_user(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let roles = answers
        .all("roles")
        .filter_map(Role::from_word)
        .fold(Roles::default(), Roles::with);
    let at = |field: &'static str| move |invalid: Invalid| Invalid { field, ..invalid };
    let made = async {
        let name = UserName::from_str(answers.of("name")).map_err(at("name"))?;
        let display = answers
            .given("display")
            .unwrap_or_else(|| answers.of("name").to_owned());
        let new = NewUser {
            name,
            display: Label::from_str(&display).map_err(at("display"))?,
            roles,
            language: Language::from_tag(answers.of("language")).unwrap_or_default(),
            password: None,
        };
        ops::create_user(&house.ground, &reader.viewer, new).await
    };
    match made.await {
        Ok((user, code)) => {
            let made = code.map(|code| (user.name.as_str().to_owned(), code.to_text().to_string()));
            users_page(&house, &reader, user_form(&reader), made, String::new()).await
        }
        Err(error) => {
            let mut form = user_form(&reader);
            answers.fill(&mut form);
            let refused = refuse(reader.w, &mut form, error.into())?;
            users_page(&house, &reader, form, None, refused).await
        }
    }
}

/// `POST /settings/users/{id}/{act}`: a one-time code, disabling, enabling.
pub(super) async fn change_user(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id: UserId = id.parse().map_err(|_no_id| nothing())?;
    let user = ops::read_user(&house.ground, &reader.viewer, id).await?;
    let status = match act.as_str() {
        "code" => {
            let code = ops::issue_code(&house.ground, &reader.viewer, id, user.version).await?;
            let made = Some((user.name.as_str().to_owned(), code.to_text().to_string()));
            return users_page(&house, &reader, user_form(&reader), made, String::new()).await;
        }
        "disable" => Status::Disabled,
        "enable" => Status::Active,
        _ => return Err(nothing()),
    };
    let change = UserChange {
        status: Some(status),
        ..UserChange::default()
    };
    ops::change_user(&house.ground, &reader.viewer, id, user.version, change).await?;
    Ok(go(&reader, "/settings/users", "user-changed"))
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

async fn page(house: &House, reader: &Reader, here: &str, part: Part, refused: String) -> Answer {
    let mut shell = reader.shell(house, Section::Settings).await?;
    if !refused.is_empty() {
        shell.flash = Some(Flash {
            good: false,
            text: refused,
        });
    }
    let all = [
        ("own", Act::SettingsOwn),
        ("keys", Act::ApiKeyOwn),
        ("users", Act::UserManage),
        ("node", Act::NodeManage),
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
    let tabs = all
        .into_iter()
        .filter(|(_, act)| reader.may(*act))
        .map(|(name, _)| tab(name))
        .collect();
    draw(&Settings {
        w: reader.w,
        shell,
        tabs,
        part,
    })
}

async fn own_page(house: &House, reader: &Reader, password: Form, refused: String) -> Answer {
    let w = reader.w;
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

async fn users_page(
    house: &House,
    reader: &Reader,
    form: Form,
    made: Option<(String, String)>,
    refused: String,
) -> Answer {
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let users = ops::list_users(&house.ground, &reader.viewer, request).await?;
    let row = |user: &User| {
        let act = if user.status == Status::Active {
            "disable"
        } else {
            "enable"
        };
        let is_self = reader.viewer.user() == Some(user.id);
        UserRow {
            name: user.name.as_str().to_owned(),
            roles: user
                .roles
                .iter()
                .map(|role| role.as_str().to_owned())
                .collect(),
            state: user.status.as_str().to_owned(),
            seen: None,
            reset_url: format!("/settings/users/{}/code", user.id),
            switch_url: if is_self {
                String::new()
            } else {
                format!("/settings/users/{}/{act}", user.id)
            },
        }
    };
    let rows = users.items.iter().map(row).collect();
    page(
        house,
        reader,
        "users",
        Part::Users { rows, form, made },
        refused,
    )
    .await
}

fn form_of(reader: &Reader, action: &str, submit: &str, fields: Vec<Field>) -> Form {
    Form {
        action: action.to_owned(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: reader.w.t(submit),
        cancel: String::new(),
    }
}

fn password_form(reader: &Reader) -> Form {
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

fn user_form(reader: &Reader) -> Form {
    let w = reader.w;
    let languages = choices(
        w,
        "language",
        WRITTEN.iter().map(|(language, _)| language.tag()),
    );
    let fields = vec![
        Field::new("name", w.t("field-name"), Control::Text)
            .hint(w.t("hint-name"))
            .required()
            .longest(40),
        Field::new("display", w.t("field-display"), Control::Text).longest(80),
        Field::new(
            "roles",
            w.t("field-roles"),
            Control::Many(choices(
                w,
                "role",
                Role::ALL.iter().map(|role| role.as_str()),
            )),
        ),
        Field::new(
            "language",
            w.t("field-interface-language"),
            Control::Select(languages),
        )
        .required()
        .short()
        .value("en"),
    ];
    form_of(reader, "/settings/users", "user-make", fields)
}
