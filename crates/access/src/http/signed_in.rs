//! Who a request comes from.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use audit::Ground;
use axum::{
    Form,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, header, request::Parts},
};
use kernel::Viewer;
use serde::{Deserialize, de::DeserializeOwned};

use super::Refusal;
use crate::{
    Error,
    model::Session,
    ops,
    secret::{KeySecret, Token},
};

/// The header in which scripts send the session's token along.
const CSRF_HEADER: &str = "x-csrf-token";

/// How this node's pages are reached. The server puts one among the extensions of each request.
#[derive(Clone, Debug)]
pub struct Door {
    /// The name of the session's cookie, such as `comity-XA`: several nodes may share a host name.
    pub cookie: Arc<str>,
    /// True if people reach the node over https, so that the cookie is marked `Secure`.
    pub secure: bool,
}

/// The address of the client, proxies taken into account. The server puts one among the extensions
/// of each request.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// Who asks, for JSON routes: by session cookie or by `Authorization: Bearer` with an API key. With
/// a cookie, whatever changes something must send the session's token in `x-csrf-token`.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Viewer);

/// Who asks, for pages: by session cookie only. Pages that change something read their form with
/// [`CsrfForm`], or compare the token themselves where the form is multipart.
#[derive(Clone, Debug)]
pub struct Seated {
    /// Who asks.
    pub viewer: Viewer,
    /// The session.
    pub session: Session,
}

/// A form of a page of this node: its field `csrf` is the session's token. All other fields make
/// up the value.
#[derive(Clone, Debug)]
pub struct CsrfForm<T>(pub T);

/// What was found out about a request, kept for the next extractor.
#[derive(Clone)]
struct Known {
    viewer: Viewer,
    session: Option<Session>,
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Ground: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let known = identify(parts, &Ground::from_ref(state)).await?;
        if let Some(session) = &known.session
            && changes(&parts.method)
        {
            let sent = parts
                .headers
                .get(CSRF_HEADER)
                .and_then(|value| value.to_str().ok());
            if !sent.is_some_and(|sent| session.csrf_matches(sent)) {
                return Err(Error::Forged.into());
            }
        }
        Ok(Self(known.viewer))
    }
}

impl<S> FromRequestParts<S> for Seated
where
    S: Send + Sync,
    Ground: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Known { viewer, session } = identify(parts, &Ground::from_ref(state)).await?;
        let session = session.ok_or(Error::Unauthenticated)?;
        Ok(Self { viewer, session })
    }
}

#[derive(Deserialize)]
struct Csrf {
    csrf: String,
}

impl<S, T> FromRequest<S> for CsrfForm<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    Ground: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let Seated { session, .. } = Seated::from_request_parts(&mut parts, state).await?;
        let bytes =
            axum::body::Bytes::from_request(Request::from_parts(parts.clone(), body), state)
                .await
                .map_err(|rejection| {
                    let kind = kernel::ProblemKind::TooLarge;
                    kernel::Problem::new(kind, "request.too_large", rejection.body_text())
                })?;
        let again = |bytes| Request::from_parts(parts.clone(), axum::body::Body::from(bytes));
        let Form(Csrf { csrf }) = Form::from_request(again(bytes.clone()), state)
            .await
            .map_err(|_missing| Error::Forged)?;
        if !session.csrf_matches(&csrf) {
            return Err(Error::Forged.into());
        }
        let Form(value) = Form::from_request(again(bytes), state)
            .await
            .map_err(|rejection| Refusal::from_form(&rejection))?;
        Ok(Self(value))
    }
}

/// Who asks. Boxed, so that it is compiled once and not again with every handler.
fn identify<'a>(
    parts: &'a mut Parts,
    ground: &'a Ground,
) -> Pin<Box<dyn Future<Output = Result<Known, Refusal>> + Send + 'a>> {
    Box::pin(find_out(parts, ground))
}

async fn find_out(parts: &mut Parts, ground: &Ground) -> Result<Known, Refusal> {
    if let Some(known) = parts.extensions.get::<Known>() {
        return Ok(known.clone());
    }
    let known = if let Some(authorization) = parts.headers.get(header::AUTHORIZATION) {
        // A request with a key is judged by the key alone, whatever cookies come with it.
        let secret = authorization
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(KeySecret::parse)
            .ok_or(Error::Unauthenticated)?;
        Known {
            viewer: ops::authenticate_key(ground, &secret).await?,
            session: None,
        }
    } else {
        let door = parts.extensions.get::<Door>().ok_or(Error::NoDoor)?;
        let token = cookie(&parts.headers, &door.cookie)
            .and_then(Token::parse)
            .ok_or(Error::Unauthenticated)?;
        if changes(&parts.method) && is_cross_site(&parts.headers) {
            return Err(Error::Forged.into());
        }
        let (viewer, session) = ops::authenticate(ground, &token).await?;
        Known {
            viewer,
            session: Some(session),
        }
    };
    parts.extensions.insert(known.clone());
    Ok(known)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What browsers say of their own accord (Fetch Metadata): a second lock beside the token.
fn is_cross_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}

/// The value of a cookie (RFC 6265 §4.2.1).
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|&(found, _value)| found == name)
        .map(|(_name, value)| value)
}
