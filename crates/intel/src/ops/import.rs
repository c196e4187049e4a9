//! Taking objects in.

pub(crate) mod adding;
mod batches;
pub(crate) mod event;
pub(crate) mod held;
pub(crate) mod mark;

use std::io::Cursor;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{ImportId, PartyCode, Timestamp, Viewer, Who, boxed};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

pub(crate) use adding::{Target, add_in};
use batches::{Batches, How};
pub(crate) use held::Giver;

use super::look::writable_in;
use crate::{
    Error, Untaken,
    convert::{Coming, Context, Form},
    events::ops::{Hand, guest},
    intake::{Batch, Reader},
    jobs,
    model::{ALL_LABELS, Collection, Import, Loss, Outcome, Refusals, Shown, Stage},
    record,
    store::{
        self,
        import::{Open, Step},
    },
};

/// The most bytes that are handed in at once.
pub const BYTES_MAX: usize = 64 << 20;
/// The most refusals that a status names one by one; it counts all.
pub const REFUSALS_SHOWN_MAX: i64 = 1_000;
/// Up to so many objects and bytes are looked at before the answer; more are kept as they came, and
/// a job looks at them.
const OBJECTS_AT_ONCE: i64 = 2_000;
const BYTES_AT_ONCE: usize = 8 << 20;
/// Bytes that wait are kept in parts of this size.
const PART_BYTES: usize = 1 << 20;
/// So many objects are added in one transaction.
const BATCH: usize = 1_000;

/// Adds objects that were read.
#[boxed]
pub async fn add(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    batch: Batch,
) -> Result<Outcome, Error> {
    let mut tx = ground.db.begin().await?;
    let shown = writable(&mut tx, viewer, (root, name)).await?;
    let outcome = add_in(&mut tx, ground, into(&shown, &Giver::of(viewer)), batch).await?;
    let import = Import::of(ground, &outcome);
    record::import(&mut tx, ground, viewer, &shown.collection, &import).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Takes in an envelope, a bundle, a list of objects or one object. Either all of it is JSON, and
/// kept when this returns, or nothing is kept. Where it is long, a job looks at the objects, and
/// [`status`] says what became of them.
#[boxed]
pub async fn import(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    bytes: Vec<u8>,
) -> Result<Refusals, Error> {
    if bytes.len() > BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes",
            max: BYTES_MAX,
        });
    }
    // Who may not write learns nothing of what he sent.
    let mut tx = ground.db.begin_read().await?;
    writable(&mut tx, viewer, (root, name)).await?;
    drop(tx);
    let (total, whole, bytes) = look_through(bytes).await?;
    let mut tx = ground.db.begin().await?;
    let shown_to = writable(&mut tx, viewer, (root, name)).await?;
    let collection = &shown_to.collection;
    let done = if let Some(batch) = whole {
        let outcome = add_in(&mut tx, ground, into(&shown_to, &Giver::of(viewer)), batch).await?;
        let import = Import::of(ground, &outcome);
        let place = (collection.slot, submitter(viewer));
        store::import::insert(&mut tx, &import, (place.0, &place.1), total).await?;
        store::import::refuse(&mut tx, import.id, &outcome.refusals).await?;
        record::import(&mut tx, ground, viewer, collection, &import).await?;
        shown(import, outcome.refusals)
    } else {
        let import = keep(&mut tx, ground, viewer, (&shown_to, total), &bytes).await?;
        shown(import, Vec::new())
    };
    tx.commit().await?;
    Ok(done)
}

/// What became of objects that this viewer handed in; nobody else is told.
#[boxed]
pub async fn status(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<Refusals, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin_read().await?;
    let found = store::import::find(&mut tx, id, &submitter(viewer), root).await?;
    let import = found.ok_or(Error::NotFound { what: "import" })?;
    let refusals = store::import::refusals(&mut tx, id, REFUSALS_SHOWN_MAX).await?;
    Ok(Refusals { import, refusals })
}

fn shown(import: Import, mut refusals: Vec<crate::model::Refusal>) -> Refusals {
    refusals.truncate(usize::try_from(REFUSALS_SHOWN_MAX).unwrap_or(usize::MAX));
    Refusals { import, refusals }
}

