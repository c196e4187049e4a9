//! Events from another instance, or from a feed.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt, stream};
use intel::{
    events::model::{Exchanged, Standing},
    model::{Note, NoteKind, RemoteKind},
    remotes::{Ended, Step, Trouble, Visit},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    missed::Missed,
    peer::{Peer, Tagged, limits},
    plan::{List, Listed},
    rules::Rules,
    take::{Reach, Taken, Taking, untaken},
};

/// Events that are asked for at the same time, since the way there and back takes longest.
const FETCHED_AT_ONCE: usize = 2;
/// Events whose outcome is written with one transaction.
const NOTED_AT_ONCE: usize = 50;
/// After so many events in a row that could not be had, something is wrong with the server.
const MISSED_IN_A_ROW_MAX: usize = 5;

/// How far the exchange has come. What was taken stands with the events.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct State {
    /// The mark of the list of which all was taken or refused.
    etag: Option<String>,
}

/// Where events come from.
pub(super) enum Source {
    /// An instance.
    Instance(Peer),
    /// A feed.
    Feed(Peer),
}

/// One run.
struct Pull {
    visit: Visit,
    taking: Taking,
    state: State,
    /// What is not written yet.
    events: Vec<Exchanged>,
    step: Step,
}

/// Fetches what is new or newer.
pub(super) async fn run(visit: Visit) -> Result<Ended, Trouble> {
    let rules = Rules::of(&visit.remote.settings).map_err(intel::Error::Invalid)?;
    let source = Source::of(&visit).await?;
    let mut pull = Pull::new(visit, source.reach());
    let etag = pull.state.etag.take();
    let Some(Tagged { list, etag }) = source.list(&rules, etag.as_deref(), true).await? else {
        return Ok(Ended::Complete);
    };
    let here = pull.here().await?;
    let plan = list.plan(&here, pull.visit.exchanged().await?);
    pull.step.notes.extend(list.defects);
    pull.step.tally.known += count(plan.known);
    pull.listed(plan.gone, plan.back);
    pull.write().await?;
    let missed = match pull.fetch(&source, plan.wanted).await? {
        Fetching::Late => {
            return Ok(Ended::More {
                after: Duration::ZERO,
                code: "intel.run_time",
                detail: "the time of the run was over; the next one goes on".to_owned(),
            });
        }
        Fetching::Done { missed } => missed,
    };
    if missed > 0 {
        let detail = format!("{missed} events could not be had and are asked for again");
        return Err(Trouble {
            cut: true,
            ..Trouble::passing("misp.missed", detail)
        });
    }
    // Only now, when nothing of the list is left.
    pull.state.etag = etag;
    pull.write().await?;
    Ok(Ended::Complete)
}

/// How fetching ended.
enum Fetching {
    /// It is time; there is more.
    Late,
    /// All were asked for.
    Done {
        /// Those that could not be had this time.
        missed: usize,
    },
}

impl Source {
    /// Where this visit goes.
    pub(super) async fn of(visit: &Visit) -> Result<Self, Trouble> {
        let session = visit.session(limits()).await?;
        let address = &visit.remote.settings.address;
        let peer = Peer::new(session, address, visit.remotes.ground.now())?;
        Ok(match visit.remote.kind {
            RemoteKind::MispFeed => Self::Feed(peer),
            _ => Self::Instance(peer),
        })
    }

    /// What there is; nothing if the list is the one of the mark.
    pub(super) async fn list(
        &self,
        rules: &Rules,
        etag: Option<&str>,
        published: bool,
    ) -> Result<Option<Tagged<List>>, Missed> {
        Ok(match self {
            Self::Instance(peer) => {
                let index = peer.index(&rules.of_index(published), etag).await?;
                index.map(|index| Tagged {
                    list: List::of_index(index.list, published),
                    etag: index.etag,
                })
            }
            Self::Feed(peer) => {
                let manifest = peer.manifest(etag).await?;
                manifest.map(|manifest| {
                    let entries = manifest.list.into_iter();
                    Tagged {
                        list: List::of_manifest(entries.filter(|entry| rules.admit(entry))),
                        etag: manifest.etag,
                    }
                })
            }
        })
    }

