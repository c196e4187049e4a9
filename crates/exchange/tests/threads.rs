//! Threads and requests, case by case: both sides, any order.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::time::Duration;

use exchange::{
    model::Kind,
    state::{Act, Allowed, Ended, Overdue, RequestState, SILENCE, Said, Thread, ThreadState},
};
use kernel::{MessageId, PartyCode, SeededRng, Timestamp};
use proptest::prelude::*;

fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

fn id(n: u64) -> MessageId {
    MessageId::random(&SeededRng::new(n))
}

fn at(hours: u64) -> Timestamp {
    Timestamp::from_micros(1_795_262_400_000_000).plus(Duration::from_hours(hours))
}

fn said(n: u64, hours: u64, by: &str, kind: Kind, act: Act) -> Said {
    let asks = act == Act::Ask;
    Said {
        id: id(n),
        kind,
        by: party(by),
        to: party(if by == "XA" { "XB" } else { "XA" }),
        sent: at(hours),
        ack_due: asks.then(|| at(hours + 24)),
        answer_due: asks.then(|| at(hours + 72)),
        act,
    }
}

fn close(n: u64, hours: u64, by: &str, covers: &[u64]) -> Said {
    let covers = covers.iter().map(|n| id(*n)).collect();
    said(n, hours, by, Kind::Close, Act::Close { covers })
}

/// A whole exchange: asked, acknowledged, asked back, answered, closed by both.
fn story() -> Vec<Said> {
    let request = id(1);
    vec![
        said(1, 0, "XA", Kind::Rfm, Act::Ask),
        said(2, 5, "XB", Kind::Ack, Act::Acknowledge { request }),
        said(3, 10, "XB", Kind::Clarify, Act::Question { request }),
        said(
            4,
            40,
            "XA",
            Kind::Clarify,
            Act::Answer {
                request,
                question: id(3),
            },
        ),
        said(5, 50, "XB", Kind::Update, Act::Progress { request }),
        said(6, 80, "XB", Kind::Resp, Act::Respond { request }),
        close(7, 90, "XB", &[1]),
        close(8, 95, "XA", &[1]),
    ]
}

fn thread(said: impl IntoIterator<Item = Said>) -> Thread {
    let mut thread = Thread::new(party("XB"), party("XA"));
    for one in said {
        thread.add(one).unwrap();
    }
    thread
}

fn states(count: usize) -> (RequestState, ThreadState) {
    let thread = thread(story().into_iter().take(count));
    let now = at(100);
    (thread.request(id(1), now).unwrap().state, thread.state(now))
}

#[test]
fn a_request_goes_from_open_to_closed() {
    let open = ThreadState::Open;
    assert_eq!(states(1), (RequestState::Open, open.clone()));
    assert_eq!(states(2), (RequestState::Acknowledged, open.clone()));
    assert_eq!(
        states(3),
        (RequestState::Clarifying { questions: 1 }, open.clone())
    );
    assert_eq!(states(4), (RequestState::InProgress, open.clone()));
    assert_eq!(states(6), (RequestState::Responded, open));
    assert_eq!(states(7).1, ThreadState::Closing { by: party("XB") });
    assert_eq!(states(8).1, ThreadState::Closed { how: Ended::Both });
}

#[test]
fn clocks_stand_still_while_the_asker_is_asked() {
    let thread = thread(story());
    let request = thread.request(id(1), at(100)).unwrap();
    assert_eq!(request.gross(at(100)), Duration::from_hours(80));
    assert_eq!(request.net(at(100)), Duration::from_hours(50));
    assert_eq!(request.acknowledged, Some(at(5)));
    assert_eq!(request.answer_due_now(at(100)), Some(at(102)));
}

#[test]
fn an_answer_that_overtakes_its_acknowledgement_is_an_answer() {
    let mut story = story();
    let (response, ack, ask) = (story.remove(5), story.remove(1), story.remove(0));
    let mut thread = thread([response, ask]);
    let request = thread.request(id(1), at(100)).unwrap();
    assert_eq!(
        (request.state, request.acknowledged),
        (RequestState::Responded, Some(at(80)))
    );
    thread.add(ack).unwrap();
    let request = thread.request(id(1), at(100)).unwrap();
    assert_eq!(
        (request.state, request.acknowledged),
        (RequestState::Responded, Some(at(5)))
    );
    assert_eq!(request.overdue(at(1_000)), Overdue::default());
}

