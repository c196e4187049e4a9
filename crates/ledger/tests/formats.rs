//! The text formats against published examples, and against everything that is
//! almost right.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use ledger::{
    Act, AddCheckpoint, Checkpoint, Error, Hash, KeyKind, LedgerSigner, Note, Record, Refusal,
    SignatureLine, TilePath, TlogProof, VerifierKey, WitnessSigner, decide, empty_root, leaf_hash,
    node_hash,
};
use proptest::prelude::*;

/// The note with which Go's `sumdb/note`, from which the specification grew, is tested.
const PETER_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// A checkpoint of size 1 that torchwood's witness is tested with (ML-DSA-44, type 0x06, time 0).
const MLDSA44_KEY: &str = include_str!("vectors/mldsa44.vkey");
const MLDSA44_CHECKPOINT: &str = include_str!("vectors/mldsa44.checkpoint");

/// The example of `tlog-cosignature`: what it shows can be read, its keys are not published.
const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

/// The request of the example of `tlog-witness`, up to its checkpoint.
const OLD_AND_PROOF: &str = "old 20852014\n\
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n";

fn log() -> LedgerSigner {
    LedgerSigner::from_seeds("log.example/x", &[1; 32], &[2; 32]).unwrap()
}

fn keys() -> Vec<VerifierKey> {
    let signer = log();
    vec![
        signer.keys().ed25519().clone(),
        signer.keys().mldsa44().clone(),
    ]
}

#[test]
fn the_note_of_go_verifies_and_no_changed_one_does() {
    let key = VerifierKey::parse(PETER_KEY.as_bytes()).unwrap();
    assert_eq!(key.to_string(), PETER_KEY);
    assert_eq!(
        (key.name(), key.kind(), key.id()),
        ("PeterNeumann", KeyKind::Ed25519, 0xc74f_20a3)
    );
    let note = Note::parse(PETER_NOTE.as_bytes()).unwrap();
    assert_eq!(note.to_string(), PETER_NOTE);
    assert_eq!(key.verify(&note.text, &note.signatures[0]), Ok(None));
    assert_eq!(
        key.verify("another text\n", &note.signatures[0]),
        Err(Error::BadSignature)
    );
}

#[test]
fn no_part_and_no_change_of_a_verifier_key_is_read() {
    let bytes = PETER_KEY.as_bytes();
    for from in 0..bytes.len() {
        for to in from..=bytes.len() {
            assert!(
                (from == 0 && to == bytes.len()) || VerifierKey::parse(&bytes[from..to]).is_err()
            );
        }
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[place] += 1;
        assert!(VerifierKey::parse(&changed).is_err(), "byte {place}");
    }
    // A key of wrong length and one of an unknown type, both with a fitting id.
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(VerifierKey::parse(bad.as_bytes()).is_err());
    }
    // The point of order 1, under which one signature fits every text.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert!(VerifierKey::new("weak", KeyKind::Ed25519, &weak).is_err());
}

#[test]
fn a_published_mldsa44_checkpoint_verifies() {
    let key = VerifierKey::parse(MLDSA44_KEY.trim_end().as_bytes()).unwrap();
    assert_eq!(key.kind(), KeyKind::CosignatureMlDsa44);
    assert_eq!(key.to_string(), MLDSA44_KEY.trim_end());
    let note = Note::parse(MLDSA44_CHECKPOINT.as_bytes()).unwrap();
    assert_eq!(note.to_string(), MLDSA44_CHECKPOINT);
    assert_eq!(key.verify(&note.text, &note.signatures[0]), Ok(Some(0)));
    let other = note.text.replace("\n1\n", "\n2\n");
    assert_eq!(
        key.verify(&other, &note.signatures[0]),
        Err(Error::BadSignature)
    );
}

#[test]
fn the_examples_of_the_specifications_are_read_and_printed() {
    let note = Note::parse(COSIGNED.as_bytes()).unwrap();
    assert_eq!(note.to_string(), COSIGNED);
    assert_eq!(note.signatures[1].name, "witness.example.com/w1");
    let checkpoint = Checkpoint::parse(note.text.as_bytes()).unwrap();
    assert_eq!(checkpoint.to_string(), note.text);
    assert_eq!(checkpoint.size(), 20_852_163);
    let body = format!("{OLD_AND_PROOF}{COSIGNED}");
    let request = AddCheckpoint::parse(body.as_bytes()).unwrap();
    assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
    assert_eq!(request.to_string(), body);
}

