//! What came of a list, what was wrong with it, and where.

use std::fmt;

use formats_misp::MispError;
use matcher::ValueError;
use stix::{StreamError, pattern::PatternError};

use super::{Format, SinkError};
use crate::terminal::harmless;

/// Problems that a report keeps in words.
const FIRST_MAX: usize = 10;

/// Characters of a text that a problem keeps.
const TEXT_CHARS_MAX: usize = 120;

/// What came of a list. Every entry that was read was taken, or left out for one reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    /// The name of the source.
    pub source: String,
    /// The format, given or found out.
    pub format: Format,
    /// Entries: values, patterns and rules.
    pub read: u64,
    /// Entries that were taken.
    pub taken: u64,
    /// Entries that were left out.
    pub left: Left,
    /// Indicators that were handed on. An entry can bring several, such as a range of addresses.
    pub indicators: u64,
    /// Patterns that were handed on.
    pub patterns: u64,
    /// Rules that were handed on.
    pub carried: u64,
    /// Warninglists that were handed on.
    pub warninglists: u64,
    /// Indicators that say more than is looked for: the port beside an address or a name.
    pub ports_dropped: u64,
    /// Objects, members and the like that are no entries.
    pub passed_over: u64,
    /// What was taken and may be a mistake, or not all.
    pub warned: u64,
    /// The first problems, in words.
    pub first_problems: Vec<String>,
}

/// Entries that were left out, by reason.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Left {
    /// They hold no longer.
    pub expired: u64,
    /// Their makers took them back.
    pub revoked: u64,
    /// They would be found nearly everywhere.
    pub broad: u64,
    /// They are on a warninglist.
    pub listed: u64,
    /// They could not be read.
    pub unreadable: u64,
    /// They are of a kind that cannot be looked for, or not meant to be.
    pub not_for_matching: u64,
}

impl Left {
    fn add(&mut self, other: &Self) {
        self.expired += other.expired;
        self.revoked += other.revoked;
        self.broad += other.broad;
        self.listed += other.listed;
        self.unreadable += other.unreadable;
        self.not_for_matching += other.not_for_matching;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.expired
            + self.revoked
            + self.broad
            + self.listed
            + self.unreadable
            + self.not_for_matching
    }
}

impl Report {
    pub(super) fn new(source: &str, format: Format) -> Self {
        Self {
            source: source.to_owned(),
            format,
            read: 0,
            taken: 0,
            left: Left::default(),
            indicators: 0,
            patterns: 0,
            carried: 0,
            warninglists: 0,
            ports_dropped: 0,
            passed_over: 0,
            warned: 0,
            first_problems: Vec::new(),
        }
    }

    /// Adds what was counted elsewhere of the same source.
    pub(super) fn add(&mut self, other: &Self) {
        let Self {
            source: _,
            format: _,
            read,
            taken,
            left,
            indicators,
            patterns,
            carried,
            warninglists,
            ports_dropped,
            passed_over,
            warned,
            first_problems,
        } = other;
        self.read += read;
        self.taken += taken;
        self.left.add(left);
        self.indicators += indicators;
        self.patterns += patterns;
        self.carried += carried;
        self.warninglists += warninglists;
        self.ports_dropped += ports_dropped;
        self.passed_over += passed_over;
        self.warned += warned;
        let room = FIRST_MAX.saturating_sub(self.first_problems.len());
        self.first_problems
            .extend(first_problems.iter().take(room).cloned());
    }

    pub(super) fn note(&mut self, problem: &Problem) {
        if self.first_problems.len() < FIRST_MAX {
            self.first_problems.push(problem.to_string());
        }
    }
}

/// Where in a source something stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A line, from 1.
    Line(u64),
    /// A JSON pointer.
    Pointer(String),
    /// An object or a record of a JSON document.
    Object {
        /// Its number, from 1.
        number: u64,
        /// Its id; may be empty.
        id: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Pointer(pointer) => f.write_str(&harmless(pointer)),
            Self::Object { number, id } if id.is_empty() => write!(f, "object {number}"),
            Self::Object { number, id } => write!(f, "object {number} ({})", harmless(id)),
        }
    }
}

/// Something that could not be taken, or may be a mistake.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {text:?}: {reason}")]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// The beginning of it.
    pub text: String,
    /// What is wrong.
    pub reason: Reason,
}

impl Problem {
    pub(super) fn new(place: Place, text: &str, reason: Reason) -> Self {
        Self {
            place,
            text: text.chars().take(TEXT_CHARS_MAX).collect(),
            reason,
        }
    }
}