#[test]
fn what_comes_before_its_request_waits_for_it() {
    let mut story = story();
    let ask = story.remove(0);
    let mut thread = thread(story);
    assert_eq!(thread.requests(at(100)), []);
    thread.add(ask).unwrap();
    assert_eq!(thread.requests(at(100)).len(), 1);
    assert_eq!(
        thread.state(at(100)),
        ThreadState::Closed { how: Ended::Both }
    );
}

#[test]
fn a_new_question_opens_a_closed_thread_even_if_it_was_asked_earlier_by_the_clock() {
    let mut thread = thread(story());
    // Its clock is behind: by the stated times it came before both closes, which did not know it.
    thread.add(said(9, 1, "XA", Kind::Rfi, Act::Ask)).unwrap();
    assert_eq!(thread.state(at(100)), ThreadState::Open);
    assert_eq!(
        thread.request(id(1), at(100)).unwrap().state,
        RequestState::Responded
    );
    thread.add(close(10, 101, "XB", &[1, 9])).unwrap();
    thread.add(close(11, 102, "XA", &[9])).unwrap();
    assert_eq!(
        thread.state(at(110)),
        ThreadState::Closed { how: Ended::Both }
    );
    assert_eq!(
        thread.request(id(9), at(110)).unwrap().state,
        RequestState::Expired
    );
}

#[test]
fn thirty_days_of_silence_close_after_notice() {
    let after = |hours: u64| at(90).plus(SILENCE).plus(Duration::from_hours(hours));
    let mut thread = thread(story().into_iter().take(7));
    let closing = ThreadState::Closing { by: party("XB") };
    assert_eq!(thread.closes_at(at(95)), Some(after(0)));
    assert_eq!(thread.state(at(90 + 24 * 29)), closing);
    assert_eq!(
        thread.state(after(0)),
        ThreadState::Closed {
            how: Ended::Silence { by: party("XB") }
        }
    );
    // A word breaks the silence, which then begins anew.
    let update = Act::Progress { request: id(1) };
    thread
        .add(said(9, 190, "XA", Kind::Update, update))
        .unwrap();
    assert_eq!(thread.state(after(0)), closing);
    assert_eq!(thread.closes_at(at(200)), Some(after(100)));
    assert_eq!(thread.state(after(100)).code(), "closed");
}

#[test]
fn an_unanswered_request_expires_with_its_thread_and_a_late_answer_still_counts() {
    let mut thread = thread([
        said(1, 0, "XA", Kind::Rfi, Act::Ask),
        close(2, 1, "XA", &[1]),
        close(3, 2, "XB", &[1]),
    ]);
    assert_eq!(
        thread.request(id(1), at(3)).unwrap().state,
        RequestState::Expired
    );
    thread
        .add(said(
            4,
            4,
            "XB",
            Kind::Resp,
            Act::Respond { request: id(1) },
        ))
        .unwrap();
    assert_eq!(
        thread.request(id(1), at(5)).unwrap().state,
        RequestState::Responded
    );
}

#[test]
fn what_is_taken_back_was_not_said() {
    let withdraw = |n, by: &str, target| {
        said(
            n,
            99,
            by,
            Kind::Withdraw,
            Act::Withdraw { target: id(target) },
        )
    };
    let mut thread = thread(story().into_iter().take(6));
    thread.add(withdraw(20, "XB", 6)).unwrap();
    assert_eq!(
        thread.request(id(1), at(100)).unwrap().state,
        RequestState::InProgress
    );
    // Nobody takes back what another said, or a taking-back.
    thread.add(withdraw(21, "XB", 1)).unwrap();
    thread.add(withdraw(22, "XB", 20)).unwrap();
    assert_eq!(
        thread.request(id(1), at(100)).unwrap().state,
        RequestState::InProgress
    );
    thread.add(withdraw(23, "XA", 1)).unwrap();
    assert_eq!(
        thread.request(id(1), at(100)).unwrap().state,
        RequestState::Withdrawn
    );
    assert!(
        !thread
            .allowed(&party("XB"), at(100))
            .contains(&Allowed::Respond {
                request: id(1),
                kind: Kind::Resp
            })
    );
}

