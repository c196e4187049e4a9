//! Which versions of which products a vulnerability affects, as records of the CVE Program (JSON 5.x,
//! `affected`) or a table say it, and what that says of one version.
//!
//! A version is *not affected* only where somebody stated so: by an entry that it lies in, or by a
//! default of `unaffected` where every other entry can be compared with it. What cannot be compared (a
//! commit, a name, a missing version) is never taken for a no.

mod record;
mod table;

use serde::{Deserialize, Serialize};

use crate::{error::Error, model::Cve, version::Version};

/// The longest file.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// The most vulnerabilities of one file.
const VULNERABILITIES_MAX: usize = 50_000;
/// The most products of one vulnerability, and entries of one product.
const PRODUCTS_MAX: usize = 2_000;
const ENTRIES_MAX: usize = 5_000;

/// What is said of versions.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// They are affected.
    Affected,
    /// They are not.
    Unaffected,
    /// Nobody says.
    #[default]
    Unknown,
}

/// How far an entry reaches.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The one version.
    One,
    /// Every one from the first on.
    On,
    /// Up to the end, without it.
    Before,
    /// Up to the end, with it.
    To,
    /// Nobody can compare it with a version.
    Odd,
}

/// What is said of some versions.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// The first version, or the one; empty for every one before the end.
    pub since: String,
    /// The end; empty where there is none.
    pub until: String,
    /// How far it reaches.
    pub extent: Extent,
    /// What is said.
    pub status: Status,
}

/// What is said of the versions of a product.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// Who makes it.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// What is said of versions that no entry holds.
    pub fallback: Status,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Who says so.
    pub source: String,
}

/// What somebody says of one version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Judged {
    /// It is affected.
    Affected,
    /// Something cannot be compared, or is said to be unknown.
    Doubt,
    /// It is not affected.
    Unaffected,
    /// Nothing is said of it.
    Silent,
}

/// Where a file of this kind comes from: it takes the place of what came before from the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A record of the CVE Program.
    Record,
    /// A table.
    Table,
}

/// What a file says.
#[derive(Debug)]
pub struct File {
    /// What it is.
    pub origin: Origin,
    /// The vulnerabilities, each with its products.
    pub vulnerabilities: Vec<(Cve, Vec<Named>)>,
    /// What cannot be read: its place, from 1 (a record, or a line), and the field.
    pub refused: Vec<(i64, String)>,
}

/// Reads records in JSON (one, a list, or one a line), or a table.
pub fn read(bytes: &[u8]) -> Result<File, Error> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Error::TooLarge {
            max: FILE_BYTES_MAX,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_no_text| Error::Encoding)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let file = if text.starts_with(['{', '[']) {
        record::read(text)?
    } else {
        table::read(text)?
    };
    if file.vulnerabilities.len() + file.refused.len() > VULNERABILITIES_MAX {
        return Err(Error::TooLarge {
            max: VULNERABILITIES_MAX,
        });
    }
    Ok(file)
}

impl Origin {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Table => "table",
        }
    }
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Affected, Self::Unaffected, Self::Unknown];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Unaffected => "unaffected",
            Self::Unknown => "unknown",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Named {
    /// What is said of a version as somebody wrote it.
    pub fn judge(&self, text: &str) -> Judged {
        let text = text.trim();
        let version = plain(text);
        if text.is_empty() {
            let all = self.entries.is_empty() && self.fallback == Status::Affected;
            return if all { Judged::Affected } else { Judged::Doubt };
        }
        let (mut is_affected, mut is_unaffected, mut doubt) = (false, false, false);
        for entry in &self.entries {
            match (entry.holds(text, version.as_ref()), entry.status) {
                (Some(true), Status::Affected) => is_affected = true,
                (Some(true), Status::Unaffected) => is_unaffected = true,
                (Some(true), Status::Unknown) => doubt = true,
                (None, status) => doubt |= status != self.fallback,
                (Some(false), _) => {}
            }
        }
        if is_affected {
            return Judged::Affected;
        }
        if doubt {
            return Judged::Doubt;
        }
        match self.fallback {
            _ if is_unaffected => Judged::Unaffected,
            Status::Affected => Judged::Affected,
            Status::Unaffected => Judged::Unaffected,
            Status::Unknown => Judged::Silent,
        }
    }
}

