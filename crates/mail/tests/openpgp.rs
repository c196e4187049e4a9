//! Mails that OpenPGP protects, from writing to reading.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use kernel::{SeededRng, Timestamp};
use mail::{
    Address, Keys, MailKey, MessageId, Note, Outgoing, Protection, SenderKey, Signature, encrypted,
    read,
};
use pgp::{
    composed::{
        ArmorOptions, CleartextSignedMessage, Deserializable as _, DetachedSignature,
        SignedSecretKey,
    },
    crypto::hash::HashAlgorithm,
    types::Password,
};

const NOW: Timestamp = Timestamp::from_micros(1_780_000_000_000_000);
/// The library signs at the time of the machine, which lies between the two.
const LATER: Timestamp = Timestamp::from_micros(4_000_000_000_000_000);

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn key(of: &str, seed: u64) -> (MailKey, SenderKey) {
    let key = MailKey::generate(&address(of), NOW, &SeededRng::new(seed)).unwrap();
    let public = SenderKey::from_armored(address(of), &key.public().unwrap()).unwrap();
    (key, public)
}

fn secret(key: &MailKey) -> SignedSecretKey {
    SignedSecretKey::from_bytes(key.to_bytes().unwrap().as_slice()).unwrap()
}

fn from(of: &str) -> String {
    format!(
        "From: Someone <{of}>\r\nTo: desk@example.org\r\nSubject: Help\r\nMessage-ID: <1@example.net>\r\n"
    )
}

