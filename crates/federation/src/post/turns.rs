//! Taking turns: what happens with one peer at the same time shares one transaction.
//!
//! A commit costs a sync of the disk, and a receipt the signature of a checkpoint. So whatever comes
//! while one transaction is under way goes together into the next one, under one checkpoint. Where
//! one of them fails, each gets a transaction of its own, so that none spoils the others.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use audit::Log;
use db::Tx;
use kernel::{MessageId, Mode, PartyCode, boxed};
use seal::Digest;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, debug};

use super::{Delivered, Gate, Luggage, Post, receipts::Judged};
use crate::{
    error::Error,
    model::Header,
    protocol::{Effect, Head, Input, Stage, Verdict},
    state::RefusalCode,
    store,
};

/// How much goes into one transaction at most.
const TOGETHER_MAX: usize = 64;

/// What can share a transaction. It may be carried out twice, the first time without a trace.
pub(super) enum Deed {
    /// A peer brought an envelope.
    Arrival(Box<Arrived>),
    /// A peer gave a receipt for a message of ours.
    Receipt(Box<Given>),
}

/// An envelope that was looked at.
pub(super) struct Arrived {
    pub(super) input: Input,
    pub(super) header: Header,
    pub(super) envelope: Vec<u8>,
    /// The opened message, if it may be handed up.
    pub(super) delivered: Option<Delivered>,
    /// Whether it was signed by a key set that is yet to be fetched.
    pub(super) later: bool,
}

/// A receipt that was looked at.
pub(super) struct Given {
    pub(super) id: MessageId,
    /// SHA-256 of our header.
    pub(super) digest: Digest,
    pub(super) receipt: String,
    /// What it proves; nothing if it does not verify.
    pub(super) judged: Option<Judged>,
    /// The proof that the head of the receipt continues the one that was asked from.
    pub(super) consistency: Vec<Digest>,
    /// The head from which was asked.
    pub(super) asked: Option<Head>,
}

struct Waiting {
    deed: Deed,
    tell: oneshot::Sender<Result<Vec<Effect>, Error>>,
}

/// Where the deeds with one peer wait.
#[derive(Default)]
struct Place {
    waiting: Mutex<VecDeque<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

/// The places of all peers.
#[derive(Default)]
pub(super) struct Turns {
    places: Mutex<HashMap<(PartyCode, Mode), Arc<Place>>>,
    asking: Mutex<HashSet<(PartyCode, Mode, Head)>>,
    tasks: TaskTracker,
}

/// A proof that is being asked for.
pub(super) struct Asking<'a> {
    turns: &'a Turns,
    about: (PartyCode, Mode, Head),
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        lock(&self.turns.asking).remove(&self.about);
    }
}

impl Turns {
    fn place(&self, at: (&PartyCode, Mode)) -> Arc<Place> {
        let mut places = lock(&self.places);
        Arc::clone(places.entry((at.0.clone(), at.1)).or_default())
    }

