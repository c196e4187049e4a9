//! What the program says: results on standard output, failures on standard error.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use std::{
    env, fmt,
    io::{self, IsTerminal, Write},
};

use anyhow::Error;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// A command that did not do its work: what failed, why, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What failed, with its causes.
    pub(crate) error: Error,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// The exit code.
    pub(crate) exit: u8,
}

/// The exit code of a failure that says nothing else.
pub(crate) const FAILED: u8 = 1;

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            hint: None,
            exit: FAILED,
        }
    }
}

/// Adds a hint to whatever fails.
pub(crate) trait Hint<T> {
    /// The same, with what to do about it.
    fn hint(self, hint: impl Into<String>) -> Result<T, Failure>;
}

impl<T, E: Into<Failure>> Hint<T> for Result<T, E> {
    fn hint(self, hint: impl Into<String>) -> Result<T, Failure> {
        self.map_err(|error| Failure {
            hint: Some(hint.into()),
            ..error.into()
        })
    }
}

/// One line for people.
pub(crate) fn line(text: impl fmt::Display) {
    println!("{text}");
}

/// One line about the work, beside the result.
pub(crate) fn note(text: impl fmt::Display) {
    eprintln!("{text}");
}

/// Data for programs.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Whether what is printed goes to a terminal that shows colours (no-color.org).
pub(crate) fn is_coloured() -> bool {
    io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    Ok(io::stdout().lock().write_all(bytes)?)
}

/// Bytes that somebody may wait for.
pub(crate) fn stream(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Says what failed, why, and what to do.
pub(crate) fn failure(failure: &Failure) {
    eprintln!("error: {}", failure.error);
    for cause in failure.error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    if let Some(hint) = &failure.hint {
        eprintln!("hint: {hint}");
    }
}

/// A bar for long work; it is drawn on a terminal alone.
pub(crate) fn progress(what: &'static str, total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        Some(total),
        if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        },
    );
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_wrong| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar
}