impl Import {
    /// Of work that is done.
    pub(super) fn of(ground: &Ground, outcome: &Outcome) -> Self {
        let refused = i64::try_from(outcome.refusals.len()).unwrap_or(i64::MAX);
        let now = ground.now();
        Self {
            id: ImportId::random(&*ground.rng),
            requested_at: now,
            ended_at: Some(now),
            failure: None,
            stage: Stage::Begun,
            source: String::new(),
            form: Form::Stix.name().to_owned(),
            bytes: 0,
            losses: Vec::new(),
            total: outcome.added + outcome.known + refused,
            added: outcome.added,
            known: outcome.known,
            refused,
        }
    }
}

async fn writable(tx: &mut Tx, viewer: &Viewer, place: (&str, &str)) -> Result<Shown, Error> {
    writable_in(tx, viewer, place, Act::IntelWrite).await
}

const fn into<'t>(shown: &'t Shown, giver: &'t Giver) -> Target<'t> {
    Target {
        collection: &shown.collection,
        sees: shown.mask,
        giver,
    }
}

/// Behind whom an import stands: the user, whichever key was used.
pub(super) fn submitter(viewer: &Viewer) -> String {
    match &viewer.who {
        Who::User { id, .. } => id.to_string(),
        Who::Key { user, .. } => user.to_string(),
        Who::Peer(party) => format!("party--{party}"),
        Who::Node(_) => "node".to_owned(),
    }
}

/// Reads all of it: how many objects there are, and the objects themselves where they are few.
async fn look_through(bytes: Vec<u8>) -> Result<(i64, Option<Batch>, Vec<u8>), Error> {
    let read = move || {
        let mut reader = Reader::new(Cursor::new(&bytes));
        let few = bytes.len() <= BYTES_AT_ONCE;
        let mut whole = few.then(Batch::default);
        let mut total: i64 = 0;
        while let Some(batch) = reader.next(BATCH)? {
            let objects = batch.objects.len() + batch.refusals.len();
            total += i64::try_from(objects).unwrap_or(i64::MAX);
            if total > OBJECTS_AT_ONCE {
                whole = None;
            }
            if let Some(whole) = &mut whole {
                whole.objects.extend(batch.objects);
                whole.refusals.extend(batch.refusals);
            }
        }
        Ok((total, whole, bytes))
    };
    spawn_blocking(read)
        .await
        .map_err(|_ended| Error::Unreadable {
            detail: "the program ended while it was read".to_owned(),
        })?
}

/// What a job needs to go on.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Progress {
    pub(crate) import: ImportId,
    pub(crate) party: PartyCode,
    /// The labels that who handed it in sees there; all, where it was planned before this was kept.
    #[serde(default)]
    pub(crate) sees: Option<i32>,
    /// The guest who handed it in; nothing for the house.
    #[serde(default)]
    pub(crate) guest: Option<String>,
    /// Who handed it in, as events keep it; nothing where it was planned before this was kept.
    #[serde(default)]
    pub(crate) hand: Option<Hand>,
}

impl Progress {
    /// Of what somebody handed in who is shown the collection so.
    pub(super) fn of(import: ImportId, viewer: &Viewer, shown: &Shown) -> Self {
        Self {
            import,
            party: viewer.party.clone(),
            sees: Some(shown.mask),
            guest: guest(viewer),
            hand: Some(Hand::of(viewer)),
        }
    }
}

async fn keep(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (shown, total): (&Shown, i64),
    bytes: &[u8],
) -> Result<Import, Error> {
    let import = Import {
        total,
        ended_at: None,
        ..Import::of(ground, &Outcome::default())
    };
    let submitter = submitter(viewer);
    store::import::insert(tx, &import, (shown.collection.slot, &submitter), 0).await?;
    for (number, part) in bytes.chunks(PART_BYTES).enumerate() {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        store::import::keep(tx, import.id, number, part).await?;
    }
    let job = Progress::of(import.id, viewer, shown);
    enqueue(tx, ground, &job).await?;
    Ok(import)
}

/// Asks for the job that takes in what was kept.
pub(super) async fn enqueue(tx: &mut Tx, ground: &Ground, job: &Progress) -> Result<(), Error> {
    ground.enqueue(tx, jobs::IMPORT, job, ground.now()).await?;
    Ok(())
}

