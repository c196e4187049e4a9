//! Taking one event that came from another instance.

use audit::Ground;
use formats_misp::{
    full::{Event, Tag},
    transfer,
};
use intel::{
    Error,
    events::{
        model::{Exchanged, Expected, Fault, Kept, Origin, Refused, Standing},
        ops,
    },
    model::{Note, NoteKind, Tally},
};
use kernel::{Tlp, Viewer};
use uuid::Uuid;

use super::{missed::Missed, peer::only_event, plan::Listed};

/// Parts of one event that are told one by one when they are refused.
const PARTS_TOLD_MAX: usize = 20;

/// How far what comes may go here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reach {
    /// A step less than there: it comes from another instance.
    Nearer,
    /// As far as it says: a feed is made to be read, and who moves brings what is his.
    Same,
}

/// Where events go that come, and as what.
#[derive(Clone, Debug)]
pub(super) struct Taking {
    pub(super) ground: Ground,
    pub(super) viewer: Viewer,
    /// A root, and a collection below it.
    pub(super) place: (String, String),
    /// What is marked with nothing is marked with this.
    pub(super) label: Tlp,
    pub(super) reach: Reach,
}

/// What became of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Taken {
    pub(super) exchanged: Exchanged,
    pub(super) tally: Tally,
    pub(super) notes: Vec<Note>,
}

impl Taking {
    /// Takes an event as it came. The outer error is one of the house, the inner one says that what came
    /// is no event; what is wrong with the event stands in what became of it.
    pub(super) async fn take(
        &self,
        listed: Listed,
        body: Vec<u8>,
    ) -> Result<Result<Taken, Missed>, Error> {
        let mut event = match only_event(body, listed.uuid).await {
            Ok(event) => event,
            Err(missed) => return Ok(Err(missed)),
        };
        match self.reach {
            Reach::Nearer => transfer::receive(&mut event),
            Reach::Same => transfer::unbind(&mut event),
        }
        self.label(&mut event);
        let timestamp = event
            .timestamp
            .unwrap_or(listed.timestamp)
            .max(listed.timestamp);
        // So that what is stored is as new as what is listed, and is not fetched again and again.
        event.timestamp = Some(timestamp);
        let place = (&*self.place.0, &*self.place.1);
        let how = (Origin::Sync, Expected::Any);
        let put = ops::put(&self.ground, &self.viewer, place, event, how).await;
        let listed = Listed {
            timestamp,
            ..listed
        };
        Ok(Ok(match put {
            Ok(kept) => Taken::kept(listed, &kept),
            Err(Error::Event(Fault::Older)) => Taken::known(listed),
            Err(error @ (Error::Db(_) | Error::Audit(_) | Error::Queue(_))) => return Err(error),
            Err(error) => {
                let detail = kernel::chain(&error);
                Taken::refused(listed, error.code(), detail)
            }
        }))
    }

    /// Says the label of an event that says none, by a tag that stays here.
    fn label(&self, event: &mut Event) {
        let is_label = |tag: &Tag| {
            let name = tag.name.as_deref().unwrap_or_default().trim();
            name.get(..4)
                .is_some_and(|first| first.eq_ignore_ascii_case("tlp:"))
        };
        if !event.tags.iter().any(is_label) {
            let name = format!("tlp:{}", self.label).to_ascii_lowercase();
            event.tags.push(Tag {
                name: Some(name),
                local: Some(true),
                ..Tag::default()
            });
        }
    }
}

impl Taken {
    /// An event that could not be had, and will not come by asking again.
    pub(super) fn missed(listed: Listed, missed: &Missed) -> Self {
        Self::refused(listed, missed.code(), missed.detail())
    }

    fn kept(listed: Listed, kept: &Kept) -> Self {
        let parts = i64::try_from(kept.refused.len()).unwrap_or(i64::MAX);
        let tell = |part: &Refused| Note {
            what: NoteKind::Refused,
            subject: format!("{} in {}", part.uuid, listed.uuid),
            code: part.code.to_owned(),
            detail: format!("{}: {}", part.field, part.detail),
        };
        Self {
            exchanged: exchanged(listed, Standing::Taken, None),
            tally: Tally {
                received: 1,
                added: 1,
                refused: parts,
                ..Tally::default()
            },
            notes: kept.refused.iter().take(PARTS_TOLD_MAX).map(tell).collect(),
        }
    }

    fn known(listed: Listed) -> Self {
        Self {
            exchanged: exchanged(listed, Standing::Taken, None),
            tally: Tally {
                received: 1,
                known: 1,
                ..Tally::default()
            },
            notes: Vec::new(),
        }
    }

    fn refused(listed: Listed, code: &str, detail: String) -> Self {
        Self {
            exchanged: exchanged(listed, Standing::Refused, Some(code.to_owned())),
            tally: Tally {
                received: 1,
                refused: 1,
                ..Tally::default()
            },
            notes: vec![Note {
                what: NoteKind::Refused,
                subject: listed.uuid.to_string(),
                code: code.to_owned(),
                detail,
            }],
        }
    }
}

/// A note that an event could not be had this time.
pub(super) fn untaken(uuid: Uuid, missed: &Missed) -> Note {
    Note {
        what: NoteKind::Defect,
        subject: uuid.to_string(),
        code: missed.code().to_owned(),
        detail: missed.detail(),
    }
}

fn exchanged(listed: Listed, standing: Standing, code: Option<String>) -> Exchanged {
    Exchanged {
        uuid: listed.uuid,
        timestamp: listed.timestamp,
        standing,
        code,
    }
}
