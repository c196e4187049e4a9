//! What a node does of its own accord: sends, asks, answers, dies and makes messages.

use exchange::{
    model::Kind,
    state::{Act, Allowed, Said},
};
use federation::{
    model::Digest,
    protocol::{Effect, Failure, Input, Stage, Standing},
    state::Grade,
};
use kernel::{MessageId, ThreadId, random_array};

use super::{
    disk::Timer,
    ledger::Receipt,
    network::{Envelope, Frame, Packet, Sealed, Words},
    world::{Event, HOUR, MINUTE, Made, SECOND, World},
};

impl World {
    pub(super) fn carry_out(&mut self, node: usize, peer: usize, effect: Effect) {
        let packet = match effect {
            Effect::Transmit { id } => {
                Packet::Envelope(self.nodes[node].disk.outgoing[&(peer, id)].clone())
            }
            Effect::SendFiles { id, files } => {
                for file in files {
                    self.send(node, peer, Packet::File { file });
                }
                let at = self.now + 10 * SECOND;
                self.at(at, Event::FilesSent { node, peer, id });
                return;
            }
            Effect::NameHoldings => {
                self.name_holdings(node, peer, true);
                return;
            }
            Effect::GiveReceipt { id } => match self.make_receipt(node, peer, id) {
                Some(receipt) => Packet::Receipt(receipt),
                None => return,
            },
            Effect::AskReceipt { id } => Packet::AskReceipt { id },
            Effect::AskAgain { id } => Packet::AskAgain { id },
            Effect::FetchBack { id } => Packet::FetchBack { id },
            Effect::GiveRefusal { id, digest, code } => Packet::Refusal { id, digest, code },
            Effect::GiveWanted { id, missing } => Packet::Wanted { id, missing },
            Effect::Withhold { id } => Packet::Withheld { id },
            Effect::Defer { id, .. } => Packet::Later { id },
            Effect::GiveNotHeld { id } => Packet::NotHeld { id },
            other => {
                self.broken = Some(format!("{other:?} after a commit"));
                return;
            }
        };
        self.send(node, peer, packet);
    }

    /// The receipt, and the two promises about it.
    pub(crate) fn make_receipt(
        &mut self,
        node: usize,
        peer: usize,
        id: MessageId,
    ) -> Option<Receipt> {
        let disk = &self.nodes[node].disk;
        let state = &disk.peers[&peer];
        if state.standing != Standing::Believed {
            self.broken = Some(format!("{id} was receipted to a frozen peer"));
            return None;
        }
        let bound = state
            .inbox
            .get(&id)
            .and_then(|incoming| incoming.bound.clone());
        let receipted = bound.and_then(|bound| {
            let Stage::Received { grade } = bound.stage else {
                return None;
            };
            let held = disk.holds(peer, id, bound.digest);
            held.then(|| disk.ledger.receipt(node, id, grade)).flatten()
        });
        if receipted.is_none() {
            self.broken = Some(format!("{id} was receipted before it was stored"));
        }
        receipted
    }

    pub(crate) fn ring(&mut self, node: usize, peer: usize, id: MessageId, attempt: u32) {
        // A timer of a node that is down rings when it comes up again.
        if self.nodes[node].up {
            self.feed(node, peer, vec![Input::Due { id, attempt }]);
        }
    }

    pub(crate) fn fail(&mut self, node: usize, peer: usize, id: MessageId, failure: Failure) {
        let at = self.clock(node);
        if self.nodes[node].up {
            self.feed(node, peer, vec![Input::Failed { id, failure, at }]);
        }
    }

    pub(crate) fn files_sent(&mut self, node: usize, peer: usize, id: MessageId) {
        if self.nodes[node].up {
            self.feed(node, peer, vec![Input::FilesSent { id }]);
        }
    }

    /// The witnesses' answer is a durable job: it is done when it is written down.
    pub(crate) fn cosign(&mut self, node: usize, peer: usize, id: MessageId) {
        if self.nodes[node].up {
            self.feed(node, peer, vec![Input::Cosigned { id }]);
        }
        let disk = &self.nodes[node].disk;
        let incoming = disk.peers[&peer].inbox.get(&id);
        let stage = incoming
            .and_then(|incoming| incoming.bound.as_ref())
            .map(|bound| &bound.stage);
        if stage == Some(&Stage::Received { grade: Grade::Own }) {
            let at = self.now + MINUTE;
            self.at(at, Event::Cosign { node, peer, id });
        }
    }

    pub(super) fn die(&mut self, node: usize) {
        self.report.crashes += 1;
        self.nodes[node].up = false;
        let at = self.now + SECOND + self.below(2 * HOUR);
        self.at(at, Event::Up { node });
    }

    pub(crate) fn come_up(&mut self, node: usize) {
        self.nodes[node].up = true;
        let timers = self.nodes[node].disk.timers.clone();
        for ((peer, id), Timer { attempt, rings_at }) in timers {
            let at = rings_at.max(self.now + 1);
            self.at(
                at,
                Event::Ring {
                    node,
                    peer,
                    id,
                    attempt,
                },
            );
        }
    }