#[test]
fn a_key_comes_back_and_no_other_kind_is_taken() {
    let (key, public) = key("desk@example.org", 1);
    let again = MailKey::from_bytes(&key.to_bytes().unwrap()).unwrap();
    assert_eq!(again.fingerprint(), key.fingerprint());
    assert_eq!(public.fingerprint(), key.fingerprint());
    assert!(MailKey::from_bytes(b"nonsense").is_err());
    assert!(SenderKey::from_armored(address("a@b"), "nonsense").is_err());
    let armored = key.public().unwrap();
    let broken: String = armored
        .lines()
        .enumerate()
        .map(|(at, line)| {
            if at == 3 {
                "AAAA\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    assert!(SenderKey::from_armored(address("a@b"), &broken).is_err());
}

#[test]
fn what_is_encrypted_for_us_is_opened_and_nothing_else() {
    let (ours, public) = key("desk@example.org", 1);
    let (other, _) = key("other@example.org", 2);
    let mail = Outgoing {
        from: address("someone@example.net"),
        name: String::new(),
        to: address("desk@example.org"),
        subject: "Больница: всё стоит".to_owned(),
        text: "استشفى 医院".to_owned(),
        id: MessageId::parse("1@example.net").unwrap(),
        thread: Vec::new(),
        at: NOW,
        is_automatic: false,
    };
    let bytes = encrypted(&mail, (&public, "..."), &SeededRng::new(3)).unwrap();
    let keys = Keys {
        own: Some(&ours),
        senders: &[],
        now: NOW,
    };
    let letter = read(&bytes, &keys);
    assert_eq!(letter.protection, Protection::Encrypted(Signature::None));
    assert_eq!(
        (letter.subject.as_str(), letter.text.as_str()),
        ("Больница: всё стоит", "استشفى 医院")
    );
    let wrong = Keys {
        own: Some(&other),
        ..keys
    };
    let letter = read(&bytes, &wrong);
    assert_eq!(
        (
            letter.protection,
            letter.text.as_str(),
            letter.subject.as_str()
        ),
        (Protection::Unopened, "", "...")
    );
    // One flipped byte, anywhere in the armor, and nothing comes out.
    let text = String::from_utf8(bytes).unwrap();
    let at = text.find("-----BEGIN PGP MESSAGE").unwrap() + 200;
    let mut flipped = text.into_bytes();
    flipped[at] = if flipped[at] == b'A' { b'B' } else { b'A' };
    let letter = read(&flipped, &keys);
    assert_eq!(
        (letter.protection, letter.text.as_str()),
        (Protection::Unopened, "")
    );
}

#[test]
fn a_signature_is_worth_what_is_known_of_its_key() {
    let (signer, known) = key("someone@example.net", 4);
    let (_, stranger) = key("someone@example.net", 5);
    let body = "Content-Type: text/plain; charset=utf-8\r\n\r\nThe ward is dark.\r\nSend help.\r\n";
    let made = DetachedSignature::sign_binary_data(
        rand_core_06(),
        &secret(&signer).primary_key,
        &Password::empty(),
        HashAlgorithm::Sha256,
        body.as_bytes(),
    )
    .unwrap();
    let armored = made.to_armored_string(ArmorOptions::default()).unwrap();
    let mail = |of: &str, body: &str| {
        format!(
            "{}Content-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=\"b\"\r\n\r\n--b\r\n{body}\r\n--b\r\nContent-Type: application/pgp-signature; name=\"signature.asc\"\r\n\r\n{armored}\r\n--b--\r\n",
            from(of)
        )
    };
    let protection = |mail: &str, senders: &[SenderKey]| {
        let letter = read(
            mail.as_bytes(),
            &Keys {
                own: None,
                senders,
                now: LATER,
            },
        );
        assert!(letter.text.starts_with("The ward is"), "{letter:?}");
        letter.protection
    };
    let right = mail("someone@example.net", body);
    let known = [known];
    assert_eq!(
        protection(&right, &[]),
        Protection::Signed(Signature::Unverified)
    );
    assert_eq!(
        protection(&right, &[stranger]),
        Protection::Signed(Signature::Unverified)
    );
    assert_eq!(
        protection(&right, &known),
        Protection::Signed(Signature::Good)
    );
    let elsewhere = mail("other@example.net", body);
    assert_eq!(
        protection(&elsewhere, &known),
        Protection::Signed(Signature::Other(address("someone@example.net")))
    );
    let changed = mail("someone@example.net", &body.replace("dark", "fine"));
    assert_eq!(
        protection(&changed, &known),
        Protection::Signed(Signature::Wrong)
    );
}

#[test]
fn only_what_was_signed_in_place_is_shown() {
    let (writer, known) = key("someone@example.net", 4);
    let signed = CleartextSignedMessage::sign(
        rand_core_06(),
        "The ward is dark.\n- dash\n",
        &secret(&writer).primary_key,
        &Password::empty(),
    )
    .unwrap();
    let armored = signed.to_armored_string(ArmorOptions::default()).unwrap();
    let read = |text: &str| {
        let mail = format!("{}\r\n{text}", from("someone@example.net"));
        let letter = read(
            mail.as_bytes(),
            &Keys {
                own: None,
                senders: std::slice::from_ref(&known),
                now: LATER,
            },
        );
        (letter.protection, letter.text)
    };
    let (protection, text) = read(&format!(
        "Ignore what follows.\r\n\r\n{armored}\r\nAnd pay me."
    ));
    assert_eq!(protection, Protection::Signed(Signature::Good));
    assert_eq!(text, "The ward is dark.\n- dash");
    assert_eq!(
        read(&armored.replace("dark", "fine")).0,
        Protection::Signed(Signature::Wrong)
    );
    assert_eq!(
        read("-----BEGIN PGP SIGNED MESSAGE-----\r\nnonsense").0,
        Protection::Signed(Signature::Wrong)
    );
}

#[test]
fn smime_is_marked_and_bombs_do_not_go_off() {
    let keys = Keys {
        own: None,
        senders: &[],
        now: NOW,
    };
    let mail = format!(
        "{}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n",
        from("someone@example.net")
    );
    let letter = read(mail.as_bytes(), &keys);
    assert_eq!(
        (letter.protection, letter.text.as_str(), letter.parts.len()),
        (Protection::Smime, "", 1)
    );
    let part =
        |at: usize| format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n");
    let nested = (0..200).map(part).collect::<Vec<_>>().concat();
    let letter = read(
        format!("{}{nested}", from("someone@example.net")).as_bytes(),
        &keys,
    );
    assert_eq!(
        (letter.notes, letter.subject.as_str()),
        (vec![Note::HeaderOnly], "Help")
    );
    assert_eq!(read(b"", &keys).notes, [Note::Unreadable]);
}

/// Chance for signatures: these are checked, not compared.
fn rand_core_06() -> impl rand_core::RngCore + rand_core::CryptoRng {
    struct Chance(SeededRng);
    impl rand_core::RngCore for Chance {
        fn next_u32(&mut self) -> u32 {
            u32::try_from(self.0.next_u64() >> 32).unwrap()
        }
        fn next_u64(&mut self) -> u64 {
            self.0.next_u64()
        }
        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            kernel::Rng::fill(&self.0, bytes);
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
            self.fill_bytes(bytes);
            Ok(())
        }
    }
    impl rand_core::CryptoRng for Chance {}
    Chance(SeededRng::new(9))
}
