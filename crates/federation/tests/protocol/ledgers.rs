//! The peer's ledger, and comparing notes.

use std::collections::BTreeMap;

use federation::protocol::{Alarm, Consistency, Evidence, Gap, Head, Holdings, Standing};

use crate::*;

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
