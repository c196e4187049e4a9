//! Looking at taxonomies, importing them, and giving incidents classes of them.

mod class;
mod import;
mod known;
mod suggest;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::{Entry, Name, Taxonomy, Version, Walk, WalkRow, error::TaxonomyFault, shipped, store};
use crate::error::Error;

pub use class::{classify, unclassify};
pub use import::{Part, Report, State, import, look, preview, remove, remove_walk};
pub use suggest::suggestions;

/// The most entries of a page.
pub const PAGE_MAX: u16 = 500;

/// Where a taxonomy stands, with what ships.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// It ships with the program.
    Ships(Vec<Entry>),
    /// It was imported, under a number.
    Imported(i64),
}

/// The taxonomies, by name, of one name the last that came first.
#[boxed]
pub async fn taxonomies(ground: &Ground, viewer: &Viewer) -> Result<Vec<Taxonomy>, Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let mut all: Vec<Taxonomy> = held(&mut tx)
        .await?
        .into_iter()
        .map(|(one, _)| one)
        .collect();
    all.reverse();
    all.sort_by_key(|one| one.name.as_str().to_lowercase());
    Ok(all)
}

/// A taxonomy: the version that is named, or the last that came.
#[boxed]
pub async fn taxonomy(
    ground: &Ground,
    viewer: &Viewer,
    (name, version): (&Name, Option<&Version>),
) -> Result<Taxonomy, Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let found = find(&mut tx, name, version).await?;
    Ok(found.ok_or(TaxonomyFault::NotFound)?.0)
}

/// What is asked for of the entries of a taxonomy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Asked {
    /// A part of a code or a name.
    pub text: String,
    /// The place of the last entry that the caller has.
    pub after: i64,
    /// How many, up to [`PAGE_MAX`]; 100 where nothing is said.
    pub limit: Option<u16>,
}

/// The entries of a taxonomy in their order, and what to ask for next.
#[boxed]
pub async fn entries(
    ground: &Ground,
    viewer: &Viewer,
    (name, version): (&Name, Option<&Version>),
    asked: &Asked,
) -> Result<(Taxonomy, Vec<Entry>, Option<i64>), Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let limit = usize::from(asked.limit.unwrap_or(100).clamp(1, PAGE_MAX));
    let text = asked.text.trim().to_lowercase();
    let text: String = text.chars().take(super::CODE_CHARS_MAX).collect();
    let mut tx = ground.db.begin_read().await?;
    let found = find(&mut tx, name, version).await?;
    let (taxonomy, held) = found.ok_or(TaxonomyFault::NotFound)?;
    let mut rows = match held {
        Held::Ships(all) => {
            let fits =
                |(at, entry): &(i64, Entry)| *at > asked.after && entry.folded().contains(&text);
            (1..).zip(all).filter(fits).take(limit + 1).collect()
        }
        Held::Imported(number) => {
            let probe = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            store::entries(&mut tx, number, (&text, asked.after, probe)).await?
        }
    };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|(at, _)| *at).filter(|_| more);
    let entries = rows.into_iter().map(|(_, entry)| entry).collect();
    Ok((taxonomy, entries, next))
}

/// The cross-walks, by name.
#[boxed]
pub async fn walks(ground: &Ground, viewer: &Viewer) -> Result<Vec<Walk>, Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let ships = shipped::walks().into_iter().map(|(walk, _)| walk);
    let stored = store::walks(&mut tx).await?.into_iter();
    let mut all: Vec<Walk> = ships.chain(stored.map(|(_, walk)| walk)).collect();
    all.reverse();
    all.sort_by_key(|one| one.name.as_str().to_lowercase());
    Ok(all)
}

/// A cross-walk, the last that came under its name, with its rows.
#[boxed]
pub async fn walk(
    ground: &Ground,
    viewer: &Viewer,
    (name, version): (&Name, &Version),
) -> Result<(Walk, Vec<WalkRow>), Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let is_it = |walk: &Walk| walk.name == *name && walk.version == *version;
    if let Some(found) = shipped::walks().into_iter().find(|(walk, _)| is_it(walk)) {
        return Ok(found);
    }
    let mut tx = ground.db.begin_read().await?;
    let stored = store::walks(&mut tx).await?;
    let found = stored.into_iter().find(|(_, walk)| is_it(walk));
    let (number, walk) = found.ok_or(TaxonomyFault::NotFound)?;
    Ok((walk, store::rows(&mut tx, number).await?))
}

/// All taxonomies, those that ship first, then in the order in which they came.
pub(crate) async fn held(tx: &mut Tx) -> Result<Vec<(Taxonomy, Held)>, Error> {
    let ships = shipped::all().into_iter();
    let ships = ships.map(|(one, entries)| (one, Held::Ships(entries)));
    let stored = store::taxonomies(tx).await?.into_iter();
    let stored = stored.map(|(number, one)| (one, Held::Imported(number)));
    Ok(ships.chain(stored).collect())
}

/// The version that is named, or the last that came.
async fn find(
    tx: &mut Tx,
    name: &Name,
    version: Option<&Version>,
) -> Result<Option<(Taxonomy, Held)>, Error> {
    let is_it = |(one, _): &(Taxonomy, Held)| {
        one.name == *name && version.is_none_or(|version| one.version == *version)
    };
    Ok(held(tx).await?.into_iter().rfind(is_it))
}

/// All entries of a taxonomy.
async fn all_entries(tx: &mut Tx, held: Held) -> Result<Vec<Entry>, Error> {
    match held {
        Held::Ships(all) => Ok(all),
        Held::Imported(number) => {
            let most = i64::try_from(super::ENTRIES_MAX).unwrap_or(i64::MAX);
            let rows = store::entries(tx, number, ("", 0, most)).await?;
            Ok(rows.into_iter().map(|(_, entry)| entry).collect())
        }
    }
}

/// An entry by its code.
pub(crate) async fn entry(tx: &mut Tx, held: &Held, code: &str) -> Result<Option<Entry>, Error> {
    match held {
        Held::Ships(all) => Ok(all.iter().find(|one| one.code.as_str() == code).cloned()),
        Held::Imported(number) => Ok(store::entry_of(tx, *number, code).await?),
    }
}
