//! What can go wrong with collections and objects.

use access::Refused;
use db::DbError;
use kernel::{PartyCode, Problem, ProblemKind};
use queue::QueueError;

use crate::model::Invalid;

/// What is recognised and has no place in a collection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Untaken {
    /// Nothing at all.
    Empty,
    /// Values that are mostly no threat: a list for matching, not for collections.
    Warninglist,
    /// A list of the events of a feed, without them.
    MispManifest,
    /// `OpenIOC`.
    OpenIoc,
    /// A compressed file or an archive.
    Packed,
}

impl Untaken {
    const fn code(self) -> &'static str {
        match self {
            Self::Empty => "intel.file_empty",
            Self::Warninglist => "intel.file_warninglist",
            Self::MispManifest => "intel.file_manifest",
            Self::OpenIoc => "intel.file_openioc",
            Self::Packed => "intel.file_packed",
        }
    }
}

/// A failure of the room.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such root, collection, object or import, or the viewer may not know of it.
    #[error("there is no such {what}")]
    NotFound {
        /// What was asked for.
        what: &'static str,
    },
    /// The collection has changed since the caller looked.
    #[error("the collection is at version {current}, not {given}")]
    Stale {
        /// The version that the caller has.
        given: i64,
        /// The version that is stored.
        current: i64,
    },
    /// Another root or collection has that name.
    #[error("{name} is the name of another")]
    Taken {
        /// The name.
        name: String,
    },
    /// The viewer may read the collection and not add to it.
    #[error("this collection cannot be written by you")]
    ReadOnly,
    /// A run is under way.
    #[error("an exchange with this server is under way")]
    Running,
    /// The remote is switched off.
    #[error("exchanges with this server are switched off")]
    Disabled,
    /// The remote was changed, or another run has it.
    #[error("the exchange was changed or taken over meanwhile")]
    Overtaken,
    /// Credentials that the node's data key does not open.
    #[error("the credentials cannot be opened: give them again")]
    Sealed,
    /// A state that cannot be written.
    #[error("the state of the exchange cannot be written")]
    State(#[source] serde_json::Error),
    /// The collection is another party's.
    #[error("this collection is that of {steward}, who alone changes it")]
    Theirs {
        /// Whose.
        steward: PartyCode,
    },
    /// The collection is another party's, which does not let others pass it on.
    #[error("{steward} does not let others pass this collection on")]
    NotOnward {
        /// Whose.
        steward: PartyCode,
    },
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(Refused),
    /// A bad value.
    #[error("a value is not allowed")]
    Invalid(#[from] Invalid),
    /// What was handed in is no envelope or bundle.
    #[error("this is no envelope of STIX objects: {detail}")]
    Unreadable {
        /// What and where.
        detail: String,
    },
    /// What was handed in is of a kind that collections do not hold.
    #[error("this is not taken into a collection")]
    NotTaken(Untaken),
    /// The import is not where this can be done with it.
    #[error("the import has begun already, or is not whole yet")]
    NotWaiting,
    /// What was handed in is no warninglist.
    #[error("this is no warninglist: {detail}")]
    NoWarninglist {
        /// What and where.
        detail: String,
    },
    /// What was handed in is no taxonomy.
    #[error("this is no taxonomy of MISP: {detail}")]
    NoTaxonomy {
        /// What and where.
        detail: String,
    },
    /// What was handed in is neither a galaxy nor clusters of one.
    #[error("this is neither a galaxy of MISP nor its clusters: {detail}")]
    NoGalaxy {
        /// What and where.
        detail: String,
    },
    /// Clusters came before their galaxy.
    #[error("there is no galaxy of the type {kind}: it comes before its clusters")]
    NoGalaxyOf {
        /// The type.
        kind: String,
    },
    /// What is here is newer.
    #[error("version {current} is here, which is newer than {given}")]
    Older {
        /// What came.
        given: i64,
        /// What is here.
        current: i64,
    },
    /// The collection does not take what was to be recorded.
    #[error("the collection does not take it: {detail}")]
    NotRecorded {
        /// Why.
        detail: String,
    },
    /// There is too much of something.
    #[error("there may be at most {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// A failure that is about events.
    #[error(transparent)]
    Event(#[from] crate::events::model::Fault),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The ledger of acts.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "intel.not_found",
            Self::Stale { .. } => "intel.stale",
            Self::Taken { .. } => "intel.taken",
            Self::ReadOnly => "intel.read_only",
            Self::Running => "intel.remote_running",
            Self::Disabled => "intel.remote_disabled",
            Self::Overtaken => "intel.remote_overtaken",
            Self::Sealed => "intel.remote_sealed",
            Self::State(_) => "intel.remote_state",
            Self::Theirs { .. } => "intel.theirs",
            Self::NotOnward { .. } => "intel.not_onward",
            Self::Refused(refused) => refused.code(),
            Self::Invalid(_) => "intel.invalid",
            Self::Unreadable { .. } => "intel.unreadable",
            Self::NotTaken(what) => what.code(),
            Self::NotWaiting => "intel.not_waiting",
            Self::NoWarninglist { .. } => "intel.no_warninglist",
            Self::NoTaxonomy { .. } => "intel.no_taxonomy",
            Self::NoGalaxy { .. } => "intel.no_galaxy",
            Self::NoGalaxyOf { .. } => "intel.no_galaxy_of",
            Self::Older { .. } => "intel.library_older",
            Self::NotRecorded { .. } => "intel.not_taken",
            Self::TooMany { .. } => "intel.too_many",
            Self::Event(fault) => fault.code(),
            Self::Queue(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

impl From<db::Corrupt> for Error {
    fn from(corrupt: db::Corrupt) -> Self {
        Self::Db(corrupt.into())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let detail = error.to_string();
        match error {
            Error::NotFound { .. } => Self::new(ProblemKind::NotFound, code, detail),
            Error::Stale { given, current } | Error::Older { given, current } => {
                Self::new(ProblemKind::Conflict, code, detail)
                    .with("given", given)
                    .with("current", current)
            }
            Error::Taken { name } => {
                Self::new(ProblemKind::Conflict, code, detail).with("name", name)
            }
            Error::Theirs { steward } | Error::NotOnward { steward } => {
                Self::new(ProblemKind::Conflict, code, detail).with("steward", steward)
            }
            Error::ReadOnly => Self::new(ProblemKind::Forbidden, code, detail),
            Error::State(source) => Self::internal(code, source),
            Error::Refused(refused) => refused.into(),
            Error::Invalid(invalid) => Self::new(ProblemKind::Invalid, code, invalid.to_string())
                .with("rule", invalid.rule)
                .at(invalid.field),
            Error::Unreadable { .. }
            | Error::NotTaken(_)
            | Error::NoWarninglist { .. }
            | Error::NoTaxonomy { .. }
            | Error::NoGalaxy { .. } => Self::new(ProblemKind::Invalid, code, detail),
            Error::NoGalaxyOf { kind } => {
                Self::new(ProblemKind::Conflict, code, detail).with("type", kind)
            }
            Error::NotWaiting
            | Error::NotRecorded { .. }
            | Error::Running
            | Error::Disabled
            | Error::Overtaken
            | Error::Sealed => Self::new(ProblemKind::Conflict, code, detail),
            Error::TooMany { what, max } => Self::new(ProblemKind::Conflict, code, detail)
                .with("what", what)
                .with("max", max),
            Error::Event(fault) => Self::new(fault.kind(), code, detail),
            Error::Queue(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
