//! Receipts that peers give, and how their ledgers continue.

use kernel::{MessageId, Mode, PartyCode};
use ledger::{Act, Checkpoint, Expected, LedgerKeys, TlogProof, verify_consistency};
use seal::{Digest, keys::SignedKeySet};

use super::{KnownPeer, Luggage, Post};
use crate::{
    error::Error,
    protocol::{Consistency, Effect, Head, Input, ReceiptVerdict},
    state::Grade,
    store,
    transport::Method,
    verify::witness_policy,
};

impl Post {
    pub(super) async fn take_receipt(
        &self,
        at: (&PartyCode, Mode),
        id: MessageId,
        receipt: &str,
        consistency: &[Digest],
    ) -> Result<Vec<Effect>, Error> {
        let peer = self.known(at.0, at.1)?;
        let mut tx = self.ground().db.begin().await?;
        let row = store::delivery(&mut tx, id)
            .await?
            .ok_or(Error::NoMessage { id })?;
        let judged = judge_receipt(&peer, id, row.outgoing.digest, receipt);
        let mut inputs = Vec::new();
        if let Some(judged) = &judged {
            let known = store::lock_peer(&mut tx, at.0, at.1).await?.head;
            let proof = compare(known, judged.head, consistency);
            let now = self.ground().now();
            store::put_checkpoint(&mut tx, at, judged.head, &judged.note, now).await?;
            inputs.push(Input::Checkpoint {
                head: judged.head,
                consistency: proof,
            });
        }
        inputs.push(Input::Receipt {
            id,
            digest: row.outgoing.digest,
            verdict: judged
                .as_ref()
                .map_or(ReceiptVerdict::Bad, |one| ReceiptVerdict::Valid(one.grade)),
        });
        let luggage = Luggage {
            envelope: Some(receipt.as_bytes()),
            delivered: None,
        };
        let after = self.step(&mut tx, at, inputs, &luggage).await?;
        let accepted = store::delivery(&mut tx, id).await?.is_some_and(|row| {
            matches!(
                row.outgoing.delivery,
                crate::state::Delivery::Receipted { .. }
            )
        });
        if let Some(judged) = judged.filter(|_valid| accepted) {
            store::put_receipt(&mut tx, id, judged.grade, receipt, self.ground().now()).await?;
        }
        store::set_heard(&mut tx, at, self.ground().now()).await?;
        tx.wake();
        tx.commit().await?;
        Ok(after)
    }

    pub(super) async fn ask_consistency(
        &self,
        at: (&PartyCode, Mode),
        known: Head,
        shown: Head,
    ) -> Result<Vec<Effect>, Error> {
        let (old, new) = (known.size.min(shown.size), known.size.max(shown.size));
        let path = format!(
            "/federation/v1/consistency?mode={}&old={old}&new={new}",
            at.1.as_str()
        );
        let Ok(body) = self.call(at, Method::Get, path, Vec::new()).await? else {
            return Ok(Vec::new());
        };
        let consistency = match serde_json::from_slice::<Vec<Digest>>(&body) {
            Ok(proof) => compare(Some(known), shown, &proof),
            Err(_unreadable) => Consistency::Unknown,
        };
        if consistency == Consistency::Unknown {
            return Ok(Vec::new());
        }
        let input = Input::Checkpoint {
            head: shown,
            consistency,
        };
        self.apply(at, vec![input]).await
    }
}

struct Judged {
    head: Head,
    note: String,
    grade: Grade,
}

/// Checks a receipt of the peer with the keys of its newest key set that has the ledger.
fn judge_receipt(peer: &KnownPeer, id: MessageId, digest: Digest, receipt: &str) -> Option<Judged> {
    let proof = TlogProof::parse(receipt.as_bytes()).ok()?;
    let checkpoint = Checkpoint::parse(proof.checkpoint.text.as_bytes()).ok()?;
    // A receipt for a real message comes from the ledger of real messages, and so on.
    let origin = crate::own::origin(&peer.party, audit::Log::of(peer.mode));
    if checkpoint.origin() != origin {
        return None;
    }
    let mut set = peer.chain.sets().rev().map(SignedKeySet::set);
    let (set, of) =
        set.find_map(|set| Some((set, set.ledger_keys.iter().find(|of| of.origin == origin)?)))?;
    let keys = LedgerKeys::new(&of.origin, &of.ed25519, of.ml_dsa_44.as_slice()).ok()?;
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
    let grade = if policy.needed > 0
        && ledger::verify_receipt(receipt.as_bytes(), &expected, &keys, &policy).ok()
    {
        Grade::Witnessed
    } else if ledger::verify_receipt(receipt.as_bytes(), &expected, &keys, &bare).ok() {
        Grade::Own
    } else {
        return None;
    };
    Some(Judged {
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
    if proof.is_empty() && old.size != 0 && old.size != new.size {
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
