//! Receipts that peers give, and how their ledgers continue.

use db::Tx;
use kernel::{MessageId, Mode, PartyCode, boxed};
use ledger::{Act, Checkpoint, Expected, TlogProof, verify_consistency};
use seal::Digest;

use super::{
    KnownPeer, Luggage, Post,
    restored::empty,
    turns::{Deed, Given},
};
use crate::{
    error::Error,
    own::{epoch_of, revoked_since, signer, witnessed_before},
    protocol::{Consistency, Effect, Head, Input, ReceiptVerdict},
    state::{Delivery, Grade},
    store,
    transport::Method,
    verify::witness_policy,
};

impl Post {
    /// Takes the receipt for a message of ours.
    pub(super) async fn take_receipt(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        (receipt, consistency): (&str, &[Digest]),
        asked: &Asked,
    ) -> Result<Vec<Effect>, Error> {
        let peer = self.known(at.0, at.1)?;
        let judged = judge_receipt(&peer, id, asked.digest, receipt);
        if let Some(judged) = &judged
            && judged.epoch > asked.epoch
            && !self.knows_epoch(at, judged.epoch).await?
        {
            // Not lost: the timer asks again, and the statement may come until then.
            return Ok(Vec::new());
        }
        let given = Given {
            id,
            digest: asked.digest,
            receipt: receipt.to_owned(),
            judged,
            consistency: consistency.to_vec(),
            asked: asked.head,
        };
        self.in_turn(at, Deed::Receipt(Box::new(given))).await
    }

    /// Takes a receipt that was looked at, within the transaction that it shares.
    #[boxed]
    pub(super) async fn accept(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        given: &Given,
    ) -> Result<Vec<Effect>, Error> {
        let (id, now) = (given.id, self.ground().now());
        let mut inputs = Vec::new();
        let held = store::lock_peer(tx, at.0, at.1).await?;
        // A receipt of an earlier epoch proves what it says, and nothing about the present tree.
        let judged = given.judged.as_ref();
        if let Some(judged) = judged.filter(|one| one.epoch == held.epoch) {
            // Many receipts come under one checkpoint.
            if held.head != Some(judged.head) {
                store::put_checkpoint(tx, at, judged.head, &judged.note, now).await?;
            }
            inputs.push(Input::Checkpoint {
                head: judged.head,
                // A proof from another head than the present one proves nothing about this.
                consistency: if given.asked == held.head {
                    compare(held.head, judged.head, &given.consistency)
                } else {
                    compare(held.head, judged.head, &[])
                },
            });
        }
        inputs.push(Input::Receipt {
            id,
            digest: given.digest,
            verdict: judged.map_or(ReceiptVerdict::Bad, |one| ReceiptVerdict::Valid(one.grade)),
        });
        let luggage = Luggage {
            envelope: Some(given.receipt.as_bytes()),
            delivered: None,
        };
        let mut peer = self.load(tx, held, [id]).await?;
        let after = self.run_inputs(tx, at, &mut peer, inputs, &luggage).await?;
        let accepted = peer
            .outbox
            .get(&id)
            .is_some_and(|outgoing| matches!(outgoing.delivery, Delivery::Receipted { .. }));
        if let Some(judged) = judged.filter(|_valid| accepted) {
            store::put_receipt(tx, id, judged.grade, &given.receipt, now).await?;
        }
        Ok(after)
    }

