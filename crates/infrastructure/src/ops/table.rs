//! The register as a table: looked at, taken in, written.

use std::collections::HashMap;

use access::policy::Act;
use kernel::{InfrastructureId, Viewer, boxed};

use super::{RECORDS_MAX, all, check, file::exported, seal};
use crate::{
    Error, Register,
    model::{Content, Record},
    ops::Imported,
    store,
    table::{self, Column, Columns, Kind, Place, Planned, WRONG_MAX, Wrong},
};

/// Lines that are shown before a table is taken in.
const SHOWN_MAX: usize = 20;

/// Whether a table is looked at or taken in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// What would become of it is told; nothing is done.
    Look,
    /// It is taken in, all of it or nothing.
    Take,
}

/// A line that can be taken in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Its number, from 1.
    pub line: i64,
    /// What it is about.
    pub kind: Kind,
    /// The name that it gives.
    pub name: String,
    /// The record that it enters or is a part of.
    pub record: String,
    /// The record that it names besides: the operator of a service, or what is depended on.
    pub other: String,
}

/// What became of a table, or would.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Looked {
    /// The names of its columns.
    pub header: Vec<String>,
    /// Which of them holds what.
    pub columns: Columns,
    /// Its first lines.
    pub lines: Vec<Seen>,
    /// What is wrong; nothing is taken in as long as anything is.
    pub wrong: Vec<Wrong>,
    /// How much more is wrong than is told.
    pub wrong_more: usize,
    /// Whether it was taken in.
    pub is_taken: bool,
    /// What became of the records, or would.
    pub done: Imported,
}

/// All of the register as a table that [`import_csv`] takes in.
#[boxed]
pub async fn export_csv(register: &Register, viewer: &Viewer) -> Result<String, Error> {
    Ok(table::write(&exported(register, viewer, "csv").await?))
}

/// Looks at a table, or takes it in, all of it or nothing. What the file does not name stays; of a
/// record that it names, whom to call and what it depends on are those of the file where it says any.
#[boxed]
pub async fn import_csv(
    register: &Register,
    viewer: &Viewer,
    (text, columns): (&str, &Columns),
    step: Step,
) -> Result<Looked, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureExport).await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let sheet = table::read(text, columns)?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let Planned {
        records: drafts,
        wrong,
        lines: places,
    } = table::plan(&records, viewer.mode, &sheet.lines);
    let lines = shown(&sheet.lines, (&records, &drafts), &places);
    let mut wrong = [sheet.wrong, wrong].concat();
    wrong.sort_by_key(|one| one.line);
    let (changes, done) = compare(&records, drafts, register)?;
    let wrong_more = wrong.len().saturating_sub(WRONG_MAX);
    wrong.truncate(WRONG_MAX);
    let looked = Looked {
        header: sheet.header,
        columns: sheet.columns,
        lines,
        is_taken: step == Step::Take && wrong.is_empty(),
        wrong,
        wrong_more,
        done,
    };
    let code = if looked.is_taken {
        for record in &changes {
            if !store::put(&mut tx, viewer.mode, &seal(register, record)?).await? {
                let (given, current) = (record.version, record.version);
                return Err(Error::Stale { given, current });
            }
        }
        "infrastructure.imported"
    } else {
        "infrastructure.import_looked"
    };
    let about = "infrastructure";
    audit::act(&mut tx, ground, viewer, code, about, &looked.done).await?;
    tx.commit().await?;
    Ok(looked)
}

/// The first lines, each with the records that it is about.
fn shown(
    lines: &[table::Line],
    (records, drafts): (&[Record], &[(InfrastructureId, Content)]),
    places: &[Place],
) -> Vec<Seen> {
    let before = records.iter().map(|one| (one.id, one.content.name()));
    let after = drafts.iter().map(|(id, content)| (*id, content.name()));
    let names: HashMap<InfrastructureId, &str> = before.chain(after).collect();
    let name = |id: InfrastructureId| names.get(&id).map_or("", |name| *name).to_owned();
    let places: HashMap<i64, &Place> = places.iter().map(|one| (one.line, one)).collect();
    let seen = |line: &table::Line| {
        let place = places.get(&line.at);
        Seen {
            line: line.at,
            kind: line.kind,
            name: line.text(Column::Name).to_owned(),
            record: place.map_or_else(String::new, |one| name(one.record)),
            other: place
                .and_then(|one| one.other)
                .map_or_else(String::new, name),
        }
    };
    lines.iter().take(SHOWN_MAX).map(seen).collect()
}

/// The records that are new or say something else than before.
fn compare(
    records: &[Record],
    drafts: Vec<(InfrastructureId, Content)>,
    register: &Register,
) -> Result<(Vec<Record>, Imported), Error> {
    let before: HashMap<InfrastructureId, &Record> =
        records.iter().map(|one| (one.id, one)).collect();
    let (mut changes, mut done) = (Vec::new(), Imported::default());
    for (id, content) in drafts {
        let version = match before.get(&id) {
            Some(record) if record.content == content => {
                done.unchanged += 1;
                continue;
            }
            Some(record) => {
                done.changed += 1;
                record.version + 1
            }
            None => {
                done.created += 1;
                1
            }
        };
        changes.push(Record {
            id,
            version,
            updated_at: register.ground.now(),
            content,
        });
    }
    if records.len() + done.created > RECORDS_MAX {
        return Err(Error::Full { max: RECORDS_MAX });
    }
    Ok((changes, done))
}
