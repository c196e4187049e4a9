//! What a bundle is beside its objects.

use crate::json::{Document, JsonError, JsonErrorKind, Limits, Spare, is_white};

/// A bundle that was read to its end: its members without the objects, and how many these were.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Envelope {
    json: String,
    objects: Option<u64>,
    /// Whether a member `objects` came, list or not.
    named: bool,
}

impl Envelope {
    /// Its members as a JSON object. `objects` is one of them only where it is no list.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// How many objects its list has; nothing where there is no list.
    pub fn objects(&self) -> Option<u64> {
        self.objects
    }

    /// Takes a member other than a list of objects, both parts as JSON.
    pub(super) fn member(
        &mut self,
        name: &str,
        value: &str,
        limits: &Limits,
    ) -> Result<(), JsonError> {
        self.json.push(if self.json.is_empty() { '{' } else { ',' });
        self.json.extend([name, ":", value]);
        if self.json.len() < limits.bytes_max {
            Ok(())
        } else {
            Err(JsonErrorKind::TooLarge(limits.bytes_max).at(0))
        }
    }

    /// Notes that a member `objects` begins, which only one may.
    pub(super) fn begin_objects(&mut self) -> Result<(), JsonError> {
        if std::mem::replace(&mut self.named, true) {
            return Err(JsonErrorKind::DuplicateMember("objects".into()).at(0));
        }
        Ok(())
    }

    pub(super) fn end_objects(&mut self, count: u64) {
        self.objects = Some(count);
    }

    /// At the end of the bundle: no member came twice.
    pub(super) fn ended(mut self, limits: &Limits) -> Result<Self, JsonError> {
        self.json
            .push_str(if self.json.is_empty() { "{}" } else { "}" });
        let whole = Document::parse_with(self.json.as_bytes(), limits, Spare::default());
        let broken = whole.err().map(|error| error.kind.at(0));
        broken.map_or(Ok(self), Err)
    }
}

/// Whether the object that `text` begins with is a bundle; nothing if more of it must be read.
pub(super) fn bundle_ahead(text: &str, limits: &Limits) -> Option<bool> {
    let byte = |at: usize| text.as_bytes().get(at);
    let mut spare = Spare::default();
    let mut at = 1;
    let skip_white = |at: &mut usize| {
        let rest = text.get(*at..).unwrap_or_default();
        *at += rest.bytes().take_while(|byte| is_white(*byte)).count();
    };
    loop {
        skip_white(&mut at);
        if byte(at)? != &b'"' {
            return Some(false);
        }
        let rest = text.get(at..)?;
        let (name, taken) = match Document::parse_prefix_of_text(rest, limits, &mut spare) {
            Ok(parsed) => parsed,
            Err(error) => return (error.kind != JsonErrorKind::Incomplete).then_some(false),
        };
        at += taken;
        skip_white(&mut at);
        if byte(at)? != &b':' {
            return Some(false);
        }
        at += 1;
        skip_white(&mut at);
        if name.root().as_str() == Some("objects") && byte(at)? == &b'[' {
            return Some(true);
        }
        let rest = text.get(at..)?;
        let (value, taken) = match Document::parse_prefix_of_text(rest, limits, &mut spare) {
            Ok(parsed) => parsed,
            Err(error) => return (error.kind != JsonErrorKind::Incomplete).then_some(false),
        };
        if name.root().as_str() == Some("type") {
            return Some(value.root().as_str() == Some("bundle"));
        }
        at += taken;
        skip_white(&mut at);
        if byte(at)? != &b',' {
            return Some(false);
        }
        at += 1;
    }
}
