//! Key sets: what is signed, what is taken next, what an envelope proves when.

use crate::support::{DAY, NOW, Party, time};
use seal::{
    Error,
    dsse::Envelope,
    keys::{
        Acceptance, Claim, Fingerprint, KeySet, KeySetChain, Purpose, Revocation, RootKey,
        SignedKeySet, SigningKeys,
    },
};

const TYPE: &str = "application/vnd.example+json";

fn chain(party: &Party) -> KeySetChain {
    KeySetChain::begin(party.first(), &party.root.fingerprint(), Purpose::Real).unwrap()
}

fn claim(seq: u64, at: i64) -> Claim {
    Claim {
        payload_type: TYPE,
        seq,
        purpose: Purpose::Real,
        at: time(at),
    }
}

fn envelope(keys: &SigningKeys) -> Envelope {
    Envelope::sign(TYPE, b"{}".to_vec(), keys).unwrap()
}

#[test]
fn a_signed_key_set_comes_back() {
    let signed = Party::new(1).first();
    let again = SignedKeySet::parse(&signed.to_bytes()).unwrap();
    assert_eq!(again, signed);
    assert_eq!(again.set(), &Party::new(1).draft());
}

#[test]
fn the_document_is_of_the_published_form() {
    let document = Party::new(1).draft().to_bytes().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let mut members: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    members.sort_unstable();
    let mut expected = [
        "party",
        "root",
        "seq",
        "purpose",
        "valid_from",
        "valid_until",
        "signing_keys",
        "age_recipient",
        "archive_recipient",
        "ledger_keys",
        "tls_key_sha256",
        "witnesses",
        "revoked",
    ];
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(value["valid_from"], "2026-11-20T00:00:00.000000Z");
    assert_eq!(value["purpose"], "real");
}

#[test]
fn only_the_named_root_signs_a_key_set() {
    let refusal = Party::new(2).root.sign(&Party::new(1).draft()).unwrap_err();
    assert!(matches!(refusal, Error::WrongRoot));

    // Signed by the working keys, which stand in the set but are not its root.
    let party = Party::new(1);
    let payload = party.draft().to_bytes().unwrap();
    let forged = Envelope::sign(seal::keys::PAYLOAD_TYPE, payload, &party.keys).unwrap();
    let refusal = SignedKeySet::from_envelope(forged).unwrap_err();
    assert!(matches!(refusal, Error::BadEd25519Signature));
}

#[test]
fn a_key_set_against_the_rules_is_not_signed() {
    let party = Party::new(1);
    let changes: [fn(&mut KeySet); 8] = [
        |set| set.party.clear(),
        |set| set.party = "X A".to_owned(),
        |set| set.seq = 2,
        |set| set.seq = 0,
        |set| set.valid_until = set.valid_from,
        |set| set.signing_keys.clear(),
        |set| set.witnesses.threshold = 2,
        |set| set.signing_keys.push(set.root.clone()),
    ];
    for change in changes {
        let mut set = party.draft();
        change(&mut set);
        assert_eq!(party.root.sign(&set).unwrap_err().code(), "seal.malformed");
    }
}

#[test]
fn a_chain_begins_with_the_compared_root_only() {
    let party = Party::new(1);
    let other = RootKey::from_seed(&[2; 32]).fingerprint();
    let begin = |root: &Fingerprint, purpose| KeySetChain::begin(party.first(), root, purpose);
    assert!(matches!(
        begin(&other, Purpose::Real),
        Err(Error::WrongRoot)
    ));
    assert!(matches!(
        begin(&party.root.fingerprint(), Purpose::Exercise),
        Err(Error::WrongPurpose {
            expected: Purpose::Exercise,
            found: Purpose::Real
        })
    ));
    assert!(begin(&party.root.fingerprint(), Purpose::Real).is_ok());
}

#[test]
fn only_the_next_key_set_is_taken() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    let second = party.after(chain.latest(), |_| ());
    let third = party.after(&second, |_| ());
    assert!(matches!(
        chain.accept(third.clone()),
        Err(Error::OutOfSequence {
            expected: 2,
            found: 3
        })
    ));
    assert_eq!(chain.accept(second.clone()).unwrap(), Acceptance::New);
    assert_eq!(chain.accept(second).unwrap(), Acceptance::Known);
    assert_eq!(chain.accept(third.clone()).unwrap(), Acceptance::New);
    assert_eq!(chain.accept(party.first()).unwrap(), Acceptance::Known);
    assert_eq!(chain.latest(), &third);
    assert_eq!(chain.sets().count(), 3);
    assert_eq!(chain.by_sha256(&third.sha256()), Some(&third));
}

#[test]
fn a_chain_may_begin_late_and_still_refuses_what_came_before() {
    let party = Party::new(1);
    let second = party.after(&party.first(), |_| ());
    let root = party.root.fingerprint();
    let mut chain = KeySetChain::begin(second, &root, Purpose::Real).unwrap();
    assert!(matches!(
        chain.accept(party.first()),
        Err(Error::OutOfSequence {
            expected: 3,
            found: 1
        })
    ));
}

