use access::policy::Act;
use constituency::csv;
use kernel::{Country, InfrastructureId, Viewer, boxed};
use serde::{Deserialize, Serialize};

use super::{RECORDS_MAX, all, check, refers, seal};
use crate::{
    Error, Register,
    model::{Content, Dependency, Record},
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

/// The columns of the table, which is for reading: what it leaves out stands in the JSON.
const HEADER: [&str; 9] = [
    "id",
    "kind",
    "name",
    "operator",
    "sector",
    "category",
    "countries",
    "depends_on",
    "call",
];

async fn exported(
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

/// A table of it for people.
#[boxed]
pub async fn export_csv(register: &Register, viewer: &Viewer) -> Result<String, Error> {
    let records = exported(register, viewer, "csv").await?;
    let name = |id: InfrastructureId| {
        let found = records.iter().find(|record| record.id == id);
        found.map_or("", |record| record.content.name())
    };
    let mut out = String::new();
    csv::push_record(&mut out, HEADER);
    for record in &records {
        let (kind, operator, sector, category, countries, depends) = match &record.content {
            Content::Operator(one) => (
                "operator",
                "",
                "",
                "",
                codes(one.country.as_ref()),
                String::new(),
            ),
            Content::Service(one) => {
                let on = |dependency: &Dependency| {
                    let named = dependency.service.map(name);
                    named.unwrap_or(&dependency.other).to_owned()
                };
                let depends: Vec<String> = one.depends.iter().map(on).collect();
                (
                    "service",
                    name(one.operator),
                    one.sector.as_str(),
                    one.category.as_str(),
                    codes(&one.serves),
                    depends.join("; "),
                )
            }
        };
        let call = record.content.contacts().iter().map(|contact| {
            let phones = contact.phones.join(", ");
            format!("{} {phones} {}", contact.name, contact.mail)
                .trim()
                .to_owned()
        });
        let (id, call) = (record.id.to_string(), call.collect::<Vec<_>>().join("; "));
        let cells = [
            id.as_str(),
            kind,
            record.content.name(),
            operator,
            sector,
            category,
            &countries,
            &depends,
            &call,
        ];
        csv::push_record(&mut out, cells);
    }
    Ok(out)
}

fn codes<'c>(countries: impl IntoIterator<Item = &'c Country>) -> String {
    let codes: Vec<String> = countries.into_iter().map(ToString::to_string).collect();
    codes.join(" ")
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
