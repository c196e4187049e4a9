//! Files that are handed in piece by piece, looked at, and then taken in.
//!
//! A piece is durable when [`put_part`] returns. [`seal`] says that all are here and finds out what
//! the file is; [`super::preview`] shows what would become of it; [`begin`] lets a job take it in.
//! What nobody begins is forgotten after a day.

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{ImportId, Timestamp, Viewer, boxed};

use super::{
    import::{Progress, enqueue, submitter},
    look::{collection_in, writable_in},
};
use crate::{
    Error,
    convert::Form,
    model::{Import, Invalid, Outcome, Refusals, Shown, Stage},
    store,
};

/// The most bytes of a file.
pub const FILE_BYTES_MAX: i64 = 2 << 30;
/// The most bytes of a piece.
pub const PART_BYTES_MAX: usize = 16 << 20;
/// The most pieces of a file.
const PARTS_MAX: i32 = 100_000;
/// The most files of one person that have not begun.
const WAITING_MAX: i64 = 16;
/// What has not begun is forgotten after a day.
const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// The longest name of a file, in characters.
const SOURCE_CHARS_MAX: usize = 200;
/// The most imports of a list.
const LIST_MAX: i64 = 50;

/// Makes room for a file that is called `source`.
#[boxed]
pub async fn open_upload(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    source: &str,
) -> Result<Import, Error> {
    let mut tx = ground.db.begin().await?;
    let shown = writable_in(&mut tx, viewer, place, Act::IntelWrite).await?;
    let before = ground.now().as_micros() - KEPT_MICROS;
    store::upload::forget(&mut tx, Timestamp::from_micros(before)).await?;
    let submitter = submitter(viewer);
    if store::upload::waiting(&mut tx, &submitter).await? >= WAITING_MAX {
        return Err(Error::TooMany {
            what: "files that wait",
            max: usize::try_from(WAITING_MAX).unwrap_or(usize::MAX),
        });
    }
    let printable = source.chars().filter(|found| !found.is_control());
    let import = Import {
        stage: Stage::Receiving,
        ended_at: None,
        source: printable.take(SOURCE_CHARS_MAX).collect(),
        form: String::new(),
        ..Import::of(ground, &Outcome::default())
    };
    let slot = shown.collection.slot;
    store::import::insert(&mut tx, &import, (slot, &submitter), 0).await?;
    tx.commit().await?;
    Ok(import)
}

/// Keeps a piece of a file, numbered from 0. It may come again.
#[boxed]
pub async fn put_part(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
    (number, bytes): (i32, &[u8]),
) -> Result<Import, Error> {
    if !(0..PARTS_MAX).contains(&number) {
        return Err(Error::Invalid(Invalid {
            field: "part",
            rule: "from 0 to 99,999",
        }));
    }
    if bytes.len() > PART_BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes of a piece",
            max: PART_BYTES_MAX,
        });
    }
    let mut tx = ground.db.begin().await?;
    let (import, _) = own(&mut tx, viewer, root, id).await?;
    let had = store::upload::part_bytes(&mut tx, id, number).await?;
    let by = i64::try_from(bytes.len()).unwrap_or(i64::MAX) - had;
    if import.bytes + by > FILE_BYTES_MAX {
        return Err(Error::TooMany {
            what: "bytes",
            max: usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX),
        });
    }
    if !store::upload::grow(&mut tx, id, &submitter(viewer), by).await? {
        return Err(Error::NotWaiting);
    }
    store::upload::put_part(&mut tx, id, number, bytes).await?;
    tx.commit().await?;
    Ok(Import {
        bytes: import.bytes + by,
        ..import
    })
}

