//! The parser: one pass, no recursion.

use super::{
    Document, JsonError, JsonErrorKind, Limits, Spare,
    value::{Node, Shape},
};

pub(super) fn whole<'a>(
    input: &'a [u8],
    limits: &Limits,
    spare: Spare,
) -> Result<Document<'a>, JsonError> {
    let text = text(input, limits)?;
    let mut parser = Parser::new(text, limits, spare);
    parser.value()?;
    parser.skip_white();
    if parser.at < text.len() {
        return Err(JsonErrorKind::TrailingBytes.at(parser.at));
    }
    Ok(parser.document())
}

/// Reads no more of `input` than the value asks for: a few values of a long input cost what they are
/// long themselves.
pub(super) fn prefix<'a>(
    input: &'a [u8],
    limits: &Limits,
    mut spare: Spare,
) -> Result<(Document<'a>, usize), JsonError> {
    // Most objects are shorter. Of a longer one no byte is read more than a few times.
    const WINDOW: usize = 4 << 10;
    const GROWTH: usize = 4;
    let mut bytes = WINDOW;
    loop {
        let window = input.get(..bytes).unwrap_or(input);
        // A character that the end of the window cuts is not an error of the text.
        let (text, broken_at) = match std::str::from_utf8(window) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, _) = window.split_at(error.valid_up_to());
                let broken = error.error_len().map(|_| error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), broken)
            }
        };
        match (prefix_of_text(text, limits, &mut spare), broken_at) {
            (Err(error), Some(at)) if error.kind == JsonErrorKind::Incomplete => {
                return Err(JsonErrorKind::NotUtf8.at(at));
            }
            (Err(error), None)
                if error.kind == JsonErrorKind::Incomplete && window.len() < input.len() =>
            {
                bytes = bytes.saturating_mul(GROWTH);
            }
            (parsed, _) => return parsed,
        }
    }
}

/// As [`prefix`], of what is known to be text. After an error `spare` has its buffers again.
pub(super) fn prefix_of_text<'a>(
    text: &'a str,
    limits: &Limits,
    spare: &mut Spare,
) -> Result<(Document<'a>, usize), JsonError> {
    let bytes_max = bytes_max(limits);
    let window = text
        .get(..text.floor_char_boundary(bytes_max))
        .unwrap_or(text);
    let mut parser = Parser::new(window, limits, std::mem::take(spare));
    let parsed = parser.value().and_then(|()| {
        let number = parser
            .nodes
            .first()
            .is_some_and(|node| node.shape == Shape::Number);
        // The digits may go on behind the end.
        let behind = text.as_bytes().get(parser.at);
        let goes_on = behind.is_none_or(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E'));
        if number && parser.at == window.len() && goes_on {
            return Err(JsonErrorKind::Incomplete.at(parser.at));
        }
        Ok(parser.at)
    });
    let error = match parsed {
        Ok(taken) => return Ok((parser.document(), taken)),
        Err(error) => error,
    };
    *spare = parser.document().into_spare();
    if error.kind == JsonErrorKind::Incomplete && window.len() < text.len() {
        return Err(JsonErrorKind::TooLarge(bytes_max).at(window.len()));
    }
    Err(error)
}

fn bytes_max(limits: &Limits) -> usize {
    limits
        .bytes_max
        .min(usize::try_from(u32::MAX).unwrap_or(usize::MAX))
}

fn text<'a>(input: &'a [u8], limits: &Limits) -> Result<&'a str, JsonError> {
    let bytes_max = bytes_max(limits);
    if input.len() > bytes_max {
        return Err(JsonErrorKind::TooLarge(bytes_max).at(bytes_max));
    }
    std::str::from_utf8(input).map_err(|error| JsonErrorKind::NotUtf8.at(error.valid_up_to()))
}

pub(super) struct Parser<'a> {
    pub(super) input: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) depth_max: usize,
    pub(super) nodes: Vec<Node>,
    pub(super) unescaped: String,
}

/// What the loop reads next.
enum Next {
    Value,
    /// Within a container, right after a value or its opening bracket.
    Separator {
        first: bool,
    },
}

impl<'a> Parser<'a> {
    fn new(input: &'a str, limits: &Limits, mut spare: Spare) -> Self {
        spare.nodes.clear();
        spare.unescaped.clear();
        Self {
            input,
            bytes: input.as_bytes(),
            at: 0,
            depth_max: limits.depth_max,
            nodes: spare.nodes,
            unescaped: spare.unescaped,
        }
    }

