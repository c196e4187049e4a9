//! Objects from a stream, one at a time.

use std::io::Read;

mod envelope;
mod limits;
mod passed;

pub use envelope::Envelope;
pub use limits::{ReadLimits, StreamError};

use crate::id::raw_json;
use crate::json::{Document, JsonError, JsonErrorKind, Spare, Value, is_white};
use envelope::bundle_ahead;

/// Where an object stood.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// The offset of its first byte (or of white space before it) in the stream.
    pub offset: u64,
    /// Its number in the bundle, from 0; nothing for what stands alone.
    pub in_bundle: Option<u64>,
}

/// What a step of a stream came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Seen {
    /// An object, which was shown.
    Object(Place),
    /// The end of a bundle, whose objects came before.
    Bundle(Envelope),
}

/// Reads objects from bundles, arrays, or one value after the other (JSON lines), in memory bounded
/// by the largest object.
///
/// ```
/// let text = r#"{"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982",
///     "objects": [{"type": "ipv4-addr", "value": "198.51.100.3"}]}"#;
/// let mut stream = stix::Stream::new(text.as_bytes(), stix::ReadLimits::default());
/// let mut types = Vec::new();
/// while let Some(_place) = stream.next(|object| {
///     types.extend(object.get("type").and_then(|name| name.as_str()).map(String::from));
/// })? {}
/// assert_eq!(types, ["ipv4-addr"]);
/// # Ok::<(), stix::StreamError>(())
/// ```
#[derive(Debug)]
pub struct Stream<R> {
    source: R,
    limits: ReadLimits,
    buffer: String,
    /// Bytes at the end of what was read that are no whole character yet.
    cut: Vec<u8>,
    /// Whether bytes that are not UTF-8 follow the buffer.
    broken: bool,
    /// What of the buffer is read already.
    taken: usize,
    /// The offset of the buffer's first byte in the stream.
    offset: u64,
    ended: bool,
    state: State,
    count: u64,
    spare: Spare,
    envelope: Envelope,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// Before a value at the top level.
    Outside,
    /// Within a bundle's members, outside `objects`.
    Bundle { first: bool },
    /// Within `objects` of a bundle (true) or within an array (false).
    Objects {
        bundle: bool,
        first: bool,
        index: u64,
    },
}

impl<R: Read> Stream<R> {
    /// A reader of `source`, which need not be buffered.
    pub fn new(source: R, limits: ReadLimits) -> Self {
        Self {
            source,
            limits,
            buffer: String::new(),
            cut: Vec::new(),
            broken: false,
            taken: 0,
            offset: 0,
            ended: false,
            state: State::Outside,
            count: 0,
            spare: Spare::default(),
            envelope: Envelope::default(),
        }
    }

