//! A version of a circle as a signed document.

use kernel::Timestamp;
use seal::{
    Digest, Time,
    dsse::Envelope,
    json,
    keys::{KeySetChain, SigningKeys},
};

use crate::{
    error::CircleRefusal,
    model::{CircleVersion, VERSION_BYTES_MAX},
    ops::purpose,
};

/// The DSSE payload type of a version.
pub const CIRCLE_PAYLOAD_TYPE: &str = "application/vnd.comity.circle.v1+json";
/// The longest version as an envelope, in bytes: the document in base64, signatures and names.
pub const ENVELOPE_BYTES_MAX: usize = VERSION_BYTES_MAX / 3 * 4 + 8 * 1024;
/// What errors call it.
const WHAT: &str = "version of a circle";

/// With what a steward signs.
#[derive(Clone, Copy, Debug)]
pub struct Pen<'a> {
    /// The signing keys of the mode.
    pub keys: &'a SigningKeys,
    /// The number of the key set that holds them.
    pub keyset: u64,
}

/// A version and the envelope that it stands in. Only [`SignedCircle::verify`] says whose it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedCircle {
    envelope: Envelope,
    version: CircleVersion,
    sha256: Digest,
}

impl SignedCircle {
    /// Signs a version.
    pub fn sign(version: &CircleVersion, keys: &SigningKeys) -> Result<Self, CircleRefusal> {
        version.check()?;
        let payload = json::print(version, WHAT)?;
        if payload.len() > VERSION_BYTES_MAX {
            return Err(CircleRefusal::TooLarge);
        }
        Self::of(Envelope::sign(CIRCLE_PAYLOAD_TYPE, payload, keys)?)
    }

    /// Reads the envelope of a version. Only the one canonical form is read.
    pub fn parse(bytes: &[u8]) -> Result<Self, CircleRefusal> {
        if bytes.len() > ENVELOPE_BYTES_MAX {
            return Err(CircleRefusal::TooLarge);
        }
        Self::of(Envelope::parse(bytes)?)
    }

    fn of(envelope: Envelope) -> Result<Self, CircleRefusal> {
        if envelope.payload_type() != CIRCLE_PAYLOAD_TYPE || envelope.sealed().is_some() {
            return Err(CircleRefusal::Malformed);
        }
        let payload = envelope.payload_unverified();
        let version: CircleVersion = json::parse(payload, VERSION_BYTES_MAX, WHAT)?;
        version.check()?;
        Ok(Self {
            sha256: Digest::of(payload),
            version,
            envelope,
        })
    }

    /// Checks that both signatures are by the key set of the steward that the version names, and
    /// that its keys could sign when the version was made. A version can be old when it arrives: that
    /// the steward stands by it now is said by the envelope of the message that brings it.
    pub fn verify(&self, steward: &KeySetChain) -> Result<(), CircleRefusal> {
        let signed = steward
            .by_seq(self.version.keyset)
            .map(seal::keys::SignedKeySet::set)
            .filter(|set| set.party == self.version.steward.as_str())
            .filter(|set| set.purpose == purpose(self.version.mode()))
            .ok_or(CircleRefusal::Signature)?;
        let verified = signed.verify(&self.envelope, CIRCLE_PAYLOAD_TYPE);
        let verified = verified.map_err(|_other| CircleRefusal::Signature)?;
        let at = time(self.version.changed)?;
        let could_sign = steward.check_time(signed, &verified, at);
        could_sign.map_err(|_then| CircleRefusal::Signature)
    }

    /// The envelope as it travels and is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.envelope.to_bytes()
    }

    /// What it says.
    pub const fn version(&self) -> &CircleVersion {
        &self.version
    }

    /// SHA-256 of the document, which the next version names.
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }
}

fn time(at: Timestamp) -> Result<Time, CircleRefusal> {
    Ok(Time::from_micros(at.as_micros())?)
}
