//! Importing taxonomies and cross-walks, with a preview of what it would do.

use std::collections::BTreeMap;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};
use serde_json::json;

use super::{Held, all_entries, held, known::known_classes};
use crate::{
    error::Error,
    model::{Line, words},
    store::classed::place_all,
    taxonomy::{
        Entry, Name, TAXONOMIES_MAX, Taxonomy, Version, Walk, WalkRow,
        error::TaxonomyFault,
        read::{self, Draft, Given, LeftOut, Read},
        shipped, store,
    },
};

/// How many entries of one kind a report names; the rest are counted.
const NAMED_MAX: usize = 200;

words! {
    /// How what a file holds stands to what is here.
    #[schema(as = incidents::TaxonomyImportState)]
    State, "new, beside, same or differs", {
        /// Nothing of its name is here.
        New = "new",
        /// Another version is here; this one comes beside it.
        Beside = "beside",
        /// It is here as it is.
        Same = "same",
        /// Its version is here with other contents; it is refused.
        Differs = "differs",
    }
}

/// Entries that are told: how many, and the first of them, each by code and name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Part {
    /// How many.
    pub count: usize,
    /// The first.
    pub named: Vec<(String, String)>,
}

/// What an import does, or would do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    /// Whether it is a cross-walk.
    pub is_walk: bool,
    /// What it is called.
    pub name: Name,
    /// Its version.
    pub version: Version,
    /// It in words.
    pub title: String,
    /// How many entries, or rows, it has.
    pub entries: usize,
    /// How it stands to what is here.
    pub state: State,
    /// The version that it was compared with.
    pub against: Option<Version>,
    /// Entries that version does not have.
    pub added: Part,
    /// Entries that are other than there.
    pub changed: Part,
    /// Entries that it no longer has.
    pub gone: Part,
    /// Entries of the file that were left out.
    pub left_out: LeftOut,
}

/// What an import would do. Nothing changes.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    bytes: &[u8],
    given: &Given,
) -> Result<Report, Error> {
    Ok(look(ground, viewer, bytes, given).await?.0)
}

/// [`preview`], and what was read as a file of our own JSON, which an import takes in as the same.
#[boxed]
pub async fn look(
    ground: &Ground,
    viewer: &Viewer,
    bytes: &[u8],
    given: &Given,
) -> Result<(Report, String), Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    let read = read::read(bytes, given)?;
    let mut tx = ground.db.begin_read().await?;
    let report = report(&mut tx, &read).await?;
    Ok((report, read.to_json().map_err(Error::Unwritable)?))
}

/// Imports a taxonomy or a cross-walk. What is here as it is stays; a version that is here with other
/// contents is refused.
#[boxed]
pub async fn import(
    ground: &Ground,
    viewer: &Viewer,
    bytes: &[u8],
    given: &Given,
) -> Result<Report, Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    let read = read::read(bytes, given)?;
    let mut tx = ground.db.begin().await?;
    store::hold(&mut tx).await?;
    let report = report(&mut tx, &read).await?;
    match report.state {
        State::Same => return Ok(report),
        State::Differs => {
            let (name, version) = (report.name.to_string(), report.version.to_string());
            return Err(TaxonomyFault::Differs { name, version }.into());
        }
        State::New | State::Beside => {}
    }
    let by = viewer.label();
    let hand = (by.as_str(), ground.now());
    let code = match &read {
        Read::Taxonomy(draft) => {
            room(store::taxonomies(&mut tx).await?.len(), "taxonomies")?;
            let taxonomy = head(draft);
            store::insert(&mut tx, &taxonomy, &draft.entries, hand).await?;
            place_all(&mut tx, (&taxonomy.name, &taxonomy.version)).await?;
            "taxonomy.imported"
        }
        Read::Walk(walk, rows, _) => {
            room(store::walks(&mut tx).await?.len(), "crosswalks")?;
            store::insert_walk(&mut tx, walk, rows, hand).await?;
            "taxonomy.crosswalk_imported"
        }
    };
    let body = json!({ "entries": report.entries, "left_out": report.left_out.count });
    let subject = format!("{} {}", report.name, report.version);
    audit::act(&mut tx, ground, viewer, code, &subject, &body).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes a version of a taxonomy out that no incident has a class of.
