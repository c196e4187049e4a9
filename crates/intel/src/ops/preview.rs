//! What would become of a file, if it were imported now.

use std::collections::HashMap;

use audit::Ground;
use formats_misp::full::Event;
use kernel::{ImportId, Tlp, Viewer, boxed};
use stix::json::Document;
use uuid::Uuid;

use super::{
    import::{
        Giver,
        adding::{Judged, Target},
        batches_of,
        event::{Said, why},
        held::{Held, deleted_of, versions_of},
        mark,
    },
    upload::own,
};
use crate::{
    Error,
    convert::Coming,
    events::{
        model::Fault,
        ops::{Hand, Outlook, foresee_in, given},
    },
    intake::{Batch, Incoming},
    model::{Fate, FateCount, Foreseen, Preview, Refusal, Shown, Stage},
};

/// So many objects are looked at; the parts of events count.
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
        looked: 0,
        shown: &shown,
        hand: Hand::of(viewer),
        events: HashMap::new(),
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
    while let Some(next) = batches.next().await? {
        if looking.looked >= PREVIEW_OBJECTS_MAX {
            looking.preview.is_whole = false;
            break;
        }
        match next.coming {
            Coming::Batch(batch) => looking.look(ground, batch).await?,
            Coming::Event { place, event } => looking.event(ground, place, event).await?,
        }
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
    /// How much was looked at.
    looked: i64,
    shown: &'c Shown,
    hand: Hand,
    /// Events that would have been taken by then, and when each says that it was changed.
    events: HashMap<Uuid, Option<i64>>,
    /// Versions that the collection has or would have then.
    versions: HashMap<String, Vec<Held>>,
    preview: Preview,
}

impl Looking<'_> {
    async fn look(&mut self, ground: &Ground, mut batch: Batch) -> Result<(), Error> {
        let mut tx = ground.db.begin_read().await?;
        let whose = (self.into.collection.mode, self.number);
        mark::resolve(&mut tx, whose, &mut batch).await?;
        let count = batch.objects.len() + batch.refusals.len();
        self.has_looked(count);
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

    fn has_looked(&mut self, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.looked = self.looked.saturating_add(count);
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
                kind: object.kind.clone(),
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

/// What an event is in numbers of what a file brings.
const EVENT: &str = "event";

impl Looking<'_> {
    async fn event(&mut self, ground: &Ground, place: i64, event: Box<Event>) -> Result<(), Error> {
        let said = Said::of(&event);
        let within = event.objects.iter().map(|one| 1 + one.attributes.len());
        self.has_looked(1 + event.attributes.len() + within.sum::<usize>());
        let mut tx = ground.db.begin_read().await?;
        let space = self.into.collection.public.uuid();
        let given = match given(&mut tx, &self.hand, space, event).await {
            Ok(given) => given,
            Err(error) => {
                self.refused(said.refusal(place, why(error)?));
                self.count(EVENT.to_owned(), Fate::Refused);
                return Ok(());
            }
        };
        let uuid = given.uuid;
        let mut seen = foresee_in(&mut tx, &self.hand, self.shown, given).await?;
        drop(tx);
        self.after_others(uuid, &mut seen);
        let fate = match seen.fate {
            Ok(fate) => fate,
            Err(fault) => {
                self.refused(said.refusal(place, why(fault.into())?));
                Fate::Refused
            }
        };
        if matches!(fate, Fate::New | Fate::Version) {
            let key = (seen.tlp, seen.is_marked);
            *self.preview.tally.labels.entry(key).or_default() += 1;
        }
        self.count(EVENT.to_owned(), fate);
        if self.preview.objects.len() < SHOWN_MAX {
            let version = seen.timestamp.map(|at| at.to_string());
            self.preview.objects.push(Foreseen {
                place,
                kind: EVENT.to_owned(),
                stix_id: uuid.to_string(),
                version: version.unwrap_or_default(),
                name: seen.info.chars().take(NAME_CHARS_MAX).collect(),
                tlp: seen.tlp,
                is_marked: seen.is_marked,
                fate,
            });
        }
        Ok(())
    }

    /// Judges an event by one of the same UUID that stands before it in the file.
    fn after_others(&mut self, uuid: Uuid, seen: &mut Outlook) {
        if !matches!(seen.fate, Ok(Fate::New | Fate::Version)) {
            return;
        }
        match self
            .events
            .get(&uuid)
            .map(|before| (*before, seen.timestamp))
        {
            None => {}
            // One that says no moment gets that of the import.
            Some((None, Some(_))) => seen.fate = Err(Fault::Older),
            Some((Some(before), Some(at))) if at > before => seen.fate = Ok(Fate::Version),
            Some((Some(before), Some(at))) if at < before => seen.fate = Err(Fault::Older),
            Some(_) => seen.fate = Ok(Fate::Known),
        }
        if matches!(seen.fate, Ok(Fate::New | Fate::Version)) {
            self.events.insert(uuid, seen.timestamp);
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