#[test]
fn the_wrong_side_changes_nothing() {
    let request = id(1);
    let mut thread = thread(story().into_iter().take(1));
    let before = thread.requests(at(100));
    for (n, act) in [
        Act::Acknowledge { request },
        Act::Question { request },
        Act::Respond { request },
    ]
    .into_iter()
    .enumerate()
    {
        let n = 30 + u64::try_from(n).unwrap();
        thread.add(said(n, 9, "XA", Kind::Resp, act)).unwrap();
    }
    assert_eq!(thread.requests(at(100)), before);
    let mut stranger = said(40, 9, "XA", Kind::Rfi, Act::Ask);
    stranger.by = party("XC");
    assert!(thread.add(stranger).is_err());
}

#[test]
fn pages_offer_what_the_machine_allows() {
    let request = id(1);
    let thread = thread(story().into_iter().take(3));
    let kind = Kind::Resp;
    assert_eq!(
        thread.allowed(&party("XB"), at(20)),
        [
            Allowed::Ask,
            Allowed::Progress { request },
            Allowed::Question { request },
            Allowed::Respond { request, kind },
            Allowed::Withdraw { target: id(2) },
            Allowed::Withdraw { target: id(3) },
        ]
        .into_iter()
        .collect::<Vec<_>>()
        .tap_sorted(),
    );
    let asker = thread.allowed(&party("XA"), at(20));
    assert!(asker.contains(&Allowed::Answer {
        request,
        question: id(3)
    }));
    assert!(asker.contains(&Allowed::Close));
    assert!(asker.contains(&Allowed::Withdraw { target: request }));
    assert!(!thread.permits(&party("XA"), &Act::Respond { request }, Kind::Resp, at(20)));
    assert!(!thread.permits(&party("XB"), &Act::Respond { request }, Kind::Pong, at(20)));
    assert!(thread.permits(&party("XB"), &Act::Respond { request }, Kind::Resp, at(20)));
}

/// Own messages stand in the order of their ids, which the test does not fix.
trait TapSorted {
    fn tap_sorted(self) -> Self;
}

impl TapSorted for Vec<Allowed> {
    fn tap_sorted(mut self) -> Self {
        let by_id = |allowed: &Allowed| match allowed {
            Allowed::Withdraw { target } => Some(*target),
            _ => None,
        };
        self.sort_by_key(|allowed| by_id(allowed));
        self
    }
}

#[test]
fn an_answered_ping_closes_itself() {
    let mut thread = thread([said(1, 0, "XA", Kind::Ping, Act::Ask)]);
    let pong = Allowed::Respond {
        request: id(1),
        kind: Kind::Pong,
    };
    assert!(thread.allowed(&party("XB"), at(1)).contains(&pong));
    thread
        .add(said(
            2,
            1,
            "XB",
            Kind::Pong,
            Act::Respond { request: id(1) },
        ))
        .unwrap();
    assert_eq!(
        thread.state(at(2)),
        ThreadState::Closed {
            how: Ended::Answered
        }
    );
    assert!(!thread.allowed(&party("XB"), at(2)).contains(&pong));
}

proptest! {
    #[test]
    fn any_order_and_any_doubling_give_one_view(order in Just(()).prop_flat_map(|()| {
        let twice: Vec<usize> = (0..8).chain(0..8).collect();
        Just(twice).prop_shuffle()
    })) {
        let story = story();
        let shuffled = thread(order.into_iter().map(|n| story[n].clone()));
        let whole = thread(story);
        prop_assert_eq!(shuffled.state(at(100)), whole.state(at(100)));
        prop_assert_eq!(shuffled.requests(at(100)), whole.requests(at(100)));
        prop_assert_eq!(shuffled, whole);
    }
}