    /// Somebody at a node says something that the state of the thread allows.
    pub(crate) fn speak(&mut self, node: usize) {
        if !self.nodes[node].up {
            let at = self.now + HOUR;
            self.at(at, Event::Speak { node });
            return;
        }
        let known: Vec<(usize, ThreadId)> = self.nodes[node].disk.threads.keys().copied().collect();
        let (peer, thread) = if known.is_empty() || self.chance(300) {
            let peer = (node + 1 + self.index(self.nodes.len() - 1)) % self.nodes.len();
            (peer, ThreadId::random(&self.rng))
        } else {
            known[self.index(known.len())]
        };
        let now = self.clock(node);
        let party = self.nodes[node].party.clone();
        let view = self.nodes[node].disk.threads.get(&(peer, thread));
        let choices = view.map_or_else(|| vec![Allowed::Ask], |view| view.allowed(&party, now));
        let choice = choices[self.index(choices.len())];
        let covers = view.map(|view| view.asks().collect()).unwrap_or_default();
        let (kind, act) = match choice {
            Allowed::Ask if self.chance(150) => (Kind::Ping, Act::Ask),
            Allowed::Ask => (Kind::Rfm, Act::Ask),
            Allowed::Acknowledge { request } => (Kind::Ack, Act::Acknowledge { request }),
            Allowed::Progress { request } => (Kind::Update, Act::Progress { request }),
            Allowed::Question { request } => (Kind::Clarify, Act::Question { request }),
            Allowed::Answer { request, question } => {
                (Kind::Clarify, Act::Answer { request, question })
            }
            Allowed::Respond { request, kind } => (kind, Act::Respond { request }),
            Allowed::Withdraw { target } => (Kind::Withdraw, Act::Withdraw { target }),
            Allowed::Close => (Kind::Close, Act::Close { covers }),
        };
        self.make(node, peer, thread, kind, act);
    }

    fn make(&mut self, node: usize, peer: usize, thread: ThreadId, kind: Kind, act: Act) {
        let id = MessageId::random(&self.rng);
        let secret = self.rng.next_u64();
        let header = Digest::of(format!("{id} {secret}").as_bytes());
        let files = (0..self.index(3))
            .map(|_| Digest::from_bytes(random_array(&self.rng)))
            .collect();
        let withdrawn = match act {
            Act::Withdraw { target } => Some(Input::Withdraw { id: target }),
            _ => None,
        };
        let said = Said {
            id,
            kind,
            by: self.nodes[node].party.clone(),
            to: self.nodes[peer].party.clone(),
            sent: self.clock(node),
            ack_due: None,
            answer_due: None,
            act,
        };
        let words = Words {
            thread,
            said,
            secret,
        };
        let envelope = Envelope {
            id,
            header,
            files,
            body: Sealed::new(node, peer, words.clone()),
            intact: true,
        };
        let submit = Input::Submit { id, digest: header };
        let inputs = withdrawn.into_iter().chain([submit]).collect();
        self.transact(node, peer, inputs, |disk| {
            disk.files.extend(envelope.files.iter().copied());
            disk.outgoing.insert((peer, id), envelope);
        });
        // A node that died before the commit has made nothing.
        if self.nodes[node].disk.outgoing.contains_key(&(peer, id)) {
            self.report.messages += 1;
            self.add_to_thread(node, peer, words);
            self.made.push(Made {
                id,
                from: node,
                to: peer,
                thread,
                header,
                secret,
            });
        }
    }

    /// Everything that is not settled goes to the peer by hand.
    pub(crate) fn carry(&mut self, node: usize, peer: usize) {
        if !self.nodes[node].up {
            return;
        }
        let state = &self.nodes[node].disk.peers[&peer];
        let open: Vec<MessageId> = state
            .outbox
            .iter()
            .filter(|(_, out)| {
                !out.settled(state.witnessed) && !matches!(out.delivery.code(), "receipted")
            })
            .map(|(id, _)| *id)
            .collect();
        let inputs = open.iter().map(|id| Input::Carry { id: *id }).collect();
        self.feed(node, peer, inputs);
        if !self.nodes[node].up {
            return;
        }
        let disk = &self.nodes[node].disk;
        let checkpoint = disk.ledger.checkpoint();
        let arrives = self.now + HOUR + self.below(20 * HOUR);
        for id in open {
            let envelope = self.nodes[node].disk.outgoing[&(peer, id)].clone();
            self.report.carried += 1;
            let files = envelope.files.clone();
            let packets = files
                .into_iter()
                .map(|file| Packet::File { file })
                .chain([Packet::Envelope(envelope)]);
            for packet in packets {
                let frame = Frame {
                    from: node,
                    to: peer,
                    packet,
                    checkpoint: checkpoint.clone(),
                };
                self.at(arrives, Event::Arrive(Box::new(frame)));
            }
        }
    }

    /// What a receipt's grade must come to in the end.
    pub(crate) fn full_grade(&self, receiver: usize) -> Grade {
        if self.witnessed[receiver] {
            Grade::Witnessed
        } else {
            Grade::Own
        }
    }
}
