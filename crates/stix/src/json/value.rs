//! A look at one value within a document.

use super::{Document, Number};

/// What kind of value it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, whole or not.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// With its article, for sentences: `an array`.
    pub fn described(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// How a node is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    Null,
    False,
    True,
    Number,
    /// A string without escapes: a slice of the input.
    Plain,
    /// A string with escapes: a slice of the unescaped text.
    Unescaped,
    Array,
    Object,
}

/// One value; an object's members are a string node and the value's node each, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// First byte: of a string its text, of another value its first character.
    pub(super) start: u32,
    /// Past the last byte.
    pub(super) end: u32,
    /// The node after this one and all that is within it.
    pub(super) next: u32,
    pub(super) shape: Shape,
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    at: u32,
    node: Node,
}

impl<'d> Value<'d> {
    pub(super) fn new(document: &'d Document<'d>, at: u32) -> Self {
        /// What stands for a node that is not there; the parser never leaves one out.
        const NOTHING: Node = Node {
            start: 0,
            end: 0,
            next: u32::MAX,
            shape: Shape::Null,
        };
        let node = usize::try_from(at)
            .ok()
            .and_then(|at| document.nodes.get(at))
            .copied();
        Self {
            document,
            at,
            node: node.unwrap_or(NOTHING),
        }
    }

    /// What kind of value it is.
    pub fn kind(self) -> Kind {
        match self.node.shape {
            Shape::Null => Kind::Null,
            Shape::False | Shape::True => Kind::Bool,
            Shape::Number => Kind::Number,
            Shape::Plain | Shape::Unescaped => Kind::String,
            Shape::Array => Kind::Array,
            Shape::Object => Kind::Object,
        }
    }

    /// The text, if it is a string.
    #[inline]
    pub fn as_str(self) -> Option<&'d str> {
        match self.node.shape {
            Shape::Plain => self.slice(self.document.input),
            Shape::Unescaped => self.slice(&self.document.unescaped),
            _ => None,
        }
    }

    /// The truth, if it is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.node.shape {
            Shape::True => Some(true),
            Shape::False => Some(false),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(self) -> Option<Number<'d>> {
        if self.node.shape != Shape::Number {
            return None;
        }
        self.slice(self.document.input).map(Number::new)
    }

    /// The number as an integer, if it is one that fits.
    pub fn as_i64(self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// Its members in order if it is an object, otherwise none.
    #[inline]
    pub fn members(self) -> Members<'d> {
        let (at, end) = self.within(Shape::Object);
        Members {
            document: self.document,
            at,
            end,
        }
    }

    /// Its items in order if it is an array, otherwise none.
    #[inline]
    pub fn items(self) -> Items<'d> {
        let (at, end) = self.within(Shape::Array);
        Items {
            document: self.document,
            at,
            end,
        }
    }

    /// The member of this name, if it is an object that has one. Looks at each member before it.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        self.members()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The text of the member of this name, if there is one and it is a string.
    pub fn text(self, name: &str) -> Option<&'d str> {
        self.get(name)?.as_str()
    }

    /// A container, number or literal as it was written; a string without its quotes and, if it
    /// bore escapes, without them.
    pub fn raw(self) -> &'d str {
        let text = match self.node.shape {
            Shape::Unescaped => &self.document.unescaped,
            _ => self.document.input,
        };
        self.slice(text).unwrap_or_default()
    }

    /// Its place among the document's values, from 0: distinct for distinct values, and one higher
    /// for what is read next.
    pub fn index(self) -> u32 {
        self.at
    }

    fn within(self, shape: Shape) -> (u32, u32) {
        if self.node.shape == shape {
            (self.at.saturating_add(1), self.node.next)
        } else {
            (0, 0)
        }
    }

    #[inline]
    fn slice(self, text: &'d str) -> Option<&'d str> {
        let start = usize::try_from(self.node.start).ok()?;
        let end = usize::try_from(self.node.end).ok()?;
        text.get(start..end)
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind() {
            Kind::String => std::fmt::Debug::fmt(self.raw(), f),
            _ => f.write_str(self.raw()),
        }
    }
}

/// The members of an object. See [`Value::members`].
#[derive(Clone, Debug)]
pub struct Members<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Members<'d> {
    type Item = (&'d str, Value<'d>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let key = Value::new(self.document, self.at);
        let value = Value::new(self.document, self.at.saturating_add(1));
        self.at = value.node.next;
        Some((key.as_str()?, value))
    }
}

/// The items of an array. See [`Value::items`].
#[derive(Clone, Debug)]
pub struct Items<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let value = Value::new(self.document, self.at);
        self.at = value.node.next;
        Some(value)
    }
}
