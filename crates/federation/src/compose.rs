//! Making a message: sealing its parts and signing its header.

use kernel::{MessageId, Rng, ThreadId, Timestamp, Tlp};
use seal::{
    HybridRecipient,
    commitment::{Salt, commit},
    dsse::Envelope,
    file,
    keys::SigningKeys,
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    body::{Attachment, Body, BodyError},
    files::FilesError,
    model::{
        Desk, Digest, FORMAT_VERSION, Header, HeaderError, Kind, PAYLOAD_TYPE, Parent, SealedFile,
        Urgency,
    },
};

/// What is to be said, before it is sealed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The message.
    pub id: MessageId,
    /// The exchange to which it belongs.
    pub thread: ThreadId,
    /// What it is for.
    pub kind: Kind,
    /// Who sends.
    pub from: Desk,
    /// Whom it is for.
    pub to: Desk,
    /// When.
    pub sent: Timestamp,
    /// The message that it follows.
    pub parent: Option<Parent>,
    /// How fast somebody has to look.
    pub urgency: Urgency,
    /// By when an acknowledgement is asked for.
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for.
    pub answer_due: Option<Timestamp>,
    /// Who may know of it.
    pub tlp: Tlp,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// What the kind asks for.
    pub content: Value,
    /// The attachments, sealed already.
    pub attachments: Vec<SealedAttachment>,
}

/// An attachment that was sealed into a file.
#[derive(Clone, Debug)]
pub struct SealedAttachment {
    /// Its name and media type.
    pub named: Attachment,
    /// Its digests and size.
    pub file: SealedFile,
    /// The salt of its commitment.
    pub salt: Salt,
}

/// With which keys a message is sealed and signed.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The sender's signing keys.
    pub signing: &'a SigningKeys,
    /// The number of the key set that holds them.
    pub keyset: u64,
    /// To whom the body is sealed.
    pub recipient: &'a HybridRecipient,
    /// The sender's archive.
    pub archive: &'a HybridRecipient,
}

/// A message ready to be stored and sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// The signed header.
    pub header: Header,
    /// SHA-256 of the header's bytes.
    pub digest: Digest,
    /// The envelope, as it travels.
    pub envelope: Vec<u8>,
    /// The plaintext of the body, for the sender's own screens.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// Why a message cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The body breaks a limit.
    #[error("the body cannot be sent")]
    Body(#[from] BodyError),
    /// The header breaks a rule.
    #[error("the header cannot be sent")]
    Header(#[from] HeaderError),
    /// Sealing or signing failed.
    #[error("the message cannot be sealed")]
    Seal(#[from] seal::Error),
}

/// Seals the body and signs the header.
pub fn compose(draft: Draft, keys: Keys<'_>, rng: &dyn Rng) -> Result<Message, ComposeError> {
    let salt = Salt::generate(&mut |bytes: &mut [u8]| rng.fill(bytes));
    let mut header = Header {
        ack_due: draft.ack_due,
        answer_due: draft.answer_due,
        exercise: draft.exercise,
        format_version: FORMAT_VERSION,
        from: draft.from,
        id: draft.id,
        keyset: keys.keyset,
        kind: draft.kind,
        parent: draft.parent,
        sealed: Vec::with_capacity(draft.attachments.len() + 1),
        sent: draft.sent,
        thread: draft.thread,
        tlp: draft.tlp,
        to: draft.to,
        urgency: draft.urgency,
    };
    let body = Body {
        copy: header.copy(),
        salts: std::iter::once(salt)
            .chain(draft.attachments.iter().map(|one| one.salt))
            .collect(),
        attachments: draft
            .attachments
            .iter()
            .map(|one| one.named.clone())
            .collect(),
        content: draft.content,
    };
    let plaintext = Zeroizing::new(body.to_bytes()?);
    let (sealed, metered) = file::seal_message(&plaintext, keys.recipient, keys.archive)?;
    header.sealed.push(SealedFile {
        commitment: commit(&salt, &plaintext),
        sha256: metered.sha256,
        size: metered.size,
    });
    header
        .sealed
        .extend(draft.attachments.into_iter().map(|one| one.file));
    let payload = header.to_bytes()?;
    let digest = Digest::of(&payload);
    let envelope = Envelope::sign(PAYLOAD_TYPE, payload, keys.signing)?.with_sealed(sealed)?;
    Ok(Message {
        header,
        digest,
        envelope: envelope.to_bytes(),
        plaintext,
    })
}

/// Reads everything of `input` into a sealed file written to `out`. Works through a stream of any
/// length up to the ladder's top; nothing but the file's own writer holds the whole.
pub fn seal_attachment(
    named: Attachment,
    mut input: impl std::io::Read,
    out: impl std::io::Write,
    (recipient, archive): (&HybridRecipient, &HybridRecipient),
    rng: &dyn Rng,
) -> Result<SealedAttachment, SealAttachmentError> {
    use std::io::Write;

    let salt = Salt::generate(&mut |bytes: &mut [u8]| rng.fill(bytes));
    let mut committer = seal::commitment::Committer::new(&salt);
    let mut sealer = file::Sealer::message(out, recipient, archive)?;
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    loop {
        let count = input.read(&mut buffer).map_err(SealAttachmentError::Read)?;
        let piece = buffer.get(..count).unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        committer.update(piece);
        sealer.write_all(piece).map_err(FilesError::from)?;
    }
    let (_out, metered) = sealer.finish()?;
    Ok(SealedAttachment {
        named,
        file: SealedFile {
            commitment: committer.finish(),
            sha256: metered.sha256,
            size: metered.size,
        },
        salt,
    })
}

/// Why an attachment cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealAttachmentError {
    /// The attachment cannot be read.
    #[error("the attachment cannot be read")]
    Read(#[source] std::io::Error),
    /// The sealed file cannot be written.
    #[error("the sealed file cannot be written")]
    Files(#[from] FilesError),
    /// Sealing failed; the attachment is larger than the ladder of sizes allows, perhaps.
    #[error("the attachment cannot be sealed")]
    Seal(#[from] seal::Error),
}
