//! What the protocol does, case by case.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod ledgers;
mod receiving;
mod sending;

use std::collections::BTreeSet;

use federation::{
    model::Digest,
    protocol::{Effect, Failure, Input, Peer, ReceiptVerdict, Verdict, handle},
    state::{Delivery, Grade},
};
use kernel::{MessageId, SeededRng, Timestamp};

const NOON: Timestamp = Timestamp::from_micros(1_795_262_400_000_000);

fn id(n: u64) -> MessageId {
    MessageId::random(&SeededRng::new(n))
}

fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn none() -> BTreeSet<Digest> {
    BTreeSet::new()
}

fn submit(peer: &mut Peer, n: u64) -> Vec<Effect> {
    handle(
        peer,
        Input::Submit {
            id: id(n),
            digest: digest("header"),
        },
    )
}

fn arrive(
    peer: &mut Peer,
    header: &str,
    verdict: Verdict,
    missing: BTreeSet<Digest>,
) -> Vec<Effect> {
    handle(
        peer,
        Input::Arrived {
            id: id(1),
            digest: digest(header),
            verdict,
            missing,
        },
    )
}

fn receipt(peer: &mut Peer, grade: Grade) -> Vec<Effect> {
    let verdict = ReceiptVerdict::Valid(grade);
    handle(
        peer,
        Input::Receipt {
            id: id(1),
            digest: digest("header"),
            verdict,
        },
    )
}

fn delivery(peer: &Peer) -> &Delivery {
    &peer.outbox.get(&id(1)).unwrap().delivery
}

/// The effects without the rows, which repeat the state.
fn done(effects: Vec<Effect>) -> Vec<Effect> {
    effects
        .into_iter()
        .filter(|effect| !matches!(effect, Effect::Persist(_)))
        .collect()
}

fn due(peer: &mut Peer) -> Vec<Effect> {
    let attempt = peer.outbox.get(&id(1)).unwrap().attempt;
    handle(peer, Input::Due { id: id(1), attempt })
}

fn fail(peer: &mut Peer, failure: Failure) -> Vec<Effect> {
    handle(
        peer,
        Input::Failed {
            id: id(1),
            failure,
            at: NOON,
        },
    )
}