/// What is wrong with an entry.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It has a kind and is no value of it.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// It has the shape of no kind.
    #[error("of no kind that can be looked for")]
    NoKind,
    /// It is one character, which no name, no text and no number that is looked for is.
    #[error("one character, which stands in every record: no kind of indicator is as short")]
    OneCharacter,
    /// It is the path of a URL without a host.
    #[error("a path without a host")]
    PathAlone,
    /// The first address of a range is behind its last, or of another family.
    #[error("not a range: its first address is not before its last")]
    Range,
    /// The line is not UTF-8.
    #[error("bytes that are not UTF-8")]
    NotUtf8,
    /// The line is longer than any value.
    #[error("a line of more than {0} bytes")]
    LongLine(usize),
    /// A quote is opened and not closed.
    #[error("a quote that is not closed")]
    OpenQuote,
    /// A row has nothing in the columns of values.
    #[error("a row without a value")]
    EmptyRow,
    /// A line is not JSON.
    #[error("not JSON: {0}")]
    Json(stix::json::JsonErrorKind),
    /// A record has no member that holds a value.
    #[error("a record without a value")]
    NoValue,
    /// The text is no STIX pattern.
    #[error("not a STIX pattern: {0}")]
    Pattern(PatternError),
    /// An entry of a warninglist cannot be used.
    #[error("an entry of a warninglist that cannot be used: {0}")]
    Entry(String),
    /// A moment could not be read, and counts as not given.
    #[error("no date and time")]
    Moment,
    /// The address is of a range that is not used on the internet.
    #[error("an address of a special range: {0}")]
    Special(&'static str),
    /// A page of a TAXII collection that is not the last.
    #[error("the list goes on: this is one page of a TAXII collection")]
    More,
}

impl Reason {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Value(error) => error.code(),
            Self::NoKind => "list.no_kind",
            Self::OneCharacter => "list.one_character",
            Self::PathAlone => "list.path_alone",
            Self::Range => "list.range",
            Self::NotUtf8 => "list.not_utf8",
            Self::LongLine(_) => "list.long_line",
            Self::OpenQuote => "list.open_quote",
            Self::EmptyRow => "list.empty_row",
            Self::Json(kind) => kind.code(),
            Self::NoValue => "list.no_value",
            Self::Pattern(error) => error.code(),
            Self::Entry(_) => "list.entry",
            Self::Moment => "list.moment",
            Self::Special(_) => "list.special_address",
            Self::More => "list.more",
        }
    }

    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Value(ValueError::Broad { .. }) => {
                "name what is meant more narrowly, or take it with --allow-broad"
            }
            Self::Value(ValueError::Checksum { .. }) => "copy the address anew from where it stood",
            Self::Value(_) => "correct the value, or the kind that the list gives it",
            Self::NoKind => {
                "give an address, a network, a name, a URL, an e-mail address or a hash, or a table with a type column"
            }
            Self::OneCharacter => "remove it: --allow-broad does not take it either",
            Self::PathAlone => "give the whole URL, with its host",
            Self::Range => "write the lower address first: 198.51.100.3-198.51.100.9",
            Self::NotUtf8 => "convert the file to UTF-8, for example by iconv",
            Self::LongLine(_) => "put each value on a line of its own",
            Self::OpenQuote => "close the quote, or double it where it is part of the text",
            Self::EmptyRow => "fill the column of the value, or remove the row",
            Self::Json(_) => "write one JSON value a line, or a list of them",
            Self::NoValue => {
                "name the member value or indicator, or by its kind: ip, domain, url, sha256"
            }
            Self::Pattern(_) => "correct the pattern; comity stix check says more",
            Self::Entry(_) => "correct the entry, or remove it from the list",
            Self::Moment => "write it as 2026-01-31T12:00:00Z",
            Self::More => "fetch the pages behind it too, by the member next, until more is false",
            Self::Special(_) => "remove it from the list if it names a machine of one's own",
        }
    }
}

/// Why a list could not be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The source failed.
    #[error("the source cannot be read")]
    Source(#[from] std::io::Error),
    /// The JSON is broken, or too large.
    #[error("the JSON cannot be read on")]
    Stream(#[source] StreamError),
    /// The MISP document is broken, or too large.
    #[error("the MISP document cannot be read on")]
    Misp(#[from] MispError),
    /// The content is of a kind that is not read.
    #[error("{0}")]
    NotRead(&'static str),
    /// A problem where none may be.
    #[error("an entry cannot be taken")]
    Strict(#[source] Problem),
    /// Who takes the items failed.
    #[error("what was read cannot be taken")]
    Sink(#[source] SinkError),
}

impl ReadError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "list.unreadable",
            Self::Stream(error) => error.code(),
            Self::Misp(error) => error.code(),
            Self::NotRead(_) => "list.not_read",
            Self::Strict(problem) => problem.reason.code(),
            Self::Sink(_) => "list.sink",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_does_not_steer_the_terminal() {
        let id = "\u{1b}[2J".to_owned();
        assert_eq!(
            Place::Object { number: 1, id }.to_string(),
            "object 1 (\\u{1b}[2J)"
        );
    }
}
