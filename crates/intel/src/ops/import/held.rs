//! The versions that a collection has of an object, who gave them, and what classes follow.
//!
//! An object is the house's as soon as the house gave a version of it; else it is of who gave the
//! first. What others give of it stands **aside**: it takes the place of nothing, and is a newest
//! version for those alone who do not see what its owner gave.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use db::Tx;
use kernel::{Tlp, Viewer};

use crate::{
    Error,
    events::ops::guest,
    intake::Incoming,
    model::{Class, Holds, Spec},
    store::entry,
};

/// The number of the house among those who give.
pub(crate) const HOUSE: i64 = 0;
/// The number of a guest who gave nothing yet.
const NOBODY: i64 = i64::MAX;

/// Who gives: the house with all that it fetches, or a guest by the name that his events have too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Giver {
    House,
    Guest(String),
}

impl Giver {
    /// Behind whom a viewer stands, whichever key he uses.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        guest(viewer).map_or(Self::House, Self::Guest)
    }

    /// His number; a new one where he has none. The caller holds the lock of places.
    pub(crate) async fn number_in(&self, tx: &mut Tx) -> Result<i64, Error> {
        Ok(match self {
            Self::House => HOUSE,
            // As many statements for who gave something before: that may be hidden from him by now.
            Self::Guest(name) => {
                entry::insert_giver(tx, name).await?;
                entry::giver(tx, name).await?.unwrap_or(NOBODY)
            }
        })
    }

    /// His number; one that nobody has where he has none.
    pub(crate) async fn known_in(&self, tx: &mut Tx) -> Result<i64, Error> {
        Ok(match self {
            Self::House => HOUSE,
            Self::Guest(name) => entry::giver(tx, name).await?.unwrap_or(NOBODY),
        })
    }
}

/// A version of an object that the collection has or is about to have.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) version: i64,
    pub(crate) place: i64,
    pub(crate) spec: Spec,
    pub(crate) tlp: Tlp,
    pub(crate) sha256: Vec<u8>,
    /// Who gave it.
    pub(crate) giver: i64,
    /// Its class as it is stored; nothing for one that is new.
    pub(crate) stored: Option<i32>,
    /// Whether who hands objects in may know of it.
    pub(crate) is_told: bool,
    /// Whether, as far as he may know, the object is another's.
    pub(crate) is_anothers: bool,
}

impl Held {
    /// A version that is about to stand at a place.
    pub(crate) fn next(incoming: &Incoming, tlp: Tlp, (place, giver): (i64, i64)) -> Self {
        Self {
            version: incoming.version.unwrap_or(place),
            place,
            spec: incoming.spec,
            tlp,
            sha256: incoming.sha256.to_vec(),
            giver,
            stored: None,
            is_told: true,
            is_anothers: false,
        }
    }

    /// The order of versions that are the same by what they say of themselves: the first that came is
    /// the newer one, so that nobody takes its place who did not see it.
    fn age(&self) -> (i64, Reverse<i64>) {
        (self.version, Reverse(self.place))
    }
}

/// Which of some objects were deleted from a collection, and the labels of what was.
pub(crate) async fn deleted_of(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<HashMap<String, Tlp>, Error> {
    let rows = entry::deleted(tx, slot, ids).await?;
    let label = |(id, code)| (id, Tlp::from_code(code));
    Ok(rows.into_iter().map(label).collect())
}

/// The versions that a collection has of some objects.
pub(crate) async fn versions_of(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<HashMap<String, Vec<Held>>, Error> {
    let mut versions: HashMap<String, Vec<Held>> = HashMap::new();
    for row in entry::present(tx, slot, ids).await? {
        let class = Class::from_code(row.class);
        versions.entry(row.stix_id).or_default().push(Held {
            version: row.version,
            place: row.added,
            spec: class.spec,
            tlp: class.tlp,
            sha256: row.sha256,
            giver: row.giver,
            stored: Some(row.class),
            is_told: true,
            is_anothers: false,
        });
    }
    Ok(versions)
}

/// The loosest label of some versions: who sees it knew of the object.
pub(crate) fn loosest(versions: &[Held]) -> Tlp {
    let label = versions.iter().map(|held| held.tlp).min();
    label.unwrap_or(Tlp::Red)
}

/// Whose an object is, of which there are these versions.
pub(super) fn owner<'h>(versions: impl Iterator<Item = &'h Held>) -> Option<i64> {
    let givers = versions.map(|held| (held.giver != HOUSE, held.place, held.giver));
    givers.min().map(|(.., giver)| giver)
}

/// The version that decides: the newest that its owner gave.
pub(crate) fn newest(versions: &[Held]) -> Option<&Held> {
    let owner = owner(versions.iter())?;
    let own = versions.iter().filter(|held| held.giver == owner);
    own.max_by_key(|held| (held.spec, held.age()))
}

/// The class that each of the versions of one object has, by its place.
pub(crate) fn classes(versions: &[Held]) -> BTreeMap<i64, Class> {
    let owner = owner(versions.iter());
    let is_own = |held: &Held| Some(held.giver) == owner;
    let class = |held: &Held| {
        let alike = |other: &&Held| other.spec == held.spec && other.place != held.place;
        let labels = |of: &dyn Fn(&&Held) -> bool| {
            let found: Vec<_> = versions.iter().filter(of).map(|other| other.tlp).collect();
            Holds::of(held.tlp, found.into_iter())
        };
        let own = is_own(held);
        Class {
            tlp: held.tlp,
            newest: labels(&|other| {
                alike(other) && (is_own(other), other.age()) > (own, held.age())
            }),
            oldest: labels(&|other| {
                alike(other)
                    && (!is_own(other), other.version, other.place)
                        < (!own, held.version, held.place)
            }),
            top: labels(&|other| match (own, is_own(other)) {
                (true, false) => false,
                (false, true) => other.spec != held.spec,
                (true, true) | (false, false) => other.spec > held.spec,
            }),
            spec: held.spec,
            aside: !own,
        }
    };
    versions
        .iter()
        .map(|held| (held.place, class(held)))
        .collect()
}

/// Changes of the numbers of entries, by type and class.
#[derive(Debug, Default)]
pub(crate) struct Counted(BTreeMap<(String, i32), i64>);

impl Counted {
    /// One entry more or less.
    pub(crate) fn change(&mut self, kind: &str, class: i32, by: i64) {
        for kind in [kind, ""] {
            *self.0.entry((kind.to_owned(), class)).or_default() += by;
        }
    }

    pub(crate) async fn write(self, tx: &mut Tx, slot: i64) -> Result<(), Error> {
        let changes: Vec<_> = self
            .0
            .into_iter()
            .filter(|(_, by)| *by != 0)
            .map(|((kind, class), by)| (kind, class, by))
            .collect();
        Ok(entry::count(tx, slot, &changes).await?)
    }
}
