//! Requests that came to nothing.

use std::time::Duration;

use axum::http::StatusCode;
use formats_misp::{MispError, MispErrorKind};
use intel::remotes::Trouble;
use serde_json::Value;

/// How much of a server's own words is repeated.
const WORDS_MAX: usize = 300;

/// A request that came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missed {
    /// The server says no.
    #[error("it answers {status}: {said}")]
    Refused {
        status: StatusCode,
        said: String,
        wait: Option<Duration>,
    },
    /// The answer cannot be used.
    #[error("{detail}")]
    Unusable { code: &'static str, detail: String },
    /// There was no whole answer.
    #[error("there was no whole answer")]
    Outward(#[from] outward::Error),
}

impl Missed {
    /// A stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Refused { status, .. } => match status.as_u16() {
                401 | 403 => "misp.not_allowed",
                404 => "misp.not_there",
                405 => "misp.not_possible",
                _ => "misp.refused",
            },
            Self::Unusable { code, .. } => code,
            Self::Outward(_) => "misp.no_answer",
        }
    }

    /// For people.
    pub(super) fn detail(&self) -> String {
        kernel::chain(self)
    }

    /// Whether the same may succeed later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Refused { status, .. } => outward::is_passing(*status),
            // What was cut on the way may be whole the next time.
            Self::Unusable { code, .. } => *code == "misp.incomplete",
            Self::Outward(error) => error.may_pass(),
        }
    }

    pub(super) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    pub(super) fn unusable(code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Unusable { code, detail }
    }
}

impl From<Missed> for Trouble {
    fn from(missed: Missed) -> Self {
        if let Missed::Outward(error) = missed {
            return error.into();
        }
        let (code, detail) = (missed.code(), missed.detail());
        let wait = match &missed {
            Missed::Refused { wait, .. } => *wait,
            _ => None,
        };
        let trouble = if missed.may_pass() {
            Self::passing(code, detail)
        } else {
            Self::lasting(code, detail)
        };
        Self { wait, ..trouble }
    }
}

impl From<MispError> for Missed {
    fn from(error: MispError) -> Self {
        let code = match error.kind {
            MispErrorKind::Json(_) if error.code() == "misp.syntax" => "misp.no_json",
            _ => error.code(),
        };
        Self::unusable(code, error.to_string())
    }
}

/// What an instance says for people, cut short.
pub(super) fn words_of(said: &Value) -> String {
    let mut words = String::new();
    for name in ["message", "errors", "name"] {
        match said.get(name) {
            None | Some(Value::Null | Value::Bool(_)) => {}
            Some(Value::String(text)) => words.push_str(text),
            Some(other) => words.push_str(&other.to_string()),
        }
        if !words.is_empty() {
            break;
        }
    }
    let shown = words.chars().filter(|one| !one.is_control());
    shown.take(WORDS_MAX).collect()
}

/// An address of theirs that is none.
pub(super) fn bad_address() -> Missed {
    Missed::unusable("misp.address", "its address cannot be used")
}