/// Goes on with an import from where it stands to its end. Run twice, it does nothing more.
#[boxed]
pub(crate) async fn go_on(ground: &Ground, job: &Progress) -> Result<(), Error> {
    let mut tx = ground.db.begin_read().await?;
    let Some(open) = store::import::open(&mut tx, job.import).await? else {
        return Ok(());
    };
    let Some(collection) = store::collection::in_slot(&mut tx, open.slot).await? else {
        return Ok(());
    };
    drop(tx);
    let mut batches = if open.bytes > 0 {
        let how = (&*open.source, &*open.form, open.requested_at);
        batches_of(ground, job.import, &collection, how)?
    } else {
        Batches::of(ground, job.import, How::AsTheyCome)
    };
    let giver = job.guest.clone().map_or(Giver::House, Giver::Guest);
    let mut read = open.read;
    let events = event::Taking::of(job, &collection);
    while let Some(next) = batches.next().await? {
        let mut batch = match next.coming {
            Coming::Batch(batch) => batch,
            // What an earlier run has looked at.
            Coming::Event { place, .. } if place < read => continue,
            Coming::Event { place, event } => {
                if !events.step(ground, (read, place), event).await? {
                    return Ok(());
                }
                read = place + 1;
                continue;
            }
        };
        let objects = batch.objects.iter().map(|object| object.place);
        let places = objects.chain(batch.refusals.iter().map(|refusal| refusal.place));
        let after = places.max().map_or(read, |last| last + 1);
        // What an earlier run has looked at.
        batch.objects.retain(|object| object.place >= read);
        batch.refusals.retain(|refusal| refusal.place >= read);
        if after > read {
            let into = Target {
                collection: &collection,
                sees: job.sees.unwrap_or(ALL_LABELS),
                giver: &giver,
            };
            if !step(ground, into, (job.import, read, after), batch).await? {
                return Ok(());
            }
            read = after;
        }
    }
    match batches.end().await {
        Some(Ok(losses)) => end(ground, job, (&collection, &open), (None, &losses)).await,
        Some(Err(error)) => {
            let why = Some(error.to_string());
            end(ground, job, (&collection, &open), (why, &[])).await
        }
        None => Ok(()),
    }
}

/// The objects of a file that was looked at first.
pub(super) fn batches_of(
    ground: &Ground,
    id: ImportId,
    collection: &Collection,
    (source, form, at): (&str, &str, Timestamp),
) -> Result<Batches, Error> {
    let form = Form::named(form).ok_or(Error::NotTaken(Untaken::Empty))?;
    let context = Context {
        source: source.to_owned(),
        at,
        unmarked: collection.settings.unmarked,
        space: collection.public.uuid(),
    };
    Ok(Batches::of(ground, id, How::As(form, context)))
}

async fn step(
    ground: &Ground,
    into: Target<'_>,
    (id, before, after): (ImportId, i64, i64),
    batch: Batch,
) -> Result<bool, Error> {
    let mut tx = ground.db.begin().await?;
    let outcome = add_in(&mut tx, ground, into, batch).await?;
    let step = Step {
        read: after,
        added: outcome.added,
        known: outcome.known,
        refused: i64::try_from(outcome.refusals.len()).unwrap_or(i64::MAX),
    };
    if !store::import::advance(&mut tx, id, before, step).await? {
        return Ok(false);
    }
    store::import::refuse(&mut tx, id, &outcome.refusals).await?;
    tx.commit().await?;
    Ok(true)
}

async fn end(
    ground: &Ground,
    job: &Progress,
    (collection, open): (&Collection, &Open),
    (failure, losses): (Option<String>, &[Loss]),
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let came = (failure.as_deref(), losses);
    store::import::end(&mut tx, job.import, ground.now(), came).await?;
    let root = collection.root.as_str();
    let import = store::import::find(&mut tx, job.import, &open.submitter, root).await?;
    if let Some(import) = import {
        let viewer = Viewer::node("import", job.party.clone(), collection.mode);
        record::import(&mut tx, ground, &viewer, collection, &import).await?;
    }
    tx.commit().await?;
    Ok(())
}
