//! What can go wrong in the register.

use access::Refused;
use db::DbError;
use kernel::{Problem, ProblemKind};

use crate::{
    intake::model::{ReportState, Step},
    model::Invalid,
    state::InvalidTransition,
};

/// A failure with a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReportFault {
    /// There is no such report, the code opens none, or the viewer may not know of it.
    #[error("no such report")]
    NotFound,
    /// The report has changed since the caller looked.
    #[error("the report is no longer at version {given}")]
    Stale {
        /// The version that the caller has.
        given: i64,
    },
    /// A step that a report in this state does not take.
    #[error("a report that is {from} cannot be taken the step {step}")]
    Step {
        /// Where it stands.
        from: ReportState,
        /// What was asked for.
        step: Step,
    },
    /// It has to be decided first.
    #[error("a report that is {from} is decided before it is erased")]
    Undecided {
        /// Where it stands.
        from: ReportState,
    },
    /// Nothing can be added to it.
    #[error("the report takes nothing more")]
    Closed,
    /// It holds as many additions as it can.
    #[error("the report is full")]
    Full,
    /// One address brings too many.
    #[error("too many reports from one address")]
    TooMany {
        /// When to come back.
        retry_after_seconds: u32,
    },
}

impl ReportFault {
    const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "report.not_found",
            Self::Stale { .. } => "report.stale",
            Self::Step { .. } => "report.step",
            Self::Undecided { .. } => "report.undecided",
            Self::Closed => "report.closed",
            Self::Full => "report.full",
            Self::TooMany { .. } => "report.too_many",
        }
    }

    const fn kind(self) -> ProblemKind {
        match self {
            Self::NotFound => ProblemKind::NotFound,
            Self::Stale { .. }
            | Self::Step { .. }
            | Self::Undecided { .. }
            | Self::Closed
            | Self::Full => ProblemKind::Conflict,
            Self::TooMany {
                retry_after_seconds,
            } => ProblemKind::TooMany {
                retry_after_seconds,
            },
        }
    }
}

/// A failure in the register.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such entry, or the viewer may not know of it.
    #[error("no such incident")]
    NotFound,
    /// The entry has changed since the caller looked.
    #[error("the incident is at version {current}, not {given}")]
    Stale {
        /// The version that the caller has.
        given: i64,
        /// The version that is stored.
        current: i64,
    },
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(Refused),
    /// A bad value.
    #[error("a value is not allowed")]
    Invalid(#[from] Invalid),
    /// A step that the life cycle does not have.
    #[error("a step is not possible")]
    Transition(#[from] InvalidTransition),
    /// Somebody assessed the entry since the caller looked.
    #[error("the incident has {current} assessments, not {given}")]
    AssessedMeanwhile {
        /// How many the caller knows of.
        given: usize,
        /// How many there are.
        current: usize,
    },
    /// Somebody changed the task since the caller looked.
    #[error("the task is at version {current}, not {given}")]
    TaskStale {
        /// The version that the caller has.
        given: i64,
        /// The version that is stored.
        current: i64,
    },
    /// Somebody entered something about the same vendor, system or step since the caller looked, or
    /// corrected the same entry.
    #[error("entry {current} is about the same, and the caller knows of {given:?}")]
    EnteredMeanwhile {
        /// The number of the entry that the caller saw last.
        given: Option<u32>,
        /// The number of the entry that holds.
        current: u32,
    },
    /// A report.
    #[error(transparent)]
    Report(#[from] ReportFault),
    /// A file that was to be taken in is none of its format.
    #[error("the file cannot be taken in: {detail}")]
    ImportUnreadable {
        /// Why, in English.
        detail: String,
    },
    /// There are too many parts of one kind already.
    #[error("an incident holds at most {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// A file that ships with the program cannot be read: an error of the program.
    #[error("the shipped file {key} is unreadable")]
    ShippedUnreadable {
        /// The file.
        key: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An entry cannot be written as JSON: an error of the program.
    #[error("an incident cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    /// The ledger of acts.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] queue::QueueError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "incident.not_found",
            Self::Stale { .. } => "incident.stale",
            Self::Refused(refused) => refused.code(),
            Self::Invalid(_) => "incident.invalid",
            Self::Transition(_) => "incident.transition",
            Self::AssessedMeanwhile { .. } => "incident.assessed_meanwhile",
            Self::TaskStale { .. } => "incident.task_stale",
            Self::EnteredMeanwhile { .. } => "incident.entered_meanwhile",
            Self::Report(fault) => fault.code(),
            Self::ImportUnreadable { .. } => "incident.import_unreadable",
            Self::TooMany { .. } => "incident.too_many",
            Self::ShippedUnreadable { .. } => "incident.shipped_unreadable",
            Self::Unwritable(_) => "incident.unwritable",
            Self::Audit(error) => error.code(),
            Self::Queue(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let detail = error.to_string();
        match error {
            Error::NotFound => Self::new(ProblemKind::NotFound, code, detail),
            Error::Stale { given, current } | Error::TaskStale { given, current } => {
                Self::new(ProblemKind::Conflict, code, detail)
                    .with("given", given)
                    .with("current", current)
            }
            Error::Refused(refused) => refused.into(),
            Error::Invalid(invalid) => Self::new(ProblemKind::Invalid, code, invalid.to_string())
                .with("rule", invalid.rule)
                .at(invalid.field),
            Error::Transition(step) => Self::new(ProblemKind::Conflict, code, step.to_string())
                .with("from", step.from)
                .with("event", step.event),
            Error::AssessedMeanwhile { given, current } => {
                Self::new(ProblemKind::Conflict, code, detail)
                    .with("given", given)
                    .with("current", current)
            }
            Error::EnteredMeanwhile { given, current } => {
                let given = given.map_or_else(|| "-".to_owned(), |given| given.to_string());
                Self::new(ProblemKind::Conflict, code, detail)
                    .with("given", given)
                    .with("current", current)
            }
            Error::Report(fault) => Self::new(fault.kind(), code, detail),
            Error::ImportUnreadable { detail } => {
                Self::new(ProblemKind::Invalid, code, detail.clone())
                    .with("detail", detail)
                    .at("files")
            }
            Error::TooMany { what, max } => Self::new(ProblemKind::Conflict, code, detail)
                .with("what", what)
                .with("max", max),
            Error::ShippedUnreadable { .. } | Error::Unwritable(_) => Self::internal(code, error),
            Error::Audit(error) => error.into(),
            Error::Queue(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
