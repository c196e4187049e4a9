//! What would become of a file, if it were imported now.

use std::collections::HashMap;

use audit::Ground;
use kernel::{ImportId, Tlp, Viewer, boxed};
use stix::json::Document;

use super::{
    import::{
        Giver,
        adding::{Judged, Target},
        batches_of,
        held::{Held, deleted_of, versions_of},
        mark,
    },
    upload::own,
};
use crate::{
    Error,
    intake::{Batch, Incoming},
    model::{Fate, FateCount, Foreseen, Preview, Refusal, Stage},
};

/// So many objects are looked at.
pub const PREVIEW_OBJECTS_MAX: i64 = 20_000;
/// So many are shown one by one.
const SHOWN_MAX: usize = 100;
/// The longest name of an object, in characters.
const NAME_CHARS_MAX: usize = 200;

/// What would become of a file that waits. Nothing is kept of it.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<Preview, Error> {
    let mut tx = ground.db.begin_read().await?;
    let (import, shown) = own(&mut tx, viewer, root, id).await?;
    let giver = Giver::of(viewer);
    let number = giver.known_in(&mut tx).await?;
    drop(tx);
    let collection = &shown.collection;
    if import.stage != Stage::Waiting {
        return Err(Error::NotWaiting);
    }
    let how = (&*import.source, &*import.form, import.requested_at);
    let mut batches = batches_of(ground, id, collection, how)?;
    let mut looking = Looking {
        into: Target {
            collection,
            sees: shown.mask,
            giver: &giver,
        },
        number,
        versions: HashMap::new(),
        preview: Preview {
            is_whole: true,
            tally: FateCount::default(),
            objects: Vec::new(),
            refusals: Vec::new(),
            losses: Vec::new(),
            broken: None,
            import,
        },
    };
    while let Some(batch) = batches.next().await? {
        if looking.preview.tally.total() >= PREVIEW_OBJECTS_MAX {
            looking.preview.is_whole = false;
            break;
        }
        looking.look(ground, batch).await?;
    }
    let mut preview = looking.preview;
    match batches.end().await {
        Some(Ok(losses)) => preview.losses = losses,
        Some(Err(_)) if !preview.is_whole => {}
        Some(Err(error)) => preview.broken = Some(error.to_string()),
        None => preview.is_whole = false,
    }
    Ok(preview)
}

struct Looking<'c> {
    into: Target<'c>,
    /// The number of who hands it in.
    number: i64,
    /// Versions that the collection has or would have then.
    versions: HashMap<String, Vec<Held>>,
    preview: Preview,
}

impl Looking<'_> {
    async fn look(&mut self, ground: &Ground, mut batch: Batch) -> Result<(), Error> {
        let mut tx = ground.db.begin_read().await?;
        let whose = (self.into.collection.mode, self.number);
        mark::resolve(&mut tx, whose, &mut batch).await?;
        let slot = self.into.collection.slot;
        let unknown = batch.objects.iter().map(|object| object.stix_id.as_str());
        let unknown: Vec<&str> = unknown
            .filter(|id| !self.versions.contains_key(*id))
            .collect();
        let mut held = versions_of(&mut tx, slot, &unknown).await?;
        self.into.tell(&mut held, self.number);
        let deleted = deleted_of(&mut tx, slot, &unknown).await?;
        self.versions.extend(held);
        for object in &batch.objects {
            self.object(object, &deleted);
        }
        for refusal in batch.refusals {
            let kind = refusal.stix_id.split("--").next().unwrap_or_default();
            self.count(kind.to_owned(), Fate::Refused);
            self.refused(refusal);
        }
        Ok(())
    }

    fn count(&mut self, kind: String, fate: Fate) {
        *self.preview.tally.kinds.entry((kind, fate)).or_default() += 1;
    }

    fn refused(&mut self, refusal: Refusal) {
        if self.preview.refusals.len() < SHOWN_MAX {
            self.preview.refusals.push(refusal);
        }
    }

    fn object(&mut self, object: &Incoming, deleted: &HashMap<String, Tlp>) {
        let known = self.versions.entry(object.stix_id.clone()).or_default();
        let had = known.iter().any(|held| held.is_told);
        let deleted = deleted.get(&object.stix_id).copied();
        let (tlp, judged) = self.into.judge(object, deleted, known);
        let fate = match &judged {
            Judged::New | Judged::Unseen(_) if had => Fate::Version,
            Judged::New | Judged::Unseen(_) => Fate::New,
            Judged::Known => Fate::Known,
            Judged::Refused("intel.conflict", _) => Fate::Conflict,
            Judged::Refused(..) => Fate::Refused,
        };
        match judged {
            Judged::New | Judged::Unseen(_) => {
                if matches!(judged, Judged::New) {
                    known.push(Held::next(object, tlp, (i64::MAX, self.number)));
                }
                let key = (tlp, object.tlp.is_some());
                *self.preview.tally.labels.entry(key).or_default() += 1;
            }
            Judged::Refused(code, detail) => self.refused(object.refusal(code, detail)),
            Judged::Known => {}
        }
        self.count(object.kind.clone(), fate);
        if self.preview.objects.len() < SHOWN_MAX {
            self.preview.objects.push(Foreseen {
                place: object.place,
                stix_id: object.stix_id.clone(),
                version: object.version_text.clone(),
                name: name(&object.body),
                tlp,
                is_marked: object.tlp.is_some(),
                fate,
            });
        }
    }
}

/// What an object is called: its name, or its value.
fn name(body: &str) -> String {
    let Ok(document) = Document::parse(body.as_bytes()) else {
        return String::new();
    };
    let root = document.root();
    let found = root.text("name").or_else(|| root.text("value"));
    let found = found.or_else(|| root.text("pattern"));
    found
        .unwrap_or_default()
        .chars()
        .take(NAME_CHARS_MAX)
        .collect()
}
