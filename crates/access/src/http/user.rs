//! Users, for administrators.

use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{Cursor, Limit, PageRequest, Problem, ProblemKind, UserId};
use serde::Deserialize;

use super::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use crate::{
    Error,
    model::Invalid,
    ops::{self, NewUser, UserChange},
    wire::{
        self, CodeBody, CreatedUserBody, NewUserBody, UserBody, UserChangeBody, UsersBody,
        VersionBody,
    },
};

/// Which page of users.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct UsersQuery {
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
    /// How many at most: 1 to 200.
    limit: Option<u16>,
}

/// List users.
#[utoipa::path(
    get,
    path = "/users",
    tag = "users",
    params(UsersQuery),
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 200, description = "A page of users", body = UsersBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<UsersQuery>,
) -> Result<Json<UsersBody>, Refusal> {
    let query = asked(query)?;
    let limit = query
        .limit
        .map_or(Ok(Limit::default()), Limit::new)
        .map_err(|error| {
            Problem::new(ProblemKind::Invalid, "request.page", error.to_string()).at("limit")
        })?;
    let page = PageRequest {
        after: query.after,
        limit,
    };
    let page = ops::list_users(&ground, &viewer, page).await?;
    Ok(Json(UsersBody {
        items: page.items.iter().map(UserBody::from).collect(),
        next: page.next,
    }))
}

/// Create a user. The answer holds a one-time code with which the user sets a password.
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    request_body = NewUserBody,
    extensions(("x-act" = json!("user.manage"))),
    responses(
        (status = 201, description = "Created", body = CreatedUserBody),
        (status = 409, description = "The name is taken")
    )
)]
pub(super) async fn create(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewUserBody>,
) -> Result<(StatusCode, Json<CreatedUserBody>), Refusal> {
    let body = sent(body)?;
    let (user, code) = ops::create_user(&ground, &viewer, new_user(body)?).await?;
    let body = CreatedUserBody {
        user: UserBody::from(&user),
        code: code.map(|code| code.to_text()),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

fn new_user(body: NewUserBody) -> Result<NewUser, Error> {
    Ok(NewUser {
        name: body.name.parse()?,
        display: display(&body.display)?,
        roles: body.roles.into_iter().collect(),
        language: wire::language(body.language.as_deref())?.unwrap_or_default(),
        password: None,
    })
}

fn display(text: &str) -> Result<crate::model::Label, Invalid> {
    text.parse().map_err(|invalid: Invalid| Invalid {
        field: "display",
        ..invalid
    })
}

/// Read a user.
#[utoipa::path(
    get,
    path = "/users/{id}",
    tag = "users",
    params(("id" = String, Path, description = "The user")),
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 200, description = "The user", body = UserBody))
)]
pub(super) async fn read(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<UserId>,
) -> Result<Json<UserBody>, Refusal> {
    let id = named(id)?;
    let user = ops::read_user(&ground, &viewer, id).await?;
    Ok(Json(UserBody::from(&user)))
}

/// Change a user.
#[utoipa::path(
    patch,
    path = "/users/{id}",
    tag = "users",
    params(("id" = String, Path, description = "The user")),
    request_body = UserChangeBody,
    extensions(("x-act" = json!("user.manage"))),
    responses(
        (status = 200, description = "Changed", body = UserBody),
        (status = 409, description = "The user has changed, or is the last administrator")
    )
)]
pub(super) async fn change(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<UserId>,
    body: Sent<UserChangeBody>,
) -> Result<Json<UserBody>, Refusal> {
    let id = named(id)?;
    let body = sent(body)?;
    let version = body.version;
    let user = ops::change_user(&ground, &viewer, id, version, user_change(body)?).await?;
    Ok(Json(UserBody::from(&user)))
}

fn user_change(body: UserChangeBody) -> Result<UserChange, Error> {
    Ok(UserChange {
        display: body.display.as_deref().map(display).transpose()?,
        roles: body.roles.map(|roles| roles.into_iter().collect()),
        status: body.status.as_deref().map(str::parse).transpose()?,
        language: wire::language(body.language.as_deref())?,
    })
}

/// Take a user's password away and make a one-time code for a new one.
#[utoipa::path(
    post,
    path = "/users/{id}/reset-code",
    tag = "users",
    params(("id" = String, Path, description = "The user")),
    request_body = VersionBody,
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 201, description = "The code, shown once", body = CodeBody))
)]
pub(super) async fn reset(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<UserId>,
    body: Sent<VersionBody>,
) -> Result<(StatusCode, Json<CodeBody>), Refusal> {
    let id = named(id)?;
    let body = sent(body)?;
    let code = ops::issue_code(&ground, &viewer, id, body.version).await?;
    let code = code.to_text();
    Ok((StatusCode::CREATED, Json(CodeBody { code })))
}
