//! What is about an object: relationships by their ends, and reports and the like.

use audit::Ground;
use kernel::{Tlp, Viewer, boxed};

use super::look::collection_in;
use crate::{
    Error,
    facts::RULES,
    model::Class,
    store::{reference, value},
};

/// The most objects that are told to be about another.
pub const ABOUT_SHOWN_MAX: usize = 100;

/// An object that is about another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Referrer {
    /// Its id.
    pub stix_id: String,
    /// Its label.
    pub tlp: Tlp,
    /// Whether its maker took it back.
    pub is_revoked: bool,
    /// As it was given.
    pub body: String,
}

/// What is about an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Referring {
    /// The newest first.
    pub objects: Vec<Referrer>,
    /// True if there are more.
    pub more: bool,
    /// False while what was there before the index is not all in it.
    pub complete: bool,
}

/// The objects of a collection that relate an object, or are about it.
#[boxed]
pub async fn referring(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<Referring, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let missing = Error::NotFound { what: "object" };
    let at = (shown.collection.slot, shown.mask);
    let newest = value::newest(&mut tx, at, stix_id).await?;
    newest.ok_or(missing)?;
    let (rules, upto) = value::state(&mut tx).await?;
    let most = i64::try_from(ABOUT_SHOWN_MAX).unwrap_or(i64::MAX);
    let mut found = reference::about(&mut tx, at, stix_id, most + 1).await?;
    let more = found.len() > ABOUT_SHOWN_MAX;
    found.truncate(ABOUT_SHOWN_MAX);
    let object = |row: reference::About| Referrer {
        tlp: Class::from_code(row.class).tlp,
        stix_id: row.stix_id,
        is_revoked: row.revoked,
        body: row.body,
    };
    Ok(Referring {
        objects: found.into_iter().map(object).collect(),
        more,
        complete: rules == RULES && upto.is_none(),
    })
}