    fn document(self) -> Document<'a> {
        Document {
            input: self.input,
            unescaped: self.unescaped,
            nodes: self.nodes,
        }
    }

    fn value(&mut self) -> Result<(), JsonError> {
        // The nodes of the containers that are open, outermost first.
        let mut open: Vec<usize> = Vec::with_capacity(8);
        let mut next = Next::Value;
        loop {
            match next {
                Next::Value => {
                    self.skip_white();
                    next = match self.peek() {
                        Some(b'{') => self.open(Shape::Object, &mut open)?,
                        Some(b'[') => self.open(Shape::Array, &mut open)?,
                        _ => {
                            self.scalar()?;
                            Next::Separator { first: false }
                        }
                    };
                }
                Next::Separator { first } => {
                    let Some(&container) = open.last() else {
                        return Ok(());
                    };
                    let array = self
                        .nodes
                        .get(container)
                        .is_some_and(|n| n.shape == Shape::Array);
                    self.skip_white();
                    next = match (self.peek(), array) {
                        (Some(b']'), true) | (Some(b'}'), false) => {
                            self.close(container)?;
                            open.pop();
                            Next::Separator { first: false }
                        }
                        (Some(b','), _) if !first => {
                            self.at += 1;
                            self.begin_item(array)?;
                            Next::Value
                        }
                        (Some(_), _) if first => {
                            self.begin_item(array)?;
                            Next::Value
                        }
                        (Some(_), true) => return Err(self.expected("',' or ']'")),
                        (Some(_), false) => return Err(self.expected("',' or '}'")),
                        (None, _) => return Err(JsonErrorKind::Incomplete.at(self.at)),
                    };
                }
            }
        }
    }

    fn open(&mut self, shape: Shape, open: &mut Vec<usize>) -> Result<Next, JsonError> {
        if open.len() >= self.depth_max {
            return Err(JsonErrorKind::TooDeep(self.depth_max).at(self.at));
        }
        open.push(self.nodes.len());
        self.push(self.at, self.at, shape);
        self.at += 1;
        Ok(Next::Separator { first: true })
    }

    fn close(&mut self, container: usize) -> Result<(), JsonError> {
        self.at += 1;
        let (end, next) = (narrow(self.at), narrow(self.nodes.len()));
        let Some(node) = self.nodes.get_mut(container) else {
            return Ok(());
        };
        node.end = end;
        node.next = next;
        if node.shape == Shape::Object {
            self.refuse_duplicates(container)
        } else {
            Ok(())
        }
    }

    /// Before an array's item nothing, before an object's value its name and colon.
    fn begin_item(&mut self, array: bool) -> Result<(), JsonError> {
        if array {
            return Ok(());
        }
        self.skip_white();
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(_) => return Err(self.expected("a member's name in quotes")),
            None => return Err(JsonErrorKind::Incomplete.at(self.at)),
        }
        self.skip_white();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.expected("':'")),
            None => return Err(JsonErrorKind::Incomplete.at(self.at)),
        }
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Shape::True),
            Some(b'f') => self.literal("false", Shape::False),
            Some(b'n') => self.literal("null", Shape::Null),
            Some(_) => Err(self.expected("a value")),
            None => Err(JsonErrorKind::Incomplete.at(self.at)),
        }
    }

    fn literal(&mut self, word: &'static str, shape: Shape) -> Result<(), JsonError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.push(self.at, self.at + word.len(), shape);
            self.at += word.len();
            Ok(())
        } else if word.as_bytes().starts_with(rest) {
            Err(JsonErrorKind::Incomplete.at(self.bytes.len()))
        } else {
            Err(self.expected("a value"))
        }
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.skip_byte(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.skip_digits(),
            Some(_) => return Err(self.expected("a digit")),
            None => return Err(JsonErrorKind::Incomplete.at(self.at)),
        }
        if self.skip_byte(b'.') {
            self.some_digits()?;
        }
        if self.skip_byte(b'e') || self.skip_byte(b'E') {
            if !self.skip_byte(b'+') {
                self.skip_byte(b'-');
            }
            self.some_digits()?;
        }
        self.push(start, self.at, Shape::Number);
        Ok(())
    }

    fn some_digits(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'0'..=b'9') => self.skip_digits(),
            Some(_) => return Err(self.expected("a digit")),
            None => return Err(JsonErrorKind::Incomplete.at(self.at)),
        }
        Ok(())
    }

    fn skip_digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    #[inline]
    fn skip_white(&mut self) {
        while self.peek().is_some_and(is_white) {
            self.at += 1;
        }
    }

    fn skip_byte(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn push(&mut self, start: usize, end: usize, shape: Shape) {
        let next = narrow(self.nodes.len() + 1);
        self.nodes.push(Node {
            start: narrow(start),
            end: narrow(end),
            next,
            shape,
        });
    }

    fn expected(&self, what: &'static str) -> JsonError {
        JsonErrorKind::Expected(what).at(self.at)
    }
}

/// RFC 8259 §2.
#[inline]
pub(crate) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Offsets and counts fit, since a document has at most 4 GiB − 1.
#[inline]
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[inline]
pub(super) fn widen(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
