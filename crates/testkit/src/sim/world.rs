//! Time, chance and the course of a run.

use std::collections::{BTreeMap, BTreeSet};

use federation::{model::Digest, protocol::Failure};
use kernel::{MessageId, PartyCode, SeededRng, ThreadId, Timestamp};

use super::{
    Plan, Report,
    disk::Disk,
    network::{Frame, Packet},
};

pub(crate) const SECOND: u64 = 1_000_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;

/// How long the world is calm before the promises are checked.
const CALM_HOURS: u64 = 48;
/// More events than any sound run has: a run that reaches it goes round in circles.
const EVENTS_MAX: u64 = 200_000;

/// A node.
pub(crate) struct Node {
    pub(crate) party: PartyCode,
    pub(crate) disk: Disk,
    pub(crate) up: bool,
    /// How far its clock is ahead, in microseconds.
    pub(crate) skew: i64,
    pub(crate) backup: Option<Disk>,
    /// True while it shows a second ledger now and then.
    pub(crate) forges: bool,
}

/// A message as it was made.
pub(crate) struct Made {
    pub(crate) id: MessageId,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) thread: ThreadId,
    pub(crate) header: Digest,
    pub(crate) secret: u64,
}

/// What happens at a moment.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Arrive(Box<Frame>),
    Ring {
        node: usize,
        peer: usize,
        id: MessageId,
        attempt: u32,
    },
    Fail {
        node: usize,
        peer: usize,
        id: MessageId,
        failure: Failure,
    },
    FilesSent {
        node: usize,
        peer: usize,
        id: MessageId,
    },
    Cosign {
        node: usize,
        peer: usize,
        id: MessageId,
    },
    Speak {
        node: usize,
    },
    Carry {
        node: usize,
        peer: usize,
    },
    Compare {
        node: usize,
        peer: usize,
    },
    Up {
        node: usize,
    },
    Part {
        one: usize,
        other: usize,
        until: u64,
    },
    Backup {
        node: usize,
    },
    Restore {
        node: usize,
    },
    Forge {
        node: usize,
    },
    Calm,
}

/// Everything.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) rng: SeededRng,
    pub(crate) now: u64,
    pub(crate) nodes: Vec<Node>,
    pub(crate) witnessed: Vec<bool>,
    pub(crate) made: Vec<Made>,
    /// What a restored node made after its backup, and may have lost for good.
    pub(crate) forgotten: BTreeSet<MessageId>,
    pub(crate) report: Report,
    pub(crate) broken: Option<String>,
    pub(crate) calm: bool,
    parted: BTreeMap<(usize, usize), u64>,
    events: BTreeMap<(u64, u64), Event>,
    sequence: u64,
}

impl World {
    pub(crate) fn new(plan: Plan, rng: SeededRng) -> Self {
        let mut world = Self {
            plan,
            rng,
            now: 0,
            nodes: Vec::new(),
            witnessed: Vec::new(),
            made: Vec::new(),
            forgotten: BTreeSet::new(),
            report: Report::default(),
            broken: None,
            calm: false,
            parted: BTreeMap::new(),
            events: BTreeMap::new(),
            sequence: 0,
        };
        world.witnessed = (0..plan.nodes).map(|_| world.chance(500)).collect();
        for me in 0..plan.nodes {
            let party = ["XA", "XB", "XC", "XD", "XE", "XF"][me].parse().unwrap();
            let skew = i64::try_from(world.below(plan.faults.skew_seconds * SECOND + 1)).unwrap();
            world.nodes.push(Node {
                party,
                disk: Disk::new(me, plan.nodes, &world.witnessed),
                up: true,
                skew: if me % 2 == 0 { skew } else { -skew },
                backup: None,
                forges: false,
            });
        }
        world.plan_events();
        world
    }

    fn plan_events(&mut self) {
        let (plan, span) = (self.plan, self.plan.hours * HOUR);
        for _ in 0..plan.messages {
            let node = self.node();
            self.at_random(span, Event::Speak { node });
        }
        for _ in 0..plan.faults.partitions {
            let (one, other) = self.pair();
            let until = self.below(span);
            self.at_random(span / 2, Event::Part { one, other, until });
        }
        for _ in 0..3 {
            let (node, peer) = self.pair();
            self.at_random(span, Event::Compare { node, peer });
        }
        if self.chance(300) {
            let (node, peer) = self.pair();
            self.at_random(span, Event::Carry { node, peer });
        }
        let node = self.node();
        if plan.faults.two_faced {
            self.at_random(span, Event::Forge { node });
        } else if plan.faults.restore {
            let backup = self.below(span);
            self.at(backup, Event::Backup { node });
            let restore = backup + self.below(span - backup);
            self.at(restore, Event::Restore { node });
        }
        self.at(span, Event::Calm);
    }

    /// Plays to the end; an error is a broken promise with its second.
    pub(crate) fn play(mut self) -> Result<Report, (u64, String)> {
        let mut events = 0;
        while let Some((at, event)) = self.next() {
            self.now = at;
            self.happen(event);
            events += 1;
            if events > EVENTS_MAX {
                self.broken = Some("the nodes do not come to rest".to_owned());
            }
            if let Some(what) = self.broken.take() {
                return Err((at / SECOND, what));
            }
        }
        match self.check_promises() {
            Ok(()) => Ok(self.report),
            Err(what) => Err((self.now / SECOND, what)),
        }
    }

