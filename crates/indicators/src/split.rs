//! A row of a table and its fields.
//!
//! Fields are split here and not by a crate for CSV because published lists put a space between the
//! delimiter and the quote (`"a", "b"`), and because a quote that is never closed must not swallow
//! the rest of the file: rows are bounded, and what was taken for one row is read again as many.

use std::borrow::Cow;

/// Fields that a row has at most.
const FIELDS_MAX: usize = 1_000;

/// A field of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'r> {
    /// Without the quotes around it.
    raw: &'r str,
    quoted: bool,
}

impl<'r> Field<'r> {
    /// Its text, with doubled quotes as one.
    pub(super) fn text(self) -> Cow<'r, str> {
        if self.quoted && self.raw.contains("\"\"") {
            self.raw.replace("\"\"", "\"").into()
        } else {
            self.raw.into()
        }
    }
}

/// Appends the fields of a row, without white space around them. False where a quote is not closed;
/// with `literal`, quotes are part of the text.
pub(super) fn split<'r>(
    row: &'r str,
    delimiter: u8,
    literal: bool,
    fields: &mut Vec<Field<'r>>,
) -> bool {
    let mut rest = row;
    while fields.len() < FIELDS_MAX {
        let begun = rest.trim_start_matches([' ', if delimiter == b'\t' { ' ' } else { '\t' }]);
        let inner = begun.strip_prefix('"').filter(|_| !literal);
        let (field, behind) = if let Some(inner) = inner {
            let Some(end) = closing(inner) else {
                return false;
            };
            let (raw, behind) = inner.split_at_checked(end).unwrap_or((inner, ""));
            let behind = behind.strip_prefix('"').unwrap_or_default();
            let behind = find(behind, delimiter).map(|(_, behind)| behind);
            (Field { raw, quoted: true }, behind)
        } else {
            let (raw, behind) = match find(begun, delimiter) {
                Some((raw, behind)) => (raw, Some(behind)),
                None => (begun, None),
            };
            let raw = raw.trim_end();
            (Field { raw, quoted: false }, behind)
        };
        fields.push(field);
        let Some(behind) = behind else {
            break;
        };
        rest = behind;
    }
    true
}

fn find(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    text.split_once(char::from(delimiter))
}

/// Where the quote is closed: a quote that is not doubled.
fn closing(inner: &str) -> Option<usize> {
    let mut bytes = inner.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\"' && bytes.next_if(|(_, next)| *next == b'"').is_none() {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &str, delimiter: u8) -> Option<Vec<String>> {
        let mut fields = Vec::new();
        let closed = split(row, delimiter, false, &mut fields);
        closed.then(|| {
            fields
                .into_iter()
                .map(|field| field.text().into_owned())
                .collect()
        })
    }

    #[test]
    fn rows_come_apart() {
        for (row, delimiter, expected) in [
            ("a,b,c", b',', vec!["a", "b", "c"]),
            ("", b',', vec![""]),
            (",", b',', vec!["", ""]),
            ("\"a,b\",c", b',', vec!["a,b", "c"]),
            ("\"a\", \"b, c\" , d", b',', vec!["a", "b, c", "d"]),
            ("\"say \"\"no\"\"\",x", b',', vec!["say \"no\"", "x"]),
            ("a \"b\" c,d", b',', vec!["a \"b\" c", "d"]),
            ("a;b, c;\"d;e\"", b';', vec!["a", "b, c", "d;e"]),
            ("a\t\tc", b'\t', vec!["a", "", "c"]),
            ("\"a\nb\",c", b',', vec!["a\nb", "c"]),
            ("\u{e4},\"\u{20ac}\"", b',', vec!["\u{e4}", "\u{20ac}"]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(String::from).collect();
            assert_eq!(texts(row, delimiter), Some(expected), "{row:?}");
        }
        assert_eq!(texts("a,\"b", b','), None);
        assert_eq!(texts("\"a\"\"", b','), None);
    }

    #[test]
    fn a_row_has_so_many_fields_at_most() {
        assert_eq!(texts(&",".repeat(5_000), b',').unwrap().len(), FIELDS_MAX);
    }
}
