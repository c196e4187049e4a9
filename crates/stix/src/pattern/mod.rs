//! STIX patterns (STIX 2.1 §9).

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

pub use ast::{
    Comparison, Literal, ObjectPath, Observation, Pattern, Proposition, Qualifier, Relation, Step,
    Test,
};
pub(crate) use combine::{Combination, Sighting};
pub use compile::CompiledComparison;
pub use error::{MatchError, PatternError, PatternErrorKind};
pub use matcher::{Limits, Matcher};
pub use observed::{Objects, Observed, Sco};
pub use parse::{DEPTH_MAX, NODES_MAX, PATTERN_BYTES_MAX, QUALIFIERS_MAX};
