//! What objects refer to, as far as it is shown.

use std::collections::BTreeSet;

use db::Tx;
use formats_misp::full;
use uuid::Uuid;

use crate::{
    Error,
    events::{model::Object, store},
};

/// Takes references to what has a label that is not of the mask out of these objects, which stand in
/// one collection.
pub(super) async fn keep_seen(tx: &mut Tx, mask: i32, objects: &mut [Object]) -> Result<(), Error> {
    let Some(slot) = objects.first().map(|object| object.slot) else {
        return Ok(());
    };
    let mut read = Vec::new();
    for object in objects {
        if object.body.contains("\"ObjectReference\"") {
            let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &object.id);
            let record: full::Object = serde_json::from_str(&object.body).map_err(unreadable)?;
            read.push((object, record));
        }
    }
    let named: BTreeSet<Uuid> = read
        .iter()
        .flat_map(|(_, record)| &record.references)
        .filter_map(target)
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<_> = named.into_iter().collect();
    let labels = store::read::labels_in(tx, slot, &named).await?;
    let hidden: BTreeSet<Uuid> = labels
        .into_iter()
        .filter(|(_, tlp)| mask & (1 << tlp) == 0)
        .map(|(uuid, _)| uuid)
        .collect();
    for (object, mut record) in read {
        let all = record.references.len();
        record
            .references
            .retain(|one| target(one).is_none_or(|target| !hidden.contains(&target)));
        if record.references.len() < all {
            object.body = serde_json::to_string(&record).unwrap_or_default();
        }
    }
    Ok(())
}

fn target(reference: &full::ObjectReference) -> Option<Uuid> {
    Uuid::try_parse(reference.referenced_uuid.as_deref()?).ok()
}
