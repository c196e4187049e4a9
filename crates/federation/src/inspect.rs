//! Looking at an envelope that came: may it be believed, and may it be taken?

use kernel::{PartyCode, Timestamp};
use seal::{
    HybridIdentity, Time,
    commitment::commit,
    dsse::Envelope,
    file,
    keys::{Claim, KeySetChain, Purpose},
};
use zeroize::Zeroizing;

use crate::{
    body::{Body, BodyError},
    model::{Digest, Header, HeaderError, PAYLOAD_TYPE},
    protocol::{Later, Verdict},
    state::RefusalCode,
};

/// An envelope whose header could be read. Nothing is believed of it yet.
#[derive(Clone, Debug)]
pub struct Unproven {
    /// The header.
    pub header: Header,
    /// SHA-256 of the header's bytes.
    pub digest: Digest,
    /// The envelope.
    pub envelope: Envelope,
    /// SHA-256 of all bytes as they came.
    pub bytes: Digest,
}

/// Why bytes are no envelope with a header.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not an envelope.
    #[error("not an envelope")]
    Envelope(#[source] seal::Error),
    /// An envelope of something else, or a header that breaks a rule.
    #[error("the envelope holds no header that can be taken")]
    Header(#[from] HeaderError),
    /// The payload is of another type.
    #[error("the payload is of type {found:?}, not a header")]
    PayloadType {
        /// The type.
        found: String,
    },
}

impl Unreadable {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Envelope(_) => "envelope.malformed",
            Self::Header(error) => error.code(),
            Self::PayloadType { .. } => "envelope.payload_type",
        }
    }
}

impl Unproven {
    /// Reads an envelope. Only its one canonical form is read.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let envelope = Envelope::parse(bytes).map_err(Unreadable::Envelope)?;
        if envelope.payload_type() != PAYLOAD_TYPE {
            return Err(Unreadable::PayloadType {
                found: envelope.payload_type().chars().take(100).collect(),
            });
        }
        let payload = envelope.payload_unverified();
        let header = Header::parse(payload)?;
        let digest = Digest::of(payload);
        Ok(Self {
            header,
            digest,
            envelope,
            bytes: Digest::of(bytes),
        })
    }

    /// Checks who signed, for whom it is and in which mode. `chain` holds the key sets of the
    /// connected peer for the header's mode; `None` means that this node knows none.
    pub fn judge(
        &self,
        (us, peer): (&PartyCode, &PartyCode),
        chain: Option<&KeySetChain>,
        now: Timestamp,
    ) -> Verdict {
        if self.header.from.party != *peer {
            // Signed by somebody else perhaps, but not the peer's to send.
            return self.damaged(RefusalCode::WrongSender);
        }
        let Some(chain) = chain else {
            return Verdict::Later(Later::KeySetUnknown);
        };
        let purpose = purpose(self.header.exercise);
        let Ok(at) = Time::from_micros(now.as_micros()) else {
            return Verdict::Later(Later::Storage);
        };
        let claim = Claim {
            payload_type: PAYLOAD_TYPE,
            seq: self.header.keyset,
            purpose,
            at,
        };
        match chain.verify(&self.envelope, &claim) {
            Ok(_verified) => {}
            Err(seal::Error::UnknownKeySet { .. }) => return Verdict::Later(Later::KeySetUnknown),
            Err(seal::Error::Expired { .. } | seal::Error::NotYetValid { .. }) => {
                return Verdict::Refuse(RefusalCode::KeySetExpired);
            }
            Err(seal::Error::Revoked { .. }) => return Verdict::Refuse(RefusalCode::KeyRevoked),
            Err(seal::Error::WrongPurpose { .. }) => {
                return Verdict::Refuse(RefusalCode::ExerciseMismatch);
            }
            Err(_other) => return self.damaged(RefusalCode::BadSignature),
        }
        if self.header.to.party != *us {
            return Verdict::Refuse(RefusalCode::WrongAddressee);
        }
        if self
            .header
            .sealed
            .iter()
            .any(|one| !file::is_message_size(one.size))
        {
            return Verdict::Refuse(RefusalCode::TooLarge);
        }
        // A body beside the payload that is not the one in the header was swapped on the way: the
        // signature stands, so the id is the peer's, and sending it again may help.
        if let (Some(sealed), Some(first)) = (self.envelope.sealed(), self.header.sealed.first())
            && Digest::of(sealed) != first.sha256
        {
            return self.damaged(RefusalCode::FileDiffers);
        }
        Verdict::Accept
    }

    fn damaged(&self, code: RefusalCode) -> Verdict {
        Verdict::Damaged {
            code,
            envelope: self.bytes,
        }
    }
}

/// Which key sets serve an exercise flag.
pub const fn purpose(exercise: bool) -> Purpose {
    if exercise {
        Purpose::Exercise
    } else {
        Purpose::Real
    }
}

/// A body that was opened and holds against its header.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The body.
    pub body: Body,
    /// Its plaintext.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// Opens a sealed body with any of the identities, and holds it against its header: the copy, the
/// commitment, the number of files.
pub fn open_body<'a>(
    header: &Header,
    sealed: &[u8],
    identities: impl IntoIterator<Item = &'a HybridIdentity>,
) -> Result<Opened, RefusalCode> {
    let plaintext = identities
        .into_iter()
        .find_map(|identity| file::open_message(sealed, identity).ok())
        .ok_or(RefusalCode::Unopenable)?;
    let body = Body::parse(&plaintext, header).map_err(|error| match error {
        BodyError::Copy(_) => RefusalCode::CopyDiffers,
        BodyError::TooLarge { .. } => RefusalCode::TooLarge,
        BodyError::Malformed { .. } | BodyError::Count { .. } | BodyError::Attachment { .. } => {
            RefusalCode::BodyInvalid
        }
    })?;
    let (salt, file) = body
        .salts
        .first()
        .zip(header.sealed.first())
        .ok_or(RefusalCode::BodyInvalid)?;
    if commit(salt, &plaintext) == file.commitment {
        Ok(Opened { body, plaintext })
    } else {
        Err(RefusalCode::CommitmentDiffers)
    }
}
