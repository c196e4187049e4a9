//! What comes in.

use std::collections::BTreeSet;

use kernel::MessageId;

use super::{
    Alarm, Bound, Effect, Evidence, Incoming, LeafAct, Peer, REFUSED_PER_ID_MAX, Row, Stage,
    Standing, Verdict, reconcile,
};
use crate::{
    model::Digest,
    state::{Grade, RefusalCode},
};

pub(super) fn arrived(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    verdict: Verdict,
    missing: BTreeSet<Digest>,
) -> Vec<Effect> {
    match verdict {
        Verdict::Later(why) => vec![Effect::Defer { id, why }],
        Verdict::Damaged { code, envelope } => damaged(peer, id, digest, code, envelope),
        Verdict::Accept | Verdict::Refuse(_) => {
            match peer
                .inbox
                .get(&id)
                .and_then(|incoming| incoming.bound.as_ref())
            {
                Some(bound) if bound.digest != digest => {
                    let held = bound.digest;
                    conflict(peer, id, held, digest)
                }
                Some(bound) => match &bound.stage {
                    Stage::Received { .. } | Stage::Refused { .. } => answer(peer, id),
                    Stage::Waiting { .. } => judge(peer, id, digest, verdict, missing),
                },
                None => judge(peer, id, digest, verdict, missing),
            }
        }
    }
}

pub(super) fn files(
    peer: &mut Peer,
    id: MessageId,
    missing: BTreeSet<Digest>,
    verdict: Verdict,
) -> Vec<Effect> {
    match peer
        .inbox
        .get(&id)
        .and_then(|incoming| incoming.bound.as_ref())
    {
        Some(Bound {
            digest,
            stage: Stage::Waiting { .. },
        }) => {
            let digest = *digest;
            judge(peer, id, digest, verdict, missing)
        }
        Some(_) | None => answer(peer, id),
    }
}

pub(super) fn cosigned(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    let stage = peer
        .inbox
        .get_mut(&id)
        .and_then(|incoming| incoming.bound.as_mut())
        .map(|bound| &mut bound.stage);
    match stage {
        Some(Stage::Received { grade }) if *grade == Grade::Own => {
            *grade = Grade::Witnessed;
            persist(peer, id)
        }
        Some(_) | None => Vec::new(),
    }
}

pub(super) fn receipt_asked(peer: &mut Peer, id: MessageId) -> Vec<Effect> {
    answer(peer, id)
}

/// What we say to the peer about a message whenever we are asked: the same each time.
fn answer(peer: &Peer, id: MessageId) -> Vec<Effect> {
    let bound = peer
        .inbox
        .get(&id)
        .and_then(|incoming| incoming.bound.as_ref());
    let effect = match bound {
        None => Effect::GiveNotHeld { id },
        Some(Bound { digest, stage }) => match stage {
            Stage::Waiting { missing } => Effect::GiveWanted {
                id,
                missing: missing.clone(),
            },
            Stage::Refused { code } => Effect::GiveRefusal {
                id,
                digest: *digest,
                code: code.clone(),
            },
            Stage::Received { .. } => match peer.standing {
                Standing::Believed => Effect::GiveReceipt { id },
                Standing::Frozen { .. } => Effect::Withhold { id },
            },
        },
    };
    vec![effect]
}

/// Takes, refuses or parks a message proven to be the peer's whose id is its own.
fn judge(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    verdict: Verdict,
    missing: BTreeSet<Digest>,
) -> Vec<Effect> {
    let incoming = peer.inbox.entry(id).or_default();
    let before = incoming.bound.clone();
    let stage = match verdict {
        Verdict::Refuse(code) => Stage::Refused { code },
        Verdict::Accept if missing.is_empty() => Stage::Received { grade: Grade::Own },
        Verdict::Accept => Stage::Waiting { missing },
        // The message itself was proven when it came first; a file that cannot be judged now is
        // judged when it is sent again.
        Verdict::Later(why) => return vec![Effect::Defer { id, why }],
        Verdict::Damaged { .. } => return answer(peer, id),
    };
    let leaf = match &stage {
        Stage::Received { .. } => Some(LeafAct::Received),
        Stage::Refused { .. } => Some(LeafAct::Refused),
        Stage::Waiting { .. } => None,
    };
    incoming.bound = Some(Bound { digest, stage });
    let mut effects = Vec::new();
    if incoming.bound != before {
        effects.extend(persist(peer, id));
    }
    effects.extend(leaf.map(|act| Effect::AppendLeaf { act, id, digest }));
    if leaf == Some(LeafAct::Received) {
        peer.holdings.received.add(id, digest);
        effects.push(Effect::Persist(Row::Holdings(peer.holdings.clone())));
        effects.extend(reconcile::close(peer, id));
        effects.push(Effect::HandUp { id });
    }
    effects.extend(answer(peer, id));
    effects
}

/// An envelope that may be anybody's. It is refused and leaves the id free; a second time it is
/// refused without being written down again.
fn damaged(
    peer: &mut Peer,
    id: MessageId,
    digest: Digest,
    code: RefusalCode,
    envelope: Digest,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    if note_refused(peer, id, envelope, &code) {
        effects.extend(persist(peer, id));
        effects.push(Effect::AppendLeaf {
            act: LeafAct::Refused,
            id,
            digest,
        });
        effects.push(Effect::Alarm(Alarm::Damaged {
            id,
            code: code.clone(),
        }));
    }
    effects.push(Effect::GiveRefusal { id, digest, code });
    effects
}

/// A second message of the peer under an id that is taken.
fn conflict(peer: &mut Peer, id: MessageId, held: Digest, shown: Digest) -> Vec<Effect> {
    let code = RefusalCode::Conflict;
    let mut effects = Vec::new();
    if note_refused(peer, id, shown, &code) {
        effects.extend(persist(peer, id));
        effects.push(Effect::AppendLeaf {
            act: LeafAct::Refused,
            id,
            digest: shown,
        });
        effects.push(Effect::KeepEvidence(Evidence::Conflict { id, held, shown }));
        effects.push(Effect::Alarm(Alarm::Conflict { id }));
    }
    effects.push(Effect::GiveRefusal {
        id,
        digest: shown,
        code,
    });
    effects
}

/// True if the refusal is new and there is room to write it down.
fn note_refused(peer: &mut Peer, id: MessageId, key: Digest, code: &RefusalCode) -> bool {
    let refused = &mut peer.inbox.entry(id).or_default().refused;
    // Counted apart, so that no heap of damaged envelopes hides a conflict.
    let alike = refused
        .values()
        .filter(|held| held.is_damage() == code.is_damage())
        .count();
    if refused.contains_key(&key) || alike >= REFUSED_PER_ID_MAX {
        return false;
    }
    refused.insert(key, code.clone());
    true
}

fn persist(peer: &Peer, id: MessageId) -> Vec<Effect> {
    peer.inbox
        .get(&id)
        .map(|incoming: &Incoming| Effect::Persist(Row::Incoming(id, incoming.clone())))
        .into_iter()
        .collect()
}
