//! The receipt: whose ledger, which witnesses, which keys were revoked when.

use std::collections::BTreeMap;

use ledger::{Act, Expected, LedgerKeys, VerifierKey, WitnessTime};
use seal::keys::{KeySet, KeySetChain};

use super::Report;
use crate::{
    model::{Digest, Header},
    own::{revoked_since, signer, witnessed_before},
};

pub(super) fn check_receipt(
    report: &mut Report,
    receipt: &[u8],
    header: &Header,
    digest: Digest,
    receiver: &KeySetChain,
) -> Option<ledger::Verdict> {
    let Some((set, keys)) = ledger_keys(receipt, receiver) else {
        report.unreadable = ledger::TlogProof::parse(receipt).is_err();
        let party = &header.to.party;
        report.check(
            "receipt",
            false,
            format!("It is not of a ledger in a key set of {party}."),
        );
        return None;
    };
    let (policy, regions) = match witness_policy(set) {
        Ok(policy) => policy,
        Err(error) => {
            report.check(
                "receipt.witness_keys",
                false,
                format!("A witness key is wrong: {error}."),
            );
            return None;
        }
    };
    let subject = header.id.to_string();
    let expected = Expected {
        act: &Act::Received,
        sha256: digest.as_bytes(),
        subject: Some(&subject),
    };
    let verdict = ledger::verify_receipt(receipt, &expected, &keys, &policy);
    for check in &verdict.checks {
        report.check(
            format!("receipt.{}", check.name),
            check.ok,
            check.sentence.clone(),
        );
    }
    check_regions(report, set, &regions, &verdict.witness_times);
    check_ledger_time(report, receiver, &keys, &verdict);
    Some(verdict)
}

/// The key set of the receiver that has the ledger keys by which the receipt is signed.
fn ledger_keys<'a>(receipt: &[u8], receiver: &'a KeySetChain) -> Option<(&'a KeySet, LedgerKeys)> {
    let proof = ledger::TlogProof::parse(receipt).ok()?;
    let checkpoint = ledger::Checkpoint::parse(proof.checkpoint.text.as_bytes()).ok()?;
    signer(receiver, checkpoint.origin(), &proof.checkpoint)
}

type Regions = BTreeMap<String, String>;

/// The witness policy of a key set, in the ledger's words, and the regions of the witnesses.
pub fn witness_policy(set: &KeySet) -> Result<(ledger::WitnessPolicy, Regions), ledger::Error> {
    let mut by_name: BTreeMap<&str, Vec<VerifierKey>> = BTreeMap::new();
    let mut regions = Regions::new();
    for witness in &set.witnesses.of {
        let key = VerifierKey::parse(witness.key.as_bytes())?;
        by_name.entry(&witness.name).or_default().push(key);
        if let Some(region) = &witness.region {
            regions.insert(witness.name.clone(), region.clone());
        }
    }
    let witnesses = by_name
        .into_iter()
        .map(|(name, keys)| ledger::Witness {
            name: name.to_owned(),
            keys,
        })
        .collect();
    let needed = usize::from(set.witnesses.threshold);
    Ok((ledger::WitnessPolicy { witnesses, needed }, regions))
}

fn check_regions(report: &mut Report, set: &KeySet, regions: &Regions, times: &[WitnessTime]) {
    let needed = usize::from(set.witnesses.regions);
    if needed > 1 {
        let mut seen: Vec<&String> = times
            .iter()
            .filter_map(|one| regions.get(&one.name))
            .collect();
        seen.sort();
        seen.dedup();
        report.check(
            "receipt.regions",
            seen.len() >= needed,
            format!(
                "Witnesses of {} regions have cosigned; {needed} are needed.",
                seen.len()
            ),
        );
    }
}

/// A ledger key that was revoked proves nothing unless a witness saw its signature before.
fn check_ledger_time(
    report: &mut Report,
    receiver: &KeySetChain,
    keys: &LedgerKeys,
    verdict: &ledger::Verdict,
) {
    if let Some(since) = revoked_since(receiver, keys) {
        let before = witnessed_before(verdict.witnessed_by(), since);
        report.check(
            "receipt.revocation",
            before,
            if before {
                "The ledger's key was revoked later than a witness saw this checkpoint.".to_owned()
            } else {
                format!("Not proven: the ledger's key is revoked since {since}, and no witness saw this checkpoint before.")
            },
        );
    }
}
