//! What the protocol does, case by case.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::collections::{BTreeMap, BTreeSet};

use federation::{
    model::Digest,
    protocol::{
        Alarm, Consistency, Effect, Evidence, Exposure, Failure, Gap, Head, Holdings, Input, Later,
        LeafAct, Peer, Phase, REFUSED_PER_ID_MAX, ReceiptVerdict, Row, STEPS_UNTIL_UNDELIVERABLE,
        Stage, Standing, Verdict, handle,
    },
    state::{Delivery, Grade, RefusalCode},
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

#[test]
fn a_message_is_written_and_timed_before_it_is_sent() {
    let mut peer = Peer::default();
    let effects = submit(&mut peer, 1);
    assert!(matches!(effects[0], Effect::Persist(Row::Outgoing(..))));
    assert_eq!(
        done(effects.clone()),
        [
            Effect::AppendLeaf {
                act: LeafAct::Sent,
                id: id(1),
                digest: digest("header")
            },
            Effect::Schedule {
                id: id(1),
                attempt: 1,
                step: 1
            },
            Effect::Transmit { id: id(1) },
        ]
    );
    let phases: Vec<Phase> = effects.iter().map(Effect::phase).collect();
    let first_after = phases.iter().position(|p| *p == Phase::After).unwrap();
    assert!(phases[first_after..].iter().all(|p| *p == Phase::After));
    assert_eq!(submit(&mut peer, 1), []);
}

#[test]
fn a_stale_timer_changes_nothing() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    due(&mut peer);
    let before = peer.clone();
    assert_eq!(
        handle(
            &mut peer,
            Input::Due {
                id: id(1),
                attempt: 1
            }
        ),
        []
    );
    assert_eq!(peer, before);
}

#[test]
fn what_cannot_be_delivered_is_said_and_still_tried() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    let mut alarms = Vec::new();
    for _ in 0..3 * STEPS_UNTIL_UNDELIVERABLE {
        alarms.extend(done(fail(&mut peer, Failure::Unreachable)));
        assert!(due(&mut peer).contains(&Effect::Transmit { id: id(1) }));
    }
    assert_eq!(
        alarms,
        [Effect::Alarm(Alarm::Undeliverable {
            id: id(1),
            since: NOON
        })]
    );
    assert_eq!(delivery(&peer), &Delivery::Undeliverable { since: NOON });
    receipt(&mut peer, Grade::Own);
    assert_eq!(delivery(&peer), &Delivery::Receipted { grade: Grade::Own });
    assert_eq!(due(&mut peer), []);
}

#[test]
fn a_peer_that_names_witnesses_is_asked_until_they_have_signed() {
    let mut peer = Peer {
        witnessed: true,
        ..Peer::default()
    };
    submit(&mut peer, 1);
    let effects = done(receipt(&mut peer, Grade::Own));
    assert_eq!(
        effects,
        [Effect::Schedule {
            id: id(1),
            attempt: 2,
            step: 1
        }]
    );
    assert!(due(&mut peer).contains(&Effect::AskReceipt { id: id(1) }));
    receipt(&mut peer, Grade::Witnessed);
    assert_eq!(
        delivery(&peer),
        &Delivery::Receipted {
            grade: Grade::Witnessed
        }
    );
    assert_eq!(due(&mut peer), []);
    assert_eq!(peer.holdings.sent.count, 1);
}

#[test]
fn a_bad_receipt_proves_nothing() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    let alarm = [Effect::Alarm(Alarm::BadReceipt { id: id(1) })];
    let bad = Input::Receipt {
        id: id(1),
        digest: digest("header"),
        verdict: ReceiptVerdict::Bad,
    };
    assert_eq!(handle(&mut peer, bad), alarm);
    let verdict = ReceiptVerdict::Valid(Grade::Own);
    let other = Input::Receipt {
        id: id(1),
        digest: digest("other"),
        verdict,
    };
    assert_eq!(handle(&mut peer, other), alarm);
    assert_eq!(delivery(&peer), &Delivery::Queued);
}

