//! Receiving: what a peer brings, and what it is told.

use std::{collections::BTreeSet, io::Read};

use audit::{Ground, Leaf, Log};
use db::{Tx, setting};
use kernel::{MessageId, Mode, PartyCode, boxed};
use seal::{Digest, file};

use super::{
    Delivered, Gate, Luggage, Post,
    turns::{Arrived, Deed},
};
use crate::{
    error::Error,
    files::{FilesError, blocking},
    inspect::{Unproven, open_body},
    model::{Header, SEALED_BYTES_MAX},
    protocol::{Effect, Input, Later, Verdict},
    state::RefusalCode,
    store,
    wire::{Answer, Held},
};

/// What became of an envelope that a peer brought.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The message.
    pub id: MessageId,
    /// What the peer is told.
    pub answer: Answer,
}

impl Post {
    /// Takes an envelope that `peer` brought. `known` is the size of our ledger that it knows, from
    /// which a receipt comes with a proof of consistency.
    ///
    /// Whatever is answered here was committed before.
    #[boxed]
    pub async fn arrived(
        &self,
        peer: &PartyCode,
        bytes: &[u8],
        known: u64,
    ) -> Result<Arrival, Error> {
        let unproven = Unproven::parse(bytes)?;
        let header = &unproven.header;
        if self.gate().await? == Gate::Asking {
            return Ok(Arrival {
                id: header.id,
                answer: returning(),
            });
        }
        let mode = header.mode();
        let now = self.ground().now();
        let keys = self.keys();
        let known_peer = self.peer(peer, mode);
        let chain = known_peer.as_ref().map(|peer| &peer.chain);
        let mut verdict = unproven.judge((keys.party(), peer), chain, now);
        let mut missing = BTreeSet::new();
        let mut delivered = None;
        if verdict == Verdict::Accept {
            missing = self.missing(&unproven);
            if !self.0.rooms.contains_key(header.kind.as_str()) {
                verdict = Verdict::Refuse(RefusalCode::KindUnknown);
            } else if missing.is_empty() {
                match self.open(peer, &unproven)? {
                    Ok(opened) => delivered = Some(opened),
                    Err(code) => verdict = Verdict::Refuse(code),
                }
            }
        }
        let later = matches!(verdict, Verdict::Later(Later::KeySetUnknown)) && known_peer.is_some();
        let input = Input::Arrived {
            id: header.id,
            digest: unproven.digest,
            verdict,
            missing,
        };
        let (id, at) = (header.id, (peer, mode));
        let arrived = Arrived {
            input,
            header: unproven.header,
            envelope: bytes.to_vec(),
            delivered,
            later,
        };
        let deed = Deed::Arrival(Box::new(arrived));
        let effects = self.in_turn(at, deed).await?;
        let answer = self.answer(at, effects, known).await?;
        Ok(Arrival { id, answer })
    }

    /// Answers a peer that asks for our receipt.
    #[boxed]
    pub async fn receipt_asked(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        known: u64,
    ) -> Result<Answer, Error> {
        if self.gate().await? == Gate::Asking {
            return Ok(returning());
        }
        let mut tx = self.ground().db.begin().await?;
        let input = Input::ReceiptAsked { id };
        let mut effects = self
            .step(&mut tx, at, vec![input], &Luggage::default())
            .await?;
        self.cover(&mut tx, at, effects.iter_mut()).await?;
        tx.wake();
        tx.commit().await?;
        self.answer(at, effects, known).await
    }

    /// A peer has lost a message of ours and asks for it again.
    #[boxed]
    pub async fn send_again(&self, at: (&PartyCode, Mode), id: MessageId) -> Result<(), Error> {
        let after = self.apply(at, vec![Input::SendAgain { id }]).await?;
        self.kick(at.0, at.1, after);
        Ok(())
    }

