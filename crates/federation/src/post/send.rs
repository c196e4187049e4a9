//! Sending: what comes after a commit, and what the peer says to it.

use std::{
    collections::VecDeque,
    io::{Read, Seek, SeekFrom},
    sync::Arc,
};

use db::Tx;
use kernel::{MessageId, Mode, PartyCode, boxed};
use queue::JobFailure;
use seal::Digest;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, info_span, warn};

use super::{DueJob, Fate, Gate, Luggage, Post, receipts::Asked};
use crate::{
    compose::Message,
    error::Error,
    inspect::Unproven,
    protocol::{Effect, Failure, Input},
    state::Delivery,
    store,
    transport::Method,
    wire::{Answer, Held, PIECE_BYTES_MAX},
};

/// How many things go to peers at once.
const SENDING_MAX: usize = 32;
/// How many effects one kick may lead to: a bound on talk, not on delivery, which the timers keep.
const EFFECTS_MAX: usize = 64;

impl Post {
    /// Puts a message into the outbox, in the transaction that makes it. Call [`Post::sent`] after
    /// its commit.
    #[boxed]
    pub async fn submit(&self, tx: &mut Tx, message: &Message) -> Result<(), Error> {
        if self.gate_in(tx).await? != Gate::Open {
            return Err(Error::Returning);
        }
        let header = &message.header;
        self.known(&header.to.party, header.mode())?;
        let input = Input::Submit {
            id: header.id,
            digest: message.digest,
        };
        let luggage = Luggage {
            envelope: Some(&message.envelope),
            delivered: None,
        };
        self.step(tx, (&header.to.party, header.mode()), vec![input], &luggage)
            .await?;
        Ok(())
    }

    /// Sends a submitted message now rather than when its timer rings.
    pub fn sent(&self, message: &Message) {
        let header = &message.header;
        let transmit = Effect::Transmit { id: header.id };
        self.kick(&header.to.party, header.mode(), vec![transmit]);
    }

    /// Takes a message back, in the transaction that says so. True if nothing of it has left the
    /// house: then nothing of it ever will.
    #[boxed]
    pub async fn withdraw(&self, tx: &mut Tx, id: MessageId) -> Result<bool, Error> {
        let row = store::delivery(tx, id)
            .await?
            .ok_or(Error::NoMessage { id })?;
        let inputs = vec![Input::Withdraw { id }];
        self.step(tx, (&row.party, row.mode), inputs, &Luggage::default())
            .await?;
        let row = store::delivery(tx, id).await?;
        Ok(row.is_some_and(|row| row.outgoing.delivery == Delivery::Withdrawn))
    }

    /// Tries a message again now, because a person asks.
    #[boxed]
    pub async fn retry_now(&self, id: MessageId) -> Result<(), Error> {
        let mut tx = self.ground().db.begin().await?;
        let row = store::delivery(&mut tx, id)
            .await?
            .ok_or(Error::NoMessage { id })?;
        let at = (&row.party, row.mode);
        let after = self
            .step(
                &mut tx,
                at,
                vec![Input::RetryNow { id }],
                &Luggage::default(),
            )
            .await?;
        tx.commit().await?;
        self.kick(&row.party, row.mode, after);
        Ok(())
    }

