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
    /// There is no such circle in this mode.
    #[error("no such circle")]
    NoCircle,
    /// Only its steward changes a circle.
    #[error("only {steward} changes this circle")]
    NotSteward {
        /// Who keeps it.
        steward: PartyCode,
    },
    /// The steward of a circle belongs to it for as long as it is there.
    #[error("the steward stays in the circle; dissolve it instead")]
    StewardStays,
    /// The party belongs to the circle, or is invited.
    #[error("{party} belongs to the circle or is invited already")]
    AlreadyMember {
        /// The party.
        party: PartyCode,
    },
    /// The party does not belong to the circle and is not invited.
    #[error("{party} does not belong to the circle")]
    NoMember {
        /// The party.
        party: PartyCode,
    },
    /// The party did not ask to be let in.
    #[error("{party} does not ask to be let in")]
    NoRequest {
        /// The party.
        party: PartyCode,
    },
    /// Messages do not go to the party: it is not listed, not trusted, or this one.
    #[error("{party} is no trusted party of the directory")]
    NotTrusted {
        /// The party.
        party: PartyCode,
    },
    /// The circle is no more.
    #[error("the circle is dissolved")]
    CircleDissolved,
    /// A version of a circle cannot be made or taken.
    #[error(transparent)]
    Circle(#[from] CircleRefusal),
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

/// Why a version of a circle, or a wish about one, is refused. The code travels to whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum CircleRefusal {
    /// Not an envelope of a version in its canonical form.
    #[error("this is no version of a circle")]
    Malformed,
    /// The same, and why.
    #[error("this is no version of a circle")]
    Unreadable(#[from] seal::Error),
    /// It breaks a rule.
    #[error("the version of the circle breaks a rule")]
    Invalid(#[from] Invalid),
    /// Longer than versions are.
    #[error("the version of the circle is too large")]
    TooLarge,
    /// Not signed by a key set of its steward that was valid then.
    #[error("the version is not signed by the circle's steward")]
    Signature,
    /// The circle is that of another steward, or of the other mode.
    #[error("the circle is not this party's, or of the other mode")]
    Foreign,
    /// Another version under a number that is held, or one that follows another history.
    #[error("the version contradicts one that is held")]
    Fork,
    /// Older than the version in force.
    #[error("the version is older than the one in force")]
    Rollback,
    /// There is no such circle here, or it is no more.
    #[error("no such circle")]
    NotFound,
    /// More waits than is kept.
    #[error("too much waits")]
    Crowded,
}

impl CircleRefusal {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed | Self::Unreadable(_) | Self::Invalid(_) => "circle.malformed",
            Self::TooLarge => "circle.too_large",
            Self::Signature => "circle.bad_signature",
            Self::Foreign => "circle.foreign",
            Self::Fork => "circle.fork",
            Self::Rollback => "circle.rollback",
            Self::NotFound => "circle.not_found",
            Self::Crowded => "circle.crowded",
        }
    }
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
            Self::NoCircle => "circle.not_found",
            Self::NotSteward { .. } => "circle.not_steward",
            Self::StewardStays => "circle.steward_stays",
            Self::AlreadyMember { .. } => "circle.already_member",
            Self::NoMember { .. } => "circle.no_member",
            Self::NoRequest { .. } => "circle.no_request",
            Self::NotTrusted { .. } => "circle.not_trusted",
            Self::CircleDissolved => "circle.is_dissolved",
            Self::Circle(refusal) => refusal.code(),
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
            Error::NoParty | Error::NoContact | Error::NoCircle => {
                Self::new(ProblemKind::NotFound, code, detail)
            }
            Error::NotSteward { steward } => {
                Self::new(ProblemKind::Conflict, code, detail).with("party", steward)
            }
            Error::AlreadyMember { party }
            | Error::NoMember { party }
            | Error::NoRequest { party }
            | Error::NotTrusted { party }
            | Error::OtherRoot { code: party } => {
                Self::new(ProblemKind::Conflict, code, detail).with("party", party)
            }
            Error::Circle(_) => Self::new(ProblemKind::Invalid, code, detail),
            Error::FingerprintDiffers => {
                Self::new(ProblemKind::Conflict, code, detail).at("fingerprint")
            }
            Error::Card { why } => Self::new(ProblemKind::Invalid, code, detail)
                .with("why", why)
                .at("card"),
            Error::Own | Error::StewardStays | Error::CircleDissolved => {
                Self::new(ProblemKind::Conflict, code, detail)
            }
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