#[boxed]
pub async fn remove(
    ground: &Ground,
    viewer: &Viewer,
    (name, version): (&Name, &Version),
) -> Result<(), Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    store::hold(&mut tx).await?;
    let found = super::find(&mut tx, name, Some(version)).await?;
    let number = match found.ok_or(TaxonomyFault::NotFound)?.1 {
        Held::Ships(_) => return Err(TaxonomyFault::Ships.into()),
        Held::Imported(number) => number,
    };
    let incidents = store::used(&mut tx, name, version).await?;
    if incidents > 0 {
        return Err(TaxonomyFault::InUse { incidents }.into());
    }
    store::delete(&mut tx, number).await?;
    let subject = format!("{name} {version}");
    let code = "taxonomy.removed";
    audit::act(&mut tx, ground, viewer, code, &subject, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a version of a cross-walk out.
#[boxed]
pub async fn remove_walk(
    ground: &Ground,
    viewer: &Viewer,
    (name, version): (&Name, &Version),
) -> Result<(), Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    let is_it = |walk: &Walk| walk.name == *name && walk.version == *version;
    if shipped::walks().iter().any(|(walk, _)| is_it(walk)) {
        return Err(TaxonomyFault::Ships.into());
    }
    let mut tx = ground.db.begin().await?;
    store::hold(&mut tx).await?;
    let stored = store::walks(&mut tx).await?;
    let found = stored.into_iter().find(|(_, walk)| is_it(walk));
    let (number, _) = found.ok_or(TaxonomyFault::NotFound)?;
    store::delete_walk(&mut tx, number).await?;
    let subject = format!("{name} {version}");
    let code = "taxonomy.crosswalk_removed";
    audit::act(&mut tx, ground, viewer, code, &subject, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

fn room(count: usize, what: &'static str) -> Result<(), TaxonomyFault> {
    let max = TAXONOMIES_MAX;
    if count < max {
        Ok(())
    } else {
        Err(TaxonomyFault::TooMany { what, max })
    }
}

fn head(draft: &Draft) -> Taxonomy {
    Taxonomy {
        name: draft.name.clone(),
        version: draft.version.clone(),
        title: draft.title.clone(),
        source: draft.source.clone(),
        licence: draft.licence.clone(),
        entries: i64::try_from(draft.entries.len()).unwrap_or(i64::MAX),
        imported: None,
    }
}

async fn report(tx: &mut Tx, read: &Read) -> Result<Report, Error> {
    match read {
        Read::Taxonomy(draft) => of_taxonomy(tx, draft).await,
        Read::Walk(walk, rows, lines) => {
            known_classes(tx, walk, rows, lines).await?;
            of_walk(tx, walk, rows).await
        }
    }
}

async fn of_taxonomy(tx: &mut Tx, draft: &Draft) -> Result<Report, Error> {
    let mut of_name = held(tx).await?;
    of_name.retain(|(one, _)| one.name == draft.name);
    let same = of_name
        .iter()
        .position(|(one, _)| one.version == draft.version);
    let found = match same {
        Some(at) => Some(of_name.swap_remove(at)),
        None => of_name.pop(),
    };
    let Some((there, held)) = found else {
        return Ok(compared(
            head_of(draft),
            None,
            (&[], &lines(&draft.entries)),
        ));
    };
    // What ships says less of each class than the files of its makers do.
    let only_codes = matches!(held, Held::Ships(_));
    let old = lines(&all_entries(tx, held).await?);
    let new = lines(&draft.entries);
    let mut report = compared(head_of(draft), Some(&there.version), (&old, &new));
    if report.state == State::Differs && only_codes {
        let codes = report.added.count == 0 && report.gone.count == 0;
        report.state = if codes { State::Same } else { State::Differs };
    }
    Ok(report)
}

async fn of_walk(tx: &mut Tx, walk: &Walk, rows: &[WalkRow]) -> Result<Report, Error> {
    let ships = shipped::walks().into_iter();
    let mut of_name: Vec<(Walk, Option<i64>, Vec<WalkRow>)> =
        ships.map(|(walk, rows)| (walk, None, rows)).collect();
    for (number, stored) in store::walks(tx).await? {
        of_name.push((stored, Some(number), Vec::new()));
    }
    of_name.retain(|(one, ..)| one.name == walk.name);
    let same = of_name
        .iter()
        .position(|(one, ..)| one.version == walk.version);
    let found = match same {
        Some(at) => Some(of_name.swap_remove(at)),
        None => of_name.pop(),
    };
    let head = Report {
        is_walk: true,
        name: walk.name.clone(),
        version: walk.version.clone(),
        title: format!("{} → {}", walk.from.0, walk.to.0),
        ..empty(&walk.name, &walk.version)
    };
    let Some((there, number, ships)) = found else {
        return Ok(compared(head, None, (&[], &steps(rows))));
    };
    let old = match number {
        Some(number) => store::rows(tx, number).await?,
        None => ships,
    };
    let mut report = compared(head, Some(&there.version), (&steps(&old), &steps(rows)));
    let ends = there.from == walk.from && there.to == walk.to;
    if report.state == State::Same && !ends {
        report.state = State::Differs;
    }
    Ok(report)
}

fn empty(name: &Name, version: &Version) -> Report {
    Report {
        is_walk: false,
        name: name.clone(),
        version: version.clone(),
        title: String::new(),
        entries: 0,
        state: State::New,
        against: None,
        added: Part::default(),
        changed: Part::default(),
        gone: Part::default(),
        left_out: LeftOut::default(),
    }
}

fn head_of(draft: &Draft) -> Report {
    Report {
        title: draft.title.clone(),
        left_out: draft.left_out.clone(),
        ..empty(&draft.name, &draft.version)
    }
}

/// An entry as it is compared: what it is known by, it in words, and all else that is said of it.
type Compared = (String, String, String);

fn lines(entries: &[Entry]) -> Vec<Compared> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let line = |one: &Entry| {
        let parent = text(one.parent.as_ref().map(Line::as_str));
        let about = text(one.about.as_ref().map(Line::as_str));
        let rest = format!("{}\n{parent}\n{about}", one.name);
        (one.code.to_string(), one.name.to_string(), rest)
    };
    entries.iter().map(line).collect()
}

fn steps(rows: &[WalkRow]) -> Vec<Compared> {
    let step = |row: &WalkRow| {
        let note = row.note.as_ref().map(ToString::to_string);
        let rest = format!("{}\n{}", row.relation, note.unwrap_or_default());
        let code = format!("{} → {}", row.from, row.to);
        (code, row.relation.to_string(), rest)
    };
    rows.iter().map(step).collect()
}

/// The report on entries, compared with those of a version.
fn compared(
    head: Report,
    against: Option<&Version>,
    (old, new): (&[Compared], &[Compared]),
) -> Report {
    let before: BTreeMap<&str, &Compared> = old.iter().map(|one| (one.0.as_str(), one)).collect();
    let after: BTreeMap<&str, &Compared> = new.iter().map(|one| (one.0.as_str(), one)).collect();
    let part = |chosen: Vec<&Compared>| Part {
        count: chosen.len(),
        named: chosen
            .into_iter()
            .take(NAMED_MAX)
            .map(|(code, name, _)| (code.clone(), name.clone()))
            .collect(),
    };
    let added = new
        .iter()
        .filter(|one| !before.contains_key(one.0.as_str()));
    let changed = new.iter().filter(|one| {
        let there = before.get(one.0.as_str());
        there.is_some_and(|there| there.2 != one.2)
    });
    let gone = old.iter().filter(|one| !after.contains_key(one.0.as_str()));
    let (added, changed, gone) = (
        part(added.collect()),
        part(changed.collect()),
        part(gone.collect()),
    );
    let as_it_is = added.count + changed.count + gone.count == 0;
    let state = match against {
        None => State::New,
        Some(there) if *there != head.version => State::Beside,
        Some(_) if as_it_is => State::Same,
        Some(_) => State::Differs,
    };
    let (added, changed, gone) = match against {
        // All of it is new.
        None => (part(Vec::new()), changed, gone),
        Some(_) => (added, changed, gone),
    };
    Report {
        entries: new.len(),
        state,
        against: against.cloned(),
        added,
        changed,
        gone,
        ..head
    }
}
