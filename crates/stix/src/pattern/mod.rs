//! STIX patterns (STIX 2.1 §9): from text to a tree and back, and against observed data.
//!
//! ```
//! use stix::{json::Document, pattern::{Limits, Matcher, Observed, Pattern}};
//!
//! let text = br#"[{"type": "observed-data", "number_observed": 3, "object_refs": ["url--1"],
//!     "first_observed": "2026-01-01T00:00:00Z", "last_observed": "2026-01-01T00:05:00Z"},
//!     {"type": "url", "id": "url--1", "value": "http://example.com/foo"}]"#;
//! let document = Document::parse(text)?;
//! let observed = Observed::from_bundle(document.root())?;
//! let pattern: Pattern = "[url:value LIKE '%/foo'] REPEATS 3 TIMES".parse()?;
//! assert!(Matcher::new(&pattern, &Limits::default())?.matches(&observed)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How the specification is read
//!
//! Where the text is silent or can be read in two ways, the answer is that of the committee's own
//! `stix2-matcher` 3.0, unless it stands under *Differences*.
//!
//! - An observed-data object is `number_observed` observations of the same objects, each at a moment
//!   between `first_observed` and `last_observed`. So one with `number_observed` 3 fulfils
//!   `[…] REPEATS 3 TIMES` alone. `REPEATS` asks for so many or more.
//! - `WITHIN` holds if moments can be chosen of which the last is earlier than the first plus the
//!   duration (§9.5.1); `FOLLOWEDBY` if, for each pair, the left can be no later than the right;
//!   `START … STOP` if each observation can have been made at or after the one and before the other.
//!   Each is asked alone: no one choice of moments has to serve all of them.
//! - Of `[… AND …]` all is fulfilled by one object (§9.5). Paths of different types may only be
//!   joined by `OR`: what no one object can fulfil, since its type would be two, is refused by
//!   [`Pattern::parse_strict`] as §9.5 demands. The grammar lets it pass, and so does
//!   [`Pattern::parse`], where it matches nothing.
//! - A comparison is fulfilled if any value at its path fulfils it, with `NOT` and `!=` too. Where no
//!   value is, none does. `NOT EXISTS` is fulfilled by an object of the type that has no value there;
//!   read by the letter, §9.6 would let it match nothing at all.
//! - `[*]` goes through lists, not through dictionaries.
//! - Values of different types are unequal, and neither is less; `NOT` before an ordering operator
//!   does not change that. Whole numbers and others compare as numbers, exactly. A timestamp constant
//!   compares with strings that are timestamps, a string constant with any string by code points.
//! - Octets compare with a string of characters below 256 (§9.6.4). Properties whose names end in
//!   `_bin` or `_hex` are octets, or strings where they cannot be read so.
//! - `=` and its kin compare code points; `LIKE` and `MATCHES` compare in normalisation form C
//!   (§9.6.2), octets without. `MATCHES` searches with PCRE's option DOTALL, and octets without
//!   UNICODE: of them `\d`, `\w`, `\s` and `\b` know those of ASCII (§9.6.1).
//! - Line feeds in a binary constant say nothing (§9.2).
//! - A reference is one within the observation. What `object_refs` or a reference names and is not
//!   there counts as absent. Only cyber-observables, known or custom, start a path.
//! - One `[ … ]` takes one qualifier of each kind; a group in parentheses takes any (§9.5).
//!
//! # Differences from `stix2-matcher` 3.0
//!
//! - `EXISTS` and IPv6 are there, and `/0`; `ISSUBSET` takes a single address as the network of one.
//! - What the matcher ends with an exception on counts as unequal or as no address: a string that is
//!   no timestamp, address or base64, a reference that is no string.
//! - `_ref` at the end of a path is the identifier; the matcher has followed it by then. `_refs[1]`
//!   is the second that is written, not the second that is found.
//! - `IN` compares as `=` does: the matcher finds `true` in `(1)`, and no octets among strings.
//! - `%` and `_` match line breaks; octets need not be UTF-8 for `LIKE`.
//! - `NOT` before an ordering operator leaves octets and a string that has no octets unordered.
//! - `WITHIN` counts its end as outside: of observations 2 seconds apart none is `WITHIN 2 SECONDS`.
//! - The point of `MATCHES` is any character, a line break too.
//! - Expressions of `MATCHES` are those of PCRE, as far as they can be translated (see
//!   [`MatchError::Regex`]), with the classes `\d`, `\w` and `\s` of Unicode for text. Recursion,
//!   callouts, verbs and the flag `x` are refused.
//! - A negative index is refused by the parser; integers are of 64 bits.
//!
//! # Limits
//!
//! Every limit that stops an answer is an error with a code, never a wrong answer: of the text
//! ([`PATTERN_BYTES_MAX`], [`DEPTH_MAX`], [`NODES_MAX`], [`QUALIFIERS_MAX`]), and of the work
//! ([`Limits`]): `pattern.regex_limit` and `pattern.search_limit`.

mod address;
mod ast;
mod bytes;
mod combine;
mod compare;
mod compile;
mod conform;
mod error;
mod lexer;
mod like;
mod matcher;
mod normal;
mod observed;
mod parse;
mod path;
mod pcre;
mod print;
mod regex;

pub(crate) use address::Network;
pub use ast::{
    Comparison, Literal, ObjectPath, Observation, Pattern, Proposition, Qualifier, Relation, Step,
    Test,
};
pub(crate) use bytes::{from_base64, from_hex};
pub(crate) use combine::{Combination, Sighting};
pub use compile::CompiledComparison;
pub use error::{MatchError, PatternError, PatternErrorKind};
pub use matcher::{Limits, Matcher};
pub(crate) use normal::nfc;
pub use observed::{Objects, Observed, Sco};
pub use parse::{DEPTH_MAX, NODES_MAX, PATTERN_BYTES_MAX, QUALIFIERS_MAX};