    /// Sends what is kicked until `stop` is cancelled; then lets what is under way end.
    #[boxed]
    pub async fn run(&self, stop: CancellationToken) {
        let taken = self.0.taken.lock().ok().and_then(|mut taken| taken.take());
        let Some(mut taken) = taken else { return };
        let tasks = TaskTracker::new();
        let room = Arc::new(Semaphore::new(SENDING_MAX));
        loop {
            let kick = tokio::select! {
                () = stop.cancelled() => break,
                kick = taken.recv() => kick,
            };
            let Some(kick) = kick else { break };
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
                break;
            };
            let post = self.clone();
            let span = info_span!("delivery", peer.name = %kick.party);
            let work = async move {
                post.carry_out((&kick.party, kick.mode), kick.effects).await;
                drop(permit);
            };
            tasks.spawn(work.instrument(span));
        }
        tasks.close();
        tasks.wait().await;
        self.0.turns.finish().await;
    }

    /// Sends what is kicked so far, and what follows from it, before it returns. For tools that run
    /// without a loop of their own; nothing where [`Post::run`] has the kicks.
    #[boxed]
    pub async fn drain(&self) {
        loop {
            let next = self
                .0
                .taken
                .lock()
                .ok()
                .and_then(|mut taken| taken.as_mut()?.try_recv().ok());
            let Some(kick) = next else { return };
            self.carry_out((&kick.party, kick.mode), kick.effects).await;
        }
    }

    /// Rings a message's timer.
    pub(super) async fn ring(&self, job: DueJob) -> Result<(), JobFailure> {
        let again = |error: &Error| JobFailure::Again(error.to_string());
        let input = Input::Due {
            id: job.id,
            attempt: job.attempt,
        };
        let at = (&job.party, job.mode);
        let step = async {
            let mut tx = self.ground().db.begin().await?;
            let after = self
                .step(&mut tx, at, vec![input], &Luggage::default())
                .await?;
            tx.commit().await?;
            Ok::<_, Error>(after)
        };
        let after = step.await.map_err(|error| again(&error))?;
        self.kick(&job.party, job.mode, after);
        Ok(())
    }

    /// Carries out effects of the second phase, and what follows from them.
    #[boxed]
    pub(super) async fn carry_out(&self, at: (&PartyCode, Mode), effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        for _ in 0..EFFECTS_MAX {
            let Some(effect) = waiting.pop_front() else {
                return;
            };
            match self.one(at, effect).await {
                Ok(more) => waiting.extend(more),
                Err(error) => {
                    warn!(peer.name = %at.0, error = %error, "a delivery step failed; its timer will ring again");
                    return;
                }
            }
        }
    }

    async fn one(&self, at: (&PartyCode, Mode), effect: Effect) -> Result<Vec<Effect>, Error> {
        match effect {
            // Left to the timers until the node is all there.
            Effect::Transmit { .. } | Effect::SendFiles { .. } | Effect::AskReceipt { .. }
                if !self.may_sign().await? =>
            {
                Ok(Vec::new())
            }
            Effect::Transmit { id } | Effect::SendFiles { id, .. }
                if !self.may_leave(at, id).await? =>
            {
                Ok(Vec::new())
            }
            Effect::Transmit { id } => self.transmit(at, id).await,
            Effect::SendFiles { id, files } => {
                let mut outcome = Ok(());
                for file in &files {
                    outcome = self.send_file(at, file).await?;
                    if outcome.is_err() {
                        break;
                    }
                }
                let input = match outcome {
                    Ok(()) => Input::FilesSent { id },
                    Err(failure) => self.failed(id, failure),
                };
                self.apply(at, vec![input]).await
            }
            Effect::AskReceipt { id } => self.ask_receipt(at, id).await,
            Effect::AskConsistency { known, shown } => self.ask_consistency(at, known, shown).await,
            Effect::AskAgain { id } => {
                let path = format!("/federation/v1/again/{id}?mode={}", at.1.as_str());
                let _answer = self.call(at, Method::Post, path, Vec::new()).await?;
                Ok(Vec::new())
            }
            Effect::FetchBack { id } => self.fetch_back(at, id).await,
            // Answers are given by whoever asked; names are compared by whoever compares notes.
            _ => Ok(Vec::new()),
        }
    }

    /// Runs inputs in a transaction of their own.
    pub(super) async fn apply(
        &self,
        at: (&PartyCode, Mode),
        inputs: Vec<Input>,
    ) -> Result<Vec<Effect>, Error> {
        let mut tx = self.ground().db.begin().await?;
        let failing = inputs
            .iter()
            .any(|input| matches!(input, Input::Failed { .. }));
        let after = self.step(&mut tx, at, inputs, &Luggage::default()).await?;
        if !failing {
            store::set_heard(&mut tx, at, self.ground().now()).await?;
        }
        tx.commit().await?;
        Ok(after)
    }

    /// Whether the room of its kind still lets a message go. One that it does not is taken back.
    async fn may_leave(&self, at: (&PartyCode, Mode), id: MessageId) -> Result<bool, Error> {
        if self.0.rooms.values().all(|room| room.leave.is_none()) {
            return Ok(true);
        }
        let mut tx = self.ground().db.begin_read().await?;
        let Some(envelope) = store::envelope_out(&mut tx, id).await? else {
            return Ok(true);
        };
        let header = Unproven::parse(&envelope)?.header;
        let room = self.0.rooms.get(header.kind.as_str());
        let Some(leave) = room.and_then(|room| room.leave.as_ref()) else {
            return Ok(true);
        };
        if leave(&mut tx, &header).await.map_err(Error::Room)? {
            return Ok(true);
        }
        drop(tx);
        let mut tx = self.ground().db.begin().await?;
        store::lock_peer(&mut tx, at.0, at.1).await?;
        let row = store::delivery(&mut tx, id).await?;
        let lost = row.is_some_and(|row| row.outgoing.counted());
        let back = vec![Input::Withdraw { id }, Input::Forgo { id }];
        self.step(&mut tx, at, back, &Luggage::default()).await?;
        if lost {
            self.became(&mut tx, id, Fate::Lost).await?;
        }
        tx.commit().await?;
        Ok(false)
    }

    async fn transmit(&self, at: (&PartyCode, Mode), id: MessageId) -> Result<Vec<Effect>, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let asked = asking(&mut tx, at, id).await?;
        let envelope = store::envelope_out(&mut tx, id)
            .await?
            .ok_or(Error::NoMessage { id })?;
        drop(tx);
        let known = asked.head.map_or(0, |head| head.size);
        let path = format!("/federation/v1/messages?known={known}");
        let answer = self.call(at, Method::Post, path, envelope).await?;
        self.settle(at, id, answer, &asked).await
    }

    async fn ask_receipt(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
    ) -> Result<Vec<Effect>, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let asked = asking(&mut tx, at, id).await?;
        drop(tx);
        let known = asked.head.map_or(0, |head| head.size);
        let path = format!(
            "/federation/v1/receipts/{id}?mode={}&known={known}",
            at.1.as_str()
        );
        let answer = self.call(at, Method::Get, path, Vec::new()).await?;
        self.settle(at, id, answer, &asked).await
    }

    /// Turns the peer's answer for a message into what it means.
    async fn settle(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        answer: Result<Vec<u8>, Failure>,
        asked: &Asked,
    ) -> Result<Vec<Effect>, Error> {
        let answer = answer.and_then(|body| {
            serde_json::from_slice::<Answer>(&body).map_err(|_unreadable| Failure::Interrupted)
        });
        let inputs = match answer {
            Err(failure) => vec![self.failed(id, failure)],
            Ok(Answer::Receipt {
                receipt,
                consistency,
            }) => {
                return self
                    .take_receipt(at, id, (&receipt, &consistency), asked)
                    .await;
            }
            Ok(Answer::Refused { digest, code }) => vec![Input::Refusal { id, digest, code }],
            Ok(Answer::Wanted { files }) => vec![Input::Wanted { id, missing: files }],
            Ok(Answer::Withheld) => vec![Input::Transmitted { id }],
            Ok(Answer::Later { code }) => {
                tracing::debug!(peer.name = %at.0, "peer {} says later: {code}", at.0);
                vec![self.failed(id, Failure::Deferred)]
            }
            Ok(Answer::NotHeld) => vec![Input::NotHeld { id }],
        };
        self.apply(at, inputs).await
    }

    /// Sends a file from where the peer's copy stops.
    async fn send_file(
        &self,
        at: (&PartyCode, Mode),
        digest: &Digest,
    ) -> Result<Result<(), Failure>, Error> {
        let Some(mut file) = self.files().read(digest)? else {
            warn!(file.sha256 = %digest, "file {digest} is wanted and is not here");
            return Ok(Err(Failure::Deferred));
        };
        let size = file
            .metadata()
            .map_err(crate::files::FilesError::from)?
            .len();
        let path = format!("/federation/v1/blobs/{digest}");
        let held = match self.call(at, Method::Get, path.clone(), Vec::new()).await? {
            Ok(body) => serde_json::from_slice::<Held>(&body).map_or(0, |held| held.held),
            Err(failure) => return Ok(Err(failure)),
        };
        let mut offset = held.min(size);
        file.seek(SeekFrom::Start(offset))
            .map_err(crate::files::FilesError::from)?;
        while offset < size {
            let mut piece = Vec::with_capacity(PIECE_BYTES_MAX);
            let limit = u64::try_from(PIECE_BYTES_MAX).unwrap_or(u64::MAX);
            let mut part = (&file).take(limit);
            part.read_to_end(&mut piece)
                .map_err(crate::files::FilesError::from)?;
            if piece.is_empty() {
                break;
            }
            let next = offset.saturating_add(u64::try_from(piece.len()).unwrap_or(0));
            let put = format!("{path}?size={size}&offset={offset}");
            match self.call(at, Method::Put, put, piece).await? {
                Ok(_held) => offset = next,
                Err(failure) => return Ok(Err(failure)),
            }
        }
        Ok(Ok(()))
    }

    pub(super) fn failed(&self, id: MessageId, failure: Failure) -> Input {
        Input::Failed {
            id,
            failure,
            at: self.ground().now(),
        }
    }
}

/// What is known of a message and of the ledger of the peer that is asked about it.
async fn asking(tx: &mut Tx, at: (&PartyCode, Mode), id: MessageId) -> Result<Asked, Error> {
    let (outgoing, _, _) = store::known(tx, at, id).await?;
    let outgoing = outgoing.ok_or(Error::NoMessage { id })?;
    let peer = store::peer(tx, at.0, at.1).await?;
    Ok(Asked {
        digest: outgoing.digest,
        head: peer.as_ref().and_then(|peer| peer.head),
        epoch: peer.map_or(0, |peer| peer.epoch),
    })
}
