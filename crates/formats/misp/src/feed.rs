//! Feeds: a folder, or an address, with `manifest.json`, `hashes.csv`, and a file for each event.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, BufReader, Read, Write},
    ops::ControlFlow,
};

use md5::{Digest, Md5};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Limits, MispError, MispErrorKind, composite,
    full::{self, Event},
    sample::hex,
};

/// Bytes of a line of `hashes.csv`: 32 digits, a comma and a UUID need 69.
const LINE_BYTES_MAX: u64 = 256;

/// The name of an event's file in a feed; nothing where it is no UUID, so that no name leads out of
/// the folder.
pub fn event_file(uuid: &str) -> Option<String> {
    is_uuid(uuid).then(|| format!("{uuid}.json"))
}

fn is_uuid(text: &str) -> bool {
    let fits = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// Writes a manifest whose events come one by one. It writes in many small pieces: give it a buffer.
#[derive(Debug)]
pub struct ManifestWriter<W> {
    out: W,
    begun: bool,
}

impl<W: Write> ManifestWriter<W> {
    /// Writes the beginning.
    pub fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, begun: false })
    }

    /// Writes what the event says of itself; its attributes and objects are not looked at.
    ///
    /// An error of the kind [`io::ErrorKind::InvalidInput`] if its UUID is none.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        let uuid = event.uuid.as_deref().filter(|uuid| is_uuid(uuid));
        let Some(uuid) = uuid else {
            let error = "an event of a feed has a UUID";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        };
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b",")?;
        }
        write!(self.out, "\"{uuid}\":")?;
        serde_json::to_writer(&mut self.out, &Entry(event))?;
        Ok(())
    }

    /// Writes the end, and gives back what was written to.
    pub fn end(mut self) -> io::Result<W> {
        self.out.write_all(b"}")?;
        Ok(self.out)
    }
}

/// An event of a manifest.
struct Entry<'e>(&'e Event);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(event) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Orgc", &Orgc(event.orgc.as_deref()))?;
        let tags: Vec<_> = event.tags.iter().map(Tag).collect();
        map.serialize_entry("Tag", &tags)?;
        map.serialize_entry("info", event.info.as_deref().unwrap_or_default())?;
        if let Some(date) = &event.date {
            map.serialize_entry("date", date)?;
        }
        if let Some(analysis) = event.analysis {
            map.serialize_entry("analysis", &analysis.number().to_string())?;
        }
        if let Some(level) = event.threat_level {
            map.serialize_entry("threat_level_id", &level.number().to_string())?;
        }
        if let Some(timestamp) = event.timestamp {
            map.serialize_entry("timestamp", &timestamp.to_string())?;
        }
        map.end()
    }
}

struct Orgc<'e>(Option<&'e full::Organisation>);

impl Serialize for Orgc<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let name = self.0.and_then(|party| party.name.as_deref());
        map.serialize_entry("name", name.unwrap_or_default())?;
        if let Some(uuid) = self.0.and_then(|party| party.uuid.as_deref()) {
            map.serialize_entry("uuid", uuid)?;
        }
        map.end()
    }
}

struct Tag<'e>(&'e full::Tag);

impl Serialize for Tag<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.0.name.as_deref().unwrap_or_default())?;
        // MISP draws tags of feeds in their colour and has none for those that do not say it.
        let colour = self.0.colour.as_deref().unwrap_or("#000000");
        map.serialize_entry("colour", colour)?;
        map.end()
    }
}

/// Writes the lines of `hashes.csv` for the attributes of an event and of its objects: the MD5 of a
/// value, and the event's UUID. A composite has a line for each part. What was taken back has none.
///
/// It writes in many small pieces: give it a buffer.
pub fn write_hashes(mut out: impl Write, event: &Event) -> io::Result<()> {
    let Some(uuid) = event.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
        return Ok(());
    };
    let objects = event
        .objects
        .iter()
        .filter(|object| object.deleted != Some(true));
    let attributes = objects
        .flat_map(|object| &object.attributes)
        .chain(&event.attributes)
        .filter(|attribute| attribute.deleted != Some(true));
    let mut hashes = BTreeSet::new();
    for attribute in attributes {
        let kind = attribute.kind.as_deref().unwrap_or_default();
        let value = attribute.value.as_deref().unwrap_or_default();
        match composite::split(kind, value) {
            Some(parts) => hashes.extend(parts.map(|(_, part)| value_hash(part))),
            None => hashes.extend([value_hash(value)]),
        }
    }
    for hash in hashes {
        writeln!(out, "{},{uuid}", hex(&hash))?;
    }
    Ok(())
}

/// The MD5 of a value, as `hashes.csv` has it.
pub fn value_hash(value: &str) -> [u8; 16] {
    Md5::digest(value.as_bytes()).into()
}

/// Hands on the lines of `hashes.csv`, the hash of a value and the UUID of an event with it, until
/// `on` says otherwise. Gives the number of lines that are not of that form, which are passed over.
pub fn read_hashes(
    source: impl Read,
    limits: &Limits,
    mut on: impl FnMut([u8; 16], &str) -> ControlFlow<()>,
) -> Result<u64, MispError> {
    let mut source = BufReader::new(source);
    let (mut line, mut lines, mut passed_over) = (Vec::new(), 0_u64, 0_u64);
    let fail = |kind, lines| MispError {
        kind,
        path: String::new(),
        line: usize::try_from(lines).unwrap_or(usize::MAX),
        column: 1,
    };
    loop {
        line.clear();
        let read = source
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)
            .map_err(|error| fail(MispErrorKind::Read(error), lines + 1))?;
        if read == 0 {
            return Ok(passed_over);
        }
        lines += 1;
        if lines > limits.parts_max {
            return Err(fail(MispErrorKind::TooMany(limits.parts_max), lines));
        }
        match hash_line(&line) {
            Some((hash, uuid)) if on(hash, uuid).is_break() => return Ok(passed_over),
            Some(_) => {}
            None => passed_over += 1,
        }
    }
}

fn hash_line(line: &[u8]) -> Option<([u8; 16], &str)> {
    let (hash, uuid) = std::str::from_utf8(line).ok()?.trim().split_once(',')?;
    if hash.len() != 32 || !hash.is_ascii() || !is_uuid(uuid) {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, digits) in bytes.iter_mut().zip(hash.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some((bytes, uuid))
}
