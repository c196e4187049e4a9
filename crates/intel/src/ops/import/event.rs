//! Events of MISP, each taken in by a transaction of its own that also notes how far the import is.

use audit::Ground;
use formats_misp::full::Event;
use kernel::{ImportId, Viewer, boxed};

use super::Progress;
use crate::{
    Error,
    events::{
        model::{Kept, Refused},
        ops::{By, Given, Hand, given, take_in},
    },
    model::{ALL_LABELS, Collection, Refusal, Shown},
    store::{self, import::Step},
};

/// So many parts of an event that were refused are named.
const PARTS_NAMED_MAX: usize = 20;

/// Takes the events of an import in.
pub(super) struct Taking {
    import: ImportId,
    shown: Shown,
    hand: Hand,
    viewer: Viewer,
}

impl Taking {
    pub(super) fn of(job: &Progress, collection: &Collection) -> Self {
        let known = || Hand::of_guest(job.guest.as_deref(), &job.party);
        Self {
            import: job.import,
            shown: Shown {
                collection: collection.clone(),
                mask: job.sees.unwrap_or(ALL_LABELS),
                can_write: true,
            },
            hand: job.hand.clone().unwrap_or_else(known),
            viewer: Viewer::node("import", job.party.clone(), collection.mode),
        }
    }

    /// Takes an event in, or says why not. False if another run has come further.
    #[boxed]
    pub(super) async fn step(
        &self,
        ground: &Ground,
        (before, place): (i64, i64),
        event: Box<Event>,
    ) -> Result<bool, Error> {
        let said = Said::of(&event);
        let given = self.given(ground, event).await;
        let mut tx = ground.db.begin().await?;
        let by = By {
            viewer: &self.viewer,
            hand: &self.hand,
        };
        store::lock_place(&mut tx).await?;
        let taken = match given {
            Ok(given) => take_in(&mut tx, ground, by, &self.shown, given).await,
            Err(error) => Err(error),
        };
        let (added, known, refusal) = match taken {
            Ok(Some(kept)) => (1, 0, of_parts(&kept).map(|why| said.refusal(place, why))),
            Ok(None) => (0, 1, None),
            Err(error) => {
                let why = why(error)?;
                // Nothing of an event that is refused stays.
                drop(tx);
                tx = ground.db.begin().await?;
                (0, 0, Some(said.refusal(place, why)))
            }
        };
        let step = Step {
            read: place + 1,
            added,
            known,
            refused: i64::from(refusal.is_some()),
        };
        if !store::import::advance(&mut tx, self.import, before, step).await? {
            return Ok(false);
        }
        store::import::refuse(&mut tx, self.import, refusal.as_slice()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The event as it is taken in, made before anybody else has to wait.
    async fn given(&self, ground: &Ground, event: Box<Event>) -> Result<Given, Error> {
        let space = self.shown.collection.public.uuid();
        let mut tx = ground.db.begin_read().await?;
        let given = given(&mut tx, &self.hand, space, event).await?;
        drop(tx);
        given.packed().await
    }
}

/// Why something was refused: a stable code, and words.
type Why = (&'static str, String);

/// Why an event is refused; or the failure, if it is not the event's.
pub(crate) fn why(error: Error) -> Result<Why, Error> {
    match error {
        Error::Event(_) | Error::TooMany { .. } => Ok((error.code(), error.to_string())),
        error => Err(error),
    }
}

/// What an event says that was refused.
pub(crate) struct Said {
    uuid: String,
    timestamp: Option<i64>,
}

impl Said {
    pub(crate) fn of(event: &Event) -> Self {
        let uuid = event.uuid.as_deref().unwrap_or_default();
        Self {
            uuid: uuid.chars().take(64).collect(),
            timestamp: event.timestamp,
        }
    }

    pub(crate) fn refusal(&self, place: i64, (code, detail): Why) -> Refusal {
        Refusal {
            place,
            stix_id: self.uuid.clone(),
            version: self.timestamp.map(|at| at.to_string()).unwrap_or_default(),
            code: code.to_owned(),
            detail,
        }
    }
}

/// What is told of the parts of an event that were refused, where the event itself was taken.
fn of_parts(kept: &Kept) -> Option<Why> {
    let first = kept.refused.first()?;
    let tell = |part: &Refused| {
        let uuid = if part.uuid.is_empty() {
            "(no UUID)"
        } else {
            &part.uuid
        };
        format!("{uuid} {}: {}", part.field, part.detail)
    };
    let named = kept.refused.iter().take(PARTS_NAMED_MAX).map(tell);
    let named = named.collect::<Vec<_>>().join("; ");
    let count = kept.refused.len();
    Some((
        first.code,
        format!("the event was taken without {count} of its parts: {named}"),
    ))
}
