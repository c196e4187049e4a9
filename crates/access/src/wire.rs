//! Bodies of requests and answers.

use kernel::{ApiKeyId, Cursor, Language, Mode, Role, Scope, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{ApiKey, Invalid, Session, User};

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// The name.
    #[schema(example = "amina")]
    pub name: String,
    /// The password.
    #[schema(format = Password)]
    pub password: String,
    /// Whether real or exercise data is wanted.
    #[schema(value_type = Option<String>, example = "real")]
    pub mode: Option<Mode>,
    /// The language of the screens, as a tag.
    #[schema(example = "en")]
    pub language: Option<String>,
}

/// What to change of the session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionChangeBody {
    /// Whether real or exercise data is wanted.
    #[schema(value_type = Option<String>, example = "exercise")]
    pub mode: Option<Mode>,
    /// The language of the screens, as a tag.
    #[schema(example = "zh")]
    pub language: Option<String>,
}

/// The session.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SessionBody {
    /// Send it along as `x-csrf-token` with whatever changes something.
    pub csrf: String,
    /// When the session ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Whether real or exercise data is shown.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// The language of the screens.
    pub language: String,
    /// Who is signed in.
    pub user: UserBody,
}

/// Who asks.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct MeBody {
    /// The party whose node this is.
    pub party: String,
    /// As it stands in the record of acts.
    #[schema(example = "user:amina")]
    pub label: String,
    /// The roles.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// Whether real or exercise data is shown.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// Everything that the viewer may do, by the words of the authorisation table.
    pub acts: Vec<String>,
}

/// A user.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct UserBody {
    /// The id.
    #[schema(value_type = String)]
    pub id: UserId,
    /// The name to sign in with.
    pub name: String,
    /// The name for people.
    pub display: String,
    /// The roles.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// `active` or `disabled`.
    pub status: String,
    /// The language of the screens.
    pub language: String,
    /// False until the user has set a password.
    pub has_password: bool,
    /// Rises with each change; a change names it.
    pub version: i64,
    /// When the user was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A page of users.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct UsersBody {
    /// The users.
    pub items: Vec<UserBody>,
    /// Where the next page begins.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// A user to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserBody {
    /// The name to sign in with.
    pub name: String,
    /// The name for people.
    pub display: String,
    /// The roles.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// The language of the screens; English if nothing is said.
    pub language: Option<String>,
}

/// A user who was created.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CreatedUserBody {
    /// The user.
    pub user: UserBody,
    /// The code with which the user sets a password, within 24 hours. It is shown once.
    pub code: Option<String>,
}

/// What to change of a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChangeBody {
    /// The version that the change is based on.
    pub version: i64,
    /// The name for people.
    pub display: Option<String>,
    /// The roles.
    #[schema(value_type = Option<Vec<String>>)]
    pub roles: Option<Vec<Role>>,
    /// `active` or `disabled`.
    pub status: Option<String>,
    /// The language of the screens.
    pub language: Option<String>,
}

/// The version that a step is based on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionBody {
    /// The version.
    pub version: i64,
}

/// A one-time code.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CodeBody {
    /// The code. It is shown once.
    pub code: String,
}

/// A password set with a one-time code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemBody {
    /// The user's name.
    pub name: String,
    /// The one-time code.
    pub code: String,
    /// The new password: at least 15 characters.
    #[schema(format = Password)]
    pub password: String,
}

/// A new password of one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The password as it is.
    #[schema(format = Password)]
    pub current: String,
    /// The new one: at least 15 characters.
    #[schema(format = Password)]
    pub new: String,
}

/// An API key, without its secret.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct KeyBody {
    /// The id.
    #[schema(value_type = String)]
    pub id: ApiKeyId,
    /// What it is for.
    pub label: String,
    /// What the key begins with, after `comity_`.
    pub prefix: String,
    /// What it may be used for.
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    /// Whether it reads and writes real or exercise data.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when it is valid.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was last used, give or take five minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// A key to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyBody {
    /// What it is for.
    pub label: String,
    /// What it may be used for.
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    /// Whether it reads and writes real or exercise data; the session's mode if nothing is said.
    #[schema(value_type = Option<String>)]
    pub mode: Option<Mode>,
    /// For how many days it is valid: 1 to 366.
    pub days: u16,
}

/// A key that was made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CreatedKeyBody {
    /// The key.
    pub key: KeyBody,
    /// The whole key, for `Authorization: Bearer`. It is shown once.
    pub secret: String,
}

/// The language of a tag in a request.
pub fn language(tag: Option<&str>) -> Result<Option<Language>, Invalid> {
    tag.map(|tag| {
        Language::from_tag(tag).ok_or(Invalid {
            field: "language",
            rule: "en, fr, es, ru, zh or ar",
        })
    })
    .transpose()
}

impl From<&User> for UserBody {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            name: user.name.to_string(),
            display: user.display.as_str().to_owned(),
            roles: user.roles.iter().collect(),
            status: user.status.as_str().to_owned(),
            language: user.language.tag().to_owned(),
            has_password: user.has_password,
            version: user.version,
            created_at: user.created_at,
        }
    }
}

impl From<&Session> for SessionBody {
    fn from(session: &Session) -> Self {
        Self {
            csrf: session.csrf.clone(),
            expires_at: session.expires_at,
            mode: session.mode,
            language: session.language.tag().to_owned(),
            user: UserBody::from(&session.user),
        }
    }
}

impl From<&ApiKey> for KeyBody {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id,
            label: key.label.as_str().to_owned(),
            prefix: key.prefix.clone(),
            scopes: key.scopes.iter().collect(),
            mode: key.mode,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}
