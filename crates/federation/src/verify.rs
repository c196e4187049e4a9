//! What an envelope and a receipt prove to somebody who trusts neither node.
//!
//! DESIGN §5 "Receipt". Verification needs no network: the envelope, the receipt, the key sets of
//! both parties, and the fingerprints of their root keys as they were compared out of band. Without
//! fingerprints the documents can only be consistent with each other.

use std::{collections::BTreeMap, fmt};

use ledger::{Act, Expected, LedgerKeys, VerifierKey, WitnessTime};
use seal::{
    Time,
    dsse::Envelope,
    keys::{Fingerprint, KeySet, KeySetChain, SignedKeySet},
};

use crate::{
    inspect::{Unproven, purpose},
    model::{Digest, Header, PAYLOAD_TYPE},
};

/// One thing that was looked at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// A stable name, such as `envelope.signatures`.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was found, in one sentence.
    pub sentence: String,
}

/// What verification comes to; the number is the exit code of `comity verify`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Every check holds, and both root keys are trusted.
    Proven = 0,
    /// A check failed.
    Failed = 1,
    /// Something could not be read.
    Unreadable = 2,
    /// Every check holds, and whose root keys these are nobody has said.
    NotAnchored = 3,
}

/// The result, check by check.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Everything that was looked at, in order.
    pub checks: Vec<Check>,
    /// The header, once it could be read. Nothing vouches for it unless all checks hold.
    pub header: Option<Header>,
    /// The place of the leaf in the receiver's ledger.
    pub index: Option<u64>,
    /// The witnesses whose cosignatures hold, and their times.
    pub witnesses: Vec<WitnessTime>,
    unreadable: bool,
    anchored: bool,
}

/// What these documents never prove, whatever the outcome.
pub const NOT_PROVEN: &str = "A receipt proves that the holder of this ledger key committed to \
    having all bytes of this message before the witnesses' time. It proves neither that anybody \
    read it, nor consent, nor the time that the receipt states of itself.";

impl Report {
    /// What it comes to.
    pub fn outcome(&self) -> Outcome {
        if self.unreadable {
            Outcome::Unreadable
        } else if self.checks.is_empty() || self.checks.iter().any(|check| !check.ok) {
            Outcome::Failed
        } else if self.anchored {
            Outcome::Proven
        } else {
            Outcome::NotAnchored
        }
    }

    fn check(&mut self, name: impl Into<String>, ok: bool, sentence: impl Into<String>) -> bool {
        self.checks.push(Check {
            name: name.into(),
            ok,
            sentence: sentence.into(),
        });
        ok
    }

    fn cannot_read(&mut self, name: &str, error: &dyn fmt::Display) {
        self.unreadable = true;
        self.check(name, false, format!("It cannot be read: {error}."));
    }
}

/// Verifies an envelope and the receipt for it.
pub fn verify(
    envelope: &[u8],
    receipt: &[u8],
    key_sets: &[SignedKeySet],
    trust: &[Fingerprint],
) -> Report {
    let mut report = Report::default();
    let unproven = match Unproven::parse(envelope) {
        Ok(unproven) => unproven,
        Err(error) => {
            report.cannot_read("envelope", &error);
            return report;
        }
    };
    let header = unproven.header.clone();
    report.header = Some(header.clone());
    report.check(
        "envelope",
        true,
        format!(
            "It holds message {} from {} to {}.",
            header.id, header.from.party, header.to.party
        ),
    );
    let sender = chain(
        &mut report,
        key_sets,
        header.from.party.as_str(),
        header.exercise,
    );
    let receiver = chain(
        &mut report,
        key_sets,
        header.to.party.as_str(),
        header.exercise,
    );
    let (Some(sender), Some(receiver)) = (sender, receiver) else {
        return report;
    };
    let ledger_verdict = check_receipt(&mut report, receipt, &header, unproven.digest, &receiver);
    let witnessed = ledger_verdict.and_then(|verdict| {
        report.index = verdict.index;
        let witnessed = verdict.witnessed_by();
        report.witnesses = verdict.witness_times;
        witnessed
    });
    check_signatures(&mut report, &unproven.envelope, &header, &sender, witnessed);
    check_body(&mut report, &unproven);
    anchor(&mut report, trust, [&sender, &receiver]);
    report
}

