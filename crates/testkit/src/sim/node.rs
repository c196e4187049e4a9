//! What a node does: the I/O around the protocol, in memory.

use exchange::state::Thread;
use federation::{
    model::Digest,
    protocol::{
        Alarm, Consistency, Effect, Failure, Input, Later, LeafAct, Peer, Phase, ReceiptVerdict,
        Stage, Verdict, backoff_ms, handle,
    },
    state::RefusalCode,
};
use kernel::MessageId;

use super::{
    disk::Timer,
    ledger::{Checkpoint, Leaf, Receipt},
    network::{Envelope, Frame, Packet, Words},
    world::{Event, SECOND, World},
};

/// When a node dies within a transaction.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Fate {
    Lives,
    DiesBeforeCommit,
    DiesAfterCommit,
}

impl World {
    pub(crate) fn arrive(&mut self, frame: Frame) {
        let (node, peer) = (frame.to, frame.from);
        if !self.nodes[node].up {
            self.report.lost += 1;
            return;
        }
        let mut inputs = self.read_checkpoint(node, peer, &frame.checkpoint);
        match frame.packet {
            Packet::Envelope(envelope) => {
                self.arrive_envelope(node, peer, envelope, inputs);
                return;
            }
            Packet::File { file } => {
                self.feed(node, peer, inputs);
                self.arrive_file(node, peer, file);
                return;
            }
            Packet::Names {
                sent,
                received,
                answer,
            } => {
                inputs.push(Input::Named { sent, received });
                if answer {
                    self.name_holdings(node, peer, false);
                }
            }
            Packet::FetchBack { id } => self.give_back(node, peer, id),
            Packet::GiveBack { envelope, receipt } => {
                inputs.extend(self.take_back(node, peer, envelope, receipt));
            }
            Packet::Receipt(receipt) => inputs.push(self.read_receipt(node, peer, receipt)),
            Packet::Refusal { id, digest, code } => {
                inputs.push(Input::Refusal { id, digest, code });
            }
            Packet::Wanted { id, missing } => inputs.push(Input::Wanted { id, missing }),
            Packet::Withheld { id } => inputs.push(Input::Transmitted { id }),
            Packet::Later { id } => {
                let at = self.clock(node);
                inputs.push(Input::Failed {
                    id,
                    failure: Failure::Deferred,
                    at,
                });
            }
            Packet::NotHeld { id } => inputs.push(Input::NotHeld { id }),
            Packet::AskReceipt { id } => inputs.push(Input::ReceiptAsked { id }),
            Packet::AskAgain { id } => inputs.push(Input::SendAgain { id }),
            Packet::Holdings { theirs } => inputs.push(Input::Compare { theirs }),
        }
        self.feed(node, peer, inputs);
    }

    fn read_checkpoint(&mut self, node: usize, peer: usize, shown: &Checkpoint) -> Vec<Input> {
        let disk = &mut self.nodes[node].disk;
        let known = disk.epochs.entry(peer).or_insert(0);
        let head = shown.head;
        if shown.epoch < *known {
            return Vec::new();
        }
        if shown.epoch > *known {
            *known = shown.epoch;
            return vec![Input::Restored { head }];
        }
        let consistency = match disk.peers[&peer].head {
            None => Consistency::Unknown,
            Some(known) if shown.continues(known) => Consistency::Proven,
            Some(_) => Consistency::Failed,
        };
        vec![Input::Checkpoint { head, consistency }]
    }

    fn arrive_envelope(
        &mut self,
        node: usize,
        peer: usize,
        envelope: Envelope,
        mut inputs: Vec<Input>,
    ) {
        let verdict = if !envelope.intact {
            let bytes = format!("{} altered", envelope.header);
            Verdict::Damaged {
                code: RefusalCode::BadSignature,
                envelope: Digest::of(bytes.as_bytes()),
            }
        } else if envelope.body.to != node {
            Verdict::Refuse(RefusalCode::WrongAddressee)
        } else if envelope.body.from != peer {
            Verdict::Refuse(RefusalCode::WrongSender)
        } else if self.faulty(20) {
            Verdict::Later(Later::Busy)
        } else {
            Verdict::Accept
        };
        let (id, digest) = (envelope.id, envelope.header);
        let missing = self.nodes[node].disk.missing(&envelope);
        let keep = verdict == Verdict::Accept;
        inputs.push(Input::Arrived {
            id,
            digest,
            verdict,
            missing,
        });
        self.transact(node, peer, inputs, |disk| {
            if keep {
                disk.incoming.entry((peer, id)).or_insert(envelope);
            }
        });
    }

