//! What goes out.

use federation::{
    protocol::{Alarm, Exposure, LeafAct, Phase, Row, STEPS_UNTIL_UNDELIVERABLE},
    state::RefusalCode,
};

use crate::*;

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
