//! The users of a node.

use std::str::FromStr;

use access::{
    http::CsrfForm,
    model::{Invalid, Label, Status, User, UserName},
    ops::{self, NewUser, UserChange},
};
use axum::extract::{Path, State};
use kernel::{Language, Limit, PageRequest, Role, Roles, UserId};

use super::{form_of, page};
use crate::{
    pages::{
        Answer, House, Reader,
        forms::{Answers, choices, refuse},
        go, nothing,
    },
    views::{
        form::{Control, Field, Form},
        settings::{Part, UserRow},
    },
    words::WRITTEN,
};

pub(crate) async fn users(State(house): State<House>, reader: Reader) -> Answer {
    users_page(&house, &reader, user_form(&reader), None, String::new()).await
}

pub(crate) async fn add_user(
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
            let made = code.map(|code| (user.name.as_str().to_owned(), code.to_text()));
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
pub(crate) async fn change_user(
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
            let made = Some((user.name.as_str().to_owned(), code.to_text()));
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
