//! Events of files, which an import takes in.
//!
//! What becomes of one is judged before anything is written, so that who looks first is told the same.

use std::io::{self, Write};

use audit::Ground;
use db::Tx;
use formats_misp::{full::Event, transfer};
use kernel::Tlp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{By, add_in, change_by, head, may_change, packing};
use crate::{
    Error,
    events::{
        label,
        model::{self, Fault, Kept, Origin},
        moments,
        ops::org::Hand,
        parts, reach, store,
    },
    model::{Fate, Shown},
};

/// An event of a file, and where it comes from.
pub(crate) struct Given {
    pub(crate) uuid: Uuid,
    origin: Origin,
    event: Box<Event>,
}

impl Given {
    /// Packs samples that came as they are, which takes time.
    pub(crate) async fn packed(mut self) -> Result<Self, Error> {
        if self.origin == Origin::Own {
            let event = &mut self.event;
            let attributes = std::mem::take(&mut event.attributes);
            let objects = std::mem::take(&mut event.objects);
            (event.attributes, event.objects) = packing::pack(attributes, objects).await?;
        }
        Ok(self)
    }
}

/// What would become of an event.
pub(crate) struct Outlook {
    pub(crate) info: String,
    pub(crate) timestamp: Option<i64>,
    pub(crate) tlp: Tlp,
    pub(crate) is_marked: bool,
    pub(crate) fate: Result<Fate, Fault>,
}

/// How an event fits to what is here.
enum Fit {
    New,
    Newer(Box<model::Event>),
    Known,
}

/// An event of a file as it is taken in. One that names another organisation as its maker comes from
/// another instance; what a guest hands in is his. One without a UUID gets that of its content in this
/// collection, so that it comes once.
pub(crate) async fn given(
    tx: &mut Tx,
    hand: &Hand,
    space: Uuid,
    mut event: Box<Event>,
) -> Result<Given, Error> {
    if parts::is_bad(event.uuid.as_deref()) {
        return Err(Fault::Uuid.into());
    }
    let uuid = event.uuid.as_deref().map(Uuid::try_parse);
    let uuid = match uuid {
        Some(Ok(uuid)) => uuid,
        Some(Err(_)) | None => of_content(space, &event)?,
    };
    let origin = origin_in(tx, hand, &event).await?;
    match origin {
        Origin::Own => {
            reach::check(&event)?;
            moments::check(&event)?;
        }
        Origin::Sync => {
            transfer::unbind(&mut event);
            reach::close(&mut event);
            moments::close(&mut event);
        }
    }
    Ok(Given {
        uuid,
        origin,
        event,
    })
}

fn of_content(space: Uuid, event: &Event) -> Result<Uuid, Error> {
    let mut hash = Hashing(Sha256::new());
    serde_json::to_writer(&mut hash, event).map_err(|error| Fault::Invalid {
        field: "Event",
        detail: error.to_string(),
    })?;
    Ok(Uuid::new_v5(&space, &hash.0.finalize()))
}

/// Takes in what is written, of which no copy is made.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn origin_in(tx: &mut Tx, hand: &Hand, event: &Event) -> Result<Origin, Error> {
    let maker = event.orgc.as_ref().and_then(|orgc| orgc.uuid.as_deref());
    let maker = maker.and_then(|maker| Uuid::try_parse(maker).ok());
    let Some(maker) = maker.filter(|_| hand.is_of_house()) else {
        return Ok(Origin::Own);
    };
    let is_own = hand.org(tx).await?.is_some_and(|own| own.uuid == maker);
    Ok(if is_own { Origin::Own } else { Origin::Sync })
}

/// What is to be done with an event. One that was deleted here and one that is not shown to who hands
/// it in are refused alike.
async fn fit_in(tx: &mut Tx, hand: &Hand, shown: &Shown, given: &Given) -> Result<Fit, Error> {
    let slot = shown.collection.slot;
    let buried = store::read::buried(tx, slot, &[given.uuid]).await?;
    let stored = store::read::event_in(tx, slot, given.uuid).await?;
    let is_hidden = |row: &model::Event| shown.mask & (1 << row.tlp) == 0;
    if !buried.is_empty() || stored.as_ref().is_some_and(is_hidden) {
        return Err(Fault::Taken.into());
    }
    let Some(stored) = stored else {
        return Ok(Fit::New);
    };
    let own = hand.org(tx).await?.map(|own| own.id);
    if !may_change(given.origin, &stored, own) {
        return Err(Fault::Foreign.into());
    }
    // What does not say when it was changed is no newer.
    let timestamp = given.event.timestamp.unwrap_or(stored.timestamp);
    if timestamp < stored.timestamp {
        return Err(Fault::Older.into());
    }
    Ok(if timestamp == stored.timestamp {
        Fit::Known
    } else {
        Fit::Newer(Box::new(stored))
    })
}

/// Takes an event in, or what is newer of it; nothing where it is here as it is. The caller holds the
/// lock of places, and writes nothing where it fails.
pub(crate) async fn take_in(
    tx: &mut Tx,
    ground: &Ground,
    by: By<'_>,
    shown: &Shown,
    given: Given,
) -> Result<Option<Kept>, Error> {
    let place = (shown, given.origin);
    let kept = match fit_in(tx, by.hand, shown, &given).await? {
        Fit::Known => return Ok(None),
        Fit::New => add_in(tx, ground, by, place, (given.uuid, given.event)).await?,
        Fit::Newer(row) => change_by(tx, ground, by, place, (*row, given.event)).await?,
    };
    Ok(Some(kept))
}

/// What [`take_in`] would do, if it were called now.
pub(crate) async fn foresee_in(
    tx: &mut Tx,
    hand: &Hand,
    shown: &Shown,
    mut given: Given,
) -> Result<Outlook, Error> {
    given.event.attributes.clear();
    given.event.objects.clear();
    let fit = match fit_in(tx, hand, shown, &given).await {
        Ok(fit) => Ok(fit),
        Err(Error::Event(fault)) => Err(fault),
        Err(error) => return Err(error),
    };
    let timestamp = given.event.timestamp;
    let event = match &fit {
        Ok(Fit::Newer(row)) => head::merged(row, *given.event, given.origin)?,
        Ok(Fit::New | Fit::Known) | Err(_) => *given.event,
    };
    let settings = &shown.collection.settings;
    let tlp = label::of_event(&event, settings.unmarked);
    let info = head::info(&event, given.origin);
    let fate = fit.and_then(|fit| match fit {
        Fit::Known => Ok(Fate::Known),
        Fit::New | Fit::Newer(_) if tlp > settings.ceiling => Err(Fault::Ceiling),
        Fit::New => info.clone().map(|_| Fate::New),
        Fit::Newer(_) => info.clone().map(|_| Fate::Version),
    });
    Ok(Outlook {
        info: info.unwrap_or_default(),
        timestamp,
        tlp,
        is_marked: label::is_said(&event),
        fate,
    })
}
