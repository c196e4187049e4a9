//! The delivery protocol between two nodes, checked over every order of events.
//!
//! The network is a set that never forgets: what was sent once can arrive at any time, any number of
//! times, or not at all, which is loss, duplication and reordering in one. Either node can crash
//! after any commit, which loses what it was about to send. (A crash before the commit is a packet
//! that has not arrived.) The second node's twin may send another message under the same id, and
//! show a second ledger.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use federation::{
    model::Digest,
    protocol::{
        Consistency, Effect, Failure, Head, Input, Outgoing, Peer, ReceiptVerdict, Stage, Standing,
        Verdict, handle,
    },
    state::{Delivery, Grade, RefusalCode},
};
use kernel::{MessageId, SeededRng, Timestamp};
use stateright::{Checker, Model, Property};

const NEVER: Timestamp = Timestamp::from_micros(0);
/// The file that belongs to the first node's message.
const FILE: Digest = Digest::new([0xf1; 32]);

/// One message each, and what its header's digest is.
fn message(sender: usize) -> (MessageId, Digest) {
    let n = u8::try_from(sender).unwrap();
    (
        MessageId::random(&SeededRng::new(u64::from(n) + 1)),
        Digest::new([n + 1; 32]),
    )
}

/// The twin's message: the second node's id, another header.
const TWIN: Digest = Digest::new([0x77; 32]);

/// What a message needs besides its envelope.
fn files_of(header: Digest) -> BTreeSet<Digest> {
    if header == message(0).1 {
        [FILE].into()
    } else {
        BTreeSet::new()
    }
}

#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Said {
    Envelope {
        id: MessageId,
        header: Digest,
        damaged: bool,
    },
    File {
        id: MessageId,
    },
    Receipt {
        id: MessageId,
        header: Digest,
        grade: Grade,
    },
    Refusal {
        id: MessageId,
        header: Digest,
        code: RefusalCode,
    },
    Wanted {
        id: MessageId,
    },
    Withheld {
        id: MessageId,
    },
    AskReceipt {
        id: MessageId,
    },
    ForkedHead,
}

#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
struct Packet {
    to: usize,
    said: Said,
}

/// What one node has on its disk.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
struct Disk {
    peer: Peer,
    files: BTreeSet<Digest>,
    timers: BTreeMap<MessageId, u32>,
    handed_up: BTreeMap<MessageId, u8>,
    receipt_while_frozen: bool,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct World {
    nodes: [Disk; 2],
    network: BTreeSet<Packet>,
}

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

impl World {
    /// Carries the effects out. `sent` takes what goes over the network; a crash throws it away.
    fn apply(&mut self, node: usize, input: Input, crash: bool) {
        let disk = &mut self.nodes[node];
        let mut sent = Vec::new();
        for effect in handle(&mut disk.peer, input) {
            match effect {
                Effect::Persist(_)
                | Effect::AppendLeaf { .. }
                | Effect::KeepEvidence(_)
                | Effect::Alarm(_) => {}
                Effect::Schedule { id, attempt, .. } => {
                    disk.timers.insert(id, attempt);
                }
                Effect::HandUp { id } => *disk.handed_up.entry(id).or_default() += 1,
                Effect::Transmit { id } => {
                    let header = disk.peer.outbox[&id].digest;
                    sent.push(Said::Envelope {
                        id,
                        header,
                        damaged: false,
                    });
                }
                Effect::SendFiles { id, .. } => sent.push(Said::File { id }),
                Effect::AskReceipt { id } => sent.push(Said::AskReceipt { id }),
                Effect::GiveReceipt { id } => {
                    disk.receipt_while_frozen |= disk.peer.standing != Standing::Believed;
                    let bound = disk.peer.inbox[&id].bound.clone().unwrap();
                    let Stage::Received { grade } = bound.stage else {
                        panic!("a receipt for what was not received");
                    };
                    sent.push(Said::Receipt {
                        id,
                        header: bound.digest,
                        grade,
                    });
                }
                Effect::GiveRefusal { id, digest, code } => {
                    sent.push(Said::Refusal {
                        id,
                        header: digest,
                        code,
                    });
                }
                Effect::GiveWanted { id, .. } => sent.push(Said::Wanted { id }),
                Effect::Withhold { id } => sent.push(Said::Withheld { id }),
                Effect::AskConsistency { .. }
                | Effect::NameHoldings
                | Effect::AskAgain { .. }
                | Effect::FetchBack { .. }
                | Effect::Defer { .. }
                | Effect::GiveNotHeld { .. } => panic!("{effect:?} cannot come about here"),
            }
        }
        if !crash {
            let to = 1 - node;
            self.network
                .extend(sent.into_iter().map(|said| Packet { to, said }));
        }
    }

