//! Peers that were restored from a backup: what they state, and what they are told.

use audit::Log;
use db::setting;
use kernel::{ActId, Mode, PartyCode, boxed};
use ledger::{Checkpoint, Note};
use seal::Digest;
use serde_json::json;
use tracing::warn;

use super::{Luggage, Post};
use crate::{
    error::Error,
    own::{epoch_of, origin_in, revoked_since, signer},
    protocol::{Head, Input},
    restored::Restored,
    store::{self, NewEvidence},
    transport::Method,
    wire::{OTHERS_MAX, Seen},
};

impl Post {
    /// Takes a peer's signed statement that it was restored: its ledger goes on in a new epoch. A
    /// statement that is known already changes nothing.
    #[boxed]
    pub async fn take_statement(&self, at: (&PartyCode, Mode), bytes: &[u8]) -> Result<(), Error> {
        let peer = self.known(at.0, at.1)?;
        let now = self.ground().now();
        let stated = Restored::parse(bytes, at, &peer.chain, now)?;
        let mut tx = self.ground().db.begin().await?;
        let row = store::lock_peer(&mut tx, at.0, at.1).await?;
        if stated.epoch <= row.epoch {
            return Ok(());
        }
        let held = match row.head {
            Some(head) => store::checkpoint_note(&mut tx, at, head).await?,
            None => None,
        };
        let detail = json!({"epoch": stated.epoch, "held": stated.held, "known": row.head});
        let ground = self.ground();
        let evidence = NewEvidence {
            id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
            party: at.0,
            mode: at.1,
            at: now,
            code: "restored",
            detail: &detail.to_string(),
            held: held.as_deref().map(str::as_bytes),
            shown: Some(bytes),
        };
        store::insert_evidence(&mut tx, &evidence).await?;
        let text = String::from_utf8_lossy(bytes);
        store::put_epoch(&mut tx, at, stated.epoch, &text).await?;
        let input = Input::Restored { head: empty() };
        self.step(&mut tx, at, vec![input], &Luggage::default())
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether this epoch of the peer's ledger is known here. A later one is believed only by the
    /// peer's statement, which is fetched.
    pub(super) async fn knows_epoch(
        &self,
        at: (&PartyCode, Mode),
        epoch: u32,
    ) -> Result<bool, Error> {
        if epoch <= self.epoch_known(at).await? {
            return Ok(true);
        }
        let path = format!("/federation/v1/restored?mode={}", at.1.as_str());
        let Ok(body) = self.call(at, Method::Get, path, Vec::new()).await? else {
            return Ok(false);
        };
        match self.take_statement(at, &body).await {
            Ok(()) => {}
            Err(Error::Statement(error)) => {
                warn!(peer.name = %at.0, error = %error, "{} shows an epoch without a sound statement", at.0);
            }
            Err(other) => return Err(other),
        }
        Ok(epoch <= self.epoch_known(at).await?)
    }

    pub(super) async fn epoch_known(&self, at: (&PartyCode, Mode)) -> Result<u32, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let row = store::peer(&mut tx, at.0, at.1).await?;
        Ok(row.map_or(0, |row| row.epoch))
    }

    /// This node's own statement, where its ledger is in a later epoch than the first.
    #[boxed]
    pub async fn statement(&self, mode: Mode) -> Result<Option<String>, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        Ok(setting::read(&mut tx, &statement_name(Log::of(mode))).await?)
    }

    /// What this node has seen of ledgers, for a peer that was restored.
    #[boxed]
    pub async fn seen(&self, at: (&PartyCode, Mode)) -> Result<Seen, Error> {
        self.known(at.0, at.1)?;
        let log = Log::of(at.1);
        let mut tx = self.ground().db.begin_read().await?;
        let row = store::peer(&mut tx, at.0, at.1).await?;
        let epoch = row.as_ref().map_or(0, |row| row.epoch);
        let mut yours = match row.and_then(|row| row.head) {
            Some(head) => store::checkpoint_note(&mut tx, at, head).await?,
            None => None,
        };
        // As a witness it may have seen a later one than as a peer.
        let witnessed = audit::last_seen(&mut tx, &origin_in(at.0, log, epoch)).await?;
        if let Some(witnessed) = witnessed.map(|note| note.to_string())
            && size_of(&witnessed) > yours.as_deref().and_then(size_of)
        {
            yours = Some(witnessed);
        }
        let own = audit::newest_checkpoint(&mut tx, self.ground(), log).await?;
        let mut others = Vec::new();
        for other in store::peers(&mut tx, at.1).await? {
            if other.party == *at.0 || others.len() >= OTHERS_MAX {
                continue;
            }
            if let Some(head) = other.head {
                let note = store::checkpoint_note(&mut tx, (&other.party, at.1), head).await?;
                others.extend(note.map(|note| (other.party, note)));
            }
        }
        Ok(Seen {
            epoch,
            yours,
            own: own.map(|note| note.to_string()),
            others,
        })
    }

    /// Looks at a checkpoint of a peer that somebody showed: what is proven moves the peer's head on,
    /// so that an older one cannot be shown to a node that has forgotten the newer.
    pub(super) async fn see_note(&self, at: (&PartyCode, Mode), text: &str) -> Result<(), Error> {
        let Some(peer) = self.peer(at.0, at.1) else {
            return Ok(());
        };
        let log = Log::of(at.1);
        let Ok(note) = Note::parse(text.as_bytes()) else {
            return Ok(());
        };
        let Ok(stated) = Checkpoint::parse(note.text.as_bytes()) else {
            return Ok(());
        };
        let Some(epoch) = epoch_of(at.0, log, stated.origin()) else {
            return Ok(());
        };
        let keys = signer(&peer.chain, stated.origin(), &note).map(|(_, keys)| keys);
        // What a revoked key signed proves nothing: a thief could show a tree of his own.
        let keys = keys.filter(|keys| revoked_since(&peer.chain, keys).is_none());
        let Some(Ok((checkpoint, _time))) = keys.map(|keys| keys.verify(&note)) else {
            warn!(peer.name = %at.0, "a checkpoint of {} was shown that no key of its ledger vouches for", at.0);
            return Ok(());
        };
        if !self.knows_epoch(at, epoch).await? || self.epoch_known(at).await? != epoch {
            return Ok(());
        }
        let head = Head {
            size: checkpoint.size(),
            root: Digest::from_bytes(*checkpoint.root().as_bytes()),
        };
        let now = self.ground().now();
        let mut tx = self.ground().db.begin().await?;
        store::lock_peer(&mut tx, at.0, at.1).await?;
        store::put_checkpoint(&mut tx, at, head, text, now).await?;
        let input = Input::Checkpoint {
            head,
            consistency: crate::protocol::Consistency::Unknown,
        };
        let after = self
            .step(&mut tx, at, vec![input], &Luggage::default())
            .await?;
        tx.commit().await?;
        self.carry_out(at, after).await;
        Ok(())
    }
}

/// The head of a tree without leaves, with which every epoch begins.
pub(super) fn empty() -> Head {
    Head {
        size: 0,
        root: Digest::from_bytes(*ledger::empty_root().as_bytes()),
    }
}

/// The size that a checkpoint's note states.
fn size_of(note: &str) -> Option<u64> {
    let note = Note::parse(note.as_bytes()).ok()?;
    let checkpoint = Checkpoint::parse(note.text.as_bytes()).ok()?;
    Some(checkpoint.size())
}

/// Under which name a node keeps its statement about a ledger.
pub(super) fn statement_name(log: Log) -> String {
    format!("federation.restored.{log}")
}
