//! Patterns (§9) with the names of 2.1.
//!
//! Only names and the moments of `START` and `STOP` differ between the versions, so that the text is
//! passed through but for these, comments and white space included.

use super::renames;
use crate::{objects, pattern::PATTERN_BYTES_MAX};

/// The pattern with the names of 2.1.
pub(super) fn lift(pattern: &str) -> String {
    // No pattern of 2.1 is that long.
    if pattern.len() > PATTERN_BYTES_MAX {
        return pattern.into();
    }
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' {
            quoted(rest)
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") {
            rest.find(['\n', '\r']).unwrap_or(rest.len())
        } else if first.is_ascii_alphanumeric() || first == '_' {
            word(rest)
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(length);
        rest = behind;
        let object_path = rest.strip_prefix(':').filter(|_| token != "t");
        if let Some(path) = object_path {
            let (path, behind) = path.split_at(path_length(path));
            out.push_str(token);
            out.push(':');
            out.push_str(&lift_path(token, path));
            rest = behind;
        } else {
            out.push_str(token);
            if matches!(token, "START" | "STOP") {
                let white = rest.len() - rest.trim_start().len();
                let (white, behind) = rest.split_at(white);
                out.push_str(white);
                out.push_str(if behind.starts_with('\'') { "t" } else { "" });
                rest = behind;
            }
        }
    }
    out
}

/// The length of the quoted text that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\'' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

fn word(text: &str) -> usize {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.find(|c| !inner(c)).unwrap_or(text.len())
}

/// The length of the path behind the colon: names and indices, as `a.'b-c'[*].d`.
fn path_length(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += match rest.chars().next() {
            Some('\'') => quoted(rest),
            Some('.') => 1,
            Some('[') => match rest.find(']') {
                Some(end) => end + 1,
                None => return at,
            },
            Some(c) if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') => word(rest),
            _ => return at,
        };
    }
}

/// What a name within a path is a name in.
enum Place {
    /// Objects of one of these types.
    Object(Vec<&'static str>),
    /// `extensions` of objects of one of these types.
    Extensions(Vec<&'static str>),
    /// An extension of this key.
    Extension(String),
    /// A dictionary of digests.
    Hashes,
    Other,
}

fn lift_path(object_type: &str, path: &str) -> String {
    // A type of one's own has nothing to rename.
    let known = objects::schema_of(object_type).map(|schema| schema.name);
    let mut place = Place::Object(known.into_iter().collect());
    let mut out: Vec<String> = Vec::new();
    for part in split(path) {
        let (name, index) = part.split_at(name_length(part));
        let bare = name
            .strip_prefix('\'')
            .and_then(|name| name.strip_suffix('\''));
        let (new, next) = step(&place, bare.unwrap_or(name));
        let new = match new {
            Some(new) if matches!((&place, &next), (Place::Extensions(_), Place::Other)) => {
                // An extension of one's own stands beside the extensions now.
                out.pop();
                new
            }
            Some(new) => new,
            None => name.into(),
        };
        out.push(format!("{new}{index}"));
        place = next;
    }
    out.join(".")
}

/// The parts between points that do not stand in quotes.
fn split(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = path;
    loop {
        let name = name_length(rest);
        let behind = rest.get(name..).unwrap_or_default();
        let Some(point) = behind.find('.') else {
            parts.push(rest);
            return parts;
        };
        let (part, more) = rest.split_at(name + point);
        parts.push(part);
        rest = more.strip_prefix('.').unwrap_or_default();
    }
}

fn name_length(part: &str) -> usize {
    if part.starts_with('\'') {
        quoted(part)
    } else {
        word(part)
    }
}

/// The new name at this place, if there is one, and the place behind it.
fn step(place: &Place, name: &str) -> (Option<String>, Place) {
    match place {
        Place::Object(types) => {
            let new = types.iter().find_map(|of| new_name(of, name));
            let now = new.as_deref().unwrap_or(name);
            let next = match now {
                "extensions" => Place::Extensions(types.clone()),
                "hashes" => Place::Hashes,
                _ => Place::Object(targets(types, now)),
            };
            (new, next)
        }
        Place::Extensions(types) => {
            let known = types
                .iter()
                .any(|of| objects::extension_schema(of, name).is_some());
            if known || types.is_empty() || name.starts_with("extension-definition--") {
                (None, Place::Extension(name.into()))
            } else {
                (Some(renames::custom_name(name)), Place::Other)
            }
        }
        Place::Extension(key) => {
            let new = renames::is_removed(key, name).then(|| renames::custom_name(name));
            let next = match name {
                "hashes" | "file_header_hashes" => Place::Hashes,
                _ => Place::Extension(String::new()),
            };
            (new, next)
        }
        Place::Hashes => ((name == "ssdeep").then(|| "SSDEEP".into()), Place::Other),
        Place::Other => (None, Place::Other),
    }
}

/// The name in 2.1. The name of a process is that of its image, as in the examples of §9.
fn new_name(object_type: &str, name: &str) -> Option<String> {
    if (object_type, name) == ("process", "name") {
        return Some("image_ref.name".into());
    }
    let renamed = renames::renamed(object_type, name).map(String::from);
    renamed.or_else(|| renames::is_removed(object_type, name).then(|| renames::custom_name(name)))
}

/// The types that a reference leads to.
fn targets(types: &[&'static str], name: &str) -> Vec<&'static str> {
    let properties = types.iter().filter_map(|of| objects::schema_of(of));
    let found = properties.flat_map(|schema| schema.properties);
    let found = found.filter(|property| property.name == name);
    let targets = found.flat_map(|property| property.targets.iter().copied());
    targets
        .filter(|target| objects::schema_of(target).is_some())
        .collect()
}
