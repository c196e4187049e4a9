//! STIX patterns, alone and in lists.

use std::io::BufRead;

use stix::pattern::Pattern;

use super::{
    Place, ReadError, Reason,
    intake::{About, Intake},
    lines::each_line,
    plain::is_comment,
    records,
    simple::values_of,
};

/// Takes a pattern, as values where it says no more than they do.
pub(super) fn take(
    intake: &mut Intake<'_>,
    text: &str,
    about: &About<'_>,
    place: &dyn Fn() -> Place,
) -> Result<(), ReadError> {
    let pattern = match Pattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => return intake.problem(place(), text, Reason::Pattern(error)),
    };
    let Some(values) = values_of(&pattern, intake.options.breadth) else {
        return intake.pattern(text, about);
    };
    for value in values {
        match value {
            Ok(value) => intake.values(std::iter::once(value), text, about, place)?,
            Err(error) => intake.problem(place(), text, error.into())?,
        }
    }
    Ok(())
}

/// Reads a list of one pattern a line, or one record a line.
pub(super) fn read(intake: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<(), ReadError> {
    each_line(input, 0, |number, line| {
        let place = || Place::Line(number);
        let line = match line {
            Ok(line) => line.trim_ascii(),
            Err(reason) => return intake.problem(place(), "", reason),
        };
        if line.is_empty() || is_comment(line) {
            return Ok(());
        }
        if line.starts_with(b"{") {
            return records::line(intake, line, number);
        }
        if let Ok(text) = str::from_utf8(line) {
            return take(intake, text, &About::default(), &place);
        }
        let text = String::from_utf8_lossy(line);
        intake.problem(place(), &text, Reason::NotUtf8)
    })
}
