//! One visit to a remote: what its handler may do here.

use std::fmt;

use access::policy::{self, Act, Area};
use db::Tx;
use kernel::{RunId, Timestamp, Tlp, Viewer};
use outward::{Credentials, Limits, Session};
use serde::{Serialize, de::DeserializeOwned};

use super::Remotes;
use crate::{
    Error,
    intake::Batch,
    model::{
        ALL_LABELS, Collection, Cut, Fetched, Filter, NOTES_MAX, Note, NoteKind, Outcome,
        PAGE_BYTES_MAX, Refusal, Remote, Tally, Versions, holds,
    },
    ops::{Target, add_in, barred_in},
    store::{
        self,
        page::{self, Asked},
    },
};

/// A visit to a remote, by its only run at the time.
#[derive(Clone)]
pub struct Visit {
    /// What every visit works with.
    pub remotes: Remotes,
    /// The node itself, in the mode of the remote.
    pub viewer: Viewer,
    /// Who is visited.
    pub remote: Remote,
    pub(crate) credentials: Credentials,
    /// Nothing for a test of the connection, which changes nothing.
    pub(crate) run: Option<RunId>,
    pub(crate) until: Timestamp,
}

/// A part of a run.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Step {
    /// Its numbers.
    pub tally: Tally,
    /// What it tells.
    pub notes: Vec<Note>,
}

impl Visit {
    /// Requests to the remote, with its credentials.
    pub async fn session(&self, limits: Limits) -> Result<Session, outward::Error> {
        let settings = &self.remote.settings;
        let authority = settings.authority.as_deref();
        let client = &self.remotes.client;
        let made = client.session(&settings.address, &self.credentials, authority, limits);
        made.await
    }

    /// How far the exchange has come; the beginning where nothing can be read, such as after a change
    /// of its form.
    pub fn state<T: Default + DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.remote.state).unwrap_or_default()
    }

    /// Whether it is time to end; a later run goes on.
    pub fn is_late(&self) -> bool {
        self.remotes.ground.now() >= self.until
    }

    /// Adds objects that came to the collection of this remote, and notes in the same transaction how
    /// far the exchange has come.
    pub async fn take(
        &mut self,
        batch: Batch,
        state: &impl Serialize,
        mut notes: Vec<Note>,
    ) -> Result<Outcome, Error> {
        let mut tx = self.remotes.ground.db.begin().await?;
        let outcome = self.add_in(&mut tx, batch).await?;
        let refused = i64::try_from(outcome.refusals.len()).unwrap_or(i64::MAX);
        notes.extend(outcome.refusals.iter().map(Note::from));
        let tally = Tally {
            received: outcome.added + outcome.known + refused,
            added: outcome.added,
            known: outcome.known,
            refused,
            ..Tally::default()
        };
        self.note_in(&mut tx, Step { tally, notes }, state).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Adds objects that came to the collection of this remote. What is unmarked gets the remote's
    /// label.
    pub async fn add_in(&self, tx: &mut Tx, batch: Batch) -> Result<Outcome, Error> {
        policy::check_house(&self.viewer, Act::IntelWrite)?;
        let mut collection = self.collection(tx).await?;
        collection.settings.unmarked = self.remote.settings.label;
        add_in(tx, &self.remotes.ground, Target::whole(&collection), batch).await
    }

    /// Notes a part of the run, and how far the exchange has come.
    pub async fn note(&mut self, step: Step, state: &impl Serialize) -> Result<(), Error> {
        let mut tx = self.remotes.ground.db.begin().await?;
        self.note_in(&mut tx, step, state).await?;
        tx.commit().await?;
        Ok(())
    }

    /// [`Visit::note`] in the transaction of what it stands for. It fails if the remote was changed or
    /// is another run's by now, so that nothing is done twice.
    pub async fn note_in(
        &mut self,
        tx: &mut Tx,
        step: Step,
        state: &impl Serialize,
    ) -> Result<(), Error> {
        let run = self.run.ok_or(Error::Overtaken)?;
        let state = serde_json::to_string(state).map_err(Error::State)?;
        if !store::remote::advance(tx, (self.remote.id, run), &state).await? {
            return Err(Error::Overtaken);
        }
        store::run::add(tx, run, step.tally, (&step.notes, NOTES_MAX)).await?;
        self.remote.state = state;
        Ok(())
    }

    /// The next page of what is to go out: the entries behind a place, all versions, whose label is
    /// not above the remote's and reaches the node, but those of objects whose newest version is marked
    /// more strictly. It may be empty before the end. It ends before it has more bytes than that, but
    /// has one entry where there is any.
    pub async fn outgoing(
        &self,
        after: i64,
        (entries, bytes_max): (u32, i64),
    ) -> Result<Fetched<String>, Error> {
        policy::check_house(&self.viewer, Act::IntelRead)?;
        let mut tx = self.remotes.ground.db.begin_read().await?;
        let filter = Filter {
            versions: Versions::All,
            ..Filter::default()
        };
        let asked = Asked {
            slot: self.remote.slot,
            mask: self.mask(),
            filter: &filter,
            cut: Cut { after, entries },
            bytes_max: bytes_max.min(PAGE_BYTES_MAX),
            is_backward: false,
        };
        let page = page::listed(&mut tx, &asked).await?;
        let ids = page.content.iter().map(|one| one.stix_id.clone()).collect();
        let barred = barred_in(&mut tx, self.remote.slot, self.mask(), &ids).await?;
        let free = page.content.iter();
        let free = free.filter(|one| !one.is_aside && !barred.contains(&one.stix_id));
        let bodies: Vec<&str> = free.map(|one| one.body.as_str()).collect();
        Ok(Fetched {
            content: bodies.join(","),
            places: page.places,
            more: page.more,
        })
    }

    /// How many entries of the collection are marked too strictly to go out.
    pub async fn withheld(&self) -> Result<i64, Error> {
        let mask = self.mask();
        let mut tx = self.remotes.ground.db.begin_read().await?;
        let counts = store::entry::counts(&mut tx, self.remote.slot, &[""]).await?;
        let held = counts.iter().filter(|(_, class, _)| {
            let class = crate::model::Class::from_code(*class);
            class.top.to(ALL_LABELS) && !holds(mask, class.tlp)
        });
        Ok(held.map(|(.., entries)| entries).sum())
    }

    /// Labels that may go to this remote.
    pub fn mask(&self) -> i32 {
        let most = self.remote.settings.label.min(Tlp::Amber);
        let free = Tlp::ALL.into_iter().filter(|tlp| *tlp <= most);
        let free = free.fold(0, |mask, tlp| mask | (1 << tlp.code()));
        policy::visible(&self.viewer, Area::Intel).open_mask & free
    }

    async fn collection(&self, tx: &mut Tx) -> Result<Collection, Error> {
        let found = store::collection::in_slot(tx, self.remote.slot).await?;
        let found = found.filter(|collection| collection.mode == self.viewer.mode);
        found.ok_or(Error::NotFound { what: "collection" })
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit")
            .field("remote", &self.remote.id)
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl From<&Refusal> for Note {
    fn from(refusal: &Refusal) -> Self {
        let subject = match (refusal.stix_id.as_str(), refusal.version.as_str()) {
            ("", _) => format!("number {}", refusal.place),
            (id, "") => id.to_owned(),
            (id, version) => format!("{id} {version}"),
        };
        Self {
            what: NoteKind::Refused,
            subject,
            code: refusal.code.clone(),
            detail: refusal.detail.clone(),
        }
    }
}