#[test]
fn a_key_set_that_does_not_continue_the_chain_is_refused() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    let elsewhere = party.after(&party.first(), |set| {
        set.previous_sha256 = Some(seal::Digest::of(b""));
    });
    assert!(matches!(
        chain.accept(elsewhere),
        Err(Error::BrokenChain { seq: 2 })
    ));

    let renamed = party.after(&party.first(), |set| set.party = "XB".to_owned());
    assert!(matches!(chain.accept(renamed), Err(Error::WrongParty)));

    let exercise = party.after(&party.first(), |set| set.purpose = Purpose::Exercise);
    assert!(matches!(
        chain.accept(exercise),
        Err(Error::WrongPurpose { .. })
    ));

    let stranger = Party::new(2);
    assert!(matches!(
        chain.accept(stranger.after(&stranger.first(), |_| ())),
        Err(Error::WrongRoot)
    ));
}

#[test]
fn two_key_sets_with_one_number_are_a_fork() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    chain.accept(party.after(&party.first(), |_| ())).unwrap();
    let other = party.after(&party.first(), |set| set.valid_until = time(NOW + DAY));
    assert!(matches!(chain.accept(other), Err(Error::Forked { seq: 2 })));
}

#[test]
fn an_envelope_is_held_against_the_key_set_that_it_names() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    let newer = SigningKeys::from_seed(&[50; 32]);
    let renewed = newer.public().clone();
    chain
        .accept(party.after(&party.first(), |set| set.signing_keys = vec![renewed]))
        .unwrap();

    let (old, new) = (envelope(&party.keys), envelope(&newer));
    assert_eq!(chain.verify(&old, &claim(1, NOW)).unwrap().payload, b"{}");
    assert!(chain.verify(&new, &claim(2, NOW)).is_ok());
    assert!(matches!(
        chain.verify(&old, &claim(2, NOW)),
        Err(Error::BadEd25519Signature)
    ));
    assert!(matches!(
        chain.verify(&old, &claim(3, NOW)),
        Err(Error::UnknownKeySet { seq: 3 })
    ));
    let exercise = Claim {
        purpose: Purpose::Exercise,
        ..claim(1, NOW)
    };
    assert!(matches!(
        chain.verify(&old, &exercise),
        Err(Error::WrongPurpose { .. })
    ));
}

#[test]
fn a_key_set_is_valid_from_its_first_moment_to_before_its_last() {
    let party = Party::new(1);
    let (chain, signed) = (chain(&party), envelope(&party.keys));
    let set = party.draft();
    let (from, until) = (set.valid_from.as_micros(), set.valid_until.as_micros());
    assert!(chain.verify(&signed, &claim(1, from)).is_ok());
    assert!(chain.verify(&signed, &claim(1, until - 1)).is_ok());
    assert!(matches!(
        chain.verify(&signed, &claim(1, from - 1)),
        Err(Error::NotYetValid { .. })
    ));
    assert!(matches!(
        chain.verify(&signed, &claim(1, until)),
        Err(Error::Expired { .. })
    ));
}

#[test]
fn a_revoked_key_proves_nothing_after_its_time_and_all_before() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    let revocation = party.revoke(NOW);
    chain
        .accept(party.after(&party.first(), |set| set.revoked = vec![revocation]))
        .unwrap();
    let signed = envelope(&party.keys);
    assert!(chain.verify(&signed, &claim(1, NOW - 1)).is_ok());
    assert!(matches!(
        chain.verify(&signed, &claim(1, NOW)),
        Err(Error::Revoked { key, .. }) if key == revocation.key
    ));
}

#[test]
fn a_revocation_is_never_taken_back() {
    let party = Party::new(1);
    let mut chain = chain(&party);
    let early = party.revoke(NOW);
    let late = Revocation {
        since: time(NOW + DAY),
        ..early
    };
    chain
        .accept(party.after(&party.first(), |set| set.revoked = vec![early]))
        .unwrap();
    let third = party.after(chain.latest(), |set| set.revoked = vec![late]);
    chain.accept(third).unwrap();
    assert_eq!(chain.revoked_since(&early.key), Some(time(NOW)));
    let fourth = party.after(chain.latest(), |set| set.revoked.clear());
    chain.accept(fourth).unwrap();
    assert_eq!(chain.revoked_since(&early.key), Some(time(NOW)));
}

#[test]
fn real_and_exercise_key_sets_share_no_key() {
    let party = Party::new(1);
    let real = party.draft();
    let mut exercise = real.clone();
    exercise.purpose = Purpose::Exercise;
    assert!(matches!(
        real.check_apart(&exercise),
        Err(Error::SharedKey { .. })
    ));

    exercise.signing_keys = vec![SigningKeys::from_seed(&[60; 32]).public().clone()];
    exercise.ledger_keys.clear();
    assert!(matches!(
        real.check_apart(&exercise),
        Err(Error::SharedKey { .. })
    ));
    exercise.age_recipient = exercise.archive_recipient.clone();
    assert!(real.check_apart(&exercise).is_ok());

    // Two sets of one purpose may well share keys.
    assert!(real.check_apart(&real).is_ok());
}
