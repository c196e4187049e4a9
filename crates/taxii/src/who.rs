//! Who asks: by `Authorization: Bearer` with an API key, or by `Basic` with a name and a password,
//! which may be an API key (TAXII 2.1 §3.2).

use access::{
    Error,
    http::{ClientAddress, Refusal},
    model::Password,
    ops::{self, Basic},
    secret::KeySecret,
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Mode, Viewer, Who};

use crate::{State, media};

/// The longest `Authorization` that is read, in bytes.
const AUTHORIZATION_BYTES_MAX: usize = 4_096;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Asker(Viewer);

impl Asker {
    /// The viewer as he looks by himself.
    pub(crate) const fn viewer(&self) -> &Viewer {
        &self.0
    }

    /// The viewer in the mode of a root. A key has one mode; a person has both.
    pub(crate) async fn under(self, state: &State, root: &str) -> Result<Viewer, intel::Error> {
        let mut viewer = self.0;
        if matches!(viewer.who, Who::User { .. }) {
            for mode in [Mode::Real, Mode::Exercise] {
                viewer.mode = mode;
                let roots = intel::ops::roots(&state.ground, &viewer).await?;
                if roots.iter().any(|known| known.name.as_str() == root) {
                    return Ok(viewer);
                }
            }
        }
        Ok(viewer)
    }
}

impl FromRequestParts<State> for Asker {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        media::accepted(&parts.headers)?;
        let sent = parts.headers.get(header::AUTHORIZATION);
        let sent = sent
            .filter(|sent| sent.len() <= AUTHORIZATION_BYTES_MAX)
            .and_then(|sent| sent.to_str().ok())
            .ok_or(Error::Unauthenticated)?;
        let (scheme, sent) = sent.split_once(' ').ok_or(Error::Unauthenticated)?;
        let viewer = if scheme.eq_ignore_ascii_case("bearer") {
            let key = KeySecret::parse(sent.trim()).ok_or(Error::Unauthenticated)?;
            ops::authenticate_key(&state.ground, &key).await?
        } else if scheme.eq_ignore_ascii_case("basic") {
            let address = parts.extensions.get::<ClientAddress>();
            let basic = basic(sent.trim()).ok_or(Error::Unauthenticated)?;
            let basic = Basic {
                address: address.map(|address| address.0),
                ..basic
            };
            ops::authenticate_basic(&state.ground, &state.remembered, basic).await?
        } else {
            return Err(Error::Unauthenticated.into());
        };
        Ok(Self(viewer))
    }
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
