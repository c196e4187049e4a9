//! Looking for objects by what stands in them.

use audit::Ground;
use kernel::{Viewer, boxed};

use super::{fetch::newest, import::held::deleted_of, look::collection_in};
use crate::{
    Error,
    model::{Cut, Filter, Listed},
};

/// So many objects are looked at in one search.
pub const SEARCH_OBJECTS_MAX: i64 = 20_000;
/// The longest text that is looked for, in characters.
pub const SEARCH_CHARS_MAX: usize = 200;
/// Objects that are read at once.
const PAGE: u32 = 1_000;

/// What was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The newest first.
    pub objects: Vec<Listed>,
    /// How many were looked at.
    pub searched: i64,
    /// The place before which to go on; nothing where all was looked at.
    pub before: Option<i64>,
}

/// Objects of a collection that a text stands in, in capitals or not: in ids, names, values, anywhere.
/// The newest first, from before a place, at most so many. One search looks at 20,000 objects and says
/// where to go on.
#[boxed]
pub async fn find(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    (filter, text): (&Filter, &str),
    (before, most): (i64, u32),
) -> Result<Found, Error> {
    let wanted: String = text.trim().chars().take(SEARCH_CHARS_MAX).collect();
    let wanted = wanted.to_lowercase();
    let mut found = Found {
        objects: Vec::new(),
        searched: 0,
        before: Some(before),
    };
    let entries = if wanted.is_empty() { most } else { PAGE };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    while let Some(after) = found.before {
        let page = newest(ground, viewer, place, filter, Cut { after, entries }).await?;
        let last = page.places.map(|(_, last)| last);
        found.before = last.filter(|_| page.more);
        found.searched += i64::try_from(page.content.len()).unwrap_or(i64::MAX);
        let hits = page
            .content
            .into_iter()
            .filter(|object| stands(&wanted, object));
        for hit in hits {
            if found.objects.len() == most {
                // The rest of the page is looked at again.
                found.before = found.objects.last().map(|one| one.added.as_micros());
                return Ok(found);
            }
            found.objects.push(hit);
        }
        if wanted.is_empty() || found.objects.len() == most || found.searched >= SEARCH_OBJECTS_MAX
        {
            break;
        }
    }
    Ok(found)
}

fn stands(wanted: &str, object: &Listed) -> bool {
    wanted.is_empty() || object.body.to_lowercase().contains(wanted)
}

/// Whether an object was deleted from a collection that the viewer sees.
#[boxed]
pub async fn is_deleted(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<bool, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let found = deleted_of(&mut tx, shown.collection.slot, &[stix_id]).await?;
    Ok(shown.can_write && found.values().any(|tlp| shown.sees(*tlp)))
}