    /// How much of a wanted file is here.
    #[boxed]
    pub async fn held(&self, peer: &PartyCode, digest: &Digest) -> Result<Held, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let size = store::wanted_file(&mut tx, peer, digest)
            .await?
            .ok_or(Error::FileNotWanted)?;
        drop(tx);
        let (files, name) = (self.files().clone(), *digest);
        let held = blocking(move || Ok::<_, Error>(files.held(&name, size)?)).await?;
        if held == size {
            self.wanted_no_more(peer, digest).await?;
        }
        Ok(Held { held })
    }

    async fn wanted_no_more(&self, peer: &PartyCode, digest: &Digest) -> Result<(), Error> {
        let mut tx = self.ground().db.begin().await?;
        store::wanted_no_more(&mut tx, peer, digest).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a piece of a file that was asked for.
    #[boxed]
    pub async fn piece(
        &self,
        peer: &PartyCode,
        digest: &Digest,
        (size, offset): (u64, u64),
        piece: Vec<u8>,
    ) -> Result<Held, Error> {
        let mut tx = self.ground().db.begin_read().await?;
        let wanted = store::wanted_file(&mut tx, peer, digest)
            .await?
            .ok_or(Error::FileNotWanted)?;
        drop(tx);
        if wanted != size {
            return Err(Error::Files(FilesError::TooLarge));
        }
        let (files, name) = (self.files().clone(), *digest);
        let work = move || {
            let whole = files.take(&name, size, offset, &piece)?;
            Ok::<_, Error>((whole, files.held(&name, size)?))
        };
        let (whole, held) = blocking(work).await?;
        if whole {
            self.wanted_no_more(peer, digest).await?;
        }
        Ok(Held { held })
    }

    /// The sealed files of a message that are not durably here. The body may stand beside the
    /// payload instead.
    fn missing(&self, unproven: &Unproven) -> BTreeSet<Digest> {
        let beside = usize::from(unproven.envelope.sealed().is_some());
        let files = unproven.header.sealed.iter().skip(beside);
        files
            .map(|file| file.sha256)
            .filter(|digest| !self.files().has(digest))
            .collect()
    }

    fn open(
        &self,
        peer: &PartyCode,
        unproven: &Unproven,
    ) -> Result<Result<Delivered, RefusalCode>, Error> {
        let header = &unproven.header;
        let stored;
        let sealed = if let Some(sealed) = unproven.envelope.sealed() {
            sealed
        } else {
            stored = self.body_file(header)?;
            stored.as_slice()
        };
        let keys = self.keys();
        let opened = match open_body(header, sealed, keys.of(header.mode()).identities()) {
            Ok(opened) => opened,
            Err(code) => return Ok(Err(code)),
        };
        if let Some(room) = self.0.rooms.get(header.kind.as_str())
            && let Err(code) = (room.check)(header, &opened.body)
        {
            return Ok(Err(code));
        }
        Ok(Ok(Delivered {
            peer: peer.clone(),
            header: header.clone(),
            digest: unproven.digest,
            body: opened.body,
            plaintext: opened.plaintext,
        }))
    }

    fn body_file(&self, header: &Header) -> Result<Vec<u8>, Error> {
        let mut sealed = Vec::new();
        if let Some(first) = header.sealed.first()
            && let Some(file) = self.files().read(&first.sha256)?
        {
            file.take(SEALED_BYTES_MAX)
                .read_to_end(&mut sealed)
                .map_err(FilesError::from)?;
        }
        Ok(sealed)
    }

    pub(super) async fn want_files(
        &self,
        tx: &mut Tx,
        peer: &PartyCode,
        header: &Header,
        effects: &[Effect],
    ) -> Result<(), Error> {
        for effect in effects {
            if let Effect::GiveWanted { missing, .. } = effect {
                let wanted = header
                    .sealed
                    .iter()
                    .filter(|file| missing.contains(&file.sha256));
                for file in wanted.filter(|file| file::is_message_size(file.size)) {
                    store::want_file(tx, peer, &file.sha256, file.size).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes the answer, after the commit.
    async fn answer(
        &self,
        at: (&PartyCode, Mode),
        effects: Vec<Effect>,
        known: u64,
    ) -> Result<Answer, Error> {
        let mut answer = Answer::NotHeld;
        let mut others = Vec::new();
        for effect in effects {
            match effect {
                Effect::GiveReceipt { id } => answer = self.receipt(at, id, known).await?,
                Effect::GiveRefusal { digest, code, .. } => {
                    answer = Answer::Refused { digest, code };
                }
                Effect::GiveWanted { missing, .. } => answer = Answer::Wanted { files: missing },
                Effect::Withhold { .. } => answer = Answer::Withheld,
                Effect::Defer { why, .. } => {
                    answer = Answer::Later {
                        code: why.code().to_owned(),
                    };
                }
                Effect::GiveNotHeld { .. } => answer = Answer::NotHeld,
                other => others.push(other),
            }
        }
        if !others.is_empty() {
            self.kick(at.0, at.1, others);
        }
        Ok(answer)
    }

    /// A message whose leaf is in an earlier epoch of our ledger, which is signed no more, gets one in
    /// the present epoch: the node holds it still, and commits to that again.
    pub(super) async fn state_again(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        id: MessageId,
    ) -> Result<(), Error> {
        let (ground, log) = (self.ground(), Log::of(at.1));
        let row = store::incoming(tx, at, id).await?;
        let Some(row) = row.filter(|row| row.leaf.is_some() && row.epoch < ground.epoch(log))
        else {
            return Ok(());
        };
        let Some(bound) = row.incoming.bound else {
            return Ok(());
        };
        let leaf = Leaf {
            act: ledger::Act::Received,
            subject: id.to_string(),
            sha256: *bound.digest.as_bytes(),
        };
        let indices = audit::append(tx, ground, log, &[leaf]).await?;
        if let Some(&index) = indices.first() {
            store::bind_leaf(tx, at, id, (ground.epoch(log), index)).await?;
            self.ask_cosignatures(tx, at.1).await?;
        }
        Ok(())
    }

    /// Our receipt for a message: under the newest checkpoint that witnesses have cosigned, if that
    /// covers it, else under our newest.
    async fn receipt(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        known: u64,
    ) -> Result<Answer, Error> {
        let ground = self.ground();
        let log = Log::of(at.1);
        let mut tx = ground.db.begin_read().await?;
        let row = store::incoming(&mut tx, at, id).await?;
        let index = row
            .filter(|row| row.epoch == ground.epoch(log))
            .and_then(|row| row.leaf)
            .ok_or(Error::NoMessage { id })?;
        let cosigned = setting::read(&mut tx, &cosigned_name(ground, log)).await?;
        let cosigned = cosigned
            .and_then(|size| size.parse().ok())
            .filter(|size| index < *size);
        let receipt = match cosigned {
            Some(size) => audit::receipt_at(&mut tx, ground, log, index, size).await,
            None => audit::receipt(&mut tx, ground, log, index).await,
        };
        let receipt = match receipt {
            // The cosigned one may have been pruned.
            Err(audit::Error::NoCheckpoint { .. }) if cosigned.is_some() => {
                audit::receipt(&mut tx, ground, log, index).await?
            }
            other => other?,
        };
        let size = ledger::TlogProof::parse(receipt.as_bytes())
            .and_then(|proof| ledger::Checkpoint::parse(proof.checkpoint.text.as_bytes()))
            .map_err(audit::Error::from)?
            .size();
        let (old, new) = (known.min(size), known.max(size));
        // What is beyond the checkpoint may not be there at all.
        let beyond = new > size && new > audit::size(&mut tx, ground, log).await?;
        let consistency = if old == 0 || old == new || beyond {
            Vec::new()
        } else {
            audit::consistency(&mut tx, ground, log, old, new).await?
        };
        Ok(Answer::Receipt {
            receipt,
            consistency: consistency
                .into_iter()
                .map(|hash| Digest::from_bytes(*hash.as_bytes()))
                .collect(),
        })
    }
}

/// Under which name the node remembers how far its ledger was cosigned.
pub(super) fn cosigned_name(ground: &Ground, log: Log) -> String {
    match ground.epoch(log) {
        0 => format!("federation.cosigned.{log}"),
        epoch => format!("federation.cosigned.{log}.{epoch}"),
    }
}

/// What a restored node says while it does not know yet how far its ledger had grown.
fn returning() -> Answer {
    let code = Error::Returning.code().to_owned();
    Answer::Later { code }
}
