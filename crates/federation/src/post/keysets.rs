//! Key sets of peers that are newer than those known here.

use std::sync::{Arc, PoisonError};

use db::Tx;
use kernel::{Mode, PartyCode};
use queue::JobFailure;
use seal::keys::{KeySetChain, SignedKeySet};

use super::{KEY_SETS, KnownPeer, PeerJob, Post};
use crate::{error::Error, transport::Method};

impl Post {
    /// Asks for the peer's newer key sets when it signed by one that is not known here.
    pub(super) async fn want_key_sets(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
    ) -> Result<(), Error> {
        let job = PeerJob {
            party: at.0.clone(),
            mode: at.1,
        };
        let ground = self.ground();
        ground.enqueue(tx, KEY_SETS, &job, ground.now()).await?;
        Ok(())
    }

    pub(super) async fn fetch_key_sets(&self, job: PeerJob) -> Result<(), JobFailure> {
        let again = |error: Error| JobFailure::Again(error.to_string());
        let at = (&job.party, job.mode);
        let peer = self.known(&job.party, job.mode).map_err(again)?;
        let after = peer.chain.latest().set().seq;
        let path = format!(
            "/federation/v1/keysets?mode={}&after={after}",
            job.mode.as_str()
        );
        let body = match self
            .call(at, Method::Get, path, Vec::new())
            .await
            .map_err(again)?
        {
            Ok(body) => body,
            Err(_failure) => return Err(JobFailure::Again("the peer did not answer".to_owned())),
        };
        let sets: Vec<String> = serde_json::from_slice(&body)
            .map_err(|error| JobFailure::Final(format!("unreadable key sets: {error}")))?;
        let mut chain = peer.chain.clone();
        for text in sets {
            let set = SignedKeySet::parse(text.as_bytes())
                .map_err(|error| JobFailure::Final(format!("a key set cannot be read: {error}")))?;
            // Only the next one of the same root is kept; a changed root means comparing again.
            chain
                .accept(set.clone())
                .map_err(|error| JobFailure::Final(format!("a key set is refused: {error}")))?;
            (self.0.keep_key_set)(job.party.clone(), set)
                .await
                .map_err(|problem| JobFailure::Again(problem.to_string()))?;
        }
        self.replace_chain(&peer, chain);
        Ok(())
    }

    fn replace_chain(&self, peer: &KnownPeer, chain: KeySetChain) {
        let fresh = Arc::new(KnownPeer {
            chain,
            ..peer.clone()
        });
        let mut peers = self.0.peers.write().unwrap_or_else(PoisonError::into_inner);
        peers.insert((peer.party.clone(), peer.mode), fresh);
    }
}
