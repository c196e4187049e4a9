//! Classes of incidents.

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};

use super::{Held, all_entries, entry, find};
use crate::{
    error::Error,
    model::{Facts, Incident, RSIT_VERSION, Rsit, SECTOR_VERSION, Sector},
    ops::{edit_in, load, touch},
    record::{self, Code},
    store::work::add_changes,
    taxonomy::{
        CLASSES_MAX, Class, Name, Version, error::TaxonomyFault, nearest, shipped, store,
        wire::ClassBody,
    },
    work::FieldChange,
};

/// Gives an incident a class of a taxonomy. RSIT and the sectors of NIS2, at the versions that ship, go
/// into the facts. A class that the incident has stays.
#[boxed]
pub async fn classify(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (name, version, code): (&Name, &Version, &str),
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let class = class_of(&mut tx, (name, version), code).await?;
    if let Some(facts) = in_facts(&incident.facts, &class)? {
        if facts == incident.facts {
            return Ok(incident);
        }
        let incident = edit_in(&mut tx, ground, viewer, incident, facts).await?;
        tx.commit().await?;
        return Ok(incident);
    }
    let there = store::classes(&mut tx, incident.id).await?;
    if there.iter().any(|one| same(one, &class)) {
        return Ok(incident);
    }
    if there.len() >= CLASSES_MAX {
        let (what, max) = ("classes", CLASSES_MAX);
        return Err(Error::TooMany { what, max });
    }
    store::add_class(&mut tx, incident.id, &class).await?;
    let told = (String::new(), class.to_string());
    let done = (Code::Classified, &class, told);
    finish(tx, (ground, viewer), incident, done).await
}

/// Takes a class from an incident. RSIT and the sectors of the facts are changed by an edit.
#[boxed]
pub async fn unclassify(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (name, version, code): (&Name, &Version, &str),
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let there = store::classes(&mut tx, incident.id).await?;
    let is_it =
        |one: &Class| one.taxonomy == *name && one.version == *version && one.code.as_str() == code;
    let Some(class) = there.into_iter().find(is_it) else {
        return Err(TaxonomyFault::NotFound.into());
    };
    store::drop_class(&mut tx, incident.id, (name, version, code)).await?;
    let told = (class.to_string(), String::new());
    let done = (Code::Unclassified, &class, told);
    finish(tx, (ground, viewer), incident, done).await
}

async fn finish(
    mut tx: Tx,
    (ground, viewer): (&Ground, &Viewer),
    incident: Incident,
    (code, class, (before, after)): (Code, &Class, (String, String)),
) -> Result<Incident, Error> {
    let incident = touch(&mut tx, ground, incident).await?;
    let change = FieldChange {
        version: incident.version,
        field: "classes".to_owned(),
        before,
        after,
    };
    add_changes(&mut tx, incident.id, &[change]).await?;
    let body = ClassBody::from(class);
    record::added(&mut tx, ground, viewer, code, (&incident, &body)).await?;
    tx.commit().await?;
    Ok(incident)
}

fn same(one: &Class, other: &Class) -> bool {
    (&one.taxonomy, &one.version, &one.code) == (&other.taxonomy, &other.version, &other.code)
}

/// The class of a code, or the classes nearest to it.
async fn class_of(
    tx: &mut Tx,
    (name, version): (&Name, &Version),
    code: &str,
) -> Result<Class, Error> {
    let found = find(tx, name, Some(version)).await?;
    let (taxonomy, held): (_, Held) = found.ok_or(TaxonomyFault::NotFound)?;
    let code = code.trim();
    if let Some(entry) = entry(tx, &held, code).await? {
        return Ok(Class {
            taxonomy: taxonomy.name,
            version: taxonomy.version,
            code: entry.code,
            name: entry.name,
        });
    }
    let near = nearest(&all_entries(tx, held).await?, code);
    let nearest = if near.is_empty() {
        "–".to_owned()
    } else {
        near.join(", ")
    };
    let code: String = code.chars().take(100).collect();
    Err(TaxonomyFault::NoSuchCode { code, nearest }.into())
}

/// The facts with a class that has its place there; nothing for all others.
fn in_facts(facts: &Facts, class: &Class) -> Result<Option<Facts>, Error> {
    let taxonomy = (class.taxonomy.as_str(), class.version.as_str());
    let mut facts = facts.clone();
    if taxonomy == (shipped::RSIT, RSIT_VERSION) {
        let given: Rsit = class.code.as_str().parse()?;
        match facts.rsit {
            Some(has) if has != given => {
                let has = has.to_string();
                return Err(TaxonomyFault::HasOne { has }.into());
            }
            _ => facts.rsit = Some(given),
        }
    } else if taxonomy == (shipped::SECTORS, SECTOR_VERSION) {
        let given: Sector = class.code.as_str().parse()?;
        if !facts.sectors.contains(&given) {
            facts.sectors.push(given);
            facts.sectors.sort_unstable();
        }
    } else {
        return Ok(None);
    }
    Ok(Some(facts))
}
