//! A letter from one party to another: key set, pinned root, sealed body, signed header.
#![forbid(unsafe_code)]
#![expect(clippy::panic, reason = "without chance there are no keys")]
#![expect(clippy::print_stdout, reason = "an example shows something")]

use seal::{
    Digest, Error, HybridIdentity, Time,
    commitment::{self, Salt},
    dsse::Envelope,
    file,
    keys::{
        Claim, KeySet, KeySetChain, Purpose, RootKey, SignedKeySet, SigningKeys, WitnessPolicy,
    },
};

const HEADER: &str = "application/vnd.example.header+json";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut entropy = |bytes: &mut [u8]| {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("no random bytes: {error}");
        }
    };
    let now = Time::from_micros(1_795_219_200_000_000)?;

    // The sender: a root key that goes into a safe, working keys that the root signs.
    let root = RootKey::generate(&mut entropy);
    let signing = SigningKeys::generate(&mut entropy);
    let archive = HybridIdentity::generate(&mut entropy)?;
    let reader = HybridIdentity::generate(&mut entropy)?;
    let published = root.sign(&KeySet {
        party: "XA".to_owned(),
        root: root.public().clone(),
        seq: 1,
        previous_sha256: None,
        purpose: Purpose::Exercise,
        valid_from: now,
        valid_until: Time::from_micros(now.as_micros() + 86_400_000_000)?,
        signing_keys: vec![signing.public().clone()],
        age_recipient: reader.recipient(),
        archive_recipient: archive.recipient(),
        ledger_keys: Vec::new(),
        tls_key_sha256: Digest::of(b"the TLS key"),
        witnesses: WitnessPolicy::default(),
        revoked: Vec::new(),
    })?;

    // The receiver: pins the root by the fingerprint compared over the telephone.
    let receiver = HybridIdentity::generate(&mut entropy)?;
    let set = SignedKeySet::parse(&published.to_bytes())?;
    let chain = KeySetChain::begin(set, &root.fingerprint(), Purpose::Exercise)?;

    // The letter.
    let text = b"The pumps stand still since six.";
    let salt = Salt::generate(&mut entropy);
    let (body, of_body) = file::seal_message(text, &receiver.recipient(), &archive.recipient())?;
    let header = format!(
        r#"{{"sealed":"{}","commitment":"{}"}}"#,
        of_body.sha256,
        commitment::commit(&salt, text),
    );
    let letter = Envelope::sign(HEADER, header.into_bytes(), &signing)?.with_sealed(body)?;
    println!(
        "a text of {} bytes travels in {}",
        text.len(),
        letter.to_bytes().len()
    );

    // It arrives.
    let arrived = Envelope::parse(&letter.to_bytes())?;
    let claim = Claim {
        payload_type: HEADER,
        seq: 1,
        purpose: Purpose::Exercise,
        at: now,
    };
    let verified = chain.verify(&arrived, &claim)?;
    println!("signed by {}", verified.ed25519);
    let opened = file::open_message(arrived.sealed().unwrap_or_default(), &receiver)?;
    println!("it says: {}", String::from_utf8_lossy(&opened));

    // The same letter is no real one.
    let real = Claim {
        purpose: Purpose::Real,
        ..claim
    };
    match chain.verify(&arrived, &real) {
        Err(refusal @ Error::WrongPurpose { .. }) => println!("as a real letter: {refusal}"),
        other => return Err(format!("not refused: {other:?}").into()),
    }
    Ok(())
}
