//! Signing in and out, and one's own session.

use audit::Ground;
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};

use super::{ClientAddress, Door, Refusal, Seated, Sent, SignedIn, sent};
use crate::{
    model::{Password, Session},
    ops::{self, SessionChange, SignIn},
    policy::{self, Act},
    secret::Token,
    wire::{self, MeBody, PasswordBody, RedeemBody, SessionBody, SessionChangeBody, SignInBody},
};

/// The header that sets the session's cookie.
pub fn set_cookie(door: &Door, token: &Token, session: &Session) -> HeaderValue {
    let seconds = session.expires_at.since(session.created_at).as_secs();
    cookie(door, &token.to_text(), seconds)
}

/// The header that removes the session's cookie.
pub fn clear_cookie(door: &Door) -> HeaderValue {
    cookie(door, "", 0)
}

fn cookie(door: &Door, value: &str, seconds: u64) -> HeaderValue {
    let secure = if door.secure { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        door.cookie
    );
    // The name is made of a party's code and the value of base64 letters: both fit a header.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Sign in. The answer sets the session's cookie.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignInBody,
    extensions(("x-act" = json!("open"))),
    responses(
        (status = 201, description = "Signed in", body = SessionBody),
        (status = 401, description = "Name and password do not fit"),
        (status = 429, description = "Too many attempts")
    )
)]
pub(super) async fn sign_in(
    State(ground): State<Ground>,
    Extension(door): Extension<Door>,
    address: Option<Extension<ClientAddress>>,
    body: Sent<SignInBody>,
) -> Result<impl IntoResponse, Refusal> {
    let body = sent(body)?;
    let attempt = SignIn {
        name: body.name,
        password: Password::typed(body.password),
        address: address.map(|Extension(ClientAddress(address))| address),
        mode: body.mode,
        language: wire::language(body.language.as_deref()).map_err(crate::Error::from)?,
    };
    let (token, session) = ops::sign_in(&ground, attempt).await?;
    let cookie = AppendHeaders([(header::SET_COOKIE, set_cookie(&door, &token, &session))]);
    Ok((
        StatusCode::CREATED,
        cookie,
        Json(SessionBody::from(&session)),
    ))
}

/// Change what the session shows.
#[utoipa::path(
    patch,
    path = "/session",
    tag = "session",
    request_body = SessionChangeBody,
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 200, description = "Changed", body = SessionBody))
)]
pub(super) async fn change(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    Seated { session, .. }: Seated,
    body: Sent<SessionChangeBody>,
) -> Result<Json<SessionBody>, Refusal> {
    let body = sent(body)?;
    let change = SessionChange {
        mode: body.mode,
        language: wire::language(body.language.as_deref()).map_err(crate::Error::from)?,
    };
    let session = ops::change_session(&ground, &viewer, &session, change).await?;
    Ok(Json(SessionBody::from(&session)))
}

/// Sign out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 204, description = "Signed out"))
)]
pub(super) async fn sign_out(
    State(ground): State<Ground>,
    Extension(door): Extension<Door>,
    SignedIn(viewer): SignedIn,
    Seated { session, .. }: Seated,
) -> Result<impl IntoResponse, Refusal> {
    ops::sign_out(&ground, &viewer, &session).await?;
    let cookie = AppendHeaders([(header::SET_COOKIE, clear_cookie(&door))]);
    Ok((StatusCode::NO_CONTENT, cookie))
}

/// Who am I, and what may I do?
#[utoipa::path(
    get,
    path = "/me",
    tag = "session",
    extensions(("x-act" = json!("signed_in"))),
    responses((status = 200, description = "Who asks", body = MeBody))
)]
pub(super) async fn me(SignedIn(viewer): SignedIn) -> Json<MeBody> {
    let acts = Act::ALL
        .iter()
        .filter(|&&act| policy::check_house(&viewer, act).is_ok());
    Json(MeBody {
        party: viewer.party.to_string(),
        label: viewer.label(),
        roles: viewer.roles.iter().collect(),
        mode: viewer.mode,
        acts: acts.map(ToString::to_string).collect(),
    })
}

/// Change one's own password. Other sessions end.
#[utoipa::path(
    post,
    path = "/me/password",
    tag = "session",
    request_body = PasswordBody,
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 204, description = "Changed"))
)]
pub(super) async fn password(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    Seated { session, .. }: Seated,
    body: Sent<PasswordBody>,
) -> Result<StatusCode, Refusal> {
    let body = sent(body)?;
    let current = Password::typed(body.current);
    let new = Password::new(body.new).map_err(crate::Error::from)?;
    ops::change_password(&ground, &viewer, session.id, current, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a password with a one-time code from an administrator.
#[utoipa::path(
    post,
    path = "/password-resets",
    tag = "session",
    request_body = RedeemBody,
    extensions(("x-act" = json!("open"))),
    responses(
        (status = 204, description = "Set"),
        (status = 401, description = "Name and code do not fit, or the code has expired"),
        (status = 429, description = "Too many attempts")
    )
)]
pub(super) async fn redeem(
    State(ground): State<Ground>,
    address: Option<Extension<ClientAddress>>,
    body: Sent<RedeemBody>,
) -> Result<StatusCode, Refusal> {
    let body = sent(body)?;
    let address = address.map(|Extension(ClientAddress(address))| address);
    let new = Password::new(body.password).map_err(crate::Error::from)?;
    ops::redeem_code(&ground, &body.name, &body.code, new, address).await?;
    Ok(StatusCode::NO_CONTENT)
}