    pub(super) async fn ask_consistency(
        &self,
        at: (&PartyCode, Mode),
        known: Head,
        shown: Head,
    ) -> Result<Vec<Effect>, Error> {
        let Some(_asking) = self.0.turns.ask_about(at, shown) else {
            return Ok(Vec::new());
        };
        let epoch = self.epoch_known(at).await?;
        let (old, new) = (known.size.min(shown.size), known.size.max(shown.size));
        let Some(proof) = self.consistency_of(at, epoch, (old, new)).await? else {
            return Ok(Vec::new());
        };
        let consistency = compare(Some(known), shown, &proof);
        // An older head that was proven, or an answer without a proof, changes nothing.
        if consistency == Consistency::Unknown
            || (consistency == Consistency::Proven && shown.size <= known.size)
        {
            return Ok(Vec::new());
        }
        let mut tx = self.ground().db.begin().await?;
        let held = store::lock_peer(&mut tx, at.0, at.1).await?;
        if held.epoch != epoch {
            return Ok(Vec::new());
        }
        let input = Input::Checkpoint {
            head: shown,
            // The proof is about the head of then. Where that moved on meanwhile, a proof from
            // there is needed.
            consistency: if held.head == Some(known) {
                consistency
            } else {
                Consistency::Unknown
            },
        };
        let after = self
            .step(&mut tx, at, vec![input], &Luggage::default())
            .await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Fetches a proof that the tree of `new` leaves continues that of `old`; nothing where the peer
    /// gives none.
    pub(super) async fn consistency_of(
        &self,
        at: (&PartyCode, Mode),
        epoch: u32,
        (old, new): (u64, u64),
    ) -> Result<Option<Vec<Digest>>, Error> {
        let path = format!(
            "/federation/v1/consistency?mode={}&old={old}&new={new}&epoch={epoch}",
            at.1.as_str()
        );
        let answer = self.call(at, Method::Get, path, Vec::new()).await?;
        Ok(answer
            .ok()
            .and_then(|body| serde_json::from_slice(&body).ok()))
    }
}

/// What was known when a message, or the receipt for one, was asked about.
pub(super) struct Asked {
    /// SHA-256 of its header.
    pub(super) digest: Digest,
    /// The head of the peer's ledger from which a proof of consistency was asked for.
    pub(super) head: Option<Head>,
    /// In which epoch the peer's ledger was.
    pub(super) epoch: u32,
}

/// A receipt that verifies.
pub(super) struct Judged {
    /// In which epoch of the peer's ledger.
    pub(super) epoch: u32,
    /// The checkpoint under which it was given.
    pub(super) head: Head,
    /// That checkpoint, as it was signed.
    pub(super) note: String,
    /// How much the receipt proves.
    pub(super) grade: Grade,
}

impl Judged {
    /// Its checkpoint, without a proof of how it follows.
    pub(super) const fn unproven(&self) -> Input {
        Input::Checkpoint {
            head: self.head,
            consistency: Consistency::Unknown,
        }
    }
}

/// Checks a receipt of the peer with the keys of its ledger that signed it.
pub(super) fn judge_receipt(
    peer: &KnownPeer,
    id: MessageId,
    digest: Digest,
    receipt: &str,
) -> Option<Judged> {
    let proof = TlogProof::parse(receipt.as_bytes()).ok()?;
    let checkpoint = Checkpoint::parse(proof.checkpoint.text.as_bytes()).ok()?;
    // A receipt for a real message comes from the ledger of real messages, and so on.
    let log = audit::Log::of(peer.mode);
    let epoch = epoch_of(&peer.party, log, checkpoint.origin())?;
    let (set, keys) = signer(&peer.chain, checkpoint.origin(), &proof.checkpoint)?;
    let subject = id.to_string();
    let expected = Expected {
        act: &Act::Received,
        sha256: digest.as_bytes(),
        subject: Some(&subject),
    };
    let (policy, _regions) = witness_policy(set).ok()?;
    let bare = ledger::WitnessPolicy {
        needed: 0,
        ..policy.clone()
    };
    let given = |policy: &ledger::WitnessPolicy| {
        let verdict = ledger::verify_receipt(receipt.as_bytes(), &expected, &keys, policy);
        verdict.ok().then_some(verdict)
    };
    let (grade, verdict) = if policy.needed > 0
        && let Some(verdict) = given(&policy)
    {
        (Grade::Witnessed, verdict)
    } else {
        (Grade::Own, given(&bare)?)
    };
    // A revoked key proves nothing by itself: whoever stole it signs with it too.
    if let Some(since) = revoked_since(&peer.chain, &keys)
        && !witnessed_before(verdict.witnessed_by(), since)
    {
        return None;
    }
    Some(Judged {
        epoch,
        head: Head {
            size: checkpoint.size(),
            root: Digest::from_bytes(*checkpoint.root().as_bytes()),
        },
        note: proof.checkpoint.to_string(),
        grade,
    })
}

/// How a head follows from the one known, or the other way round.
fn compare(known: Option<Head>, shown: Head, proof: &[Digest]) -> Consistency {
    let Some(known) = known else {
        return Consistency::Unknown;
    };
    if known == shown {
        return Consistency::Proven;
    }
    let (old, new) = if known.size <= shown.size {
        (known, shown)
    } else {
        (shown, known)
    };
    // Every tree continues the empty one, with which an epoch begins.
    if old == empty() {
        return Consistency::Proven;
    }
    if proof.is_empty() && old.size != new.size {
        return Consistency::Unknown;
    }
    let hashes: Vec<ledger::Hash> = proof
        .iter()
        .map(|hash| ledger::Hash::new(*hash.as_bytes()))
        .collect();
    let held = verify_consistency(
        old.size,
        &ledger::Hash::new(*old.root.as_bytes()),
        new.size,
        &ledger::Hash::new(*new.root.as_bytes()),
        &hashes,
    );
    if held.is_ok() {
        Consistency::Proven
    } else {
        Consistency::Failed
    }
}
