//! Coming back from a backup (DESIGN §4).
//!
//! A backup is older than the node was. Before a restored node signs anything it asks every peer and
//! witness which checkpoint of its own they saw last. Only if all of them answered, and none saw more
//! than the backup holds, does its ledger go on as it was. Else a new epoch begins, with a signed
//! statement, and the node fetches back what it had sent and received since. Until that is done it
//! takes messages in, and gives no receipt and sends nothing.

use std::time::Duration;

use audit::Log;
use db::setting;
use kernel::{Mode, PartyCode, Timestamp, Viewer, boxed};
use ledger::{Checkpoint, Note};
use queue::JobFailure;
use serde_json::json;
use tracing::{info, warn};

use super::{
    COME_BACK, COSIGN, Gate, PeerJob, Post,
    gate::{Phase, Return},
    restored::statement_name,
};
use crate::{
    error::Error,
    own::{epoch_of, origin_in, signer},
    restored::Restored,
    store,
    transport::Method,
    wire::Seen,
};

/// How long peers that do not answer are waited for before a new epoch begins without their word.
const ASK_TIME_MAX: Duration = Duration::from_mins(10);
/// How long what peers have promised to send again is waited for. The rest comes as any message does.
const FETCH_TIME_MAX: Duration = Duration::from_mins(15);
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(5);

/// Whether a restored node is all there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// It works as any other.
    Done,
    /// It waits for others.
    Waiting,
}

/// What the others saw of a ledger of ours.
struct Word {
    /// The latest epoch that anybody knows.
    epoch: u32,
    /// Somebody saw more than we hold, or somebody was silent.
    grown: bool,
}

impl Post {
    pub(super) async fn come_back_a_step(&self) -> Result<(), JobFailure> {
        let step = async {
            if self.come_back().await? == Progress::Waiting {
                let ground = self.ground();
                let mut tx = ground.db.begin().await?;
                let next = ground.now().plus(PAUSE);
                ground.enqueue(&mut tx, COME_BACK, &(), next).await?;
                tx.commit().await?;
            }
            Ok::<_, Error>(())
        };
        step.await
            .map_err(|error| JobFailure::Again(error.to_string()))
    }

    /// Goes on with coming back from a backup, as far as others answer by now. Harmless on a node
    /// that was never restored, and to be called again as long as it waits.
    #[boxed]
    pub async fn come_back(&self) -> Result<Progress, Error> {
        let _one_at_a_time = self.0.gate.returning.lock().await;
        let Some(mut state) = self.pending_return().await? else {
            return Ok(Progress::Done);
        };
        // Written at once: how long the silent are waited for counts from here.
        let tx = self.ground().db.begin().await?;
        self.put_return(tx, &state).await?;
        if state.phase == Phase::Asking {
            let Some(words) = self.ask_all(state.began).await? else {
                return Ok(Progress::Waiting);
            };
            for (mode, word) in [Mode::Real, Mode::Exercise].into_iter().zip(words) {
                if word.grown {
                    self.begin_epoch(mode, &state, word.epoch).await?;
                }
            }
            self.begin_acts_epoch(&state).await?;
            self.set_keys(&self.keys());
            state.phase = Phase::Fetching {
                since: self.ground().now(),
            };
            let tx = self.ground().db.begin().await?;
            self.put_return(tx, &state).await?;
        }
        if !self.fetch_all(&state).await? {
            return Ok(Progress::Waiting);
        }
        self.end_return(state).await?;
        Ok(Progress::Done)
    }

    /// Asks every peer what it saw of our ledgers, and of others'. Nothing as long as somebody who
    /// was silent is still waited for.
    async fn ask_all(&self, began: Timestamp) -> Result<Option<[Word; 2]>, Error> {
        let mut silent = false;
        let mut words = Vec::new();
        for mode in [Mode::Real, Mode::Exercise] {
            let log = Log::of(mode);
            let epoch = self.ground().epoch(log);
            let mut word = Word {
                epoch,
                grown: false,
            };
            for peer in self.peers(mode) {
                // Whoever has no node sees no ledger.
                if peer.authority.is_none() {
                    continue;
                }
                let at = (&peer.party, mode);
                let Some(seen) = self.ask_seen(at).await? else {
                    info!(peer.name = %peer.party, "{} has not said yet what it saw of our ledger", peer.party);
                    silent = true;
                    word.grown = true;
                    continue;
                };
                self.hear(at, &seen, &mut word).await?;
            }
            words.push(word);
        }
        let waited = self.ground().now().since(began);
        if silent && waited < ASK_TIME_MAX {
            return Ok(None);
        }
        Ok(words.try_into().ok())
    }

    async fn ask_seen(&self, at: (&PartyCode, Mode)) -> Result<Option<Seen>, Error> {
        let path = format!("/federation/v1/seen?mode={}", at.1.as_str());
        let answer = self.fetch(at, path).await?;
        Ok(answer
            .ok()
            .and_then(|body| serde_json::from_slice(&body).ok()))
    }

