//! What the line does to what it carries: delays, alters, lets strangers hear.

use super::{
    network::{Frame, Packet},
    world::{Event, HOUR, World},
};

impl World {
    pub(super) fn deliver(&mut self, frame: Frame, delay_max: u64) {
        let at = self.now + 1 + self.below(delay_max);
        self.at(at, Event::Arrive(Box::new(frame)));
    }

    pub(super) fn alter(&mut self, packet: Packet) -> Packet {
        self.report.altered += 1;
        match packet {
            Packet::Envelope(mut envelope) => {
                envelope.intact = false;
                Packet::Envelope(envelope)
            }
            Packet::Receipt(receipt) => Packet::Receipt(receipt.altered()),
            other => other,
        }
    }

    /// A third node gets a copy of an envelope, and offers it as if it were its own business.
    pub(super) fn overhear(&mut self, frame: &Frame) {
        let Packet::Envelope(envelope) = &frame.packet else {
            return;
        };
        let stranger = self.node();
        if stranger == frame.from || stranger == frame.to {
            return;
        }
        self.report.strangers += 1;
        if envelope.body.open(stranger).is_some() {
            self.broken = Some("a stranger opened an envelope".to_owned());
        }
        let checkpoint = self.nodes[stranger].disk.ledger.checkpoint();
        let offered = Frame {
            from: stranger,
            to: frame.to,
            packet: frame.packet.clone(),
            checkpoint,
        };
        self.deliver(offered, HOUR);
        let misled = Frame {
            to: stranger,
            ..frame.clone()
        };
        self.deliver(misled, HOUR);
    }
}
