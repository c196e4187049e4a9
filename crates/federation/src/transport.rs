//! The seam between how messages travel and what carries them.
//!
//! This crate decides what is asked of a peer and reads the answer; it opens no connection.
//! `server` fills a [`Transport`] with TLS 1.3 and pinned keys, a simulator with a network of its
//! own. A peer is addressed by the key that it must prove to have, never by its name alone.

use std::{
    collections::HashSet,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use seal::Digest;

/// Where a peer is, and the key that proves it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct PeerAddress {
    /// Host and port, such as `comity.example:8461`.
    pub authority: String,
    /// SHA-256 of the `SubjectPublicKeyInfo` of its TLS key, as its key set names it.
    pub tls_key_sha256: Digest,
}

/// How a peer is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// Reads.
    Get,
    /// Hands over.
    Post,
    /// Stores under a name that follows from the content.
    Put,
    /// Asks how much of something is there.
    Head,
}

/// One question to a peer.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whom.
    pub to: PeerAddress,
    /// How.
    pub method: Method,
    /// Path and query, such as `/federation/v1/messages`.
    pub path: String,
    /// Further header fields, in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; larger things go in pieces.
    pub body: Vec<u8>,
    /// The longest answer that is read; a longer one is an interruption.
    pub answer_bytes_max: usize,
    /// How long the whole may take, the connection included.
    pub time_max: Duration,
}

/// What the peer answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields, in lower case; those that are not text are left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header field of this name, which is written in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer. The text is for the log: it holds no content.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CallError {
    /// No connection was made, or it proved another key: nothing left the house.
    #[error("{0}")]
    Unreachable(String),
    /// The connection broke, the answer is too long or too late: it may have arrived.
    #[error("{0}")]
    Interrupted(String),
}

/// What a call comes to.
pub type CallFuture = Pin<Box<dyn Future<Output = Result<Answer, CallError>> + Send>>;

type Carry = dyn Fn(Call) -> CallFuture + Send + Sync;

/// Carries calls to peers. Cheap to clone.
#[derive(Clone)]
pub struct Transport(Arc<Carry>);

impl Transport {
    /// A transport that carries calls in this way.
    pub fn new(carry: impl Fn(Call) -> CallFuture + Send + Sync + 'static) -> Self {
        Self(Arc::new(carry))
    }

    /// Asks a peer.
    pub async fn call(&self, call: Call) -> Result<Answer, CallError> {
        (self.0)(call).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

/// The TLS keys of the peers that may connect. Clones share one set; the node refreshes it from
/// the key sets that it holds, and an unknown key does not get through the handshake.
#[derive(Clone, Debug, Default)]
pub struct Pins(Arc<RwLock<HashSet<Digest>>>);

impl Pins {
    /// Replaces the whole set.
    pub fn replace(&self, keys: impl IntoIterator<Item = Digest>) {
        let keys = keys.into_iter().collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Whether a peer with this key may connect.
    pub fn contains(&self, key: &Digest) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(key)
    }
}

/// The TLS key that the peer behind a request has proven to have. The listener puts it among the
/// request's extensions; whose it is, the peers' key sets tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PeerKey(pub Digest);
