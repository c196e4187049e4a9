//! Sealing, signing and opening messages about collections.

use std::io::Read;

use db::Tx;
use federation::{
    body::Attachment,
    compose::{Draft, Message, SealAttachmentError, SealedAttachment},
    error::Error as FederationError,
    files::{Files, OpenError, blocking},
    model::{Digest, Header},
};
use kernel::{FileId, MessageId, Mode, PartyCode, Tlp, Viewer};
use seal::commitment::{Committer, Salt};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, Sharing, model::Letter};

/// What an attachment is.
const MEDIA_TYPE: &str = "application/json";
/// The longest attachment that is read.
const ATTACHMENT_BYTES_MAX: u64 = seal::padding::TEXT_BYTES_MAX;

/// A sealed file of a message that was taken.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct SealedPart {
    pub(crate) sha256: Digest,
    pub(crate) salt: Salt,
    pub(crate) commitment: Digest,
}

/// The attachments of a message: what is needed to open them.
pub(crate) fn parts(header: &Header, salts: &[Salt]) -> Vec<SealedPart> {
    let files = header.sealed.iter().zip(salts).skip(1);
    files
        .map(|(file, salt)| SealedPart {
            sha256: file.sha256,
            salt: *salt,
            commitment: file.commitment,
        })
        .collect()
}

/// Seals an attachment to a party, and keeps the sealed file.
pub(crate) async fn attach(
    x: &Sharing,
    (to, mode): (&PartyCode, Mode),
    text: String,
) -> Result<SealedAttachment, Error> {
    let peer = x.post.known(to, mode)?;
    let (files, keys) = (x.post.files().clone(), x.post.keys());
    let rng = std::sync::Arc::clone(&x.ground.rng);
    blocking(move || {
        let archive = keys.chain(mode).latest().set().archive_recipient.clone();
        let recipient = &peer.chain.latest().set().age_recipient;
        let name = FileId::random(rng.as_ref()).to_string();
        let named = Attachment {
            name: "objects.json".to_owned(),
            media_type: MEDIA_TYPE.to_owned(),
        };
        let to = (recipient, &archive);
        Ok(files.seal(&name, (named, text.as_bytes()), to, rng.as_ref())?)
    })
    .await
}

/// Removes sealed files.
pub(crate) async fn discard(x: &Sharing, files: Vec<Digest>) -> Result<(), Error> {
    let store: Files = x.post.files().clone();
    blocking(move || {
        for file in &files {
            store.remove(file).map_err(FederationError::from)?;
        }
        Ok(())
    })
    .await
}

/// The text of an attachment, if it is what its sender committed to.
pub(crate) async fn open(x: &Sharing, mode: Mode, part: SealedPart) -> Result<String, Error> {
    let (files, keys) = (x.post.files().clone(), x.post.keys());
    blocking(move || {
        let opened = files.opener(&keys, mode, &part.sha256)?;
        let mut opened = opened.take(ATTACHMENT_BYTES_MAX);
        let mut text = Vec::new();
        opened.read_to_end(&mut text)?;
        let mut committer = Committer::new(&part.salt);
        committer.update(&text);
        if committer.finish() != part.commitment {
            return Err(Error::Damaged);
        }
        String::from_utf8(text).map_err(|_no_text| Error::Damaged)
    })
    .await
}

/// Signs a message from node to node and puts it into the outbox. [`Post::sent`] comes after the
/// commit.
///
/// [`Post::sent`]: federation::post::Post::sent
pub(crate) async fn submit(
    x: &Sharing,
    tx: &mut Tx,
    (to, mode): (&PartyCode, Mode),
    (id, letter): (MessageId, &Letter),
    (tlp, attachments): (Tlp, Vec<SealedAttachment>),
) -> Result<Message, Error> {
    let kind = letter
        .kind()
        .map_err(federation::compose::ComposeError::from)
        .map_err(FederationError::from)?;
    let said = (id, letter.thread());
    let draft = Draft {
        tlp,
        attachments,
        ..x.post
            .node_draft((to, mode), said, (kind, letter.content()))
    };
    let message = x.post.compose(draft)?;
    x.post.submit(tx, &message).await?;
    let what = json!({
        "collection": letter.collection(),
        "sequence": letter.sequence(),
        "kind": message.header.kind,
        "to": to,
        "sha256": message.digest,
    });
    let node = node(x, mode);
    audit::act(tx, &x.ground, &node, "share.sent", &id, &what).await?;
    tx.wake();
    Ok(message)
}

/// The node itself, as it acts here.
pub(crate) fn node(x: &Sharing, mode: Mode) -> Viewer {
    Viewer::node("sharing", x.post.keys().party().clone(), mode)
}

impl From<SealAttachmentError> for Error {
    fn from(error: SealAttachmentError) -> Self {
        match error {
            SealAttachmentError::Read(error) => Self::Io(error),
            SealAttachmentError::Files(error) => Self::Federation(error.into()),
            SealAttachmentError::Seal(error) => Self::Seal(error),
        }
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Missing => Self::Damaged,
            OpenError::Files(error) => Self::Federation(error.into()),
            OpenError::Seal(error) => Self::Seal(error),
        }
    }
}
