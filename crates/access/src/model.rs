//! Users, sessions and keys as types that cannot be wrong.

use std::{fmt, str::FromStr};

use kernel::{
    ApiKeyId, Language, Mode, PartyCode, Roles, Scopes, SessionId, Timestamp, UserId, Viewer, Who,
};
use subtle::ConstantTimeEq;

use crate::secret::KeySecret;

/// The shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 15 where it stands
/// alone).
pub const PASSWORD_CHARS_MIN: usize = 15;
/// The longest password, in bytes: enough for any sentence, too little to keep a node busy.
pub const PASSWORD_BYTES_MAX: usize = 512;
/// How many API keys a user holds at most, counting those that are valid.
pub const KEYS_MAX: i64 = 20;
/// For how long an API key is valid at most.
pub const KEY_DAYS_MAX: u16 = 366;

/// A value that access does not take.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field, as the request names it.
    pub field: &'static str,
    /// What a right value looks like.
    pub rule: &'static str,
}

/// The name to sign in with: 2 to 40 of `a`–`z`, `0`–`9`, `.`, `-` and `_`, beginning with a letter.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UserName(String);

impl UserName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let right = (2..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
        right.then(|| Self(text.to_owned())).ok_or(Invalid {
            field: "name",
            rule: "2 to 40 of a-z, 0-9, '.', '-' and '_', beginning with a letter",
        })
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of text for people: 1 to 80 characters, no control characters, no space at the ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Label(String);

impl Label {
    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let right = (1..=80).contains(&text.chars().count())
            && text.trim() == text
            && !kernel::is_blank(text)
            && !text.chars().any(char::is_control);
        right.then(|| Self(text.to_owned())).ok_or(Invalid {
            field: "label",
            rule: "1 to 80 characters on one line",
        })
    }
}

/// What a caller names a request by, so that the same one twice has its effect once: 1 to 128
/// visible ASCII characters, such as a UUID.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OnceKey(String);

impl OnceKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OnceKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let right = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        right.then(|| Self(text.to_owned())).ok_or(Invalid {
            field: "idempotency-key",
            rule: "1 to 128 visible ASCII characters",
        })
    }
}

/// A password of acceptable length. Never shown, never logged.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// A password to be set.
    pub fn new(text: String) -> Result<Self, Invalid> {
        if text.chars().count() >= PASSWORD_CHARS_MIN && text.len() <= PASSWORD_BYTES_MAX {
            Ok(Self(text))
        } else {
            Err(Invalid {
                field: "password",
                rule: "at least 15 characters, at most 512 bytes; a sentence is good",
            })
        }
    }

    /// A password that somebody typed to sign in; what is too long is cut, and so never fits.
    pub fn typed(mut text: String) -> Self {
        let end = text.floor_char_boundary(PASSWORD_BYTES_MAX + 1);
        text.truncate(end);
        Self(text)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The API key that somebody sent in the place of a password.
    pub(crate) fn as_key(&self) -> Option<KeySecret> {
        KeySecret::parse(&self.0)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// Yes.
    Active,
    /// No; what the user did stays on record.
    Disabled,
}

impl Status {
    /// `active` or `disabled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

impl FromStr for Status {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "active" => Ok(Self::Active),
            "disabled" => Ok(Self::Disabled),
            _ => Err(Invalid {
                field: "status",
                rule: "active or disabled",
            }),
        }
    }
}

/// A user of this node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The name to sign in with.
    pub name: UserName,
    /// The name for people.
    pub display: Label,
    /// The roles.
    pub roles: Roles,
    /// Whether the user may sign in.
    pub status: Status,
    /// The language of the screens.
    pub language: Language,
    /// False until a password was set, and after a reset.
    pub has_password: bool,
    /// Rises with each change.
    pub version: i64,
    /// When the user was created.
    pub created_at: Timestamp,
}

/// What people of this node are called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// The name to sign in with.
    pub name: UserName,
    /// The name for people.
    pub display: Label,
}

/// A session of a signed-in user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// Whose it is.
    pub user: User,
    /// Whether real or exercise data is shown.
    pub mode: Mode,
    /// The language of the screens.
    pub language: Language,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends, however busy it is.
    pub expires_at: Timestamp,
    /// The token that forms and scripts of this session send along.
    pub csrf: String,
}

impl Session {
    /// Who asks in this session.
    pub fn viewer(&self, party: PartyCode) -> Viewer {
        Viewer {
            who: Who::User {
                id: self.user.id,
                name: self.user.name.to_string(),
            },
            roles: self.user.roles,
            party,
            circles: Vec::new(),
            mode: self.mode,
        }
    }

    /// The session as one page is drawn for it: its token has a mark of the page after a point, by which the
    /// same form of the same page is known when it comes twice.
    #[must_use]
    pub fn drawn(self, mark: &str) -> Self {
        Self {
            csrf: format!("{}.{mark}", unmarked(&self.csrf)),
            ..self
        }
    }

    /// True if a form or script sent this session's token, of whatever page. The time taken does not tell
    /// how much of it was right.
    pub fn csrf_matches(&self, sent: &str) -> bool {
        let ours = unmarked(&self.csrf).as_bytes();
        ours.ct_eq(unmarked(sent).as_bytes()).into()
    }
}

/// A token without the mark of a page.
fn unmarked(token: &str) -> &str {
    token.split_once('.').map_or(token, |(token, _)| token)
}

/// An API key, without its secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiKey {
    /// The key's id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user: UserId,
    /// What it is for.
    pub label: Label,
    /// The beginning of the key, by which people tell keys apart.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// Whether it reads and writes real or exercise data.
    pub mode: Mode,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// When it was last used, give or take five minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for name in ["amina", "a.b-c_9", "xy"] {
            assert!(name.parse::<UserName>().is_ok(), "{name}");
        }
        for name in ["", "a", "Amina", "9a", "a b", "a/b", "é", &"a".repeat(41)] {
            assert!(name.parse::<UserName>().is_err(), "{name}");
        }
    }

    #[test]
    fn passwords_are_long_and_silent() {
        assert!(Password::new("fourteen chars".into()).is_err());
        assert!(Password::new("x".repeat(513)).is_err());
        let password = Password::new("a sentence that is long".into()).unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }

    #[test]
    fn a_typed_password_is_cut_only_where_it_cannot_fit_anyway() {
        let cut = Password::typed("é".repeat(400));
        assert!(cut.as_bytes().len() <= PASSWORD_BYTES_MAX + 1);
        assert!(cut.as_bytes().len() >= PASSWORD_BYTES_MAX);
        assert_eq!(Password::typed("short".into()).as_bytes(), b"short");
    }
}
