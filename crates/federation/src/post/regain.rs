//! Getting back what was lost: our own messages, from the peer that gave a receipt for them.

use std::io::{Read, Seek, SeekFrom};

use kernel::{MessageId, Mode, PartyCode, boxed};
use seal::{Digest, Time, keys::Claim};
use tracing::warn;

use super::{Luggage, Post, receipts::judge_receipt};
use crate::{
    error::Error,
    files::{FilesError, blocking},
    inspect::{Unproven, purpose},
    model::{Header, PAYLOAD_TYPE, SealedFile},
    protocol::{Effect, Input, Stage, Standing},
    store,
    wire::{Answer, Given, PIECE_BYTES_MAX},
};

/// What became of fetching a file.
enum Fetched {
    /// It is here.
    Here,
    /// The peer does not have it any more.
    Gone,
    /// The line broke.
    Broken,
}

impl Post {
    /// Fetches a message of ours that we have lost, with its receipt, and takes both if every check
    /// holds. Where one does not, the gap stays open.
    pub(super) async fn fetch_back(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
    ) -> Result<Vec<Effect>, Error> {
        let path = format!("/federation/v1/given/{id}?mode={}", at.1.as_str());
        let Ok(body) = self.fetch(at, path).await? else {
            return Ok(Vec::new());
        };
        let given: Option<Given> = serde_json::from_slice(&body).ok();
        let ours = given.and_then(|given| {
            let (header, digest) = self.proven_ours(at, id, given.envelope.as_bytes())?;
            Some((given, header, digest))
        });
        let Some((given, header, digest)) = ours else {
            warn!(peer.name = %at.0, message.id = %id, "what {} gave back as {id} is not our message", at.0);
            return Ok(Vec::new());
        };
        let peer = self.known(at.0, at.1)?;
        let Some(judged) = judge_receipt(&peer, id, digest, &given.receipt) else {
            warn!(peer.name = %at.0, message.id = %id, "{} gave {id} back with a receipt that does not verify", at.0);
            return Ok(Vec::new());
        };
        if !self.knows_epoch(at, judged.epoch).await? {
            return Ok(Vec::new());
        }
        for file in header.sealed.iter().skip(1) {
            match self.fetch_file(at, id, file).await? {
                Fetched::Here => {}
                Fetched::Gone => {
                    warn!(message.id = %id, file.sha256 = %file.sha256, "a file of {id} is gone for good");
                }
                Fetched::Broken => return Ok(Vec::new()),
            }
        }
        let now = self.ground().now();
        let mut tx = self.ground().db.begin().await?;
        let row = store::lock_peer(&mut tx, at.0, at.1).await?;
        if row.standing != Standing::Believed {
            return Ok(Vec::new());
        }
        let mut inputs = Vec::new();
        if judged.epoch == row.epoch {
            store::put_checkpoint(&mut tx, at, judged.head, &judged.note, now).await?;
            inputs.push(judged.unproven());
        }
        inputs.push(Input::Recovered {
            id,
            digest,
            grade: judged.grade,
        });
        let luggage = Luggage {
            envelope: Some(given.envelope.as_bytes()),
            delivered: None,
        };
        let after = self.step(&mut tx, at, inputs, &luggage).await?;
        store::put_receipt(&mut tx, id, judged.grade, &given.receipt, now).await?;
        tx.wake();
        tx.commit().await?;
        Ok(after)
    }

    /// The header of an envelope that this node signed itself, for that peer.
    fn proven_ours(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        bytes: &[u8],
    ) -> Option<(Header, Digest)> {
        let unproven = Unproven::parse(bytes).ok()?;
        let (keys, header) = (self.keys(), &unproven.header);
        let named = header.id == id
            && header.from.party == *keys.party()
            && header.to.party == *at.0
            && header.mode() == at.1;
        // Judged as of its sending: a key that was changed since signed it in its time.
        let claim = Claim {
            payload_type: PAYLOAD_TYPE,
            seq: header.keyset,
            purpose: purpose(header.exercise),
            at: Time::from_micros(header.sent.as_micros()).ok()?,
        };
        keys.chain(at.1).verify(&unproven.envelope, &claim).ok()?;
        let first = header.sealed.first().map(|file| file.sha256);
        let whole = unproven
            .envelope
            .sealed()
            .is_none_or(|sealed| first == Some(Digest::of(sealed)));
        (named && whole).then(|| (header.clone(), unproven.digest))
    }

    async fn fetch_file(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        file: &SealedFile,
    ) -> Result<Fetched, Error> {
        loop {
            let (files, wanted) = (self.files().clone(), file.clone());
            let held = move || Ok::<_, Error>(files.held(&wanted.sha256, wanted.size)?);
            let offset = blocking(held).await?;
            if self.files().has(&file.sha256) {
                return Ok(Fetched::Here);
            }
            let path = format!(
                "/federation/v1/given/{id}/files/{}?mode={}&offset={offset}",
                file.sha256,
                at.1.as_str()
            );
            let Ok(piece) = self.fetch(at, path).await? else {
                return Ok(Fetched::Broken);
            };
            if piece.is_empty() {
                return Ok(Fetched::Gone);
            }
            let (files, file) = (self.files().clone(), file.clone());
            let take =
                move || Ok::<_, Error>(files.take(&file.sha256, file.size, offset, &piece)?);
            blocking(take).await?;
        }
    }

    /// Gives a peer one of its own messages back, with our receipt for it.
    #[boxed]
    pub async fn give_back(&self, at: (&PartyCode, Mode), id: MessageId) -> Result<Given, Error> {
        self.all_there().await?;
        let envelope = self.received_envelope(at, id).await?;
        match self.receipt_asked(at, id, 0).await? {
            Answer::Receipt { receipt, .. } => Ok(Given { envelope, receipt }),
            _ => Err(Error::NoMessage { id }),
        }
    }

    /// Gives a peer a piece of a file of its own message back; nothing where the file is gone.
    #[boxed]
    pub async fn give_back_file(
        &self,
        at: (&PartyCode, Mode),
        (id, sha256): (MessageId, Digest),
        offset: u64,
    ) -> Result<Vec<u8>, Error> {
        let envelope = self.received_envelope(at, id).await?;
        let header = Unproven::parse(envelope.as_bytes())?.header;
        if !header.sealed.iter().any(|file| file.sha256 == sha256) {
            return Err(Error::FileNotWanted);
        }
        let Some(mut file) = self.files().read(&sha256)? else {
            return Ok(Vec::new());
        };
        let read = move || {
            let mut piece = Vec::new();
            file.seek(SeekFrom::Start(offset))?;
            let limit = u64::try_from(PIECE_BYTES_MAX / 2).unwrap_or(u64::MAX);
            file.take(limit).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>(piece)
        };
        let piece = tokio::task::spawn_blocking(read).await;
        let piece = piece.map_err(|_stopped| Error::Stopping)?;
        Ok(piece.map_err(FilesError::from)?)
    }

    async fn received_envelope(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
    ) -> Result<String, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let row = store::incoming(&mut tx, at, id).await?;
        let received = row
            .and_then(|row| row.incoming.bound)
            .is_some_and(|bound| matches!(bound.stage, Stage::Received { .. }));
        let envelope = if received {
            store::envelope_in(&mut tx, at, id).await?
        } else {
            None
        };
        envelope
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or(Error::NoMessage { id })
    }
}