    /// Many receipts come under one head: whoever is the first asks how that follows. Nothing if
    /// somebody does already.
    pub(super) fn ask_about(&self, at: (&PartyCode, Mode), head: Head) -> Option<Asking<'_>> {
        let about = (at.0.clone(), at.1, head);
        let first = lock(&self.asking).insert(about.clone());
        first.then(|| Asking { turns: self, about })
    }

    /// Waits until everybody had his turn.
    pub(super) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Post {
    /// Carries out a deed, together with others of the same peer where there are any, and gives what
    /// comes after the commit. Where a receipt may be given, a checkpoint covers it by then.
    #[boxed]
    pub(super) async fn in_turn(
        &self,
        at: (&PartyCode, Mode),
        deed: Deed,
    ) -> Result<Vec<Effect>, Error> {
        let place = self.0.turns.place(at);
        let (tell, told) = oneshot::channel();
        lock(&place.waiting).push_back(Waiting { deed, tell });
        let (post, party, mode) = (self.clone(), at.0.clone(), at.1);
        let work = async move {
            let turn = place.turn.lock().await;
            let together: Vec<_> = {
                let mut waiting = lock(&place.waiting);
                let count = waiting.len().min(TOGETHER_MAX);
                waiting.drain(..count).collect()
            };
            post.together((&party, mode), together).await;
            drop(turn);
        };
        // On a task of its own: whoever asked may go away, and others wait for the same commit.
        self.0.turns.tasks.spawn(work.in_current_span());
        told.await.map_err(|_gone| Error::Stopping)?
    }

    async fn together(&self, at: (&PartyCode, Mode), together: Vec<Waiting>) {
        let deeds: Vec<&Deed> = together.iter().map(|one| &one.deed).collect();
        match self.transact(at, &deeds).await {
            Ok(all) => {
                for (one, effects) in together.into_iter().zip(all) {
                    tell(one.tell, Ok(effects));
                }
            }
            Err(error) if together.len() > 1 => {
                debug!(peer.name = %at.0, error = %error, "each alone, since one of many failed");
                for one in together {
                    let alone = self.transact(at, &[&one.deed]).await;
                    tell(
                        one.tell,
                        alone.map(|all| all.into_iter().flatten().collect()),
                    );
                }
            }
            Err(error) => {
                if let Some(one) = together.into_iter().next() {
                    tell(one.tell, Err(error));
                }
            }
        }
    }

    #[boxed]
    async fn transact(
        &self,
        at: (&PartyCode, Mode),
        deeds: &[&Deed],
    ) -> Result<Vec<Vec<Effect>>, Error> {
        if deeds.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.ground().db.begin().await?;
        let mut all = Vec::with_capacity(deeds.len());
        for deed in deeds {
            all.push(match deed {
                Deed::Arrival(arrived) => self.arrive(&mut tx, at, arrived).await?,
                Deed::Receipt(given) => self.accept(&mut tx, at, given).await?,
            });
        }
        self.cover(&mut tx, at, all.iter_mut().flatten()).await?;
        store::set_heard(&mut tx, at, self.ground().now()).await?;
        tx.wake();
        tx.commit().await?;
        Ok(all)
    }

    async fn arrive(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        arrived: &Arrived,
    ) -> Result<Vec<Effect>, Error> {
        let luggage = Luggage {
            envelope: Some(&arrived.envelope),
            delivered: arrived.delivered.as_ref(),
        };
        let mut input = arrived.input.clone();
        if let (Some(refusal), Input::Arrived { verdict, .. }) =
            (self.judge_in(tx, at, arrived).await?, &mut input)
        {
            *verdict = Verdict::Refuse(refusal);
        }
        let effects = self.step(tx, at, vec![input], &luggage).await?;
        if arrived.later {
            self.want_key_sets(tx, at).await?;
        }
        self.want_files(tx, at.0, &arrived.header, &effects).await?;
        Ok(effects)
    }

    /// Why the room of its kind does not take a message that may be handed up. One that was answered
    /// before is answered the same again, so nobody is asked.
    async fn judge_in(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        arrived: &Arrived,
    ) -> Result<Option<RefusalCode>, Error> {
        let Some(delivered) = &arrived.delivered else {
            return Ok(None);
        };
        let room = self.0.rooms.get(delivered.header.kind.as_str());
        let Some(judge) = room.and_then(|room| room.judge.as_ref()) else {
            return Ok(None);
        };
        store::lock_peer(tx, at.0, at.1).await?;
        let (_, incoming, _) = store::known(tx, at, delivered.header.id).await?;
        let answered = incoming
            .and_then(|incoming| incoming.bound)
            .is_some_and(|bound| !matches!(bound.stage, Stage::Waiting { .. }));
        if answered {
            return Ok(None);
        }
        let judged = judge(tx, self.ground(), delivered).await;
        Ok(judged.map_err(Error::Room)?.err())
    }

    /// Signs one checkpoint over everything for which a receipt is to be given. On a node that is not
    /// all there again, the receipts are withheld.
    pub(super) async fn cover(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        effects: impl Iterator<Item = &mut Effect>,
    ) -> Result<(), Error> {
        let open = self.gate_in(tx).await? == Gate::Open;
        let mut receipted = false;
        for effect in effects {
            let Effect::GiveReceipt { id } = *effect else {
                continue;
            };
            if open {
                receipted = true;
                self.state_again(tx, at, id).await?;
            } else {
                *effect = Effect::Withhold { id };
            }
        }
        if receipted {
            let (keys, log) = (self.keys(), Log::of(at.1));
            audit::checkpoint_in(tx, self.ground(), log, keys.ledger(log)).await?;
        }
        Ok(())
    }
}

/// Who went away is told nothing.
fn tell(who: oneshot::Sender<Result<Vec<Effect>, Error>>, what: Result<Vec<Effect>, Error>) {
    if who.send(what).is_err() {
        debug!("nobody waits for the outcome any more");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