#[test]
fn a_malformed_note_is_refused() {
    let (text, line) = PETER_NOTE.rsplit_once("\n\n").unwrap();
    let unspaced = line.replace("— ", "—");
    let bad = [
        String::new(),
        "\n".to_owned(),
        format!("{text}\n{line}"),
        format!("{text}\n\n"),
        format!("{text}\n\n{}", line.trim_end()),
        format!("{text}\n\n{line}\n"),
        format!("{text}\n\n\n{line}more"),
        format!("{text}\t\n\n{line}"),
        format!("{text}\r\n\n{line}"),
        format!("{text}\n\n{unspaced}"),
        format!("{text}\n\n{}", line.replace("Neumann ", "Neumann")),
        format!("{text}\n\n{}", line.replace("Peter", "Peter+")),
        format!("{text}\n\n{}", line.replace("Peter", "Peter\u{a0}")),
        format!("{text}\n\n{}", line.replace("PeterNeumann", "")),
        format!("{text}\n\n{}", line.replace("AM=", "AN=")),
        format!("{text}\n\n— PeterNeumann x08gow==\n"),
        format!("{text}\n\n{}", line.repeat(ledger::SIGNATURES_MAX + 1)),
        format!("{}\n\n{line}", "x".repeat(ledger::NOTE_BYTES_MAX)),
    ];
    for note in bad {
        assert!(Note::parse(note.as_bytes()).is_err(), "{note:.200}");
    }
    assert!(Note::parse(b"\xff\n\n").is_err());
    let many = format!("{text}\n\n{}", line.repeat(16));
    assert_eq!(Note::parse(many.as_bytes()).unwrap().signatures.len(), 16);
}