impl Entry {
    /// Whether a version lies in it; nothing where that cannot be said.
    fn holds(&self, text: &str, version: Option<&Version>) -> Option<bool> {
        let (since, until) = (plain(&self.since), plain(&self.until));
        match self.extent {
            Extent::Odd | Extent::One if self.since.eq_ignore_ascii_case(text) => Some(true),
            Extent::Odd => None,
            Extent::One => Some(version? == &since?),
            Extent::On | Extent::Before | Extent::To => {
                let version = version?;
                let begun = if self.since.is_empty() {
                    Some(true)
                } else {
                    since.as_ref().map(|since| since <= version)
                };
                let goes_on = match self.extent {
                    Extent::Before => until.as_ref().map(|until| version < until),
                    Extent::To => until.as_ref().map(|until| version <= until),
                    _ => Some(true),
                };
                // An end before the beginning was meant otherwise.
                let is_empty = match (&since, &until, self.extent) {
                    (Some(since), Some(until), Extent::Before) => since >= until,
                    (Some(since), Some(until), Extent::To) => since > until,
                    _ => false,
                };
                match (begun, goes_on) {
                    _ if is_empty => None,
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
        }
    }
}

/// What several say of one version: whoever says that it is affected counts first, then whoever cannot
/// tell, then whoever says that it is not.
pub fn together(all: impl IntoIterator<Item = Judged>) -> Judged {
    let mut said = Judged::Silent;
    for one in all {
        said = match (said, one) {
            (Judged::Affected, _) | (_, Judged::Affected) => Judged::Affected,
            (Judged::Doubt, _) | (_, Judged::Doubt) => Judged::Doubt,
            (Judged::Unaffected, _) | (_, Judged::Unaffected) => Judged::Unaffected,
            (Judged::Silent, Judged::Silent) => Judged::Silent,
        };
    }
    said
}

/// A text as a version, if it is one that can be compared: not a name, a pattern or a commit.
fn plain(text: &str) -> Option<Version> {
    let text = text.trim();
    let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let begins = bare.starts_with(|one: char| one.is_ascii_digit());
    let sign = |one: char| one.is_ascii_alphanumeric() || ".()+-_~:".contains(one);
    let is_pattern = bare
        .split('.')
        .any(|part| part.eq_ignore_ascii_case("x") || part.is_empty());
    let is_commit = bare.len() >= 7
        && bare.chars().all(|one| one.is_ascii_hexdigit())
        && bare.chars().any(|one| one.is_ascii_alphabetic());
    if !begins || is_pattern || is_commit || !bare.chars().all(sign) {
        return None;
    }
    bare.parse().ok()
}

/// What one text says of versions: one of them, every one (`*`), or bounds such as `>= 1.0, < 1.2`. What
/// it says otherwise cannot be compared.
fn one_of(text: &str, status: Status) -> Entry {
    let entry = |since: &str, until: &str, extent| Entry {
        since: since.to_owned(),
        until: until.to_owned(),
        extent,
        status,
    };
    if text == "*" {
        return entry("", "", Extent::On);
    }
    if !text.starts_with(['<', '>', '=']) {
        let extent = if plain(text).is_some() {
            Extent::One
        } else {
            Extent::Odd
        };
        return entry(text, "", extent);
    }
    let (mut since, mut until, mut extent) = (None, None, Extent::On);
    for part in text.split(',').map(str::trim) {
        let (bound, kind) = if let Some(rest) = part.strip_prefix(">=") {
            (rest, Extent::On)
        } else if let Some(rest) = part.strip_prefix("<=") {
            (rest, Extent::To)
        } else if let Some(rest) = part.strip_prefix('<') {
            (rest, Extent::Before)
        } else if let Some(rest) = part.strip_prefix('=') {
            (rest, Extent::One)
        } else {
            return entry(text, "", Extent::Odd);
        };
        let place = if matches!(kind, Extent::On | Extent::One) {
            &mut since
        } else {
            &mut until
        };
        if plain(bound).is_none() || place.replace(bound.trim()).is_some() {
            return entry(text, "", Extent::Odd);
        }
        match (extent, kind) {
            (_, Extent::On) => {}
            (Extent::On, kind) => extent = kind,
            _ => return entry(text, "", Extent::Odd),
        }
    }
    let is_one = extent == Extent::One;
    if is_one && text.contains(',') {
        return entry(text, "", Extent::Odd);
    }
    entry(since.unwrap_or_default(), until.unwrap_or_default(), extent)
}

#[cfg(test)]
mod tests;
