//! Files of taxonomies and cross-walks: which format it is, and what it says.

mod attack;
mod misp;
mod own;
mod veris;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    ABOUT_CHARS_MAX, Code, ENTRIES_MAX, Entry, FILE_BYTES_MAX, NAME_CHARS_MAX, Name, Version, Walk,
    WalkRow, error::TaxonomyFault, table as walk_table,
};
use crate::{
    formats::csv::Table,
    model::{Line, is_forbidden},
};

/// The most bytes of a file that is held whole; bundles of ATT&CK are longer and are not.
const WHOLE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How many levels entries stand below each other at most.
const DEPTH_MAX: usize = 16;
/// How many entries that were left out are named.
const LEFT_OUT_MAX: usize = 100;

/// What the importer says of a file that does not say it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Given {
    /// What it is called.
    pub name: Option<Name>,
    /// Its version.
    pub version: Option<Version>,
}

/// What a file holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Read {
    /// A taxonomy.
    Taxonomy(Draft),
    /// A cross-walk, its rows, and of a table the line of each.
    Walk(Walk, Vec<WalkRow>, Vec<usize>),
}

/// A taxonomy that was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Draft {
    /// What it is called.
    pub name: Name,
    /// Its version.
    pub version: Version,
    /// Its name in words.
    pub title: String,
    /// Where it is from.
    pub source: Option<String>,
    /// On what terms it may be used.
    pub licence: Option<String>,
    /// Its entries, in their order.
    pub entries: Vec<Entry>,
    /// What was left out of it.
    pub left_out: LeftOut,
}

/// Entries of a file that were left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LeftOut {
    /// How many.
    pub count: usize,
    /// The first of them: where, and why.
    pub named: Vec<(String, &'static str)>,
}

impl LeftOut {
    fn add(&mut self, at: String, why: &'static str) {
        self.count = self.count.saturating_add(1);
        if self.named.len() < LEFT_OUT_MAX {
            self.named.push((at, why));
        }
    }
}

/// A taxonomy as its file has it, before it is looked at.
#[derive(Debug, Default)]
struct Raw {
    name: Option<String>,
    version: Option<String>,
    title: Option<String>,
    source: Option<String>,
    licence: Option<String>,
    entries: Vec<RawEntry>,
    left_out: LeftOut,
}

/// An entry as its file has it.
#[derive(Debug, Default)]
struct RawEntry {
    /// Where it stands.
    at: String,
    code: String,
    parent: Option<String>,
    name: Option<String>,
    about: Option<String>,
}

/// The members that tell formats apart.
#[derive(Deserialize)]
struct Shape {
    namespace: Option<IgnoredAny>,
    objects: Option<IgnoredAny>,
    taxonomy: Option<IgnoredAny>,
    crosswalk: Option<IgnoredAny>,
    security_incident: Option<IgnoredAny>,
}

/// What a file holds: a MISP taxonomy, a STIX bundle of ATT&CK, the enumerations of VERIS, or a
/// taxonomy or cross-walk in the format of this program.
pub fn read(bytes: &[u8], given: &Given) -> Result<Read, TaxonomyFault> {
    within(bytes, FILE_BYTES_MAX)?;
    if bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK") {
        let detail = "the file is packed: unpack it first";
        return Err(TaxonomyFault::unreadable("byte 1", detail));
    }
    let text = crate::formats::decode::text(bytes);
    let text = text.map_err(|remark| TaxonomyFault::unreadable("byte 1", remark.to_string()))?;
    let text = text.trim_start();
    if !text.starts_with(['{', '[']) {
        within(bytes, WHOLE_BYTES_MAX)?;
        return table(text, given);
    }
    if text.starts_with('[') {
        let detail = "a list; a taxonomy or a cross-walk is an object";
        return Err(TaxonomyFault::unreadable("line 1", detail));
    }
    let shape: Shape = serde_json::from_str(text).map_err(|error| broken(&error))?;
    if shape.objects.is_some() {
        return Ok(Read::Taxonomy(finish(attack::read(text)?, given)?));
    }
    within(bytes, WHOLE_BYTES_MAX)?;
    let raw = if shape.crosswalk.is_some() {
        let (walk, rows) = own::walk(text)?;
        return Ok(Read::Walk(walk, rows, Vec::new()));
    } else if shape.taxonomy.is_some() {
        own::taxonomy(text)?
    } else if shape.namespace.is_some() {
        misp::read(text)?
    } else if shape.security_incident.is_some() {
        veris::read(text)?
    } else {
        let detail = "no taxonomy that is known: it has none of the members namespace (MISP), \
                      objects (STIX), security_incident (VERIS), taxonomy or crosswalk";
        return Err(TaxonomyFault::unreadable("line 1", detail));
    };
    Ok(Read::Taxonomy(finish(raw, given)?))
}

/// A table of a taxonomy or of a cross-walk, by the names of its columns.
fn table(text: &str, given: &Given) -> Result<Read, TaxonomyFault> {
    let table = Table::parse(text);
    let table = table.map_err(|remark| TaxonomyFault::unreadable("line 1", remark.to_string()))?;
    if walk_table::is_walk(&table) {
        let (walk, rows, lines) = walk_table::read(&table, given)?;
        return Ok(Read::Walk(walk, rows, lines));
    }
    Ok(Read::Taxonomy(finish(own::table(&table)?, given)?))
}

impl Read {
    /// What was read as a file of our own JSON, which is read as the same.
    pub fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Taxonomy(draft) => own::of_taxonomy(draft),
            Self::Walk(walk, rows, _) => own::of_walk(walk, rows),
        }
    }
}

