//! What can go wrong in the register.

use access::Refused;
use db::DbError;
use kernel::{Problem, ProblemKind};

use crate::{
    clocks::CalendarFault,
    intake::model::{ReportState, Step},
    model::Invalid,
    state::InvalidTransition,
    taxonomy::error::TaxonomyFault,
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

/// A failure with a piece of evidence.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EvidenceFault {
    /// There is no such item, or the viewer may not know of it.
    #[error("no such piece of evidence")]
    NotFound,
    /// It has more bytes than are taken.
    #[error("a piece of evidence has too many bytes")]
    TooLarge,
    /// The bytes that came are not those that were announced.
    #[error("the bytes that came have another SHA-256 than was said")]
    Differs,
    /// The bytes stopped coming before their end.
    #[error("the bytes stopped coming")]
    BrokenOff,
    /// It is sealed; no copy is given out.
    #[error("the piece of evidence is sealed")]
    Sealed,
    /// Its bytes were destroyed.
    #[error("the piece of evidence was destroyed")]
    Destroyed,
    /// A hand-over waits to be answered.
    #[error("a hand-over waits for its answer")]
    Pending,
    /// No such hand-over waits for an answer, or not for one of this viewer.
    #[error("no such hand-over waits for an answer of this viewer")]
    NotPending,
    /// It stands where it should be brought already.
    #[error("it is so already")]
    Already,
}

impl EvidenceFault {
    const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "evidence.not_found",
            Self::TooLarge => "evidence.too_large",
            Self::Differs => "evidence.differs",
            Self::BrokenOff => "evidence.broken_off",
            Self::Sealed => "evidence.sealed",
            Self::Destroyed => "evidence.destroyed",
            Self::Pending => "evidence.pending",
            Self::NotPending => "evidence.not_pending",
            Self::Already => "evidence.already",
        }
    }

    const fn kind(self) -> ProblemKind {
        match self {
            Self::NotFound => ProblemKind::NotFound,
            Self::TooLarge => ProblemKind::TooLarge,
            Self::BrokenOff => ProblemKind::Invalid,
            Self::Differs => ProblemKind::AtOdds,
            Self::Sealed | Self::Destroyed | Self::Pending | Self::NotPending | Self::Already => {
                ProblemKind::Conflict
            }
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
    /// A piece of evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceFault),
    /// A taxonomy, or a class of one.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyFault),
    /// A calendar of days off.
    #[error(transparent)]
    Calendar(#[from] CalendarFault),
    /// The folder of sealed files.
    #[error(transparent)]
    Files(#[from] federation::error::Error),
    /// A sealed piece cannot be opened: it was changed where it lies.
    #[error("sealed bytes cannot be opened")]
    Unsealable(#[source] seal::Error),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] queue::QueueError),
    /// A legal hold lasts; nothing is destroyed or erased.
    #[error("a legal hold lasts on the incident")]
    Held,
    /// No such hold lasts.
    #[error("no such legal hold lasts")]
    NotHeld,
    /// The entry was merged into another, and takes nothing more.
    #[error("the incident was merged into another")]
    Merged,
    /// Two entries that cannot become one, or not be taken apart again.
    #[error("the incidents cannot be merged or taken apart: {why}")]
    Unmergeable {
        /// Why, as a code.
        why: &'static str,
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
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
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
            Self::Evidence(fault) => fault.code(),
            Self::Taxonomy(fault) => fault.code(),
            Self::Calendar(fault) => fault.code(),
            Self::Held => "incident.held",
            Self::NotHeld => "incident.not_held",
            Self::Merged => "incident.merged",
            Self::Unmergeable { why } => why,
            Self::Files(error) => error.code(),
            Self::Unsealable(_) => "evidence.unreadable",
            Self::Queue(error) => error.code(),
            Self::TooMany { .. } => "incident.too_many",
            Self::ShippedUnreadable { .. } => "incident.shipped_unreadable",
            Self::Unwritable(_) => "incident.unwritable",
            Self::Audit(error) => error.code(),
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
            Error::Held | Error::NotHeld | Error::Merged | Error::Unmergeable { .. } => {
                Self::new(ProblemKind::Conflict, code, detail)
            }
            Error::Evidence(fault) => Self::new(fault.kind(), code, detail),
            Error::Taxonomy(fault) => fault.into(),
            Error::Calendar(fault) => fault.into(),
            Error::Files(error) => error.into(),
            Error::Queue(error) => error.into(),
            Error::TooMany { what, max } => Self::new(ProblemKind::Conflict, code, detail)
                .with("what", what)
                .with("max", max),
            Error::ShippedUnreadable { .. } | Error::Unwritable(_) | Error::Unsealable(_) => {
                Self::internal(code, error)
            }
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
