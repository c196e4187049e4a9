//! What a viewer may know of things in collections, asked once for all of a scope.

use std::collections::HashMap;

use db::Tx;
use kernel::Viewer;

use crate::{
    Error,
    events::model::{Attribute, Object, Scope},
    ops::look::seen_in,
};

/// What stands in an event.
pub(super) trait Placed {
    /// Its collection, its event, its label.
    fn place(&self) -> (i64, i64, i32);
}

impl Placed for Attribute {
    fn place(&self) -> (i64, i64, i32) {
        (self.slot, self.event, self.tlp)
    }
}

impl Placed for Object {
    fn place(&self) -> (i64, i64, i32) {
        (self.slot, self.event, self.tlp)
    }
}

/// The collections of the scope that the viewer may know of, with the labels that he sees there.
pub(super) struct Masks(HashMap<i64, i32>);

impl Masks {
    /// The labels that he sees there, if the thing's own is one of them.
    pub(super) fn sees(&self, slot: i64, tlp: i32) -> Option<i32> {
        let mask = self.0.get(&slot).copied();
        mask.filter(|mask| mask & (1 << tlp) != 0)
    }
}

/// Which collections of a scope the viewer may know of, in as many statements whatever they are.
pub(super) async fn masks_in(tx: &mut Tx, viewer: &Viewer, scope: &Scope) -> Result<Masks, Error> {
    // Whoever may not know of the collection hears the same as where it holds no such thing.
    let all = match seen_in(tx, viewer, scope.as_place()).await {
        Err(Error::NotFound { .. }) => Vec::new(),
        all => all?,
    };
    let masks = all.iter().map(|one| (one.collection.slot, one.mask));
    Ok(Masks(masks.collect()))
}
