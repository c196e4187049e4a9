//! Requests and threads on both sides, checked over every order of acts and arrivals.
//!
//! Each side does what its own view allows; messages arrive once each, in any order, at any time
//! (delivering exactly once is the business of `federation`, and checked there). Two things are
//! shown: whoever holds the same messages sees the same, and a step that a side takes is the step
//! of the two machines.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::{collections::BTreeSet, time::Duration};

use exchange::{
    model::Kind,
    state::{
        Act, Allowed, Ended, RequestEvent, RequestState, SILENCE, Said, Thread, ThreadEvent,
        ThreadState,
    },
};
use kernel::{MessageId, PartyCode, SeededRng, Timestamp};
use stateright::{Checker, Model, Property};

const START: Timestamp = Timestamp::from_micros(1_795_262_400_000_000);

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct World {
    views: [Thread; 2],
    /// How much each side has said.
    said: [u64; 2],
    /// What is on its way: to whom, and what.
    flight: BTreeSet<(usize, MessageId)>,
    /// True once a month has passed.
    late: bool,
    /// A step that was not the machines' step.
    broken: Option<&'static str>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Say { side: usize, allowed: Allowed },
    Arrive { to: usize, id: MessageId },
    MonthPasses,
}

struct Talk {
    /// The most messages of each side.
    words: [u64; 2],
    /// The most asking messages of both together.
    asks_max: usize,
    withdrawals: bool,
}

fn party(side: usize) -> PartyCode {
    ["XA", "XB"][side].parse().unwrap()
}

impl World {
    fn now(&self) -> Timestamp {
        if self.late {
            START.plus(SILENCE * 2)
        } else {
            START.plus(Duration::from_hours(1))
        }
    }

    fn say(&mut self, side: usize, allowed: Allowed) {
        let view = &self.views[side];
        let (kind, act) = match allowed {
            Allowed::Ask => (Kind::Rfm, Act::Ask),
            Allowed::Acknowledge { request } => (Kind::Ack, Act::Acknowledge { request }),
            Allowed::Progress { request } => (Kind::Update, Act::Progress { request }),
            Allowed::Question { request } => (Kind::Clarify, Act::Question { request }),
            Allowed::Answer { request, question } => {
                (Kind::Clarify, Act::Answer { request, question })
            }
            Allowed::Respond { request, kind } => (kind, Act::Respond { request }),
            Allowed::Withdraw { target } => (Kind::Withdraw, Act::Withdraw { target }),
            Allowed::Close => (
                Kind::Close,
                Act::Close {
                    covers: view.asks().collect(),
                },
            ),
        };
        let number = u64::try_from(side).unwrap() * 100 + self.said[side];
        let id = MessageId::random(&SeededRng::new(number));
        // One side's clock is behind by half an hour.
        let skew = Duration::from_mins(30) * u32::try_from(side).unwrap();
        let sent = self
            .now()
            .minus(skew)
            .plus(Duration::from_secs(self.said[side]));
        let said = Said {
            id,
            kind,
            by: party(side),
            to: party(1 - side),
            sent,
            ack_due: None,
            answer_due: None,
            act: act.clone(),
        };
        let before = self.views[side].clone();
        self.views[side].add(said).unwrap();
        self.said[side] += 1;
        self.flight.insert((1 - side, id));
        self.compare(side, &before, &act);
    }

    /// Holds what the step did to the view against what the machines say.
    fn compare(&mut self, side: usize, before: &Thread, act: &Act) {
        let now = self.now();
        let after = &self.views[side];
        let (event, request) = match act {
            Act::Ask => (ThreadEvent::Ask, None),
            Act::Acknowledge { request } => {
                (ThreadEvent::Say, Some((request, RequestEvent::Acknowledge)))
            }
            Act::Progress { request } => {
                (ThreadEvent::Say, Some((request, RequestEvent::Progress)))
            }
            Act::Question { request } => {
                (ThreadEvent::Say, Some((request, RequestEvent::Question)))
            }
            Act::Answer { request, .. } => {
                (ThreadEvent::Say, Some((request, RequestEvent::Answer)))
            }
            Act::Respond { request } => (ThreadEvent::Say, Some((request, RequestEvent::Respond))),
            Act::Close { .. } => (ThreadEvent::Close { by: party(side) }, None),
            // Taking back goes back in time; only the request itself has a step for it.
            Act::Withdraw { target } => {
                if let Some(request) = before.request(*target, now) {
                    let expected = request.state.advance(RequestEvent::Withdraw);
                    if expected != Ok(after.request(*target, now).unwrap().state) {
                        self.broken = Some("withdraw");
                    }
                }
                return;
            }
        };
        if before.state(now).advance(event) != Ok(after.state(now)) {
            self.broken = Some("thread");
        }
        if let Some((id, event)) = request {
            let expected = before.request(*id, now).unwrap().state.advance(event);
            if expected != Ok(after.request(*id, now).unwrap().state) {
                self.broken = Some("request");
            }
        }
    }

