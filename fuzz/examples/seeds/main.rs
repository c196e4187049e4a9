//! Writes the seeds: for each target the documents that are right, made by the printers of the
//! crates themselves. Fails when a parser refuses one.
#![forbid(unsafe_code)]

mod lists;
mod logs;
mod objects;
mod sets;

use std::{error::Error, fs, path::Path};

use directory::{Card, SignedCircle};
use exchange::model::{Kind, Statement};
use federation::{
    body::Body,
    inspect::Unproven,
    model::Header,
    protocol::Verdict,
    restored::Restored,
    wire::{Answer, Names},
};
use incidents::wire::{read_line, write_line};
use ledger::{
    AddCheckpoint, Checkpoint, Frontier, Note, Record, TilePath, TlogProof, VerifierKey, bundle,
};
use seal::{
    Digest, HybridIdentity, HybridRecipient, Time,
    dsse::Envelope,
    file,
    keys::{Fingerprint, KeySet, RootKey, SignedKeySet},
    outer, padding,
    vault::{Lock, NodeSecrets, PurposeSecrets},
};

/// What a target is fed with first.
struct Seeds {
    target: &'static str,
    documents: Vec<Vec<u8>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let all = ledger_seeds()?.into_iter().chain(seal_seeds()?);
    let all = all.chain(federation_seeds()?).chain(statement_seeds()?);
    let all = all.chain(share_seeds()?);
    let all = all.chain(register_seeds()?).chain(objects::stix_seeds()?);
    let all = all.chain(lists::list_seeds()?).chain(logs::log_seeds());
    for seeds in all.chain(sets::matcher_seeds()?) {
        let folder = corpus.join(seeds.target);
        fs::create_dir_all(&folder)?;
        for (at, document) in seeds.documents.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at}")), document)?;
        }
    }
    Ok(())
}

fn seeds<const N: usize>(target: &'static str, documents: [Vec<u8>; N]) -> Seeds {
    Seeds {
        target,
        documents: documents.into(),
    }
}

fn ledger_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let text = |value: &dyn ToString| value.to_string().into_bytes();
    let record = fuzz::record();
    let note = fuzz::checkpoint();
    let checkpoint = Checkpoint::parse(note.text.as_bytes())?;
    let receipt = ledger::receipt(&record, 0, Vec::new(), note.clone());
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: note.clone(),
    };
    let [ed25519, mldsa44] = fuzz::ledger_keys();
    let [cosigner, _] = fuzz::witness_signer().keys();
    let mut tree = Frontier::new();
    for leaf in 0..7_u8 {
        tree.append(ledger::leaf_hash(&[leaf]), |_, _| {})?;
    }
    let paths =
        ["tile/0/x001/x234/067.p/8", "tile/entries/000"].map(|path| path.as_bytes().to_vec());
    let [partial, full] = paths;

    Note::parse(&text(&note))?;
    Record::parse(&text(&record))?;
    TlogProof::parse(receipt.as_bytes())?;
    AddCheckpoint::parse(&text(&request))?;
    TilePath::parse(&partial)?;
    TilePath::parse(&full)?;
    for key in [&ed25519, &mldsa44, &cosigner] {
        VerifierKey::parse(&text(key))?;
    }
    Ok(vec![
        seeds("ledger_checkpoint", [text(&checkpoint)]),
        seeds(
            "ledger_key",
            [text(&ed25519), text(&mldsa44), text(&cosigner)],
        ),
        seeds("ledger_note", [text(&note)]),
        seeds("ledger_receipt", [receipt.into_bytes()]),
        seeds("ledger_record", [text(&record)]),
        seeds(
            "ledger_tile",
            [
                partial,
                full,
                ledger::leaf_hash(b"leaf").as_bytes().repeat(3),
                bundle([&b"one"[..], b"", b"three"])?,
                tree.to_bytes(),
            ],
        ),
        seeds("ledger_witness", [text(&request)]),
    ])
}

