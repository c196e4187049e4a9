//! Taxonomies and cross-walks in the format of this program, as docs/users/taxonomies.md describes it.

use serde::{Deserialize, Serialize};

use super::{Draft, Raw, RawEntry, TaxonomyFault, broken, code, settled, words};
use crate::{
    formats::csv::Table,
    model::Line,
    taxonomy::{ENTRIES_MAX, Entry, NAME_CHARS_MAX, Name, Version, Walk, WalkRow},
};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    taxonomy: String,
    version: String,
    title: Option<String>,
    source: Option<String>,
    licence: Option<String>,
    entries: Vec<FileEntry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    code: String,
    name: Option<String>,
    parent: Option<String>,
    about: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileWalk {
    crosswalk: String,
    version: String,
    source: Option<String>,
    licence: Option<String>,
    from: FileEnd,
    to: FileEnd,
    rows: Vec<FileRow>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileEnd {
    taxonomy: String,
    version: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    from: String,
    to: String,
    relation: String,
    note: Option<String>,
}

pub(super) fn taxonomy(text: &str) -> Result<Raw, TaxonomyFault> {
    let file: File = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let entry = |(at, one): (usize, FileEntry)| RawEntry {
        at: format!("entries[{at}]"),
        code: one.code,
        parent: one.parent,
        name: one.name,
        about: one.about,
    };
    Ok(Raw {
        name: Some(file.taxonomy),
        version: Some(file.version),
        title: file.title,
        source: file.source,
        licence: file.licence,
        entries: file.entries.into_iter().enumerate().map(entry).collect(),
        ..Raw::default()
    })
}

/// A taxonomy that was read, in this format.
pub(super) fn of_taxonomy(draft: &Draft) -> serde_json::Result<String> {
    let text = |line: Option<&str>| line.map(str::to_owned);
    let entry = |one: &Entry| FileEntry {
        code: one.code.to_string(),
        name: Some(one.name.to_string()),
        parent: text(one.parent.as_ref().map(Line::as_str)),
        about: text(one.about.as_ref().map(Line::as_str)),
    };
    serde_json::to_string(&File {
        taxonomy: draft.name.to_string(),
        version: draft.version.to_string(),
        title: Some(draft.title.clone()),
        source: draft.source.clone(),
        licence: draft.licence.clone(),
        entries: draft.entries.iter().map(entry).collect(),
    })
}

/// A cross-walk that was read, in this format.
pub(super) fn of_walk(walk: &Walk, rows: &[WalkRow]) -> serde_json::Result<String> {
    let end = |(name, version): &(Name, Option<Version>)| FileEnd {
        taxonomy: name.to_string(),
        version: version.as_ref().map(ToString::to_string),
    };
    let row = |row: &WalkRow| FileRow {
        from: row.from.to_string(),
        to: row.to.to_string(),
        relation: row.relation.to_string(),
        note: row.note.as_ref().map(ToString::to_string),
    };
    serde_json::to_string(&FileWalk {
        crosswalk: walk.name.to_string(),
        version: walk.version.to_string(),
        source: walk.source.clone(),
        licence: walk.licence.clone(),
        from: end(&walk.from),
        to: end(&walk.to),
        rows: rows.iter().map(row).collect(),
    })
}

/// A table with the columns code, name, parent and about; the first is needed.
pub(super) fn table(table: &Table) -> Result<Raw, TaxonomyFault> {
    if let Some(remark) = table.remarks.first() {
        let (at, detail) = (remark.at.clone(), remark.detail.clone());
        return Err(TaxonomyFault::unreadable(at, detail));
    }
    let column = |name: &str| {
        let is_it = |head: &String| head.trim().eq_ignore_ascii_case(name);
        table.head.iter().position(is_it)
    };
    let Some(code) = column("code") else {
        let detail = "no JSON, no table with a column named code, and none of a cross-walk";
        return Err(TaxonomyFault::unreadable("line 1", detail));
    };
    let columns = (column("name"), column("parent"), column("about"));
    let entries = table.rows.iter().map(|row| {
        let cell = |at: Option<usize>| row.cells.get(at?).cloned();
        RawEntry {
            at: format!("line {}", row.line),
            code: cell(Some(code)).unwrap_or_default(),
            name: cell(columns.0),
            parent: cell(columns.1),
            about: cell(columns.2),
        }
    });
    Ok(Raw {
        entries: entries.collect(),
        ..Raw::default()
    })
}

pub(super) fn walk(text: &str) -> Result<(Walk, Vec<WalkRow>), TaxonomyFault> {
    let file: FileWalk = serde_json::from_str(text).map_err(|error| broken(&error))?;
    if file.rows.is_empty() || file.rows.len() > ENTRIES_MAX {
        let detail = format!("{} rows; 1 to {ENTRIES_MAX} are taken in", file.rows.len());
        return Err(TaxonomyFault::unreadable("rows", detail));
    }
    let mut rows: Vec<WalkRow> = Vec::with_capacity(file.rows.len());
    let mut known = std::collections::BTreeSet::new();
    for (number, row) in file.rows.into_iter().enumerate() {
        let at = format!("rows[{number}]");
        let unfit = |field: &str| {
            let at = format!("{at}.{field}");
            move |broken: crate::model::Invalid| TaxonomyFault::unreadable(at, broken.rule)
        };
        let read = WalkRow {
            from: code(&row.from, (&at, "from"))?,
            to: code(&row.to, (&at, "to"))?,
            relation: row.relation.parse().map_err(unfit("relation"))?,
            note: Line::optional(row.note.as_deref(), "note").map_err(unfit("note"))?,
        };
        if !known.insert((read.from.clone(), read.to.clone())) {
            let detail = "leads from and to the same classes as a row before it";
            return Err(TaxonomyFault::unreadable(at, detail));
        }
        rows.push(read);
    }
    let walk = Walk {
        name: settled("crosswalk", Some(&file.crosswalk), None::<&Name>)?,
        version: settled("version", Some(&file.version), None::<&Version>)?,
        from: end("from", &file.from)?,
        to: end("to", &file.to)?,
        source: words(file.source.as_deref(), NAME_CHARS_MAX),
        licence: words(file.licence.as_deref(), NAME_CHARS_MAX),
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        imported: None,
    };
    Ok((walk, rows))
}

fn end(field: &str, end: &FileEnd) -> Result<(Name, Option<Version>), TaxonomyFault> {
    let unfit = |part: &str| {
        let at = format!("{field}.{part}");
        move |broken: crate::model::Invalid| TaxonomyFault::unreadable(at, broken.rule)
    };
    let version = end.version.as_deref().map(str::parse).transpose();
    Ok((
        end.taxonomy.parse().map_err(unfit("taxonomy"))?,
        version.map_err(unfit("version"))?,
    ))
}
