//! What an envelope and a receipt prove to somebody who trusts neither node.
//!
//! DESIGN §5 "Receipt". Verification needs no network: the envelope, the receipt, the key sets of
//! both parties, and the fingerprints of their root keys as they were compared out of band. Without
//! fingerprints the documents can only be consistent with each other.

mod receipt;
mod report;

use seal::{
    Time,
    dsse::Envelope,
    keys::{Fingerprint, KeySetChain, SignedKeySet},
};

use crate::{
    inspect::{Unproven, purpose},
    model::{Digest, Header, PAYLOAD_TYPE},
};
use receipt::check_receipt;

pub use receipt::witness_policy;
pub use report::{Check, NOT_PROVEN, Outcome, Report};

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
