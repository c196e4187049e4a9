//! What goes out.

use std::collections::BTreeSet;

use kernel::{MessageId, Timestamp};

use super::{
    Alarm, Effect, Evidence, Exposure, Failure, Gap, LeafAct, Outgoing, Peer, ReceiptVerdict, Row,
    Standing, reconcile,
    retry::{STEP_MAX, STEPS_UNTIL_UNDELIVERABLE},
};
use crate::{
    model::Digest,
    state::{Delivery, DeliveryEvent, Grade, RefusalCode},
};

impl Outgoing {
    /// True when nothing more is to be done: refused, withdrawn in time, or receipted as fully as
    /// the receiver's key set asks (`witnessed`).
    pub const fn settled(&self, witnessed: bool) -> bool {
        match &self.delivery {
            Delivery::Refused { .. } | Delivery::Withdrawn => true,
            Delivery::Receipted { grade } => match grade {
                Grade::Witnessed => true,
                Grade::Own => !witnessed,
            },
            Delivery::Queued
            | Delivery::Sent
            | Delivery::Undeliverable { .. }
            | Delivery::Carried => false,
        }
    }

    const fn receipted(&self) -> bool {
        matches!(self.delivery, Delivery::Receipted { .. })
    }

    /// True if the peer has given a receipt for it, and should have it still.
    pub const fn counted(&self) -> bool {
        self.receipted() && !self.forgone
    }

    /// Moves the delivery on; false if the event comes too late to matter.
    fn advance(&mut self, event: DeliveryEvent) -> bool {
        match self.delivery.clone().advance(event) {
            Ok(next) => {
                self.delivery = next;
                true
            }
            Err(_late) => false,
        }
    }

    /// The answer of a living peer: the failures in a row are over, and the pauses short again if
    /// there were any.
    const fn reached(&mut self) {
        if self.failing_since.is_some() {
            self.failing_since = None;
            self.step = 0;
        }
        self.exposure = Exposure::Possible;
    }

    /// One more try, with a timer for the one after it.
    fn again(&mut self, id: MessageId) -> Vec<Effect> {
        self.attempt = self.attempt.saturating_add(1);
        self.step = self.step.saturating_add(1).min(STEP_MAX);
        let send = if self.receipted() {
            Effect::AskReceipt { id }
        } else {
            self.exposure = match self.exposure {
                Exposure::Never => Exposure::Pending,
                Exposure::Pending | Exposure::Possible => Exposure::Possible,
            };
            Effect::Transmit { id }
        };
        vec![
            Effect::Persist(Row::Outgoing(id, self.clone())),
            Effect::Schedule {
                id,
                attempt: self.attempt,
                step: self.step,
            },
            send,
        ]
    }

    /// A first step from scratch: the pauses are short again.
    pub(super) fn at_once(&mut self, id: MessageId) -> Vec<Effect> {
        self.step = 0;
        self.again(id)
    }
}

pub(super) fn submit(peer: &mut Peer, id: MessageId, digest: Digest) -> Vec<Effect> {
    if peer.outbox.contains_key(&id) {
        return Vec::new();
    }
    let out = peer.outbox.entry(id).or_insert(Outgoing {
        digest,
        delivery: Delivery::Queued,
        attempt: 0,
        step: 0,
        failing_since: None,
        exposure: Exposure::Never,
        withdrawn: false,
        forgone: false,
    });
    let mut effects = out.again(id);
    effects.insert(
        1,
        Effect::AppendLeaf {
            act: LeafAct::Sent,
            id,
            digest,
        },
    );
    effects
}

pub(super) fn due(peer: &mut Peer, id: MessageId, attempt: u32) -> Vec<Effect> {
    let witnessed = peer.witnessed;
    match peer.outbox.get_mut(&id) {
        Some(out) if out.attempt == attempt && !out.settled(witnessed) => out.again(id),
        Some(_) | None => Vec::new(),
    }
}

pub(super) fn retry_now(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let witnessed = peer.witnessed;
    match peer.outbox.get_mut(&id) {
        Some(out) if !out.settled(witnessed) => out.at_once(id),
        Some(_) | None => Vec::new(),
    }
}

pub(super) fn transmitted(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let Some(out) = peer.outbox.get_mut(&id) else {
        return Vec::new();
    };
    let before = out.clone();
    // While the receipt of a frozen peer is held back the envelope stays `sent`; a settled one stays
    // what it is.
    if out.advance(DeliveryEvent::Transmitted) {
        out.reached();
    }
    persist_if_changed(id, &before, out)
}

pub(super) fn wanted(peer: &mut Peer, id: MessageId, missing: BTreeSet<Digest>) -> Vec<Effect> {
    let mut effects = transmitted(peer, id);
    if awaited(peer, id) {
        effects.push(Effect::SendFiles { id, files: missing });
    }
    effects
}

pub(super) fn files_sent(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    if !awaited(peer, id) {
        return Vec::new();
    }
    match peer.outbox.get_mut(&id) {
        Some(out) if out.delivery == Delivery::Sent => out.at_once(id),
        // A receipted one goes once more to a peer that lost it, see `reconcile::they_miss`.
        Some(_) | None => vec![Effect::Transmit { id }],
    }
}