    /// An event, as it comes.
    pub(super) async fn event(&self, uuid: Uuid) -> Result<Vec<u8>, Missed> {
        match self {
            Self::Instance(peer) => peer.event(uuid).await,
            Self::Feed(peer) => peer.file(uuid).await,
        }
    }

    /// How far what comes from there may go here.
    const fn reach(&self) -> Reach {
        match self {
            Self::Instance(_) => Reach::Nearer,
            Self::Feed(_) => Reach::Same,
        }
    }
}

impl Pull {
    fn new(visit: Visit, reach: Reach) -> Self {
        Self {
            taking: Taking {
                ground: visit.remotes.ground.clone(),
                viewer: visit.viewer.clone(),
                place: visit.place(),
                label: visit.remote.settings.label,
                reach,
            },
            state: visit.state(),
            visit,
            events: Vec::new(),
            step: Step::default(),
        }
    }

    /// When each event of the collection was changed.
    async fn here(&self) -> Result<HashMap<Uuid, i64>, Trouble> {
        let events = self.visit.events().await?;
        let changed = events.into_iter().map(|one| (one.uuid, one.timestamp));
        Ok(changed.collect())
    }

    /// Tells what is not listed any more, and what is again.
    fn listed(&mut self, gone: Vec<Exchanged>, back: Vec<Exchanged>) {
        self.step.tally.withdrawn += count(gone.len());
        let detail = "it is not listed there any more, and is kept here";
        self.step.notes.extend(gone.iter().map(|one| Note {
            what: NoteKind::Withdrawn,
            subject: one.uuid.to_string(),
            code: "misp.gone".to_owned(),
            detail: detail.to_owned(),
        }));
        let stands = |standing| move |one: Exchanged| Exchanged { standing, ..one };
        self.events
            .extend(gone.into_iter().map(stands(Standing::Gone)));
        self.events
            .extend(back.into_iter().map(stands(Standing::Taken)));
    }

    async fn fetch(&mut self, source: &Source, wanted: Vec<Listed>) -> Result<Fetching, Trouble> {
        let ask = |listed: Listed| async move { (listed, source.event(listed.uuid).await) };
        let mut fetched = stream::iter(wanted).map(ask).buffered(FETCHED_AT_ONCE);
        let (mut missed, mut in_a_row) = (0, 0);
        while let Some((listed, body)) = fetched.next().await {
            let taken = match body {
                Ok(body) => self.taking.take(listed, body).await?,
                Err(error) => Err(error),
            };
            match taken {
                Ok(taken) => {
                    in_a_row = 0;
                    self.keep(taken);
                }
                Err(error) => {
                    in_a_row += 1;
                    if error.may_pass() {
                        missed += 1;
                        self.step.notes.push(untaken(listed.uuid, &error));
                    } else {
                        self.keep(Taken::missed(listed, &error));
                    }
                    if in_a_row >= MISSED_IN_A_ROW_MAX {
                        self.write().await?;
                        return Err(error.into());
                    }
                }
            }
            if self.events.len() >= NOTED_AT_ONCE {
                self.write().await?;
            }
            if self.visit.is_late() {
                self.write().await?;
                return Ok(Fetching::Late);
            }
        }
        self.write().await?;
        Ok(Fetching::Done { missed })
    }

    fn keep(&mut self, taken: Taken) {
        self.events.push(taken.exchanged);
        self.step.tally = self.step.tally.plus(taken.tally);
        self.step.notes.extend(taken.notes);
    }

    /// Writes what is not written yet.
    async fn write(&mut self) -> Result<(), Trouble> {
        let step = std::mem::take(&mut self.step);
        self.visit
            .note_events(&self.events, step, &self.state)
            .await?;
        self.events.clear();
        Ok(())
    }
}

/// A number for a tally.
pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
