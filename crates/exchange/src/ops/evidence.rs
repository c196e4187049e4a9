//! What a house hands to a third party about a thread: every envelope and receipt, the key sets of
//! both parties, the plaintexts with the salts of their commitments, a page that can be read without
//! any program, and how to verify all of it.

use access::policy::{Act, check_house};
use federation::verify::Outcome;
use kernel::{MessageId, PartyCode, ThreadId, Viewer, boxed};

use super::{
    check, place_of,
    proof::{Keys, documents, keys, report},
    read::show,
    sealed::{self, Part},
};
use crate::{
    Exchange,
    error::Error,
    evidence_page::{self, Told},
    record,
    store::{message, message::Kept},
};

/// A file of the evidence.
#[derive(Clone, Debug)]
pub struct EvidenceFile {
    /// Its path in the archive.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The evidence of a thread.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The files, in the order of the archive.
    pub files: Vec<EvidenceFile>,
}

/// The evidence of a thread with one party: of all its messages that the viewer may hand on. The
/// export is recorded.
#[boxed]
pub async fn evidence(
    x: &Exchange,
    viewer: &Viewer,
    id: ThreadId,
    party: Option<&PartyCode>,
) -> Result<Evidence, Error> {
    check_house(viewer, Act::EvidenceExport)?;
    let mut tx = x.ground.db.begin().await?;
    let (place, _others, mut seen) = place_of(&mut tx, viewer, id, party).await?;
    seen.retain(|kept| check(viewer, Act::EvidenceExport, kept).is_ok());
    let keys = keys(&mut tx, &viewer.party, &place).await?;
    let all = message::said(&mut tx, &place).await?;
    let mut files = Vec::new();
    let mut told = Vec::with_capacity(seen.len());
    for kept in &seen {
        let (envelope, receipt) = documents(x, &mut tx, kept).await?;
        let report = report(&envelope, receipt.as_deref(), &keys);
        let view = show(x, &mut tx, (kept, &all)).await?;
        let plaintext = plaintext(x, &mut tx, kept).await?;
        push(
            &mut files,
            "envelopes",
            kept.id,
            "dsse.json",
            Some(envelope),
        );
        let has_receipt = receipt.is_some();
        let receipt = receipt.map(String::into_bytes);
        push(&mut files, "receipts", kept.id, "tlog-proof", receipt);
        push(&mut files, "bodies", kept.id, "json", plaintext);
        told.push(Told {
            proven: has_receipt && report.outcome() == Outcome::Proven,
            report: has_receipt.then_some(report),
            view,
        });
    }
    let ids: Vec<MessageId> = seen.iter().map(|kept| kept.id).collect();
    record::evidence(&mut tx, &x.ground, viewer, id, (&place.party, &ids)).await?;
    tx.commit().await?;
    let now = x.ground.now();
    let page = evidence_page::page(&viewer.party, (&place.party, id), &told, (&keys.trust, now));
    let mut all_files = vec![
        text("index.html", page),
        text("README.txt", evidence_page::readme(&keys.trust, &told)),
        text("trust.txt", evidence_page::trust(&keys.trust)),
    ];
    all_files.extend(key_files(keys));
    all_files.extend(files);
    Ok(Evidence { files: all_files })
}

/// [`evidence`] as one archive, in the form of tar.
#[boxed]
pub async fn evidence_archive(
    x: &Exchange,
    viewer: &Viewer,
    id: ThreadId,
    party: Option<&PartyCode>,
) -> Result<Vec<u8>, Error> {
    let evidence = evidence(x, viewer, id, party).await?;
    let mtime = u64::try_from(x.ground.now().as_seconds()).unwrap_or_default();
    let mut archive = tar::Builder::new(Vec::new());
    for file in evidence.files {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(file.bytes.len()).unwrap_or(u64::MAX));
        header.set_mode(0o600);
        header.set_mtime(mtime);
        archive.append_data(&mut header, file.path, file.bytes.as_slice())?;
    }
    Ok(archive.into_inner()?)
}

fn key_files(keys: Keys) -> impl Iterator<Item = EvidenceFile> {
    keys.files.into_iter().map(|(name, bytes)| EvidenceFile {
        path: format!("keys/{name}"),
        bytes,
    })
}

fn text(path: &str, text: String) -> EvidenceFile {
    EvidenceFile {
        path: path.to_owned(),
        bytes: text.into_bytes(),
    }
}

fn push(
    files: &mut Vec<EvidenceFile>,
    folder: &str,
    id: MessageId,
    ending: &str,
    bytes: Option<Vec<u8>>,
) {
    if let Some(bytes) = bytes {
        files.push(EvidenceFile {
            path: format!("{folder}/{id}.{ending}"),
            bytes,
        });
    }
}

/// The plaintext of the body: with its salts whoever has it can hold it against the header. It is
/// not handed on once its sender took it back.
async fn plaintext(x: &Exchange, tx: &mut db::Tx, kept: &Kept) -> Result<Option<Vec<u8>>, Error> {
    if kept.gone_at.is_some() {
        return Ok(None);
    }
    let Some(sealed_body) = message::body(tx, &kept.place, kept.id).await? else {
        return Ok(None);
    };
    let of = (&kept.place.party, kept.id);
    let plaintext = sealed::open(&x.data_key, Part::Body, of, &sealed_body)?;
    Ok(Some(plaintext.to_vec()))
}
