//! Signed documents: DSSE v1 envelopes with exactly two signatures, one Ed25519 and one ML-DSA-65.
//!
//! The envelope is that of the Dead Simple Signing Envelope v1.0.0, with one member of our own
//! beside: `sealed`, an encrypted file that the signed document names by digest. What is signed is
//! the pre-authentication encoding of type and payload, never the JSON around it.
//!
//! Reading is stricter than DSSE asks, so that one signed document has one text and the change of
//! any byte shows: the members stand in their canonical order without white space, base64 is
//! canonical, the Ed25519 signature comes first, and each `keyid`, which chooses nothing, must name
//! the key that verified. (The bytes of `sealed` are covered by their digest in the payload, which
//! the reader of the payload has to compare.)

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Error, json,
    keys::{KeyId, SignaturePair, SigningKeys, SigningPublic},
    text,
};

/// The longest payload.
pub const PAYLOAD_BYTES_MAX: usize = 256 * 1024;
/// The longest encrypted file that stands inside an envelope: that of a body padded to 256 KiB.
/// Longer ones lie beside it.
pub const SEALED_BYTES_MAX: usize = 260 * 1024;
/// The longest envelope that is read: payload and sealed part in base64, signatures and names.
pub const ENVELOPE_BYTES_MAX: usize = (PAYLOAD_BYTES_MAX + SEALED_BYTES_MAX) / 3 * 4 + 8 * 1024;

const TYPE_BYTES_MAX: usize = 128;
const WHAT: &str = "envelope";

/// A signed document as it travels. Nothing in it is believed before [`Envelope::verify`].
#[derive(Clone, Eq, PartialEq)]
pub struct Envelope {
    payload: Vec<u8>,
    payload_type: String,
    ed25519_id: KeyId,
    ml_dsa_65_id: KeyId,
    signatures: SignaturePair,
    sealed: Option<Vec<u8>>,
}

/// A payload whose two signatures hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verified<'a> {
    /// The signed bytes.
    pub payload: &'a [u8],
    /// The key that made the Ed25519 signature.
    pub ed25519: KeyId,
    /// The key that made the ML-DSA-65 signature.
    pub ml_dsa_65: KeyId,
}

impl Envelope {
    /// Signs a payload with both keys of a pair.
    pub fn sign(payload_type: &str, payload: Vec<u8>, keys: &SigningKeys) -> Result<Self, Error> {
        check_sizes(payload_type, &payload, None)?;
        Ok(Self {
            signatures: keys.sign(&pae(payload_type, &payload)),
            payload,
            payload_type: payload_type.to_owned(),
            ed25519_id: keys.public().ed25519_id(),
            ml_dsa_65_id: keys.public().ml_dsa_65_id(),
            sealed: None,
        })
    }

    /// Puts an encrypted file beside the payload, which must name its digest.
    pub fn with_sealed(mut self, sealed: Vec<u8>) -> Result<Self, Error> {
        check_sizes(&self.payload_type, &self.payload, Some(&sealed))?;
        self.sealed = Some(sealed);
        Ok(self)
    }

