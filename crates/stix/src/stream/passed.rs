//! Where an object ends that is not read.

use std::io::Read;

use super::{State, Stream, StreamError};
use crate::json::{JsonError, JsonErrorKind};

const ID: &[u8] = b"id";
/// The longest id that is told.
const ID_BYTES_MAX: usize = 512;

impl<R: Read> Stream<R> {
    /// Passes over an object of a list that could not be read for a reason that is its own
    /// ([`JsonErrorKind::is_within`]), and gives its id, where it says one plainly. The stream goes on
    /// after it.
    ///
    /// # Errors
    /// The brackets of the object do not match, or it stands in no list.
    pub fn pass_over(&mut self) -> Result<Option<String>, StreamError> {
        if !matches!(self.state, State::Objects { .. }) {
            return Err(self.expected("a list around the object"));
        }
        let mut passed = Passed::default();
        loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            if let Some(end) = passed.read(rest).map_err(|error| self.located(error))? {
                self.taken += end;
                return Ok(passed.into_id());
            }
            let bytes_max = self.limits.object.bytes_max;
            if rest.len() >= bytes_max {
                let kind = JsonErrorKind::TooLarge(bytes_max);
                return Err(self.located(JsonError { kind, position: 0 }));
            }
            if self.ended {
                return Err(self.incomplete());
            }
            self.fill()?;
        }
    }
}

/// How far an object was passed over.
#[derive(Debug, Default)]
struct Passed {
    /// The bytes that were looked at.
    at: usize,
    /// The brackets that are open, outermost first.
    open: Vec<u8>,
    /// Where the string begins that is open.
    string: Option<usize>,
    /// Whether the member that is read is the id.
    is_id: bool,
    id: Option<String>,
}

impl Passed {
    /// Reads on in the text of the object, of which more came. Its end, where it is there.
    fn read(&mut self, text: &str) -> Result<Option<usize>, JsonError> {
        let bytes = text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let here = self.at;
            self.at += 1;
            if let Some(start) = self.string {
                match byte {
                    // What is escaped ends no string; it may not be here yet.
                    b'\\' if bytes.get(self.at).is_some() => self.at += 1,
                    b'\\' => {
                        self.at = here;
                        return Ok(None);
                    }
                    b'"' => {
                        self.string = None;
                        self.said(bytes.get(start..here).unwrap_or_default());
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.string = Some(self.at),
                b'{' | b'[' => self.open.push(byte),
                b'}' | b']' => {
                    let opened = self.open.pop();
                    let matches = matches!((opened, byte), (Some(b'{'), b'}') | (Some(b'['), b']'));
                    if !matches {
                        return Err(JsonErrorKind::Expected("a bracket that matches").at(here));
                    }
                }
                b',' if self.open.len() == 1 => self.is_id = false,
                _ => {}
            }
            if self.open.is_empty() {
                return Ok(Some(self.at));
            }
        }
        Ok(None)
    }

    /// What it said of its id.
    fn into_id(self) -> Option<String> {
        self.id
    }

    /// A string was read: the name of a member, or what it is.
    fn said(&mut self, text: &[u8]) {
        if self.open.len() != 1 || self.id.is_some() {
            return;
        }
        if !self.is_id {
            self.is_id = text == ID;
        } else if text.len() <= ID_BYTES_MAX && !text.contains(&b'\\') {
            self.id = std::str::from_utf8(text).ok().map(str::to_owned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(text: &str) -> (Option<usize>, Option<String>) {
        let mut passed = Passed::default();
        let end = passed.read(text).unwrap();
        (end, passed.into_id())
    }

    #[test]
    fn an_object_ends_at_its_own_bracket() {
        let text = r#"{"a":["}",{"id":"x"}],"b":"\\","id" : "y","c":"\"]"} , {"id":"z"}"#;
        let (end, id) = passed(text);
        assert_eq!(text.get(end.unwrap()..), Some(r#" , {"id":"z"}"#));
        assert_eq!(id.as_deref(), Some("y"));
        // A value that is called as the name is, is none.
        assert_eq!(passed(r#"{"type":"id","name":"n"}"#).1, None);
    }

    #[test]
    fn an_object_may_come_byte_by_byte() {
        let text = r#"{"a":"\ud800\"","id":"x"} tail"#;
        let mut passed = Passed::default();
        let ends: Vec<_> = (1..=text.len())
            .filter_map(|end| passed.read(text.get(..end)?).unwrap())
            .take(1)
            .collect();
        assert_eq!(ends, [text.len() - 5]);
        assert_eq!(passed.into_id().as_deref(), Some("x"));
    }

    #[test]
    fn brackets_that_do_not_match_are_no_object() {
        assert!(Passed::default().read("{]").is_err());
    }
}
