//! What is handed on, to whom, and by which wishes.

use std::ops::Range;

use formats_misp::Warninglist;
use kernel::{Timestamp, Tlp};
use matcher::{Breadth, Indicator, SetBuilder};

use super::{Exclusions, Format, Problem};

/// What a list brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// A value to look for.
    Indicator(Indicator<'a>),
    /// A STIX pattern that is more than a comparison or several of which one must hold.
    Pattern(Told<'a>),
    /// A rule that others carry out.
    Carried {
        /// The name of its kind: `yara` or `sigma`.
        kind_name: &'static str,
        /// The rule.
        rule: Told<'a>,
    },
    /// Values that are mostly no threat.
    Exclusions(Warninglist),
}

/// A pattern or a rule as text, with what is known of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Told<'a> {
    /// The pattern or the rule.
    pub text: &'a str,
    /// Its id where it comes from; may be empty.
    pub id: &'a str,
    /// Where it comes from.
    pub source: &'a str,
    /// Who may see it.
    pub marking: Option<&'static str>,
    /// From when on it holds, in microseconds since 1970.
    pub valid_from_us: Option<i64>,
    /// Until when it holds, in microseconds since 1970.
    pub valid_until_us: Option<i64>,
    /// How sure its maker is, from 0 to 100.
    pub confidence: Option<u8>,
}

/// An error of a sink.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Who takes what a list brings.
pub trait Sink {
    /// Takes an item. An error ends the reading.
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError>;

    /// Takes indicators that were packed side by side with others, by their numbers.
    fn indicators(&mut self, packed: &SetBuilder, numbers: Range<u32>) -> Result<(), SinkError> {
        let mut all = packed.indicators(numbers);
        all.try_for_each(|indicator| self.item(Item::Indicator(indicator)))
    }

    /// Hears of something that could not be taken.
    fn problem(&mut self, problem: &Problem);

    /// Hears of something that was taken and may be a mistake.
    fn warning(&mut self, warning: &Problem);
}

/// Whether a name stands for those below it too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Domains {
    /// The name alone.
    Exact,
    /// The name and all below it.
    Tree,
}

/// How lists are read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The format; found out where it is not given.
    pub format: Option<Format>,
    /// What names stand for. Where it is not given, they stand for all names below them too, as
    /// block lists mean it, except where the list says that it is a single host (`hostname`, `fqdn`)
    /// and in STIX, whose `=` is exact whatever is given here.
    pub domains: Option<Domains>,
    /// Whether values that would be found nearly everywhere are taken.
    pub breadth: Breadth,
    /// Whether the first problem ends the reading.
    pub strict: bool,
    /// The present, by which values expire.
    pub now: Timestamp,
    /// Whether expired values are taken.
    pub include_expired: bool,
    /// Whether values are taken that their makers do not mean to be looked for (`to_ids` of MISP).
    pub include_context: bool,
    /// The marking of what has none. Where that is not given either, none is handed on, and who
    /// passes it on treats it as TLP:AMBER+STRICT.
    pub marking: Option<Tlp>,
    /// Values that are left out.
    pub exclusions: Option<&'a Exclusions>,
}

impl Options<'_> {
    /// The usual ones.
    pub fn new(now: Timestamp) -> Self {
        Self {
            format: None,
            domains: None,
            breadth: Breadth::Narrow,
            strict: false,
            now,
            include_expired: false,
            include_context: false,
            marking: None,
            exclusions: None,
        }
    }
}

/// A label with its prefix.
pub(super) fn label(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "TLP:CLEAR",
        Tlp::Green => "TLP:GREEN",
        Tlp::Amber => "TLP:AMBER",
        Tlp::AmberStrict => "TLP:AMBER+STRICT",
        Tlp::Red => "TLP:RED",
    }
}
