//! Credentials at rest: sealed under the node's data key, for the row of their remote.

use kernel::RemoteId;
use outward::{Credentials, Secret};
use zeroize::Zeroizing;

use crate::{Error, model::Invalid, remotes::Remotes};

/// The longest name and secret, in bytes.
const BYTES_MAX: usize = 4_096;

/// The word for what there is.
pub(super) const fn scheme(credentials: &Credentials) -> &'static str {
    match credentials {
        Credentials::None => "none",
        Credentials::Basic { .. } => "basic",
        Credentials::Bearer(_) => "bearer",
        Credentials::Key(_) => "key",
    }
}

/// The credentials of a remote, sealed.
pub(super) fn seal(
    remotes: &Remotes,
    id: RemoteId,
    credentials: &Credentials,
) -> Result<Option<Vec<u8>>, Error> {
    let (user, secret) = match credentials {
        Credentials::None => return Ok(None),
        Credentials::Basic { user, password } => (user.as_str(), password),
        Credentials::Bearer(secret) | Credentials::Key(secret) => ("", secret),
    };
    let usable = |text: &str| text.len() <= BYTES_MAX && !text.contains(char::is_control);
    if !usable(user) || user.contains(':') || !usable(secret.expose()) {
        return Err(Error::Invalid(Invalid {
            field: "credentials",
            rule: "at most 4,096 bytes each, without control characters; a name without a colon",
        }));
    }
    // Three lines: none of them has a line feed of its own.
    let text = format!("{}\n{user}\n{}", scheme(credentials), secret.expose());
    let text = Zeroizing::new(text.into_bytes());
    let mut entropy = |bytes: &mut [u8]| remotes.ground.rng.fill(bytes);
    let sealed = remotes.data_key.seal(&text, &place(id), &mut entropy);
    Ok(Some(sealed))
}

/// What was sealed for a remote.
pub(super) fn open(
    remotes: &Remotes,
    id: RemoteId,
    sealed: Option<Vec<u8>>,
) -> Result<Credentials, Error> {
    let Some(sealed) = sealed else {
        return Ok(Credentials::None);
    };
    let opened = remotes.data_key.open(&sealed, &place(id));
    let text = opened.map_err(|_other_key| Error::Sealed)?;
    let text = str::from_utf8(&text).map_err(|_no_text| Error::Sealed)?;
    let (scheme, rest) = text.split_once('\n').ok_or(Error::Sealed)?;
    let (user, secret) = rest.split_once('\n').ok_or(Error::Sealed)?;
    let secret = Secret::from(secret.to_owned());
    match scheme {
        "basic" => Ok(Credentials::Basic {
            user: user.to_owned(),
            password: secret,
        }),
        "bearer" => Ok(Credentials::Bearer(secret)),
        "key" => Ok(Credentials::Key(secret)),
        _ => Err(Error::Sealed),
    }
}

fn place(id: RemoteId) -> String {
    format!("intel_remote.credentials/{}", id.uuid())
}