fn seal_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let identity = fuzz::identity(1);
    let archive = fuzz::identity(2).recipient();
    let (message, _) = file::seal_message(b"text", &identity.recipient(), &archive)?;
    let cover = outer::seal(b"text", &identity.recipient())?.bytes;
    let envelope = fuzz::envelope().to_bytes();
    let signed = fuzz::key_set();
    let set = signed.set().to_bytes()?;
    let key_file = Lock::key_file_text(&identity);
    let secrets = NodeSecrets {
        real: PurposeSecrets::generate(&[fuzz::ORIGIN], &mut fuzz::fill)?,
        exercise: PurposeSecrets::generate(&[fuzz::ORIGIN], &mut fuzz::fill)?,
        tls_pkcs8: vec![1; 48].into(),
        data_key: fuzz::data_key(),
    };
    let lock = Lock::from_key_file(key_file.as_bytes())?;
    let vault = secrets.lock(&lock)?;
    let mut padded = b"text\x80".to_vec();
    padding::pad(&mut padded)?;

    Envelope::parse(&envelope)?;
    KeySet::parse(&set)?;
    SignedKeySet::parse(&signed.to_bytes())?;
    file::open_message(&message, &identity)?;
    outer::open(&cover, &identity)?;
    NodeSecrets::unlock(&vault, &lock)?;
    Ok(vec![
        seeds("seal_envelope", [envelope]),
        seeds("seal_file", [message, cover]),
        seeds("seal_key_set", [set, signed.to_bytes()]),
        seeds("seal_padding", [padded, b"text".to_vec()]),
        seeds(
            "seal_record",
            [fuzz::data_key().seal(b"text", fuzz::PLACE, &mut fuzz::fill)],
        ),
        seeds("seal_vault", [vault, key_file.as_bytes().to_vec()]),
        Seeds {
            target: "seal_text",
            documents: short_texts(&identity)?,
        },
    ])
}

fn federation_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let header = fuzz::header().to_bytes()?;
    let body = fuzz::body();
    let envelope = fuzz::message().to_bytes();
    let statement = fuzz::restored().sign(&fuzz::signer())?.to_bytes();
    let receipt = ledger::receipt(&fuzz::record(), 0, Vec::new(), fuzz::checkpoint()).into_bytes();
    let mut shown = u32::try_from(envelope.len())?.to_be_bytes().to_vec();
    shown.extend(envelope.iter().chain(&receipt));
    let mut piece = 26_u64.to_be_bytes().to_vec();
    piece.extend(0_u64.to_be_bytes());
    piece.push(26);
    piece.extend(b"a file of twenty-six bytes");
    let names = Names {
        sent: vec![(fuzz::header().id, Digest::of(b"sent"))],
        received: Vec::new(),
        until: None,
    };
    let answer = Answer::Later {
        code: "node.busy".to_owned(),
    };

    let (us, peer) = (fuzz::party("XB"), fuzz::party("XA"));
    Header::parse(&header)?;
    Body::parse(&body, &fuzz::header())?;
    let verdict =
        Unproven::parse(&envelope)?.judge((&us, &peer), Some(&fuzz::chain()), fuzz::now());
    assert_eq!(verdict, Verdict::Accept, "the seed is a good message");
    let at = (&peer, kernel::Mode::Exercise);
    Restored::parse(&statement, at, &fuzz::chain(), fuzz::now())?;
    Ok(vec![
        seeds("federation_header", [header]),
        seeds("federation_body", [body]),
        seeds("federation_arrival", [envelope]),
        seeds("federation_restored", [statement]),
        seeds("federation_evidence", [shown]),
        seeds("federation_piece", [piece]),
        seeds(
            "federation_wire",
            [serde_json::to_vec(&names)?, serde_json::to_vec(&answer)?],
        ),
    ])
}

fn statement_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let ping = serde_json::json!({"title": "Anybody there?", "details": {"test": true}});
    let request = serde_json::json!({
        "title": "Please act",
        "norms": ["N-C"],
        "details": {
            "assets": [{"kind": "ipv4", "value": "192.0.2.7", "port": 443}],
            "measures": ["filter"],
        },
    });
    for (kind, value) in [(Kind::Ping, &ping), (Kind::Rfm, &request)] {
        Statement::read(kind, value.clone()).map_err(|error| error.to_string())?;
    }
    let documents = [serde_json::to_vec(&ping)?, serde_json::to_vec(&request)?];
    Ok(vec![seeds("exchange_statement", documents)])
}