fn within(bytes: &[u8], max: usize) -> Result<(), TaxonomyFault> {
    if bytes.len() <= max {
        return Ok(());
    }
    let detail = format!("{} bytes; at most {max} are taken in", bytes.len());
    Err(TaxonomyFault::unreadable("byte 1", detail))
}

/// What is wrong with JSON, and where.
fn broken(error: &serde_json::Error) -> TaxonomyFault {
    let at = format!("line {} column {}", error.line(), error.column());
    TaxonomyFault::unreadable(at, error.to_string())
}

/// A name or version: what the file says, or what the importer says where it says none.
fn settled<T: std::str::FromStr<Err = crate::model::Invalid> + Clone + PartialEq + ToString>(
    field: &'static str,
    stated: Option<&str>,
    given: Option<&T>,
) -> Result<T, TaxonomyFault> {
    let stated = stated.map(str::trim).filter(|text| !text.is_empty());
    let Some(stated) = stated else {
        let missing = || {
            let detail = format!("the file says no {field}: say it with the import");
            TaxonomyFault::unreadable(field, detail)
        };
        return given.cloned().ok_or_else(missing);
    };
    let unfit = |broken: crate::model::Invalid| TaxonomyFault::unreadable(field, broken.rule);
    let read: T = stated.parse().map_err(unfit)?;
    match given {
        Some(given) if *given != read => {
            let (read, given) = (read.to_string(), given.to_string());
            let detail = format!("the file says {read}, the import {given}");
            Err(TaxonomyFault::unreadable(field, detail))
        }
        _ => Ok(read),
    }
}

/// A taxonomy whose values are looked at one by one.
fn finish(raw: Raw, given: &Given) -> Result<Draft, TaxonomyFault> {
    let name: Name = settled("name", raw.name.as_deref(), given.name.as_ref())?;
    let version: Version = settled("version", raw.version.as_deref(), given.version.as_ref())?;
    if raw.entries.len() > ENTRIES_MAX {
        return Err(too_many(raw.entries.len()));
    }
    let mut left_out = raw.left_out;
    let mut known = BTreeSet::new();
    let mut entries = Vec::with_capacity(raw.entries.len());
    for raw in raw.entries {
        let entry = entry(&raw)?;
        let at = raw.at;
        if known.insert(entry.code.clone()) {
            entries.push((at, entry));
        } else {
            left_out.add(at, "the code stands there twice");
        }
    }
    if entries.is_empty() {
        return Err(TaxonomyFault::unreadable("entries", "it has no entry"));
    }
    no_circles(&entries)?;
    let title = words(raw.title.as_deref(), NAME_CHARS_MAX);
    Ok(Draft {
        title: title.unwrap_or_else(|| name.to_string()),
        name,
        version,
        source: words(raw.source.as_deref(), NAME_CHARS_MAX),
        licence: words(raw.licence.as_deref(), NAME_CHARS_MAX),
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        left_out,
    })
}

fn too_many(count: usize) -> TaxonomyFault {
    let detail = format!("{count} entries; at most {ENTRIES_MAX} are taken in");
    TaxonomyFault::unreadable("entries", detail)
}

fn entry(raw: &RawEntry) -> Result<Entry, TaxonomyFault> {
    let code = code(&raw.code, (&raw.at, "code"))?;
    let name = raw.name.as_deref().unwrap_or_default();
    if name.chars().any(|c| is_forbidden(c) && !c.is_whitespace()) {
        let detail = "is one line without control characters";
        return Err(TaxonomyFault::unreadable(
            format!("{}.name", raw.at),
            detail,
        ));
    }
    let name = words(Some(name), NAME_CHARS_MAX).unwrap_or_else(|| code.to_string());
    let unfit = |broken: crate::model::Invalid| {
        TaxonomyFault::unreadable(format!("{}.name", raw.at), broken.rule)
    };
    let parent = raw.parent.as_deref().filter(|text| !text.trim().is_empty());
    let about = words(raw.about.as_deref(), ABOUT_CHARS_MAX);
    Ok(Entry {
        name: name.parse().map_err(unfit)?,
        parent: parent
            .map(|parent| self::code(parent, (&raw.at, "parent")))
            .transpose()?,
        about: about.and_then(|about| about.parse().ok()),
        code,
    })
}

fn code(text: &str, (at, field): (&str, &str)) -> Result<Code, TaxonomyFault> {
    let unfit = |broken: crate::model::Invalid| {
        TaxonomyFault::unreadable(format!("{at}.{field}"), broken.rule)
    };
    text.parse().map_err(unfit)
}

/// Words on one line, shortened to so many characters; nothing where there are none.
fn words(text: Option<&str>, most: usize) -> Option<String> {
    let clean: String = text?
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !is_forbidden(c))
        .collect();
    let line = clean.split(' ').filter(|part| !part.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return Some(line).filter(|line| !line.is_empty());
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    Some(format!("{}…", kept.trim_end()))
}

/// That each entry above another is there, and none is above itself.
fn no_circles(entries: &[(String, Entry)]) -> Result<(), TaxonomyFault> {
    let above: BTreeMap<&Line<{ super::CODE_CHARS_MAX }>, _> = entries
        .iter()
        .map(|(_, entry)| (&entry.code, entry.parent.as_ref()))
        .collect();
    for (at, entry) in entries {
        let mut parent = entry.parent.as_ref();
        let mut depth = 0;
        while let Some(code) = parent {
            depth += 1;
            let next = above.get(code).copied();
            let detail = match next {
                None => format!("{code} is no entry of it"),
                Some(_) if depth > DEPTH_MAX => {
                    format!("more than {DEPTH_MAX} entries stand above it, or it is above itself")
                }
                Some(next) => {
                    parent = next;
                    continue;
                }
            };
            return Err(TaxonomyFault::unreadable(format!("{at}.parent"), detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
