//! What a check finds.

use std::fmt;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// A SHOULD is not kept.
    Warning,
    /// A MUST is not kept.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One fault of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// A stable code: `property.missing`.
    pub code: &'static str,
    /// The section of STIX 2.1 that says so, `4.7`, or a section of another text by its name; see
    /// [`Finding::reference`].
    pub clause: &'static str,
    /// Where, as a JSON pointer (RFC 6901) from the object.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// The text and the section that says so: `STIX 2.1 §4.7`.
    pub fn reference(&self) -> String {
        if self
            .clause
            .starts_with(|first: char| first.is_ascii_digit())
        {
            format!("STIX 2.1 §{}", self.clause)
        } else {
            self.clause.to_owned()
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = self.severity.as_str();
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        let Self { code, message, .. } = self;
        write!(
            f,
            "{severity}[{code}] {pointer}: {message} ({})",
            self.reference()
        )
    }
}

/// A step from a value to one within it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'d> {
    Member(&'d str),
    Item(usize),
}

/// The findings of one object, and where the check stands.
#[derive(Debug)]
pub struct Report<'d> {
    findings: Vec<Finding>,
    left_out: usize,
    path: Vec<Step<'d>>,
    /// The section of what is being checked.
    clause: &'static str,
    /// Whether warnings are noted.
    warnings: bool,
}

impl Default for Report<'_> {
    fn default() -> Self {
        Self {
            findings: Vec::new(),
            left_out: 0,
            path: Vec::new(),
            clause: "3.1",
            warnings: true,
        }
    }
}

impl<'d> Report<'d> {
    /// How many findings of one object are kept; a hostile one could have a million.
    pub const FINDINGS_MAX: usize = 1_000;

    /// A report that notes what breaks a MUST and nothing else, which costs less.
    pub fn of_errors() -> Self {
        Self {
            warnings: false,
            ..Self::default()
        }
    }

    /// What was found, in the order of the object.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings beyond [`Report::FINDINGS_MAX`] there were.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether no MUST is broken.
    pub fn is_valid(&self) -> bool {
        self.left_out == 0
            && self
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Warning)
    }

    /// Forgets all findings, so that the next object can use the report's memory.
    pub fn clear(&mut self) {
        self.findings.clear();
        self.path.clear();
        self.left_out = 0;
    }

    /// Whether a warning would be noted; where not, its message need not be made.
    pub(crate) fn warns(&self) -> bool {
        self.warnings
    }

    /// The findings, taken out.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Notes a broken MUST at the members `tail` below where the check stands.
    pub(crate) fn error(&mut self, code: &'static str, tail: &[&str], message: impl Into<String>) {
        self.note(Severity::Error, (code, self.clause), tail, message.into());
    }

    /// Notes a SHOULD that is not kept.
    pub(crate) fn warn(&mut self, code: &'static str, tail: &[&str], message: impl Into<String>) {
        self.note(Severity::Warning, (code, self.clause), tail, message.into());
    }

    /// [`Report::error`] under another section than that of the object.
    pub(crate) fn error_by(
        &mut self,
        (code, clause): (&'static str, &'static str),
        message: impl Into<String>,
    ) {
        self.note(Severity::Error, (code, clause), &[], message.into());
    }

    /// [`Report::warn`] under another section than that of the object.
    pub(crate) fn warn_by(
        &mut self,
        (code, clause): (&'static str, &'static str),
        message: impl Into<String>,
    ) {
        self.note(Severity::Warning, (code, clause), &[], message.into());
    }

    /// Checks what is one step below.
    pub(crate) fn within<R>(&mut self, step: Step<'d>, check: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let checked = check(self);
        self.path.pop();
        checked
    }

    /// Checks something that another section defines.
    pub(crate) fn under<R>(
        &mut self,
        clause: &'static str,
        check: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let before = std::mem::replace(&mut self.clause, clause);
        let checked = check(self);
        self.clause = before;
        checked
    }

    fn note(
        &mut self,
        severity: Severity,
        (code, clause): (&'static str, &'static str),
        tail: &[&str],
        message: String,
    ) {
        if severity == Severity::Warning && !self.warnings {
            return;
        }
        if self.findings.len() >= Self::FINDINGS_MAX {
            self.left_out += 1;
            return;
        }
        let pointer = self.pointer(tail);
        self.findings.push(Finding {
            severity,
            code,
            clause,
            pointer,
            message,
        });
    }

    fn pointer(&self, tail: &[&str]) -> String {
        let mut pointer = String::new();
        let steps = self
            .path
            .iter()
            .copied()
            .chain(tail.iter().map(|name| Step::Member(name)));
        for step in steps {
            pointer.push('/');
            match step {
                Step::Member(name) => {
                    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                }
                Step::Item(at) => pointer.push_str(&at.to_string()),
            }
        }
        pointer
    }
}

/// A text from the input, short enough for a message.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN_MAX: usize = 80;
    let mut cut: String = text.chars().take(SHOWN_MAX).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}
