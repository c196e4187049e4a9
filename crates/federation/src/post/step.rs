//! One step between two nodes: load, decide, carry out within the transaction.

use std::collections::BTreeSet;

use audit::{Leaf, Log};
use db::Tx;
use kernel::{ActId, MessageId, Mode, PartyCode, boxed};
use serde_json::json;

use super::{DUE, DueJob, Fate, Luggage, Post};
use crate::{
    error::Error,
    protocol::{
        Alarm, Effect, Evidence, Input, LeafAct, Outgoing, Peer, Phase, Row, backoff_ms, handle,
    },
    store::{self, NewAlarm, NewEvidence, PeerRow},
};

impl Post {
    /// One step between this node and a peer: loads what the inputs concern, carries out what
    /// belongs into the transaction, and gives what comes after its commit.
    #[boxed]
    pub(super) async fn step(
        &self,
        tx: &mut Tx,
        (party, mode): (&PartyCode, Mode),
        inputs: Vec<Input>,
        luggage: &Luggage<'_>,
    ) -> Result<Vec<Effect>, Error> {
        let ids: Vec<MessageId> = inputs.iter().flat_map(ids_of).collect();
        let row = store::lock_peer(tx, party, mode).await?;
        let mut peer = self.load(tx, row, ids).await?;
        let whole = |input: &Input| matches!(input, Input::Compare { .. });
        if inputs.iter().any(whole) {
            let gaps = store::gaps(tx, (party, mode)).await?;
            peer.gaps = gaps.into_iter().collect();
        }
        self.run_inputs(tx, (party, mode), &mut peer, inputs, luggage)
            .await
    }

    /// [`Post::step`] on rows that are loaded already.
    #[boxed]
    pub(super) async fn run_inputs(
        &self,
        tx: &mut Tx,
        (party, mode): (&PartyCode, Mode),
        peer: &mut Peer,
        inputs: Vec<Input>,
        luggage: &Luggage<'_>,
    ) -> Result<Vec<Effect>, Error> {
        let mut after = Vec::new();
        let mut in_outbox: BTreeSet<MessageId> = peer.outbox.keys().copied().collect();
        for input in inputs {
            for effect in handle(peer, input) {
                if let Effect::Persist(Row::Outgoing(id, outgoing)) = &effect {
                    if outgoing.settled(peer.witnessed) {
                        self.quiet(tx, *id).await?;
                    }
                    if outgoing.settled(false) {
                        self.became(tx, *id, Fate::Settled).await?;
                    }
                    if in_outbox.insert(*id) {
                        self.put_in(tx, (party, mode), (*id, outgoing), luggage)
                            .await?;
                        continue;
                    }
                }
                match effect.phase() {
                    Phase::Within => self.within(tx, (party, mode), effect, luggage).await?,
                    Phase::After => after.push(effect),
                }
            }
        }
        Ok(after)
    }

    pub(super) async fn load(
        &self,
        tx: &mut Tx,
        row: PeerRow,
        ids: impl IntoIterator<Item = MessageId>,
    ) -> Result<Peer, Error> {
        let (party, mode) = (&row.party, row.mode);
        let witnessed = self
            .peer(party, mode)
            .is_some_and(|peer| peer.chain.latest().set().witnesses.threshold > 0);
        let mut peer = Peer {
            standing: row.standing,
            head: row.head,
            witnessed,
            holdings: row.holdings,
            ..Peer::default()
        };
        for id in ids {
            let (outgoing, incoming, gap) = store::known(tx, (party, mode), id).await?;
            peer.outbox.extend(outgoing.map(|outgoing| (id, outgoing)));
            peer.inbox.extend(incoming.map(|incoming| (id, incoming)));
            peer.gaps.extend(gap.map(|gap| (id, gap)));
        }
        Ok(peer)
    }

    /// Tells the rooms what became of a message of ours.
    pub(super) async fn became(&self, tx: &mut Tx, id: MessageId, fate: Fate) -> Result<(), Error> {
        for tell in &self.0.fates {
            tell(tx, &self.0.ground, id, fate)
                .await
                .map_err(Error::Room)?;
        }
        Ok(())
    }

    /// Puts a message into the outbox that was not there.
    async fn put_in(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        (id, outgoing): (MessageId, &Outgoing),
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let envelope = luggage.envelope.ok_or(Error::NoMessage { id })?;
        let now = self.0.ground.now();
        store::insert_outgoing(tx, at, id, (outgoing, envelope), now).await?;
        Ok(())
    }

    #[boxed]
    async fn within(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        effect: Effect,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let (party, mode) = at;
        let ground = &self.0.ground;
        match effect {
            Effect::Persist(row) => self.persist(tx, at, row, luggage).await?,
            Effect::AppendLeaf { act, id, digest } => {
                let leaf = Leaf {
                    act: match act {
                        LeafAct::Sent => ledger::Act::Sent,
                        LeafAct::Received => ledger::Act::Received,
                        LeafAct::Refused => ledger::Act::Refused,
                    },
                    subject: id.to_string(),
                    sha256: *digest.as_bytes(),
                };
                let indices = audit::append(tx, ground, Log::of(mode), &[leaf]).await?;
                match (act, indices.first()) {
                    (LeafAct::Sent, Some(&index)) => store::set_sent_leaf(tx, id, index).await?,
                    (LeafAct::Received, Some(&index)) => {
                        let epoch = ground.epoch(Log::of(mode));
                        store::bind_leaf(tx, at, id, (epoch, index)).await?;
                        self.ask_cosignatures(tx, mode).await?;
                    }
                    (LeafAct::Refused, _) | (_, None) => {}
                }
            }
            Effect::Schedule { id, attempt, step } => {
                let random = u64::from_le_bytes(kernel::random_array(ground.rng.as_ref()));
                let wait = std::time::Duration::from_millis(backoff_ms(step, random));
                let job = DueJob {
                    party: party.clone(),
                    mode,
                    id,
                    attempt,
                };
                let run_at = ground.now().plus(wait);
                let job = ground.enqueue(tx, DUE, &job, run_at).await?;
                self.timed(tx, id, job).await?;
            }
            Effect::HandUp { .. } => {
                if let Some(delivered) = luggage.delivered
                    && let Some(room) = self.0.rooms.get(delivered.header.kind.as_str())
                {
                    (room.take)(tx, ground, delivered)
                        .await
                        .map_err(Error::Room)?;
                }
            }
            Effect::KeepEvidence(evidence) => {
                self.keep_evidence(tx, at, &evidence, luggage).await?;
            }
            Effect::Alarm(alarm) => self.raise(tx, at, &alarm).await?,
            // Not of this phase.
            _ => {}
        }
        Ok(())
    }

