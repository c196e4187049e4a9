//! Whether the classes that a cross-walk names are there.

use std::collections::BTreeSet;

use db::Tx;

use super::{all_entries, held};
use crate::{
    error::Error,
    taxonomy::{Code, Entry, Name, Version, Walk, WalkRow, nearest, table::Faults},
};

/// The classes of a taxonomy that is here, in all versions that are meant.
struct Here {
    codes: BTreeSet<Code>,
    /// Those of the last version.
    last: Vec<Entry>,
}

/// Refuses the lines of a table whose classes a taxonomy that is here does not have. Of one that is not here
/// nobody knows.
pub(super) async fn known_classes(
    tx: &mut Tx,
    walk: &Walk,
    rows: &[WalkRow],
    lines: &[usize],
) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let (from, to) = (here(tx, &walk.from).await?, here(tx, &walk.to).await?);
    let mut faults = Faults::default();
    for (row, line) in rows.iter().zip(lines) {
        let ends = [
            ("from", &from, &row.from, &walk.from.0),
            ("to", &to, &row.to, &walk.to.0),
        ];
        for (field, here, code, name) in ends {
            let Some(here) = here.as_ref().filter(|here| !here.codes.contains(code)) else {
                continue;
            };
            let near = nearest(&here.last, code.as_str()).join(", ");
            let near = Some(near).filter(|near| !near.is_empty());
            let near = near.map_or_else(String::new, |near| format!("; near it are: {near}"));
            let detail = format!("{field}: {name} has no class {code}{near}");
            faults.add(format!("line {line}"), detail);
        }
    }
    Ok(faults.told()?)
}

async fn here(
    tx: &mut Tx,
    (name, version): &(Name, Option<Version>),
) -> Result<Option<Here>, Error> {
    let mut found: Option<Here> = None;
    for (one, held) in held(tx).await? {
        let is_meant = version
            .as_ref()
            .is_none_or(|version| one.version == *version);
        if one.name != *name || !is_meant {
            continue;
        }
        let entries = all_entries(tx, held).await?;
        let codes = entries.iter().map(|entry| entry.code.clone());
        let mut all: BTreeSet<Code> = codes.collect();
        if let Some(before) = found {
            all.extend(before.codes);
        }
        found = Some(Here {
            codes: all,
            last: entries,
        });
    }
    Ok(found)
}
