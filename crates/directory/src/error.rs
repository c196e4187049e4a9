//! What can go wrong in the directory.

use db::DbError;
use kernel::{PartyCode, Problem, ProblemKind};

use crate::model::Invalid;

/// A failure in the directory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy says no.
    #[error(transparent)]
    Refused(#[from] access::Refused),
    /// The viewer's own party is not, or no longer, listed.
    #[error("contact data is for users of listed parties")]
    NotListed,
    /// There is no such party.
    #[error("no such party")]
    NoParty,
    /// There is no such contact.
    #[error("no such contact")]
    NoContact,
    /// The party is listed already under another root key.
    #[error("{code} is listed with another root key; remove it and compare fingerprints again")]
    OtherRoot {
        /// The party.
        code: PartyCode,
    },
    /// The card's root key is not the one that was compared.
    #[error("the fingerprint of the card is not the one that was compared")]
    FingerprintDiffers,
    /// The card is not for this directory.
    #[error("the card cannot be used: {why}")]
    Card {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The node's own entry cannot be removed.
    #[error("the node's own entry stays")]
    Own,
    /// There are too many of something.
    #[error("there are at most {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// The entry has changed since the caller looked.
    #[error("the entry is at version {current}, not {given}")]
    Stale {
        /// The version that the caller has.
        given: i64,
        /// The version that is stored.
        current: i64,
    },
    /// A bad value.
    #[error("a value is not allowed")]
    Invalid(#[from] Invalid),
    /// A key set, chain or sealed record is not acceptable.
    #[error("keys are not acceptable")]
    Seal(#[from] seal::Error),
    /// Something about users or the node's party.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The acts ledger.
    #[error("the act could not be recorded")]
    Audit(#[from] audit::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::NotListed => "directory.not_listed",
            Self::NoParty => "directory.no_party",
            Self::NoContact => "directory.no_contact",
            Self::OtherRoot { .. } => "directory.other_root",
            Self::FingerprintDiffers => "directory.fingerprint_differs",
            Self::Card { .. } => "directory.card",
            Self::Own => "directory.own",
            Self::TooMany { .. } => "directory.too_many",
            Self::Stale { .. } => "directory.stale",
            Self::Invalid(_) => "directory.invalid",
            Self::Seal(error) => error.code(),
            Self::Access(error) => error.code(),
            Self::Audit(_) => "directory.not_recorded",
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
            Error::Access(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
            Error::NotListed => Self::new(ProblemKind::Forbidden, code, detail),
            Error::NoParty | Error::NoContact => Self::new(ProblemKind::NotFound, code, detail),
            Error::OtherRoot { code: party } => {
                Self::new(ProblemKind::Conflict, code, detail).with("party", party)
            }
            Error::FingerprintDiffers => {
                Self::new(ProblemKind::Conflict, code, detail).at("fingerprint")
            }
            Error::Card { why } => Self::new(ProblemKind::Invalid, code, detail)
                .with("why", why)
                .at("card"),
            Error::Own => Self::new(ProblemKind::Conflict, code, detail),
            Error::TooMany { what, max } => Self::new(ProblemKind::Conflict, code, detail)
                .with("what", what)
                .with("max", max),
            Error::Stale { given, current } => Self::new(ProblemKind::Conflict, code, detail)
                .with("given", given)
                .with("current", current),
            Error::Invalid(invalid) => Self::new(ProblemKind::Invalid, code, invalid.to_string())
                .with("rule", invalid.rule)
                .at(invalid.field),
            Error::Seal(error) => Self::new(ProblemKind::Invalid, code, error.to_string()),
        }
    }
}
