//! A witness's judgement on a checkpoint, `c2sp.org/tlog-witness`.

use std::fmt;

use crate::checkpoint::verify_with;
use crate::tlog_proof::parse_hashes;
use crate::{Checkpoint, Error, Hash, NOTE_BYTES_MAX, Note, VerifierKey, text, verify_consistency};

/// The longest body of an `add-checkpoint` request.
pub const ADD_CHECKPOINT_BYTES_MAX: usize = NOTE_BYTES_MAX + 4 * 1024;

/// The body of an `add-checkpoint` request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddCheckpoint {
    /// The size that the sender believes the witness has seen last.
    pub old: u64,
    /// The proof that the tree of `old` leaves continues to the checkpoint.
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub checkpoint: Note,
}

impl AddCheckpoint {
    /// Reads a request body in its one form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed {
            what: "add-checkpoint",
        };
        let body = text::bounded(bytes, ADD_CHECKPOINT_BYTES_MAX, "add-checkpoint")?;
        let (head, checkpoint) = body.split_once("\n\n").ok_or(MALFORMED)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        Ok(Self {
            old: text::decode_decimal(old.ok_or(MALFORMED)?, "old size")?,
            proof: parse_hashes(lines)?,
            checkpoint: Note::parse(checkpoint.as_bytes())?,
        })
    }
}

/// The body as [`AddCheckpoint::parse`] reads it.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Why a witness does not cosign.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The body, or the relation of its sizes, is wrong.
    #[error("request is malformed")]
    BadRequest,
    /// No log of this origin is known here.
    #[error("origin is unknown")]
    UnknownOrigin,
    /// A key that is trusted for the origin has not signed.
    #[error("checkpoint is not signed by the origin's keys")]
    Untrusted,
    /// The sender's old size is not the one seen last.
    #[error("old size differs from the size seen last")]
    Stale {
        /// The size seen last.
        size: u64,
    },
    /// Same size, another root, validly signed: the log showed two trees.
    #[error("another root of the same size was seen")]
    SplitView,
    /// Validly signed, yet the proof does not lead from the root seen last to this one.
    #[error("checkpoint is not proven to continue the one seen last")]
    Inconsistent,
}

impl Refusal {
    /// The HTTP status that `tlog-witness` demands.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Untrusted => 403,
            Self::UnknownOrigin => 404,
            Self::Stale { .. } | Self::SplitView => 409,
            Self::Inconsistent => 422,
        }
    }

    /// Whether the signed checkpoint is worth keeping as evidence against the log.
    pub const fn is_evidence(self) -> bool {
        matches!(self, Self::SplitView | Self::Inconsistent)
    }
}

impl From<Error> for Refusal {
    fn from(_malformed: Error) -> Self {
        Self::BadRequest
    }
}

/// Decides whether to cosign. `trusted` are the keys known for the checkpoint's
/// origin, all of which must have signed (a Comity node signs with two); `last`
/// is the size and root seen last of that origin.
///
/// On success the caller stores the checkpoint as the last one, durably and only
/// if `last` is still what it was, and only then hands out a cosignature.
pub fn decide(
    request: &AddCheckpoint,
    trusted: Option<&[VerifierKey]>,
    last: Option<(u64, Hash)>,
) -> Result<Checkpoint, Refusal> {
    let checkpoint = Checkpoint::parse(request.checkpoint.text.as_bytes())?;
    let trusted = trusted.ok_or(Refusal::UnknownOrigin)?;
    let signed = !trusted.is_empty()
        && trusted
            .iter()
            .all(|key| verify_with(key, &request.checkpoint).is_ok());
    if !signed {
        return Err(Refusal::Untrusted);
    }
    if request.old > checkpoint.size() || !checkpoint.extensions().is_empty() {
        return Err(Refusal::BadRequest);
    }
    let (size, root) = last.unwrap_or((0, crate::empty_root()));
    if request.old != size {
        return Err(Refusal::Stale { size });
    }
    if size == checkpoint.size() && root != *checkpoint.root() {
        return Err(Refusal::SplitView);
    }
    verify_consistency(
        size,
        &root,
        checkpoint.size(),
        checkpoint.root(),
        &request.proof,
    )
    .map_err(|_does_not_hold| Refusal::Inconsistent)?;
    Ok(checkpoint)
}
