//! Who this node is to a server.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::header::HeaderValue;
use zeroize::Zeroizing;

use crate::Error;

/// A secret. It is not shown, and wiped when it is dropped.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Secret(Zeroizing<String>);

/// What a server is shown in `Authorization`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// A name and a password (RFC 7617).
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A token (RFC 6750).
    Bearer(Secret),
    /// A key that stands there alone, as MISP asks.
    Key(Secret),
}

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Credentials {
    /// The value of the field; nothing where there are no credentials.
    pub(crate) fn field(&self) -> Result<Option<HeaderValue>, Error> {
        let text = match self {
            Self::None => return Ok(None),
            Self::Basic { user, password } => {
                let both = Zeroizing::new(format!("{user}:{}", password.expose()));
                Zeroizing::new(format!("Basic {}", STANDARD.encode(both.as_bytes())))
            }
            Self::Bearer(token) => Zeroizing::new(format!("Bearer {}", token.expose())),
            Self::Key(key) => key.0.clone(),
        };
        let value = HeaderValue::from_str(&text);
        let mut value = value.map_err(|_unusable| Error::Credentials)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme_is_written_as_it_is_specified_and_never_shown() {
        let secret = || Secret::from("open sesame".to_owned());
        let basic = Credentials::Basic {
            user: "Aladdin".to_owned(),
            password: secret(),
        };
        let all = [
            (basic, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            (Credentials::Bearer(secret()), "Bearer open sesame"),
            (Credentials::Key(secret()), "open sesame"),
        ];
        for (credentials, expected) in all {
            let field = credentials.field().unwrap().unwrap();
            assert_eq!(field, expected);
            for shown in [format!("{field:?}"), format!("{credentials:?}")] {
                assert!(
                    !shown.contains("sesame") && !shown.contains("QWxh"),
                    "{shown}"
                );
            }
        }
        assert_eq!(Credentials::None.field().unwrap(), None);
        let broken = Credentials::Bearer(Secret::from("a\r\nb".to_owned()));
        assert!(matches!(broken.field(), Err(Error::Credentials)));
    }
}
