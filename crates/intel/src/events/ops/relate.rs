//! Events that have values in common.

use std::collections::{BTreeSet, HashMap, HashSet};

use audit::Ground;
use db::Tx;
use formats_misp::full;
use kernel::{Viewer, boxed};

use super::{
    browse::names,
    search::masks,
    view::{Seen, event_in, head},
};
use crate::{
    Error,
    events::{
        model::{Attribute, Kin, Kindred, Scope, Which},
        norm,
        store::{self, common::COMMON_OVER, page::PageOf},
    },
    ops::look::seen_in,
};

/// The most events that are shown; more are counted.
pub const RELATED_MAX: usize = 100;
/// Attributes whose values are looked for.
const LOOKED_MAX: u32 = 1_000;

/// Events of all collections that the viewer sees which have values in common with one. Of a large event
/// the first 1,000 attributes are looked at.
#[boxed]
pub async fn related(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<Kindred, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = event_in(&mut tx, viewer, scope, which).await?;
    let attributes = attributes(&mut tx, &seen).await?;
    let looked = i64::try_from(attributes.len()).unwrap_or(i64::MAX);
    let spelling = spelling(&seen, &attributes)?;
    let norms: BTreeSet<&String> = spelling.keys().collect();
    let norms: Vec<String> = norms.into_iter().cloned().collect();
    let shown = seen_in(&mut tx, viewer, None).await?;
    let mut by_norm: HashMap<String, HashSet<i64>> = HashMap::new();
    let mut counts: HashMap<String, i64> = HashMap::new();
    for (norm, event) in store::common::holders(&mut tx, &masks(&shown), &norms).await? {
        *counts.entry(norm.clone()).or_default() += 1;
        by_norm.entry(norm).or_default().insert(event);
    }
    let mut kindred = Kindred {
        left_out: (seen.attributes - looked).max(0),
        ..Kindred::default()
    };
    let mut values: HashMap<i64, BTreeSet<String>> = HashMap::new();
    let mut common = BTreeSet::new();
    for (norm, events) in by_norm {
        let Some(value) = spelling.get(&norm) else {
            continue;
        };
        if counts.get(&norm).is_some_and(|count| *count > COMMON_OVER) {
            common.insert(value.clone());
            continue;
        }
        for event in events.into_iter().filter(|id| *id != seen.event.id) {
            values.entry(event).or_default().insert(value.clone());
        }
    }
    kindred.common = common.into_iter().collect();
    let ids: Vec<_> = values.keys().copied().collect();
    let mut events = Vec::new();
    for ids in ids.chunks(1_000) {
        events.extend(store::newest::these(&mut tx, ids).await?);
    }
    let place = |slot| shown.iter().find(|one| one.collection.slot == slot);
    events.retain(|event| place(event.slot).is_some_and(|at| at.mask & (1 << event.tlp) != 0));
    let many = |id| values.get(&id).map_or(0, BTreeSet::len);
    events.sort_by_key(|event| (usize::MAX - many(event.id), -event.timestamp, -event.id));
    kindred.more = events.len().saturating_sub(RELATED_MAX);
    events.truncate(RELATED_MAX);
    let names = names(&mut tx, events.iter().map(|event| event.orgc)).await?;
    for event in events {
        let Some(at) = place(event.slot) else {
            continue;
        };
        kindred.events.push(Kin {
            orgc: names.get(&event.orgc).cloned().unwrap_or_default(),
            root: at.collection.root.to_string(),
            collection: at.collection.public,
            values: values
                .remove(&event.id)
                .unwrap_or_default()
                .into_iter()
                .collect(),
            event,
        });
    }
    Ok(kindred)
}

/// The first attributes of an event: of its own, then those of its objects.
async fn attributes(tx: &mut Tx, seen: &Seen) -> Result<Vec<Attribute>, Error> {
    let mut page = PageOf {
        event: seen.event.id,
        mask: seen.mask & seen.labels,
        deleted: Some(false),
        to_ids: None,
        data: false,
        after: 0,
        most: LOOKED_MAX,
    };
    let mut all = store::page::attributes(tx, &page, &[0]).await?;
    let most = usize::try_from(LOOKED_MAX).unwrap_or(usize::MAX);
    if all.len() < most {
        page.most = LOOKED_MAX / 10;
        let objects = store::page::objects(tx, &page).await?;
        let ids: Vec<_> = objects.iter().map(|object| object.id).collect();
        all.extend(store::page::attributes_of_each(tx, &page, &ids).await?);
        all.truncate(most);
    }
    Ok(all)
}

/// The texts that lead to other events, with the spelling that this one has; none where it says that
/// its values are not to be compared.
fn spelling(seen: &Seen, attributes: &[Attribute]) -> Result<HashMap<String, String>, Error> {
    let mut spelling = HashMap::new();
    if head(seen)?.disable_correlation == Some(true) {
        return Ok(spelling);
    }
    for attribute in attributes {
        let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &attribute.id);
        let record: full::Attribute = serde_json::from_str(&attribute.body).map_err(unreadable)?;
        if record.disable_correlation == Some(true) {
            continue;
        }
        for (norm, value) in norm::in_common(&attribute.kind, &attribute.value) {
            spelling.entry(norm).or_insert_with(|| value.to_owned());
        }
    }
    Ok(spelling)
}