#[test]
fn a_refusal_is_final_unless_it_speaks_of_something_else() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    let refuse = |header: &str, code: RefusalCode| Input::Refusal {
        id: id(1),
        digest: digest(header),
        code,
    };
    for altered in [
        refuse("other", RefusalCode::TooLarge),
        refuse("header", RefusalCode::BadSignature),
    ] {
        let effects = done(handle(&mut peer, altered));
        assert_eq!(
            effects,
            [Effect::Alarm(Alarm::AlteredOnTheWay { id: id(1) })]
        );
        assert!(due(&mut peer).contains(&Effect::Transmit { id: id(1) }));
    }
    handle(&mut peer, refuse("header", RefusalCode::TooLarge));
    assert_eq!(
        delivery(&peer),
        &Delivery::Refused {
            code: RefusalCode::TooLarge
        }
    );
    assert_eq!(due(&mut peer), []);
    receipt(&mut peer, Grade::Own);
    assert_eq!(
        handle(&mut peer, refuse("header", RefusalCode::TooLarge)),
        [Effect::Alarm(Alarm::Contradiction { id: id(1) })]
    );
    assert_eq!(delivery(&peer), &Delivery::Receipted { grade: Grade::Own });
}

#[test]
fn a_message_is_held_back_only_while_no_byte_has_left() {
    let withdrawn = |history: &[Failure]| {
        let mut peer = Peer::default();
        submit(&mut peer, 1);
        for failure in history {
            fail(&mut peer, *failure);
            due(&mut peer);
        }
        fail(&mut peer, Failure::Unreachable);
        handle(&mut peer, Input::Withdraw { id: id(1) });
        let out = peer.outbox.get(&id(1)).unwrap();
        assert!(out.withdrawn);
        (out.delivery.code(), due(&mut peer).is_empty())
    };
    assert_eq!(withdrawn(&[]), ("withdrawn", true));
    assert_eq!(withdrawn(&[Failure::Unreachable; 20]), ("withdrawn", true));
    assert_eq!(withdrawn(&[Failure::Interrupted]), ("queued", false));

    // A try whose end nobody saw counts as having got through.
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    due(&mut peer);
    fail(&mut peer, Failure::Unreachable);
    handle(&mut peer, Input::Withdraw { id: id(1) });
    assert_eq!(delivery(&peer), &Delivery::Queued);
    assert_eq!(
        peer.outbox.get(&id(1)).unwrap().exposure,
        Exposure::Possible
    );
}

#[test]
fn a_carried_message_is_still_tried_and_still_receipted() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    handle(&mut peer, Input::Carry { id: id(1) });
    for _ in 0..2 * STEPS_UNTIL_UNDELIVERABLE {
        fail(&mut peer, Failure::Unreachable);
        assert!(due(&mut peer).contains(&Effect::Transmit { id: id(1) }));
    }
    assert_eq!(delivery(&peer), &Delivery::Carried);
    receipt(&mut peer, Grade::Own);
    assert_eq!(delivery(&peer), &Delivery::Receipted { grade: Grade::Own });
}

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

fn head(size: u64, root: &str) -> Head {
    Head {
        size,
        root: digest(root),
    }
}

fn show(peer: &mut Peer, head: Head, consistency: Consistency) -> Vec<Effect> {
    handle(peer, Input::Checkpoint { head, consistency })
}

#[test]
fn two_ledgers_freeze_the_peer_until_a_person_decides() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    let (known, shown) = (head(5, "five"), head(7, "forged"));
    show(&mut peer, known, Consistency::Unknown);
    assert_eq!(
        done(show(&mut peer, shown, Consistency::Failed)),
        [
            Effect::KeepEvidence(Evidence::SplitView { known, shown }),
            Effect::Alarm(Alarm::SplitView { known, shown }),
        ]
    );
    // Its messages are taken, without a receipt.
    let effects = done(handle(
        &mut peer,
        Input::Arrived {
            id: id(2),
            digest: digest("theirs"),
            verdict: Verdict::Accept,
            missing: none(),
        },
    ));
    assert!(effects.contains(&Effect::HandUp { id: id(2) }));
    assert_eq!(effects.last(), Some(&Effect::Withhold { id: id(2) }));
    // Its receipts count for nothing.
    let held = Effect::KeepEvidence(Evidence::HeldReceipt { id: id(1) });
    assert_eq!(receipt(&mut peer, Grade::Witnessed), [held]);
    assert_eq!(delivery(&peer), &Delivery::Queued);
    // It does not free itself.
    assert_eq!(
        handle(
            &mut peer,
            Input::Restored {
                head: head(9, "new")
            }
        ),
        []
    );
    assert_eq!(show(&mut peer, head(9, "nine"), Consistency::Proven), []);
    assert_eq!(peer.standing, Standing::Frozen { known, shown });

    handle(
        &mut peer,
        Input::Thaw {
            head: head(9, "nine"),
        },
    );
    let asked = handle(&mut peer, Input::ReceiptAsked { id: id(2) });
    assert_eq!(asked, [Effect::GiveReceipt { id: id(2) }]);
    receipt(&mut peer, Grade::Own);
    assert_eq!(delivery(&peer), &Delivery::Receipted { grade: Grade::Own });
}

