//! Messages that this program would not send.

use exchange::model::Urgency;
use federation::{
    compose::{Draft, Keys, compose},
    model::{Desk, Parent},
};
use kernel::{ContactId, MessageId, OsRng, ThreadId, Tlp};
use seal::Digest;
use serde_json::Value;

use crate::house::House;

/// Sends what this program would not: a body of any content. Gives its id.
pub(crate) async fn raw(from: &House, to: &House, kind: &str, content: Value) -> MessageId {
    let thread = ThreadId::random(&OsRng);
    raw_in(from, to, (kind, thread, None), content).await
}

/// The same, in a thread and after a message.
pub(crate) async fn raw_in(
    from: &House,
    to: &House,
    (kind, thread, parent): (&str, ThreadId, Option<MessageId>),
    content: Value,
) -> MessageId {
    let contact = |_party: &House| ContactId::random(&OsRng);
    let draft = Draft {
        id: MessageId::random(&OsRng),
        thread,
        kind: kind.parse().unwrap(),
        from: Desk {
            contact: contact(from),
            party: from.code(),
        },
        to: Desk {
            contact: contact(to),
            party: to.code(),
        },
        sent: from.x.ground.now(),
        parent: parent.map(|id| Parent {
            id,
            sha256: Digest::of(b"whatever"),
        }),
        urgency: Urgency::Routine,
        ack_due: None,
        answer_due: None,
        tlp: Tlp::Amber,
        exercise: true,
        content,
        attachments: Vec::new(),
    };
    let recipient = to.party.secrets.exercise.identity.recipient();
    let archive = from.party.archive.recipient();
    let keys = Keys {
        signing: &from.party.secrets.exercise.signing,
        keyset: 1,
        recipient: &recipient,
        archive: &archive,
    };
    let message = compose(draft, keys, &OsRng).unwrap();
    let mut tx = from.x.ground.db.begin().await.unwrap();
    from.x.post.submit(&mut tx, &message).await.unwrap();
    tx.commit().await.unwrap();
    from.x.post.sent(&message);
    from.x.post.drain().await;
    message.header.id
}

/// Where the delivery of a message stands.
pub(crate) async fn delivery(house: &House, id: MessageId) -> federation::state::Delivery {
    let mut tx = house.x.ground.db.begin_read().await.unwrap();
    let row = federation::store::delivery(&mut tx, id).await.unwrap();
    row.unwrap().outgoing.delivery
}
