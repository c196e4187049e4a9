//! A file as lines that can be taken in, and what is wrong with the others.

use constituency::csv;

use super::{Column, Columns, Fault, Kind, LINES_MAX, Line, Sheet, TABLE_BYTES_MAX, Wrong, column};
use crate::{
    error::Error,
    model::{Invalid, NAME_CHARS_MAX, TEXT_CHARS_MAX},
};

/// What some programs put before a text in UTF-8.
const MARK: char = '\u{feff}';
/// The longest list in a cell, in characters.
const LIST_CHARS_MAX: usize = 12_000;

/// Reads a table. `chosen` says which column holds what; where it is empty, the names are guessed.
pub(crate) fn read(text: &str, chosen: &Columns) -> Result<Sheet, Error> {
    if text.len() > TABLE_BYTES_MAX {
        return Err(Error::TooLarge {
            max: TABLE_BYTES_MAX,
        });
    }
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let delimiter = csv::delimiter(text);
    let mut sheet = Sheet::default();
    let (mut rest, mut at, mut places) = (text.as_bytes(), 1, None);
    while let Some(cut) = csv::cut(rest, delimiter, true) {
        let (record, after) = rest.split_at_checked(cut.bytes).unwrap_or((rest, &[]));
        rest = after;
        let (line, whole) = (at, cut.lines > 0);
        at += cut.lines;
        let record = String::from_utf8_lossy(record);
        if record.trim().is_empty() {
            continue;
        }
        let cells = csv::cells(&record, delimiter).filter(|_| whole);
        match (&places, cells) {
            (None, cells) => {
                sheet.header = cells.unwrap_or_default();
                sheet.columns = if chosen.is_empty() {
                    column::guess(&sheet.header)
                } else {
                    chosen.clone()
                };
                places = Some(chosen_places(&sheet)?);
            }
            (Some(_), None) if whole => sheet.wrong.push(of_line(line, Fault::Quote)),
            (Some(_), None) => sheet.wrong.push(of_line(line, Fault::TooLong)),
            (Some(_), Some(cells)) if cells.len() != sheet.header.len() => {
                sheet.wrong.push(of_line(line, Fault::Cells));
            }
            (Some(places), Some(cells)) => match line_of(line, &cells, places) {
                Ok(found) => sheet.lines.push(found),
                Err(wrong) => sheet.wrong.push(wrong),
            },
        }
        if sheet.lines.len() + sheet.wrong.len() > LINES_MAX {
            return Err(Error::TooLarge { max: LINES_MAX });
        }
    }
    Ok(sheet)
}

/// The names in the first line of a table; none where it cannot be read.
pub fn header(text: &str) -> Vec<String> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let delimiter = csv::delimiter(text);
    let mut rest = text.as_bytes();
    while let Some(cut) = csv::cut(rest, delimiter, true) {
        let (record, after) = rest.split_at_checked(cut.bytes).unwrap_or((rest, &[]));
        rest = after;
        let record = String::from_utf8_lossy(record);
        if !record.trim().is_empty() {
            return csv::cells(&record, delimiter).unwrap_or_default();
        }
    }
    Vec::new()
}

const fn of_line(line: i64, fault: Fault) -> Wrong {
    Wrong {
        line,
        column: None,
        fault,
    }
}

/// Which cell holds what. A table without the columns that say what a line is says nothing.
fn chosen_places(sheet: &Sheet) -> Result<Vec<(Column, usize)>, Invalid> {
    let rule = "the name of one column, which stands once in the first line";
    let invalid = |column: Column| Invalid {
        field: column.as_str(),
        rule,
    };
    for needed in [Column::Row, Column::Name] {
        if !sheet.columns.contains_key(&needed) {
            return Err(invalid(needed));
        }
    }
    column::places(&sheet.header, &sheet.columns).map_err(invalid)
}

fn line_of(at: i64, cells: &[String], places: &[(Column, usize)]) -> Result<Line, Wrong> {
    let mut line = Line {
        at,
        kind: Kind::Operator,
        cells: std::collections::BTreeMap::new(),
    };
    for &(column, place) in places {
        let cell = cells.get(place).map_or("", |cell| csv::bare(cell));
        let cell = cell.trim().replace("\r\n", "\n");
        if cell.contains('\u{fffd}') || cell.chars().any(is_control) {
            return Err(line.wrong(column, Fault::Control));
        }
        let longest = match column {
            Column::Note | Column::Why => TEXT_CHARS_MAX,
            Column::Countries | Column::Answers | Column::Incidents | Column::Phones => {
                LIST_CHARS_MAX
            }
            _ => NAME_CHARS_MAX,
        };
        if cell.chars().count() > longest {
            return Err(line.wrong(column, Fault::TooLong));
        }
        line.cells.insert(column, cell);
    }
    line.kind = match (
        line.text(Column::Row),
        Kind::from_word(line.text(Column::Row)),
    ) {
        ("", _) => return Err(line.wrong(Column::Row, Fault::Missing)),
        (_, None) => return Err(line.wrong(Column::Row, Fault::Word)),
        (_, Some(kind)) => kind,
    };
    Ok(line)
}

fn is_control(one: char) -> bool {
    one.is_control() && !matches!(one, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_by_line_and_column() {
        let text = "\u{feff}row;key;name\noperator;a;Grid\n\nthing;b;X\noperator;c\n\
                    operator;\"d;X\noperator;e;\u{7}\n;f;X\n";
        let sheet = read(text, &Columns::new()).unwrap();
        assert_eq!(sheet.lines.len(), 1);
        let told: Vec<_> = sheet
            .wrong
            .iter()
            .map(|one| (one.line, one.column, one.fault))
            .collect();
        assert_eq!(
            told,
            [
                (4, Some(Column::Row), Fault::Word),
                (5, None, Fault::Cells),
                (6, None, Fault::Quote),
                (7, Some(Column::Name), Fault::Control),
                (8, Some(Column::Row), Fault::Missing),
            ]
        );
    }

    #[test]
    fn a_table_has_its_columns_and_its_bounds() {
        let none = read("a,b\n1,2\n", &Columns::new());
        assert!(matches!(none, Err(Error::Invalid(invalid)) if invalid.field == "row"));
        let absent = Columns::from([
            (Column::Row, "a".to_owned()),
            (Column::Name, "x".to_owned()),
        ]);
        let absent = read("a,b\n1,2\n", &absent);
        assert!(matches!(absent, Err(Error::Invalid(invalid)) if invalid.field == "name"));
        let large = read(&"x".repeat(TABLE_BYTES_MAX + 1), &Columns::new());
        assert!(matches!(large, Err(Error::TooLarge { .. })));
        let many = format!("row,name\n{}", "operator,a\n".repeat(LINES_MAX + 1));
        assert!(matches!(
            read(&many, &Columns::new()),
            Err(Error::TooLarge { .. })
        ));
        let long = format!("row,name\noperator,{}\n", "x".repeat(70_000));
        let long = read(&long, &Columns::new()).unwrap();
        assert!(long.lines.is_empty() && !long.wrong.is_empty());
    }

    proptest! {
        #[test]
        fn no_table_ends_the_program(text in "\\PC{0,200}", lines in proptest::collection::vec("[a-z,;\"'=\n]{0,40}", 0..8)) {
            let _read = read(&text, &Columns::new());
            let _read = read(&format!("row,name\n{}", lines.join("\n")), &Columns::new());
        }
    }
}
