//! Comparing notes: two nodes find out what one of them lacks.
//!
//! Each keeps a running digest of what it has the other's receipt for, and of what it has given a
//! receipt for. My first is compared with your second and the other way round. What is on its way
//! makes them differ for a while; when they do, ids are named and only real differences stay.

use std::collections::BTreeMap;

use kernel::MessageId;
use serde::{Deserialize, Serialize};

use super::{Alarm, Effect, Exposure, LeafAct, Outgoing, Peer, Row, Stage};
use crate::{
    model::Digest,
    state::{Delivery, Grade},
};

/// A digest over a set of messages that does not depend on their order: the number of messages and
/// the sum, modulo 2²⁵⁶, of a hash of each. It finds losses; against a peer that lies there are the
/// receipts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// The sum, most significant byte first.
    pub sum: [u8; 32],
}

/// What a node states that it holds of the traffic with one peer.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Holdings {
    /// What it has the other's receipt for.
    pub sent: Tally,
    /// What it has given a receipt for.
    pub received: Tally,
}

/// How notes differ on one message. Shown until it is resolved.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// They gave a receipt for it and do not have it.
    TheyMiss,
    /// They have our receipt for it and we do not have it.
    WeMiss,
    /// They have it from us and we do not know of it.
    WeForgot,
    /// Both have it, with different headers.
    Differs,
}

