use access::policy::Act;
use kernel::{InfrastructureId, Viewer, boxed};
use serde::{Deserialize, Serialize};

use super::{RECORDS_MAX, all, check, refers, seal};
use crate::{
    Error, Register,
    model::{Content, Record},
    store,
};

/// A record in a file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Exported {
    /// Its id, which it keeps.
    pub id: InfrastructureId,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Imported {
    /// Records that were not there.
    pub created: usize,
    /// Records of which the file says something else.
    pub changed: usize,
    /// Records that are as they were.
    pub unchanged: usize,
}

pub(super) async fn exported(
    register: &Register,
    viewer: &Viewer,
    form: &'static str,
) -> Result<Vec<Record>, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureExport).await?;
    let records = all(&mut tx, register, viewer.mode).await?;
    let said = (form, records.len());
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.exported",
        "infrastructure",
        &said,
    )
    .await?;
    tx.commit().await?;
    Ok(records)
}

/// Everything, as a file that [`import_json`] takes in.
#[boxed]
pub async fn export_json(register: &Register, viewer: &Viewer) -> Result<String, Error> {
    let records = exported(register, viewer, "json").await?;
    let records: Vec<Exported> = records
        .into_iter()
        .map(|record| Exported {
            id: record.id,
            content: record.content,
        })
        .collect();
    serde_json::to_string_pretty(&records).map_err(Error::Record)
}

/// Takes a file of [`export_json`] in, all of it or nothing. What the file does not have stays.
#[boxed]
pub async fn import_json(
    register: &Register,
    viewer: &Viewer,
    text: &[u8],
) -> Result<Imported, Error> {
    let ground = &register.ground;
    let mut tx = ground.db.begin().await?;
    check(&mut tx, viewer, Act::InfrastructureExport).await?;
    check(&mut tx, viewer, Act::InfrastructureEdit).await?;
    let given: Vec<Exported> = serde_json::from_slice(text).map_err(Error::File)?;
    let mut records = all(&mut tx, register, viewer.mode).await?;
    let mut done = Imported::default();
    let mut writes = Vec::new();
    for one in given {
        let content = one.content.checked()?;
        if let Some(record) = records.iter_mut().find(|record| record.id == one.id) {
            if record.content == content {
                done.unchanged += 1;
                continue;
            }
            done.changed += 1;
            record.content = content;
            record.version += 1;
            record.updated_at = ground.now();
        } else {
            done.created += 1;
            records.push(Record {
                id: one.id,
                version: 1,
                updated_at: ground.now(),
                content,
            });
        }
        writes.push(one.id);
    }
    if records.len() > RECORDS_MAX {
        return Err(Error::Full { max: RECORDS_MAX });
    }
    for record in records.iter().filter(|record| writes.contains(&record.id)) {
        refers(&records, record.id, &record.content)?;
        if !store::put(&mut tx, viewer.mode, &seal(register, record)?).await? {
            let (given, current) = (record.version, record.version);
            return Err(Error::Stale { given, current });
        }
    }
    audit::act(
        &mut tx,
        ground,
        viewer,
        "infrastructure.imported",
        "infrastructure",
        &done,
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}
