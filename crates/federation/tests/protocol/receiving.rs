//! What comes in.

use federation::{
    protocol::{Alarm, Evidence, Later, LeafAct, REFUSED_PER_ID_MAX, Stage},
    state::RefusalCode,
};

use crate::*;

#[test]
fn a_second_copy_gets_the_same_receipt_and_nothing_else() {
    let mut peer = Peer::default();
    assert_eq!(
        done(arrive(&mut peer, "header", Verdict::Accept, none())),
        [
            Effect::AppendLeaf {
                act: LeafAct::Received,
                id: id(1),
                digest: digest("header")
            },
            Effect::HandUp { id: id(1) },
            Effect::GiveReceipt { id: id(1) },
        ]
    );
    let before = peer.clone();
    // A key set that has expired since then does not undo what was accepted.
    for verdict in [Verdict::Accept, Verdict::Refuse(RefusalCode::KeySetExpired)] {
        let effects = arrive(&mut peer, "header", verdict, none());
        assert_eq!(effects, [Effect::GiveReceipt { id: id(1) }]);
    }
    assert_eq!(peer, before);
}

#[test]
fn no_receipt_before_every_file_is_there() {
    let mut peer = Peer::default();
    let missing: BTreeSet<_> = [digest("body"), digest("map")].into();
    let wanted = |missing: BTreeSet<Digest>| [Effect::GiveWanted { id: id(1), missing }];
    let effects = arrive(&mut peer, "header", Verdict::Accept, missing.clone());
    assert_eq!(done(effects), wanted(missing.clone()));
    assert_eq!(
        arrive(&mut peer, "header", Verdict::Accept, missing.clone()),
        wanted(missing)
    );
    let one: BTreeSet<_> = [digest("map")].into();
    let files = |missing, verdict| Input::Files {
        id: id(1),
        missing,
        verdict,
    };
    let effects = handle(&mut peer, files(one.clone(), Verdict::Accept));
    assert_eq!(done(effects), wanted(one.clone()));
    assert_eq!(
        handle(&mut peer, Input::ReceiptAsked { id: id(1) }),
        wanted(one)
    );
    let last = done(handle(&mut peer, files(none(), Verdict::Accept)));
    assert_eq!(last.last(), Some(&Effect::GiveReceipt { id: id(1) }));
    assert!(last.contains(&Effect::HandUp { id: id(1) }));
    let again = handle(&mut peer, files(none(), Verdict::Accept));
    assert_eq!(again, [Effect::GiveReceipt { id: id(1) }]);
}

#[test]
fn a_body_that_breaks_a_rule_is_refused_when_it_is_there() {
    let mut peer = Peer::default();
    arrive(
        &mut peer,
        "header",
        Verdict::Accept,
        [digest("body")].into(),
    );
    let code = RefusalCode::CopyDiffers;
    let verdict = Verdict::Refuse(code.clone());
    let effects = done(handle(
        &mut peer,
        Input::Files {
            id: id(1),
            missing: none(),
            verdict,
        },
    ));
    let refusal = Effect::GiveRefusal {
        id: id(1),
        digest: digest("header"),
        code,
    };
    assert!(!effects.contains(&Effect::HandUp { id: id(1) }));
    assert_eq!(effects.last(), Some(&refusal));
    assert_eq!(
        arrive(&mut peer, "header", Verdict::Accept, none()),
        [refusal]
    );
}

#[test]
fn a_damaged_envelope_leaves_the_id_free() {
    let mut peer = Peer::default();
    let damaged = |n: usize| Verdict::Damaged {
        code: RefusalCode::BadSignature,
        envelope: digest(&format!("bytes {n}")),
    };
    let leaves = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|e| matches!(e, Effect::AppendLeaf { .. }))
            .count()
    };
    assert_eq!(leaves(&arrive(&mut peer, "header", damaged(0), none())), 1);
    assert_eq!(leaves(&arrive(&mut peer, "header", damaged(0), none())), 0);
    let written: usize = (1..100)
        .map(|n| leaves(&arrive(&mut peer, "header", damaged(n), none())))
        .sum();
    assert_eq!(written, REFUSED_PER_ID_MAX - 1);
    // The true one is taken all the same, and a conflict is still seen.
    let effects = arrive(&mut peer, "header", Verdict::Accept, none());
    assert_eq!(effects.last(), Some(&Effect::GiveReceipt { id: id(1) }));
    let effects = arrive(&mut peer, "other", Verdict::Accept, none());
    assert!(effects.contains(&Effect::Alarm(Alarm::Conflict { id: id(1) })));
}

#[test]
fn two_messages_under_one_id_are_kept_as_evidence() {
    let mut peer = Peer::default();
    arrive(&mut peer, "header", Verdict::Accept, none());
    let effects = done(arrive(&mut peer, "other", Verdict::Accept, none()));
    let (held, shown) = (digest("header"), digest("other"));
    let code = RefusalCode::Conflict;
    let refusal = Effect::GiveRefusal {
        id: id(1),
        digest: shown,
        code,
    };
    assert_eq!(
        effects,
        [
            Effect::AppendLeaf {
                act: LeafAct::Refused,
                id: id(1),
                digest: shown
            },
            Effect::KeepEvidence(Evidence::Conflict {
                id: id(1),
                held,
                shown
            }),
            Effect::Alarm(Alarm::Conflict { id: id(1) }),
            refusal.clone(),
        ]
    );
    assert_eq!(
        arrive(&mut peer, "other", Verdict::Accept, none()),
        [refusal]
    );
    let bound = peer.inbox.get(&id(1)).unwrap().bound.clone().unwrap();
    assert_eq!(
        (bound.digest, bound.stage),
        (held, Stage::Received { grade: Grade::Own })
    );
}

#[test]
fn what_cannot_be_judged_now_is_not_written_down() {
    let mut peer = Peer::default();
    let why = Later::KeySetUnknown;
    let effects = arrive(&mut peer, "header", Verdict::Later(why), none());
    assert_eq!(effects, [Effect::Defer { id: id(1), why }]);
    assert_eq!(peer, Peer::default());
}
