//! What can go wrong with users, sessions and keys.

use db::DbError;
use kernel::{Problem, ProblemKind};

use crate::{model::Invalid, policy::Refused};

/// A failure in access.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nobody is signed in, or the session has ended, or the key is not valid.
    #[error("nobody is signed in")]
    Unauthenticated,
    /// Name, password or code do not fit. It is not said which.
    #[error("name and password do not fit")]
    BadCredentials,
    /// Too many attempts.
    #[error("too many attempts")]
    Throttled {
        /// Seconds until the next attempt is heard.
        retry_after_seconds: u32,
    },
    /// A request that changes something did not come from a page of this node.
    #[error("the request does not come from a page of this node")]
    Forged,
    /// There is no such user.
    #[error("no such user")]
    NoUser,
    /// There is no such key, or it is another user's.
    #[error("no such key")]
    NoKey,
    /// The name is taken.
    #[error("the name is taken")]
    NameTaken,
    /// The user has changed since the caller looked.
    #[error("the user is at version {current}, not {given}")]
    Stale {
        /// The version that the caller has.
        given: i64,
        /// The version that is stored.
        current: i64,
    },
    /// Somebody must be left who can administer the node.
    #[error("the last active administrator stays one")]
    LastAdmin,
    /// A user holds at most so many keys.
    #[error("a user holds at most {max} keys")]
    TooManyKeys {
        /// How many there may be.
        max: i64,
    },
    /// Under the key of this request another one was made.
    #[error("the key belongs to another request")]
    KeyReused,
    /// So many answers are kept for a user at most.
    #[error("at most {max} answers are kept for a user")]
    TooManyAnswers {
        /// How many there may be.
        max: i64,
    },
    /// A bad value.
    #[error("a value is not allowed")]
    Invalid(#[from] Invalid),
    /// The node does not know yet whose it is.
    #[error("the node has no party; run `comity init` first")]
    NoParty,
    /// The server did not say how its cookies are named: an error of the program.
    #[error("the request came through no door")]
    NoDoor,
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The acts ledger.
    #[error("the act could not be recorded")]
    Audit(#[from] audit::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::Unauthenticated => "access.unauthenticated",
            Self::BadCredentials => "access.bad_credentials",
            Self::Throttled { .. } => "access.throttled",
            Self::Forged => "access.forged",
            Self::NoUser => "access.no_user",
            Self::NoKey => "access.no_key",
            Self::NameTaken => "access.name_taken",
            Self::Stale { .. } => "access.stale",
            Self::LastAdmin => "access.last_admin",
            Self::TooManyKeys { .. } => "access.too_many_keys",
            Self::KeyReused => "request.key_reused",
            Self::TooManyAnswers { .. } => "request.too_many",
            Self::Invalid(_) => "access.invalid",
            Self::NoParty => "access.no_party",
            Self::NoDoor => "access.no_door",
            Self::Hashing(_) => "access.hashing",
            Self::Audit(_) => "access.not_recorded",
            Self::Db(error) => error.code(),
        }
    }
}

impl From<db::Corrupt> for Error {
    fn from(error: db::Corrupt) -> Self {
        Self::Db(error.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let detail = error.to_string();
        match error {
            Error::Refused(refused) => refused.into(),
            Error::Db(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Unauthenticated | Error::BadCredentials => {
                Self::new(ProblemKind::Unauthenticated, code, detail)
            }
            Error::Throttled {
                retry_after_seconds,
            } => {
                let kind = ProblemKind::TooMany {
                    retry_after_seconds,
                };
                Self::new(kind, code, detail).with("seconds", retry_after_seconds)
            }
            Error::Forged => Self::new(ProblemKind::Forbidden, code, detail),
            Error::NoUser | Error::NoKey => Self::new(ProblemKind::NotFound, code, detail),
            Error::NameTaken => Self::new(ProblemKind::Conflict, code, detail).at("name"),
            Error::Stale { given, current } => Self::new(ProblemKind::Conflict, code, detail)
                .with("given", given)
                .with("current", current),
            Error::LastAdmin => Self::new(ProblemKind::Conflict, code, detail),
            Error::TooManyKeys { max } => {
                Self::new(ProblemKind::Conflict, code, detail).with("max", max)
            }
            Error::KeyReused => Self::new(ProblemKind::AtOdds, code, detail).at("idempotency-key"),
            Error::TooManyAnswers { .. } => {
                let kind = ProblemKind::TooMany {
                    retry_after_seconds: 3_600,
                };
                Self::new(kind, code, detail)
            }
            Error::Invalid(invalid) => Self::new(ProblemKind::Invalid, code, invalid.to_string())
                .with("rule", invalid.rule)
                .at(invalid.field),
            Error::NoParty => Self::new(ProblemKind::Unavailable, code, detail),
            Error::NoDoor | Error::Hashing(_) => Self::internal(code, error),
        }
    }
}
