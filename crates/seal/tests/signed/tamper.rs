//! Every byte counts: of an envelope, of a key set, of the texts that carry keys.

use crate::support::Party;
use std::sync::OnceLock;

use proptest::prelude::*;
use seal::{
    Digest, HybridIdentity, HybridRecipient,
    dsse::Envelope,
    file,
    keys::{Fingerprint, KeySet, SignedKeySet},
};

const TYPE: &str = "application/vnd.example+json";

/// What a reader does: the header names the digest of the sealed part.
fn read(bytes: &[u8], party: &Party) -> Result<(), seal::Error> {
    let envelope = Envelope::parse(bytes)?;
    let verified = envelope.verify(TYPE, std::slice::from_ref(party.keys.public()))?;
    let named = std::str::from_utf8(verified.payload)
        .unwrap_or_default()
        .parse::<Digest>()?;
    let sealed = envelope.sealed().map(Digest::of);
    (sealed == Some(named))
        .then_some(())
        .ok_or(seal::Error::BadPadding)
}

fn envelope(party: &Party) -> Vec<u8> {
    let recipient = |seed: u8| HybridIdentity::from_seed(&[seed; 32]).unwrap().recipient();
    let (body, metered) = file::seal_message(b"text", &recipient(1), &recipient(2)).unwrap();
    let header = metered.sha256.to_string().into_bytes();
    let signed = Envelope::sign(TYPE, header, &party.keys).unwrap();
    signed.with_sealed(body).unwrap().to_bytes()
}

/// A party and an envelope of it, made once: keys and encryption cost more than reading.
fn known() -> &'static (Party, Vec<u8>) {
    static KNOWN: OnceLock<(Party, Vec<u8>)> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let party = Party::new(1);
        let good = envelope(&party);
        (party, good)
    })
}

#[test]
fn no_byte_of_an_envelope_can_be_flipped() {
    let party = Party::new(1);
    let known = [party.keys.public().clone()];
    let verify = |bytes: &[u8]| Envelope::parse(bytes)?.verify(TYPE, &known).map(drop);
    let good = Envelope::sign(TYPE, b"{}".to_vec(), &party.keys)
        .unwrap()
        .to_bytes();
    assert!(verify(&good).is_ok());
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(verify(&bad).is_err(), "byte {at} of {}", good.len());
    }
}

#[test]
fn no_byte_of_a_sealed_part_can_be_flipped() {
    let (party, good) = known();
    assert!(read(good, party).is_ok());
    let member = good
        .windows(8)
        .position(|eight| eight == b"\"sealed\"")
        .unwrap();
    // All of it at its ends; in between, where all bytes are alike base64 of one file, a prime
    // stride meets all places in a group of letters.
    let between = member + 64..good.len() - 64;
    for at in (member..good.len()).filter(|at| !between.contains(at) || at % 31 == 0) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(read(&bad, party).is_err(), "byte {at} of {}", good.len());
    }
}

#[test]
fn no_byte_of_a_key_set_can_be_flipped() {
    let good = Party::new(1).first().to_bytes();
    assert!(SignedKeySet::parse(&good).is_ok());
    // Each check costs two signatures; the stride is prime, so that all places in a group of
    // base64 letters are met.
    for at in (0..good.len()).step_by(61) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(
            SignedKeySet::parse(&bad).is_err(),
            "byte {at} of {}",
            good.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_change_cut_or_addition_to_an_envelope_passes(
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
        kind in 0_u8..3,
    ) {
        let (party, good) = known();
        let at = at.index(good.len());
        let mut bad = good.clone();
        match kind {
            0 => bad[at] = to,
            1 => { bad.remove(at); }
            _ => bad.insert(at, to),
        }
        prop_assume!(bad != *good);
        prop_assert!(read(&bad, party).is_err());
    }

    #[test]
    fn hostile_bytes_end_no_reader(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Envelope::parse(&bytes).is_err());
        prop_assert!(KeySet::parse(&bytes).is_err());
        prop_assert!(SignedKeySet::parse(&bytes).is_err());
        prop_assert!(HybridRecipient::parse(&bytes).is_err());
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(text.parse::<Fingerprint>().is_err());
        let identity = HybridIdentity::from_seed(&[1; 32]).unwrap();
        prop_assert!(file::open_message(&bytes, &identity).is_err());
        prop_assert!(seal::outer::open(&bytes, &identity).is_err());
    }
}