    /// Reads the canonical text of an envelope.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        json::parse::<EnvelopeWire>(bytes, ENVELOPE_BYTES_MAX, WHAT)?.try_into()
    }

    /// The canonical text.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Text members only, which JSON can always hold.
        json::print(&EnvelopeWire::from(self), WHAT).unwrap_or_default()
    }

    /// The payload before any check, to learn whose keys to check it with.
    pub fn payload_unverified(&self) -> &[u8] {
        &self.payload
    }

    /// The payload type. It is signed.
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The encrypted file beside the payload. It is not signed: compare its digest.
    pub fn sealed(&self) -> Option<&[u8]> {
        self.sealed.as_deref()
    }

    /// The same envelope without the encrypted file: signatures hold for ever, bodies need not.
    #[must_use]
    pub fn without_sealed(mut self) -> Self {
        self.sealed = None;
        self
    }

    /// Checks the type and that both signatures are by one pair among `keys`.
    pub fn verify(
        &self,
        payload_type: &'static str,
        keys: &[SigningPublic],
    ) -> Result<Verified<'_>, Error> {
        if self.payload_type != payload_type {
            let expected = payload_type;
            return Err(Error::WrongPayloadType { expected });
        }
        let message = pae(&self.payload_type, &self.payload);
        let signer = keys
            .iter()
            .find(|pair| pair.verifies_ed25519(&message, &self.signatures))
            .ok_or(Error::BadEd25519Signature)?;
        if !signer.verifies_ml_dsa_65(&message, &self.signatures) {
            return Err(Error::BadMlDsaSignature);
        }
        let (ed25519, ml_dsa_65) = (signer.ed25519_id(), signer.ml_dsa_65_id());
        if (self.ed25519_id, self.ml_dsa_65_id) != (ed25519, ml_dsa_65) {
            return Err(Error::WrongKeyId);
        }
        Ok(Verified {
            payload: &self.payload,
            ed25519,
            ml_dsa_65,
        })
    }
}

/// Sizes and names only: a payload can be confidential, and both parts are long.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("payload_type", &self.payload_type)
            .field("payload_bytes", &self.payload.len())
            .field("sealed_bytes", &self.sealed.as_ref().map(Vec::len))
            .field("ed25519_id", &self.ed25519_id)
            .finish_non_exhaustive()
    }
}

/// The pre-authentication encoding of DSSE v1: what is signed.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let type_bytes = payload_type.len();
    let mut out = format!("DSSEv1 {type_bytes} {payload_type} {} ", payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

fn check_sizes(payload_type: &str, payload: &[u8], sealed: Option<&[u8]>) -> Result<(), Error> {
    let sizes = [
        ("payload type", payload_type.len(), TYPE_BYTES_MAX),
        ("payload", payload.len(), PAYLOAD_BYTES_MAX),
        (
            "sealed part",
            sealed.map_or(0, <[u8]>::len),
            SEALED_BYTES_MAX,
        ),
    ];
    for (what, bytes, bytes_max) in sizes {
        if bytes > bytes_max {
            let bytes_max = u64::try_from(bytes_max).unwrap_or(u64::MAX);
            return Err(Error::TooLarge { what, bytes_max });
        }
    }
    Ok(())
}

/// The members in their canonical order.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeWire {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: [SignatureWire; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SignatureWire {
    keyid: KeyId,
    sig: String,
}

impl From<&Envelope> for EnvelopeWire {
    fn from(envelope: &Envelope) -> Self {
        let signature = |keyid, signature: &[u8]| SignatureWire {
            keyid,
            sig: text::base64(signature),
        };
        let pair = &envelope.signatures;
        Self {
            payload: text::base64(&envelope.payload),
            payload_type: envelope.payload_type.clone(),
            signatures: [
                signature(envelope.ed25519_id, &pair.ed25519),
                signature(envelope.ml_dsa_65_id, pair.ml_dsa_65.as_slice()),
            ],
            sealed: envelope.sealed.as_deref().map(text::base64),
        }
    }
}

impl TryFrom<EnvelopeWire> for Envelope {
    type Error = Error;