/// True if the peer is to get the message's files.
fn awaited(peer: &Peer, id: MessageId) -> bool {
    peer.outbox.get(&id).is_some_and(|out| {
        out.delivery == Delivery::Sent || peer.gaps.get(&id) == Some(&Gap::TheyMiss)
    })
}

pub(super) fn failed(
    peer: &mut Peer,
    id: MessageId,
    failure: Failure,
    at: Timestamp,
) -> Vec<Effect> {
    let witnessed = peer.witnessed;
    let Some(out) = peer
        .outbox
        .get_mut(&id)
        .filter(|out| !out.settled(witnessed))
    else {
        return Vec::new();
    };
    let before = out.clone();
    out.exposure = match (failure, out.exposure) {
        (Failure::Unreachable, Exposure::Never | Exposure::Pending) => Exposure::Never,
        (Failure::Unreachable, Exposure::Possible)
        | (Failure::Interrupted | Failure::Deferred, _) => Exposure::Possible,
    };
    let since = *out.failing_since.get_or_insert(at);
    let in_vain = out.step >= STEPS_UNTIL_UNDELIVERABLE;
    let given_up = in_vain && out.advance(DeliveryEvent::GivenUp { since });
    let mut effects = persist_if_changed(id, &before, out);
    if given_up {
        effects.push(Effect::Alarm(Alarm::Undeliverable { id, since }));
    }
    effects
}

pub(super) fn receipt(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    verdict: &ReceiptVerdict,
) -> Vec<Effect> {
    let bad = vec![Effect::Alarm(Alarm::BadReceipt { id })];
    let ReceiptVerdict::Valid(grade) = *verdict else {
        return bad;
    };
    let Some(out) = peer.outbox.get_mut(&id).filter(|out| out.digest == digest) else {
        return bad;
    };
    let first = !out.receipted();
    if matches!(peer.standing, Standing::Frozen { .. }) {
        return vec![Effect::KeepEvidence(Evidence::HeldReceipt { id })];
    }
    if !out.advance(DeliveryEvent::Receipted { grade }) {
        return reconcile::found_again(peer, id);
    }
    out.failing_since = None;
    out.exposure = Exposure::Possible;
    let open = !out.settled(peer.witnessed);
    let mut effects = Vec::new();
    if open {
        // The cosignatures follow within seconds as a rule: ask soon.
        out.attempt = out.attempt.saturating_add(1);
        out.step = 1;
        effects.push(Effect::Schedule {
            id,
            attempt: out.attempt,
            step: out.step,
        });
    }
    effects.insert(0, Effect::Persist(Row::Outgoing(id, out.clone())));
    if first {
        peer.holdings.sent.add(id, digest);
        effects.push(Effect::Persist(Row::Holdings(peer.holdings.clone())));
    }
    effects.extend(reconcile::close(peer, id));
    effects
}

pub(super) fn refusal(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    code: RefusalCode,
) -> Vec<Effect> {
    let Some(out) = peer.outbox.get_mut(&id) else {
        return Vec::new();
    };
    if out.receipted() {
        let altered = code.is_damage() || out.digest != digest;
        return vec![Effect::Alarm(if altered {
            Alarm::AlteredOnTheWay { id }
        } else {
            Alarm::Contradiction { id }
        })];
    }
    if code.is_damage() || out.digest != digest {
        // Ours was good when it left: the timer sends it again.
        let before = out.clone();
        out.exposure = Exposure::Possible;
        let mut effects = persist_if_changed(id, &before, out);
        effects.push(Effect::Alarm(Alarm::AlteredOnTheWay { id }));
        return effects;
    }
    if !out.advance(DeliveryEvent::Refused { code: code.clone() }) {
        return Vec::new();
    }
    out.failing_since = None;
    out.exposure = Exposure::Possible;
    vec![
        Effect::Persist(Row::Outgoing(id, out.clone())),
        Effect::Alarm(Alarm::Refused { id, code }),
    ]
}

pub(super) fn not_held(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    match peer.outbox.get(&id) {
        Some(out) if out.counted() => reconcile::they_miss(peer, id),
        Some(_) | None => Vec::new(),
    }
}

pub(super) fn send_again(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    match peer.outbox.get(&id) {
        Some(out) if out.forgone => Vec::new(),
        Some(out) if out.receipted() => reconcile::they_miss(peer, id),
        Some(_) | None => retry_now(peer, id),
    }
}

pub(super) fn withdraw(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let Some(out) = peer.outbox.get_mut(&id) else {
        return Vec::new();
    };
    let before = out.clone();
    out.withdrawn = true;
    if out.exposure == Exposure::Never {
        // Whatever the state is then, no byte has left; `advance` refuses the settled ones.
        out.advance(DeliveryEvent::Withdrawn);
    }
    persist_if_changed(id, &before, out)
}

pub(super) fn carry(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let Some(out) = peer.outbox.get_mut(&id) else {
        return Vec::new();
    };
    let before = out.clone();
    if out.advance(DeliveryEvent::Carried) {
        out.exposure = Exposure::Possible;
    }
    persist_if_changed(id, &before, out)
}

fn persist_if_changed(id: MessageId, before: &Outgoing, after: &Outgoing) -> Vec<Effect> {
    if before == after {
        Vec::new()
    } else {
        vec![Effect::Persist(Row::Outgoing(id, after.clone()))]
    }
}