    fn next(&mut self) -> Option<(u64, Event)> {
        let ((at, _), event) = self.events.pop_first()?;
        let end = (self.plan.hours + CALM_HOURS) * HOUR;
        (at <= end).then_some((at, event))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive(frame) => self.arrive(*frame),
            Event::Ring {
                node,
                peer,
                id,
                attempt,
            } => self.ring(node, peer, id, attempt),
            Event::Fail {
                node,
                peer,
                id,
                failure,
            } => self.fail(node, peer, id, failure),
            Event::FilesSent { node, peer, id } => self.files_sent(node, peer, id),
            Event::Cosign { node, peer, id } => self.cosign(node, peer, id),
            Event::Speak { node } => self.speak(node),
            Event::Carry { node, peer } => self.carry(node, peer),
            Event::Compare { node, peer } => self.compare(node, peer),
            Event::Up { node } => self.come_up(node),
            Event::Part { one, other, until } => {
                let until = self
                    .parted
                    .get(&(one, other))
                    .copied()
                    .unwrap_or(0)
                    .max(until);
                self.parted.insert((one, other), until);
                self.parted.insert((other, one), until);
            }
            Event::Backup { node } => self.nodes[node].backup = Some(self.nodes[node].disk.clone()),
            Event::Restore { node } => self.restore(node),
            Event::Forge { node } => self.nodes[node].forges = true,
            Event::Calm => self.calm_down(),
        }
    }

    /// The faults end. Whoever saw two ledgers asks, and in half of the runs believes again.
    fn calm_down(&mut self) {
        self.calm = true;
        self.parted.clear();
        let pardon = self.chance(500);
        for node in 0..self.nodes.len() {
            self.nodes[node].forges = false;
            if !self.nodes[node].up {
                self.come_up(node);
            }
        }
        for (node, peer) in self.pairs() {
            if pardon {
                self.thaw(node, peer);
            }
            for round in 1..=6 {
                let at = self.now + round * 6 * HOUR;
                self.at(at, Event::Compare { node, peer });
            }
        }
    }

    /// Puts a packet on its way, as far as the network lets it.
    pub(crate) fn send(&mut self, from: usize, to: usize, packet: Packet) {
        let faults = self.plan.faults;
        let ledger = &self.nodes[from].disk.ledger;
        let checkpoint = if self.nodes[from].forges && self.chance(300) {
            ledger.forged()
        } else {
            ledger.checkpoint()
        };
        let failing = match &packet {
            Packet::Envelope(envelope) => Some(envelope.id),
            _ => None,
        };
        let parted = self
            .parted
            .get(&(from, to))
            .is_some_and(|until| self.now < *until);
        let unreachable = parted || !self.nodes[to].up;
        if unreachable || self.faulty(faults.loss) {
            self.report.lost += 1;
            if let Some(id) = failing {
                let (failure, wait) = if unreachable {
                    (Failure::Unreachable, SECOND)
                } else {
                    (Failure::Interrupted, 30 * SECOND)
                };
                let at = self.now + wait;
                self.at(
                    at,
                    Event::Fail {
                        node: from,
                        peer: to,
                        id,
                        failure,
                    },
                );
            }
            return;
        }
        let packet = if self.faulty(faults.altering) {
            self.alter(packet)
        } else {
            packet
        };
        let frame = Frame {
            from,
            to,
            packet,
            checkpoint,
        };
        if self.faulty(faults.stranger) {
            self.overhear(&frame);
        }
        self.deliver(frame.clone(), 5 * SECOND);
        if self.faulty(faults.doubling) {
            self.report.doubled += 1;
            self.deliver(frame, 10 * HOUR);
        }
    }

    pub(crate) fn at(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        self.events.insert((at, self.sequence), event);
    }

    pub(super) fn at_random(&mut self, span: u64, event: Event) {
        let at = self.below(span);
        self.at(at, event);
    }

    /// True with so many parts of a thousand.
    pub(crate) fn chance(&self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// The same while the world is not calm.
    pub(crate) fn faulty(&self, per_mille: u64) -> bool {
        !self.calm && self.chance(per_mille)
    }

    pub(crate) fn below(&self, limit: u64) -> u64 {
        if limit == 0 {
            0
        } else {
            self.rng.next_u64() % limit
        }
    }

    pub(crate) fn index(&self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap())).unwrap()
    }

    pub(super) fn node(&self) -> usize {
        self.index(self.nodes.len())
    }

    fn pair(&self) -> (usize, usize) {
        let one = self.node();
        let other = (one + 1 + self.index(self.nodes.len() - 1)) % self.nodes.len();
        (one, other)
    }

    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        let count = self.nodes.len();
        (0..count)
            .flat_map(|one| (0..count).map(move |other| (one, other)))
            .filter(|(one, other)| one != other)
            .collect()
    }

    /// The time as this node has it.
    pub(crate) fn clock(&self, node: usize) -> Timestamp {
        let start = 1_795_262_400_000_000;
        let now = i64::try_from(self.now).unwrap();
        Timestamp::from_micros(start + now + self.nodes[node].skew)
    }
}