/// Says that all pieces are here. What is nothing that a collection holds is forgotten at once.
#[boxed]
pub async fn seal(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<Import, Error> {
    let mut tx = ground.db.begin().await?;
    let (import, _) = own(&mut tx, viewer, root, id).await?;
    if import.stage != Stage::Receiving {
        return Err(Error::NotWaiting);
    }
    let (count, last) = store::upload::parts(&mut tx, id).await?;
    if last + 1 != count {
        return Err(Error::Invalid(Invalid {
            field: "part",
            rule: "a piece before the last is missing",
        }));
    }
    let mut head = Vec::new();
    for number in 0.. {
        match store::import::part(&mut tx, id, number).await? {
            Some(part) if head.len() < HEAD_BYTES => head.extend_from_slice(&part),
            _ => break,
        }
    }
    head.truncate(HEAD_BYTES);
    match Form::of(&head) {
        Ok(form) => {
            let stages = (Stage::Receiving, Stage::Waiting);
            if !store::upload::advance(&mut tx, id, stages, form.name()).await? {
                return Err(Error::NotWaiting);
            }
            tx.commit().await?;
            Ok(Import {
                stage: Stage::Waiting,
                form: form.name().to_owned(),
                ..import
            })
        }
        Err(error) => {
            store::upload::discard(&mut tx, id).await?;
            tx.commit().await?;
            Err(error)
        }
    }
}

/// Bytes that the format of a file is found out by.
const HEAD_BYTES: usize = 64 << 10;

/// Lets a job take the file in.
#[boxed]
pub async fn begin(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<Import, Error> {
    let mut tx = ground.db.begin().await?;
    let (import, shown) = own(&mut tx, viewer, root, id).await?;
    let stages = (Stage::Waiting, Stage::Begun);
    if !store::upload::advance(&mut tx, id, stages, &import.form).await? {
        return Err(Error::NotWaiting);
    }
    let job = Progress::of(id, viewer, &shown);
    enqueue(&mut tx, ground, &job).await?;
    tx.commit().await?;
    Ok(Import {
        stage: Stage::Begun,
        ..import
    })
}

/// Forgets a file that has not begun.
#[boxed]
pub async fn discard(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    own(&mut tx, viewer, root, id).await?;
    if !store::upload::discard(&mut tx, id).await? {
        return Err(Error::NotWaiting);
    }
    tx.commit().await?;
    Ok(())
}

/// The latest imports of this viewer into a collection.
#[boxed]
pub async fn imports(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    name: &str,
) -> Result<Vec<Import>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let slot = shown.collection.slot;
    Ok(store::import::list(&mut tx, slot, &submitter(viewer), LIST_MAX).await?)
}

/// The collection that an import of this viewer is for, and what became of it.
#[boxed]
pub async fn import_of(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<(Shown, Refusals), Error> {
    let refusals = super::status(ground, viewer, root, id).await?;
    let mut tx = ground.db.begin_read().await?;
    let shown = shown_of(&mut tx, viewer, root, id).await?;
    Ok((shown, refusals))
}

/// An import of this viewer, into a collection that he may still write.
pub(super) async fn own(
    tx: &mut Tx,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<(Import, Shown), Error> {
    let missing = || Error::NotFound { what: "import" };
    let found = store::import::find(tx, id, &submitter(viewer), root).await?;
    let import = found.ok_or_else(missing)?;
    let shown = shown_of(tx, viewer, root, id).await?;
    let name = shown.collection.public.uuid().to_string();
    let shown = writable_in(tx, viewer, (root, &name), Act::IntelWrite).await?;
    Ok((import, shown))
}

async fn shown_of(tx: &mut Tx, viewer: &Viewer, root: &str, id: ImportId) -> Result<Shown, Error> {
    let missing = || Error::NotFound { what: "import" };
    let slot = store::import::slot_of(tx, id).await?.ok_or_else(missing)?;
    let collection = store::collection::in_slot(tx, slot).await?;
    let public = collection.ok_or_else(missing)?.public;
    collection_in(tx, viewer, root, &public.uuid().to_string()).await
}

/// Does the work of an import that has begun now, to its end, in place of the job. Where both do it,
/// nothing is done twice.
#[boxed]
pub async fn finish(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    id: ImportId,
) -> Result<Refusals, Error> {
    let mut tx = ground.db.begin_read().await?;
    let (import, shown) = own(&mut tx, viewer, root, id).await?;
    drop(tx);
    if import.stage != Stage::Begun {
        return Err(Error::NotWaiting);
    }
    let job = Progress::of(id, viewer, &shown);
    super::go_on(ground, &job).await?;
    super::status(ground, viewer, root, id).await
}