impl Tally {
    /// Counts one more message. The same one must not be counted twice.
    pub fn add(&mut self, id: MessageId, digest: Digest) {
        self.count = self.count.saturating_add(1);
        let mut carry = 0u16;
        for (sum, add) in self.sum.iter_mut().zip(hash(id, digest).as_bytes()).rev() {
            let [high, low] = (u16::from(*sum) + u16::from(*add) + carry).to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
    }

    /// Takes a message off that was counted.
    pub fn take_off(&mut self, id: MessageId, digest: Digest) {
        self.count = self.count.saturating_sub(1);
        let mut borrow = false;
        for (sum, less) in self.sum.iter_mut().zip(hash(id, digest).as_bytes()).rev() {
            let (first, under) = sum.overflowing_sub(*less);
            let (rest, again) = first.overflowing_sub(u8::from(borrow));
            *sum = rest;
            borrow = under || again;
        }
    }
}

fn hash(id: MessageId, digest: Digest) -> Digest {
    Digest::of(format!("comity/tally/v1\n{id}\n{digest}\n").as_bytes())
}

impl Holdings {
    /// True if the two sides' statements mirror each other.
    pub fn agrees_with(&self, theirs: &Self) -> bool {
        self.sent == theirs.received && self.received == theirs.sent
    }
}

pub(super) fn compare(peer: &mut Peer, theirs: &Holdings) -> Vec<Effect> {
    if peer.holdings.agrees_with(theirs) {
        let resolved: Vec<_> = peer.gaps.keys().copied().collect();
        resolved
            .into_iter()
            .flat_map(|id| close(peer, id))
            .collect()
    } else {
        vec![Effect::NameHoldings]
    }
}

pub(super) fn named(
    peer: &mut Peer,
    sent: &BTreeMap<MessageId, Digest>,
    received: &BTreeMap<MessageId, Digest>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (id, digest) in received {
        effects.extend(they_hold(peer, *id, *digest));
    }
    let missed: Vec<_> = peer
        .outbox
        .iter()
        .filter(|(id, out)| out.counted() && !received.contains_key(id))
        .map(|(id, _)| *id)
        .collect();
    for id in missed {
        effects.extend(they_miss(peer, id));
    }
    for (id, digest) in sent {
        effects.extend(they_sent(peer, *id, *digest));
    }
    // They no longer say that we gave a receipt for it: it will not come again.
    let missed = peer.gaps.iter().filter(|(_, gap)| **gap == Gap::WeMiss);
    let forgone: Vec<_> = missed
        .map(|(id, _)| *id)
        .filter(|id| !sent.contains_key(id))
        .collect();
    for id in forgone {
        effects.extend(close(peer, id));
    }
    effects
}

pub(super) fn recovered(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    grade: Grade,
) -> Vec<Effect> {
    if peer.outbox.contains_key(&id) {
        return Vec::new();
    }
    let out = Outgoing {
        digest,
        delivery: Delivery::Receipted { grade },
        attempt: 1,
        step: 1,
        failing_since: None,
        exposure: Exposure::Possible,
        withdrawn: false,
        forgone: false,
    };
    peer.holdings.sent.add(id, digest);
    let mut effects = vec![
        Effect::Persist(Row::Outgoing(id, out.clone())),
        Effect::Persist(Row::Holdings(peer.holdings.clone())),
        Effect::AppendLeaf {
            act: LeafAct::Sent,
            id,
            digest,
        },
    ];
    if !out.settled(peer.witnessed) {
        effects.push(Effect::Schedule {
            id,
            attempt: out.attempt,
            step: out.step,
        });
    }
    peer.outbox.insert(id, out);
    effects.extend(close(peer, id));
    effects
}

/// They gave a receipt for it, do not have it, and will not get it again.
pub(super) fn forgo(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let Some(out) = peer.outbox.get_mut(&id).filter(|out| out.counted()) else {
        return Vec::new();
    };
    out.forgone = true;
    peer.holdings.sent.take_off(id, out.digest);
    let mut effects = vec![
        Effect::Persist(Row::Outgoing(id, out.clone())),
        Effect::Persist(Row::Holdings(peer.holdings.clone())),
    ];
    effects.extend(close(peer, id));
    effects
}

/// They have it: it counts again if it was forgone.
pub(super) fn found_again(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(out) = peer.outbox.get_mut(&id).filter(|out| out.forgone) {
        out.forgone = false;
        peer.holdings.sent.add(id, out.digest);
        effects.push(Effect::Persist(Row::Outgoing(id, out.clone())));
        effects.push(Effect::Persist(Row::Holdings(peer.holdings.clone())));
    }
    effects.extend(close(peer, id));
    effects
}

/// They have given a receipt for it.
fn they_hold(peer: &mut Peer, id: MessageId, digest: Digest) -> Vec<Effect> {
    let witnessed = peer.witnessed;
    match peer.outbox.get_mut(&id) {
        None => {
            let mut effects = open(peer, id, Gap::WeForgot);
            effects.push(Effect::FetchBack { id });
            effects
        }
        Some(out) if out.digest != digest => open(peer, id, Gap::Differs),
        Some(out) => match out.delivery {
            Delivery::Receipted { .. } => found_again(peer, id),
            // Their receipt was lost on the way; they give it again.
            Delivery::Queued
            | Delivery::Sent
            | Delivery::Undeliverable { .. }
            | Delivery::Carried
            | Delivery::Refused { .. }
            | Delivery::Withdrawn => {
                if out.settled(witnessed) {
                    vec![Effect::AskReceipt { id }]
                } else {
                    out.at_once(id)
                }
            }
        },
    }
}

/// They gave a receipt for it and do not have it: it is sent again.
pub(super) fn they_miss(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let mut effects = open(peer, id, Gap::TheyMiss);
    effects.push(Effect::Transmit { id });
    effects
}

/// They have our receipt for it.
fn they_sent(peer: &mut Peer, id: MessageId, digest: Digest) -> Vec<Effect> {
    let bound = peer
        .inbox
        .get(&id)
        .and_then(|incoming| incoming.bound.as_ref());
    match bound {
        Some(bound) if bound.digest != digest => open(peer, id, Gap::Differs),
        Some(bound) if matches!(bound.stage, Stage::Received { .. }) => close(peer, id),
        Some(_) | None => {
            let mut effects = open(peer, id, Gap::WeMiss);
            effects.push(Effect::AskAgain { id });
            effects
        }
    }
}

/// Writes a gap down, once.
fn open(peer: &mut Peer, id: MessageId, gap: Gap) -> Vec<Effect> {
    if peer.gaps.insert(id, gap) == Some(gap) {
        return Vec::new();
    }
    vec![
        Effect::Persist(Row::Gap(id, Some(gap))),
        Effect::Alarm(Alarm::Gap { id, gap }),
    ]
}

/// A gap is resolved.
pub(super) fn close(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    match peer.gaps.remove(&id) {
        Some(_) => vec![Effect::Persist(Row::Gap(id, None))],
        None => Vec::new(),
    }
}