fn share_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let uuid = "6f1c2a4e-7b58-4c0d-9a3e-2d5b8c1f0e47";
    let id = format!("collection--{uuid}");
    let digest = serde_json::json!({"items": 1, "sum": Digest::of(b"sum")});
    let said = serde_json::json!({
        "collection": {
            "id": id, "title": "Ports", "description": "Harbours", "ceiling": "AMBER",
            "unmarked": "AMBER", "onward": true,
        },
        "via": null, "sequence": 1, "resume": false, "items": 1, "digest": digest,
    });
    let gone = serde_json::json!({
        "collection": id, "sequence": 2, "resume": true, "whole": false, "items": 1,
        "digest": digest,
    });
    let confirmed = serde_json::json!({
        "collection": id, "sequence": 2, "removed": 1, "onward": "nobody", "declined": false,
    });
    let sha256 = Digest::of(b"object");
    let given = format!(
        "[{{\"tlp\":\"AMBER\",\"sha256\":\"{sha256}\",\"object\":{{ \"type\": \"malware\" }}}}]"
    );
    let named = format!("[{{\"id\":\"malware--{uuid}\",\"sha256\":\"{sha256}\"}}]");
    let read = share::model::read_given(&given).is_some();
    assert!(read && share::model::read_named(&named).is_some());
    let mut documents = vec![given.into_bytes(), named.into_bytes()];
    for (kind, content) in [
        ("SHARE", said),
        ("UNSHARE", gone),
        ("CONFIRM-REMOVED", confirmed),
    ] {
        let mut header = fuzz::header();
        header.kind = kind.parse()?;
        header.thread = uuid.parse::<uuid::Uuid>().map(kernel::ThreadId::from_uuid)?;
        if kind != "CONFIRM-REMOVED" {
            header.sealed.extend(header.sealed.first().cloned());
        }
        let body = Body {
            copy: header.copy(),
            salts: Vec::new(),
            attachments: Vec::new(),
            content,
        };
        let letter = share::model::Letter::read(&header, &body);
        letter.map_err(|code| format!("{kind}: {}", code.as_str()))?;
        documents.push(serde_json::to_vec(&body.content)?);
    }
    Ok(vec![Seeds {
        target: "share_letter",
        documents,
    }])
}

fn register_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let card = fuzz::card().to_bytes()?;
    Card::parse(&card)?;
    let circle = fuzz::circle();
    let document = serde_json::to_vec(circle.version())?;
    let circle = circle.to_bytes();
    SignedCircle::parse(&circle)?.verify(&fuzz::chain())?;
    let formats = [
        r#"{"schema_version":"1.3.4","incident_id":"1","security_incident":"Confirmed","summary":"x",
"action":{"error":{"variety":["Loss"]}},"timeline":{"incident":{"year":2013,"month":7}},
"victim":{"country":["US"],"industry":"622110"},"attribute":{"confidentiality":{"data_total":12}}}"#,
        "id,title,country,sector,from,persons\n1,\"A, b\",US;FR,health,2024-05,12\n",
        r#"{"Event":{"uuid":"5a1f0f2c-3c5e-4a7e-9a54-0000000000aa","info":"A","date":"2024-05-08",
"Tag":[{"name":"tlp:green"}]}}"#,
        r#"{"type":"bundle","objects":[{"type":"incident","name":"A",
"id":"incident--5a1f0f2c-3c5e-4a7e-9a54-0000000000aa"}]}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    let days = [
        b"date,name\n2026-11-26,\"Thanks, giving\"\n".to_vec(),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20001123\r\nDURATION:P1D\r\n\
          RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\nSUMMARY:Thanks\r\n giving\r\nEND:VEVENT\r\n\
          END:VCALENDAR\r\n"
            .to_vec(),
    ];
    for one in &days {
        let read = incidents::reporting::calendar::read(one, kernel::Timestamp::from_micros(1_795_219_200_000_000))?;
        assert_eq!(read.left_out_count, 0);
    }
    let mut lines = Vec::new();
    for shipped in incidents::shipped::all()?.into_iter().take(8) {
        let line = write_line(&fuzz::case(shipped), &serde_json::Map::new());
        read_line(line.clone())?;
        lines.push(serde_json::to_vec(&line)?);
    }
    Ok(vec![
        seeds("directory_card", [card]),
        seeds("directory_circle", [circle, document]),
        seeds("incidents_days", days),
        Seeds {
            target: "incidents_formats",
            documents: formats,
        },
        Seeds {
            target: "incidents_line",
            documents: lines,
        },
    ])
}

fn short_texts(identity: &HybridIdentity) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let root = RootKey::from_seed(&[10; 32]);
    let fingerprint = root.fingerprint();
    let texts = [
        identity.recipient().to_string(),
        identity.to_secret_text().to_string(),
        root.to_secret_text().to_string(),
        fingerprint.to_string(),
        fingerprint.words(),
        fingerprint.compact(),
        Time::from_micros(1_795_219_200_000_000)?.to_string(),
        Digest::of(b"").to_string(),
        "exercise".to_owned(),
    ];
    HybridRecipient::parse(texts[0].as_bytes())?;
    texts[1].parse::<HybridIdentity>()?;
    texts[2].parse::<RootKey>()?;
    for text in &texts[3..6] {
        text.parse::<Fingerprint>()?;
    }
    Ok(texts.map(String::into_bytes).into())
}
