//! Lists of indicators, from files of many formats.
//!
//! [`read`] finds out the [`Format`] of a list, hands on what is in it item by item, and says in a
//! [`Report`] what it took and what it left out, and why. One line or object that cannot be read is
//! a [`Problem`] with its place and a hint, and does not stop the rest.
//!
//! # What values are taken for
//!
//! - **Names** stand for themselves and all names below them, as block lists mean them, but for
//!   `hostname` and `fqdn` in tables and MISP, and in STIX; see [`Options::domains`].
//! - **A port** beside an address or a name cannot be looked for: it is dropped and counted.
//! - **A URL without a scheme** stands for those with `http` and with `https`; a path alone is none.
//! - **A range** of addresses stands for its networks.
//! - **A count** beside a value is no confidence.
//! - **File names** in a table beside other values describe these and are not taken.
//! - **A day** as an end lasts until its end; a moment that cannot be read counts as not given, with
//!   a warning.
//!
//! Addresses of special ranges (private, loopback and the like) are taken with a warning. What is on
//! a warninglist is left out where [`Options::exclusions`] has the list. Some warninglists name much
//! that is abused as well, such as clouds and sites that host pages for anyone: choose among them.
//!
//! Of a MISP feed give the files of its events. `manifest.json` brings nothing; `hashes.csv` holds
//! hashes of attributes, not of files, and is no list of indicators, which is known only by where it
//! stands.

#![forbid(unsafe_code)]

mod blocks;
mod bundles;
mod columns;
mod detect;
mod events;
mod exclusions;
mod format;
mod intake;
mod item;
mod kept;
mod lines;
mod patterns;
mod plain;
mod ranges;
mod records;
mod report;
mod returns;
mod rows;
mod simple;
mod special;
mod split;
mod table;
pub mod terminal;
mod times;
pub mod utf16;
mod values;
mod within;
mod words;

use std::io::{BufRead, BufReader, Cursor, Read};

pub use exclusions::Exclusions;
pub use format::{Format, FormatError};
pub use item::{Domains, Item, Options, Sink, SinkError, Told};
pub use report::{Left, Place, Problem, ReadError, Reason, Report};
pub use within::{Unusable, Within};

use intake::Intake;
use returns::Returns;
use utf16::Utf16;

/// Bytes that the format is found out by.
const HEAD_BYTES: u64 = 64 << 10;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a list that is called `source`, and hands on to `sink` what is in it.
///
/// The text is UTF-8, or UTF-16 with a byte order mark or mostly of ASCII; it is not compressed.
/// Lines end with `\n`, `\r\n`, or `\r` where the beginning has no other ends. Memory is bounded by the
/// longest line or object, but for what waits for its marking: indicators whose marking definitions
/// stand behind them, and attributes of a MISP event, whose tags do.
pub fn read(
    source: &str,
    mut input: impl BufRead,
    options: &Options<'_>,
    sink: &mut dyn Sink,
) -> Result<Report, ReadError> {
    let mut head = Vec::new();
    let head_bytes = u64::try_from(utf16::HEAD_BYTES).unwrap_or(u64::MAX);
    input.by_ref().take(head_bytes).read_to_end(&mut head)?;
    let order = utf16::order(&head);
    let mark_bytes = match order {
        Some(order) => order.mark_bytes,
        None if head.starts_with(UTF8_MARK) => UTF8_MARK.len(),
        None => 0,
    };
    let mut begun = Cursor::new(head);
    begun.consume(mark_bytes);
    let text = begun.chain(input);
    match order {
        Some(order) => {
            let text = BufReader::new(Utf16::new(text, order.is_big));
            read_text(source, text, options, sink)
        }
        None => read_text(source, text, options, sink),
    }
}

/// The format of a list by its beginning; nothing where it is none.
pub fn recognise(head: &[u8]) -> Option<Format> {
    format_of(head).ok()
}

/// The format of a list by its beginning, or why it is none.
pub fn format_of(head: &[u8]) -> Result<Format, ReadError> {
    let found = detect::detect(head, false, None)?;
    Ok(found.format)
}

fn read_text(
    source: &str,
    mut text: impl BufRead,
    options: &Options<'_>,
    sink: &mut dyn Sink,
) -> Result<Report, ReadError> {
    let mut head = Vec::new();
    text.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    let by_returns = returns::ends_lines(&head);
    if by_returns {
        returns::replace(&mut head);
    }
    let is_whole = u64::try_from(head.len()).is_ok_and(|length| length < HEAD_BYTES);
    let found = detect::detect(&head, is_whole, options.format)?;
    let report = Report::new(source, found.format);
    let mut intake = Intake::new(options, report, sink, source);
    let mut input = Cursor::new(head).chain(Returns::new(text, by_returns));
    match (found.format, &found.layout) {
        (Format::Table, Some(layout)) => table::read(&mut intake, &mut input, layout)?,
        (Format::Table, None) => {
            return Err(ReadError::NotRead(
                "a table in which no column has values: name one of them value, ip, domain, url or sha256",
            ));
        }
        (Format::Plain | Format::Hosts | Format::Adblock | Format::Dnsmasq, _) => {
            plain::read(&mut intake, &mut input, found.format)?;
        }
        (Format::Stix, _) => bundles::read(&mut intake, &mut input)?,
        (Format::StixPatterns, _) => patterns::read(&mut intake, &mut input)?,
        (Format::Misp, _) => events::read(&mut intake, &mut input)?,
        (Format::MispManifest, _) => events::read_manifest(&mut intake, &mut input)?,
        (Format::Warninglist, _) => events::read_warninglist(&mut intake, &mut input)?,
        (Format::Json, _) if found.is_json_lines => records::read_lines(&mut intake, &mut input)?,
        (Format::Json, _) => records::read(&mut intake, &mut input)?,
        (Format::OpenIoc, _) => {
            return Err(ReadError::NotRead(
                "OpenIOC, which is recognised and not read: convert it to STIX or to a list",
            ));
        }
    }
    Ok(intake.report)
}
