//! Restores, and comparing notes afterwards.

use std::collections::BTreeMap;

use federation::{
    model::Digest,
    protocol::{Input, Stage, Standing},
    state::{Delivery, Grade},
};
use kernel::MessageId;

use super::{
    ledger::Receipt,
    network::{Envelope, Packet},
    world::{Event, MINUTE, World},
};

impl World {
    /// Puts the backup in the place of the disk. The tree cannot be continued: a new epoch begins.
    pub(crate) fn restore(&mut self, node: usize) {
        let Some(mut disk) = self.nodes[node].backup.take() else {
            return;
        };
        self.report.restores += 1;
        let lost = std::mem::replace(&mut self.nodes[node].disk, disk.clone());
        disk.ledger.new_epoch(lost.ledger.epoch());
        // Peers tell a restored node what they saw of the others' ledgers no less than of its own.
        disk.epochs.clone_from(&lost.epochs);
        for (peer, state) in &mut disk.peers {
            if let Some(seen) = lost.peers.get(peer) {
                state.head = seen.head;
            }
        }
        self.forgotten.extend(
            lost.outgoing
                .keys()
                .filter(|key| !disk.outgoing.contains_key(key))
                .map(|(_, id)| *id),
        );
        // The backup holds the jobs that were waiting then, too.
        for (peer, state) in &disk.peers {
            for (id, incoming) in &state.inbox {
                let grade = incoming.bound.as_ref().map(|bound| &bound.stage);
                if self.witnessed[node] && grade == Some(&Stage::Received { grade: Grade::Own }) {
                    let at = self.now + MINUTE;
                    let (peer, id) = (*peer, *id);
                    self.at(at, Event::Cosign { node, peer, id });
                }
            }
        }
        self.nodes[node].disk = disk;
        self.come_up(node);
        for (one, other) in self.pairs() {
            if one == node {
                self.compare(one, other);
            }
        }
    }

    /// Sends what we hold, so that the other side can compare.
    pub(crate) fn compare(&mut self, node: usize, peer: usize) {
        if self.nodes[node].up {
            let theirs = self.nodes[node].disk.peers[&peer].holdings.clone();
            self.send(node, peer, Packet::Holdings { theirs });
        }
    }

    pub(crate) fn name_holdings(&mut self, node: usize, peer: usize, answer: bool) {
        let state = &self.nodes[node].disk.peers[&peer];
        let sent: BTreeMap<MessageId, Digest> = state
            .outbox
            .iter()
            .filter(|(_, out)| matches!(out.delivery, Delivery::Receipted { .. }))
            .map(|(id, out)| (*id, out.digest))
            .collect();
        let received: BTreeMap<MessageId, Digest> = state
            .inbox
            .iter()
            .filter_map(|(id, incoming)| Some((*id, incoming.bound.as_ref()?)))
            .filter(|(_, bound)| matches!(bound.stage, Stage::Received { .. }))
            .map(|(id, bound)| (id, bound.digest))
            .collect();
        self.send(
            node,
            peer,
            Packet::Names {
                sent,
                received,
                answer,
            },
        );
    }

    /// Gives a peer its own message back.
    pub(crate) fn give_back(&mut self, node: usize, peer: usize, id: MessageId) {
        let disk = &self.nodes[node].disk;
        let believed = disk.peers[&peer].standing == Standing::Believed;
        let Some(envelope) = disk.incoming.get(&(peer, id)).cloned().filter(|_| believed) else {
            return;
        };
        if disk.holds(peer, id, envelope.header)
            && let Some(receipt) = self.make_receipt(node, peer, id)
        {
            self.send(node, peer, Packet::GiveBack { envelope, receipt });
        }
    }

    /// Takes an own message back, if it is one and the receipt is good.
    pub(crate) fn take_back(
        &mut self,
        node: usize,
        peer: usize,
        envelope: Envelope,
        receipt: Receipt,
    ) -> Option<Input> {
        let (id, digest) = (envelope.id, envelope.header);
        let ours = envelope.intact && envelope.body.from == node && envelope.body.to == peer;
        if !ours || !receipt.proves(peer, id, digest) {
            return None;
        }
        let grade = receipt.grade;
        if let Some(words) = envelope.body.open(node).cloned() {
            self.add_to_thread(node, peer, words);
        }
        let disk = &mut self.nodes[node].disk;
        disk.files.extend(envelope.files.iter().copied());
        disk.outgoing.entry((peer, id)).or_insert(envelope);
        disk.receipts.entry((peer, id)).or_insert(receipt);
        Some(Input::Recovered { id, digest, grade })
    }

    /// A person has asked the peer, and believes it again from its true head on.
    pub(crate) fn thaw(&mut self, node: usize, peer: usize) {
        let head = self.nodes[peer].disk.ledger.checkpoint().head;
        self.feed(node, peer, vec![Input::Thaw { head }]);
    }
}
