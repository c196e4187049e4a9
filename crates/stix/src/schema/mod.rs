//! What the specification says about each object, as data.
//!
//! The tables here are made by the declarations of [`crate::objects`], so that a type, its reader,
//! its writer and the rules that [`crate::check`] holds it to cannot drift apart.

pub(crate) mod declare;
mod form;
mod scalar;
mod value;

pub(crate) use declare::{nested, object, vocabulary};
pub(crate) use form::{is_base64, is_hex, is_language, is_property_name};
pub use scalar::{
    Binary, Count, Float, Hex, Latitude, Longitude, Natural, NonNegative, Percent, Port, Positive,
    PositiveCount, Url,
};
pub use value::{Dictionary, Hashes, List, Raw, ReadError, Time, ValueType};
pub(crate) use value::{Draft, read_member};

/// What one type of object, or one kind of value within objects, consists of.
#[derive(Debug)]
pub struct Schema {
    /// `indicator`; of what stands only within objects the specification's word, `kill-chain-phase`.
    pub name: &'static str,
    /// The section of STIX 2.1 (or of the extension) that defines it, `4.7`.
    pub clause: &'static str,
    /// What family it is of.
    pub family: Family,
    /// Its own properties, in the order of the specification.
    pub properties: &'static [Property],
    /// What must hold between its properties.
    pub rules: &'static [Rule],
    /// For an observable, the properties that its deterministic id is made of (STIX 2.1 §2.9).
    pub contributing: &'static [&'static str],
    /// The extensions that the specification defines for it, each by its key.
    pub extensions: &'static [&'static Schema],
}

/// The families of STIX 2.1 §1.2, which decide the common properties (§3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// A STIX Domain Object or Relationship Object, which share their common properties.
    Domain,
    /// A STIX Cyber-observable Object.
    Observable,
    /// `language-content` and `extension-definition`.
    Meta,
    /// `marking-definition`, which cannot be modified.
    Marking,
    /// No object of its own: it stands within others.
    Nested,
    /// An extension that stands under this key in `extensions`.
    Extension,
}

/// One property.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// Whether an object without it is wrong.
    pub required: bool,
    /// For references, the types that they may point to; empty if any.
    pub targets: &'static [&'static str],
}

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Anything.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number between these, both included.
    Integer(i64, i64),
    /// A number between these, both included.
    Float(f64, f64),
    /// A string.
    String,
    /// A string that is a URL (RFC 3986).
    Url,
    /// An RFC 3339 moment in UTC (§2.16).
    Timestamp,
    /// An even number of hexadecimal digits (§2.8).
    Hex,
    /// Base64 (§2.1).
    Binary,
    /// An identifier (§2.9).
    Identifier,
    /// Algorithms and digests (§2.7).
    Hashes,
    /// An object with keys as §2.3 wants them and values of this kind.
    Dictionary(&'static Kind),
    /// A word of this list, or a string of one's own if the list is open.
    Word(&'static Vocabulary),
    /// A list that is not empty (§2.12).
    List(&'static Kind),
    /// An object of this shape.
    Object(&'static Schema),
    /// One of these, by its members.
    Extensions,
    /// The deprecated dictionary of observables (§4.14).
    Observables,
}

/// A list of words (STIX 2.1 §10).
#[derive(Debug)]
pub struct Vocabulary {
    /// `indicator-type-ov`.
    pub name: &'static str,
    /// Whether other words may stand there (`-ov`) or not (`-enum`).
    pub open: bool,
    /// The words in the order of the specification.
    pub words: &'static [&'static str],
}

/// What must hold between properties of one object.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// One of these at least must be there.
    AtLeastOne(&'static [&'static str]),
    /// No more than one of these may be there.
    AtMostOne(&'static [&'static str]),
    /// Where the first is there, the second must be too.
    Requires(&'static str, &'static str),
    /// Where both moments are there, the second must not be before the first.
    NotBefore(&'static str, &'static str),
    /// Where both moments are there, the second must be later than the first.
    After(&'static str, &'static str),
    /// A rule that needs code.
    Code(fn(crate::json::Value<'_>, &mut crate::check::Report<'_>)),
}
