//! Files of other formats as objects of STIX and events of MISP, and STIX 2.0 as 2.1.
//!
//! What a file is stands in its beginning ([`Form`]). It is read once, in memory bounded by its
//! largest object (of MISP: by its largest event), and what has no place among objects is told as a
//! [`Loss`]: nothing is left out in silence. The same file gives the same in the same order,
//! so that an import can go on where it stood.

mod list;
mod misp;
mod objects;
mod pump;

use std::{
    collections::BTreeMap,
    io::{BufReader, Cursor, Read},
    ops::ControlFlow,
};

use formats_misp::full::Event;
use indicators::{Format, utf16};
use kernel::{Timestamp, Tlp, chain};
use uuid::Uuid;

use crate::{Error, error::Untaken, intake::Batch, model::Loss};

/// Bytes that the format is found out by.
const HEAD_BYTES: usize = 64 << 10;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// The most losses that are told one by one.
const LOSSES_MAX: usize = 1_000;

/// What a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// Objects of STIX: a bundle, an envelope, a list, or one object a line.
    Stix,
    /// Events of MISP.
    Misp,
    /// A list of indicators.
    List(Format),
}

impl Form {
    /// The name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stix => Format::Stix.name(),
            Self::Misp => Format::Misp.name(),
            Self::List(format) => format.name(),
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name.parse().ok()? {
            Format::Stix => Some(Self::Stix),
            Format::Misp => Some(Self::Misp),
            other => Some(Self::List(other)),
        }
    }

    /// What a file is that begins so; or why it is not taken.
    pub fn of(head: &[u8]) -> Result<Self, Error> {
        let mut head = head;
        let decoded = decode(Cursor::new(head.to_vec()))?;
        let mut text = Vec::new();
        let most = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
        if utf16::order(head).is_some() || head.starts_with(UTF8_MARK) {
            decoded
                .take(most)
                .read_to_end(&mut text)
                .map_err(|error| unreadable(&error))?;
            head = &text;
        }
        if head.trim_ascii().is_empty() {
            return Err(Error::NotTaken(Untaken::Empty));
        }
        if PACKED.iter().any(|mark| head.starts_with(mark)) || is_bzip2(head) {
            return Err(Error::NotTaken(Untaken::Packed));
        }
        let format = indicators::format_of(head).map_err(|error| Error::Unreadable {
            detail: chain(&error),
        })?;
        match format {
            Format::Stix => Ok(Self::Stix),
            Format::Misp => Ok(Self::Misp),
            Format::Warninglist => Err(Error::NotTaken(Untaken::Warninglist)),
            Format::MispManifest => Err(Error::NotTaken(Untaken::MispManifest)),
            Format::OpenIoc => Err(Error::NotTaken(Untaken::OpenIoc)),
            other => Ok(Self::List(other)),
        }
    }
}

/// How files begin that are compressed, or archives: gzip, zip, xz, zstd, 7z, RAR.
const PACKED: [&[u8]; 6] = [
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
];

/// `BZh`, a digit, and a number that no text begins with.
fn is_bzip2(head: &[u8]) -> bool {
    head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY")
}

/// What objects are made with that a file does not say.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// What the file is called.
    pub(crate) source: String,
    /// When it was handed in.
    pub(crate) at: Timestamp,
    /// The label of what has none.
    pub(crate) unmarked: Tlp,
    /// Of which the ids of indicators are made that have none.
    pub(crate) space: Uuid,
}

/// What a file brings.
pub(crate) enum Coming {
    /// Objects of STIX.
    Batch(Batch),
    /// An event of MISP, which is kept as one.
    Event {
        /// Its number among what the file brings, from 0.
        place: i64,
        event: Box<Event>,
    },
}

/// What was lost on the way, each kind of thing once.
#[derive(Debug, Default)]
pub(crate) struct Losses(BTreeMap<(String, String), i64>);

impl Losses {
    pub(crate) fn add(&mut self, place: &str, name: &str, count: i64) {
        let shortened = |text: &str| text.chars().take(200).collect::<String>();
        let key = (shortened(place), shortened(name));
        if count > 0 && (self.0.len() < LOSSES_MAX || self.0.contains_key(&key)) {
            *self.0.entry(key).or_default() += count;
        }
    }

    pub(crate) fn into_list(self) -> Vec<Loss> {
        let loss = |((place, name), count)| Loss { place, name, count };
        self.0.into_iter().map(loss).collect()
    }
}

/// Reads a file to its end, or until `on` says otherwise, and tells what was lost.
pub(crate) fn read(
    source: impl Read + Send + 'static,
    form: Form,
    context: &Context,
    on: &mut dyn FnMut(Coming) -> ControlFlow<()>,
) -> Result<Vec<Loss>, Error> {
    let text = decode(source)?;
    let mut pump = pump::Pump::new(on);
    let read = match form {
        Form::Stix => objects::read(text, &mut pump),
        Form::Misp => misp::read(text, &mut pump),
        Form::List(format) => list::read(text, format, context, &mut pump),
    };
    // What came before a fault is taken.
    let losses = pump.end();
    read.map(|()| losses)
}

/// The text as UTF-8, without a mark before it.
fn decode(mut source: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>, Error> {
    let mut head = Vec::new();
    let most = u64::try_from(utf16::HEAD_BYTES).unwrap_or(u64::MAX);
    source
        .by_ref()
        .take(most)
        .read_to_end(&mut head)
        .map_err(|error| unreadable(&error))?;
    let order = utf16::order(&head);
    let mark = match order {
        Some(order) => order.mark_bytes,
        None if head.starts_with(UTF8_MARK) => UTF8_MARK.len(),
        None => 0,
    };
    let text = Cursor::new(head.split_off(mark.min(head.len()))).chain(source);
    Ok(match order {
        Some(order) => Box::new(utf16::Utf16::new(BufReader::new(text), order.is_big)),
        None => Box::new(text),
    })
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::Unreadable {
        detail: chain(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_says_what_a_file_is() {
        let form = |text: &str| Form::of(text.as_bytes()).unwrap().name();
        assert_eq!(form(r#"{"type":"bundle","objects":[]}"#), "stix");
        assert_eq!(form("\u{feff}{\"objects\":[]}"), "stix");
        assert_eq!(form(r#"{"Event":{"info":"x"}}"#), "misp");
        assert_eq!(form("evil.example\n198.51.100.7\n"), "plain");
        assert_eq!(form("domain,confidence\nevil.example,80\n"), "table");
    }

    #[test]
    fn what_is_not_taken_says_why() {
        let code = |text: &[u8]| Form::of(text).unwrap_err().code();
        assert_eq!(code(b" \n"), "intel.file_empty");
        let list = br#"{"name":"x","list":["a.example"],"matching_attributes":["domain"]}"#;
        assert_eq!(code(list), "intel.file_warninglist");
        assert_eq!(code(b"\x1f\x8b\x08"), "intel.file_packed");
    }
}
