//! Free texts: file names, user agents, registry keys and mutexes.
//!
//! A text is in lower case as far as it is ASCII, without white space around it. Backslashes that
//! stand in twos in all of a file name or registry key are halved. The hive of a registry key is
//! `hklm`, `hkcu`, `hkcr`, `hku` or `hkcc`, however it was written.

use super::{
    Breadth,
    error::{ValueError, shape},
};
use crate::Kind;

const TEXT_BYTES_MAX: usize = 1024;
const TEXT_BYTES_MIN: usize = 4;
/// A text is looked for by one of its words; shorter ones are everywhere.
pub(crate) const WORD_BYTES_MIN: usize = 3;

/// Each hive: its short name, and how else it is written.
pub(crate) const HIVES: &[(&str, &[&str])] = &[
    ("hklm\\", &["hkey_local_machine\\", "\\registry\\machine\\"]),
    ("hkcu\\", &["hkey_current_user\\"]),
    ("hkcr\\", &["hkey_classes_root\\"]),
    ("hku\\", &["hkey_users\\", "\\registry\\user\\"]),
    ("hkcc\\", &["hkey_current_config\\"]),
];

/// The normal form of a text of this kind.
pub(crate) fn pack(kind: Kind, text: &str, breadth: Breadth) -> Result<Vec<u8>, ValueError> {
    let control = text.char_indices().find(|(_, found)| found.is_control());
    if let Some((at, found)) = control {
        let expected = "a text without control characters";
        return Err(ValueError::Unexpected {
            kind,
            found,
            at,
            expected,
        });
    }
    let text = match kind {
        Kind::RegistryKey => text.trim_end_matches('\\'),
        _ => text,
    };
    let mut packed = text.to_ascii_lowercase();
    if matches!(kind, Kind::FileName | Kind::RegistryKey) && packed.contains("\\\\") {
        let halved = packed.replace("\\\\", "\\");
        if !halved.contains("\\\\")
            && packed.matches('\\').count() == 2 * halved.matches('\\').count()
        {
            packed = halved;
        }
    }
    if kind == Kind::RegistryKey {
        packed = registry_key(&packed)?;
    }
    if packed.len() > TEXT_BYTES_MAX {
        return Err(ValueError::Length {
            kind,
            length: packed.len(),
            expected: "1024 at most",
        });
    }
    if anchors(kind, packed.as_bytes()).next().is_none() {
        return Err(shape(kind, "three letters or digits in a row at least"));
    }
    if packed.len() < TEXT_BYTES_MIN && breadth == Breadth::Narrow {
        let reason = "a text of fewer than four bytes is everywhere";
        return Err(ValueError::Broad { kind, reason });
    }
    Ok(packed.into_bytes())
}

fn registry_key(key: &str) -> Result<String, ValueError> {
    let hived = HIVES.iter().find_map(|(short, others)| {
        let rest = others.iter().find_map(|other| key.strip_prefix(other))?;
        Some(format!("{short}{rest}"))
    });
    let key = hived.unwrap_or_else(|| key.to_owned());
    if key.contains('\\') {
        Ok(key)
    } else {
        Err(shape(
            Kind::RegistryKey,
            "names with backslashes between them, such as HKLM\\Software\\Example",
        ))
    }
}

/// The words by which a text can be found, and where they begin: not those of a hive, which is
/// written in several ways.
pub(crate) fn anchors(kind: Kind, packed: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let hive = hive(kind, packed).map_or(0, |(short, _)| short.len());
    words(packed).filter(move |(at, word)| *at >= hive && word.len() >= WORD_BYTES_MIN)
}

/// The hive at the beginning of a registry key: its short name and how else it is written.
pub(crate) fn hive(kind: Kind, packed: &[u8]) -> Option<(&'static str, &'static [&'static str])> {
    let mut hives = HIVES.iter().filter(|_| kind == Kind::RegistryKey);
    let found = hives.find(|(short, _)| packed.starts_with(short.as_bytes()));
    found.copied()
}

/// Whether a byte is of a word of a text: what is not ASCII is.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// The words of a text and where they begin.
fn words(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    let runs = text.chunk_by(|&left, &right| is_word(left) == is_word(right));
    let placed = runs.map(move |run| {
        let begin = at;
        at += run.len();
        (begin, run)
    });
    placed.filter(|(_, run)| run.first().is_some_and(|&byte| is_word(byte)))
}
