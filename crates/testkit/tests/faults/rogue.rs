//! Somebody who holds all of XA's keys, speaks to XB over TLS, and writes what he likes.

use std::time::Duration;

use db::Db;
use federation::{
    compose::{Draft, Keys, Message, compose},
    model::{Desk, Header, PAYLOAD_TYPE, Urgency},
    store,
    transport::{Answer as Raw, Call, Method, PeerAddress, Transport},
    wire::Answer,
};
use kernel::{ContactId, MessageId, Mode, OsRng, PageRequest, PartyCode, ThreadId, Timestamp, Tlp};
use seal::{HybridRecipient, dsse::Envelope, keys::SigningKeys};
use serde_json::json;
use server::{
    loopback::address_past_the_line, shutdown::Shutdown, tls::TlsKey, transport::Connections,
};
use testkit::Fleet;

/// Somebody who holds all of XA's keys, speaks to XB over TLS, and writes what he likes.
pub(crate) struct Rogue {
    pub(crate) fleet: Fleet,
    transport: Transport,
    shutdown: Shutdown,
    to: PeerAddress,
}

pub(crate) async fn rogue(db: &Db) -> Rogue {
    let fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    let post = fleet.node("XA").post();
    let key = TlsKey::from_pkcs8(&post.keys().secrets().tls_pkcs8).unwrap();
    let shutdown = Shutdown::new();
    let transport = Connections::new(key, shutdown.clone()).transport();
    let listener = fleet.member("XB").serving().unwrap().federation;
    let to = address_past_the_line(post, &party("XB"), listener).unwrap();
    Rogue {
        fleet,
        transport,
        shutdown,
        to,
    }
}

pub(crate) fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

impl Rogue {
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Raw {
        let call = Call {
            to: self.to.clone(),
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body,
            answer_bytes_max: 1 << 20,
            time_max: Duration::from_secs(30),
        };
        self.transport.call(call).await.unwrap()
    }

    /// Brings an envelope, and gives the answer to it.
    pub(crate) async fn bring(&self, envelope: Vec<u8>) -> Answer {
        let answer = self.ask(Method::Post, "/federation/v1/messages", envelope);
        let answer = answer.await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub(crate) fn draft(&self) -> Draft {
        let desk = |code| Desk {
            contact: ContactId::random(&OsRng),
            party: party(code),
        };
        Draft {
            id: MessageId::random(&OsRng),
            thread: ThreadId::random(&OsRng),
            kind: "PING".parse().unwrap(),
            from: desk("XA"),
            to: desk("XB"),
            sent: self.now(),
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            exercise: true,
            content: json!({"title": "Anybody there?", "details": {"test": true}}),
            attachments: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.fleet.node("XA").ground().now()
    }

    /// To whom XA seals what XB may read.
    pub(crate) fn recipient(&self) -> HybridRecipient {
        let peer = self
            .fleet
            .node("XA")
            .post()
            .peer(&party("XB"), Mode::Exercise);
        let peer = peer.unwrap();
        peer.chain.latest().set().age_recipient.clone()
    }

    pub(crate) fn message(&self, draft: Draft) -> Message {
        self.sealed(draft, &self.recipient(), Mode::Exercise)
    }

    pub(crate) fn sealed(
        &self,
        draft: Draft,
        recipient: &HybridRecipient,
        signed_for: Mode,
    ) -> Message {
        let own = self.fleet.node("XA").post().keys();
        let set = own.chain(signed_for).latest().set().clone();
        let keys = Keys {
            signing: &own.of(signed_for).signing,
            keyset: set.seq,
            recipient,
            archive: &set.archive_recipient,
        };
        compose(draft, keys, &OsRng).unwrap()
    }

    /// The same message with another header, signed anew by the party's own keys.
    pub(crate) fn with_header(
        &self,
        message: &Message,
        change: impl FnOnce(&mut Header),
    ) -> Vec<u8> {
        let own = self.fleet.node("XA").post().keys();
        signed(message, change, &own.of(Mode::Exercise).signing)
    }

    /// Nothing was taken: neither room nor ledger of XB has anything of it.
    pub(crate) async fn nothing_taken(&self, id: MessageId) {
        let ground = self.fleet.node("XB").ground();
        let mut tx = ground.db.begin_read().await.unwrap();
        let at = (&party("XA"), Mode::Exercise);
        let row = store::incoming(&mut tx, at, id).await.unwrap();
        assert!(row.is_none_or(|row| row.leaf.is_none()));
        let log = audit::Log::Exercise;
        let leaves = audit::leaves(&mut tx, ground, log, PageRequest::default()).await;
        for leaf in leaves.unwrap().items {
            assert_ne!(leaf.act, ledger::Act::Received, "{leaf:?}");
        }
    }

    pub(crate) async fn end(self) {
        self.shutdown.finish().await;
        self.fleet.end().await;
    }
}

pub(crate) fn signed(
    message: &Message,
    change: impl FnOnce(&mut Header),
    keys: &SigningKeys,
) -> Vec<u8> {
    let mut header = message.header.clone();
    change(&mut header);
    let sealed = Envelope::parse(&message.envelope).unwrap();
    let sealed = sealed.sealed().unwrap().to_vec();
    let envelope = Envelope::sign(PAYLOAD_TYPE, header.to_bytes().unwrap(), keys);
    envelope.unwrap().with_sealed(sealed).unwrap().to_bytes()
}
