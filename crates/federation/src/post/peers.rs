//! Whom this node knows.

use std::sync::{Arc, PoisonError};

use kernel::{Mode, PartyCode};
use seal::Digest;

use super::{KnownPeer, Post};
use crate::error::Error;

impl Post {
    /// Replaces what is known of the peers.
    pub fn set_peers(&self, peers: Vec<KnownPeer>) {
        let peers = peers
            .into_iter()
            .map(|peer| ((peer.party.clone(), peer.mode), Arc::new(peer)))
            .collect();
        *self.0.peers.write().unwrap_or_else(PoisonError::into_inner) = peers;
    }

    /// A peer, in one mode.
    pub fn peer(&self, party: &PartyCode, mode: Mode) -> Option<Arc<KnownPeer>> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        peers.get(&(party.clone(), mode)).cloned()
    }

    /// All peers of a mode, by their codes.
    pub fn peers(&self, mode: Mode) -> Vec<Arc<KnownPeer>> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = peers
            .values()
            .filter(|peer| peer.mode == mode)
            .cloned()
            .collect();
        found.sort_by(|a, b| a.party.cmp(&b.party));
        found
    }

    /// The peer whose TLS key this is.
    pub fn peer_by_tls_key(&self, key: &Digest) -> Option<PartyCode> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        let found = peers
            .values()
            .find(|peer| peer.chain.latest().set().tls_key_sha256 == *key);
        found.map(|peer| peer.party.clone())
    }

    /// A peer, in one mode, which there must be.
    pub fn known(&self, party: &PartyCode, mode: Mode) -> Result<Arc<KnownPeer>, Error> {
        self.peer(party, mode).ok_or_else(|| Error::NoPeer {
            party: party.clone(),
            mode,
        })
    }
}