    #[boxed]
    async fn persist(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        row: Row,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let now = self.0.ground.now();
        match row {
            Row::Outgoing(id, outgoing) => store::put_outgoing(tx, id, &outgoing).await?,
            Row::Incoming(id, incoming) => {
                // Bytes are kept only of what is proven to be the peer's.
                let envelope = luggage.envelope.filter(|_bytes| incoming.bound.is_some());
                store::put_incoming(tx, at, id, (&incoming, envelope), now).await?;
            }
            Row::Ledger(standing, head) => store::put_ledger(tx, at, &standing, head).await?,
            Row::Holdings(holdings) => store::put_holdings(tx, at, &holdings).await?,
            Row::Gap(id, gap) => store::put_gap(tx, at, id, gap, now).await?,
        }
        Ok(())
    }

    async fn keep_evidence(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        evidence: &Evidence,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let (code, detail, held, shown) = match evidence {
            Evidence::SplitView { known, shown } => (
                "split_view",
                json!({"known": known, "shown": shown}),
                store::checkpoint_note(tx, at, *known)
                    .await?
                    .map(String::into_bytes),
                store::checkpoint_note(tx, at, *shown)
                    .await?
                    .map(String::into_bytes),
            ),
            Evidence::Conflict { id, held, shown } => (
                "conflict",
                json!({"id": id, "held": held, "shown": shown}),
                store::envelope_in(tx, at, *id).await?,
                luggage.envelope.map(<[u8]>::to_vec),
            ),
            Evidence::HeldReceipt { id } => (
                "held_receipt",
                json!({"id": id}),
                None,
                luggage.envelope.map(<[u8]>::to_vec),
            ),
        };
        let ground = &self.0.ground;
        let evidence = NewEvidence {
            id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
            party: at.0,
            mode: at.1,
            at: ground.now(),
            code,
            detail: &detail.to_string(),
            held: held.as_deref(),
            shown: shown.as_deref(),
        };
        store::insert_evidence(tx, &evidence).await?;
        Ok(())
    }

    #[boxed]
    pub(super) async fn raise(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        alarm: &Alarm,
    ) -> Result<(), Error> {
        let (code, message, detail) = describe(alarm);
        let (party, mode) = at;
        tracing::warn!(peer.name = %party, alarm.code = code, "alarm about peer {party}: {code}");
        let ground = &self.0.ground;
        let alarm = NewAlarm {
            id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
            party,
            mode,
            at: ground.now(),
            code,
            message,
            detail: &detail.to_string(),
        };
        store::insert_alarm(tx, &alarm).await?;
        tx.wake();
        Ok(())
    }
}

fn describe(alarm: &Alarm) -> (&'static str, Option<MessageId>, serde_json::Value) {
    match alarm {
        Alarm::SplitView { known, shown } => {
            ("split_view", None, json!({"known": known, "shown": shown}))
        }
        Alarm::PeerRestored => ("peer_restored", None, json!({})),
        Alarm::Conflict { id } => ("conflict", Some(*id), json!({})),
        Alarm::Damaged { id, code } => ("damaged", Some(*id), json!({"code": code})),
        Alarm::Refused { id, code } => ("refused", Some(*id), json!({"code": code})),
        Alarm::AlteredOnTheWay { id } => ("altered_on_the_way", Some(*id), json!({})),
        Alarm::BadReceipt { id } => ("bad_receipt", Some(*id), json!({})),
        Alarm::Contradiction { id } => ("contradiction", Some(*id), json!({})),
        Alarm::Undeliverable { id, since } => ("undeliverable", Some(*id), json!({"since": since})),
        Alarm::Gap { id, gap } => ("gap", Some(*id), json!({"gap": gap})),
    }
}

/// The messages whose rows an input needs.
fn ids_of(input: &Input) -> Vec<MessageId> {
    match input {
        Input::Submit { id, .. }
        | Input::Due { id, .. }
        | Input::RetryNow { id }
        | Input::Transmitted { id }
        | Input::Wanted { id, .. }
        | Input::FilesSent { id }
        | Input::Failed { id, .. }
        | Input::Receipt { id, .. }
        | Input::Refusal { id, .. }
        | Input::NotHeld { id }
        | Input::SendAgain { id }
        | Input::Withdraw { id }
        | Input::Forgo { id }
        | Input::Carry { id }
        | Input::Arrived { id, .. }
        | Input::Files { id, .. }
        | Input::Cosigned { id }
        | Input::ReceiptAsked { id }
        | Input::Recovered { id, .. } => vec![*id],
        // Loaded by ranges of ids, by whoever compares notes.
        Input::Named { .. }
        | Input::Checkpoint { .. }
        | Input::Restored { .. }
        | Input::Thaw { .. }
        | Input::Compare { .. } => Vec::new(),
    }
}
