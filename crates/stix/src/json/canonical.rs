//! The canonical form of RFC 8785 (JCS).

use std::fmt::Write as _;

use super::{JsonError, JsonErrorKind, Kind, Value};

/// The value in the form of RFC 8785: no white space, members sorted by the UTF-16 code units of
/// their names, numbers as ECMAScript writes them, strings with the fewest escapes.
///
/// # Errors
/// [`JsonErrorKind::Expected`] for a number that no double is near (RFC 8785 §3.2.2.3).
pub fn canonical(value: Value<'_>) -> Result<String, JsonError> {
    let mut out = String::with_capacity(value.raw().len());
    write(value, &mut out)?;
    Ok(out)
}

/// Recursion ends, since a document's depth has a limit.
fn write(value: Value<'_>, out: &mut String) -> Result<(), JsonError> {
    match value.kind() {
        Kind::Null | Kind::Bool => out.push_str(value.raw()),
        Kind::Number => {
            let written = value
                .as_number()
                .is_some_and(|number| number.write_canonical(out));
            if !written {
                return Err(JsonErrorKind::Expected("a number that a double can hold").at(0));
            }
        }
        Kind::String => write_string(value.raw(), out),
        Kind::Array => {
            out.push('[');
            for (index, item) in value.items().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Kind::Object => {
            let mut members: Vec<_> = value.members().collect();
            members.sort_unstable_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// RFC 8785 §3.2.2.2, which is also the shortest valid JSON string.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = text;
    while let Some(at) = plain.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (before, rest) = plain.split_at(at);
        out.push_str(before);
        let mut characters = rest.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(other) => {
                // Writing to a String cannot fail.
                let _infallible = write!(out, "\\u{:04x}", u32::from(other));
            }
            None => {}
        }
        plain = characters.as_str();
    }
    out.push_str(plain);
    out.push('"');
}