#[test]
fn a_malformed_checkpoint_is_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let good = Checkpoint::parse(format!("o\n7\n{root}\nextension\n").as_bytes()).unwrap();
    assert_eq!(good.extensions(), ["extension"]);
    let long = "o".repeat(ledger::ORIGIN_BYTES_MAX + 1);
    for bad in [
        String::new(),
        "o\n".to_owned(),
        "o\n7\n".to_owned(),
        format!("o\n7\n{root}"),
        format!("\n7\n{root}\n"),
        format!("o\n07\n{root}\n"),
        format!("o\n-7\n{root}\n"),
        format!("o\n9223372036854775808\n{root}\n"),
        format!("o\n0\n{root}\n"),
        format!("o\n7\n{root}\n\n"),
        format!("o\n7\n{}\n", root.replace("2I=", "2J=")),
        format!("{long}\n7\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
}

#[test]
fn a_checkpoint_needs_both_signatures_of_its_ledger() {
    let signer = log();
    let note = signer.sign(1, leaf_hash(b"a"), 1_700_000_000).unwrap();
    let (checkpoint, time) = signer.keys().verify(&note).unwrap();
    assert_eq!((checkpoint.size(), time), (1, 1_700_000_000));
    for missing in 0..2 {
        let mut half = note.clone();
        half.signatures.remove(missing);
        assert_eq!(signer.keys().verify(&half), Err(Error::BadSignature));
    }
    let other = LedgerSigner::from_seeds("log.example/y", &[1; 32], &[2; 32]).unwrap();
    assert!(other.keys().verify(&note).is_err());
}

#[test]
fn signing_is_repeatable_and_keys_follow_from_seeds() {
    let (a, b) = (log(), log());
    assert_eq!(a.keys(), b.keys());
    let root = leaf_hash(b"a");
    assert_eq!(a.sign(1, root, 5), b.sign(1, root, 5));
    for key in keys() {
        assert_eq!(VerifierKey::parse(key.to_string().as_bytes()).unwrap(), key);
    }
    assert!(LedgerSigner::from_seeds("two words", &[1; 32], &[2; 32]).is_err());
}

#[test]
fn a_cosignature_states_its_time_and_covers_the_checkpoint() {
    let witness = WitnessSigner::from_seeds("w.example/1", &[3; 32], &[4; 32]).unwrap();
    let checkpoint = Checkpoint::new("log.example/x", 2, leaf_hash(b"r")).unwrap();
    let lines = witness.cosign(&checkpoint, 1_700_000_001).unwrap();
    let wire: String = lines.iter().map(ToString::to_string).collect();
    assert_eq!(SignatureLine::parse_all(wire.as_bytes()).unwrap(), lines);
    for (key, line) in witness.keys().iter().zip(&lines) {
        let text = checkpoint.to_string();
        assert_eq!(key.verify(&text, line), Ok(Some(1_700_000_001)));
        assert!(key.verify(&text.replace("\n2\n", "\n3\n"), line).is_err());
        let mut later = line.clone();
        later.signature[7] ^= 1;
        assert!(key.verify(&text, &later).is_err());
        let mut beyond = line.clone();
        beyond.signature[0] |= 0x80;
        assert!(key.verify(&text, &beyond).is_err());
    }
    let extended = Checkpoint::parse(format!("{checkpoint}more\n").as_bytes()).unwrap();
    assert!(witness.cosign(&extended, 1).is_err());
}

#[test]
fn a_witness_decides_as_the_specification_says() {
    let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
    let root = node_hash(&a, &b);
    let (signer, keys) = (log(), keys());
    let ask = |old: u64, proof: &[Hash], size: u64, root: Hash| AddCheckpoint {
        old,
        proof: proof.to_vec(),
        checkpoint: signer.sign(size, root, 9).unwrap(),
    };
    let judge = |request: &AddCheckpoint, last| {
        decide(request, Some(&keys), last).map(|checkpoint| checkpoint.size())
    };
    assert_eq!(judge(&ask(0, &[], 1, a), None), Ok(1));
    assert_eq!(judge(&ask(0, &[], 0, empty_root()), None), Ok(0));
    assert_eq!(judge(&ask(1, &[b], 2, root), Some((1, a))), Ok(2));
    assert_eq!(judge(&ask(2, &[], 2, root), Some((2, root))), Ok(2));

    let cases = [
        (ask(2, &[], 1, a), None, Refusal::BadRequest, 400),
        (
            ask(0, &[], 2, root),
            Some((1, a)),
            Refusal::Stale { size: 1 },
            409,
        ),
        (ask(1, &[b], 2, root), None, Refusal::Stale { size: 0 }, 409),
        (ask(2, &[], 2, a), Some((2, root)), Refusal::SplitView, 409),
        (
            ask(1, &[a], 2, root),
            Some((1, a)),
            Refusal::Inconsistent,
            422,
        ),
        (
            ask(1, &[], 2, root),
            Some((1, a)),
            Refusal::Inconsistent,
            422,
        ),
        (ask(0, &[b], 2, root), None, Refusal::Inconsistent, 422),
        (
            ask(2, &[b], 2, root),
            Some((2, root)),
            Refusal::Inconsistent,
            422,
        ),
    ];
    for (request, last, refusal, status) in cases {
        assert_eq!(judge(&request, last), Err(refusal));
        assert_eq!(refusal.status(), status);
    }

    let request = ask(0, &[], 1, a);
    assert_eq!(decide(&request, None, None), Err(Refusal::UnknownOrigin));
    assert_eq!(Refusal::UnknownOrigin.status(), 404);
    let mut unsigned = request.clone();
    unsigned.checkpoint.signatures.pop();
    assert_eq!(judge(&unsigned, None), Err(Refusal::Untrusted));
    assert_eq!(decide(&request, Some(&[]), None), Err(Refusal::Untrusted));
    assert_eq!(Refusal::Untrusted.status(), 403);
}

/// Texts that are nearly one of ours: lines of the formats, cut and mixed.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "c2sp.org/tlog-proof@v1\n",
        "extra AAE=\n",
        "index 0\n",
        "index 01\n",
        "\n",
        "old 0\n",
        "o\n",
        "1\n",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "— a AAAAAAA=\n",
        "tile/0/",
        "x001/",
        "067",
        ".p/",
        "8",
        "comity/leaf/v1\n",
        "act sent\n",
        "\u{0}",
        "at 2023-11-14T22:13:20.123456Z\n",
        "subject x\n",
        "a+00000000+AQ==",
    ]);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// No parser panics, and what one reads it prints as it was.
    #[test]
    fn what_is_read_is_printed_as_it_was(bytes in nearly()) {
        let printed = |text: Option<String>| {
            if let Some(text) = text {
                prop_assert_eq!(text.as_bytes(), &bytes);
            }
            Ok(())
        };
        printed(Note::parse(&bytes).ok().map(|note| note.to_string()))?;
        printed(Checkpoint::parse(&bytes).ok().map(|checkpoint| checkpoint.to_string()))?;
        printed(TlogProof::parse(&bytes).ok().map(|proof| proof.to_string()))?;
        printed(Record::parse(&bytes).ok().map(|record| record.to_string()))?;
        printed(TilePath::parse(&bytes).ok().map(|path| path.to_string()))?;
        printed(AddCheckpoint::parse(&bytes).ok().map(|request| request.to_string()))?;
        printed(VerifierKey::parse(&bytes).ok().map(|key| key.to_string()))?;
        printed(SignatureLine::parse_all(&bytes).ok()
            .map(|lines| lines.iter().map(ToString::to_string).collect()))?;
        if let Ok(entries) = ledger::parse_bundle(&bytes) {
            prop_assert_eq!(ledger::bundle(entries).unwrap(), bytes);
        }
    }

    #[test]
    fn any_tile_path_comes_back(
        level in 0_u8..=63, index in 0..=i64::MAX.cast_unsigned(), width in 0_u8..=255, entries: bool,
    ) {
        let kind = if entries { ledger::TileKind::Entries } else { ledger::TileKind::Hashes { level } };
        let partial = (width > 0).then_some(width);
        let path = TilePath { kind, index, partial };
        prop_assert_eq!(TilePath::parse(path.to_string().as_bytes()), Ok(path));
    }

    #[test]
    fn any_record_comes_back(
        at in 0_i64..=253_402_300_799_999_999, subject in "[!-~]{1,128}", code in "[a-z][a-z0-9_.-]{0,63}",
        sha256: [u8; 32], salt: [u8; 32], which in 0..4,
    ) {
        let act = match which {
            0 => Act::Sent,
            1 => Act::Received,
            2 => Act::Refused,
            _ => Act::local(&code).unwrap(),
        };
        let record = Record::new(act, at, &subject, sha256, salt).unwrap();
        let text = record.to_string();
        prop_assert!(text.len() <= ledger::RECORD_BYTES_MAX);
        prop_assert_eq!(Record::parse(text.as_bytes()).unwrap(), record);
    }
}
