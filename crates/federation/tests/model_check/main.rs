//! The delivery protocol between two nodes, checked over every order of events.
//!
//! The network is a set that never forgets: what was sent once can arrive at any time, any number of
//! times, or not at all, which is loss, duplication and reordering in one. Either node can crash
//! after any commit, which loses what it was about to send. (A crash before the commit is a packet
//! that has not arrived.) The second node's twin may send another message under the same id, and
//! show a second ledger.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod world;

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use federation::{
    protocol::{Failure, Head, Input, Peer},
    state::{Delivery, Grade, RefusalCode},
};
use kernel::MessageId;
use stateright::{Checker, Model, Property};
use world::{Disk, FILE, NEVER, Packet, Said, TWIN, World, message};

#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Arrive {
        packet: Packet,
        crash: bool,
    },
    StoreFileThenCrash {
        packet: Packet,
    },
    Ring {
        node: usize,
        id: MessageId,
        crash: bool,
    },
    Fail {
        node: usize,
        id: MessageId,
    },
}

struct Channel {
    /// The most timers that ring for a message.
    attempts_max: u32,
    /// Whether the second node's key set names witnesses.
    witnessed: bool,
    /// Whether the second node has a twin.
    twin: bool,
}

impl Model for Channel {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let known = Some(Head {
            size: 3,
            root: FILE,
        });
        let node = |witnessed| Disk {
            peer: Peer {
                witnessed,
                head: known,
                ..Peer::default()
            },
            ..Disk::default()
        };
        let mut world = World {
            nodes: [node(self.witnessed), node(false)],
            network: BTreeSet::new(),
        };
        for sender in 0..2 {
            let (id, digest) = message(sender);
            world.apply(sender, Input::Submit { id, digest }, false);
        }
        if self.twin {
            let (id, header) = message(1);
            let said = [
                Said::Envelope {
                    id,
                    header: TWIN,
                    damaged: false,
                },
                Said::Envelope {
                    id,
                    header,
                    damaged: true,
                },
                Said::ForkedHead,
            ];
            world
                .network
                .extend(said.map(|said| Packet { to: 0, said }));
        }
        vec![world]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for packet in &world.network {
            for crash in [false, true] {
                steps.push(Step::Arrive {
                    packet: packet.clone(),
                    crash,
                });
            }
            if matches!(packet.said, Said::File { .. }) {
                steps.push(Step::StoreFileThenCrash {
                    packet: packet.clone(),
                });
            }
        }
        for (node, disk) in world.nodes.iter().enumerate() {
            for (id, attempt) in &disk.timers {
                if *attempt < self.attempts_max {
                    for crash in [false, true] {
                        steps.push(Step::Ring {
                            node,
                            id: *id,
                            crash,
                        });
                    }
                    steps.push(Step::Fail { node, id: *id });
                }
            }
        }
    }

    fn next_state(&self, last: &World, step: Step) -> Option<World> {
        let mut world = last.clone();
        match step {
            Step::Arrive { packet, crash } => world.arrive(&packet, crash),
            Step::StoreFileThenCrash { packet } => {
                world.nodes[packet.to].files.insert(FILE);
            }
            Step::Ring { node, id, crash } => {
                let attempt = world.nodes[node].timers[&id];
                world.apply(node, Input::Due { id, attempt }, crash);
            }
            Step::Fail { node, id } => {
                let failure = Failure::Interrupted;
                world.apply(
                    node,
                    Input::Failed {
                        id,
                        failure,
                        at: NEVER,
                    },
                    false,
                );
            }
        }
        (world != *last).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("nothing receipted is lost", |_, world: &World| {
                (0..2).all(|sender| {
                    let receipted =
                        matches!(world.outgoing(sender).delivery, Delivery::Receipted { .. });
                    !receipted || world.holds(sender)
                })
            }),
            Property::always("nothing is handed up twice", |_, world: &World| {
                world
                    .nodes
                    .iter()
                    .all(|disk| disk.handed_up.values().all(|times| *times == 1))
            }),
            Property::always("a receipt comes after storage", |_, world: &World| {
                world.network.iter().all(|packet| match &packet.said {
                    Said::Receipt { header, .. } => *header == TWIN || world.holds(packet.to),
                    _ => true,
                })
            }),
            Property::always("a frozen peer gets no receipt", |_, world: &World| {
                world.nodes.iter().all(|disk| !disk.receipt_while_frozen)
            }),
            Property::always("what is not settled has its timer", |_, world: &World| {
                (0..2).all(|sender| {
                    let out = world.outgoing(sender);
                    let disk = &world.nodes[sender];
                    out.settled(disk.peer.witnessed)
                        || disk.timers.get(&message(sender).0) == Some(&out.attempt)
                })
            }),
            Property::always("only a conflict is refused", |_, world: &World| {
                (0..2).all(|sender| match &world.outgoing(sender).delivery {
                    Delivery::Refused { code } => {
                        sender == 1 && *code == RefusalCode::Conflict && !world.holds(sender)
                    }
                    _ => true,
                })
            }),
            Property::always("every state recovers", |_, world: &World| {
                let mut hasher = DefaultHasher::new();
                world.hash(&mut hasher);
                // One in 32: the neighbours differ by one packet.
                !hasher.finish().is_multiple_of(32) || world.recovers()
            }),
            Property::sometimes(
                "both are receipted in full",
                |model: &Self, world: &World| {
                    let grade = if model.witnessed {
                        Grade::Witnessed
                    } else {
                        Grade::Own
                    };
                    world.outgoing(0).delivery == Delivery::Receipted { grade }
                        && matches!(world.outgoing(1).delivery, Delivery::Receipted { .. })
                },
            ),
        ];
        if self.twin {
            properties.push(Property::sometimes(
                "the peer is frozen",
                |_, world: &World| world.frozen(0),
            ));
            properties.push(Property::sometimes(
                "a conflict is refused",
                |_, world: &World| matches!(world.outgoing(1).delivery, Delivery::Refused { .. }),
            ));
        }
        properties
    }
}

fn check(model: Channel) -> usize {
    let checker = model.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    println!("{} states", checker.unique_state_count());
    checker.unique_state_count()
}

#[test]
fn loss_doubling_reordering_and_crashes_do_no_harm() {
    let states = check(Channel {
        attempts_max: 3,
        witnessed: true,
        twin: false,
    });
    assert!(
        states > 1_000,
        "{states} states are too few to say anything"
    );
}

#[test]
fn a_peer_that_says_two_things_does_no_harm() {
    let states = check(Channel {
        attempts_max: 2,
        witnessed: false,
        twin: true,
    });
    assert!(
        states > 1_000,
        "{states} states are too few to say anything"
    );
}
