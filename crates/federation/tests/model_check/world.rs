//! Two nodes, their disks and the network between them.

use std::collections::{BTreeMap, BTreeSet};

use federation::{
    model::Digest,
    protocol::{
        Consistency, Effect, Head, Input, Outgoing, Peer, ReceiptVerdict, Stage, Standing, Verdict,
        handle,
    },
    state::{Grade, RefusalCode},
};
use kernel::{MessageId, SeededRng, Timestamp};

pub(crate) const NEVER: Timestamp = Timestamp::from_micros(0);
/// The file that belongs to the first node's message.
pub(crate) const FILE: Digest = Digest::from_bytes([0xf1; 32]);

/// One message each, and what its header's digest is.
pub(crate) fn message(sender: usize) -> (MessageId, Digest) {
    let n = u8::try_from(sender).unwrap();
    (
        MessageId::random(&SeededRng::new(u64::from(n) + 1)),
        Digest::from_bytes([n + 1; 32]),
    )
}

/// The twin's message: the second node's id, another header.
pub(crate) const TWIN: Digest = Digest::from_bytes([0x77; 32]);

/// What a message needs besides its envelope.
pub(crate) fn files_of(header: Digest) -> BTreeSet<Digest> {
    if header == message(0).1 {
        [FILE].into()
    } else {
        BTreeSet::new()
    }
}

#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Said {
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
pub(crate) struct Packet {
    pub(crate) to: usize,
    pub(crate) said: Said,
}

/// What one node has on its disk.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Disk {
    pub(crate) peer: Peer,
    pub(crate) files: BTreeSet<Digest>,
    pub(crate) timers: BTreeMap<MessageId, u32>,
    pub(crate) handed_up: BTreeMap<MessageId, u8>,
    pub(crate) receipt_while_frozen: bool,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct World {
    pub(crate) nodes: [Disk; 2],
    pub(crate) network: BTreeSet<Packet>,
}

impl World {
    /// Carries the effects out. `sent` takes what goes over the network; a crash throws it away.
    pub(crate) fn apply(&mut self, node: usize, input: Input, crash: bool) {
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

    pub(crate) fn arrive(&mut self, packet: &Packet, crash: bool) {
        let node = packet.to;
        if let Said::AskReceipt { id } = packet.said {
            // The witnesses sign while the sender waits.
            self.apply(node, Input::Cosigned { id }, false);
        }
        if let Said::File { .. } = packet.said {
            self.nodes[node].files.insert(FILE);
        }
        let input = self.input(node, packet.said.clone());
        self.apply(node, input, crash);
    }

    fn input(&self, node: usize, said: Said) -> Input {
        match said {
            Said::Envelope {
                id,
                header: digest,
                damaged,
            } => Input::Arrived {
                id,
                digest,
                verdict: if damaged {
                    Verdict::Damaged {
                        code: RefusalCode::BadSignature,
                        envelope: Digest::from_bytes([0xdd; 32]),
                    }
                } else {
                    Verdict::Accept
                },
                missing: files_of(digest)
                    .difference(&self.nodes[node].files)
                    .copied()
                    .collect(),
            },
            Said::File { id } => Input::Files {
                id,
                missing: BTreeSet::new(),
                verdict: Verdict::Accept,
            },
            Said::Receipt {
                id,
                header: digest,
                grade,
            } => Input::Receipt {
                id,
                digest,
                verdict: ReceiptVerdict::Valid(grade),
            },
            Said::Refusal {
                id,
                header: digest,
                code,
            } => Input::Refusal { id, digest, code },
            Said::Wanted { id } => Input::Wanted {
                id,
                missing: [FILE].into(),
            },
            Said::Withheld { id } => Input::Transmitted { id },
            Said::AskReceipt { id } => Input::ReceiptAsked { id },
            Said::ForkedHead => Input::Checkpoint {
                head: Head {
                    size: 9,
                    root: TWIN,
                },
                consistency: Consistency::Failed,
            },
        }
    }

    pub(crate) fn outgoing(&self, sender: usize) -> &Outgoing {
        &self.nodes[sender].peer.outbox[&message(sender).0]
    }

    /// True if the receiver has every byte of the sender's message and has handed it up once.
    pub(crate) fn holds(&self, sender: usize) -> bool {
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

    pub(crate) fn frozen(&self, node: usize) -> bool {
        self.nodes[node].peer.standing != Standing::Believed
    }

    /// True if everything comes to its end once the network is kind for a while.
    pub(crate) fn recovers(&self) -> bool {
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
