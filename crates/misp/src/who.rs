//! Who asks: by `Authorization: KEY` or `X-MISP-AUTH: KEY` with an API key, as MISP's scripts do; by
//! `Basic` with a name and a password, which `PyMISP` sends where it is given `auth`.

use access::{
    Error,
    http::ClientAddress,
    model::Password,
    ops::{self, Basic},
    secret::KeySecret,
};
use axum::http::{HeaderMap, HeaderName, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Mode, Viewer, Who};

use crate::State;

/// The longest key that is read, in bytes.
const AUTHORIZATION_BYTES_MAX: usize = 4_096;
const OF_MISP: HeaderName = HeaderName::from_static("x-misp-auth");

/// The viewer of a request.
pub(crate) async fn asks(
    state: &State,
    headers: &HeaderMap,
    address: Option<&ClientAddress>,
) -> Result<Viewer, Error> {
    let sent = headers.get(header::AUTHORIZATION);
    let sent = sent.or_else(|| headers.get(OF_MISP));
    let sent = sent
        .filter(|sent| sent.len() <= AUTHORIZATION_BYTES_MAX)
        .and_then(|sent| sent.to_str().ok())
        .ok_or(Error::Unauthenticated)?;
    let (scheme, rest) = sent.split_once(' ').unwrap_or(("", sent));
    if scheme.eq_ignore_ascii_case("basic") {
        let basic = basic(rest.trim()).ok_or(Error::Unauthenticated)?;
        let basic = Basic {
            address: address.map(|address| address.0),
            ..basic
        };
        return ops::authenticate_basic(&state.ground, &state.remembered, basic).await;
    }
    if !scheme.is_empty() && !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    let key = KeySecret::parse(rest.trim()).ok_or(Error::Unauthenticated)?;
    ops::authenticate_key(&state.ground, &key).await
}

/// The viewer in the mode of a root. A key has one mode; a person has both.
pub(crate) async fn under(
    state: &State,
    mut viewer: Viewer,
    root: &str,
) -> Result<Viewer, intel::Error> {
    if matches!(viewer.who, Who::User { .. }) {
        let own = viewer.mode;
        for mode in [Mode::Real, Mode::Exercise] {
            viewer.mode = mode;
            let roots = intel::ops::roots(&state.ground, &viewer).await?;
            if roots.iter().any(|known| known.name.as_str() == root) {
                return Ok(viewer);
            }
        }
        viewer.mode = own;
    }
    Ok(viewer)
}

fn basic(sent: &str) -> Option<Basic> {
    let text = String::from_utf8(STANDARD.decode(sent).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some(Basic {
        name: name.to_owned(),
        password: Password::typed(password.to_owned()),
        address: None,
    })
}
