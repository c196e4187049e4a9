//! What can go wrong with taxonomies.

use kernel::{Problem, ProblemKind};

/// A failure with a taxonomy or a cross-walk.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TaxonomyFault {
    /// There is none of that name and version.
    #[error("no such taxonomy")]
    NotFound,
    /// The file is none that is understood.
    #[error("the file cannot be read at {at}: {detail}")]
    Unreadable {
        /// Where, as a JSON path or a line.
        at: String,
        /// Why, in English.
        detail: String,
    },
    /// That version is here with other entries; a version does not change.
    #[error("version {version} of {name} is here already, with other contents")]
    Differs {
        /// The name.
        name: String,
        /// The version.
        version: String,
    },
    /// Incidents have classes of it.
    #[error("{incidents} incidents have classes of it")]
    InUse {
        /// How many.
        incidents: i64,
    },
    /// It ships with the program.
    #[error("what ships with the program cannot be taken out")]
    Ships,
    /// The taxonomy has no such class.
    #[error("the taxonomy has no class {code:?}; near it are: {nearest}")]
    NoSuchCode {
        /// What was asked for.
        code: String,
        /// The nearest classes, or a dash.
        nearest: String,
    },
    /// The incident has another class where one stands at most.
    #[error("the incident has the class {has} of this taxonomy, which holds one")]
    HasOne {
        /// The class that it has.
        has: String,
    },
    /// There are as many as there can be.
    #[error("there are at most {max} {what}")]
    TooMany {
        /// What.
        what: &'static str,
        /// How many.
        max: usize,
    },
}

impl TaxonomyFault {
    /// The fault of a file, at a place.
    pub(crate) fn unreadable(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Unreadable {
            at: at.into(),
            detail: detail.into(),
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "taxonomy.not_found",
            Self::Unreadable { .. } => "taxonomy.unreadable",
            Self::Differs { .. } => "taxonomy.differs",
            Self::InUse { .. } => "taxonomy.in_use",
            Self::Ships => "taxonomy.ships",
            Self::NoSuchCode { .. } => "taxonomy.no_such_code",
            Self::HasOne { .. } => "taxonomy.has_one",
            Self::TooMany { .. } => "taxonomy.too_many",
        }
    }
}

impl From<TaxonomyFault> for Problem {
    fn from(fault: TaxonomyFault) -> Self {
        let (code, detail) = (fault.code(), fault.to_string());
        let problem = |kind| Self::new(kind, code, detail);
        match fault {
            TaxonomyFault::NotFound => problem(ProblemKind::NotFound),
            TaxonomyFault::Unreadable { at, detail } => problem(ProblemKind::Invalid)
                .with("at", at)
                .with("detail", detail)
                .at("file"),
            TaxonomyFault::Differs { name, version } => problem(ProblemKind::Conflict)
                .with("name", name)
                .with("version", version),
            TaxonomyFault::InUse { incidents } => {
                problem(ProblemKind::Conflict).with("incidents", incidents)
            }
            TaxonomyFault::Ships => problem(ProblemKind::Conflict),
            TaxonomyFault::NoSuchCode { code, nearest } => problem(ProblemKind::Invalid)
                .with("class", code)
                .with("nearest", nearest)
                .at("code"),
            TaxonomyFault::HasOne { has } => problem(ProblemKind::Conflict).with("has", has),
            TaxonomyFault::TooMany { what, max } => problem(ProblemKind::Conflict)
                .with("what", what)
                .with("max", max),
        }
    }
}