    fn try_from(wire: EnvelopeWire) -> Result<Self, Error> {
        let [ed25519, ml_dsa_65] = wire.signatures;
        let sealed = wire
            .sealed
            .map(|sealed| text::unbase64(&sealed, "sealed part"));
        let envelope = Self {
            payload: text::unbase64(&wire.payload, "payload")?,
            payload_type: wire.payload_type,
            ed25519_id: ed25519.keyid,
            ml_dsa_65_id: ml_dsa_65.keyid,
            signatures: SignaturePair::from_base64(&ed25519.sig, &ml_dsa_65.sig)?,
            sealed: sealed.transpose()?,
        };
        check_sizes(&envelope.payload_type, &envelope.payload, envelope.sealed())?;
        Ok(envelope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "application/vnd.example+json";

    fn keys(seed: u8) -> SigningKeys {
        SigningKeys::from_seed(&[seed; 32])
    }

    fn signed() -> Envelope {
        Envelope::sign(TYPE, b"{}".to_vec(), &keys(1)).unwrap()
    }

    #[test]
    fn the_encoding_is_that_of_the_standard() {
        // The example of the DSSE protocol document.
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn a_signed_payload_verifies_by_its_key_among_others() {
        let envelope = signed().with_sealed(b"age".to_vec()).unwrap();
        let again = Envelope::parse(&envelope.to_bytes()).unwrap();
        assert_eq!(again, envelope);
        let known = [keys(2), keys(1)].map(|keys| keys.public().clone());
        let verified = again.verify(TYPE, &known).unwrap();
        assert_eq!(verified.payload, b"{}");
        assert_eq!(verified.ed25519, keys(1).public().ed25519_id());
        assert_eq!(again.sealed(), Some(&b"age"[..]));
    }

    #[test]
    fn another_key_type_or_name_is_refused() {
        let code = |envelope: &Envelope, expected, keys: &SigningKeys| {
            envelope
                .verify(expected, std::slice::from_ref(keys.public()))
                .unwrap_err()
                .code()
        };
        assert_eq!(
            code(&signed(), TYPE, &keys(2)),
            "seal.bad_ed25519_signature"
        );
        assert_eq!(
            code(&signed(), "text/plain", &keys(1)),
            "seal.wrong_payload_type"
        );

        let mut renamed = signed();
        renamed.ed25519_id = keys(2).public().ed25519_id();
        assert_eq!(code(&renamed, TYPE, &keys(1)), "seal.wrong_key_id");

        let mut mixed = signed();
        mixed.signatures.ml_dsa_65 = keys(2).sign(&pae(TYPE, b"{}")).ml_dsa_65;
        assert_eq!(code(&mixed, TYPE, &keys(1)), "seal.bad_ml_dsa_signature");
    }

    #[test]
    fn the_payload_type_is_signed() {
        let mut retyped = signed();
        retyped.payload_type = "text/plain".to_owned();
        let known = [keys(1).public().clone()];
        let refusal = retyped.verify("text/plain", &known).unwrap_err();
        assert_eq!(refusal.code(), "seal.bad_ed25519_signature");
    }

    #[test]
    fn other_texts_of_the_same_envelope_are_refused() {
        let good = String::from_utf8(signed().to_bytes()).unwrap();
        let spaced = good.replacen(':', ": ", 1);
        let with_null = format!("{},\"sealed\":null}}", good.trim_end_matches('}'));
        let unpadded = good.replacen("e30=", "e30", 1);
        for bad in [
            spaced,
            with_null,
            unpadded,
            format!("{good}\n"),
            String::new(),
            "null".to_owned(),
        ] {
            assert!(Envelope::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_too_long_is_neither_signed_nor_read() {
        let long = vec![0; PAYLOAD_BYTES_MAX.max(SEALED_BYTES_MAX) + 1];
        assert_eq!(
            Envelope::sign(TYPE, long.clone(), &keys(1))
                .unwrap_err()
                .code(),
            "seal.too_large"
        );
        assert_eq!(
            signed().with_sealed(long).unwrap_err().code(),
            "seal.too_large"
        );
        let text = vec![b' '; ENVELOPE_BYTES_MAX + 1];
        assert_eq!(Envelope::parse(&text).unwrap_err().code(), "seal.too_large");
    }

    #[test]
    fn the_longest_envelope_can_be_read() {
        let payload = vec![0; PAYLOAD_BYTES_MAX];
        let sealed = vec![0; SEALED_BYTES_MAX];
        let envelope = Envelope::sign(TYPE, payload, &keys(1))
            .unwrap()
            .with_sealed(sealed)
            .unwrap();
        assert_eq!(Envelope::parse(&envelope.to_bytes()).unwrap(), envelope);
    }
}