    /// Shows the next object to `look` and says where it stood; nothing at the end.
    ///
    /// After an error the stream stands where it failed; it cannot be read further, unless
    /// [`Stream::pass_over`] can.
    pub fn next(&mut self, look: impl FnOnce(Value<'_>)) -> Result<Option<Place>, StreamError> {
        let mut look = Some(look);
        loop {
            let seen = self.step(|object| {
                if let Some(look) = look.take() {
                    look(object);
                }
            })?;
            match seen {
                Some(Seen::Object(place)) => return Ok(Some(place)),
                Some(Seen::Bundle(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// As [`Stream::next`], but stops at the end of each bundle, too.
    pub fn step(&mut self, look: impl FnOnce(Value<'_>)) -> Result<Option<Seen>, StreamError> {
        loop {
            match self.state {
                State::Outside => match self.peek()? {
                    None => return Ok(None),
                    Some(b'[') => {
                        self.taken += 1;
                        self.state = State::Objects {
                            bundle: false,
                            first: true,
                            index: 0,
                        };
                    }
                    Some(b'{') if self.begins_bundle()? => {
                        self.taken += 1;
                        self.envelope = Envelope::default();
                        self.state = State::Bundle { first: true };
                    }
                    Some(_) => return self.object(None, look).map(Seen::Object).map(Some),
                },
                State::Bundle { first } => {
                    if self.ends(b'}', first)? {
                        self.state = State::Outside;
                        let envelope = std::mem::take(&mut self.envelope);
                        let ended = envelope.ended(&self.limits.object);
                        let ended = ended.map_err(|error| self.located(error))?;
                        return Ok(Some(Seen::Bundle(ended)));
                    }
                    self.bundle_member()?;
                }
                State::Objects {
                    bundle,
                    first,
                    index,
                } => {
                    if self.ends(b']', first)? {
                        self.state = if bundle {
                            self.envelope.end_objects(index);
                            State::Bundle { first: false }
                        } else {
                            State::Outside
                        };
                    } else {
                        self.state = State::Objects {
                            bundle,
                            first: false,
                            index: index + 1,
                        };
                        let place = self.object(Some(index), look)?;
                        return Ok(Some(Seen::Object(place)));
                    }
                }
            }
        }
    }

    fn bundle_member(&mut self) -> Result<(), StreamError> {
        self.wants(b'"', "a member's name in quotes")?;
        let (name, json) = self.value(|name| {
            let text = name.as_str().unwrap_or_default().to_owned();
            (text, raw_json(name).into_owned())
        })?;
        self.wants(b':', "':'")?;
        if name == "objects" {
            let began = self.envelope.begin_objects();
            began.map_err(|error| self.located(error))?;
        }
        self.taken += 1;
        if name == "objects" && self.peek()? == Some(b'[') {
            self.taken += 1;
            self.state = State::Objects {
                bundle: true,
                first: true,
                index: 0,
            };
        } else {
            let value = self.value(|value| raw_json(value).into_owned())?;
            let kept = self.envelope.member(&json, &value, &self.limits.object);
            kept.map_err(|error| self.located(error))?;
            self.state = State::Bundle { first: false };
        }
        Ok(())
    }

    /// Refuses anything but `byte` as what comes next.
    fn wants(&mut self, byte: u8, what: &'static str) -> Result<(), StreamError> {
        match self.peek()? {
            Some(next) if next == byte => Ok(()),
            Some(_) => Err(self.expected(what)),
            None => Err(self.incomplete()),
        }
    }

    /// Whether the container ends here; if not, the comma before the next item is taken.
    fn ends(&mut self, bracket: u8, first: bool) -> Result<bool, StreamError> {
        match self.peek()? {
            Some(byte) if byte == bracket => {
                self.taken += 1;
                Ok(true)
            }
            Some(b',') if !first => {
                self.taken += 1;
                Ok(false)
            }
            Some(_) if first => Ok(false),
            Some(_) => Err(self.expected("',' or the end of the list")),
            None => Err(self.incomplete()),
        }
    }

    fn object(
        &mut self,
        in_bundle: Option<u64>,
        look: impl FnOnce(Value<'_>),
    ) -> Result<Place, StreamError> {
        if self.count >= self.limits.objects_max {
            return Err(StreamError::TooMany(self.limits.objects_max));
        }
        self.count += 1;
        let offset = self.position();
        self.value(look)?;
        Ok(Place { offset, in_bundle })
    }

    /// Reads one value. Where the buffer ends within it, the buffer grows to twice its size, so that
    /// a value is tried again a few times only, however large it is.
    fn value<T>(&mut self, look: impl FnOnce(Value<'_>) -> T) -> Result<T, StreamError> {
        loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            match Document::parse_prefix_of_text(rest, &self.limits.object, &mut self.spare) {
                Ok((document, taken)) => {
                    let seen = look(document.root());
                    self.spare = document.into_spare();
                    self.taken += taken;
                    return Ok(seen);
                }
                Err(error) if error.kind == JsonErrorKind::Incomplete && !self.ended => {
                    self.fill()?;
                }
                Err(error) if error.kind == JsonErrorKind::Incomplete => {
                    self.refuse_broken()?;
                    // A number may be the last of the stream.
                    let rest = self.buffer.get(self.taken..).unwrap_or_default().as_bytes();
                    let document =
                        Document::parse_with(rest, &self.limits.object, Spare::default());
                    let document = document.map_err(|error| self.located(error))?;
                    let seen = look(document.root());
                    self.taken = self.buffer.len();
                    return Ok(seen);
                }
                Err(error) => return Err(self.located(error)),
            }
        }
    }

    /// Whether the object that begins here is a bundle: only its first member named `type` or
    /// `objects` is looked at, so that a bundle is told apart before all of it is read.
    fn begins_bundle(&mut self) -> Result<bool, StreamError> {
        loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            match bundle_ahead(rest, &self.limits.object) {
                Some(answer) => return Ok(answer),
                None if self.ended => return Ok(false),
                None => self.fill()?,
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, StreamError> {
        loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            let white = rest.bytes().take_while(|byte| is_white(*byte)).count();
            self.taken += white;
            match self.buffer.as_bytes().get(self.taken) {
                Some(byte) => return Ok(Some(*byte)),
                None if self.ended => {
                    self.refuse_broken()?;
                    return Ok(None);
                }
                None => self.fill()?,
            }
        }
    }

    /// Reads on: as much as the buffer holds, so that it grows to twice its size.
    fn fill(&mut self) -> Result<(), StreamError> {
        const STEP: usize = 64 << 10;
        self.buffer.drain(..self.taken);
        self.offset += u64::try_from(self.taken).unwrap_or_default();
        self.taken = 0;
        let wanted = self.buffer.len().max(STEP);
        let got = (&mut self.source)
            .take(u64::try_from(wanted).unwrap_or(u64::MAX))
            .read_to_end(&mut self.cut)
            .map_err(StreamError::Read)?;
        self.ended = got < wanted;
        let (text, rest, broken) = match std::str::from_utf8(&self.cut) {
            Ok(text) => (text, 0, false),
            Err(error) => {
                let (valid, rest) = self.cut.split_at(error.valid_up_to());
                let text = std::str::from_utf8(valid).unwrap_or_default();
                (text, rest.len(), error.error_len().is_some())
            }
        };
        self.buffer.push_str(text);
        self.cut.drain(..self.cut.len() - rest);
        self.broken = broken || (self.ended && rest > 0);
        self.ended |= broken;
        Ok(())
    }

    fn refuse_broken(&self) -> Result<(), StreamError> {
        if self.broken {
            let position = usize::try_from(self.offset).unwrap_or(usize::MAX);
            let position = position.saturating_add(self.buffer.len());
            return Err(JsonError {
                kind: JsonErrorKind::NotUtf8,
                position,
            }
            .into());
        }
        Ok(())
    }

    fn position(&self) -> u64 {
        self.offset + u64::try_from(self.taken).unwrap_or_default()
    }

    fn located(&self, error: JsonError) -> StreamError {
        let before = usize::try_from(self.position()).unwrap_or(usize::MAX);
        let position = error.position.saturating_add(before);
        JsonError {
            kind: error.kind,
            position,
        }
        .into()
    }

    fn expected(&self, what: &'static str) -> StreamError {
        self.located(JsonError {
            kind: JsonErrorKind::Expected(what),
            position: 0,
        })
    }

    fn incomplete(&self) -> StreamError {
        self.located(JsonError {
            kind: JsonErrorKind::Incomplete,
            position: 0,
        })
    }
}