    fn quiet(&self) -> bool {
        self.flight.is_empty()
    }

    fn states(&self, side: usize) -> Vec<RequestState> {
        let requests = self.views[side].requests(self.now());
        requests.into_iter().map(|request| request.state).collect()
    }

    fn any_request(&self, state: RequestState) -> bool {
        self.states(0).contains(&state)
    }
}

impl Model for Talk {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let view = Thread::new(party(0), party(1));
        let mut world = World {
            views: [view.clone(), view],
            said: [0, 0],
            flight: BTreeSet::new(),
            late: false,
            broken: None,
        };
        world.say(0, Allowed::Ask);
        vec![world]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for side in 0..2 {
            if world.said[side] >= self.words[side] {
                continue;
            }
            let asked = world.views[side].asks().count();
            for allowed in world.views[side].allowed(&party(side), world.now()) {
                let within = match allowed {
                    Allowed::Ask => asked < self.asks_max,
                    Allowed::Withdraw { .. } => self.withdrawals,
                    _ => true,
                };
                if within {
                    steps.push(Step::Say { side, allowed });
                }
            }
        }
        for (to, id) in &world.flight {
            steps.push(Step::Arrive { to: *to, id: *id });
        }
        if !world.late {
            steps.push(Step::MonthPasses);
        }
    }

    fn next_state(&self, last: &World, step: Step) -> Option<World> {
        let mut world = last.clone();
        match step {
            Step::Say { side, allowed } => world.say(side, allowed),
            Step::Arrive { to, id } => {
                let said = world.views[1 - to].message(id).unwrap().clone();
                world.flight.remove(&(to, id));
                world.views[to].add(said).unwrap();
            }
            Step::MonthPasses => world.late = true,
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("a step is the machines' step", |_, world: &World| {
                world.broken.is_none()
            }),
            Property::always(
                "who holds the same messages sees the same",
                |_, world: &World| {
                    let [one, other] = &world.views;
                    !world.quiet()
                        || one.state(world.now()) == other.state(world.now())
                            && world.states(0) == world.states(1)
                },
            ),
            Property::always("nobody is stuck", |_, world: &World| {
                if !world.quiet() {
                    return true;
                }
                let now = world.now();
                let open = !matches!(world.views[0].state(now), ThreadState::Closed { .. });
                let way_on = |side: usize| {
                    world.views[side]
                        .allowed(&party(side), now)
                        .iter()
                        .any(|allowed| matches!(allowed, Allowed::Respond { .. } | Allowed::Close))
                };
                !open || way_on(0) || way_on(1)
            }),
            Property::sometimes("both close", |_, world: &World| {
                world.quiet()
                    && world.views[0].state(world.now()) == ThreadState::Closed { how: Ended::Both }
            }),
            Property::sometimes("silence closes", |_, world: &World| {
                let state = world.views[0].state(world.now());
                matches!(
                    state,
                    ThreadState::Closed {
                        how: Ended::Silence { .. }
                    }
                )
            }),
            Property::sometimes("an answer overtakes", |_, world: &World| {
                world.states(0) != world.states(1) && world.any_request(RequestState::Responded)
            }),
            Property::sometimes("a request expires", |_, world: &World| {
                world.any_request(RequestState::Expired)
            }),
            Property::sometimes("a question waits", |_, world: &World| {
                world.any_request(RequestState::Clarifying { questions: 1 })
            }),
        ];
        if self.withdrawals {
            properties.push(Property::sometimes(
                "a request is withdrawn",
                |_, world: &World| world.any_request(RequestState::Withdrawn),
            ));
        }
        if self.asks_max > 1 {
            properties.push(Property::sometimes(
                "a closed thread opens again",
                |_, world: &World| {
                    let closes = |side: usize| world.views[side].closes().count();
                    closes(0) == 2
                        && world.quiet()
                        && world.views[0].state(world.now()) == ThreadState::Open
                },
            ));
        }
        properties
    }
}

fn check(talk: Talk) -> usize {
    let checker = talk.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    println!("{} states", checker.unique_state_count());
    checker.unique_state_count()
}

#[test]
fn both_sides_of_one_request_agree() {
    let states = check(Talk {
        words: [3, 3],
        asks_max: 1,
        withdrawals: false,
    });
    assert!(
        states > 1_000,
        "{states} states are too few to say anything"
    );
}

#[test]
fn both_sides_agree_when_words_are_taken_back() {
    let states = check(Talk {
        words: [2, 3],
        asks_max: 1,
        withdrawals: true,
    });
    assert!(
        states > 1_000,
        "{states} states are too few to say anything"
    );
}

#[test]
fn both_sides_agree_when_both_ask() {
    let states = check(Talk {
        words: [3, 2],
        asks_max: 2,
        withdrawals: false,
    });
    assert!(
        states > 1_000,
        "{states} states are too few to say anything"
    );
}
