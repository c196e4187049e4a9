//! What can go wrong, one variant for each thing that happened.

use crate::{Time, keys::KeyId, keys::Purpose};

/// Everything this crate refuses. [`Error::code`] is stable; texts may change.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text or document is not of its form; `what` names it, `why` the first thing wrong.
    #[error("{what} is malformed: {why}")]
    Malformed {
        /// The thing that was read.
        what: &'static str,
        /// The first thing wrong with it.
        why: &'static str,
    },
    /// A JSON document cannot be read.
    #[error("{what} is not the JSON document it should be")]
    Json {
        /// The document that was read.
        what: &'static str,
        /// Where and why the reading stopped.
        #[source]
        source: serde_json::Error,
    },
    /// A document can be read but is not written in its one canonical form.
    #[error("{what} is not in canonical form")]
    NotCanonical {
        /// The document that was read.
        what: &'static str,
    },
    /// A document or a file is longer than its limit.
    #[error("{what} has more than {bytes_max} bytes")]
    TooLarge {
        /// The thing that was read or written.
        what: &'static str,
        /// The limit.
        bytes_max: u64,
    },
    /// An envelope has another payload type than the reader expects.
    #[error("the payload type is not {expected}")]
    WrongPayloadType {
        /// The type that the reader expects.
        expected: &'static str,
    },
    /// No key of the key set made the Ed25519 signature.
    #[error("the Ed25519 signature is not by a known key")]
    BadEd25519Signature,
    /// The key whose partner made the Ed25519 signature did not make the ML-DSA-65 signature.
    #[error("the ML-DSA-65 signature is not by the same signer")]
    BadMlDsaSignature,
    /// A signature verifies, but its `keyid` names another key.
    #[error("a keyid does not name the key that signed")]
    WrongKeyId,
    /// A key set is signed by another root key than the pinned one.
    #[error("the key set is signed by another root key")]
    WrongRoot,
    /// A key set belongs to another party than the chain.
    #[error("the key set belongs to another party")]
    WrongParty,
    /// Real keys where exercise keys are asked for, or the other way round.
    #[error("the key set is for {found} use, not for {expected} use")]
    WrongPurpose {
        /// The purpose asked for.
        expected: Purpose,
        /// The purpose of the key set.
        found: Purpose,
    },
    /// A key set is not the next in its chain.
    #[error("key set {found} is out of sequence, {expected} is next")]
    OutOfSequence {
        /// The number that the chain takes next.
        expected: u64,
        /// The number of the set offered.
        found: u64,
    },
    /// A key set does not name the digest of the one before it.
    #[error("key set {seq} does not continue the one before it")]
    BrokenChain {
        /// The number of the set offered.
        seq: u64,
    },
    /// The root key has signed two different key sets with one number.
    #[error("two different key sets carry the number {seq}")]
    Forked {
        /// The number that both carry.
        seq: u64,
    },
    /// The chain holds no key set with this number.
    #[error("key set {seq} is not known")]
    UnknownKeySet {
        /// The number asked for.
        seq: u64,
    },
    /// A key set is not valid yet at the time in question.
    #[error("the key set is valid only from {from}")]
    NotYetValid {
        /// The beginning of its validity.
        from: Time,
    },
    /// A key set is no longer valid at the time in question.
    #[error("the key set expired at {until}")]
    Expired {
        /// The end of its validity.
        until: Time,
    },
    /// A key was revoked before the time in question.
    #[error("the key {key} is revoked since {since}")]
    Revoked {
        /// The key.
        key: KeyId,
        /// The time from which its signatures prove nothing.
        since: Time,
    },
    /// One key stands in a key set for real use and in one for exercises.
    #[error("the key {key} serves both real and exercise use")]
    SharedKey {
        /// The key.
        key: KeyId,
    },
    /// A sealed file is not encrypted to exactly the recipients it should have.
    #[error("the sealed file does not have exactly {expected} hybrid stanzas")]
    WrongStanzas {
        /// How many stanzas it should have.
        expected: usize,
    },
    /// A file cannot be opened: not an age file, damaged, or not for this identity.
    #[error("the sealed file cannot be opened")]
    Open(#[source] age::DecryptError),
    /// A file cannot be sealed.
    #[error("the file cannot be sealed")]
    Seal(#[source] age::EncryptError),
    /// Reading or writing a stream failed, or a sealed stream is damaged.
    #[error("a stream failed")]
    Stream(#[source] std::io::Error),
    /// The plaintext of a sealed file is not padded as it must be.
    #[error("the padding of a sealed file is wrong")]
    BadPadding,
    /// A record at rest cannot be opened: damaged, moved, or under another key.
    #[error("the sealed record cannot be opened")]
    BadRecord,
    /// A passphrase is shorter than the limit.
    #[error("the passphrase has fewer than {chars_min} characters")]
    PassphraseTooShort {
        /// The limit.
        chars_min: usize,
    },
    /// A file with private keys can be read or written by others than its owner.
    #[error("the file with private keys has mode {mode:o}, others than the owner may use it")]
    ModeTooOpen {
        /// The permission bits found.
        mode: u32,
    },
    /// A point in time outside the years 1970 to 9999.
    #[error("the time is outside the years 1970 to 9999")]
    TimeOutOfRange,
}

impl Error {
    /// The stable code, for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "seal.malformed",
            Self::Json { .. } => "seal.json",
            Self::NotCanonical { .. } => "seal.not_canonical",
            Self::TooLarge { .. } => "seal.too_large",
            Self::WrongPayloadType { .. } => "seal.wrong_payload_type",
            Self::BadEd25519Signature => "seal.bad_ed25519_signature",
            Self::BadMlDsaSignature => "seal.bad_ml_dsa_signature",
            Self::WrongKeyId => "seal.wrong_key_id",
            Self::WrongRoot => "seal.wrong_root",
            Self::WrongParty => "seal.wrong_party",
            Self::WrongPurpose { .. } => "seal.wrong_purpose",
            Self::OutOfSequence { .. } => "seal.out_of_sequence",
            Self::BrokenChain { .. } => "seal.broken_chain",
            Self::Forked { .. } => "seal.forked",
            Self::UnknownKeySet { .. } => "seal.unknown_key_set",
            Self::NotYetValid { .. } => "seal.not_yet_valid",
            Self::Expired { .. } => "seal.expired",
            Self::Revoked { .. } => "seal.revoked",
            Self::SharedKey { .. } => "seal.shared_key",
            Self::WrongStanzas { .. } => "seal.wrong_stanzas",
            Self::Open(_) => "seal.open",
            Self::Seal(_) => "seal.seal",
            Self::Stream(_) => "seal.stream",
            Self::BadPadding => "seal.bad_padding",
            Self::BadRecord => "seal.bad_record",
            Self::PassphraseTooShort { .. } => "seal.passphrase_too_short",
            Self::ModeTooOpen { .. } => "seal.mode_too_open",
            Self::TimeOutOfRange => "seal.time_out_of_range",
        }
    }

    pub(crate) fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed { what, why }
    }

    /// Undoes the wrapping that an error of ours needs on its way through [`std::io`].
    pub(crate) fn from_stream(error: std::io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(ours) => ours,
            Err(theirs) => Self::Stream(theirs),
        }
    }

    pub(crate) fn into_stream(self) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::InvalidData, self)
    }
}
