//! What went wrong, as it is handed from a room to the face that shows it.

use std::{error::Error, fmt};

/// What a caller did that could not be done. `server` turns it into a problem document (RFC 9457)
/// or a page, in the reader's language, by [`Problem::code`]; the cause is for the log alone.
#[derive(Debug)]
pub struct Problem {
    /// A stable code such as `thread.already_closed`.
    pub code: &'static str,
    /// Whose fault it is, and with it the HTTP status.
    pub kind: ProblemKind,
    /// The field of the request that is wrong, where there is one.
    pub field: Option<String>,
    /// What the translated sentence names.
    pub params: Vec<(&'static str, String)>,
    /// One English sentence for a developer; it holds nothing that the caller may not see.
    pub detail: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// Whose fault a problem is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProblemKind {
    /// A bad value (400).
    Invalid,
    /// Nobody is signed in (401).
    Unauthenticated,
    /// The caller knows of it and may not (403).
    Forbidden,
    /// There is none, or the caller may not know of it (404).
    NotFound,
    /// It is there, and this cannot be done to it (405).
    NotAllowed,
    /// It cannot be had in the form that is asked for (406).
    NotAcceptable,
    /// It has changed since the caller looked, or stands in the way (409).
    Conflict,
    /// Too large (413).
    TooLarge,
    /// Of a kind that cannot be read (415).
    Unsupported,
    /// Readable, and at odds with what was sent before (422).
    AtOdds,
    /// Too often (429); the caller may try again after so many seconds.
    TooMany {
        /// Seconds to wait.
        retry_after_seconds: u32,
    },
    /// Ours (500). The caller is shown an id and nothing else.
    Internal,
    /// Ours, and it will pass (503): a full queue, a locked database, a node that is stopping.
    Unavailable,
}

impl Problem {
    /// A problem with this code and sentence.
    pub fn new(kind: ProblemKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            kind,
            field: None,
            params: Vec::new(),
            detail: detail.into(),
            cause: None,
        }
    }

    /// Our own fault, with its cause for the log.
    pub fn internal(code: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(ProblemKind::Internal, code, "internal error")
        }
    }

    /// The same, naming the field at fault.
    #[must_use]
    pub fn at(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// The same, with a parameter for the translated sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The same, with its cause.
    #[must_use]
    pub fn caused_by(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..self
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self.kind {
            ProblemKind::Invalid => 400,
            ProblemKind::Unauthenticated => 401,
            ProblemKind::Forbidden => 403,
            ProblemKind::NotFound => 404,
            ProblemKind::NotAllowed => 405,
            ProblemKind::NotAcceptable => 406,
            ProblemKind::Conflict => 409,
            ProblemKind::TooLarge => 413,
            ProblemKind::Unsupported => 415,
            ProblemKind::AtOdds => 422,
            ProblemKind::TooMany { .. } => 429,
            ProblemKind::Internal => 500,
            ProblemKind::Unavailable => 503,
        }
    }

    /// The whole chain of causes, one level after the other, for the log.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// The whole chain of an error's causes, one level after the other.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut level = error.source();
    while let Some(error) = level {
        text.push_str(": ");
        text.push_str(&error.to_string());
        level = error.source();
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| {
            let cause: &(dyn Error + 'static) = cause.as_ref();
            cause
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_is_for_the_log_and_not_in_the_detail() {
        let problem = Problem::internal("db.unreachable", "connection refused");
        assert_eq!(problem.status(), 500);
        assert_eq!(problem.detail, "internal error");
        assert_eq!(
            problem.chain(),
            "db.unreachable: internal error: connection refused"
        );
    }
}
