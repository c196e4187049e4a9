//! The syntax tree of a pattern (STIX 2.1 §9.3 to §9.7).

use std::time::Duration;

use crate::Timestamp;

/// One STIX pattern (§9.3).
///
/// A tree that was parsed keeps its limits. A tree that was built by hand may hold what no text can
/// say, such as an empty [`Observation::And`] or a negative timestamp: it prints, but what it prints
/// need not parse.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// What the observations must fulfil.
    pub expression: Observation,
}

/// An observation expression (§9.5). Parentheses are the shape of the tree: a list within a list of
/// the same kind was written in parentheses.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// `[ … ]`: one observation fulfils the comparison.
    Test(Comparison),
    /// Every operand, each by observations of its own.
    And(Vec<Observation>),
    /// At least one operand.
    Or(Vec<Observation>),
    /// Every operand, each by observations that are not earlier than those of the one before.
    FollowedBy(Vec<Observation>),
    /// An expression within the bounds of a qualifier.
    Qualified(Box<Observation>, Qualifier),
}

/// A bound on the observations that fulfil an expression (§9.5.1).
#[derive(Clone, Debug, PartialEq)]
pub enum Qualifier {
    /// All of them within so much time. To the nanosecond.
    Within(Duration),
    /// So many times over, by different observations.
    Repeats(u64),
    /// Each of them at or after `start` and before `stop`.
    StartStop {
        /// The first moment.
        start: Timestamp,
        /// The first moment that is too late.
        stop: Timestamp,
    },
}

/// A comparison expression (§9.6). Parentheses are the shape of the tree, as in [`Observation`].
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// Every operand.
    And(Vec<Comparison>),
    /// At least one operand.
    Or(Vec<Comparison>),
    /// One comparison of a property with a constant.
    Test(Proposition),
}

/// The comparison of what a path leads to with a constant (§9.6).
#[derive(Clone, Debug, PartialEq)]
pub struct Proposition {
    /// Where the values are.
    pub path: ObjectPath,
    /// Whether `NOT` stands before the operator, or before `EXISTS`.
    pub negated: bool,
    /// What a value must fulfil.
    pub test: Test,
}

/// A comparison operator with its constant (§9.6.1).
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`.
    Compare(Relation, Literal),
    /// `IN ( … )`.
    In(Vec<Literal>),
    /// `LIKE`: `%` for any characters, `_` for one.
    Like(String),
    /// `MATCHES`: a regular expression in the syntax of PCRE.
    Matches(String),
    /// `ISSUBSET`: an address or network lies within the constant.
    IsSubset(String),
    /// `ISSUPERSET`: a network holds the constant.
    IsSuperset(String),
    /// `EXISTS`, which stands before the path.
    Exists,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Relation {
    /// `=`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// The way to values in an object (§9.7).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ObjectPath {
    /// The type that the object must have.
    pub object_type: String,
    /// From the object's properties inwards. Never empty, and the first is a key, if it was parsed.
    pub steps: Vec<Step>,
}

/// One step of an [`ObjectPath`].
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Step {
    /// `.name` or `.'quoted name'`: the member of that name.
    Key(String),
    /// `[0]`: the item at that place, from 0.
    Index(u64),
    /// `[*]`: any item.
    Any,
}

/// A constant (§9.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `-12`.
    Integer(i64),
    /// `1.5`. Always finite.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `'text'`.
    String(String),
    /// `b'…'`, in base64.
    Binary(Vec<u8>),
    /// `h'…'`, in hexadecimal digits.
    Hex(Vec<u8>),
    /// `t'2016-01-20T12:31:12Z'`.
    Timestamp(Timestamp),
}