    fn arrive_file(&mut self, node: usize, peer: usize, file: Digest) {
        if !self.nodes[node].up {
            return;
        }
        self.nodes[node].disk.files.insert(file);
        let waiting: Vec<MessageId> = self.nodes[node].disk.peers[&peer]
            .inbox
            .iter()
            .filter(|(_, incoming)| {
                incoming.bound.as_ref().is_some_and(|bound| {
                    matches!(&bound.stage, Stage::Waiting { missing } if missing.contains(&file))
                })
            })
            .map(|(id, _)| *id)
            .collect();
        for id in waiting {
            let disk = &self.nodes[node].disk;
            let missing = disk.missing(&disk.incoming[&(peer, id)]);
            let verdict = Verdict::Accept;
            self.feed(
                node,
                peer,
                vec![Input::Files {
                    id,
                    missing,
                    verdict,
                }],
            );
        }
    }

    fn read_receipt(&mut self, node: usize, peer: usize, receipt: Receipt) -> Input {
        let (id, digest) = (receipt.leaf.id, receipt.leaf.digest);
        let disk = &mut self.nodes[node].disk;
        let ours = disk
            .outgoing
            .get(&(peer, id))
            .map(|envelope| envelope.header);
        let valid = ours.is_some_and(|header| receipt.proves(peer, id, header));
        let verdict = if valid {
            let grade = receipt.grade;
            let held = disk.receipts.get(&(peer, id)).map(|held| held.grade);
            if held < Some(grade) {
                disk.receipts.insert((peer, id), receipt);
            }
            ReceiptVerdict::Valid(grade)
        } else {
            ReceiptVerdict::Bad
        };
        Input::Receipt {
            id,
            digest,
            verdict,
        }
    }

    pub(crate) fn feed(&mut self, node: usize, peer: usize, inputs: Vec<Input>) {
        self.transact(node, peer, inputs, |_| {});
    }

    /// One transaction and what follows it.
    pub(crate) fn transact(
        &mut self,
        node: usize,
        peer: usize,
        inputs: Vec<Input>,
        prepare: impl FnOnce(&mut super::disk::Disk),
    ) {
        let fate = match self.plan.faults.crash {
            crash if self.faulty(crash) => Fate::DiesBeforeCommit,
            crash if self.faulty(crash) => Fate::DiesAfterCommit,
            _ => Fate::Lives,
        };
        if fate == Fate::DiesBeforeCommit {
            self.die(node);
            return;
        }
        prepare(&mut self.nodes[node].disk);
        let mut after = Vec::new();
        for input in inputs {
            let effects = handle(self.peer(node, peer), input);
            for effect in effects {
                match effect.phase() {
                    Phase::Within => self.write(node, peer, effect),
                    Phase::After => after.push(effect),
                }
            }
        }
        self.check_always(node, peer);
        if fate == Fate::DiesAfterCommit {
            self.die(node);
            return;
        }
        for effect in after {
            self.carry_out(node, peer, effect);
        }
    }

    fn peer(&mut self, node: usize, peer: usize) -> &mut Peer {
        self.nodes[node].disk.peers.get_mut(&peer).unwrap()
    }

    fn write(&mut self, node: usize, peer: usize, effect: Effect) {
        match effect {
            Effect::AppendLeaf { act, id, digest } => {
                self.nodes[node]
                    .disk
                    .ledger
                    .append(Leaf { act, id, digest });
                if act == LeafAct::Received && self.witnessed[node] {
                    let at = self.now + SECOND + self.below(20 * SECOND);
                    self.at(at, Event::Cosign { node, peer, id });
                }
            }
            Effect::Schedule { id, attempt, step } => {
                let rings_at = self.now + backoff_ms(step, self.rng.next_u64()) * 1_000;
                let timer = Timer { attempt, rings_at };
                self.nodes[node].disk.timers.insert((peer, id), timer);
                self.at(
                    rings_at,
                    Event::Ring {
                        node,
                        peer,
                        id,
                        attempt,
                    },
                );
            }
            Effect::HandUp { id } => self.hand_up(node, peer, id),
            Effect::Alarm(Alarm::SplitView { .. }) => self.report.frozen += 1,
            Effect::Persist(_) | Effect::KeepEvidence(_) | Effect::Alarm(_) => {}
            other => self.broken = Some(format!("{other:?} within a transaction")),
        }
    }

    fn hand_up(&mut self, node: usize, peer: usize, id: MessageId) {
        let disk = &mut self.nodes[node].disk;
        *disk.handed_up.entry((peer, id)).or_default() += 1;
        let envelope = disk.incoming.get(&(peer, id)).cloned();
        match envelope
            .as_ref()
            .and_then(|envelope| envelope.body.open(node))
        {
            Some(words) => self.add_to_thread(node, peer, words.clone()),
            None => self.broken = Some(format!("{id} was handed up and cannot be opened")),
        }
    }

    pub(crate) fn add_to_thread(&mut self, node: usize, peer: usize, words: Words) {
        let parties = [node, peer].map(|one| self.nodes[one].party.clone());
        let [one, other] = parties;
        let threads = &mut self.nodes[node].disk.threads;
        let thread = threads
            .entry((peer, words.thread))
            .or_insert_with(|| Thread::new(one, other));
        if thread.add(words.said).is_err() {
            self.broken = Some("a stranger's words came into a thread".to_owned());
        }
    }
}
