//! Tables: rows of fields, with a header or without.

use std::io::BufRead;

use super::{
    Place, ReadError, Reason,
    blocks::{Ends, each_block},
    columns::{Layout, Role},
    intake::Intake,
    lines::{LINE_BYTES_MAX, each_line},
    plain::is_comment,
    rows,
    split::split,
};

/// Lines of one row: a quoted field may hold line breaks.
const ROW_LINES_MAX: usize = 64;

/// Reads a table.
pub(super) fn read(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
    layout: &Layout,
) -> Result<(), ReadError> {
    each_block(intake, input, Ends::Rows, |intake, block, before| {
        rows_of(intake, block, before, layout)
    })
}

fn rows_of(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
    before: u64,
    layout: &Layout,
) -> Result<(), ReadError> {
    let mut held = Held::default();
    each_line(input, before, |number, line| {
        let line = match line {
            Ok(line) => line,
            Err(reason) => {
                held.give_up(intake, layout)?;
                return intake.problem(Place::Line(number), "", reason);
            }
        };
        let Ok(text) = str::from_utf8(line) else {
            held.give_up(intake, layout)?;
            if is_comment(line.trim_ascii_start()) {
                return Ok(());
            }
            let text = String::from_utf8_lossy(line);
            return intake.problem(Place::Line(number), &text, Reason::NotUtf8);
        };
        let bare = text.trim();
        // A row of semicolons may begin with one.
        let is_row = layout.delimiter == b';' && bare.starts_with(';');
        if held.lines == 0 && (bare.is_empty() || is_comment(bare.as_bytes()) && !is_row) {
            return Ok(());
        }
        if number == layout.header_line {
            return Ok(());
        }
        held.add(text, number);
        if row(intake, &held.text, held.number, layout, false)? {
            held.clear();
            return Ok(());
        }
        if held.lines >= ROW_LINES_MAX || held.text.len() > LINE_BYTES_MAX {
            held.give_up(intake, layout)?;
        }
        Ok(())
    })?;
    held.give_up(intake, layout)
}

/// Lines that may be one row whose quote is still open.
#[derive(Default)]
struct Held {
    text: String,
    lines: usize,
    /// The number of the first.
    number: u64,
}

impl Held {
    fn add(&mut self, line: &str, number: u64) {
        if self.lines == 0 {
            self.number = number;
        } else {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.lines += 1;
    }

    fn clear(&mut self) {
        self.text.clear();
        self.lines = 0;
    }

    /// The quote is not closed: the first line is reported, and each other is a row of its own.
    fn give_up(&mut self, intake: &mut Intake<'_>, layout: &Layout) -> Result<(), ReadError> {
        if self.lines == 0 {
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        self.lines = 0;
        let mut lines = text.split('\n').zip(self.number..);
        if let Some((line, number)) = lines.next() {
            intake.problem(Place::Line(number), line, Reason::OpenQuote)?;
        }
        for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
            row(intake, line, number, layout, true)?;
        }
        Ok(())
    }
}

/// Takes a row. False where a quote in it is not closed, unless that does not matter.
fn row(
    intake: &mut Intake<'_>,
    text: &str,
    number: u64,
    layout: &Layout,
    literal: bool,
) -> Result<bool, ReadError> {
    let mut fields = Vec::with_capacity(layout.roles.len());
    if !split(text, layout.delimiter, false, &mut fields) {
        if !literal {
            return Ok(false);
        }
        fields.clear();
        split(text, layout.delimiter, true, &mut fields);
    }
    let roles = layout.roles.iter().copied();
    let said: Vec<_> = roles
        .zip(&fields)
        .filter(|(role, _)| *role != Role::Other)
        .map(|(role, field)| (role, field.text()))
        .collect();
    rows::take(intake, &said, Reason::EmptyRow, &|| Place::Line(number))?;
    Ok(true)
}
