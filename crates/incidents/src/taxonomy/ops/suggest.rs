//! What cross-walks say of the classes of an incident.

use std::collections::BTreeSet;

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};

use super::{Held, entry, held};
use crate::{
    error::Error,
    model::{Facts, RSIT_VERSION, SECTOR_VERSION},
    ops::load,
    taxonomy::{Class, Suggestion, Taxonomy, Walk, WalkRow, shipped, store},
};

/// The most that are told of one incident.
const SUGGESTIONS_MAX: usize = 50;
/// How many classes above one are looked at.
const ABOVE_MAX: usize = 8;

/// Where the rows of a cross-walk stand.
enum Rows {
    Ships(Vec<WalkRow>),
    Imported(i64),
}

/// The classes that cross-walks lead to from those of an incident, and that it does not have. Nothing is
/// applied.
#[boxed]
pub async fn suggestions(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Vec<Suggestion>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, public).await?;
    let mut has = of_facts(&incident.facts);
    has.extend(store::classes(&mut tx, incident.id).await?);
    let walks = walks(&mut tx).await?;
    let all = held(&mut tx).await?;
    let mut told: BTreeSet<(String, String)> = has.iter().map(key).collect();
    let mut found = Vec::new();
    for from in &has {
        for (walk, rows) in walks.iter().filter(|(walk, _)| leads_from(walk, from)) {
            for row in rows_from(&mut tx, &all, rows, from).await? {
                let Some(class) = target(&mut tx, &all, walk, &row).await? else {
                    continue;
                };
                if found.len() < SUGGESTIONS_MAX && told.insert(key(&class)) {
                    found.push(Suggestion {
                        class,
                        from: from.clone(),
                        relation: row.relation,
                        walk: (walk.name.clone(), walk.version.clone()),
                        source: walk.source.clone(),
                        note: row.note.map(|note| note.to_string()),
                    });
                }
            }
        }
    }
    Ok(found)
}

fn key(class: &Class) -> (String, String) {
    (class.taxonomy.to_string(), class.code.to_string())
}

fn leads_from(walk: &Walk, class: &Class) -> bool {
    let (name, version) = &walk.from;
    *name == class.taxonomy && version.as_ref().is_none_or(|it| *it == class.version)
}

/// The class of RSIT and the sectors, as classes.
fn of_facts(facts: &Facts) -> Vec<Class> {
    let class = |(taxonomy, version): (&str, &str), code: &str, name: &str| {
        Some(Class {
            taxonomy: taxonomy.parse().ok()?,
            version: version.parse().ok()?,
            code: code.parse().ok()?,
            name: name.parse().ok()?,
        })
    };
    let rsit = facts.rsit.and_then(|one| {
        let code = one.to_string();
        class((shipped::RSIT, RSIT_VERSION), &code, one.name())
    });
    let sectors = facts.sectors.iter().filter_map(|one| {
        let taxonomy = (shipped::SECTORS, SECTOR_VERSION);
        class(taxonomy, one.as_str(), one.name())
    });
    rsit.into_iter().chain(sectors).collect()
}

/// The cross-walks; of each name the version that came last.
async fn walks(tx: &mut Tx) -> Result<Vec<(Walk, Rows)>, Error> {
    let ships = shipped::walks().into_iter();
    let mut all: Vec<(Walk, Rows)> = ships
        .map(|(walk, rows)| (walk, Rows::Ships(rows)))
        .collect();
    for (number, walk) in store::walks(tx).await? {
        all.retain(|(older, _)| older.name != walk.name);
        all.push((walk, Rows::Imported(number)));
    }
    Ok(all)
}

/// The rows that lead from a class, or else from the first class above it that has any.
async fn rows_from(
    tx: &mut Tx,
    all: &[(Taxonomy, Held)],
    rows: &Rows,
    class: &Class,
) -> Result<Vec<WalkRow>, Error> {
    let taxonomy = all
        .iter()
        .find(|(one, _)| one.name == class.taxonomy && one.version == class.version);
    let mut code = class.code.clone();
    for _ in 0..ABOVE_MAX {
        let found = match rows {
            Rows::Ships(all) => all.iter().filter(|row| row.from == code).cloned().collect(),
            Rows::Imported(number) => store::row(tx, *number, code.as_str()).await?,
        };
        if !found.is_empty() {
            return Ok(found);
        }
        let Some((_, held)) = taxonomy else { break };
        let here = entry(tx, held, code.as_str()).await?;
        match here.and_then(|here| here.parent) {
            Some(parent) => code = parent,
            None => break,
        }
    }
    Ok(Vec::new())
}

/// The class that a row leads to: of the version that the cross-walk names, or of the last that has it.
async fn target(
    tx: &mut Tx,
    all: &[(Taxonomy, Held)],
    walk: &Walk,
    row: &WalkRow,
) -> Result<Option<Class>, Error> {
    let (name, version) = &walk.to;
    let fits =
        |one: &Taxonomy| one.name == *name && version.as_ref().is_none_or(|it| *it == one.version);
    for (taxonomy, held) in all.iter().rev().filter(|(one, _)| fits(one)) {
        if let Some(found) = entry(tx, held, row.to.as_str()).await? {
            return Ok(Some(Class {
                taxonomy: taxonomy.name.clone(),
                version: taxonomy.version.clone(),
                code: found.code,
                name: found.name,
            }));
        }
    }
    Ok(None)
}