    /// Takes what a peer saw: of our ledger only what we signed ourselves counts.
    async fn hear(
        &self,
        at: (&PartyCode, Mode),
        seen: &Seen,
        word: &mut Word,
    ) -> Result<(), Error> {
        let log = Log::of(at.1);
        let ours = self.ground().epoch(log);
        if let Some(text) = &seen.yours
            && let Some((epoch, size)) = self.signed_by_us(at.1, text)
        {
            let mut tx = self.ground().db.begin_read().await?;
            let held = audit::size(&mut tx, self.ground(), log).await?;
            word.grown |= epoch > ours || (epoch == ours && size > held);
            word.epoch = word.epoch.max(epoch);
        }
        // It takes an epoch by our signed statement alone, even where it kept no checkpoint of it.
        word.grown |= seen.epoch > ours;
        word.epoch = word.epoch.max(seen.epoch);
        if let Some(own) = &seen.own {
            self.see_note(at, own).await?;
        }
        for (party, note) in &seen.others {
            self.see_note((party, at.1), note).await?;
        }
        Ok(())
    }

    /// Epoch and size of a checkpoint, if this node signed it.
    fn signed_by_us(&self, mode: Mode, text: &str) -> Option<(u32, u64)> {
        let (keys, log) = (self.keys(), Log::of(mode));
        let note = Note::parse(text.as_bytes()).ok()?;
        let stated = Checkpoint::parse(note.text.as_bytes()).ok()?;
        let epoch = epoch_of(keys.party(), log, stated.origin())?;
        // By a key that is revoked too: it says how far the tree had grown.
        let (_set, signed) = signer(keys.chain(mode), stated.origin(), &note)?;
        signed.verify(&note).ok()?;
        Some((epoch, stated.size()))
    }

    /// Opens the epoch after every one that anybody knows, and keeps the statement that says so.
    async fn begin_epoch(&self, mode: Mode, state: &Return, known: u32) -> Result<(), Error> {
        let (ground, keys, log) = (self.ground(), self.keys(), Log::of(mode));
        let epoch = known.max(ground.epoch(log)).saturating_add(1);
        let mut tx = ground.db.begin().await?;
        let stated = Restored {
            at: ground.now(),
            backup_of: state.backup_of.clone(),
            epoch,
            exercise: mode.is_exercise(),
            held: audit::size(&mut tx, ground, log).await?,
            keyset: keys.chain(mode).latest().set().seq,
            origin: origin_in(keys.party(), log, epoch),
            party: keys.party().clone(),
        };
        let statement = stated.sign(&keys.of(mode).signing)?.to_bytes();
        let text = String::from_utf8_lossy(&statement).into_owned();
        setting::write(&mut tx, &statement_name(log), &text).await?;
        tx.commit().await?;
        while ground.epoch(log) < epoch {
            audit::open_epoch(ground, log, &statement).await?;
        }
        warn!("the ledger {log} goes on in epoch {epoch}: the node was restored from a backup");
        Ok(())
    }

    /// What the acts since the backup were is lost, and only auditors may have seen their ledger:
    /// nobody can say how far it had grown.
    async fn begin_acts_epoch(&self, state: &Return) -> Result<(), Error> {
        let statement = json!({"at": self.ground().now(), "backup_of": state.backup_of});
        let statement = statement.to_string();
        audit::open_epoch(self.ground(), Log::Acts, statement.as_bytes()).await?;
        Ok(())
    }

    /// Tells the peers where a new epoch began, and compares notes with them. True once nothing is
    /// lacking that a peer who answers could give, or after [`FETCH_TIME_MAX`].
    async fn fetch_all(&self, state: &Return) -> Result<bool, Error> {
        let mut lacking = 0;
        for mode in [Mode::Real, Mode::Exercise] {
            let statement = self.statement(mode).await?;
            for peer in self.peers(mode) {
                if peer.authority.is_none() {
                    continue;
                }
                let at = (&peer.party, mode);
                if let Some(statement) = &statement {
                    let path = format!("/federation/v1/restored?mode={}", mode.as_str());
                    let body = statement.clone().into_bytes();
                    if self.call(at, Method::Post, path, body).await?.is_err() {
                        // It fetches the statement when it meets the new epoch.
                        continue;
                    }
                }
                if self.reconcile(at).await? {
                    let mut tx = self.ground().db.begin_read().await?;
                    lacking += store::lacking(&mut tx, at).await?;
                }
            }
        }
        let Phase::Fetching { since } = state.phase else {
            return Ok(false);
        };
        Ok(lacking == 0 || self.ground().now().since(since) >= FETCH_TIME_MAX)
    }

    async fn end_return(&self, mut state: Return) -> Result<(), Error> {
        let (ground, party) = (self.ground(), self.keys().party().clone());
        state.phase = Phase::Done;
        let mut tx = ground.db.begin().await?;
        let viewer = Viewer::node("federation", party.clone(), Mode::Real);
        let epochs = [Mode::Real, Mode::Exercise].map(|mode| ground.epoch(Log::of(mode)));
        let what = json!({"backup_of": state.backup_of, "epochs": epochs});
        for mode in [Mode::Real, Mode::Exercise] {
            let job = PeerJob {
                party: party.clone(),
                mode,
            };
            ground.enqueue(&mut tx, COSIGN, &job, ground.now()).await?;
        }
        self.plan_now(&mut tx).await?;
        audit::act(
            &mut tx,
            ground,
            &viewer,
            "node.came_back",
            party.as_str(),
            &what,
        )
        .await?;
        self.put_return(tx, &state).await?;
        info!("the node of {party} is all there again");
        Ok(())
    }

    /// Whether the node may sign and send.
    pub(super) async fn may_sign(&self) -> Result<bool, Error> {
        Ok(self.gate().await? == Gate::Open)
    }
}