    fn arrive(&mut self, packet: &Packet, crash: bool) {
        let node = packet.to;
        let lacking = |disk: &Disk, header: Digest| -> BTreeSet<Digest> {
            files_of(header).difference(&disk.files).copied().collect()
        };
        match packet.said.clone() {
            Said::Envelope {
                id,
                header,
                damaged,
            } => {
                let missing = lacking(&self.nodes[node], header);
                let verdict = if damaged {
                    let envelope = Digest::new([0xdd; 32]);
                    Verdict::Damaged {
                        code: RefusalCode::BadSignature,
                        envelope,
                    }
                } else {
                    Verdict::Accept
                };
                self.apply(
                    node,
                    Input::Arrived {
                        id,
                        digest: header,
                        verdict,
                        missing,
                    },
                    crash,
                );
            }
            Said::File { id } => {
                self.nodes[node].files.insert(FILE);
                let missing = BTreeSet::new();
                self.apply(
                    node,
                    Input::Files {
                        id,
                        missing,
                        verdict: Verdict::Accept,
                    },
                    crash,
                );
            }
            Said::Receipt { id, header, grade } => {
                let verdict = ReceiptVerdict::Valid(grade);
                self.apply(
                    node,
                    Input::Receipt {
                        id,
                        digest: header,
                        verdict,
                    },
                    crash,
                );
            }
            Said::Refusal { id, header, code } => {
                self.apply(
                    node,
                    Input::Refusal {
                        id,
                        digest: header,
                        code,
                    },
                    crash,
                );
            }
            Said::Wanted { id } => {
                self.apply(
                    node,
                    Input::Wanted {
                        id,
                        missing: [FILE].into(),
                    },
                    crash,
                );
            }
            Said::Withheld { id } => self.apply(node, Input::Transmitted { id }, crash),
            Said::AskReceipt { id } => {
                // The witnesses sign while the sender waits.
                self.apply(node, Input::Cosigned { id }, false);
                self.apply(node, Input::ReceiptAsked { id }, crash);
            }
            Said::ForkedHead => {
                let head = Head {
                    size: 9,
                    root: TWIN,
                };
                let consistency = Consistency::Failed;
                self.apply(node, Input::Checkpoint { head, consistency }, crash);
            }
        }
    }

    fn outgoing(&self, sender: usize) -> &Outgoing {
        &self.nodes[sender].peer.outbox[&message(sender).0]
    }

    /// True if the receiver has every byte of the sender's message and has handed it up once.
    fn holds(&self, sender: usize) -> bool {
        let (id, header) = message(sender);
        let disk = &self.nodes[1 - sender];
        disk.peer
            .inbox
            .get(&id)
            .and_then(|incoming| incoming.bound.as_ref())
            .is_some_and(|bound| {
                bound.digest == header
                    && matches!(bound.stage, Stage::Received { .. })
                    && files_of(header).is_subset(&disk.files)
                    && disk.handed_up.get(&id) == Some(&1)
            })
    }

    fn frozen(&self, node: usize) -> bool {
        self.nodes[node].peer.standing != Standing::Believed
    }

    /// True if everything comes to its end once the network is kind for a while.
    fn recovers(&self) -> bool {
        let mut world = self.clone();
        for _ in 0..6 {
            for node in 0..2 {
                let (id, _) = message(node);
                let attempt = world.nodes[node].timers[&id];
                world.apply(node, Input::Due { id, attempt }, false);
            }
            let mut done = BTreeSet::new();
            while let Some(packet) = world.network.difference(&done).next().cloned() {
                world.arrive(&packet, false);
                done.insert(packet);
            }
        }
        (0..2).all(|sender| {
            let settled = world
                .outgoing(sender)
                .settled(world.nodes[sender].peer.witnessed);
            settled || world.frozen(0)
        })
    }
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
