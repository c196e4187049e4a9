//! The header of a message: the signed thing, its one canonical form, and its limits.
//!
//! DESIGN §5 "Message". A header is the payload of a DSSE envelope; its bytes are what is signed,
//! what the ledger hashes and what a reply names as its parent. There is exactly one spelling of
//! each header (RFC 8785: keys in order, no white space, integers only), and [`Header::parse`]
//! refuses every other one.

mod error;
mod kind;

use kernel::{ContactId, MessageId, Mode, PartyCode, ThreadId, Timestamp, Tlp};
use serde::{Deserialize, Serialize};

pub use error::HeaderError;
pub use kind::{Kind, Urgency, UrgencyBasis};
pub use seal::Digest;

/// The DSSE payload type of a header.
pub const PAYLOAD_TYPE: &str = "application/vnd.comity.header.v1+json";
/// The version of the format that this code reads and writes.
pub const FORMAT_VERSION: u32 = 1;
/// The largest header, in bytes.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// The most attachments of one message.
pub const ATTACHMENTS_MAX: usize = 100;
/// The largest sealed file: the highest rung of the ladder of paddings, and what age adds to it.
pub const SEALED_BYTES_MAX: u64 = seal::padding::RUNG_BYTES_MAX + 64 * 1024;

/// A desk of a party: who sends, or who is meant.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// The contact.
    pub contact: ContactId,
    /// Its party.
    pub party: PartyCode,
}

/// The message that this one follows, pinned by the digest of its header.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Its id.
    pub id: MessageId,
    /// SHA-256 of its header's bytes.
    pub sha256: Digest,
}

/// One sealed file of a message: the body, or an attachment.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    /// `SHA-256(0x01 ‖ salt ‖ plaintext)`: what lets a party prove one plaintext and nothing else.
    pub commitment: Digest,
    /// SHA-256 of the age file.
    pub sha256: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// The signed part of a message. The fields stand in the order of their names, so that the form
/// that serde writes is the canonical one.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// By when the sender asks for an acknowledgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ack_due: Option<Timestamp>,
    /// By when the sender asks for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_due: Option<Timestamp>,
    /// True in an exercise, whose key sets are other ones.
    pub exercise: bool,
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Who sends.
    pub from: Desk,
    /// The message.
    pub id: MessageId,
    /// The number of the sender's key set by which the envelope is signed.
    pub keyset: u64,
    /// What the message is for.
    pub kind: Kind,
    /// The message that this one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The body first, then the attachments in the order in which the body names them.
    pub sealed: Vec<SealedFile>,
    /// When the sender says that it was sent.
    pub sent: Timestamp,
    /// The exchange to which it belongs.
    pub thread: ThreadId,
    /// Who may know of it.
    pub tlp: Tlp,
    /// Whom it is for.
    pub to: Desk,
    /// How fast somebody has to look.
    pub urgency: Urgency,
}

/// What the plaintext of a body repeats of its header, so that nobody can put another's ciphertext
/// under a header of his own.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct HeaderCopy {
    /// The message.
    pub id: MessageId,
    /// The exchange to which it belongs.
    pub thread: ThreadId,
    /// What the message is for.
    pub kind: Kind,
    /// Who sends.
    pub from: Desk,
    /// Whom it is for.
    pub to: Desk,
}

/// Read before all else, so that a newer version is named as such.
#[derive(Deserialize)]
struct Probe {
    format_version: u64,
}

impl Header {
    /// Reads the payload of an envelope.
    ///
    /// The bytes must be the canonical form of a header that keeps all limits.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(HeaderError::TooLarge { bytes: bytes.len() });
        }
        let malformed = |error: serde_json::Error| HeaderError::Malformed {
            detail: error.to_string().chars().take(300).collect(),
        };
        let probe: Probe = serde_json::from_slice(bytes).map_err(malformed)?;
        if probe.format_version != u64::from(FORMAT_VERSION) {
            return Err(HeaderError::FormatVersion {
                version: probe.format_version,
            });
        }
        let header: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        if header.to_bytes()? == bytes {
            Ok(header)
        } else {
            Err(HeaderError::NotCanonical)
        }
    }

    /// The canonical bytes, which are what is signed. A header that breaks a limit has none.
    pub fn to_bytes(&self) -> Result<Vec<u8>, HeaderError> {
        self.validate()?;
        let bytes = serde_json::to_vec(self).map_err(|error| HeaderError::Malformed {
            detail: error.to_string(),
        })?;
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(HeaderError::TooLarge { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Real or exercise.
    pub const fn mode(&self) -> Mode {
        Mode::from_exercise(self.exercise)
    }

    /// What the plaintext of the body has to begin with.
    pub fn copy(&self) -> HeaderCopy {
        HeaderCopy {
            id: self.id,
            thread: self.thread,
            kind: self.kind.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    /// Holds the copy in the body against this header.
    pub fn check(&self, copy: &HeaderCopy) -> Result<(), HeaderError> {
        let differs = [
            ("id", self.id != copy.id),
            ("thread", self.thread != copy.thread),
            ("kind", self.kind != copy.kind),
            ("from", self.from != copy.from),
            ("to", self.to != copy.to),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            Some((field, _)) => Err(HeaderError::CopyDiffers { field }),
            None => Ok(()),
        }
    }

    fn validate(&self) -> Result<(), HeaderError> {
        let before_sent = |due: Option<Timestamp>| due.is_some_and(|due| due < self.sent);
        let parent_is_self = self.parent.as_ref().is_some_and(|p| p.id == self.id);
        let size_wrong = |file: &SealedFile| !(1..=SEALED_BYTES_MAX).contains(&file.size);
        let files = self.sealed.len();
        let rules = [
            ("ack_due", "lies before sent", before_sent(self.ack_due)),
            (
                "answer_due",
                "lies before sent",
                before_sent(self.answer_due),
            ),
            (
                "format_version",
                "is not known here",
                self.format_version != FORMAT_VERSION,
            ),
            ("keyset", "key sets are counted from 1", self.keyset == 0),
            ("keyset", "is too large", self.keyset > u64::from(u32::MAX)),
            ("parent", "is the message itself", parent_is_self),
            ("sealed", "has no body", files == 0),
            (
                "sealed",
                "has too many attachments",
                files > ATTACHMENTS_MAX + 1,
            ),
            (
                "sealed",
                "has a file that is empty or too large",
                self.sealed.iter().any(size_wrong),
            ),
            (
                "to",
                "is the sender's own party",
                self.to.party == self.from.party,
            ),
        ];
        match rules.into_iter().find(|(.., broken)| *broken) {
            Some((field, problem, _)) => Err(HeaderError::Invalid { field, problem }),
            None => Ok(()),
        }
    }
}
