//! What can be done. Whether the viewer is named is asked before anything else, with one statement,
//! and whoever is not is refused then: nothing that comes later can tell him whether there is
//! anything.

mod file;
mod grant;
mod hit;
mod record;
mod table;

use access::policy::{self, Act, Subject};
use db::Tx;
use kernel::{InfrastructureId, Mode, Tlp, Viewer, Who};

pub use file::{Exported, Imported, export_json, import_json};
pub use grant::{READERS_MAX, candidates, grant, grants, namings, revoke};
pub use hit::{Hit, hit, link};
pub use record::{change, create, list, remove, rights, view};
pub use table::{Looked, Seen, Step, export_csv, import_csv};

use crate::{
    Error, Register,
    model::{Content, Record, Rights},
    store::{self, Sealed},
};

/// The most records of a mode.
pub const RECORDS_MAX: usize = 5_000;

/// What the register says the viewer may do. The node itself, a command on the machine, may all: who
/// has the machine has the vault.
async fn rights_in(tx: &mut Tx, viewer: &Viewer) -> Result<Rights, Error> {
    Ok(match (&viewer.who, viewer.user()) {
        (Who::User { .. }, Some(user)) => store::rights(tx, user).await?,
        (Who::Node(_), _) => Rights {
            is_named: true,
            may_edit: true,
            may_export: true,
        },
        _ => Rights::default(),
    })
}

fn weigh(viewer: &Viewer, act: Act, named: bool) -> Result<(), policy::Refused> {
    policy::check(viewer, act, &Subject::content(viewer.mode, Tlp::Red, named))
}

/// May the viewer do this? Whoever may not read hears that there is nothing.
async fn check(tx: &mut Tx, viewer: &Viewer, act: Act) -> Result<(), Error> {
    let rights = rights_in(tx, viewer).await?;
    weigh(viewer, Act::InfrastructureRead, rights.is_named)?;
    let named = match act {
        Act::InfrastructureEdit => rights.may_edit,
        Act::InfrastructureExport => rights.may_export,
        _ => rights.is_named,
    };
    // Whoever reads may know why he may not change.
    weigh(viewer, act, named).map_err(|refused| policy::Refused {
        hidden: false,
        ..refused
    })?;
    Ok(())
}

fn place(id: InfrastructureId) -> String {
    format!("infrastructure.record/{}", id.uuid())
}

/// The record, opened.
fn open(register: &Register, sealed: &Sealed) -> Result<Record, Error> {
    let body = register.data_key.open(&sealed.body, &place(sealed.id));
    let body = body.map_err(Error::Sealed)?;
    Ok(Record {
        id: sealed.id,
        version: sealed.version,
        updated_at: sealed.updated_at,
        content: serde_json::from_slice(&body).map_err(Error::Record)?,
    })
}

/// The record, sealed.
fn seal(register: &Register, record: &Record) -> Result<Sealed, Error> {
    let body = serde_json::to_vec(&record.content).map_err(Error::Record)?;
    let rng = &register.ground.rng;
    let body = register
        .data_key
        .seal(&body, &place(record.id), &mut |bytes| rng.fill(bytes));
    Ok(Sealed {
        id: record.id,
        version: record.version,
        body,
        updated_at: record.updated_at,
    })
}

/// All records of a mode, opened, in the order of their names. The database sees no names.
async fn all(tx: &mut Tx, register: &Register, mode: Mode) -> Result<Vec<Record>, Error> {
    let sealed = store::all(tx, mode).await?;
    let opened = sealed.iter().map(|one| open(register, one));
    let mut records = opened.collect::<Result<Vec<_>, _>>()?;
    records.sort_by_cached_key(|one| (one.content.name().to_lowercase(), one.id.uuid()));
    Ok(records)
}

fn find(records: &[Record], id: InfrastructureId) -> Result<&Record, Error> {
    let found = records.iter().find(|record| record.id == id);
    found.ok_or(Error::NotFound)
}

/// Everything that the content refers to is there.
fn refers(records: &[Record], own: InfrastructureId, content: &Content) -> Result<(), Error> {
    let Some(service) = content.service() else {
        return Ok(());
    };
    let invalid = |field, rule| Err(crate::model::Invalid { field, rule }.into());
    let is_operator = records.iter().any(|record| {
        record.id == service.operator && matches!(record.content, Content::Operator(_))
    });
    if !is_operator {
        return invalid("operator", "an operator of the register");
    }
    for on in service.depends.iter().filter_map(|one| one.service) {
        let is_service = records
            .iter()
            .any(|record| record.id == on && record.content.service().is_some());
        if !is_service || on == own {
            return invalid("depends", "another service of the register");
        }
    }
    Ok(())
}
