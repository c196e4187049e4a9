//! Messages that this node makes, with its own keys.

use kernel::{ContactId, MessageId, Mode, PartyCode, ThreadId, Tlp};
use serde_json::Value;
use uuid::Uuid;

use super::Post;
use crate::{
    compose::{Draft, Keys, Message, compose},
    error::Error,
    model::{Desk, Kind, Urgency},
};

impl Post {
    /// Seals and signs a message to the peer that it is for.
    pub fn compose(&self, draft: Draft) -> Result<Message, Error> {
        let mode = Mode::from_exercise(draft.exercise);
        let peer = self.known(&draft.to.party, mode)?;
        let own = self.keys();
        let set = own.chain(mode).latest().set();
        let keys = Keys {
            signing: &own.of(mode).signing,
            keyset: set.seq,
            recipient: &peer.chain.latest().set().age_recipient,
            archive: &set.archive_recipient,
        };
        Ok(compose(draft, keys, self.ground().rng.as_ref())?)
    }

    /// What this node says to another one: no desk is meant, and nobody is waited for.
    pub fn node_draft(
        &self,
        (to, mode): (&PartyCode, Mode),
        (id, thread): (MessageId, ThreadId),
        (kind, content): (Kind, Value),
    ) -> Draft {
        let desk = |party: &PartyCode| Desk {
            contact: ContactId::from_uuid(Uuid::nil()),
            party: party.clone(),
        };
        Draft {
            id,
            thread,
            kind,
            from: desk(self.keys().party()),
            to: desk(to),
            sent: self.ground().now(),
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            exercise: mode.is_exercise(),
            content,
            attachments: Vec::new(),
        }
    }
}