#[test]
fn checkpoints_that_come_late_or_unproven_do_no_harm() {
    let mut peer = Peer::default();
    show(&mut peer, head(5, "five"), Consistency::Unknown);
    show(&mut peer, head(8, "eight"), Consistency::Proven);
    assert_eq!(show(&mut peer, head(5, "five"), Consistency::Proven), []);
    let (known, shown) = (head(8, "eight"), head(9, "nine"));
    assert_eq!(
        show(&mut peer, shown, Consistency::Unknown),
        [Effect::AskConsistency { known, shown }]
    );
    assert_eq!(peer.head, Some(known));
    // One size with two roots needs no proof.
    show(&mut peer, head(8, "other"), Consistency::Proven);
    assert!(matches!(peer.standing, Standing::Frozen { .. }));
}

fn named(peer: &mut Peer, sent: &[(u64, &str)], received: &[(u64, &str)]) -> Vec<Effect> {
    let map = |list: &[(u64, &str)]| -> BTreeMap<_, _> {
        list.iter()
            .map(|(n, header)| (id(*n), digest(header)))
            .collect()
    };
    handle(
        peer,
        Input::Named {
            sent: map(sent),
            received: map(received),
        },
    )
}

#[test]
fn notes_agree_in_any_order() {
    let (mut ours, mut theirs) = (Holdings::default(), Holdings::default());
    for n in 0..50 {
        ours.sent.add(id(n), digest("header"));
        theirs.received.add(id(49 - n), digest("header"));
    }
    assert!(ours.agrees_with(&theirs));
    theirs.received.add(id(50), digest("header"));
    assert!(!ours.agrees_with(&theirs));
    assert_eq!(
        handle(&mut Peer::default(), Input::Compare { theirs }),
        [Effect::NameHoldings]
    );
}

#[test]
fn every_difference_is_named_and_closed_when_it_is_resolved() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    receipt(&mut peer, Grade::Own);
    let effects = done(named(&mut peer, &[(2, "theirs")], &[(3, "forgotten")]));
    let alarm = |n, gap| Effect::Alarm(Alarm::Gap { id: id(n), gap });
    assert_eq!(
        effects,
        [
            alarm(3, Gap::WeForgot),
            Effect::FetchBack { id: id(3) },
            alarm(1, Gap::TheyMiss),
            Effect::Transmit { id: id(1) },
            alarm(2, Gap::WeMiss),
            Effect::AskAgain { id: id(2) },
        ]
    );
    // Said once, tried again.
    let effects = done(named(&mut peer, &[(2, "theirs")], &[(3, "forgotten")]));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Alarm(_)))
    );
    assert_eq!(effects.len(), 3);

    receipt(&mut peer, Grade::Own);
    let grade = Grade::Own;
    handle(
        &mut peer,
        Input::Recovered {
            id: id(3),
            digest: digest("forgotten"),
            grade,
        },
    );
    handle(
        &mut peer,
        Input::Arrived {
            id: id(2),
            digest: digest("theirs"),
            verdict: Verdict::Accept,
            missing: none(),
        },
    );
    assert_eq!(peer.gaps, BTreeMap::new());
    assert_eq!(
        (peer.holdings.sent.count, peer.holdings.received.count),
        (2, 1)
    );
}

#[test]
fn what_is_on_its_way_is_no_difference() {
    let mut peer = Peer::default();
    submit(&mut peer, 1);
    assert_eq!(named(&mut peer, &[], &[]), []);
    // They have it and their receipt was lost: it is asked for again.
    let effects = named(&mut peer, &[], &[(1, "header")]);
    assert!(effects.contains(&Effect::Transmit { id: id(1) }));
    assert_eq!(peer.gaps, BTreeMap::new());
}