/// The key sets of one party that follow each other, starting with the oldest given.
fn chain(
    report: &mut Report,
    key_sets: &[SignedKeySet],
    party: &str,
    exercise: bool,
) -> Option<KeySetChain> {
    let name = format!("keys.{party}");
    let purpose = purpose(exercise);
    let mut sets: Vec<&SignedKeySet> = key_sets
        .iter()
        .filter(|one| one.set().party == party && one.set().purpose == purpose)
        .collect();
    sets.sort_by_key(|one| one.set().seq);
    let Some((first, later)) = sets.split_first() else {
        report.check(
            name,
            false,
            format!("No {purpose} key set of {party} was given."),
        );
        return None;
    };
    let begun = KeySetChain::begin((*first).clone(), &first.fingerprint(), purpose);
    let chain = begun.and_then(|mut chain| {
        for set in later {
            chain.accept((*set).clone())?;
        }
        Ok(chain)
    });
    match chain {
        Ok(chain) => {
            let count = chain.sets().count();
            report.check(
                name,
                true,
                format!("{count} key sets of {party}, signed by one root, follow each other."),
            );
            Some(chain)
        }
        Err(error) => {
            report.check(
                name,
                false,
                format!("The key sets of {party} do not fit: {error}."),
            );
            None
        }
    }
}

fn check_receipt(
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

/// The newest key set of the receiver that has the ledger by which the receipt is signed.
fn ledger_keys<'a>(receipt: &[u8], receiver: &'a KeySetChain) -> Option<(&'a KeySet, LedgerKeys)> {
    let proof = ledger::TlogProof::parse(receipt).ok()?;
    let checkpoint = ledger::Checkpoint::parse(proof.checkpoint.text.as_bytes()).ok()?;
    receiver.sets().rev().find_map(|signed| {
        let set = signed.set();
        let of = set
            .ledger_keys
            .iter()
            .find(|of| of.origin == checkpoint.origin())?;
        let keys = LedgerKeys::new(&of.origin, &of.ed25519, of.ml_dsa_44.as_slice()).ok()?;
        Some((set, keys))
    })
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
    let held = receiver.sets().flat_map(|one| &one.set().ledger_keys);
    let revoked = held
        .filter(|one| one.origin == keys.origin())
        .flat_map(seal::keys::LedgerPublic::key_ids)
        .filter_map(|id| receiver.revoked_since(&id))
        .min();
    if let Some(since) = revoked {
        let before = verdict
            .witnessed_by()
            .is_some_and(|time| seconds(time) < Some(since));
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

fn check_signatures(
    report: &mut Report,
    envelope: &Envelope,
    header: &Header,
    sender: &KeySetChain,
    witnessed: Option<u64>,
) {
    let Some(set) = sender.by_seq(header.keyset).map(SignedKeySet::set) else {
        let (party, seq) = (&header.from.party, header.keyset);
        report.check(
            "envelope.signatures",
            false,
            format!("Key set {seq} of {party} was not given."),
        );
        return;
    };
    let verified = match set.verify(envelope, PAYLOAD_TYPE) {
        Ok(verified) => verified,
        Err(error) => {
            report.check(
                "envelope.signatures",
                false,
                format!("They do not verify: {error}."),
            );
            return;
        }
    };
    let party = &header.from.party;
    report.check(
        "envelope.signatures",
        true,
        format!(
            "Ed25519 and ML-DSA-65, both by key set {} of {party}.",
            header.keyset
        ),
    );
    // Without a witness the only time is the one that the sender states.
    let at = witnessed
        .and_then(seconds)
        .or_else(|| Time::from_micros(header.sent.as_micros()).ok());
    let Some(at) = at else {
        report.check(
            "envelope.time",
            false,
            "The time of sending cannot be judged.",
        );
        return;
    };
    let basis = if witnessed.is_some() {
        "the witnesses' time"
    } else {
        "the time that the sender states"
    };
    match sender.check_time(set, &verified, at) {
        Ok(()) => report.check(
            "envelope.time",
            true,
            format!("The keys were valid at {basis}, {at}."),
        ),
        Err(error) => report.check(
            "envelope.time",
            false,
            format!("Not proven at {basis}: {error}."),
        ),
    };
}

fn check_body(report: &mut Report, unproven: &Unproven) {
    let Some(sealed) = unproven.envelope.sealed() else {
        report.check(
            "envelope.body",
            true,
            "The sealed body is not beside the header; the signatures do not need it.",
        );
        return;
    };
    let named = unproven.header.sealed.first().map(|file| file.sha256);
    let ok = named == Some(Digest::of(sealed));
    let sentence = if ok {
        "The sealed body is the one that the header names."
    } else {
        "The sealed body is another one than the header names."
    };
    report.check("envelope.body", ok, sentence);
}

fn anchor(report: &mut Report, trust: &[Fingerprint], chains: [&KeySetChain; 2]) {
    if trust.is_empty() {
        return;
    }
    let mut all = true;
    for chain in chains {
        let party = &chain.latest().set().party;
        let known = trust.contains(&chain.fingerprint());
        let sentence = if known {
            format!("The root key of {party} is one that you trust.")
        } else {
            format!("The root key of {party} is not among those that you trust.")
        };
        all &= report.check(format!("root.{party}"), known, sentence);
    }
    report.anchored = all;
}

fn seconds(time: u64) -> Option<Time> {
    let micros = i64::try_from(time).ok()?.checked_mul(1_000_000)?;
    Time::from_micros(micros).ok()
}
