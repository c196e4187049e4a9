//! What the `acts` ledger is told: ids, kinds, labels and digests; never words that are sealed.

use audit::Ground;
use db::Tx;
use federation::model::Header;
use kernel::{FileId, MessageId, PartyCode, ThreadId, Tlp, Viewer};
use seal::Digest;
use serde::Serialize;

use crate::error::Error;

#[derive(Serialize)]
struct SentAct<'a> {
    thread: ThreadId,
    kind: &'a str,
    to: &'a PartyCode,
    tlp: Tlp,
    sha256: Digest,
    files: usize,
}

#[derive(Serialize)]
struct Removed<'a> {
    from: &'a PartyCode,
    withdrawal: MessageId,
    files: usize,
}

#[derive(Serialize)]
struct Evidence<'a> {
    with: &'a PartyCode,
    messages: &'a [MessageId],
}

/// A message was sent in the party's name.
pub(crate) async fn sent(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (header, sha256): (&Header, Digest),
) -> Result<(), Error> {
    let what = SentAct {
        thread: header.thread,
        kind: header.kind.as_str(),
        to: &header.to.party,
        tlp: header.tlp,
        sha256,
        files: header.sealed.len().saturating_sub(1),
    };
    audit::act(tx, ground, viewer, "message.sent", &header.id, &what).await?;
    Ok(())
}

/// What a message said was removed, since its sender took it back.
pub(crate) async fn removed(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    id: MessageId,
    (from, withdrawal, files): (&PartyCode, MessageId, usize),
) -> Result<(), Error> {
    let what = Removed {
        from,
        withdrawal,
        files,
    };
    audit::act(tx, ground, viewer, "message.removed", &id, &what).await?;
    Ok(())
}

/// Somebody asked for another try.
pub(crate) async fn retried(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    id: MessageId,
) -> Result<(), Error> {
    let nothing = serde_json::json!({});
    audit::act(tx, ground, viewer, "message.retried", &id, &nothing).await?;
    Ok(())
}

/// A file of a message was handed out.
pub(crate) async fn file_read(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (id, number): (MessageId, u32),
) -> Result<(), Error> {
    let what = serde_json::json!({ "number": number });
    audit::act(tx, ground, viewer, "message.file_read", &id, &what).await?;
    Ok(())
}

/// A file was put.
pub(crate) async fn file_put(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (id, sha256, size): (FileId, Digest, u64),
) -> Result<(), Error> {
    let what = serde_json::json!({ "sha256": sha256, "size": size });
    audit::act(tx, ground, viewer, "file.put", &id, &what).await?;
    Ok(())
}

/// The evidence of a thread was written for a third party.
pub(crate) async fn evidence(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    thread: ThreadId,
    (with, messages): (&PartyCode, &[MessageId]),
) -> Result<(), Error> {
    let what = Evidence { with, messages };
    audit::act(tx, ground, viewer, "thread.evidence", &thread, &what).await?;
    Ok(())
}
