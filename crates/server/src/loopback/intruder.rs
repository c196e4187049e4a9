//! Somebody on the way between two nodes.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use federation::{
    model::Header,
    post::Post,
    transport::{Call, Method, PeerAddress, Transport},
    wire::{ANSWER_BYTES_MAX, Answer},
};
use kernel::{Mode, PartyCode};
use seal::dsse::Envelope;

use super::LoopbackError;
use crate::{keys::KeysError, shutdown::Shutdown, tls::TlsKey, transport::Connections};

const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);

/// Somebody who has a node's connection key, and so can speak to its peers, and none of the keys
/// that sign its messages.
#[derive(Debug)]
pub struct Intruder {
    transport: Transport,
    shutdown: Shutdown,
}

impl Intruder {
    /// One with the connection key of this node.
    pub fn at(node: &Post) -> Result<Self, LoopbackError> {
        let key = TlsKey::from_pkcs8(&node.keys().secrets().tls_pkcs8).map_err(KeysError::from)?;
        let shutdown = Shutdown::new();
        Ok(Self {
            transport: Connections::new(key, shutdown.clone()).transport(),
            shutdown,
        })
    }

    /// Brings an envelope to a node, and gives its answer; nothing if it has none.
    pub async fn bring(&self, to: PeerAddress, envelope: Vec<u8>) -> Option<Answer> {
        let call = Call {
            to,
            method: Method::Post,
            path: "/federation/v1/messages?known=0".to_owned(),
            headers: Vec::new(),
            body: envelope,
            answer_bytes_max: ANSWER_BYTES_MAX,
            time_max: ANSWER_TIME_MAX,
        };
        let answer = self.transport.call(call).await.ok()?;
        serde_json::from_slice(&answer.body).ok()
    }

    /// Goes away.
    pub async fn end(self) {
        self.shutdown.finish().await;
    }
}

/// The envelope with another header under the same signatures; nothing if it cannot be read.
pub fn alter(envelope: &[u8], change: impl FnOnce(&mut Header)) -> Option<Vec<u8>> {
    let held = Envelope::parse(envelope).ok()?;
    let mut header = Header::parse(held.payload_unverified()).ok()?;
    change(&mut header);
    let before = STANDARD.encode(held.payload_unverified());
    let after = STANDARD.encode(header.to_bytes().ok()?);
    let text = std::str::from_utf8(envelope).ok()?;
    text.contains(&before)
        .then(|| text.replacen(&before, &after, 1).into_bytes())
}

/// Where a peer really listens, past the line that leads to it.
pub fn address_past_the_line(
    node: &Post,
    peer: &PartyCode,
    listener: std::net::SocketAddr,
) -> Option<PeerAddress> {
    let known = node.peer(peer, Mode::Exercise)?.address()?;
    Some(PeerAddress {
        authority: listener.to_string(),
        ..known
    })
}
