//! Cells of a table (RFC 4180), parted by commas, semicolons, tabs or bars.

use crate::formats::model::{Remark, Why};

/// The most columns.
pub(super) const COLUMNS_MAX: usize = 200;
/// The most rows.
pub(super) const ROWS_MAX: usize = 1_000_000;
const PARTED: [char; 4] = [',', ';', '\t', '|'];

/// A row of a table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Table {
    /// The names of the columns; of two of one name the second is numbered.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What cannot be read of it.
    pub remarks: Vec<Remark>,
}

impl Table {
    /// The table in a text.
    pub fn parse(text: &str) -> Result<Self, Remark> {
        let mut reader = Reader {
            rest: text.chars(),
            parted: parted(text),
            line: 1,
            open: false,
        };
        let Some(head) = reader.row() else {
            return Err(Remark::new("", Why::Missing, "the table has no head"));
        };
        if head.cells.len() > COLUMNS_MAX {
            let detail = format!("{} columns; at most {COLUMNS_MAX}", head.cells.len());
            return Err(Remark::new("", Why::TooLarge, detail));
        }
        let head = numbered(head.cells);
        let (mut rows, mut remarks) = (Vec::new(), Vec::new());
        while let Some(row) = reader.row() {
            if rows.len() >= ROWS_MAX {
                let detail =
                    format!("more than {ROWS_MAX} rows: what comes from here on is left out");
                remarks.push(Remark::new(
                    format!("line {}", row.line),
                    Why::CutOff,
                    detail,
                ));
                break;
            }
            if reader.open {
                let detail = "a quoted cell has no end: the row is left out";
                remarks.push(Remark::new(
                    format!("line {}", row.line),
                    Why::CutOff,
                    detail,
                ));
                break;
            }
            rows.push(row);
        }
        Ok(Self {
            head,
            rows,
            remarks,
        })
    }
}

/// What parts the cells: of what stands in the first line outside of quotes the most frequent.
fn parted(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [0_usize; PARTED.len()];
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            _ if !quoted => {
                for (count, parted) in counts.iter_mut().zip(PARTED) {
                    *count += usize::from(parted == c);
                }
            }
            _ => {}
        }
    }
    let best = counts
        .iter()
        .zip(PARTED)
        .rev()
        .max_by_key(|(count, _)| **count);
    best.map_or(',', |(_, parted)| parted)
}

/// The names of columns, each once.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut head: Vec<String> = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let plain: String = name
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(100)
            .collect();
        let plain = if plain.is_empty() {
            format!("column {}", at + 1)
        } else {
            plain
        };
        let mut unique = plain.clone();
        let mut number = 2_usize;
        while head.contains(&unique) {
            unique = format!("{plain} ({number})");
            number += 1;
        }
        head.push(unique);
    }
    head
}

struct Reader<'t> {
    rest: std::str::Chars<'t>,
    parted: char,
    line: usize,
    /// True where a quoted cell was open at the end.
    open: bool,
}

impl Reader<'_> {
    /// The next row that has anything in it.
    fn row(&mut self) -> Option<Row> {
        loop {
            let line = self.line;
            let mut cells = Vec::new();
            let more = loop {
                let (cell, end) = self.cell();
                cells.push(cell);
                match end {
                    End::Cell => {}
                    End::Row => break true,
                    End::Text => break false,
                }
            };
            if self.open || cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(Row { line, cells });
            }
            if !more {
                return None;
            }
        }
    }

    fn cell(&mut self) -> (String, End) {
        let mut cell = String::new();
        let mut quoted = false;
        let mut begun = false;
        loop {
            let Some(c) = self.rest.next() else {
                self.open |= quoted;
                return (cell, End::Text);
            };
            match c {
                '"' if quoted => {
                    if self.rest.as_str().starts_with('"') {
                        self.rest.next();
                        cell.push('"');
                    } else {
                        quoted = false;
                    }
                }
                '"' if !begun => {
                    quoted = true;
                    begun = true;
                }
                '\r' if self.rest.as_str().starts_with('\n') => {}
                '\n' | '\r' => {
                    self.line += 1;
                    if !quoted {
                        return (cell, End::Row);
                    }
                    cell.push('\n');
                }
                c if c == self.parted && !quoted => return (cell, End::Cell),
                c => {
                    begun |= !c.is_whitespace();
                    cell.push(c);
                }
            }
        }
    }
}

enum End {
    Cell,
    Row,
    Text,
}
