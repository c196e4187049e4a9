//! What must hold.

use std::collections::BTreeSet;

use federation::{
    protocol::Standing,
    state::{Delivery, Grade},
};

use super::world::{Made, World};

impl World {
    /// What holds at every moment.
    pub(crate) fn check_always(&mut self, node: usize, peer: usize) {
        let disk = &self.nodes[node].disk;
        let state = &disk.peers[&peer];
        for (id, out) in &state.outbox {
            let timer = disk.timers.get(&(peer, *id)).map(|timer| timer.attempt);
            if !out.settled(state.witnessed) && timer != Some(out.attempt) {
                self.broken = Some(format!("{id} is not settled and has no timer"));
                return;
            }
        }
        if let Some((_, id)) = disk
            .handed_up
            .iter()
            .find(|(_, times)| **times > 1)
            .map(|(key, _)| key)
        {
            self.broken = Some(format!("{id} was handed up twice"));
        }
    }

    /// What holds when the world has been calm for long enough.
    pub(crate) fn check_promises(&mut self) -> Result<(), String> {
        for made in &self.made {
            self.check_message(made)?;
        }
        let receipted = self.made.iter().filter(|made| self.settled(made)).count();
        self.report.receipted = u64::try_from(receipted).unwrap();
        for (node, peer) in self.pairs() {
            if !self.frozen(node, peer) {
                self.check_notes(node, peer)?;
                self.check_threads(node, peer)?;
            }
        }
        Ok(())
    }

    fn frozen(&self, one: usize, other: usize) -> bool {
        [(one, other), (other, one)]
            .into_iter()
            .any(|(node, peer)| self.nodes[node].disk.peers[&peer].standing != Standing::Believed)
    }

    fn settled(&self, made: &Made) -> bool {
        let out = self.nodes[made.from].disk.peers[&made.to]
            .outbox
            .get(&made.id);
        out.is_some_and(|out| matches!(out.delivery, Delivery::Receipted { .. }))
    }

    fn check_message(&self, made: &Made) -> Result<(), String> {
        let Made {
            id,
            from,
            to,
            header,
            ..
        } = *made;
        let (sender, receiver) = (&self.nodes[from].disk, &self.nodes[to].disk);
        let held = receiver.holds(from, id, header);
        let Some(out) = sender.peers[&to].outbox.get(&id) else {
            return if held {
                Err(format!(
                    "{id} arrived and its restored sender did not get it back"
                ))
            } else if self.forgotten.contains(&id) {
                Ok(())
            } else {
                Err(format!("{id} is gone from its sender"))
            };
        };
        if out.delivery == Delivery::Withdrawn {
            let arrived = receiver.incoming.contains_key(&(from, id));
            return if arrived {
                Err(format!("{id} was held back and arrived"))
            } else {
                Ok(())
            };
        }
        if !held {
            return Err(format!(
                "{id} did not arrive: it is {}",
                out.delivery.code()
            ));
        }
        let times = receiver.handed_up.get(&(from, id)).copied().unwrap_or(0);
        if times != 1 {
            return Err(format!("{id} was handed up {times} times"));
        }
        let words = receiver.incoming[&(from, id)].body.open(to);
        if words.is_none_or(|words| words.secret != made.secret) {
            return Err(format!("{id} says something else than was written"));
        }
        if self.report.restores == 0 {
            let act = federation::protocol::LeafAct::Received;
            let leaves = receiver.ledger.count(act, id);
            if leaves != 1 {
                return Err(format!(
                    "{id} stands {leaves} times in the receiver's ledger"
                ));
            }
        }
        if self.frozen(from, to) {
            return Ok(());
        }
        let Delivery::Receipted { grade } = out.delivery else {
            return Err(format!("{id} arrived and is {}", out.delivery.code()));
        };
        if grade < self.full_grade(to) {
            return Err(format!("{id} has no witness, and its receiver names some"));
        }
        let receipt = sender.receipts.get(&(to, id));
        let proven = receipt.is_some_and(|receipt| receipt.proves(to, id, header));
        let graded = receipt.map(|receipt| receipt.grade) >= Some(Grade::Own);
        if proven && graded {
            Ok(())
        } else {
            Err(format!("the receipt for {id} does not verify"))
        }
    }

    fn check_notes(&self, node: usize, peer: usize) -> Result<(), String> {
        let ours = &self.nodes[node].disk.peers[&peer];
        let theirs = &self.nodes[peer].disk.peers[&node];
        if !ours.holdings.agrees_with(&theirs.holdings) {
            return Err(format!("the notes of {node} and {peer} differ"));
        }
        match ours.gaps.iter().next() {
            Some((id, gap)) => Err(format!("{id} is still a gap: {gap:?}")),
            None => Ok(()),
        }
    }

    /// Both sides of a thread of which everything arrived see the same.
    fn check_threads(&self, node: usize, peer: usize) -> Result<(), String> {
        let partial: BTreeSet<_> = self
            .made
            .iter()
            .filter(|made| !self.settled(made))
            .map(|made| made.thread)
            .collect();
        let now = self.clock(node);
        for ((other, thread), ours) in &self.nodes[node].disk.threads {
            if *other != peer || partial.contains(thread) {
                continue;
            }
            let theirs = self.nodes[peer].disk.threads.get(&(node, *thread));
            let same = theirs.is_some_and(|theirs| {
                theirs == ours
                    && theirs.state(now) == ours.state(now)
                    && theirs.requests(now) == ours.requests(now)
            });
            if !same {
                return Err(format!("{node} and {peer} see {thread} differently"));
            }
        }
        Ok(())
    }
}
