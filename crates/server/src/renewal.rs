//! Peers that replaced their keys, as after a machine was stolen.
//!
//! The key by which a peer is pinned is a means: what people compared is its root key, and the newest
//! key set of that root says which key the node shows. So where another key turns up, the card at the
//! peer's address is read, and what it holds of newer key sets of the same root is taken. A key that
//! the root has not signed stays refused, and an older key set is never gone back to.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use audit::Ground;
use directory::{
    Error as DirectoryError,
    model::Address,
    ops::{self, Peer},
};
use futures_util::{StreamExt, stream};
use kernel::{Mode, PartyCode, Problem, Timestamp, Viewer};
use seal::Digest;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::introduction;

/// How long the same sighting is not looked into again: anybody can show a key.
const PAUSE: Duration = Duration::from_secs(10);
/// Peers that are asked at once.
const AT_ONCE: usize = 16;
/// Sightings that wait at most.
const SIGHTINGS_MAX: usize = 256;

/// A key was shown that is not pinned.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Sighting {
    /// At the address of a peer, instead of this one.
    Instead(Digest),
    /// By somebody who came to the listener for nodes.
    Caller,
}

/// What is still to be looked into. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sightings(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    sightings: Mutex<HashSet<Sighting>>,
    more: Notify,
}

impl Sightings {
    /// Notes one, unless it waits already or too many do.
    pub(crate) fn note(&self, sighting: Sighting) {
        let mut waiting = self.waiting();
        if waiting.len() < SIGHTINGS_MAX {
            waiting.insert(sighting);
            self.0.more.notify_one();
        }
    }

    fn take(&self) -> HashSet<Sighting> {
        std::mem::take(&mut *self.waiting())
    }

    fn waiting(&self) -> MutexGuard<'_, HashSet<Sighting>> {
        let waiting = &self.0.sightings;
        waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks into sightings.
pub(crate) struct Renewals {
    pub(crate) ground: Ground,
    pub(crate) party: PartyCode,
    pub(crate) sightings: Sightings,
}

impl Renewals {
    /// Looks until it is told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut looked: HashMap<Sighting, Timestamp> = HashMap::new();
        let work = async {
            loop {
                self.sightings.0.more.notified().await;
                for sighting in self.sightings.take() {
                    let now = self.ground.now();
                    looked.retain(|_, at| now.since(*at) < PAUSE);
                    if looked.insert(sighting, now).is_none()
                        && let Err(problem) = self.look_into(sighting).await
                    {
                        warn!("the keys of peers cannot be renewed: {}", problem.chain());
                    }
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
    }

    /// Asks the peer whose pinned key was not shown; all of them where an unknown one came here.
    async fn look_into(&self, sighting: Sighting) -> Result<(), Problem> {
        let concerned = |peer: &Peer| match sighting {
            Sighting::Instead(key) => peer.chain.latest().set().tls_key_sha256 == key,
            Sighting::Caller => true,
        };
        let listed = ops::peers_for_federation(&self.ground).await?;
        let others = listed.into_iter().filter(|peer| !peer.party.own);
        // Each once, in whichever modes it is listed.
        let addresses: BTreeMap<PartyCode, Address> = others
            .filter(concerned)
            .filter_map(|peer| Some((peer.party.code, peer.party.federation?)))
            .collect();
        stream::iter(addresses)
            .for_each_concurrent(AT_ONCE, |(party, address)| async move {
                self.ask(sighting, &party, &address).await;
            })
            .await;
        Ok(())
    }

    async fn ask(&self, sighting: Sighting, party: &PartyCode, address: &Address) {
        let viewer = Viewer::node("renewal", self.party.clone(), Mode::Real);
        match renew(&self.ground, &viewer, party, address).await {
            Ok(modes) if modes.is_empty() => {
                debug!(peer.name = %party, "{party} has no newer key set");
            }
            Ok(_modes) => info!(peer.name = %party, "{party} has newer keys, which are taken"),
            Err(problem) if sighting == Sighting::Caller => {
                debug!(peer.name = %party, "{party} was not asked: {}", problem.chain());
            }
            Err(problem) => warn!(
                peer.name = %party,
                "another key than that of {party} answers at its address: {}",
                problem.chain()
            ),
        }
    }
}

/// Reads the card of a listed party at an address and takes the newer key sets of its root. Gives the
/// modes in which something was new.
pub async fn renew(
    ground: &Ground,
    viewer: &Viewer,
    party: &PartyCode,
    address: &Address,
) -> Result<Vec<Mode>, Problem> {
    let mut tx = ground.db.begin_read().await?;
    let mut compared = None;
    for mode in [Mode::Real, Mode::Exercise] {
        let listed = ops::find_in(&mut tx, party, mode).await?;
        compared = compared.or(listed.map(|party| party.fingerprint));
    }
    drop(tx);
    let compared = compared.ok_or(DirectoryError::NoParty)?;
    let card = introduction::fetch(address).await?.accept(&compared)?;
    Ok(ops::renew(ground, viewer, party, &card).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sighting_waits_once_and_no_more_than_fit_do() {
        let sightings = Sightings::default();
        for number in 0..=u8::MAX {
            sightings.note(Sighting::Caller);
            sightings.note(Sighting::Instead(Digest::from_bytes([number; 32])));
        }
        assert_eq!(sightings.take().len(), SIGHTINGS_MAX);
        assert!(sightings.take().is_empty());
    }
}
