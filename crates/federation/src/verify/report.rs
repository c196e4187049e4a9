//! What verification found, check by check.

use std::fmt;

use ledger::WitnessTime;

use crate::model::Header;

/// One thing that was looked at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// A stable name, such as `envelope.signatures`.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was found, in one sentence.
    pub sentence: String,
}

/// What verification comes to; the number is the exit code of `comity verify`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Every check holds, and both root keys are trusted.
    Proven = 0,
    /// A check failed.
    Failed = 1,
    /// Something could not be read.
    Unreadable = 2,
    /// Every check holds, and whose root keys these are nobody has said.
    NotAnchored = 3,
}

/// The result, check by check.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Everything that was looked at, in order.
    pub checks: Vec<Check>,
    /// The header, once it could be read. Nothing vouches for it unless all checks hold.
    pub header: Option<Header>,
    /// The place of the leaf in the receiver's ledger.
    pub index: Option<u64>,
    /// The witnesses whose cosignatures hold, and their times.
    pub witnesses: Vec<WitnessTime>,
    pub(super) unreadable: bool,
    pub(super) anchored: bool,
}

/// What these documents never prove, whatever the outcome.
pub const NOT_PROVEN: &str = "A receipt proves that the holder of this ledger key committed to \
    having all bytes of this message before the witnesses' time. It proves neither that anybody \
    read it, nor consent, nor the time that the receipt states of itself.";

impl Report {
    /// What it comes to.
    pub fn outcome(&self) -> Outcome {
        if self.unreadable {
            Outcome::Unreadable
        } else if self.checks.is_empty() || self.checks.iter().any(|check| !check.ok) {
            Outcome::Failed
        } else if self.anchored {
            Outcome::Proven
        } else {
            Outcome::NotAnchored
        }
    }

    pub(super) fn check(
        &mut self,
        name: impl Into<String>,
        ok: bool,
        sentence: impl Into<String>,
    ) -> bool {
        self.checks.push(Check {
            name: name.into(),
            ok,
            sentence: sentence.into(),
        });
        ok
    }

    pub(super) fn cannot_read(&mut self, name: &str, error: &dyn fmt::Display) {
        self.unreadable = true;
        self.check(name, false, format!("It cannot be read: {error}."));
    }
}
