//! Comma-separated values, record by record from pieces of a file.

/// The longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 64 * 1024;
/// The most cells of a record.
pub const CELLS_MAX: usize = 200;

/// What stands between cells.
pub const DELIMITERS: [u8; 3] = *b",;\t";

/// One record, or what became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cut {
    /// How many bytes it takes, its end of line included.
    pub bytes: usize,
    /// How many lines of the file it takes.
    pub lines: i64,
}

/// Where the record at the beginning of the bytes ends. Nothing if more bytes are needed to know;
/// `is_last` says that there are none. A quote that is not closed within the longest record ends with
/// its line; a line that is longer than that is cut after so many bytes, and counts as no line.
pub fn cut(bytes: &[u8], delimiter: u8, is_last: bool) -> Option<Cut> {
    let (mut quoted, mut is_start, mut lines) = (false, true, 1);
    let mut first_line = None;
    for (at, &byte) in bytes.iter().enumerate() {
        let bytes = at.saturating_add(1);
        // A quote within quotes is written as two: the first one closes, the next one opens again.
        let closes = quoted && byte == b'"';
        match byte {
            b'"' if quoted || is_start => quoted = !quoted,
            b'\n' => {
                if !quoted {
                    return Some(Cut { bytes, lines });
                }
                first_line = first_line.or(Some(bytes));
                lines += 1;
            }
            _ => {}
        }
        is_start = closes || (!quoted && (byte == delimiter || (is_start && byte == b' ')));
        if bytes >= RECORD_BYTES_MAX {
            let line = first_line.map(|bytes| Cut { bytes, lines: 1 });
            return line.or(Some(Cut { bytes, lines: 0 }));
        }
    }
    match first_line {
        _ if !is_last || bytes.is_empty() => None,
        Some(bytes) if quoted => Some(Cut { bytes, lines: 1 }),
        _ => Some(Cut {
            bytes: bytes.len(),
            lines,
        }),
    }
}

/// The cells of a record, without the spaces around them. Nothing where a quote is not closed, or
/// where there are too many.
pub fn cells(record: &str, delimiter: u8) -> Option<Vec<String>> {
    let delimiter = char::from(delimiter);
    let record = record.strip_suffix('\n').unwrap_or(record);
    let record = record.strip_suffix('\r').unwrap_or(record);
    let (mut found, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = record.chars().peekable();
    while let Some(one) = chars.next() {
        match one {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted || cell.trim().is_empty() => quoted = !quoted,
            _ if one == delimiter && !quoted => {
                found.push(cell.trim().to_owned());
                cell.clear();
                if found.len() >= CELLS_MAX {
                    return None;
                }
            }
            _ => cell.push(one),
        }
    }
    found.push(cell.trim().to_owned());
    (!quoted).then_some(found)
}

/// What stands between the cells of the first record: the mark that occurs most.
pub fn delimiter(head: &str) -> u8 {
    let line = head.lines().next().unwrap_or_default();
    let count = |mark: u8| line.bytes().filter(|byte| *byte == mark).count();
    let best = DELIMITERS.into_iter().rev().max_by_key(|mark| count(*mark));
    best.unwrap_or(b',')
}

/// Adds a cell. What a table calculator would take for a formula gets an apostrophe before it, and so
/// does what has one, so that [`bare`] gives back what was there.
pub fn push_cell(out: &mut String, text: &str) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push(',');
    }
    out.push('"');
    if kernel::is_formula(text) || text.starts_with('\'') {
        out.push('\'');
    }
    for one in text.chars() {
        if one == '"' {
            out.push('"');
        }
        out.push(one);
    }
    out.push('"');
}

/// A cell without the apostrophe that keeps it from being a formula.
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| kernel::is_formula(rest) || rest.starts_with('\''))
        .unwrap_or(cell)
}

/// Adds a record.
pub fn push_record<'t>(out: &mut String, cells: impl IntoIterator<Item = &'t str>) {
    for cell in cells {
        push_cell(out, cell);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn records_end_where_no_quote_is_open() {
        let text = b"a,\"b\nc\"\r\nd\n";
        assert_eq!(cut(text, b',', false), Some(Cut { bytes: 9, lines: 2 }));
        assert_eq!(cut(b"a,b", b',', false), None);
        assert_eq!(cut(b"a,b", b',', true), Some(Cut { bytes: 3, lines: 1 }));
        assert_eq!(cut(b"", b',', true), None);
        // The line with the open quote is one record; those after it stand for themselves.
        assert_eq!(
            cut(b"a,\"b\nc,d\n", b',', true),
            Some(Cut { bytes: 5, lines: 1 })
        );
    }

    #[test]
    fn an_open_quote_takes_its_line_alone() {
        let mut file = b"a,\"b\n".to_vec();
        file.extend(b"c,d\n".repeat(RECORD_BYTES_MAX));
        assert_eq!(cut(&file, b',', false), Some(Cut { bytes: 5, lines: 1 }));
        assert_eq!(cells("a,\"b", b','), None);
        let long = vec![b'x'; RECORD_BYTES_MAX + 1];
        let bytes = RECORD_BYTES_MAX;
        assert_eq!(cut(&long, b',', false), Some(Cut { bytes, lines: 0 }));
        // Inches are no quote.
        assert_eq!(
            cut(b"5\" disk,x\ny\n", b',', false).map(|cut| cut.bytes),
            Some(10)
        );
    }

    #[test]
    fn a_formula_leaves_as_text() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|x"] {
            let mut out = String::new();
            push_cell(&mut out, text);
            assert!(out.starts_with("\"'"), "{out}");
        }
        for text in ["=1+1", "'=1", "''", "'x", "x", "", "'"] {
            let mut out = String::new();
            push_record(&mut out, [text]);
            assert_eq!(bare(&cells(&out, b',').unwrap()[0]), text);
        }
        // What nobody guarded stays as it is.
        assert_eq!(bare("'x"), "'x");
        let mut out = String::new();
        push_record(&mut out, ["a\"b", "", "خادم"]);
        assert_eq!(out, "\"a\"\"b\",\"\",\"خادم\"\r\n");
    }

    #[test]
    fn the_delimiter_is_seen() {
        assert_eq!(delimiter("a;b;c,d\n1,2,3,4,5"), b';');
        assert_eq!(delimiter("a\tb"), b'\t');
        assert_eq!(delimiter("a"), b',');
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in proptest::collection::vec("[a-z\"\n,; é]{0,8}", 1..6)) {
            let texts: Vec<String> = texts.iter().map(|text| format!("x{}", text.trim())).collect();
            let texts: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
            let mut out = String::new();
            push_record(&mut out, texts.iter().copied());
            let found = cut(out.as_bytes(), b',', false).map(|cut| cut.bytes);
            prop_assert_eq!(found, Some(out.len()));
            prop_assert_eq!(cells(&out, b','), Some(texts.iter().map(|text| (*text).to_owned()).collect()));
        }

        #[test]
        fn no_bytes_end_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = String::from_utf8_lossy(&bytes);
            let _cells = cells(&text, b',');
            let mut rest: &[u8] = &bytes;
            while let Some(cut) = cut(rest, b',', true) {
                prop_assert!(cut.bytes > 0);
                rest = &rest[cut.bytes..];
            }
            prop_assert!(rest.is_empty());
        }
    }
}
