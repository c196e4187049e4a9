//! Documents of JSON, one by one: an object, a list of objects, or one after the other.

use serde_json::{Deserializer, value::RawValue};

use super::model::{ENTRY_BYTES_MAX, Remark, Why};

/// The most documents of a text that are no JSON: to look for where each ends may take as long as to
/// read all the rest.
const BROKEN_MAX: usize = 200;

/// A document that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'t> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its text, or why there is none.
    pub text: Result<&'t str, Remark>,
}

/// Every document in a text. One that cannot be read is told, and what comes behind it on another
/// line is looked at; where a list has no end, the last entry says so.
pub fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut lines = Lines::of_text(text);
    let mut at = 0;
    let mut list = None;
    let mut broken = 0;
    while let Some(rest) = text.get(at..) {
        let part = rest.trim_start();
        at += rest.len() - part.len();
        let line = lines.of(at);
        match part.as_bytes().first() {
            None => break,
            Some(b'[') if list.is_none() => {
                list = Some(line);
                at += 1;
                continue;
            }
            Some(b']') if list.take().is_some() => {
                at += 1;
                continue;
            }
            Some(b',') => {
                at += 1;
                continue;
            }
            Some(_) => {}
        }
        let mut values = Deserializer::from_str(part).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                found.push(Entry {
                    line,
                    text: bounded(value.get()),
                });
                at += values.byte_offset();
            }
            Some(Err(_)) if broken == BROKEN_MAX => {
                let detail =
                    format!("more than {BROKEN_MAX} are no JSON: what follows is left out");
                found.push(Entry {
                    line,
                    text: Err(Remark::new("", Why::CutOff, detail)),
                });
                break;
            }
            Some(Err(error)) => {
                broken += 1;
                let detail = format!("no JSON can be read from here on: {error}");
                found.push(Entry {
                    line,
                    text: Err(Remark::new("", Why::Unreadable, detail)),
                });
                let Some(next) = part.find("\n{") else {
                    break;
                };
                at += next + 1;
            }
            None => break,
        }
    }
    if let Some(line) = list {
        let detail = "the list that begins here has no end: the file was cut";
        found.push(Entry {
            line,
            text: Err(Remark::new("", Why::CutOff, detail)),
        });
    }
    found
}

fn bounded(text: &str) -> Result<&str, Remark> {
    if text.len() <= ENTRY_BYTES_MAX {
        return Ok(text);
    }
    let detail = format!(
        "{} bytes; a document has at most {ENTRY_BYTES_MAX}",
        text.len()
    );
    Err(Remark::new("", Why::TooLarge, detail))
}

/// Counts lines, from front to back.
struct Lines<'t> {
    text: &'t str,
    upto: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    const fn of_text(text: &'t str) -> Self {
        Self {
            text,
            upto: 0,
            line: 1,
        }
    }

    fn of(&mut self, at: usize) -> usize {
        let between = self.text.as_bytes().get(self.upto..at).unwrap_or_default();
        self.line += between.split(|&byte| byte == b'\n').count() - 1;
        self.upto = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, bool)> {
        let found = entries(text);
        found
            .iter()
            .map(|one| (one.line, one.text.is_ok()))
            .collect()
    }

    #[test]
    fn lists_lines_and_single_objects_are_taken_apart() {
        assert_eq!(lines("{}"), [(1, true)]);
        assert_eq!(lines("[{},\n{}]"), [(1, true), (2, true)]);
        assert_eq!(lines("{}\n{}\n\n{}"), [(1, true), (2, true), (4, true)]);
        assert_eq!(lines(" \n"), []);
    }

    #[test]
    fn one_broken_document_does_not_stop_the_others() {
        assert_eq!(
            lines("{}\n{\"a\":\n{\"b\": 1}"),
            [(1, true), (2, false), (3, true)]
        );
        let cut = entries("[{}, {");
        assert_eq!(cut.len(), 3);
        assert!(cut[0].text.is_ok());
        assert_eq!(cut[2].text.as_ref().unwrap_err().why, Why::CutOff);
    }

    #[test]
    fn depth_is_no_way_to_the_end_of_the_stack() {
        let deep = "[".repeat(200_000);
        assert!(entries(&deep).iter().all(|one| one.text.is_err()));
        let many = "{\"a\":[\n".repeat(100_000);
        assert_eq!(entries(&many).len(), BROKEN_MAX + 1);
        let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert!(entries(&deep).iter().all(|one| one.text.is_err()));
    }
}
